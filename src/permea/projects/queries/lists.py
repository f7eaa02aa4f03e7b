"""Reading transfers as lists: those of a firm, those shown to a partner's people, and the table to take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet

from permea.foundation.clock import SENT_TWICE
from permea.people.models import Organisation, Person
from permea.people.queries import organisation_ids_of
from permea.projects import rules
from permea.projects.models import PackageItem, Transfer, TransferStep
from permea.projects.queries.transfers import whole

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; an empty one does not bind. `text` stands in the title or the partner's name."""

    direction: str = ""
    kind: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A line of a list: with whom, how much of the package is settled, how ready the receiving side is."""

    transfer: Transfer
    other: str
    n_settled: int
    n_items: int
    readiness: rules.Readiness
    course: rules.Course


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list of transfers, and what all that fit show together."""

    rows: list[TransferRow]
    page: Page[Transfer]
    figures: rules.Figures
    n_all: int


def _with_parts() -> QuerySet[Transfer]:
    """Return transfers with what a line shows of them."""
    steps = Prefetch("steps", TransferStep.objects.order_by("pk"))
    return whole().prefetch_related("items", "points", steps).order_by("-created_at", "-pk")


def _row(transfer: Transfer, other: str) -> TransferRow:
    """Return a line of a list."""
    items = list(transfer.items.all())
    return TransferRow(
        transfer=transfer,
        other=other,
        n_settled=sum(one.state in {PackageItem.State.HANDED, PackageItem.State.NOT_NEEDED} for one in items),
        n_items=len(items),
        readiness=rules.readiness_of(list(transfer.points.all())),
        course=rules.course_of(transfer.steps.all()),
    )


def transfers_page(organisation: Organisation, filters: Filters, *, page: int = 1) -> ListPage:
    """Return the transfers of a firm that fit, the newest first."""
    every = Transfer.objects.filter(organisation=organisation)
    found = _narrowed(_with_parts().filter(organisation=organisation), filters)
    paged = Paginator(found, PAGE_SIZE).get_page(page)
    steps: dict[int, list[TransferStep]] = {}
    ids = _narrowed(every, filters).values("pk")
    for step in TransferStep.objects.filter(transfer__in=ids).order_by("pk"):
        steps.setdefault(step.transfer_id, []).append(step)
    return ListPage(
        rows=[_row(one, one.partner.name) for one in paged],
        page=paged,
        figures=rules.figures_of(map(rules.course_of, steps.values())),
        n_all=every.count(),
    )


def _narrowed(rows: QuerySet[Transfer], filters: Filters) -> QuerySet[Transfer]:
    """Return the transfers that fit."""
    exact = {name: getattr(filters, name) for name in ("direction", "kind", "state")}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    words = filters.text.strip()
    return rows.filter(Q(title__icontains=words) | Q(partner__name__icontains=words)) if words else rows


def own_transfers(actor: Person, at: datetime, *, page: int = 1) -> ListPage:
    """Return the transfers shown to somebody of a partner while an agreement that binds them covers each."""
    found = shown_to(actor, at, _with_parts())
    paged = Paginator(found, PAGE_SIZE).get_page(page)
    return ListPage(
        rows=[_row(one, one.organisation.name) for one in paged],
        page=paged,
        figures=rules.figures_of(()),
        n_all=len(found),
    )


def shown_to(actor: Person, at: datetime, rows: QuerySet[Transfer] | None = None) -> list[Transfer]:
    """Return the transfers, of all or of these, that somebody of a partner sees now."""
    every = whole() if rows is None else rows
    shown = every.filter(partner__in=organisation_ids_of(actor), shown_at__isnull=False)
    with_terms = shown.prefetch_related("agreement__parties", "agreement__subjects")
    return [one for one in with_terms if _is_open_to(actor, one, at)]


def _is_open_to(actor: Person, transfer: Transfer, at: datetime) -> bool:
    """Say whether somebody of the partner sees a transfer, whose agreement was read with it."""
    agreement = transfer.agreement
    if agreement is None:
        return False
    parties = [
        rules.Party(one.organisation_id, one.person_id, one.person_id == actor.pk) for one in agreement.parties.all()
    ]
    subjects = {one.subject_key for one in agreement.subjects.all()}
    covered = rules.why_not_covered(transfer, agreement, subjects, parties, at)
    return covered is None and rules.is_open_to(actor, transfer, parties)


def begun_just_now(
    organisation: Organisation, partner: Organisation, title: str, direction: str, actor: Person, at: datetime
) -> Transfer | None:
    """Return the transfer of this title with this partner that the same person began just now, or None."""
    same = whole().filter(
        organisation=organisation, partner=partner, title=title, direction=direction, created_by=actor,
        created_at__gt=at - SENT_TWICE,
    )  # fmt: skip
    return same.order_by("-pk").first()


def exported(organisation: Organisation) -> list[Transfer]:
    """Return every transfer of a firm with its parts, the oldest first."""
    return list(_with_parts().filter(organisation=organisation).prefetch_related("sessions", "criteria").order_by("pk"))
