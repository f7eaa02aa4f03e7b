"""Who fits: the partners of a firm compared with what it looks for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from permea.foundation.refusals import demand
from permea.partners import rules
from permea.partners.models import Capability, Partner, WorkingPreferences
from permea.partners.rules import Criterion
from permea.people.models import Organisation, Person
from permea.people.queries import role_in

if TYPE_CHECKING:
    from permea_engine.fit import Fit

SHOWN, MOST_NAMES = 20, 300
NAMES = [criterion.value for criterion in Criterion]
OFFERS, NEEDS = Capability.Kind.OFFERS.value, Capability.Kind.NEEDS.value
WAYS = ("partner_id", "language", "channel", "decision", "response_hours", "ip_stance")
NOTHING_SAID = rules.Ways()
WIDE = 0.08  # of the whole score; what leaves less open is not worth a question


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner and how it fits: scores from 0 to 100, and the share of draws in which it is among the first.

    `matches` are the wanted things it can do, with the level; `lacks` those nothing is known of; `open` the criteria
    that leave most of its score open.
    """

    partner: Partner
    low: float
    middle: float
    high: float
    top: float
    matches: list[tuple[str, int]]
    lacks: list[str]
    open: list[str]


@dataclass(frozen=True, slots=True)
class FitPage:
    """The partners that fit best, who fills the gaps together, and how many were knocked out by what."""

    candidates: list[Candidate]
    n_compared: int
    n_out: dict[str, int]
    team: list[Partner]
    team_value: float
    team_lacks: list[str]


def candidates_of(actor: Person, organisation: Organisation) -> dict[int, rules.Known]:
    """Return what a firm knows of each of its partners, by row number; nothing to who may not read them."""
    if role_in(actor, organisation.pk) not in rules.READING:
        return {}
    said: dict[tuple[int, str], list[rules.Said]] = defaultdict(list)
    columns = ("partner_id", "kind", "name", "level", "stated_by_id")
    for partner_id, kind, name, level, stated_by in _capabilities(organisation).values_list(*columns):
        said[partner_id, kind].append(rules.Said(name, level, is_stated=stated_by is not None))
    # What they said of themselves comes last, and so counts.
    rows = WorkingPreferences.objects.filter(organisation=organisation).order_by("is_stated").values_list(*WAYS)
    ways = {partner_id: rules.Ways(*row) for partner_id, *row in rows}
    partners = Partner.objects.filter(organisation=organisation, archived_at__isnull=True).order_by("pk")
    return {
        pk: rules.Known(
            kind=kind,
            country=country,
            offers=tuple(said[pk, OFFERS]),
            needs=tuple(said[pk, NEEDS]),
            ways=ways.get(pk, NOTHING_SAID),
            has_talked=talked_at is not None,
            has_dealt=dealt_at is not None,
        )
        for pk, kind, country, talked_at, dealt_at in partners.values_list(
            "pk", "party__kind", "party__country", "talked_at", "dealt_at"
        )
    }


def _capabilities(organisation: Organisation) -> QuerySet[Capability]:
    """Return what partners that are not put away can do and look for."""
    return Capability.objects.filter(organisation=organisation, partner__archived_at__isnull=True).order_by("pk")


def known_capabilities(organisation: Organisation) -> list[str]:
    """Return names of what partners can do, those of most partners first."""
    offered = _capabilities(organisation).filter(kind=Capability.Kind.OFFERS).values_list("name", flat=True)
    return [name for name, _n in Counter(offered).most_common(MOST_NAMES)]


def fit_of(
    actor: Person, organisation: Organisation, wish: rules.Wish, weights: Mapping[str, int], *, k: int = 5
) -> FitPage:
    """Compare the partners with a wish. Raises RefusedError as `rules.why_not_compare` says."""
    from permea_engine.fit import fit  # noqa: PLC0415 - NumPy loads at first use

    demand(rules.why_not_compare(wish, weights))
    known = candidates_of(actor, organisation)
    reasons = {pk: rules.why_out(wish, one) for pk, one in known.items()}
    inside = [pk for pk, reason in reasons.items() if not reason]
    n_out = dict(Counter(reason for reason in reasons.values() if reason))
    if not inside:
        return FitPage([], 0, n_out, [], 0.0, list(wish.wanted))
    counted = rules.weights_that_count(wish, weights)
    ranges = [rules.ranges_of(wish, known[pk]) for pk in inside]
    low, high = ([[one[name][end] for name in NAMES] for one in ranges] for end in (0, 1))
    found = fit(low, high, [counted[name] for name in NAMES], k=k)
    rows = [int(row) for row in found.order[:SHOWN]]
    together, value, lacks = _team(inside, wish, known)
    shown = Partner.objects.select_related("party").in_bulk({*together, *(inside[row] for row in rows)})
    return FitPage(
        candidates=[_candidate(shown[inside[row]], row, found, wish, known[inside[row]]) for row in rows],
        n_compared=len(inside),
        n_out=n_out,
        team=[shown[pk] for pk in together],
        team_value=value,
        team_lacks=lacks,
    )


def _candidate(partner: Partner, row: int, found: Fit, wish: rules.Wish, known: rules.Known) -> Candidate:
    """Return one partner with what speaks for it and what is not known."""
    levels = {gap: round(5 * rules.level_of(gap, known.offers)) for gap in wish.wanted}
    widths = sorted(zip(found.width[row].tolist(), NAMES, strict=True), reverse=True)
    return Candidate(
        partner=partner,
        low=100 * float(found.low[row]),
        middle=100 * float(found.middle[row]),
        high=100 * float(found.high[row]),
        top=float(found.top[row]),
        matches=[(gap, level) for gap, level in levels.items() if level],
        lacks=[gap for gap, level in levels.items() if not level],
        open=[name for width, name in widths if width >= WIDE],
    )


def _team(inside: list[int], wish: rules.Wish, known: Mapping[int, rules.Known]) -> tuple[list[int], float, list[str]]:
    """Return who fills the gaps together, which share of them, and what nobody fills."""
    from permea_engine.fit import team  # noqa: PLC0415 - as above

    if not wish.wanted:
        return [], 0.0, []
    levels = [[rules.level_of(gap, known[pk].offers) for gap in wish.wanted] for pk in inside]
    found = team(levels, [1] * len(wish.wanted))
    lacks = [gap for gap, level in zip(wish.wanted, found.filled, strict=True) if not level]
    return [inside[row] for row in found.members], found.value, lacks
