"""Reading one placement: on which of its three sides somebody stands, and what the page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.agreements.queries import asks_for_publications
from permea.campus import rules
from permea.campus.models import Placement, PlacementReport, PlacementStep, ReportRemark
from permea.campus.queries.equipment import READING, parties_of, seated_of, subjects_of
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import managers_of, members_of, role_in
from permea.people.rules import MANAGING

Side, State = PlacementStep.Side, Placement.State


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement with whom its agreement binds and what that is about."""

    placement: Placement
    parties: tuple[rules.Party, ...]
    subjects: frozenset[str]

    def why_not(self, at: datetime) -> Refusal | None:
        """Return why the two sides cannot place a student at a time, or None if they can."""
        return rules.why_not_placed(self.placement, self.subjects, self.parties, at)

    def why_not_until_its_end(self, at: datetime) -> Refusal | None:
        """Return why the two sides cannot place a student from now to the last day, or None if they can."""
        return self.why_not(at) or self.why_not(max(at, rules.end_of(self.placement.last_day)))

    def is_open_to(self, person: Person, at: datetime) -> bool:
        """Say whether somebody of the partner sees the placement at a time."""
        return self.why_not(at) is None and rules.is_open_to(person, self.placement.partner_id, self.parties)


@dataclass(frozen=True, slots=True)
class PlacementFound:
    """A placement as somebody stands to it."""

    placed: Placed
    standing: rules.Standing

    @property
    def placement(self) -> Placement:
        """Return the placement."""
        return self.placed.placement


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report, what was said of it, and whether its reader may still accept it."""

    report: PlacementReport
    remarks: list[ReportRemark]
    can_accept: bool

    @property
    def accepted_by(self) -> list[str]:
        """Return the sides that accepted it."""
        return [one.side for one in self.remarks if one.is_accepted]


@dataclass(frozen=True, slots=True)
class PlacementPage:
    """A placement as one of its three sides sees it. Where `can` says yes to a form it is shown."""

    found: PlacementFound
    steps: list[PlacementStep]
    reports: list[ReportRow]
    covered: Refusal | None
    outcome_blocked: Refusal | None
    has_publications: bool
    can: dict[str, bool]


def placements() -> QuerySet[Placement]:
    """Return placements with everybody their pages name."""
    named = ("organisation", "partner", "agreement", "supervisor", "partner_supervisor", "student")
    return Placement.objects.select_related(*named)


def placed_of(rows: QuerySet[Placement]) -> list[Placed]:
    """Return placements with whom their agreements bind, in the order of the rows."""
    found = list(rows.prefetch_related("agreement__parties", "agreement__subjects"))
    seated = seated_of(one.agreement for one in found)
    return [Placed(one, parties_of(one.agreement, one.partner_id, seated), subjects_of(one.agreement)) for one in found]


def placed(placement: Placement) -> Placed:
    """Return a placement with whom its agreement binds."""
    seated = seated_of([placement.agreement])
    agreement = placement.agreement
    return Placed(placement, parties_of(agreement, placement.partner_id, seated), subjects_of(agreement))


def standing_of(actor: Person, one: Placed, at: datetime) -> rules.Standing | None:
    """Return for which side somebody stands at a placement, or None; the student sees only what is the student's."""
    placement = one.placement
    if placement.student_id == actor.pk:
        return rules.Standing(Side.STUDENT, may_bind=True)
    role = role_in(actor, placement.organisation_id)
    if role is not None:
        supervises = placement.supervisor_id == actor.pk
        return rules.Standing(Side.FIRM, role in MANAGING, supervises) if role in READING else None
    if not one.is_open_to(actor, at):
        return None
    seat = Membership.objects.filter(person=actor, organisation=placement.partner_id, ended_at=None).first()
    if seat is None:
        return None
    return rules.Standing(Side.PARTNER, seat.role in MANAGING, placement.partner_supervisor_id == actor.pk)


def found_placement(actor: Person, placement: Placement, at: datetime) -> PlacementFound | None:
    """Return a placement as the actor stands to it, or None if it is none of their business."""
    one = placed(placement)
    standing = standing_of(actor, one, at)
    return None if standing is None else PlacementFound(one, standing)


def placement_for(actor: Person, key: str, at: datetime) -> PlacementFound:
    """Return a placement as the actor stands to it. Raises Http404 if it is none of their business."""
    found = found_placement(actor, get_object_or_404(placements(), key=key), at)
    if found is None:
        raise Http404
    return found


