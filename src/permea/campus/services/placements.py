"""Writing placements up to the student's word: offered, a student named and agreed to, accepted or declined.

The row of the placement is locked first, so that of two who answer at once the second finds it answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from permea.agreements.models import Agreement
from permea.campus import queries, rules
from permea.campus.events import PlacementMoved
from permea.campus.models import Placement, PlacementStep
from permea.foundation.events import publish
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ledger.models import Crossing
from permea.ledger.services import issue_receipt, record_crossing
from permea.people import rules as people
from permea.people.models import Organisation, Person
from permea.people.queries import person_by_email, role_in
from permea.people.services import register_person

State, What, Side = Placement.State, PlacementStep.What, PlacementStep.Side


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementInput:
    """What a firm offers; `pay` is in hundredths of `currency` a month."""

    kind: str
    title: str
    task: str
    place: str
    language: str = "en"
    first_day: date
    last_day: date
    weekly_hours: int
    pay: int = 0
    currency: str = "EUR"
    supervisor: Person


def held_placement(placement_id: int, actor: Person, at: datetime) -> queries.PlacementFound:
    """Return a locked placement as the actor stands to it. Raises RefusedError to who stands on no side."""
    Placement.objects.select_for_update(of=("self",)).get(pk=placement_id)
    found = queries.found_placement(actor, queries.placements().get(pk=placement_id), at)
    if found is None:
        raise RefusedError(rules.no_side())
    return found


def record_placement(
    placement: Placement,
    what: str,
    direction: str,
    actor: Person,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    *,
    counterparty: Person | Organisation | None = None,
) -> Crossing:
    """Append to the firm's ledger what went to the partner or the student or came from there; no names, no content."""
    return record_crossing(
        organisation=placement.organisation, kind=f"placement.{what}", direction=direction, depth="room",
        subject_type="placement", subject_key=placement.key, at=at, actor=actor,
        counterparty=counterparty or placement.partner, terms_key=placement.agreement.key, facts=facts or {},
    )  # fmt: skip


def step(found: queries.PlacementFound, what: str, actor: Person, at: datetime, note: str = "") -> None:
    """Write down what somebody did for their side, and announce it to the others."""
    placement, side = found.placement, found.standing.side
    PlacementStep.objects.create(placement=placement, what=what, side=side, note=note, by=actor, at=at)
    publish(PlacementMoved(placement_id=placement.pk, happened=what, side=side, at=at))


def is_repeated(placement: Placement, what: str, actor: Person, note: str = "") -> bool:
    """Say whether the last step is the same one by the same person: a click too many."""
    last = placement.steps.order_by("-at", "-pk").first()
    return last is not None and (last.what, last.by_id, last.note) == (what, actor.pk, note)


def _said_of(organisation: Organisation, content: PlacementInput, at: datetime) -> dict[str, Any]:
    """Return what is offered as it is stored. Raises RefusedError for days and supervisors that make no sense."""
    demand(rules.why_not_dates(content.first_day, content.last_day, at.date()))
    supervisors = {one.pk for one in queries.supervisors_to_name(organisation)}
    demand(rules.why_not_supervise(is_colleague=content.supervisor.pk in supervisors))
    words = {name: getattr(content, name).strip() for name in ("title", "task", "place")}
    fields = {name: getattr(content, name) for name in PlacementInput.__dataclass_fields__}
    return {**fields, **words}


@transaction.atomic
def offer_placement(
    *, agreement: Agreement, partner: Organisation, content: PlacementInput, actor: Person, at: datetime
) -> Placement:
    """Offer a placement to a partner under an agreement of the firm with it. The same sent twice is offered once.

    Raises RefusedError to non-managers, as `rules.why_not_dates` and `rules.why_not_supervise` say, and where the
    agreement does not cover it from now to the last day.
    """
    organisation = agreement.organisation
    demand(people.why_not_manage(role_in(actor, organisation.pk)))
    said = {**_said_of(organisation, content, at), "partner": partner, "agreement": agreement}
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    again = queries.offered_just_now(organisation, said, actor, at)
    if again is not None:
        return again
    made = Placement.objects.create(organisation=organisation, created_by=actor, created_at=at, **said)
    found = held_placement(made.pk, actor, at)
    demand(found.placed.why_not_until_its_end(at))
    record_placement(made, "offered", "out", actor, at, {"kind": made.kind})
    step(found, What.OFFERED, actor, at)
    return made


@transaction.atomic
def change_placement(*, placement_id: int, content: PlacementInput, actor: Person, at: datetime) -> Placement:
    """Change an offer until a student is named; what is the same is not told again.

    Raises RefusedError to who stands on no side, as `rules.why_not_change` says, and as offering does.
    """
    found = held_placement(placement_id, actor, at)
    placement = found.placement
    demand(rules.why_not_change(placement, found.standing))
    said = _said_of(placement.organisation, content, at)
    changed = [name for name, value in said.items() if getattr(placement, name) != value]
    if not changed:
        return placement
    for name in changed:
        setattr(placement, name, said[name])
    placement.save(update_fields=changed)
    demand(found.placed.why_not_until_its_end(at))
    record_placement(placement, "changed", "out", actor, at, {"changed": changed})
    step(found, What.CHANGED, actor, at)
    return placement


