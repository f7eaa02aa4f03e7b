"""What may be done with themes, how they are called, and where they and their entries stand on the map."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.ideas.models import Theme, ThemeChange

WORDS_OF_THEME, WORDS_IN_NAME = 6, 3
MAX_THEMES, MAX_THEME_NAME = 40, 80
TYPICAL = 3  # entries shown for each theme
SORTED_AT_ONCE = 300  # entries whose themes are worked out while somebody waits; more are left to the background
DOTS = 600  # entries drawn on the map; of more, an even share of each theme
NO_THEME = "none"  # stands for a theme's key where an entry is in none

AREA, WIDE, HIGH = 260_000.0, 1000.0, 620.0
SMALLEST, GAP, MARGIN = 26.0, 26.0, 14.0
LETTER, LABEL_HIGH, LABEL_LETTERS = 7.5, 40.0, 16
ROUNDS = 300
GOLDEN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class Dot:
    """An entry on the map: its number, how well it fits its theme (None for unknown), and to which side it leans."""

    idea_id: int
    theme_id: int
    fit: float | None
    leans: float


@dataclass(frozen=True, slots=True)
class Disc:
    """A theme on the map, as large as it has entries, with its number in the list and a short label."""

    theme_id: int
    number: int
    label: str
    x: float
    y: float
    radius: float
    dots: list[tuple[int, float, float]]


@dataclass(frozen=True, slots=True)
class ThemeMap:
    """All themes with entries, and the part of the plane they need."""

    left: float
    top: float
    width: float
    height: float
    discs: list[Disc]


def name_of_words(words: Sequence[str]) -> str:
    """Return what a theme is called until somebody names it; empty if no words tell it apart."""
    return ", ".join(words[:WORDS_IN_NAME])[:MAX_THEME_NAME]


def why_not_theme_name(name: str, *, taken: Collection[str]) -> Refusal | None:
    """Return why a theme cannot have this name, or None if it can; `taken` are the names of the other ones."""
    if not name.strip():
        return Refusal("ideas.theme_no_name", _("Give the theme a name."))
    if len(name.strip()) > MAX_THEME_NAME:
        return Refusal("ideas.theme_name_too_long", _("Please keep the name under 80 characters."))
    if name.strip().casefold() in {other.casefold() for other in taken}:
        return Refusal("ideas.theme_name_taken", _("Another theme has this name. Choose another one."))
    return None


def why_not_more_themes(n_themes: int) -> Refusal | None:
    """Return why there can be no further theme, or None if there can."""
    if n_themes < MAX_THEMES:
        return None
    words = _("There are %(most)d themes, more than that nobody keeps apart. Merge some first.")
    return Refusal("ideas.too_many_themes", words % {"most": MAX_THEMES})


def why_not_merge_themes(theme: Theme, into: Theme) -> Refusal | None:
    """Return why a theme cannot become part of another, or None if it can."""
    if theme.pk == into.pk or theme.challenge_id != into.challenge_id:
        return Refusal("ideas.theme_elsewhere", _("Choose two different themes of one challenge."))
    return None


def why_not_undo_theme_change(change: ThemeChange, *, taken: Collection[str]) -> Refusal | None:
    """Return why a merged or removed theme cannot be brought back, or None if it can; `taken` are the themes' names."""
    if change.closed_at is not None:
        return Refusal(
            "ideas.theme_change_closed", _("New themes were found since, so this cannot be undone any more.")
        )
    if change.named_at is not None and change.name.casefold() in {other.casefold() for other in taken}:
        return Refusal("ideas.theme_name_taken", _("Another theme has this name by now. Rename that one first."))
    return why_not_more_themes(len(taken))


