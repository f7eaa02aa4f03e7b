"""Keeping who fits as a shortlist: worked out, noted and decided on, put away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from permea.foundation.refusals import demand
from permea.partners import queries, rules
from permea.partners.models import (
    LogEntry,
    Partner,
    Shortlist,
    ShortlistDecision,
    ShortlistNote,
    ShortlistPlace,
    ShortlistVersion,
)
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage

OF_A_PLACE = ("low", "middle", "high", "top", "matches", "lacks", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a firm looks for, how much each criterion counts, and how many of the nearest are kept."""

    wish: rules.Wish
    weights: Mapping[str, int]
    length: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionInput:
    """What is decided about a partner and why; what is to follow, until which day and by whom."""

    choice: str
    reason: str
    next_step: str = ""
    next_on: date | None = None
    next_by: Person | None = None


def _managed(shortlist_id: int, actor: Person, *, is_open: bool = True) -> Shortlist:
    """Return the locked shortlist to who manages its firm.

    Raises RefusedError to all others, and unless `is_open` is false as `rules.why_not_work_on` says.
    """
    found = Shortlist.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=shortlist_id)
    demand(why_not_manage(role_in(actor, found.organisation_id)))
    if is_open:
        demand(rules.why_not_work_on(found))
    return found


def keep_shortlist(
    *, organisation: Organisation, title: str, question: Question, actor: Person, at: datetime
) -> Shortlist:
    """Compare the partners and keep who comes nearest; the same sent twice within a minute is kept once.

    Raises RefusedError to non-managers and as `rules.why_not_compare` and `rules.why_not_keep` say.
    """
    found = _compared(organisation, question, actor)
    name = " ".join(title.split())
    with transaction.atomic():
        Person.objects.select_for_update(of=("self",)).get(pk=actor.pk)  # two clicks take turns
        again = queries.kept_just_now(organisation, name, _asked(question), actor, at)
        if again is not None:
            return again
        made = Shortlist.objects.create(organisation=organisation, title=name, made_by=actor, made_at=at)
        _store(ShortlistVersion(shortlist=made, number=1), question, found, actor, at)
    return made


def work_out(*, shortlist_id: int, actor: Person, at: datetime, question: Question | None = None) -> ShortlistVersion:
    """Compare the partners anew, with another question or the last one, and keep that as the next version.

    The same again within a minute is one version. Raises RefusedError as `keep_shortlist` does and as
    `rules.why_not_work_on` says.
    """
    shortlist = Shortlist.objects.select_related("organisation").get(pk=shortlist_id)
    demand(why_not_manage(role_in(actor, shortlist.organisation_id)))
    asked = question or last_question(shortlist=shortlist)
    found = _compared(shortlist.organisation, asked, actor)
    with transaction.atomic():
        _managed(shortlist_id, actor)
        again = queries.worked_out_just_now(shortlist, _asked(asked), actor, at)
        if again is not None:
            return again
        number = queries.newest_version(shortlist).number + 1
        return _store(ShortlistVersion(shortlist=shortlist, number=number), asked, found, actor, at)


def _asked(question: Question) -> dict[str, Any]:
    """Return the fields of a version that hold its question."""
    return {
        "wish": rules.wish_data(question.wish),
        "weights": dict(question.weights),
        "length": question.length,
    }


def last_question(*, shortlist: Shortlist) -> Question:
    """Return what was asked last."""
    last = queries.newest_version(shortlist)
    return Question(wish=rules.wish_of(last.wish), weights=last.weights, length=last.length)


def _compared(organisation: Organisation, question: Question, actor: Person) -> queries.FitPage:
    """Return who fits. It takes its time, so nobody who writes has to wait for it. Raises as `keep_shortlist` says."""
    demand(why_not_manage(role_in(actor, organisation.pk)))
    found = queries.fit_of(actor, organisation, question.wish, question.weights)
    demand(rules.why_not_keep(len(found.candidates)))
    return found


def _store(
    version: ShortlistVersion, question: Question, found: queries.FitPage, actor: Person, at: datetime
) -> ShortlistVersion:
    """Store a version with its places as they came out."""
    organisation = version.shortlist.organisation
    version.organisation = organisation
    for name, value in _asked(question).items():
        setattr(version, name, value)
    version.n_compared, version.n_out = found.n_compared, found.n_out
    version.made_by, version.made_at = actor, at
    version.save()
    ShortlistPlace.objects.bulk_create(
        ShortlistPlace(
            version=version,
            organisation=organisation,
            partner=one.partner,
            place=place,
            name=one.partner.party.name,
            **{name: getattr(one, name) for name in OF_A_PLACE},
        )
        for place, one in enumerate(found.candidates[: question.length], start=1)
    )
    return version


