"""Writing placements that run: reports, what is said of them, an early end, the outcome, forgetting a student."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from permea.campus import queries, rules
from permea.campus.events import PlacementMoved
from permea.campus.models import Placement, PlacementReport, PlacementStep, ReportRemark
from permea.campus.services.placements import free, held_placement, is_repeated, record_placement, step
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person

State, What, Side = Placement.State, PlacementStep.What, PlacementStep.Side
REPORTED, REMARKED = "reported", "remarked"


@transaction.atomic
def hand_in_report(*, placement_id: int, kind: str, text: str, actor: Person, at: datetime) -> PlacementReport:
    """Hand a report in as the student; a report never changes. The same sent twice comes in once.

    Raises RefusedError to who stands on no side and as `rules.why_not_report` says.
    """
    found = held_placement(placement_id, actor, at)
    placement, words = found.placement, text.strip()
    if found.standing.is_student:
        again = queries.reported_just_now(placement, kind, words, at)
        if again is not None:
            return again
    demand(rules.why_not_report(placement, found.standing, placement.reports.count(), at.date()))
    report = PlacementReport.objects.create(placement=placement, kind=kind, text=words, by=actor, at=at)
    facts = {"report": report.key, "kind": kind, "sha256": hashlib.sha256(words.encode()).hexdigest()}
    record_placement(placement, "reported", "in", actor, at, facts, counterparty=actor)
    publish(PlacementMoved(placement_id=placement.pk, happened=REPORTED, side=Side.STUDENT, at=at))
    return report


@transaction.atomic
def remark_on_report(*, report_id: int, text: str, is_accepted: bool, actor: Person, at: datetime) -> ReportRemark:
    """Comment on a report for one's side, or accept it. The same sent twice is said once.

    Raises RefusedError to who stands on no side and as `rules.why_not_remark` says.
    """
    report = PlacementReport.objects.get(pk=report_id)
    found = held_placement(report.placement_id, actor, at)
    side, words = found.standing.side, text.strip()
    again = queries.remarked_just_now(report, {"text": words, "is_accepted": is_accepted, "side": side}, actor, at)
    if again is not None:
        return again
    accepted = set(report.remarks.filter(is_accepted=True).values_list("side", flat=True))
    demand(
        rules.why_not_remark(found.placement, found.standing, words, is_accepted=is_accepted, accepted_by=accepted)
    )  # fmt: skip
    said = {"side": side, "text": words, "is_accepted": is_accepted}
    remark = ReportRemark.objects.create(report=report, by=actor, at=at, **said)
    publish(PlacementMoved(placement_id=found.placement.pk, happened=REMARKED, side=side, at=at))
    return remark


@transaction.atomic
def end_placement(*, placement_id: int, reason: str, actor: Person, at: datetime) -> Placement:
    """Take an offer back, refuse it, or end a running placement early, with a reason. The same twice is said once.

    Raises RefusedError to who stands on no side and as `rules.why_not_end` says.
    """
    found = held_placement(placement_id, actor, at)
    placement, words = found.placement, reason.strip()
    what = _ending(placement, found.standing)
    if is_repeated(placement, placement.state, actor, words):
        return placement
    demand(rules.why_not_end(placement, found.standing, words))
    if what == What.ENDED:
        placement.ended_at = at
    elif placement.state == State.NAMED:
        free(placement)
    placement.state = what
    placement.save(update_fields=["state", "ended_at"])
    direction = "out" if found.standing.is_firm else "in"
    record_placement(placement, "ended", direction, actor, at, {"how": str(what)})
    step(found, what, actor, at, words)
    return placement


def _ending(placement: Placement, standing: rules.Standing) -> str:
    """Return what it is to end a placement as it stands now."""
    if placement.state == State.RUNNING:
        return What.ENDED
    is_refused = placement.state == State.OFFERED and standing.side == Side.PARTNER
    return What.REFUSED if is_refused else What.WITHDRAWN


@transaction.atomic
def say_outcome(*, placement_id: int, outcome: rules.Outcome, actor: Person, at: datetime) -> Placement:
    """Say for one's side what came of a placement; the other side agrees, or says something else.

    Raises RefusedError to who stands on no side and as `rules.why_not_say_outcome` says.
    """
    found = held_placement(placement_id, actor, at)
    placement = found.placement
    reported = set(placement.reports.values_list("kind", flat=True))
    demand(rules.why_not_say_outcome(placement, found.standing, reported))
    if (rules.outcome_of(placement), placement.said_is_firm) == (outcome, found.standing.is_firm):
        return placement
    placement.led_to_offer, placement.thesis_title = outcome.led_to_offer, outcome.thesis_title
    placement.said_is_firm = found.standing.is_firm
    placement.save(update_fields=["led_to_offer", "thesis_title", "said_is_firm"])
    step(found, What.SAID, actor, at)
    return placement


@transaction.atomic
def close_placement(*, placement_id: int, outcome: rules.Outcome, actor: Person, at: datetime) -> Placement:
    """Agree for one's side to the outcome that the other side said, as one has read it. Twice is closed once.

    Raises RefusedError to who stands on no side and as `rules.why_not_close` says.
    """
    found = held_placement(placement_id, actor, at)
    placement = found.placement
    if is_repeated(placement, What.CLOSED, actor) and rules.outcome_of(placement) == outcome:
        return placement
    is_covered = found.placed.why_not(at) is None
    demand(rules.why_not_close(placement, found.standing, outcome, is_covered=is_covered))
    placement.state, placement.closed_at = State.CLOSED, at
    placement.save(update_fields=["state", "closed_at"])
    facts = {"finished": placement.ended_at is None, "led_to_offer": outcome.led_to_offer}
    record_placement(placement, "closed", "out" if found.standing.is_firm else "in", actor, at, facts)
    step(found, What.CLOSED, actor, at)
    return placement


@transaction.atomic
def forget_student(*, person_id: int, email: str, with_texts: bool) -> None:
    """Forget a student who is erased: their name and address go, and if asked the text of their reports.

    What they had not accepted yet is open again for another student.
    """
    rows = Placement.objects.select_for_update(of=("self",))
    named = Q(student=person_id) | (Q(student_email__iexact=email) if email else Q(student=person_id))
    for placement in rows.filter(named):
        if placement.accepted_at is None:
            free(placement, State.OFFERED if placement.state in rules.BEFORE else placement.state)
            continue
        placement.student_name, placement.student_email = "", ""
        placement.save(update_fields=["student_name", "student_email"])
        if with_texts:
            placement.reports.update(text="")