def theme_map(themes: Sequence[Theme], dots: Sequence[Dot]) -> ThemeMap:
    """Return the map of themes, in the order of the list: near where they are alike, and no disc over another.

    The area of a disc tells how many entries it has. In its middle stand the entries that fit best, further out the
    others, on the side they lean to. What was moved there by hand comes last.
    """
    members: dict[int, list[Dot]] = defaultdict(list)
    for dot in dots:
        members[dot.theme_id].append(dot)
    shown = [(number, theme) for number, theme in enumerate(themes, start=1) if members[theme.pk]]
    radii = [max(SMALLEST, math.sqrt(AREA * len(members[theme.pk]) / len(dots) / math.pi)) for _number, theme in shown]
    labels = [_label(theme.name) for _number, theme in shown]
    reach = [max(radius, LETTER * (len(label) + 2)) + GAP for radius, label in zip(radii, labels, strict=True)]
    places = _apart(_spread([theme for _number, theme in shown]), reach)
    step = max(1, math.ceil(len(dots) / DOTS))
    discs = [
        Disc(
            theme.pk,
            number,
            label,
            *_rounded(*place),
            round(radius, 1),
            _placed(members[theme.pk], place, radius, step),
        )
        for (number, theme), label, place, radius in zip(shown, labels, places, radii, strict=True)
    ]
    return _framed(discs, reach)


def _label(name: str) -> str:
    """Return the first words of a name, short enough to stand above a disc."""
    first = name.partition(",")[0]
    return first if len(first) <= LABEL_LETTERS else f"{first[: LABEL_LETTERS - 1].rstrip()}…"


def _spread(themes: Sequence[Theme]) -> list[tuple[float, float]]:
    """Return where themes stand on a plane of fixed size; one that stands nowhere yet near the middle."""
    known = [(theme.x, theme.y) for theme in themes if theme.x is not None and theme.y is not None]
    across, down = ([abs(place[axis]) for place in known] for axis in (0, 1))
    scale_x, scale_y = WIDE / 2 / (max(across, default=0) or 1), HIGH / 2 / (max(down, default=0) or 1)
    places = []
    for turn, theme in enumerate(themes):
        # Apart by a little in directions that never coincide, so that even equal places can be pushed apart.
        x, y = (theme.x or 0.0) * scale_x, (theme.y or 0.0) * scale_y
        places.append((x + math.cos(turn * GOLDEN), y + math.sin(turn * GOLDEN)))
    return places


def _apart(places: list[tuple[float, float]], reach: Sequence[float]) -> list[tuple[float, float]]:
    """Return places pushed apart until no disc reaches into another."""
    moved = [list(place) for place in places]
    for _round in range(ROUNDS):
        is_free = True
        for one in range(len(moved)):
            for other in range(one):
                across, down = moved[one][0] - moved[other][0], moved[one][1] - moved[other][1]
                distance = math.hypot(across, down) or 1.0
                lacking = reach[one] + reach[other] - GAP - distance
                if lacking > 0:
                    is_free = False
                    for end, sign in ((one, 0.5), (other, -0.5)):
                        moved[end][0] += sign * lacking * across / distance
                        moved[end][1] += sign * lacking * down / distance
        if is_free:
            break
    return [(x, y) for x, y in moved]


def _placed(
    members: Sequence[Dot], place: tuple[float, float], radius: float, step: int
) -> list[tuple[int, float, float]]:
    """Return entries around the middle of their theme: the better one fits the nearer, each on the side it leans to."""
    ordered = sorted(members, key=lambda dot: (dot.fit is None, -(dot.fit or 0.0), dot.idea_id))
    placed = []
    for rank in range(0, len(ordered), step):
        away = (radius - MARGIN) * math.sqrt((rank + 0.5) / len(ordered))
        at = place[0] + away * math.cos(ordered[rank].leans), place[1] + away * math.sin(ordered[rank].leans)
        placed.append((ordered[rank].idea_id, *_rounded(*at)))
    return placed


def _rounded(x: float, y: float) -> tuple[float, float]:
    return round(x, 1), round(y, 1)


def _framed(discs: list[Disc], reach: Sequence[float]) -> ThemeMap:
    """Return the map with the part of the plane it needs."""
    if not discs:
        return ThemeMap(0, 0, WIDE, HIGH, [])
    left = min(disc.x - room for disc, room in zip(discs, reach, strict=True))
    right = max(disc.x + room for disc, room in zip(discs, reach, strict=True))
    top = min(disc.y - disc.radius for disc in discs) - LABEL_HIGH
    foot = max(disc.y + disc.radius for disc in discs) + MARGIN
    return ThemeMap(*_rounded(left, top), *_rounded(right - left, foot - top), discs)
