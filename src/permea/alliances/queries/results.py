"""Reading joint results: the list, one result with its division and how that was worked out, and who agreed to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.agreements.models import Agreement
from permea.alliances import rules
from permea.alliances.models import Alliance, Party, Result, Split, SplitAcceptance
from permea.alliances.queries.alliances import PAGE_SIZE, Side, agreement_for, alliance_for
from permea.alliances.queries.lines import read_by, standings_of
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Person

Way = Split.Way


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A joint result, its newest division, and whether that waits for the reader's side."""

    result: Result
    newest: Split | None
    shares: list[tuple[str, float]]
    waits_for_us: bool


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """What the parties made together."""

    alliance: Alliance
    side: Side
    rows: list[ResultRow]
    page: Page[Result]
    name_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """The share of a party as a part of 1, the weight it comes from, and the party's acceptance if there is one."""

    party: Party
    share: float
    weight: float
    acceptance: SplitAcceptance | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class BookRow:
    """A line of the book that counted or was left out: its address, what it says, and what it was worth then."""

    key: str
    number: int
    note: str
    giver: str
    value: float
    state: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A joint result as one of the parties sees it, with its newest division and how that was worked out.

    `suggestion` is the query of the address at which the IP table of the charter's `agreement` suggests these shares.
    """

    alliance: Alliance
    side: Side
    result: Result
    newest: Split | None
    versions: list[Split]
    shares: list[ShareRow]
    worth: list[tuple[str, float]]
    counted: list[BookRow]
    left_out: list[BookRow]
    n_unread: int
    is_outdated: bool
    has_moved: bool
    agreement: Agreement | None
    suggestion: str
    propose_blocked: Refusal | None
    accept_blocked: Refusal | None

    @property
    def is_agreed(self) -> bool:
        """Say whether the newest division is the one that all agreed to."""
        return self.newest is not None and self.newest.pk == self.result.split_id


def newest_split(result: Result) -> Split | None:
    """Return the newest division of a result that was proposed."""
    return Split.objects.filter(result=result).order_by("-number").first()


def proposed_just_now(newest: Split, content: dict[str, Any], note: str, actor: Person, at: datetime) -> bool:
    """Say whether the newest division says the same and was proposed by the same person just now."""
    is_same = (newest.content, newest.note, newest.written_by_id) == (content, note, actor.pk)
    return is_same and newest.written_at > at - SENT_TWICE


def parties_dividing(result: Result) -> list[Party]:
    """Return who divides a result, in the order of the parties."""
    return rules.dividing(result.alliance.parties.all(), Split.objects.filter(result=result, agreed_at__isnull=False))


def split_accepted_by(split: Split) -> list[int]:
    """Return which parties have agreed to a division, by number of their row."""
    return list(SplitAcceptance.objects.filter(split=split).values_list("party_id", flat=True))


def results_page(actor: Person, key: str, *, page: int = 1) -> ResultsPage:
    """Return what the parties made together. Raises Http404 if it is none of the actor's business."""
    alliance, side = alliance_for(actor, key)
    paged = Paginator(results_of(alliance, side.party).order_by("-named_at", "-pk"), PAGE_SIZE).get_page(page)
    newest: dict[int, Split] = {}
    for split in Split.objects.filter(result__in=[one.pk for one in paged]).order_by("number"):
        newest[split.result_id] = split
    ours = SplitAcceptance.objects.filter(split__in=newest.values(), party=side.party)
    accepted = set(ours.values_list("split_id", flat=True))
    names = {party.organisation.key: party.organisation.name for party in alliance.parties.all()}
    own = side.party.organisation.key
    rows = [_row(result, newest.get(result.pk), names, accepted, own) for result in paged]
    blocked = rules.why_not_bind(may_bind=side.may_bind) or rules.why_not_name(alliance, "-")
    return ResultsPage(alliance=alliance, side=side, rows=rows, page=paged, name_blocked=blocked)


def results_of(alliance: Alliance, party: Party) -> QuerySet[Result]:
    """Return the joint results that a party reads: not those divided before its time."""
    found = Result.objects.filter(alliance=alliance)
    if party.reads_from is None:
        return found
    return found.exclude(pk__in=Split.objects.filter(agreed_at__lt=party.reads_from).values("result"))


def _row(result: Result, split: Split | None, names: dict[str, str], accepted: set[int], own: str) -> ResultRow:
    """Return what the list shows of a result; `accepted` are the divisions that the reader's side has agreed to."""
    if split is None:
        return ResultRow(result, None, [], waits_for_us=False)
    shares = [(names[one["party"]], one["share"] / rules.WHOLE) for one in split.content["shares"]]
    is_ours = any(one["party"] == own for one in split.content["shares"])
    return ResultRow(result, split, shares, waits_for_us=is_ours and split.pk not in accepted)


