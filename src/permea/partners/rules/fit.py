"""How well partners fit what a firm looks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permea.foundation.refusals import Refusal
from permea.partners.models import WorkingPreferences
from permea.partners.rules.directory import folded


class Criterion(models.TextChoices):
    """What partners are compared by."""

    CAPABILITIES = "capabilities", gettext_lazy("What they can do")
    GOALS = "goals", gettext_lazy("What they look for")
    STYLE = "style", gettext_lazy("How they work")
    STANCE = "stance", gettext_lazy("Whose results are")
    RECORD = "record", gettext_lazy("What was done together")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a firm looks for: `wanted` and `given` are names of capabilities, empty fields do not count.

    `countries` and `kinds` knock out who is not among them; `is_exclusive_out` who wants all results alone.
    """

    wanted: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    language: str = ""
    channel: str = ""
    decision: str = ""
    response_hours: int | None = None
    ip_stance: str = ""
    kind: str = ""
    country: str = ""
    is_exclusive_out: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A capability that is known: its name as it is searched in, 1 to 5, and whether the partner said it itself."""

    name: str
    level: int
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """How a partner works, as it said itself or the firm noticed; empty where it is not known."""

    language: str = ""
    channel: str = ""
    decision: str = ""
    response_hours: int | None = None
    ip_stance: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a firm knows of one partner."""

    kind: str
    country: str
    offers: tuple[Said, ...]
    needs: tuple[Said, ...]
    ways: Ways
    has_talked: bool
    has_dealt: bool


Range = tuple[float, float]
UNKNOWN: Range = (0.0, 1.0)
ANOTHER: Range = (0.0, 0.3)  # where other capabilities are known, but not this one
IN_COMPOUND = 5  # letters from which a word is looked for inside others: "sensor" in "Abstandssensoren"
BLUR = 0.1  # what a level noticed from outside may be wrong by
BOAST = 0.2  # what a level said of oneself may be too high by
STANCES = [stance.value for stance in WorkingPreferences.Stance]
STYLE = ("language", "channel", "decision")


def why_out(wish: Wish, known: Known) -> str:
    """Return which knock-out a partner falls under, nothing if none."""
    if wish.kind and known.kind != wish.kind:
        return "kind"
    if wish.country and known.country != wish.country:
        return "country"
    return "stance" if wish.is_exclusive_out and known.ways.ip_stance == WorkingPreferences.Stance.EXCLUSIVE else ""


def ranges_of(wish: Wish, known: Known) -> dict[str, Range]:
    """Return the range of a partner in every criterion: what is not known could be anything, from 0 to 1."""
    return {
        Criterion.CAPABILITIES: _mean([filled(gap, known.offers) for gap in wish.wanted]),
        Criterion.GOALS: _mean([filled(gift, known.needs) for gift in wish.given]),
        Criterion.STYLE: _mean(_style(wish, known.ways)),
        Criterion.STANCE: _stance(wish, known.ways),
        Criterion.RECORD: (0.6, 1.0) if known.has_dealt else (0.3, 0.8) if known.has_talked else (0.0, 0.6),
    }


def filled(name: str, said: Sequence[Said]) -> Range:
    """Return how far what is known covers a capability; where others are known, but not this one, hardly."""
    best = _closest(name, said)
    if best is None:
        return ANOTHER if said else UNKNOWN
    level = best.level / 5
    low, high = (level - BOAST, level) if best.is_stated else (level - BLUR, level + BLUR)
    return max(0.0, low), min(1.0, high)


def level_of(name: str, said: Sequence[Said]) -> float:
    """Return the level of a capability from 0 to 1, 0 where nothing is known of it."""
    best = _closest(name, said)
    return best.level / 5 if best else 0.0


def _closest(name: str, said: Sequence[Said]) -> Said | None:
    """Return what is known of a capability at its highest level."""
    return max((one for one in said if is_same_capability(name, one.name)), key=lambda one: one.level, default=None)


@lru_cache(maxsize=50_000)
def is_same_capability(name: str, other: str) -> bool:
    """Say whether one name has all words of the other: words that begin so, or of five letters and more hold them."""
    one, two = folded(name).split(), folded(other).split()
    return _has_all(one, two) or _has_all(two, one)


def _has_all(words: Sequence[str], among: Sequence[str]) -> bool:
    """Say whether each word begins one of the others, or stands in a compound."""
    return bool(words) and all(
        any(other.startswith(word) or (len(word) >= IN_COMPOUND and word in other) for other in among) for word in words
    )


def _mean(ranges: Sequence[Range]) -> Range:
    """Return the mean of ranges, anything of none."""
    if not ranges:
        return UNKNOWN
    return sum(low for low, _high in ranges) / len(ranges), sum(high for _low, high in ranges) / len(ranges)


def _style(wish: Wish, ways: Ways) -> list[Range]:
    """Return for each wish about working whether it is met; a wish of nothing is none."""
    found: list[Range] = []
    for name in STYLE:
        wished, has = getattr(wish, name), getattr(ways, name)
        if wished:
            found.append((float(has == wished),) * 2 if has else UNKNOWN)
    if wish.response_hours is not None:
        hours = ways.response_hours
        found.append(UNKNOWN if hours is None else (min(1.0, wish.response_hours / max(hours, 1)),) * 2)
    return found


def _stance(wish: Wish, ways: Ways) -> Range:
    """Return how near the partner's stance is: the same, or steps away between open and exclusive."""
    if not wish.ip_stance or not ways.ip_stance:
        return UNKNOWN
    steps = abs(STANCES.index(ways.ip_stance) - STANCES.index(wish.ip_stance))
    near = 1 - steps / (len(STANCES) - 1)
    return max(0.0, near - BLUR), min(1.0, near + BLUR)


def why_not_compare(wish: Wish, weights: Mapping[str, int]) -> Refusal | None:
    """Return why partners cannot be compared with a wish, or None if they can."""
    if any(weights_that_count(wish, weights).values()):
        return None
    return Refusal("partners.no_wish", _("Say what you look for, and let at least one thing count."))


def weights_that_count(wish: Wish, weights: Mapping[str, int]) -> dict[str, int]:
    """Return the weights of what was asked for; a criterion about which nothing is wished does not count."""
    asked = {
        Criterion.CAPABILITIES: bool(wish.wanted),
        Criterion.GOALS: bool(wish.given),
        Criterion.STYLE: bool(any(getattr(wish, name) for name in STYLE) or wish.response_hours is not None),
        Criterion.STANCE: bool(wish.ip_stance),
        Criterion.RECORD: True,
    }
    return {one.value: weights.get(one.value, 0) if asked[one] else 0 for one in Criterion}
