"""Reading equipment and bookings as lists, and what was used in which quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from permea.campus import rules
from permea.campus.models import Booking, Equipment, Sharing
from permea.campus.queries.equipment import READING, shared_of, whole
from permea.foundation.clock import SENT_TWICE
from permea.people.models import Organisation, Person
from permea.people.queries import partner_roles_of, roles_of
from permea.people.rules import MANAGING

PAGE_SIZE = 50
State = Booking.State


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody has to do with equipment: what waits for their side, their bookings, what is open to them."""

    waiting: list[Booking]
    bookings: Page[Booking]
    opened: list[Equipment]
    totals: list[rules.Total]


def equipment_of(organisation: Organisation, page: int) -> Page[Equipment]:
    """Return a page of the equipment a firm keeps, by name, each with how many bookings wait for an answer."""
    asked = Count("bookings", filter=Q(bookings__state=State.ASKED))
    rows = whole().filter(organisation=organisation).annotate(n_asked=asked).prefetch_related("sharings__partner")
    found: Page[Any] = Paginator(rows.order_by("name", "pk"), PAGE_SIZE).get_page(page)
    return found


def _with_all() -> QuerySet[Booking]:
    """Return bookings with what lines show of them."""
    return Booking.objects.select_related("equipment__owner", "equipment__organisation", "user", "asked_by")


def totals_of(organisation: Organisation) -> list[rules.Total]:
    """Return what partners used of a firm's equipment and the firm of theirs, by agreed hours, quarter by quarter."""
    return rules.totals_of(_with_all().filter(equipment__organisation=organisation, agreed_at__isnull=False))


def mine(actor: Person, at: datetime, *, page: int = 1) -> Mine:
    """Return what somebody has to do with equipment, as far as agreements let them see it now."""
    firms = [pk for pk, role in roles_of(actor).items() if role in READING]
    guest_of = partner_roles_of(actor)
    opened = opened_to(actor, guest_of, at)
    seen = Q(equipment__organisation__in=firms) | Q(equipment__in=opened)
    binding = [pk for pk, role in {**guest_of, **roles_of(actor)}.items() if role in MANAGING]
    rows = _with_all().filter(seen)
    agreed = rows.filter(agreed_at__isnull=False).filter(Q(user__in=guest_of) | Q(equipment__owner__in=guest_of))
    return Mine(
        waiting=list(waiting_for(rows, binding).order_by("starts_at", "pk")[:PAGE_SIZE]),
        bookings=Paginator(rows.filter(asked_by=actor).order_by("-starts_at", "-pk"), PAGE_SIZE).get_page(page),
        opened=opened,
        totals=rules.totals_of(agreed),
    )


def waiting_for(rows: QuerySet[Booking], binding: list[int]) -> QuerySet[Booking]:
    """Return the bookings that wait for an answer, or for their hours to be agreed, by one of these organisations."""
    to_answer = Q(state=State.ASKED, equipment__owner__in=binding)
    said = Q(state=State.CONFIRMED, used__isnull=False, agreed_at__isnull=True)
    by_owner, by_user = Q(used_is_owner=True, user__in=binding), Q(used_is_owner=False, equipment__owner__in=binding)
    return rows.filter(to_answer | said & (by_owner | by_user))


def own_confirmed(actor: Person, at: datetime) -> list[Booking]:
    """Return the confirmed bookings somebody asked for and sees now, the earliest first."""
    firms = [pk for pk, role in roles_of(actor).items() if role in READING]
    opened = [one.pk for one in opened_to(actor, partner_roles_of(actor), at)]
    rows = _with_all().filter(Q(equipment__organisation__in=firms) | Q(equipment__in=opened))
    return list(rows.filter(asked_by=actor, state=State.CONFIRMED).order_by("starts_at", "pk"))


def opened_to(actor: Person, guest_of: Mapping[int, str], at: datetime) -> list[Equipment]:
    """Return the equipment that somebody of a partner sees."""
    shared = shared_of(Sharing.objects.filter(partner__in=guest_of)) if guest_of else []
    return [one.sharing.equipment for one in shared if one.is_open_to(actor, at)]


def begun_just_now(
    organisation: Organisation, content: dict[str, Any], actor: Person, at: datetime
) -> Equipment | None:
    """Return the equipment that is wholly the same and was entered by the same person just now, or None."""
    same = whole().filter(organisation=organisation, created_by=actor, created_at__gt=at - SENT_TWICE, **content)
    return same.order_by("-pk").first()
