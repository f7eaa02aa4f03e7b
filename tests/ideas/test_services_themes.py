"""Themes: found once entries may be read, owned by whoever changes them, gone with the text, seen by managers alone."""

from datetime import timedelta
from itertools import combinations, permutations

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from permea.foundation.refusals import RefusedError
from permea.ideas import queries, services
from permea.ideas.models import Idea, Theme, ThemeChange, ThemeEntry, ThemeWork
from permea.ideas.tasks import find_themes
from permea.surface.meaning import NullEncoder
from tests.cast import AT

WATER = tuple(" ".join(words) for words in list(permutations(["river", "flood", "pump", "valve"]))[:5])
LIGHT = tuple(" ".join(words) for words in list(permutations(["lamp", "street", "sensor", "glass"]))[:5])


class Read:
    """An encoder of this version that does something when it is asked for its version."""

    def __init__(self, version="", meanwhile=None):
        self.said, self.meanwhile = version, meanwhile

    @property
    def version(self):
        if self.meanwhile:
            act, self.meanwhile = self.meanwhile, None
            act()
        return self.said

    def encode(self, texts):
        return np.array([[1, 0] if "river" in text else [0, 1] for text in texts], dtype=np.float32)


@pytest.fixture
def challenge(make_challenge):
    """Return a challenge that closed a day ago."""
    return make_challenge(closed=True)


@pytest.fixture
def entries(challenge, make_idea, solver):
    """Return five entries about water and five about light, all by Sam."""
    return [make_idea(challenge=challenge, author=solver, **said(words)) for words in (*WATER, *LIGHT)]


@pytest.fixture
def themes(challenge, entries):
    """Return the theme of water and that of light, worked out."""
    services.work_out_themes(challenge_id=challenge.pk, at=AT, reader=NullEncoder())
    return [Theme.objects.get(entries__idea=entries[place]) for place in (0, 9)]


def said(words):
    """Return what an entry of these words says."""
    return {"title": words, "summary": words, "body": "for the town"}


def code(call, **values):
    """Return with which code a service refuses."""
    with pytest.raises(RefusedError) as refused:
        call(at=AT, **values)
    return refused.value.refusal.code


def again(challenge, **values):
    """Work the themes out an hour later."""
    return services.work_out_themes(
        challenge_id=challenge.pk, at=AT + timedelta(hours=1), **{"reader": NullEncoder(), **values}
    )


def where(entries):
    """Return the theme of each entry by row number."""
    found = dict(ThemeEntry.objects.values_list("idea_id", "theme_id"))
    return [found.get(idea.pk, "nowhere") for idea in entries]


def test_themes_are_found_with_words_and_say_of_what_and_when(challenge, entries, themes, owner, make_idea):
    water, light = themes
    make_idea(challenge=challenge, title="river pump flood")
    shown = queries.themes_page(owner, challenge, AT)

    assert where(entries) == [water.pk] * 5 + [light.pk] * 5
    assert {"river", "pump"} <= set(water.words)
    assert water.name == ", ".join(water.words[:3])
    assert (shown.work.worked_out_at, shown.work.n_entries, shown.n_entries, shown.n_newer) == (AT, 10, 11, 1)
    assert [(row.number, row.n_entries, len(row.typical)) for row in shown.rows] == [(1, 5, 3), (2, 5, 3)]
    assert [len(disc.dots) for disc in shown.map.discs] == [5, 5]


def test_more_entries_keep_the_themes_they_belong_to(challenge, entries, themes, make_idea):
    more = [
        make_idea(challenge=challenge, **said(words))
        for words in ("river pump flood valve", "lamp street glass sensor")
    ]
    n_found = again(challenge)

    assert (n_found, where([*entries, *more])) == (2, where(entries) + [theme.pk for theme in themes])
    assert set(Theme.objects.values_list("pk", flat=True)) == {theme.pk for theme in themes}


def test_themes_that_still_fit_stay_until_somebody_starts_afresh(challenge, make_idea, solver):
    groups = (
        "river flood pump valve basin leak",
        "lamp street sensor glass grid dimmer",
        "apple farm seed crate mill soil",
    )
    texts = [" ".join(words) for group in groups for words in list(combinations(group.split(), 3))[::4]]
    entries = [make_idea(challenge=challenge, author=solver, **said(words)) for words in texts]
    n_first = again(challenge)
    ThemeEntry.objects.filter(idea__in=entries[10:]).update(theme=ThemeEntry.objects.get(idea=entries[5]).theme)
    coarse = where(entries)
    n_kept, kept = again(challenge), where(entries)
    n_afresh = again(challenge, is_afresh=True)

    assert (n_first, n_kept, n_afresh) == (3, 2, 3)
    assert (kept, len(set(coarse))) == (coarse, 2)


