"""Writing the register: each change of a risk is kept as a version, with who and why."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from permea.foundation.refusals import demand
from permea.ledger.services import record_export
from permea.people import rules as people
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.risks import queries, rules
from permea.risks.models import Risk, RiskVersion, Trigger
from permea.risks.services.watching import look_at_risk

Did = RiskVersion.Did


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskInput:
    """What somebody says of a risk; probabilities are shares of 1."""

    kind: str
    title: str
    subject_kind: str = Risk.Subject.WORDS
    subject_key: str = ""
    subject_label: str = ""
    cause: str = ""
    event: str
    effect: str = ""
    probability_low: Decimal
    probability_likely: Decimal
    probability_high: Decimal
    impact_low: Decimal
    impact_likely: Decimal
    impact_high: Decimal
    currency: str = "EUR"
    mitigation: str = ""
    mitigation_cost: Decimal = Decimal(0)
    left_probability_low: Decimal | None = None
    left_probability_likely: Decimal | None = None
    left_probability_high: Decimal | None = None
    left_impact_low: Decimal | None = None
    left_impact_likely: Decimal | None = None
    left_impact_high: Decimal | None = None
    owner: Person
    review_on: date


def demand_managing(organisation_id: int, actor: Person) -> None:
    """Go on if the actor manages there. Raises RefusedError otherwise."""
    demand(people.why_not_manage(role_in(actor, organisation_id)))


def _locked(risk_id: int) -> Risk:
    """Return the locked risk."""
    return Risk.objects.select_for_update(of=("self",)).select_related("organisation", "owner").get(pk=risk_id)


@transaction.atomic
def note_risk(*, organisation: Organisation, content: RiskInput, actor: Person, at: datetime) -> Risk:
    """Put a risk into the register; it is watched for the day of its review from the beginning.

    The same risk sent again by the same person within a minute is noted once.
    Raises RefusedError to non-managers and as `rules.why_not_note` and `rules.why_not_look_after` say.
    """
    demand_managing(organisation.pk, actor)
    risk = _said(Risk(organisation=organisation, created_at=at), content)
    again = queries.noted_just_now(risk, actor, at)
    if again is not None:
        return again
    _keep(risk, Did.NOTED, "", actor, at)
    Trigger.objects.create(risk=risk, kind=Trigger.Kind.REVIEW_PASSED, made_by=actor, made_at=at)
    look_at_risk(risk, at)
    return risk


@transaction.atomic
def change_risk(
    *, risk_id: int, content: RiskInput, actor: Person, at: datetime, why: str = "", is_review: bool = False
) -> Risk:
    """Say something else of a risk; what was said before stays. Raises RefusedError as `note_risk` does."""
    risk = _locked(risk_id)
    demand_managing(risk.organisation_id, actor)
    _keep(_said(risk, content), Did.REVIEWED if is_review else Did.CHANGED, why, actor, at)
    return risk


def _said(risk: Risk, content: RiskInput) -> Risk:
    """Return the risk with what is said of it now. Raises RefusedError if that may not be said."""
    for field in fields(content):
        value = getattr(content, field.name)
        setattr(risk, field.name, value.strip() if isinstance(value, str) else value)
    demand(rules.why_not_look_after(role_in(content.owner, risk.organisation_id)))
    demand(rules.why_not_note(risk))
    return risk


@transaction.atomic
def confirm_risk(*, risk_id: int, actor: Person, at: datetime) -> Risk:
    """Say after a review that nothing changed; the next one is due in three months. Said twice a day it is said once.

    Raises RefusedError as `rules.why_not_review` says.
    """
    risk = _locked(risk_id)
    demand(rules.why_not_review(risk, actor, role_in(actor, risk.organisation_id)))
    if queries.is_confirmed(risk, at):
        return risk
    risk.review_on = at.date() + rules.REVIEW_EVERY
    _keep(risk, Did.CONFIRMED, "", actor, at)
    return risk


@transaction.atomic
def settle_risk(*, risk_id: int, state: str, why: str, actor: Person, at: datetime) -> Risk:
    """Put a risk into another state, with the reason. Raises RefusedError as `rules.why_not_settle` says."""
    risk = _locked(risk_id)
    demand_managing(risk.organisation_id, actor)
    demand(rules.why_not_settle(risk, state, why))
    risk.state = state
    _keep(risk, Did.SETTLED, why, actor, at)
    return risk


@transaction.atomic
def take_starter(*, organisation: Organisation, starter: rules.Starter, actor: Person, at: datetime) -> Risk:
    """Take a typical risk over, in the language the actor reads. Raises RefusedError to non-managers."""
    chance, cost = starter.ranges.probability, starter.ranges.impact
    content = RiskInput(
        kind=starter.kind,
        title=str(starter.title),
        cause=str(starter.cause),
        event=str(starter.event),
        effect=str(starter.effect),
        mitigation=str(starter.mitigation),
        probability_low=chance[0],
        probability_likely=chance[1],
        probability_high=chance[2],
        impact_low=cost[0],
        impact_likely=cost[1],
        impact_high=cost[2],
        owner=actor,
        review_on=at.date() + rules.REVIEW_EVERY,
    )
    return note_risk(organisation=organisation, content=content, actor=actor, at=at)


@transaction.atomic
def pass_on_risks(*, person_id: int, organisation_id: int, at: datetime) -> int:
    """Give the risks of somebody who has left to who has owned the firm the longest; return how many."""
    heir = queries.first_owner(organisation_id, but=person_id)
    rows = Risk.objects.select_for_update(of=("self",)).select_related("organisation")
    if heir is None:
        return 0
    found = list(rows.filter(organisation=organisation_id, owner=person_id).order_by("pk"))
    for risk in found:
        risk.owner = heir
        _keep(risk, Did.PASSED_ON, "", None, at)
    return len(found)


def _keep(risk: Risk, did: str, why: str, actor: Person | None, at: datetime) -> None:
    """Store a risk and the version that it is now, and look at what it is watched for."""
    risk.number, risk.changed_at = risk.number + 1, at
    risk.save()
    RiskVersion.objects.create(
        risk=risk,
        number=risk.number,
        did=did,
        why=why.strip(),
        made_by=actor,
        made_at=at,
        **rules.content_of(risk),
    )
    if risk.state == Risk.State.CLOSED:
        risk.triggers.update(fired_at=None)
    look_at_risk(risk, at)


@transaction.atomic
def export_register(*, organisation: Organisation, table: str, n_rows: int, actor: Person, at: datetime) -> bytes:
    """Hand the register out as a file, and enter that in the ledger with the file's hash.

    Raises RefusedError to non-managers.
    """
    demand_managing(organisation.pk, actor)
    return record_export(
        organisation=organisation, kind="risk.register_exported", table=table, n_rows=n_rows, actor=actor, at=at
    )