@transaction.atomic
def rename_shortlist(*, shortlist_id: int, title: str, actor: Person) -> Shortlist:
    """Give a shortlist another title. Raises RefusedError to non-managers and as `rules.why_not_work_on` says."""
    found = _managed(shortlist_id, actor)
    found.title = " ".join(title.split())
    found.save(update_fields=["title"])
    return found


@transaction.atomic
def close_shortlist(*, shortlist_id: int, actor: Person, at: datetime, is_back: bool = False) -> Shortlist:
    """Put a shortlist away, or take it back; nothing of it goes. Raises RefusedError to non-managers."""
    found = _managed(shortlist_id, actor, is_open=False)
    found.closed_at = None if is_back else found.closed_at or at
    found.save(update_fields=["closed_at"])
    return found


@transaction.atomic
def note_on_shortlist(*, shortlist_id: int, partner_id: int, text: str, actor: Person, at: datetime) -> ShortlistNote:
    """Remark something about a partner of a shortlist; the same sent twice within a minute is noted once.

    Raises Partner.DoesNotExist for who never stood on it, and RefusedError as `rename_shortlist` does.
    """
    shortlist = _managed(shortlist_id, actor)
    made = ShortlistNote(
        shortlist=shortlist,
        organisation=shortlist.organisation,
        partner=queries.partners_on(shortlist).get(pk=partner_id),
        text=text.strip(),
        written_by=actor,
        written_at=at,
    )
    again = queries.noted_just_now(made, at)
    if again is not None:
        return again
    made.save()
    return made


@transaction.atomic
def remove_note(*, note_id: int, actor: Person) -> None:
    """Delete a note; one that is gone already stays gone. Raises RefusedError as `rename_shortlist` does."""
    note = ShortlistNote.objects.filter(pk=note_id).first()
    if note is not None:
        _managed(note.shortlist_id, actor)
        note.delete()


@transaction.atomic
def decide(
    *, shortlist_id: int, partner_id: int, content: DecisionInput, actor: Person, at: datetime
) -> ShortlistDecision:
    """Decide about a partner of a shortlist; what is to follow waits in the contact log.

    The decision takes the place of the one before: a next step of that which is still open waits no longer. The same
    sent twice within a minute is decided once. Raises Partner.DoesNotExist for who never stood on the list, and
    RefusedError as `rename_shortlist` does and as `rules.why_not_decide`, `rules.why_not_follow_up` and
    `rules.why_not_look_after` say.
    """
    shortlist = _managed(shortlist_id, actor)
    partner = queries.partners_on(shortlist).get(pk=partner_id)
    demand(rules.why_not_decide(partner))
    demand(rules.why_not_follow_up(step=content.next_step, on=content.next_on))
    before = queries.last_decision(shortlist, partner)
    step = (content.next_step.strip(), content.next_on, content.next_by or actor) if content.next_on else None
    said = (content.choice, content.reason.strip(), step)
    if before is not None and rules.is_decided_again(before, said, actor, at):
        return before
    if before is not None and before.step is not None:
        before.step.next_done_at = before.step.next_done_at or at
        before.step.save(update_fields=["next_done_at"])
    return ShortlistDecision.objects.create(
        shortlist=shortlist,
        organisation=shortlist.organisation,
        partner=partner,
        choice=content.choice,
        reason=content.reason.strip(),
        step=_step(shortlist, partner, content, actor, at) if content.next_on else None,
        decided_by=actor,
        decided_at=at,
    )


def _step(shortlist: Shortlist, partner: Partner, content: DecisionInput, actor: Person, at: datetime) -> LogEntry:
    """Write what is to follow into the log; a decision is no contact, so the partner stands where it stood.

    Raises RefusedError as `rules.why_not_look_after` says.
    """
    by = content.next_by or actor
    demand(rules.why_not_look_after(role_in(by, shortlist.organisation_id)))
    return LogEntry.objects.create(
        partner=partner,
        organisation=shortlist.organisation,
        kind=LogEntry.Kind.DECISION,
        on=at.date(),
        summary=f"{shortlist.title}: {content.reason.strip()}",
        author=actor,
        made_at=at,
        next_step=content.next_step.strip(),
        next_on=content.next_on,
        next_by=by,
    )
