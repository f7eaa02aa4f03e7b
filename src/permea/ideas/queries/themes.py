"""Themes of a challenge's entries: what they are worked out of, and what those who may read the entries see of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.challenges.models import Challenge
from permea.ideas import rules
from permea.ideas.models import Idea, Theme, ThemeChange, ThemeEntry, ThemeWork
from permea.ideas.queries.inside import managed_challenge, opened
from permea.ideas.queries.similar import index_of, vectors_of
from permea.people.models import Person
from permea.people.queries import managed_organisation_ids

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from scipy import sparse

PAGE_SIZE = 50
CHANGES = 20  # merged and removed themes that are listed


@dataclass(frozen=True, slots=True, eq=False)
class ThemeTexts:
    """The entries that are put in themes: their row numbers, their texts, and the vectors they are compared by."""

    ids: list[int]
    texts: list[tuple[str, str]]
    vectors: sparse.csr_matrix | ArrayLike


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme in the list: its number there, how many entries it has, and the most typical of them."""

    number: int
    theme: Theme
    n_entries: int
    typical: list[Idea]


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """The themes of a challenge, the largest first, their map, and what was merged and removed, the last first."""

    work: ThemeWork | None
    rows: list[ThemeRow]
    map: rules.ThemeMap
    titles: dict[int, str]
    n_entries: int
    n_newer: int
    n_without: int
    changes: list[ThemeChange]


@dataclass(frozen=True, slots=True)
class ThemePage:
    """One theme, or with None what is in none, with a page of its entries and the other themes of the challenge."""

    challenge: Challenge
    theme: Theme | None
    page: Page[Idea]
    others: list[Theme]


def theme_texts(challenge: Challenge, encoder: str) -> ThemeTexts:
    """Return the handed-in entries with what tells how alike they are.

    That is their words. Words part languages before anything else, so entries in several languages are compared by
    their meaning, once this `encoder` has told that of all.
    """
    fields = ("pk", "title", "summary", "body", "language")
    readable = Idea.objects.filter(
        challenge=challenge, status=Idea.Status.SUBMITTED, text_removed_at__isnull=True
    ).order_by("pk")
    rows = list(readable.values_list(*fields))
    meanings = dict(vectors_of(challenge, encoder).values_list("idea_id", "values")) if _is_mixed(rows) else {}
    if meanings and all(row[0] in meanings for row in rows):
        vectors: sparse.csr_matrix | ArrayLike = rules.unpacked([bytes(meanings[row[0]]) for row in rows])
    else:
        held = index_of(challenge)
        position = {pk: number for number, (pk, _at) in enumerate(held.marks)}
        rows = [row for row in rows if row[0] in position]
        vectors = held.index.vectors[[position[row[0]] for row in rows]]
    texts = [(title, f"{summary}\n{body}") for _pk, title, summary, body, _language in rows]
    return ThemeTexts([row[0] for row in rows], texts, vectors)


def _is_mixed(rows: list[Any]) -> bool:
    """Say whether there are entries in more than one language."""
    return len({rules.language_family(row[4]) for row in rows}) > 1


def theme_work(challenge: Challenge) -> ThemeWork | None:
    """Return when the themes of a challenge were asked for and worked out, None if never."""
    return ThemeWork.objects.filter(challenge=challenge).first()


def themes_of(challenge: Challenge) -> list[Theme]:
    """Return the themes of a challenge, those made first before the others."""
    return list(Theme.objects.filter(challenge=challenge).order_by("pk"))


def themes_to_choose(actor: Person, challenge: Challenge, at: datetime) -> list[Theme]:
    """Return the themes by name for those who may read the entries, none to others."""
    if challenge.is_sealed_at(at):
        return []
    readable = Theme.objects.filter(challenge=challenge, challenge__organisation__in=managed_organisation_ids(actor))
    return sorted(readable, key=lambda theme: (theme.name.casefold(), theme.pk))