@transaction.atomic
def name_student(
    *, placement_id: int, name: str, email: str, supervisor: Person, actor: Person, at: datetime
) -> Placement:
    """Name a student and who supervises them for the partner. The same twice is named once.

    Raises RefusedError to who stands on no side, where no agreement covers it to the last day, as `rules.why_not_name`
    and as `rules.why_not_supervise` say.
    """
    found = held_placement(placement_id, actor, at)
    placement, address = found.placement, email.strip().lower()
    words = " ".join(name.split())
    known = {"student_name": words, "student_email": address, "partner_supervisor": supervisor}
    if is_repeated(placement, What.NAMED, actor) and all(getattr(placement, key) == one for key, one in known.items()):
        return placement
    demand(rules.why_not_name(placement, found.standing, is_insider=_is_insider(placement, address, supervisor)))
    allowed = {one.pk for one in queries.partner_supervisors_to_name(found, at)}
    demand(rules.why_not_supervise(is_colleague=supervisor.pk in allowed))
    demand(found.placed.why_not_until_its_end(at))
    for key, value in known.items():
        setattr(placement, key, value)
    placement.state = State.NAMED
    placement.save(update_fields=[*known, "state"])
    record_placement(placement, "named", "in", actor, at)
    step(found, What.NAMED, actor, at)
    return placement


def _is_insider(placement: Placement, address: str, supervisor: Person) -> bool:
    """Say whether an address belongs to the firm, or to who supervises for the partner."""
    person = person_by_email(address)
    if person is None:
        return False
    return person.pk == supervisor.pk or role_in(person, placement.organisation_id) is not None


@transaction.atomic
def answer_student(*, placement_id: int, is_yes: bool, reason: str, actor: Person, at: datetime) -> Placement:
    """Agree for the firm to the student, or ask for another one with a reason. The same twice is said once.

    Agreeing writes the statement that the student reads, and makes the address a person where it is none yet, with no
    seat anywhere. Raises RefusedError to who stands on no side, where no agreement covers it to the last day, and as
    `rules.why_not_answer_student` says.
    """
    found = held_placement(placement_id, actor, at)
    placement, words = found.placement, "" if is_yes else reason.strip()
    what = What.AGREED if is_yes else What.ANOTHER
    if is_repeated(placement, what, actor, words):
        return placement
    demand(rules.why_not_answer_student(placement, found.standing, words, is_yes=is_yes))
    if is_yes:
        demand(_why_not_still_outside(placement))
        demand(found.placed.why_not_until_its_end(at))
        _show_to_student(placement, actor, at)
    else:
        free(placement)
    step(found, what, actor, at, words)
    return placement


def _why_not_still_outside(placement: Placement) -> Refusal | None:
    """Return why whom the address belongs to by now cannot be the student, or None if they can."""
    person = person_by_email(placement.student_email)
    is_insider = person is not None and role_in(person, placement.organisation_id) is not None
    reached = Placement(state=State.OFFERED)
    return rules.why_not_name(reached, rules.Standing(Side.PARTNER, may_bind=True), is_insider=is_insider)


def _show_to_student(placement: Placement, actor: Person, at: datetime) -> None:
    """Write the statement, let the student see the placement, and record that."""
    told = {"name": placement.student_name, "language": placement.language}
    placement.student = register_person(email=placement.student_email, at=at, **told)
    said = queries.statement_of(placement)
    placement.statement, placement.statement_version = said.text, said.version
    placement.statement_sha256 = rules.fingerprint_of(placement)
    placement.state = State.AGREED
    written = ["student", "statement", "statement_version", "statement_sha256", "state"]
    placement.save(update_fields=written)
    facts = {"sha256": placement.statement_sha256, "version": said.version}
    record_placement(placement, "shown", "out", actor, at, facts, counterparty=placement.student)


def free(placement: Placement, state: str = State.OFFERED) -> None:
    """Forget the student of a placement that they have not accepted; unless it is over, another one can be named."""
    placement.student, placement.student_name, placement.student_email = None, "", ""
    placement.statement, placement.statement_version, placement.statement_sha256 = "", 0, ""
    placement.state = state
    placement.save()


@transaction.atomic
def accept_placement(*, placement_id: int, sha256: str, actor: Person, at: datetime) -> Placement:
    """Accept a placement as the student, by a click, exactly as it was read; the click is recorded with a receipt.

    Twice is accepted once. Raises RefusedError to who stands on no side, where no agreement covers it to the last day,
    and as `rules.why_not_accept` says.
    """
    found = held_placement(placement_id, actor, at)
    placement = found.placement
    if is_repeated(placement, What.ACCEPTED, actor) and placement.statement_sha256 == sha256:
        return placement
    demand(rules.why_not_accept(placement, found.standing, sha256, at.date()))
    demand(found.placed.why_not_until_its_end(at))
    facts = {"sha256": sha256, "version": placement.statement_version, "method": "click"}
    crossing = record_placement(placement, "accepted", "in", actor, at, facts, counterparty=actor)
    told = {"placement": placement.key, "title": placement.title, "content_sha256": sha256}
    placement.receipt_key = issue_receipt(crossing=crossing, person=actor, facts=told, at=at).key
    placement.state, placement.accepted_at = State.RUNNING, at
    placement.save(update_fields=["state", "accepted_at", "receipt_key"])
    step(found, What.ACCEPTED, actor, at)
    return placement


@transaction.atomic
def decline_placement(*, placement_id: int, reason: str, actor: Person, at: datetime) -> Placement:
    """Decline a placement as the student, with a reason; from then on they see it no more, and another can be named.

    Raises RefusedError to who stands on no side and as `rules.why_not_decline` says.
    """
    found = held_placement(placement_id, actor, at)
    placement, words = found.placement, reason.strip()
    demand(rules.why_not_decline(placement, found.standing, words))
    free(placement)
    record_placement(placement, "declined", "in", actor, at, counterparty=actor)
    step(found, What.DECLINED, actor, at, words)
    return placement
