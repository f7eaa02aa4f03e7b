"""Deciding about the firm's own work: what its people had read before, and how the firm deals with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from permea.disclosures.models import Item
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.people.models import Person
from permea.selection.models import Settlement, Work, WorkPerson

NAME_AT_LEAST, SAID_AT_LEAST, SAID_AT_MOST = 3, 10, 4_000
ABOUT_PEOPLE = frozenset({Settlement.Kind.CREDITED.value, Settlement.Kind.MOVED.value})


class MatterState(StrEnum):
    """How a matter stands: open, settled, or it is the very idea that the work carries out."""

    OPEN = "open"
    SETTLED = "settled"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Stay:
    """From when until when somebody works on something; without an end they still do."""

    person: Person
    since: date
    until: date | None

    def reaches(self, day: date) -> bool:
        """Say whether what was read on that day was read before the end."""
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Something of others that somebody on a work had read: an entry, or an item of a partner.

    `title` is what whoever manages the firm may know it by. `terms` are what the author agreed to, `agreement` the one
    that was in force then. What is not readable any more (taken back, sealed again) has no title and is not compared.
    """

    person: Person
    idea: Idea | None = None
    item: Item | None = None
    title: str
    house: str = ""
    is_readable: bool = True
    first_at: datetime
    is_before: bool = True
    terms: tuple[str, ...] = ()
    agreement: str = ""

    @property
    def subject_key(self) -> str:
        """Return the key of what was read."""
        return self.idea.key if self.idea else self.item.key if self.item else ""

    @property
    def place(self) -> tuple[str, str]:
        """Return what names it on a work: the keys of the person and of what they had read."""
        return self.person.key, self.subject_key


@dataclass(frozen=True, slots=True)
class Matter:
    """A reading that is like the work, by these words or because somebody said so, and what was said of it since.

    Where the person was moved off the work but is on it again, it is open again.
    """

    reading: Reading
    words: tuple[str, ...]
    settlements: tuple[Settlement, ...]
    is_source: bool = False
    is_on_it: bool = True

    @property
    def last(self) -> Settlement | None:
        """Return what holds."""
        return self.settlements[-1] if self.settlements else None

    @property
    def state(self) -> MatterState:
        """Return how it stands."""
        if self.last is None:
            return MatterState.SOURCE if self.is_source else MatterState.OPEN
        is_back = self.last.kind == Settlement.Kind.MOVED and self.is_on_it
        return MatterState.OPEN if is_back or self.last.kind == Settlement.Kind.OPEN else MatterState.SETTLED

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.state is MatterState.OPEN


def stay_of(seats: Sequence[WorkPerson]) -> Stay:
    """Return the time somebody was on a work in all: from their first day to their last, gaps included."""
    ends = [seat.until for seat in seats]
    last = None if None in ends else max(end for end in ends if end is not None)
    return Stay(seats[0].person, min(seat.since for seat in seats), last)


def n_open(matters: Iterable[Matter]) -> int:
    """Return how many matters are open."""
    return sum(matter.is_open for matter in matters)


def why_not_enter_work(name: str, words: str, began_on: date, *, today: date) -> Refusal | None:
    """Return why a piece of own work cannot be entered so, or None if it can."""
    if len(name.strip()) < NAME_AT_LEAST:
        return Refusal("work.name", _("Give the work a name."))
    if not SAID_AT_LEAST <= len(words.strip()) <= SAID_AT_MOST:
        return Refusal("work.words", _("Say in a few sentences what it is: what others wrote is compared with them."))
    if began_on > today:
        return Refusal("work.future", _("The day it began lies ahead."))
    return None


def why_not_join(work: Work, role: str | None, since: date, *, is_on_it: bool, today: date) -> Refusal | None:
    """Return why somebody in this role cannot be put on a work from that day on, or None if they can."""
    if role is None:
        return Refusal("work.stranger", _("Only people of the firm can work on it."))
    if is_on_it:
        return Refusal("work.on_it", _("This person is on this work already."))
    if since < work.began_on:
        return Refusal("work.before", _("The work had not begun on that day."))
    return Refusal("work.future", _("That day lies ahead.")) if since > today else None


def why_not_leave(seat: WorkPerson, until: date, *, today: date) -> Refusal | None:
    """Return why somebody's time on a work cannot end on that day, or None if it can."""
    if seat.until is not None:
        return Refusal("work.ended", _("Their time on this work has ended already."))
    if until < seat.since:
        return Refusal("work.backwards", _("The last day lies before the first."))
    return Refusal("work.future", _("That day lies ahead.")) if until > today else None


def why_not_settle_matter(kind: str, words: str, reference: str, *, is_on_it: bool) -> Refusal | None:
    """Return why this cannot be said of a matter, or None if it can; `is_on_it` says that the person still is."""
    if not SAID_AT_LEAST <= len(words.strip()) <= SAID_AT_MOST:
        return Refusal("work.why", _("Say in a sentence why."))
    if kind == Settlement.Kind.KNOWN_BEFORE and not reference.strip():
        return Refusal("work.proof", _("Say where the proof is kept: a file, a folder, a fingerprint."))
    if kind == Settlement.Kind.MOVED and is_on_it:
        return Refusal("work.still_on_it", _("This person is still on the work: enter their last day first."))
    return None