def test_what_people_change_stays_until_they_start_afresh(challenge, entries, themes, owner, make_idea):
    water, light = themes
    services.rename_theme(theme_id=water.pk, name=" Floods ", actor=owner, at=AT)
    mixed = services.make_theme(challenge_id=challenge.pk, name="Both", actor=owner, at=AT)
    services.move_entries(theme_id=mixed.pk, idea_keys=[entries[4].key, entries[9].key], actor=owner, at=AT)
    late = make_idea(challenge=challenge, **said("street lamp glass sensor"))
    held = again(challenge)
    placed = where([*entries, late])
    names = set(Theme.objects.values_list("name", flat=True))
    afresh = again(challenge, is_afresh=True)

    assert (held, placed[4], placed[9], placed[0], placed[10]) == (3, mixed.pk, mixed.pk, water.pk, light.pk)
    assert {"Floods", "Both"} <= names
    assert (afresh, Theme.objects.filter(named_at__isnull=False).count()) == (2, 0)
    assert (ThemeWork.objects.get().held_at, ThemeEntry.objects.filter(moved_at__isnull=False).count()) == (None, 0)


def test_merging_and_removing_stay_and_the_entries_are_placed_again(challenge, entries, themes, owner):
    water, light = themes
    third = services.make_theme(challenge_id=challenge.pk, name="Third", actor=owner, at=AT)
    services.move_entries(theme_id=third.pk, idea_keys=[entries[0].key], actor=owner, at=AT)
    services.merge_themes(theme_id=third.pk, into_id=light.pk, actor=owner, at=AT)
    merged = where(entries)
    services.remove_theme(theme_id=water.pk, actor=owner, at=AT)
    removed = where(entries)
    without = queries.themes_page(owner, challenge, AT).n_without
    n_left = again(challenge)

    assert merged == [light.pk, *[water.pk] * 4, *[light.pk] * 5]
    assert (removed, without) == ([light.pk, *[None] * 4, *[light.pk] * 5], 4)
    assert (n_left, where(entries)) == (1, [light.pk] * 10)


def test_what_was_merged_and_removed_comes_back_with_its_entries(challenge, entries, themes, owner, solver):
    water, light = themes
    hours = [AT + timedelta(hours=number) for number in range(9)]
    third = services.make_theme(challenge_id=challenge.pk, name="Third", actor=owner, at=hours[0])
    services.move_entries(theme_id=third.pk, idea_keys=[entries[0].key, entries[1].key], actor=owner, at=hours[1])
    services.merge_themes(theme_id=third.pk, into_id=water.pk, actor=owner, at=hours[2])
    services.remove_theme(theme_id=water.pk, actor=owner, at=hours[3])
    services.move_entries(theme_id=light.pk, idea_keys=[entries[4].key], actor=owner, at=hours[4])
    services.work_out_themes(challenge_id=challenge.pk, at=hours[5], reader=NullEncoder())
    merged, removed = ThemeChange.objects.order_by("pk")
    undone = [
        services.undo_theme_change(change_id=change.pk, actor=owner, at=at)
        for change, at in ((merged, hours[6]), (merged, hours[7]), (removed, hours[7]))
    ]
    back = {theme.name: theme for theme in Theme.objects.all()}
    shown = queries.themes_page(owner, challenge, hours[8]).changes

    assert (back["Third"].key, back[water.name].key, back[water.name].words) == (third.key, water.key, water.words)
    assert where(entries) == [back["Third"].pk] * 2 + [back[water.name].pk] * 2 + [light.pk] * 6
    assert list(ThemeEntry.objects.filter(theme=back["Third"]).values_list("moved_at", flat=True)) == [hours[1]] * 2
    assert (shown[0].kind, shown[1].into_name, undone[1].closed_at) == ("removed", water.name, hours[6])
    assert {change.undone_by for change in shown} == {owner}


def test_undoing_is_refused_where_it_would_break_something_and_not_offered_after_a_fresh_start(
    challenge, entries, themes, owner, member, solver
):
    water, light = themes
    services.rename_theme(theme_id=water.pk, name="Floods", actor=owner, at=AT)
    services.remove_theme(theme_id=water.pk, actor=owner, at=AT)
    change = {"change_id": ThemeChange.objects.get().pk}
    services.rename_theme(theme_id=light.pk, name="floods", actor=owner, at=AT)

    assert code(services.undo_theme_change, actor=member, **change) == "people.not_manager"
    assert code(services.undo_theme_change, actor=owner, **change) == "ideas.theme_name_taken"
    services.remove_theme(theme_id=light.pk, actor=owner, at=AT)
    Theme.objects.bulk_create(Theme(challenge=challenge, name=f"T {n}") for n in range(40))
    assert code(services.undo_theme_change, actor=owner, **change) == "ideas.too_many_themes"
    again(challenge, is_afresh=True)
    assert code(services.undo_theme_change, actor=owner, **change) == "ideas.theme_change_closed"
    Theme.objects.filter(challenge=challenge).update(named_at=None)
    ThemeChange.objects.update(named_at=None)
    services.forget_author(person=solver, at=AT, with_texts=True)
    assert ThemeChange.objects.count() == 0


