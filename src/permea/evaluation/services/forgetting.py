"""When somebody leaves or is erased: their seats are given up, their notes go, their judgements stay as facts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from permea.evaluation.models import Assignment, Comparison, Conflict, Panelist, Review, ReviewDraft


@transaction.atomic
def give_up_seats(*, person_id: int, organisation_id: int, at: datetime) -> None:
    """Take somebody who has left the organisation off its panels; what they have judged counts on."""
    seats = Panelist.objects.filter(person_id=person_id, panel__challenge__organisation_id=organisation_id)
    _leave(seats, at)


@transaction.atomic
def forget_judge(*, person_id: int, at: datetime) -> None:
    """Take an erased person off every panel and delete their drafts, private notes and reasons of conflicts."""
    seats = Panelist.objects.filter(person_id=person_id)
    _leave(seats, at)
    ReviewDraft.objects.filter(assignment__panelist__in=seats).delete()
    Review.objects.filter(panelist__in=seats).exclude(private_note="").update(private_note="")
    Comparison.objects.filter(panelist__in=seats).exclude(note="").update(note="")
    Conflict.objects.filter(panelist__in=seats).update(reason="")
    seats.exclude(imported_name="").update(imported_name="")


def _leave(seats: QuerySet[Panelist], at: datetime) -> None:
    """End the seats that are still held and release what was open in them."""
    held = list(seats.filter(left_at__isnull=True).values_list("pk", flat=True))
    Panelist.objects.filter(pk__in=held).update(left_at=at)
    Assignment.objects.filter(panelist__in=held, status=Assignment.Status.OPEN).update(
        status=Assignment.Status.RELEASED, ended_at=at
    )
