"""Shortlists of partners: the list of them, one as it came out and what was decided, and a partner's place on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.partners import rules
from permea.partners.models import (
    Partner,
    Shortlist,
    ShortlistDecision,
    ShortlistNote,
    ShortlistPlace,
    ShortlistVersion,
)
from permea.people.models import Organisation, Person
from permea.people.queries import managed_organisation_ids, roles_of

PER_PAGE = 20
Choice = ShortlistDecision.Choice


@dataclass(frozen=True, slots=True)
class ShortlistRow:
    """A shortlist in the list of them: its newest version, how many partners wait for a decision, what was decided.

    `n_by_choice` counts partners by what was decided last; `next_on` is the first day of a next step that is open.
    """

    shortlist: Shortlist
    version: ShortlistVersion
    n_waiting: int
    n_by_choice: dict[str, int]
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A partner on a shortlist: its place in the version shown, None where it has none, what is noted and decided.

    `is_repeated` says that it stands further up already, as another was merged into it since.
    """

    partner: Partner
    place: ShortlistPlace | None
    notes: list[ShortlistNote]
    decision: ShortlistDecision | None
    n_decisions: int
    decide_blocked: Refusal | None
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class ShortlistPage:
    """One version of a shortlist, with what changed since the one before.

    `beyond` are partners with notes or decisions that have no place in this version.
    """

    shortlist: Shortlist
    version: ShortlistVersion
    versions: list[ShortlistVersion]
    lines: list[Line]
    beyond: list[Line]
    moves: list[rules.Move]
    names: dict[int, str]
    chosen: list[Partner]
    work_blocked: Refusal | None

    @property
    def is_newest(self) -> bool:
        """Say whether the version shown is the newest."""
        return self.version == self.versions[0]


@dataclass(frozen=True, slots=True)
class OnShortlist:
    """A shortlist that a partner stands on, and what was decided about it there."""

    shortlist: Shortlist
    decision: ShortlistDecision | None


def shortlists_of(organisation: Organisation, *, page: int) -> Page[Any]:
    """Return a page of a firm's shortlists as rows: those worked on first, the newest first."""
    rows = Shortlist.objects.filter(organisation=organisation).select_related("made_by")
    ordered = rows.order_by(F("closed_at").asc(nulls_first=True), "-made_at", "-pk")
    shown: Page[Any] = Paginator(ordered, PER_PAGE).get_page(page)
    shown.object_list = _rows(list(shown.object_list))
    return shown


def _rows(shortlists: list[Shortlist]) -> list[ShortlistRow]:
    """Return shortlists with their newest version and what was decided."""
    versions = ShortlistVersion.objects.filter(shortlist__in=shortlists).select_related("made_by").order_by("number")
    newest = {version.shortlist_id: version for version in versions}
    placed = defaultdict[int, set[int]](set)
    places = ShortlistPlace.objects.filter(version__in=newest.values(), partner__archived_at__isnull=True)
    for shortlist_id, partner_id in places.values_list("version__shortlist_id", "partner_id"):
        placed[shortlist_id].add(partner_id)
    decided = defaultdict[int, dict[int, ShortlistDecision]](dict)
    rows = ShortlistDecision.objects.filter(shortlist__in=shortlists).select_related("step", "partner").order_by("pk")
    for decision in rows:
        decided[decision.shortlist_id][decision.partner_id] = decision
    return [_row(one, newest[one.pk], placed[one.pk], decided[one.pk]) for one in shortlists]


def _row(
    shortlist: Shortlist, version: ShortlistVersion, placed: set[int], decided: dict[int, ShortlistDecision]
) -> ShortlistRow:
    """Return a shortlist as it stands in the list; the steps of who is put away do not wait."""
    steps = [one.step for one in decided.values() if one.step and one.partner.archived_at is None]
    return ShortlistRow(
        shortlist=shortlist,
        version=version,
        n_waiting=len(placed - decided.keys()),
        n_by_choice=dict(Counter(decision.choice for decision in decided.values())),
        next_on=min((step.next_on for step in steps if step.next_on and step.next_done_at is None), default=None),
    )


