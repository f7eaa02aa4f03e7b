"""Reading placements as lists: a firm's, and those somebody has to do with as a partner or a student."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from permea.campus.models import Placement
from permea.campus.queries.lists import PAGE_SIZE
from permea.campus.queries.placements import placed_of, placements
from permea.people.models import Membership, Organisation, Person

State = Placement.State


@dataclass(frozen=True, slots=True)
class MyPlacements:
    """The placements somebody has to do with: their own as a student, and those of the partners they belong to."""

    own: list[Placement]
    of_partner: Page[Placement]


def placements_of(organisation: Organisation, page: int) -> Page[Placement]:
    """Return a page of a firm's placements, those that begin last first."""
    rows = placements().filter(organisation=organisation).order_by("-first_day", "-pk")
    found: Page[Any] = Paginator(rows, PAGE_SIZE).get_page(page)
    return found


def my_placements(actor: Person, at: datetime, *, page: int = 1) -> MyPlacements:
    """Return the placements somebody has to do with, those of partners as far as agreements let them see them now."""
    seats = Membership.objects.filter(person=actor, ended_at=None, organisation__is_host=False)
    partners = list(seats.values_list("organisation_id", flat=True))
    rows = placements().filter(partner__in=partners).exclude(student=actor).order_by("-first_day", "-pk")
    seen = [one.placement for one in (placed_of(rows) if partners else []) if one.is_open_to(actor, at)]
    own = placements().filter(student=actor).order_by("-first_day", "-pk")
    return MyPlacements(list(own), Paginator(seen, PAGE_SIZE).get_page(page))


def student_fact() -> Exists:
    """Return the expression that says whether whoever is signed in is the student of a placement."""
    return Exists(Placement.objects.filter(student=OuterRef("pk")))
