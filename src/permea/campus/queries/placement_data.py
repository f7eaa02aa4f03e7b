"""What campus holds about a person in placements."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from permea.campus.models import Placement, PlacementReport, PlacementStep, ReportRemark
from permea.people.models import Person
from permea.people.queries import ErasureLines


def placement_data(person: Person) -> dict[str, Any]:
    """Return the placements of a student, what they reported, and what anybody did and said in placements."""
    steps = PlacementStep.objects.filter(by=person).select_related("placement").order_by("pk")
    remarks = ReportRemark.objects.filter(by=person).select_related("report__placement").order_by("pk")
    return {
        "placements": [
            {
                "title": one.title, "kind": one.kind, "firm": one.organisation.name, "partner": one.partner.name,
                "from": one.first_day.isoformat(), "until": one.last_day.isoformat(), "name": one.student_name,
                "state": one.state, "statement": one.statement, "thesis": one.thesis_title,
            }
            for one in _of_student(person).select_related("organisation", "partner").order_by("pk")
        ],
        "placement_reports": [
            {"placement": one.placement.title, "kind": one.kind, "text": one.text, "at": one.at.isoformat()}
            for one in PlacementReport.objects.filter(by=person).select_related("placement").order_by("pk")
        ],
        "placement_steps": [
            {"placement": one.placement.title, "what": one.what, "note": one.note, "at": one.at.isoformat()}
            for one in steps
        ],
        "placement_remarks": [
            {"placement": one.report.placement.title, "text": one.text, "at": one.at.isoformat()} for one in remarks
        ],
        "placements_supervised": [one.title for one in _supervised(person).order_by("pk")],
    }  # fmt: skip


def _of_student(person: Person) -> QuerySet[Placement]:
    """Return the placements a person is the student of, or is named for by address."""
    named = Q(student=person)
    return Placement.objects.filter(named | Q(student_email__iexact=person.email) if person.email else named)


def _supervised(person: Person) -> QuerySet[Placement]:
    """Return the placements that somebody supervises or offered."""
    return Placement.objects.filter(Q(supervisor=person) | Q(partner_supervisor=person) | Q(created_by=person))


def placement_erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to the placements of somebody who is erased."""
    goes, stays = [], []
    if _of_student(person).exists():
        goes = [_("Your name and address in placements, and if you ask for it the text of your reports.")]
        stays = [_("That a student was placed, when, and what came of it, without your name.")]
    did = (
        PlacementStep.objects.filter(by=person).exists(),
        ReportRemark.objects.filter(by=person).exists(),
        _supervised(person).exists(),
    )
    if any(did):
        stays.append(_("What you did and said in placements for your side, without your name."))
    return ErasureLines(goes=goes, stays=stays)


def needed_students() -> QuerySet[Placement, int | None]:
    """Return the ids of the students whom a placement that is not taken back waits for, or has had."""
    gone = (Placement.State.REFUSED, Placement.State.WITHDRAWN)
    rows = Placement.objects.filter(student__isnull=False).exclude(state__in=gone)
    return rows.values_list("student_id", flat=True)