def _readable(actor: Person) -> QuerySet[Shortlist]:
    """Return the shortlists of the firms whose directory the actor reads."""
    seats = [pk for pk, role in roles_of(actor).items() if role in rules.READING]
    return Shortlist.objects.filter(organisation_id__in=seats).select_related("organisation", "made_by")


def managed_shortlist(actor: Person, key: str) -> Shortlist:
    """Return a shortlist of a firm the actor manages. Raises Http404 for all others."""
    return get_object_or_404(_readable(actor).filter(organisation_id__in=managed_organisation_ids(actor)), key=key)


def managed_note(actor: Person, key: str) -> ShortlistNote:
    """Return a note on a shortlist of a firm the actor manages. Raises Http404 for all others."""
    rows = ShortlistNote.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    return get_object_or_404(rows.select_related("shortlist"), key=key)


def partners_on(shortlist: Shortlist) -> QuerySet[Partner]:
    """Return the partners that stand in any version of a shortlist."""
    places = ShortlistPlace.objects.filter(version__shortlist=shortlist)
    return Partner.objects.filter(pk__in=places.values("partner_id"))


def newest_version(shortlist: Shortlist) -> ShortlistVersion:
    """Return how a shortlist came out last."""
    return shortlist.versions.order_by("-number")[0]


def shortlist_page(actor: Person, key: str, number: int | None = None) -> ShortlistPage:
    """Return a version of a shortlist, the newest unless told otherwise, to whoever reads the firm's directory.

    Raises Http404 to all others, and where there is no such version.
    """
    shortlist = get_object_or_404(_readable(actor), key=key)
    versions = list(shortlist.versions.select_related("made_by").order_by("-number"))
    place = 0 if number is None else next((at for at, one in enumerate(versions) if one.number == number), None)
    version, earlier = _pair(versions, place)
    places = _places([version, earlier] if earlier else [version])
    now, before = (places[one.pk] if one else [] for one in (version, earlier))
    noted, decided = _said(shortlist)
    lines = [*_lines(now, noted, decided)]
    others = {*noted, *decided} - {line.partner.pk for line in lines}
    known = Partner.objects.select_related("party").in_bulk(others)
    beyond = [_line(known[pk], None, noted, decided) for pk in sorted(known)]
    return ShortlistPage(
        shortlist=shortlist,
        version=version,
        versions=versions,
        lines=lines,
        beyond=beyond,
        moves=rules.moves(before, now) if earlier else [],
        names={one.partner_id: one.partner.party.name for one in [*before, *now]},
        chosen=[line.partner for line in [*lines, *beyond] if _is_chosen(line)],
        work_blocked=rules.why_not_work_on(shortlist),
    )


def _pair(versions: list[ShortlistVersion], place: int | None) -> tuple[ShortlistVersion, ShortlistVersion | None]:
    """Return a version and the one before it. Raises Http404 where there is no such place."""
    if place is None:
        raise Http404
    return versions[place], versions[place + 1] if place + 1 < len(versions) else None


def _places(versions: Collection[ShortlistVersion]) -> dict[int, list[ShortlistPlace]]:
    """Return the places of versions, by version, in order."""
    rows = ShortlistPlace.objects.filter(version__in=versions).select_related("partner__party").order_by("place")
    found = defaultdict[int, list[ShortlistPlace]](list)
    for one in rows:
        found[one.version_id].append(one)
    return found


Noted: TypeAlias = dict[int, list[ShortlistNote]]
Decided: TypeAlias = dict[int, list[ShortlistDecision]]


def _said(shortlist: Shortlist) -> tuple[Noted, Decided]:
    """Return notes and decisions by partner, the newest first."""
    noted, decided = defaultdict[int, list[ShortlistNote]](list), defaultdict[int, list[ShortlistDecision]](list)
    for note in shortlist.notes.select_related("written_by").order_by("-pk"):
        noted[note.partner_id].append(note)
    for decision in shortlist.decisions.select_related("decided_by", "step__next_by").order_by("-pk"):
        decided[decision.partner_id].append(decision)
    return dict(noted), dict(decided)