def test_a_change_made_while_themes_are_worked_out_is_not_lost(challenge, entries, themes, owner):
    reader = Read(
        meanwhile=lambda: services.rename_theme(theme_id=themes[0].pk, name="Floods", actor=owner, at=AT)
    )  # fmt: skip
    again(challenge, reader=reader)

    assert Theme.objects.get(pk=themes[0].pk).name == "Floods"
    assert ThemeWork.objects.get().worked_out_at == AT + timedelta(hours=1)


def test_several_languages_are_compared_by_meaning_once_all_is_read(challenge, entries, make_idea, solver):
    other = make_idea(challenge=challenge, author=solver, language="de", **said("Pumpe am river"))
    reader = Read("test/1")
    before = queries.theme_texts(challenge, "test/1").vectors.shape[1]
    services.read_meanings(challenge_id=challenge.pk, at=AT, reader=reader)
    after = queries.theme_texts(challenge, "test/1").vectors.shape[1]
    again(challenge, reader=reader)

    assert (before > 2, after) == (True, 2)
    assert where([other]) == where(entries[:1])


def test_who_may_not_read_the_entries_sees_and_changes_nothing(
    make_challenge, make_idea, challenge, entries, themes, owner, member
):
    of_others = {"theme_id": themes[0].pk, "actor": member}
    sealed = make_challenge()
    make_idea(challenge=sealed)
    services.work_out_themes(challenge_id=sealed.pk, at=sealed.opens_at)
    hidden = queries.themes_page(owner, sealed, sealed.opens_at)

    assert code(services.rename_theme, name="Mine", **of_others) == "people.not_manager"
    assert code(services.remove_theme, **of_others) == "people.not_manager"
    assert code(services.ask_for_themes, challenge_id=sealed.pk, actor=owner) == "ideas.sealed"
    assert (hidden.rows, hidden.n_entries, ThemeWork.objects.filter(challenge=sealed).count()) == ([], 0, 0)
    assert (queries.themes_page(member, challenge, AT).rows, queries.themes_to_choose(member, challenge, AT)) == (
        [],
        [],
    )
    assert (len(queries.themes_to_choose(owner, challenge, AT)), queries.themes_to_choose(owner, sealed, AT)) == (2, [])
    with pytest.raises(Http404):
        queries.theme_page(owner, sealed.key, "none", sealed.opens_at, page=1)


def test_what_cannot_be_done_is_refused(challenge, themes, owner, make_challenge):
    water, light = themes
    elsewhere = Theme.objects.create(challenge=make_challenge(closed=True), name="Elsewhere")
    named = {"theme_id": water.pk, "actor": owner}

    assert code(services.rename_theme, name=" ", **named) == "ideas.theme_no_name"
    assert code(services.rename_theme, name="x" * 81, **named) == "ideas.theme_name_too_long"
    assert code(services.rename_theme, name=light.name.upper(), **named) == "ideas.theme_name_taken"
    assert code(services.merge_themes, into_id=water.pk, **named) == "ideas.theme_elsewhere"
    assert code(services.merge_themes, into_id=elsewhere.pk, **named) == "ideas.theme_elsewhere"
    Theme.objects.bulk_create(Theme(challenge=challenge, name=f"T {n}") for n in range(38))
    assert code(services.make_theme, challenge_id=challenge.pk, name="More", actor=owner) == "ideas.too_many_themes"
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.filter(pk=water.pk).update(x=None)


def test_with_its_text_an_entry_leaves_its_theme_and_words_of_it_alone_go(challenge, entries, themes, solver):
    Idea.objects.exclude(pk=entries[0].pk).delete()
    Theme.objects.filter(pk=themes[1].pk).update(named_at=AT)
    services.forget_author(person=solver, at=AT, with_texts=True)
    n_found = again(challenge)

    assert (ThemeEntry.objects.count(), Theme.objects.filter(pk=themes[0].pk).exists(), n_found) == (0, False, 0)


def test_themes_that_were_asked_for_are_worked_out_in_the_background(challenge, entries, owner):
    services.ask_for_themes(challenge_id=challenge.pk, actor=owner, at=AT)
    waiting = queries.theme_work(challenge).asked_at
    find_themes.call(challenge.pk)

    assert (waiting, queries.theme_work(challenge).asked_at, Theme.objects.count()) == (AT, None, 2)
