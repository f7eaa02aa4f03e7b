"""Going on beyond the last day: by itself where the text says so, or renewed as either side proposes."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import AgreementProlonged, RenewalProposed
from permea.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementSubject,
    AgreementVersion,
    Obligation,
    ObligationStep,
    Renewal,
)
from permea.agreements.queries import Standing
from permea.agreements.services.crossings import cross
from permea.agreements.services.drafting import locked
from permea.agreements.services.obligations import close, lay_ahead, move, note_step, set_day
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person

KEPT = ("organisation", "kind", "title", "language", "law", "path", "purposes", "is_about_everything")
State, What = Obligation.State, ObligationStep.What


@transaction.atomic
def propose_renewal(*, agreement_id: int, until: date, actor: Person, at: datetime) -> Agreement:
    """Propose that an agreement goes on until a later day, by the same text; either side can then change it.

    Raises RefusedError as `rules.why_not_propose_renewal` says.
    """
    old = locked(agreement_id)
    standing = queries.standing_of(actor, old)
    zone = rules.zone_named(old.created_by.time_zone)
    demand(
        rules.why_not_propose_renewal(
            old,
            may_bind=standing is not None and standing.may_bind,
            has_open=queries.open_renewal_of(old) is not None,
            until=until,
            zone=zone,
            at=at,
        )
    )
    made = Agreement.objects.create(
        status=Agreement.Status.OFFERED,
        was_offered=True,
        created_by=actor,
        created_at=at,
        **{name: getattr(old, name) for name in KEPT},
    )
    Renewal.objects.create(agreement=made, of=old)
    version = _first_version(old, made, standing, until, at)
    is_firm = version.by_party_id is None
    cross(made, version, "agreement.offered", actor, at, is_out=is_firm)
    publish(RenewalProposed(agreement_id=made.pk, by_firm=is_firm, at=at))
    return made


def _first_version(
    old: Agreement, made: Agreement, standing: Standing | None, until: date, at: datetime
) -> AgreementVersion:
    """Copy the parties and subjects of an agreement, and write the first version of its renewal."""
    by_party = None
    for party in old.parties.order_by("pk"):
        copy = AgreementParty.objects.create(agreement=made, organisation=party.organisation, person=party.person)
        by_party = copy if standing is not None and standing.party == party else by_party
    AgreementSubject.objects.bulk_create(
        AgreementSubject(agreement=made, subject_key=one.subject_key) for one in old.subjects.order_by("pk")
    )
    newest, zone = queries.newest_version(old), rules.zone_named(old.created_by.time_zone)
    texts, is_renewal = queries.library(old.language).texts, "until" in newest.options
    body = rules.renewal_text(texts, old, newest.body, until=until, zone=zone, is_renewal=is_renewal)
    body = rules.tidy(body)
    return AgreementVersion.objects.create(
        agreement=made,
        number=1,
        body=body,
        options={**newest.options, "until": until.isoformat()},
        sha256=rules.fingerprint(made.title, body),
        by_party=by_party,
        written_by=made.created_by,
        written_at=at,
    )


@transaction.atomic
def follow_renewal(*, agreement_id: int, at: datetime) -> None:
    """Let a signed renewal live until its own last day, and take over what is owed; other agreements are left alone.

    Raises RefusedError as `rules.why_not_put_in_force` says, so that a signature that comes too late is not stored.
    """
    renewal = Renewal.objects.select_related("agreement", "of__created_by").filter(agreement=agreement_id).first()
    if renewal is None:
        return
    made, zone = renewal.agreement, rules.zone_named(renewal.of.created_by.time_zone)
    made.valid_until = rules.last_moment(rules.until_of(queries.newest_version(made).options), zone)
    demand(rules.why_not_put_in_force(made.valid_until, at=at))
    made.save(update_fields=["valid_until"])
    rows = Obligation.objects.select_for_update(of=("self",)).filter(agreement=renewal.of, state=State.OPEN)
    for obligation in rows.order_by("pk"):
        _take_over(obligation, made, at)


def _take_over(obligation: Obligation, made: Agreement, at: datetime) -> None:
    """Move what was added by hand to the renewal, and drop what the renewal lays anew by its own clauses."""
    zone = rules.zone_named(obligation.time_zone)
    if rules.goes_over(obligation):
        obligation.agreement = made
        if obligation.anchor == Obligation.Anchor.END:
            obligation.base_on = rules.end_day(made, zone)
            set_day(obligation, at)
        obligation.save(update_fields=["agreement", "base_on", "due_on", "remind_on"])
        note_step(obligation, What.RENEWED, at=at)
    elif rules.is_laid_anew(obligation, start=rules.day_in(zone, at)):
        obligation.series = ""
        obligation.save(update_fields=["series"])
        close(obligation, State.WAIVED, What.RENEWED, at=at)
    elif obligation.clause and obligation.series:
        obligation.series = ""
        obligation.save(update_fields=["series"])


def prolong_agreements(*, at: datetime) -> None:
    """Let agreements go on whose text says so, whose last day has begun and whom nobody gave notice."""
    for agreement_id in queries.agreements_to_prolong(at):
        prolong_agreement(agreement_id=agreement_id, at=at)


@transaction.atomic
def prolong_agreement(*, agreement_id: int, at: datetime) -> None:
    """Let one agreement go on for another year as `rules.prolonged_until` says, and count from its new end."""
    agreement = locked(agreement_id)
    zone = rules.zone_named(agreement.created_by.time_zone)
    until = rules.prolonged_until(agreement, queries.newest_version(agreement).options, zone, at=at)
    if until is None:
        return
    agreement.valid_until = until
    agreement.save(update_fields=["valid_until"])
    anchored = agreement.obligations.select_for_update(of=("self",)).filter(anchor=Obligation.Anchor.END)
    for obligation in anchored.filter(state=State.OPEN).order_by("pk"):
        move(obligation, rules.end_day(agreement, rules.zone_named(obligation.time_zone)), at)
    newest = {row.series: row for row in agreement.obligations.exclude(series="").order_by("number")}
    for obligation in newest.values():
        lay_ahead(obligation, at=at)
    publish(AgreementProlonged(agreement_id=agreement.pk, at=at))