def themes_page(actor: Person, challenge: Challenge, at: datetime) -> ThemesPage:
    """Return the themes of a challenge; nothing of them while it is sealed or to those who do not manage it."""
    readable = opened(actor, challenge, at)
    dots = [rules.Dot(*row) for row in readable.filter(in_theme__theme__isnull=False).values_list(
        "pk", "in_theme__theme_id", "in_theme__fit", "in_theme__leans"
    )]  # fmt: skip
    n_entries = readable.count()
    n_placed = readable.filter(in_theme__isnull=False).count()
    members: dict[int, list[rules.Dot]] = defaultdict(list)
    for dot in sorted(dots, key=lambda dot: (-(dot.fit if dot.fit is not None else -1.0), dot.idea_id)):
        members[dot.theme_id].append(dot)
    themes = themes_of(challenge) if n_entries else []
    themes.sort(key=lambda theme: (-len(members[theme.pk]), theme.pk))
    drawn = rules.theme_map(themes, dots)
    typical = [dot.idea_id for dots_of in members.values() for dot in dots_of[: rules.TYPICAL]]
    ideas = readable.only("key", "title", "language").in_bulk(
        {*typical, *(idea_id for disc in drawn.discs for idea_id, _x, _y in disc.dots)}
    )
    rows = [
        ThemeRow(number, theme, len(members[theme.pk]), [ideas[d.idea_id] for d in members[theme.pk][: rules.TYPICAL]])
        for number, theme in enumerate(themes, start=1)
    ]
    titles = {pk: idea.title for pk, idea in ideas.items()}
    work = theme_work(challenge) if n_entries else None
    changes = _changes(challenge) if n_entries else []
    return ThemesPage(work, rows, drawn, titles, n_entries, n_entries - n_placed, n_placed - len(dots), changes)


def _changes(challenge: Challenge) -> list[ThemeChange]:
    """Return which themes of a challenge were merged and removed, the last first."""
    changes = ThemeChange.objects.filter(challenge=challenge).select_related("made_by", "undone_by")
    return list(changes.order_by("-pk")[:CHANGES])


def managed_theme(actor: Person, key: str, theme_key: str) -> Theme:
    """Return a theme of a challenge the actor manages. Raises Http404 for all others."""
    challenge = managed_challenge(actor, key)
    return get_object_or_404(Theme.objects.select_related("challenge"), challenge=challenge, key=theme_key)


def managed_theme_change(actor: Person, key: str, change_key: str) -> ThemeChange:
    """Return a merged or removed theme of a challenge the actor manages. Raises Http404 for all others."""
    return get_object_or_404(ThemeChange, challenge=managed_challenge(actor, key), key=change_key)


def theme_page(actor: Person, key: str, theme_key: str, at: datetime, *, page: int) -> ThemePage:
    """Return a theme with its entries, the most typical first; with the key "none" what is in no theme.

    Raises Http404 where there is no such theme for the actor, and while the challenge is sealed.
    """
    challenge = managed_challenge(actor, key)
    if challenge.is_sealed_at(at):
        raise Http404
    theme = None if theme_key == rules.NO_THEME else managed_theme(actor, key, theme_key)
    found = opened(actor, challenge, at).filter(in_theme__isnull=False, in_theme__theme=theme)
    found = found.select_related("author", "in_theme").order_by(F("in_theme__fit").desc(nulls_last=True), "pk")
    others = [one for one in themes_of(challenge) if theme is None or one.pk != theme.pk]
    others.sort(key=lambda one: (one.name.casefold(), one.pk))
    return ThemePage(challenge, theme, Paginator(found, PAGE_SIZE).get_page(page), others)


def entries_in_themes(challenge: Challenge) -> dict[int, ThemeEntry]:
    """Return which theme the entries of a challenge are in, by the row number of the entry."""
    return {one.idea_id: one for one in ThemeEntry.objects.filter(idea__challenge=challenge)}