def result_for(actor: Person, key: str) -> tuple[Result, Alliance, Side]:
    """Return a joint result with its alliance and the actor's side. Raises Http404 if it is none of their business."""
    result = get_object_or_404(Result.objects.select_related("alliance", "split"), key=key)
    alliance, side = alliance_for(actor, result.alliance.key)
    if side.party.reads_from is not None and not results_of(alliance, side.party).filter(pk=result.pk).exists():
        raise Http404
    result.alliance = alliance
    return result, alliance, side


def result_page(actor: Person, key: str) -> ResultPage:
    """Return a joint result as one of the parties sees it. Raises Http404 if it is none of their business."""
    result, alliance, side = result_for(actor, key)
    versions = list(Split.objects.filter(result=result).select_related("by_party__organisation").order_by("-number"))
    newest = versions[0] if versions else None
    content: dict[str, Any] = newest.content if newest else {"way": "", "shares": []}
    accepted = {one.party_id: one for one in SplitAcceptance.objects.filter(split=newest).select_related("person")}
    found = standings_of(alliance) if content["way"] == Way.PROPORTIONAL else {}
    standings, read = list(found.values()), list(read_by(found, side.party).values())
    parties = rules.dividing(alliance.parties.all(), versions)
    is_outdated = rules.is_outdated(newest, parties)
    divides = rules.why_not_divide(side.party, parties)
    binds = rules.why_not_bind(may_bind=side.may_bind)
    seen, has_accepted = newest.sha256 if newest else "", side.party.pk in accepted
    agreement = agreement_for(alliance.charter, alliance, side) if result.split else None
    return ResultPage(
        alliance=alliance,
        side=side,
        result=result,
        newest=newest,
        versions=versions,
        shares=_shares(content, alliance, side, accepted),
        worth=_worth(content, alliance),
        counted=_book(content.get("lines", []), read),
        left_out=_book(content.get("left_out", []), read),
        n_unread=len(content.get("lines", [])) - len(_book(content.get("lines", []), read)),
        is_outdated=is_outdated,
        has_moved=newest is not None and rules.has_moved(content, standings),
        agreement=agreement,
        suggestion=_suggestion(result) if agreement else "",
        propose_blocked=binds or divides,
        accept_blocked=binds
        or divides
        or rules.why_not_accept_split(newest, seen=seen, has_accepted=has_accepted, is_outdated=is_outdated),
    )


def _shares(
    content: dict[str, Any], alliance: Alliance, side: Side, accepted: dict[int, SplitAcceptance]
) -> list[ShareRow]:
    """Return the share of each party."""
    said = {one["party"]: one for one in content["shares"]}
    return [
        ShareRow(
            party,
            said[party.organisation.key]["share"] / rules.WHOLE,
            float(Fraction(said[party.organisation.key]["weight"])),
            accepted.get(party.pk),
            party == side.party,
        )
        for party in alliance.parties.all()
        if party.organisation.key in said
    ]


def _worth(content: dict[str, Any], alliance: Alliance) -> list[tuple[str, float]]:
    """Return what each group of parties would make, by their names; the small groups first."""
    names = {party.organisation.key: party.organisation.name for party in alliance.parties.all()}
    rows = content.get("worth", [])
    return [(" + ".join(names[key] for key in row["parties"]), float(row["worth"])) for row in rows]


def _book(rows: list[dict[str, Any]], standings: list[rules.Standing]) -> list[BookRow]:
    """Return the lines of the book that a division names, as they stood when it was worked out."""
    lines = {one.line.number: one.line for one in standings}
    return [
        BookRow(
            key=line.key,
            number=line.number,
            note=line.note,
            giver=line.giver.organisation.name,
            value=float(row.get("counted") or row["value"]),
            state=row.get("state", ""),
        )
        for row in rows
        if (line := lines.get(row["number"]))
    ]


def _suggestion(result: Result) -> str:
    """Return the query that carries the agreed shares to the form of an IP table."""
    assert result.split is not None  # noqa: S101 - asked for agreed ones only
    shares = [("share", f"{one['party']}:{one['share']}") for one in result.split.content["shares"] if one["share"]]
    return urlencode([("kind", "foreground"), ("title", result.title), *shares])


def open_splits_of(alliance: Alliance, party: Party) -> int:
    """Return how many results that a party reads have no division that all agreed to, or a newer one that waits."""
    newest = Split.objects.filter(result=OuterRef("pk")).order_by("-number").values("agreed_at")[:1]
    results = results_of(alliance, party).annotate(agreed_at=Subquery(newest))
    return results.filter(agreed_at__isnull=True).count()