def _lines(places: Iterable[ShortlistPlace], noted: Noted, decided: Decided) -> list[Line]:
    """Return the lines of a version in order."""
    seen: set[int] = set()
    lines = []
    for place in places:
        is_repeated = place.partner_id in seen
        lines.append(_line(place.partner, place, noted, decided, is_repeated=is_repeated))
        seen.add(place.partner_id)
    return lines


def _line(
    partner: Partner, place: ShortlistPlace | None, noted: Noted, decided: Decided, *, is_repeated: bool = False
) -> Line:
    """Return a partner with what is said of it."""
    decisions = decided.get(partner.pk, [])
    return Line(
        partner=partner,
        place=place,
        notes=noted.get(partner.pk, []),
        decision=decisions[0] if decisions else None,
        n_decisions=len(decisions),
        decide_blocked=rules.why_not_decide(partner),
        is_repeated=is_repeated,
    )


def _is_chosen(line: Line) -> bool:
    """Say whether a partner is to be approached."""
    is_wanted = line.decision is not None and line.decision.choice == Choice.APPROACH
    return is_wanted and not line.is_repeated and line.decide_blocked is None


def shortlists_with(partner: Partner) -> list[OnShortlist]:
    """Return the shortlists a partner stands on, the newest first, with what was decided last."""
    rows = Shortlist.objects.filter(versions__places__partner=partner).distinct().order_by("-made_at", "-pk")
    decisions = ShortlistDecision.objects.filter(partner=partner).order_by("pk")
    decided = {decision.shortlist_id: decision for decision in decisions}
    return [OnShortlist(one, decided.get(one.pk)) for one in rows]


def kept_just_now(
    organisation: Organisation, title: str, asked: Mapping[str, Any], actor: Person, at: datetime
) -> Shortlist | None:
    """Return the shortlist of this name that the same person kept within the last minute, or None.

    `asked` are the fields of a version that hold its question: another one makes another list.
    """
    same = {f"versions__{name}": value for name, value in asked.items()}
    rows = Shortlist.objects.filter(title=title, made_by=actor, made_at__gt=at - SENT_TWICE, **same)
    return rows.filter(organisation=organisation).order_by("-pk").first()


def worked_out_just_now(
    shortlist: Shortlist, asked: Mapping[str, Any], actor: Person, at: datetime
) -> ShortlistVersion | None:
    """Return the newest version if the same person made it of the same question within the last minute, or None."""
    last = newest_version(shortlist)
    is_same = last.made_by_id == actor.pk and all(getattr(last, name) == value for name, value in asked.items())
    return last if is_same and last.made_at > at - SENT_TWICE else None


def noted_just_now(made: ShortlistNote, at: datetime) -> ShortlistNote | None:
    """Return the note that says the same of the same partner, written by the same person within the last minute."""
    same = {name: getattr(made, name) for name in ("shortlist", "partner", "text", "written_by")}
    return ShortlistNote.objects.filter(written_at__gt=at - SENT_TWICE, **same).order_by("-pk").first()


def last_decision(shortlist: Shortlist, partner: Partner) -> ShortlistDecision | None:
    """Return what was decided last about a partner, or None."""
    return shortlist.decisions.filter(partner=partner).select_related("step__next_by").order_by("-pk").first()


def written_by(person: Person) -> dict[str, Any]:
    """Return what a person noted and decided on shortlists, ready for JSON."""
    notes = ShortlistNote.objects.filter(written_by=person).order_by("pk")
    decisions = ShortlistDecision.objects.filter(decided_by=person).order_by("pk")
    return {
        "shortlist_notes": [{"text": row.text, "at": row.written_at.isoformat()} for row in notes],
        "shortlist_decisions": [
            {"choice": row.choice, "reason": row.reason, "at": row.decided_at.isoformat()} for row in decisions
        ],
    }


def has_written(person: Person) -> bool:
    """Say whether a person noted or decided something on a shortlist."""
    by_them = Q(decisions__decided_by=person) | Q(notes__written_by=person)
    return Shortlist.objects.filter(by_them).exists()
