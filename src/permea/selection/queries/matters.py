"""What the people on a piece of own work had read of others, and which of it is like the work.

Entries are compared with the words of the work. What partners keep in rooms is not: the comparison alone would tell
what stands in it. It is listed by the name it has outside, and linked by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from permea.agreements.models import AgreementParty, AgreementSubject
from permea.agreements.queries import living
from permea.disclosures.models import Seen
from permea.ideas.models import EntryReading, Idea
from permea.ideas.queries import alike_among, readings_of
from permea.people.models import Membership, Organisation
from permea.selection import rules
from permea.selection.models import Settlement, Work, WorkPerson
from permea.selection.rules import Matter, Reading, Stay

READABLE = (Idea.Status.SUBMITTED, Idea.Status.MERGED)
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """What people on a work had read: what is like it, open matters first, and everything else, latest first."""

    matters: list[Matter]
    others: list[Reading]


def seats_on(work: Work) -> list[WorkPerson]:
    """Return who is or was on a work, in the order in which they came."""
    return list(work.people.select_related("person").order_by("since", "pk"))


def matters_of(work: Work, at: datetime) -> list[Matter]:
    """Return what the people on a work had read that is like it."""
    return read_by(work, seats_on(work), at).matters


def read_by(work: Work, seats: Sequence[WorkPerson], at: datetime) -> Read:
    """Return what these people on a work, stored or only thought of, had read of others."""
    by_person = sorted(seats, key=lambda seat: seat.person_id)
    stays = {pk: rules.stay_of(list(rows)) for pk, rows in groupby(by_person, lambda seat: seat.person_id)}
    said = _said_of(work)
    found = {reading.place: reading for reading in _readings(work.organisation, stays, at)}
    counted = [one for one in found.values() if _is_in_time(one, stays[one.person.pk]) or one.place in said]
    readable = [one.idea for one in counted if one.idea is not None and one.is_readable]
    alike = alike_among(readable, work.name, work.words) if readable else {}
    matters, others = [], []
    for one in counted:
        near = alike.get(one.idea.pk) if one.idea else None
        is_source = one.idea is not None and work.idea_id in {one.idea.pk, one.idea.merged_into_id} - {None}
        if near is None and one.place not in said and not is_source:
            others.append(one)
            continue
        is_on_it = stays[one.person.pk].until is None
        words = tuple(near.words) if near else ()
        matters.append(Matter(one, words, tuple(said.get(one.place, ())), is_source, is_on_it))
    order = list(rules.MatterState)
    matters.sort(key=lambda matter: (order.index(matter.state), matter.reading.first_at))
    return Read(matters, others[::-1])


def _is_in_time(reading: Reading, stay: Stay) -> bool:
    """Say whether something was read before its reader's time on the work ended."""
    return stay.reaches(reading.first_at.date())


def _said_of(work: Work) -> dict[Place, list[Settlement]]:
    """Return what was said of matters of a work, the first said first, by person and thing."""
    said: dict[Place, list[Settlement]] = defaultdict(list)
    rows = Settlement.objects.filter(work=work).select_related("person", "idea", "item", "settled_by")
    for one in rows.order_by("pk"):
        about = one.idea or one.item
        said[one.person.key, about.key if about else ""].append(one)
    return said


def _readings(organisation: Organisation, stays: dict[int, Stay], at: datetime) -> Iterator[Reading]:
    """Yield everything of others that these people had read for the firm, the first read first."""
    entries = readings_of(organisation, stays).annotate(agreement=_agreed_then(organisation))
    for row in entries:
        yield _entry(row, stays[row.person_id], at)
    yield from _items(organisation, stays)


def _entry(row: EntryReading, stay: Stay, at: datetime) -> Reading:
    """Return an entry that somebody had read, with the terms under which they did."""
    idea = row.idea
    is_readable = idea.status in READABLE and idea.text_removed_at is None and not idea.challenge.is_sealed_at(at)
    texts = (idea.challenge.participation_terms, idea.challenge.ip_terms)
    is_accepted = idea.channel != Idea.Channel.IMPORT
    return Reading(
        person=stay.person,
        idea=idea,
        title=(idea.title if is_readable else "") or idea.key,
        is_readable=is_readable,
        first_at=row.first_at,
        is_before=row.first_at.date() <= stay.since,
        terms=tuple(text.title for text in texts if text is not None and is_accepted),
        agreement=getattr(row, "agreement", None) or "",
    )


def _items(organisation: Organisation, stays: dict[int, Stay]) -> Iterator[Reading]:
    """Yield the items that partners shared with the firm and these people had read, each once."""
    rows = Seen.objects.filter(reader__in=stays, organisation=organisation).exclude(house=organisation)
    known: set[tuple[int, int]] = set()
    for row in rows.select_related("item", "house", "agreement").order_by("first_at", "pk"):
        if (row.reader_id, row.item_id) in known:
            continue
        known.add((row.reader_id, row.item_id))
        stay = stays[row.reader_id]
        yield Reading(
            person=stay.person,
            item=row.item,
            title=row.item.teaser,
            house=row.house.name,
            first_at=row.first_at,
            is_before=row.first_at.date() <= stay.since,
            agreement=row.agreement.title if row.agreement else "",
        )


def _agreed_then(organisation: Organisation) -> Subquery:
    """Return the title of the agreement about an entry that was in force with its author when it was first read."""
    then = cast("Any", OuterRef("first_at"))
    seats = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=OuterRef(OuterRef("first_at"))),
        person=OuterRef(OuterRef("idea__author")),
        since__lte=OuterRef(OuterRef("first_at")),
    )
    named = AgreementSubject.objects.filter(
        Q(subject_key=OuterRef(OuterRef("idea__key"))) | Q(subject_key=OuterRef(OuterRef("idea__challenge__key"))),
        agreement=OuterRef("agreement"),
    )
    parties: QuerySet[AgreementParty] = AgreementParty.objects.filter(
        living(then, "agreement__"),
        Q(person=OuterRef("idea__author")) | Q(organisation__in=seats.values("organisation")),
        Q(agreement__is_about_everything=True) | Exists(named),
        agreement__organisation=organisation,
    )
    return Subquery(parties.order_by("agreement__valid_from", "pk").values("agreement__title")[:1])


def matter_at(read: Read, person_key: str, subject_key: str) -> Matter | None:
    """Return what was read by a person and can be settled, whether it is like the work or not; None if they did not."""
    place = (person_key, subject_key)
    known: Iterable[Matter] = (*read.matters, *(Matter(one, (), ()) for one in read.others))
    return next((matter for matter in known if matter.reading.place == place), None)
