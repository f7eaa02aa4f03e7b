"""Reading the register of own work: the list, one work, who may be put on it, what was just written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.foundation.clock import SENT_TWICE
from permea.ideas.models import Contributor, Idea
from permea.people.models import Organisation, Person
from permea.people.queries import members_of
from permea.selection import rules
from permea.selection.models import Settlement, Work, WorkPerson
from permea.selection.queries.matters import matter_at, read_by, seats_on
from permea.selection.rules import Matter, Reading

PAGE_SIZE, MOST_OFFERED = 25, 200
COUNTED_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkPage:
    """One work: who is on it, what of others they had read that is like it, and what else."""

    work: Work
    seats: list[WorkPerson]
    matters: list[Matter]
    others: list[Reading]

    @property
    def n_open(self) -> int:
        """Return how many matters are open."""
        return rules.n_open(self.matters)

    @property
    def rooms(self) -> list[Reading]:
        """Return what they had read in rooms of partners and nobody linked with the work."""
        return [reading for reading in self.others if reading.item is not None]

    @property
    def offered(self) -> list[Reading]:
        """Return what can be linked with the work by hand, the latest read first."""
        return self.others[:MOST_OFFERED]


@dataclass(frozen=True, slots=True)
class MatterPage:
    """One thing of others that somebody on a work had read, and what was said of it."""

    work: Work
    matter: Matter
    is_linked: bool


def works_page(organisation: Organisation, *, page: int) -> Page[Work]:
    """Return a page of the firm's own works, those with open matters first, with how many people are on each."""
    on_it = Count("people", filter=Q(people__until__isnull=True))
    works: QuerySet[Work] = Work.objects.filter(organisation=organisation).annotate(n_people=on_it)
    works = works.order_by("-n_open", "-pk")
    return Paginator(works, PAGE_SIZE).get_page(page)


def work_for(organisation: Organisation, key: str) -> Work:
    """Return a work of the firm. Raises Http404 if there is no such one."""
    works = Work.objects.select_related("organisation", "idea", "entered_by")
    return get_object_or_404(works, organisation=organisation, key=key)


def work_page(organisation: Organisation, key: str, *, at: datetime) -> WorkPage:
    """Return one work of the firm. Raises Http404 if there is no such one."""
    work = work_for(organisation, key)
    seats = seats_on(work)
    read = read_by(work, seats, at)
    return WorkPage(work, seats, read.matters, read.others)


def matter_page(organisation: Organisation, key: str, person_key: str, subject_key: str, *, at: datetime) -> MatterPage:
    """Return what somebody on a work had read and can be settled. Raises Http404 for everything else."""
    work = work_for(organisation, key)
    read = read_by(work, seats_on(work), at)
    matter = matter_at(read, person_key, subject_key)
    if matter is None:
        raise Http404
    return MatterPage(work, matter, is_linked=matter in read.matters)


def seat_for(organisation: Organisation, key: str, seat_key: str) -> WorkPerson:
    """Return somebody's time on a work of the firm. Raises Http404 if there is no such one."""
    return get_object_or_404(WorkPerson, work__organisation=organisation, work__key=key, key=seat_key)


def newcomers_to(work: Work) -> list[Person]:
    """Return the firm's people who are not on a work now."""
    seats = members_of(work.organisation)
    return [
        seat.person
        for seat in seats.exclude(person__in=work.people.filter(until__isnull=True).values("person"))
    ]  # fmt: skip


def would_bring(work: Work, person: Person, since: date, at: datetime) -> list[Matter]:
    """Return what somebody had read that is like a work, if they were put on it from that day on."""
    return read_by(work, [WorkPerson(work=work, person=person, since=since)], at).matters


def chosen_ideas(organisation: Organisation) -> QuerySet[Idea]:
    """Return the chosen ideas that a work can carry out, the latest decision first."""
    chosen = Idea.objects.filter(organisation=organisation, decision__award__isnull=False)
    return chosen.only("key", "title").order_by("-decision__decided_at", "-pk")[:MOST_OFFERED]


def entered_just_now(organisation: Organisation, actor: Person, told: dict[str, Any], at: datetime) -> Work | None:
    """Return the work that says the same and was entered by the same person just now, or None."""
    rows = Work.objects.filter(organisation=organisation, entered_by=actor, entered_at__gt=at - SENT_TWICE, **told)
    return rows.order_by("-pk").first()


def is_put_just_now(seat: WorkPerson, since: date, actor: Person, at: datetime) -> bool:
    """Say whether the same person put them on the work from the same day on just now."""
    return seat.since == since and seat.added_by_id == actor.pk and seat.added_at > at - SENT_TWICE


def settled_just_now(made: Settlement, at: datetime) -> Settlement | None:
    """Return what says the same of the same and was said by the same person just now, or None."""
    names = ("work", "person", "idea", "item", "kind", "words", "reference", "settled_by")
    same = {name: getattr(made, name) for name in names}
    return Settlement.objects.filter(settled_at__gt=at - SENT_TWICE, **same).order_by("-pk").first()


def settlements_about(person_id: int) -> QuerySet[Settlement]:
    """Return what was said of what a person had read, and of entries they have a part in."""
    entries = Contributor.objects.filter(person_id=person_id).values("idea")
    return Settlement.objects.filter(Q(person_id=person_id) | Q(idea__in=entries))


def firms_to_count(at: datetime) -> list[Organisation]:
    """Return the firms with a work whose open matters nobody has counted for a day."""
    waiting = Work.objects.filter(counted_at__lte=at - COUNTED_EVERY)
    return list(Organisation.objects.filter(pk__in=waiting.values("organisation")).order_by("pk"))
