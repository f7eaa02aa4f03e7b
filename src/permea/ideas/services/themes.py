"""Working out what entries are about, and what people make of it: their names and places stay."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from permea.challenges.models import Challenge
from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.models import Idea, Theme, ThemeEntry, ThemeWork
from permea.ideas.services.theme_changes import close_theme_changes, note_theme_change
from permea.ideas.services.theme_locks import demand_sorting, hold, locked_challenge, locked_theme, names_of
from permea.people.models import Person
from permea.surface.meaning import Encoder, encoder

if TYPE_CHECKING:
    from permea_engine.themes import Themes


@dataclass(frozen=True, slots=True, eq=False)
class _Sorted:
    """Entries in themes as they came out: for each number the theme it is known as, None for a new one."""

    texts: queries.ThemeTexts
    found: Themes
    themes: list[Theme | None]
    words: list[list[str]]
    before: dict[int, ThemeEntry]
    is_held: bool


@transaction.atomic
def ask_for_themes(*, challenge_id: int, actor: Person, at: datetime) -> None:
    """Note that somebody wants themes worked out. Raises RefusedError as `rules.why_not_look` says."""
    demand_sorting(locked_challenge(challenge_id), actor, at)
    ThemeWork.objects.update_or_create(challenge_id=challenge_id, defaults={"asked_at": at})


def work_out_themes(*, challenge_id: int, at: datetime, is_afresh: bool = False, reader: Encoder | None = None) -> int:
    """Put the entries of a closed challenge in themes and return how many themes there are; none of a sealed one.

    Themes that people changed stay, and entries are placed in them, unless all is worked out afresh. Other themes stay
    as long as they are about as clear as those that would be found anew, and those of nearly the same entries as before
    stay the same theme. The work runs outside the transaction; if somebody changes a theme meanwhile, it begins again.
    """
    challenge = Challenge.objects.get(pk=challenge_id)
    if challenge.is_sealed_at(at):
        return 0
    while True:
        work, _created = ThemeWork.objects.get_or_create(challenge=challenge)
        release = (reader or encoder()).version
        done = _sorted(challenge, release, is_held=work.held_at is not None and not is_afresh, is_afresh=is_afresh)
        with transaction.atomic():
            locked_challenge(challenge_id)
            if not ThemeWork.objects.filter(pk=work.pk, held_at=work.held_at).exists():
                continue
            return _store(challenge, done, at)


def _sorted(challenge: Challenge, release: str, *, is_held: bool, is_afresh: bool) -> _Sorted:
    """Work out which theme each entry is in."""
    from permea_engine import themes as engine  # noqa: PLC0415 - NumPy loads at first use

    texts, before = queries.theme_texts(challenge, release), queries.entries_in_themes(challenge)
    known = queries.themes_of(challenge)
    number = {theme.pk: place for place, theme in enumerate(known)}
    labels = [number.get(before[pk].theme_id or 0, -1) if pk in before else -1 for pk in texts.ids]
    if is_held:
        fixed = [pk in before and before[pk].moved_at is not None for pk in texts.ids]
        found = engine.place_in_themes(texts.vectors, labels, n_themes=len(known), fixed=fixed)
        themes: list[Theme | None] = [*known]
    else:
        found = engine.find_themes(texts.vectors, earlier=None if is_afresh else labels)
        same = engine.match_themes(labels, found.labels)
        themes = [known[same[one]] if one in same else None for one in range(len(found.places))]
    words = engine.telling_words(texts.texts, found.labels, n=rules.WORDS_OF_THEME)
    return _Sorted(texts, found, themes, words, before, is_held)


def _store(challenge: Challenge, done: _Sorted, at: datetime) -> int:
    """Store themes and what is in them; return how many there are."""
    themes = [
        _kept(challenge, theme, done, number)
        for number, theme in enumerate(done.themes)
    ]  # fmt: skip
    Theme.objects.filter(challenge=challenge).exclude(pk__in=[theme.pk for theme in themes]).delete()
    there = set(Idea.objects.filter(pk__in=done.texts.ids, text_removed_at__isnull=True).values_list("pk", flat=True))
    labels, leans = done.found.labels.tolist(), done.found.directions.tolist()
    rows = [
        ThemeEntry(
            idea_id=pk,
            theme=themes[label] if label >= 0 else None,
            fit=fit if label >= 0 else None,
            leans=lean,
            moved_at=done.before[pk].moved_at if done.is_held and pk in done.before else None,
        )
        for pk, label, fit, lean in zip(done.texts.ids, labels, done.found.fits.tolist(), leans, strict=True)
        if pk in there
    ]
    ThemeEntry.objects.filter(idea__challenge=challenge).delete()
    ThemeEntry.objects.bulk_create(rows, batch_size=500)
    said = {"n_entries": len(rows), "worked_out_at": at, "asked_at": None}
    ThemeWork.objects.filter(challenge=challenge).update(**said, **({} if done.is_held else {"held_at": None}))
    if not done.is_held:
        close_theme_changes(challenge_id=challenge.pk, at=at)
    return len(themes)


def _kept(challenge: Challenge, theme: Theme | None, done: _Sorted, number: int) -> Theme:
    """Store what a theme is called and where it stands; a name that somebody gave stays while themes are held."""
    theme = theme or Theme(challenge=challenge)
    x, y = done.found.places[number].tolist()
    theme.x, theme.y = (None, None) if x != x else (x, y)  # noqa: PLR0124 - nan alone differs from itself
    theme.words = done.words[number] if number < len(done.words) else []
    if not done.is_held:
        theme.named_at = None
    if theme.named_at is None:
        theme.name = rules.name_of_words(theme.words)
    theme.save()
    return theme


@transaction.atomic
def rename_theme(*, theme_id: int, name: str, actor: Person, at: datetime) -> Theme:
    """Give a theme a name that stays. Raises RefusedError as `rules.why_not_theme_name` says."""
    theme = locked_theme(theme_id, actor, at)
    demand(rules.why_not_theme_name(name, taken=names_of(theme.challenge_id, besides=theme.pk)))
    theme.name, theme.named_at = name.strip(), at
    theme.save(update_fields=["name", "named_at"])
    hold(theme.challenge_id, at)
    return theme


@transaction.atomic
def make_theme(*, challenge_id: int, name: str, actor: Person, at: datetime) -> Theme:
    """Make a theme that has no entries yet.

    Raises RefusedError as `rules.why_not_theme_name` and `rules.why_not_more_themes` say.
    """
    demand_sorting(locked_challenge(challenge_id), actor, at)
    names = names_of(challenge_id)
    demand(rules.why_not_more_themes(len(names)))
    demand(rules.why_not_theme_name(name, taken=names))
    theme = Theme.objects.create(challenge_id=challenge_id, name=name.strip(), named_at=at)
    hold(challenge_id, at)
    return theme


@transaction.atomic
def merge_themes(*, theme_id: int, into_id: int, actor: Person, at: datetime) -> Theme:
    """Make a theme part of another, which keeps its name. Raises RefusedError as `rules.why_not_merge_themes` says."""
    theme = locked_theme(theme_id, actor, at)
    into = Theme.objects.get(pk=into_id)
    demand(rules.why_not_merge_themes(theme, into))
    note_theme_change(theme=theme, into=into, actor=actor, at=at)
    ThemeEntry.objects.filter(theme=theme).update(theme=into, fit=None)
    theme.delete()
    hold(into.challenge_id, at)
    return into


@transaction.atomic
def remove_theme(*, theme_id: int, actor: Person, at: datetime) -> None:
    """Remove a theme; its entries are in none until themes are worked out again."""
    theme = locked_theme(theme_id, actor, at)
    note_theme_change(theme=theme, into=None, actor=actor, at=at)
    ThemeEntry.objects.filter(theme=theme).update(theme=None, fit=None, moved_at=None)
    theme.delete()
    hold(theme.challenge_id, at)


@transaction.atomic
def move_entries(*, theme_id: int, idea_keys: Collection[str], actor: Person, at: datetime) -> int:
    """Move entries of its challenge to a theme, where they stay, and return how many."""
    theme = locked_theme(theme_id, actor, at)
    ideas = queries.opened(actor, theme.challenge, at).filter(key__in=idea_keys)
    rows = [ThemeEntry(idea=idea, theme=theme, moved_at=at) for idea in ideas]
    ThemeEntry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["idea"], update_fields=["theme", "fit", "moved_at"]
    )
    hold(theme.challenge_id, at)
    return len(rows)
