"""Saved views on the pages: chips above both lists, saving, preferring and undoing without script."""

import html
from urllib.parse import parse_qs, urlsplit

import pytest

from permea.ideas.models import SavedView

pytestmark = pytest.mark.usefixtures("settings_dir", "clock")


@pytest.fixture
def mara(client_of, manager):
    return client_of(manager)


def text(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def entries(make_challenge, make_idea):
    """Return the list of a closed challenge with an entry of a supplier and one of a customer."""
    challenge = make_challenge(closed=True)
    make_idea(challenge=challenge, title="Grip softly", source="supplier")
    make_idea(challenge=challenge, title="Look twice", source="customer")
    return f"/challenges/{challenge.key}/ideas/"


def test_filters_are_saved_from_the_list_and_stand_above_it(mara, entries):
    shown = text(mara.get(f"{entries}?source=supplier&sort=title"))
    link = next(part for part in shown.split('"') if part.startswith("/saved-views/entries/?"))
    page, said = mara.get(link), parse_qs(urlsplit(link).query)
    saved = mara.post(
        "/saved-views/entries/", {"name": "Suppliers", **{name: value[0] for name, value in said.items()}}
    )
    again = text(mara.get(saved.url))

    assert ("Supplier · by title, A to Z" in text(page), urlsplit(saved.url).path) == (True, entries)
    assert 'aria-current="true"><span dir="auto">Suppliers' in again
    assert ("Grip softly" in again, "Look twice" in again) == (True, False)


def test_the_preferred_view_opens_first_and_can_be_left(mara, entries):
    mara.post("/saved-views/entries/", {"name": "Suppliers", "source": "supplier", "sort": "title"})
    key = SavedView.objects.get().key
    preferred = mara.post(f"/saved-views/{key}/prefer/", {"next": entries})
    first, plain = text(mara.get(entries)), text(mara.get(f"{entries}?sort=-submitted"))
    mara.post(f"/saved-views/{key}/prefer/", {"action": "drop"})

    assert preferred.url == f"/saved-views/entries/?next={entries.replace('/', '%2F')}"
    assert ("Look twice" in first, "Look twice" in plain, "Look twice" in text(mara.get(entries))) == (
        False,
        True,
        True,
    )


def test_views_of_the_inbox_are_renamed_shared_deleted_and_taken_back(mara, make_posting, client_of, owner):
    posting = make_posting(text="The belt stops.", source="supplier")
    query = {"state": "all", "source": "supplier", "box": posting.box.key}
    mara.post("/saved-views/inbox/", {"name": "Suppliers", **query})
    key = SavedView.objects.get().key
    nameless = mara.post(f"/saved-views/{key}/rename/", {"name": ""}, follow=True)
    mara.post(f"/saved-views/{key}/rename/", {"name": "All of theirs", "is_shared": "on"})
    others, page = text(client_of(owner).get("/inbox/")), text(mara.get("/saved-views/inbox/"))
    taken = mara.post("/saved-views/inbox/", {"name": "all of theirs", **query})
    deleted = text(mara.post(f"/saved-views/{key}/delete/", follow=True))
    mara.post(f"/saved-views/{key}/restore/")

    assert ("Nothing is changed" in text(nameless), "by Mara Manager" in others) == (True, True)
    assert f"Supplier · Everything · {posting.box.title}" in page
    assert (taken.status_code, "“All of theirs” is deleted." in deleted) == (409, True)
    assert ("All of theirs" in text(mara.get("/inbox/")), mara.post("/saved-views/inbox/", query).status_code) == (
        True,
        422,
    )


def test_a_shared_view_shows_nobody_more_and_is_nobody_elses_to_change(
    mara, entries, client_of, owner, other_owner, make_challenge, make_idea
):
    mara.post("/saved-views/entries/", {"name": "All", "q": "grip", "sort": "title", "is_shared": "on"})
    view, sealed = SavedView.objects.get(), make_challenge()
    make_idea(challenge=sealed, title="Grip in secret")
    hidden = text(client_of(owner).get(f"/challenges/{sealed.key}/ideas/?q=grip&sort=title"))
    changes = {
        client_of(person).post(f"/saved-views/{view.key}/{action}/", {"name": "Mine"}).status_code
        for person in (owner, other_owner)
        for action in ("rename", "prefer", "delete", "restore")
    }

    assert ("Grip in secret" in hidden, changes) == (False, {404})
    assert (client_of(other_owner).get(entries).status_code, mara.get("/saved-views/shelf/").status_code) == (404, 404)
    assert mara.post(f"/saved-views/{view.key}/prefer/", {"next": "https://evil.example/"}).url.endswith(
        "challenges%2F"
    )


def test_a_refused_change_says_why(mara):
    for name in ("One", "Two"):
        mara.post("/saved-views/inbox/", {"name": name, "state": "all"})
    two = SavedView.objects.get(name="Two")

    assert "of this name already" in text(mara.post(f"/saved-views/{two.key}/rename/", {"name": "one"}, follow=True))
