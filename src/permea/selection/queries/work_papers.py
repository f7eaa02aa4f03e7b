"""What the register of own work says as a table for a lawyer, and what it holds about a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from permea.people.models import Person
from permea.people.queries import ErasureLines
from permea.selection.models import Settlement, WorkPerson
from permea.selection.queries.works import WorkPage
from permea.selection.rules import Matter, stay_of

COLUMNS = (
    *("work", "began_on", "person", "since", "until", "read", "key", "title", "partner", "first_read_at", "was_before"),
    *("terms", "agreement", "shared_words", "state", "settled", "words", "reference", "by", "at"),
)


def work_rows(page: WorkPage) -> Iterator[tuple[object, ...]]:
    """Yield the rows below `COLUMNS`: each matter once, or once for everything that was said of it."""
    for matter in page.matters:
        begun = _matter_cells(page, matter)
        for said in matter.settlements or (None,):
            yield (*begun, *_said_cells(said))


def _matter_cells(page: WorkPage, matter: Matter) -> tuple[object, ...]:
    """Return what the register knows of a matter."""
    reading = matter.reading
    stay = stay_of([seat for seat in page.seats if seat.person_id == reading.person.pk])
    return (
        *(page.work.name, page.work.began_on, reading.person.display_name, stay.since, stay.until or ""),
        *("entry" if reading.idea else "item", reading.subject_key, reading.title, reading.house),
        *(reading.first_at.isoformat(), reading.is_before, "; ".join(reading.terms), reading.agreement),
        *(" ".join(matter.words), str(matter.state)),
    )


def _said_cells(said: Settlement | None) -> tuple[object, ...]:
    """Return what was said of a matter, five empty cells if nothing was."""
    if said is None:
        return ("",) * 5
    return (said.kind, said.words, said.reference, said.settled_by.display_name, said.settled_at.isoformat())


def work_data(person: Person) -> dict[str, Any]:
    """Return on which works a person was, and what was said of what they had read."""
    seats = WorkPerson.objects.filter(person=person).select_related("work").order_by("pk")
    said = Settlement.objects.filter(person=person).select_related("work", "idea", "item").order_by("pk")
    return {
        "works": [
            {
                "work": seat.work.name,
                "since": seat.since.isoformat(),
                "until": seat.until.isoformat() if seat.until else None,
            }
            for seat in seats
        ],
        "settled_matters": [
            {
                "work": one.work.name,
                "about": one.idea.key if one.idea else one.item.key if one.item else "",
                "kind": one.kind,
                "words": one.words,
                "at": one.settled_at.isoformat(),
            }
            for one in said
        ],
    }


def work_erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to what the register says of a person who is erased."""
    if not WorkPerson.objects.filter(person=person).exists():
        return ErasureLines(goes=[], stays=[])
    return ErasureLines(
        goes=[_("What a firm wrote about you and what you had read before you worked on something of its own.")],
        stays=[
            _(
                "That an erased person worked on something from one day to another, what they had read before, "
                "and what the firm proved about that with its own papers; nothing leads to you."
            )
        ],
    )
