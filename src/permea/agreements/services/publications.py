"""Planned publications: handed in by a partner, answered by the firm in time, or free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import PublicationTold
from permea.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementVersion,
    Obligation,
    ObligationStep,
    Publication,
)
from permea.agreements.services.drafting import locked
from permea.agreements.services.obligations import close, lay
from permea.foundation.events import publish
from permea.foundation.files import storage
from permea.foundation.files.intake import SentFile, TakenFile, take_in
from permea.foundation.refusals import demand
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Person

Kind, Side, Anchor = Obligation.Kind, Obligation.Side, Obligation.Anchor
State, What = Obligation.State, ObligationStep.What


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationInput:
    """What a partner plans to publish: its title, and a file, a link or an abstract."""

    title: str
    link: str = ""
    note: str = ""
    planned_on: date | None = None
    file: SentFile | None = None


def submit_publication(*, agreement_id: int, said: PublicationInput, actor: Person, at: datetime) -> Publication:
    """Hand a planned publication in; the clock of its agreement's clause starts. The same sent twice comes in once.

    Raises RefusedError as `rules.why_not_hand_in_publication` and `take_in` say; then nothing is kept.
    """
    party = _partner(Agreement.objects.get(pk=agreement_id), said, actor)
    taken = take_in(name=said.file.name, chunks=said.file.chunks) if said.file else None
    try:
        return _submitted(agreement_id, party, said, taken, actor, at)
    except BaseException:
        if taken is not None:
            storage.delete(taken.stored.path)
        raise


def _partner(agreement: Agreement, said: PublicationInput, actor: Person) -> AgreementParty:
    """Return the party the actor hands in for. Raises RefusedError as `rules.why_not_hand_in_publication` says."""
    standing = queries.standing_of(actor, agreement)
    party = standing.party if standing else None
    demand(
        rules.why_not_hand_in_publication(
            is_partner=party is not None,
            is_asked_for=queries.asks_for_publications(agreement),
            title=said.title,
            has_content=bool(said.file or said.link or said.note.strip()),
        )
    )
    return party  # type: ignore[return-value]  # refused above


@transaction.atomic
def _submitted(
    agreement_id: int,
    party: AgreementParty,
    said: PublicationInput,
    taken: TakenFile | None,
    actor: Person,
    at: datetime,
) -> Publication:
    """Store a planned publication with its clock, and record that it came in."""
    agreement = locked(agreement_id)
    version = queries.newest_version(agreement)
    made = Publication(
        agreement=agreement,
        party=party,
        title=" ".join(said.title.split()),
        link=said.link,
        note=said.note.strip(),
        planned_on=said.planned_on,
        most_delay_days=int(version.options.get("delay_days", rules.MOST_DELAY_DAYS)),
        submitted_by=actor,
        submitted_at=at,
    )
    if taken is not None:
        made.name, made.content_type, made.path = taken.name, taken.content_type, taken.stored.path
        made.size, made.sha256 = taken.stored.size, taken.stored.sha256
    again = queries.submitted_just_now(made, at)
    if again is not None:
        return _without(taken, again)
    made.review = _review(agreement, version, made.title, at)
    made.save()
    facts = {"days": made.review.offset_days, "sha256": made.sha256}
    _cross(made, "publication.submitted", actor, at, facts=facts, is_out=False)
    publish(PublicationTold(publication_id=made.pk, what="submitted", at=at))
    return made


def _without(taken: TakenFile | None, again: Publication) -> Publication:
    """Return what was handed in just now, and throw away the file that came a second time."""
    if taken is not None:
        storage.delete(taken.stored.path)
    return again


def _review(agreement: Agreement, version: AgreementVersion, title: str, at: datetime) -> Obligation:
    """Lay the clock: the firm has so many days from today."""
    zone_name = agreement.created_by.time_zone
    return lay(
        Obligation(
            agreement=agreement,
            version=version,
            clause=rules.CLAUSE,
            kind=Kind.REVIEW,
            title=title,
            side=Side.FIRM,
            anchor=Anchor.SUBMISSION,
            base_on=rules.day_in(rules.zone_named(zone_name), at),
            offset_days=int(version.options.get("review_days") or 0),
            time_zone=zone_name,
            reminder_days=[14, 3],
        ),
        at=at,
    )


@transaction.atomic
def answer_publication(
    *, publication_id: int, answer: str, text: str, days: int, actor: Person, at: datetime
) -> Publication:
    """Answer a planned publication for the firm, once and in time.

    Raises RefusedError as `rules.why_not_answer_publication` says.
    """
    rows = Publication.objects.select_for_update(of=("self",)).select_related("agreement__organisation", "review")
    publication = rows.get(pk=publication_id)
    standing = queries.standing_of(actor, publication.agreement)
    may_answer = standing is not None and standing.is_firm and standing.may_bind
    said: dict[str, Any] = {"answer": answer, "text": text, "days": days}
    demand(rules.why_not_answer_publication(publication, may_answer=may_answer, at=at, **said))
    publication.answer, publication.answer_text = answer, text.strip()
    publication.answered_by, publication.answered_at = actor, at
    if answer == Publication.Answer.DELAY:
        zone = rules.zone_named(publication.review.time_zone)
        publication.delay_until = rules.day_in(zone, at) + timedelta(days=days)
        _hold(publication, publication.delay_until, at)
    publication.save(update_fields=["answer", "answer_text", "answered_by", "answered_at", "delay_until"])
    close(publication.review, State.DONE, What.ANSWERED, at=at, by=actor)
    facts = {"answer": answer, "days": days if publication.delay_until else 0}
    _cross(publication, "publication.answered", actor, at, facts=facts, is_out=True)
    publish(PublicationTold(publication_id=publication.pk, what="answered", at=at))
    return publication


def _hold(publication: Publication, until: date, at: datetime) -> None:
    """Lay the day on which the delay of a publication ends, for both sides to know."""
    review = publication.review
    lay(
        Obligation(
            agreement=publication.agreement,
            version=review.version,
            clause=rules.CLAUSE,
            kind=Kind.HOLD,
            title=publication.title,
            side=Side.BOTH,
            anchor=Anchor.DAY,
            base_on=until,
            time_zone=review.time_zone,
            reminder_days=[7],
        ),
        at=at,
    )


def _cross(
    publication: Publication, kind: str, actor: Person, at: datetime, *, facts: dict[str, Any], is_out: bool
) -> None:
    """Record that a publication came in or its answer went out: by its hash, never by what it says."""
    record_crossing(
        organisation=publication.agreement.organisation,
        kind=kind,
        direction=Crossing.Direction.OUT if is_out else Crossing.Direction.IN,
        depth=Crossing.Depth.ROOM,
        subject_type="publication",
        subject_key=publication.key,
        at=at,
        actor=actor,
        counterparty=publication.party.organisation or publication.party.person,
        facts=facts | {"agreement": publication.agreement.key},
    )