def placement_page(found: PlacementFound, at: datetime) -> PlacementPage:
    """Return what the page of a placement shows to somebody."""
    placement, standing = found.placement, found.standing
    steps = list(placement.steps.select_related("by").order_by("at", "pk"))
    if standing.is_student:
        steps = _since_asked(steps)
    reports = reports_of(placement, standing)
    reported = {row.report.kind for row in reports}
    outcome = rules.outcome_of(placement)
    covered = None if standing.is_student else found.placed.why_not(at)
    has_publications = not standing.is_student and asks_for_publications(placement.agreement)
    can = _can(placement, standing, len(reports), at)
    close = outcome is not None and (
        rules.why_not_close(placement, standing, outcome, is_covered=covered is None) is None
    )
    said = rules.why_not_say_outcome(placement, standing, reported)
    lacks = said if said is not None and said.code == "campus.no_reports" else None
    can |= {"close": close, "outcome": said is None}
    return PlacementPage(found, steps, reports, covered, lacks, has_publications, can)


def _since_asked(steps: list[PlacementStep]) -> list[PlacementStep]:
    """Return the steps since the student was asked; who said no to whom before is not theirs to read."""
    asked = [number for number, one in enumerate(steps) if one.what == PlacementStep.What.AGREED]
    return steps[asked[-1] :]


def _can(placement: Placement, standing: rules.Standing, n_reports: int, at: datetime) -> dict[str, bool]:
    """Return which forms of a placement are shown to somebody."""
    sha256, today = placement.statement_sha256, at.date()
    why_not = {
        "change": rules.why_not_change(placement, standing),
        "name": rules.why_not_name(placement, standing, is_insider=False),
        "answer": rules.why_not_answer_student(placement, standing, "-", is_yes=True),
        "accept": rules.why_not_accept(placement, standing, sha256, today),
        "decline": rules.why_not_decline(placement, standing, "-"),
        "report": rules.why_not_report(placement, standing, n_reports, today),
        "remark": rules.why_not_remark(placement, standing, "-", is_accepted=False, accepted_by=()),
        "end": rules.why_not_end(placement, standing, "-"),
    }
    return {name: refusal is None for name, refusal in why_not.items()}


def reports_of(placement: Placement, standing: rules.Standing) -> list[ReportRow]:
    """Return the reports of a placement with what was said of them, the oldest first."""
    remarks: dict[int, list[ReportRemark]] = {}
    for one in ReportRemark.objects.filter(report__placement=placement).select_related("by").order_by("at", "pk"):
        remarks.setdefault(one.report_id, []).append(one)
    rows = []
    for report in placement.reports.order_by("at", "pk"):
        said = remarks.get(report.pk, [])
        accepted = {one.side for one in said if one.is_accepted}
        why = rules.why_not_remark(placement, standing, "", is_accepted=True, accepted_by=accepted)
        rows.append(ReportRow(report, said, why is None))
    return rows


def offered_just_now(
    organisation: Organisation, said: dict[str, object], actor: Person, at: datetime
) -> Placement | None:
    """Return the placement that is wholly the same and was offered by the same person just now, or None."""
    same = placements().filter(organisation=organisation, created_by=actor, created_at__gt=at - SENT_TWICE, **said)
    return same.order_by("-pk").first()


def reported_just_now(placement: Placement, kind: str, text: str, at: datetime) -> PlacementReport | None:
    """Return the report that is wholly the same and was handed in just now, or None."""
    return placement.reports.filter(kind=kind, text=text, at__gt=at - SENT_TWICE).order_by("-pk").first()


def remarked_just_now(
    report: PlacementReport, said: dict[str, object], actor: Person, at: datetime
) -> ReportRemark | None:
    """Return what is wholly the same and was said of a report by the same person just now, or None."""
    return report.remarks.filter(by=actor, at__gt=at - SENT_TWICE, **said).order_by("-pk").first()


def supervisors_to_name(organisation: Organisation) -> list[Person]:
    """Return who of a firm can supervise: those who see its placements."""
    return _people([seat for seat in members_of(organisation) if seat.role in READING])


def partner_supervisors_to_name(found: PlacementFound, at: datetime) -> list[Person]:
    """Return who of the partner can supervise: its people who see the placement now."""
    seats = members_of(found.placement.partner)
    return _people([seat for seat in seats if found.placed.is_open_to(seat.person, at)])


def _people(seats: Iterable[Membership]) -> list[Person]:
    """Return the people of seats by name, each once."""
    known = {seat.person_id: seat.person for seat in seats}
    return sorted(known.values(), key=lambda one: (one.display_name, one.pk))


def people_of_side(placement: Placement, side: str, at: datetime) -> list[Person]:
    """Return who hears of a placement for a side: who may bind it and who supervises, as far as they see it now."""
    if side == Side.STUDENT:
        return [placement.student] if placement.student is not None and placement.student.email else []
    if side == Side.FIRM:
        known = [*managers_of(placement.organisation), placement.supervisor]
    else:
        seats = members_of(placement.partner)
        known = [
            one.person for one in seats if one.role in MANAGING or one.person_id == placement.partner_supervisor_id
        ]
    people = {one.pk: one for one in known if one.email}
    return [one for one in people.values() if found_placement(one, placement, at) is not None]
