"""Themes on the pages: found, looked at, put right and filtered by, all without script."""

import html

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from permea.ideas import rules
from permea.ideas.models import Theme, ThemeChange, ThemeEntry, ThemeWork

pytestmark = pytest.mark.usefixtures("settings_dir", "clock")


@pytest.fixture
def mara(client_of, manager):
    return client_of(manager)


@pytest.fixture
def page(make_challenge, make_idea, solver):
    """Return the address of the themes of a closed challenge with three entries about water and three about light."""
    challenge = make_challenge(closed=True)
    for words in ("river pump flood", "pump flood river", "flood river pump"):
        make_idea(challenge=challenge, author=solver, title=words, summary=words, body="for the town")
    for words in ("lamp street glass", "street glass lamp", "glass lamp street"):
        make_idea(challenge=challenge, author=solver, title=words, summary=words, body="for the town")
    return f"/challenges/{challenge.key}/themes/"


def text(response):
    return html.unescape(response.content.decode())


def done(client, address, **values):
    """Send a form and return the page it leads to."""
    return text(client.post(address, values, follow=True))


def test_themes_are_found_shown_on_the_map_and_filtered_by(mara, page):
    before, after = text(mara.get(page)), done(mara, f"{page}find/")
    theme = Theme.objects.get(entries__idea__title="river pump flood")
    listed = text(mara.get(page.replace("themes/", f"ideas/?theme={theme.key}")))
    afresh = done(mara, f"{page}find/", afresh="yes")

    assert ("No themes yet" in before, "The entries are in 2 themes." in after) == (True, True)
    assert (after.count('class="theme-disc"'), after.count('class="theme-dot"')) == (2, 6)
    assert ("Find new themes" in after, "The entries are in 2 themes." in afresh) == (True, True)
    assert ("river pump flood" in listed, "lamp street glass" in listed) == (True, False)
    assert f'<option value="{theme.key}" selected' in listed


def test_a_theme_is_renamed_entries_moved_and_themes_made_merged_and_removed(mara, page):
    done(mara, f"{page}find/")
    water, light = (
        Theme.objects.get(entries__idea__title=title) for title in ("river pump flood", "lamp street glass")
    )
    of_water, idea = f"{page}{water.key}/", water.entries.first().idea
    renamed = done(mara, f"{of_water}rename/", name="Floods")
    refused = done(mara, f"{page}new/", name="Floods")
    made = done(mara, f"{page}new/", name="Other")
    other = Theme.objects.get(name="Other")
    moved = done(mara, f"{of_water}move/", into=other.key, idea=idea.key)
    nothing = done(mara, f"{of_water}move/", into=other.key)
    inside = text(mara.get(f"{page}{other.key}/"))
    same = done(mara, f"{page}{other.key}/merge/", into=other.key)
    merged = done(mara, f"{page}{other.key}/merge/", into=light.key)
    removed = done(mara, f"{of_water}remove/")
    left = text(mara.get(f"{page}none/"))
    change = ThemeChange.objects.get(kind="removed")
    undo = page.replace("themes/", f"theme-changes/{change.key}/undo/")
    undone = done(mara, undo)

    assert ("The name is kept" in renamed, "Another theme has this name" in refused) == (True, True)
    assert ("The theme is there" in made, "Moved. They stay" in moved, "No entry was chosen" in nothing) == (True,) * 3
    assert ("moved here by hand" in inside, "Choose two different themes" in same) == (True, True)
    assert ("one theme now" in merged, "2 entries are in no theme" in removed) == (True, True)
    assert (undo in removed, undo in undone, "The theme is there again" in undone) == (True, False, True)
    assert ("“Other” became part of" in undone, "undone by Mara" in undone) == (True, True)
    assert ("In no theme" in left, ThemeEntry.objects.filter(theme=light).count()) == (True, 4)


def test_themes_of_many_entries_are_left_to_the_background(mara, page, monkeypatch):
    monkeypatch.setattr(rules, "SORTED_AT_ONCE", 5)
    with transaction.atomic():
        shown = done(mara, f"{page}find/")

    assert ("in the background, asked for" in shown, Theme.objects.count()) == (True, 0)
    assert ThemeWork.objects.get().asked_at is not None
    assert DBTaskResult.objects.filter(task_path__endswith="find_themes").count() == 1


def test_while_entries_are_sealed_there_are_none(mara, make_challenge, make_idea):
    challenge = make_challenge()
    make_idea(challenge=challenge, title="Secret river")
    page = f"/challenges/{challenge.key}/themes/"

    assert ("Secret" in text(mara.get(page)), "Entries are sealed" in done(mara, f"{page}find/")) == (False, True)
    assert (mara.get(f"{page}none/").status_code, Theme.objects.count()) == (404, 0)
