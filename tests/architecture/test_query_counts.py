"""Each list page and API list asks the database as often for one item as for three: at most twelve times.

The numbers are committed in query_counts.json. To write what was observed, for review in the diff:
`pytest tests/architecture/test_query_counts.py --update-query-counts -n 0`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.architecture import walking

COUNTS = Path(__file__).with_name("query_counts.json")
MOST = 12
# Not a list but the whole of a challenge in one document: more is allowed, as long as it does not grow.
DOCUMENTS = {"selection:dossier"}
# Pages whose name ends like this show a list; each of them must stand in the fixture `list_pages`.
LIST_NAMES = {
    "follow_ups",
    "sources",
    "list",
    "mine",
    "home",
    "feed",
    "team",
    "goals",
    "mails",
    "notices",
    "queue",
    "ranking",
    "tokens",
    "panel",
    "today",
    "decide",
    "select",
    "funnel",
    "inbox",
    "boxes",
    "panels",
    "prototypes",
    "questions",
    "manage",
    "moderation",
    "deadlines",
    "my_deadlines",
    "obligations",
    "publications",
    "shortlists",
    "views",
}


def look(page: walking.ListPage) -> tuple[int, int]:
    """Return how many queries a page takes, those for the session included, and how long it is."""
    client, person = Client(), page.person
    address = page.address() if callable(page.address) else page.address
    if person is not None:
        client.force_login(person)
    client.get(address)  # what is made once a process (content types, compiled templates) is made now
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, f"{address} answers {response.status_code}"
    return len(captured), len(response.content)


def measure(pages) -> dict[str, tuple[int, int, bool]]:
    """Return, by page, how many queries it takes with one item and with three, and whether it became longer.

    Pages that grow by the same are looked at together.
    """
    counts = {}
    for add in dict.fromkeys(page.add for page in pages.values()):
        growing = {name: page for name, page in pages.items() if page.add == add}
        add()
        ones = {name: look(page) for name, page in growing.items()}
        add()
        add()
        for name, page in growing.items():
            (with_one, length_of_one), (with_three, length_of_three) = ones[name], look(page)
            counts[name] = (with_one, with_three, length_of_three > length_of_one)
    return counts


def lists_that_exist() -> set[str]:
    """Return the names of all pages and API operations that list."""
    found = walking.addresses()
    pages = {address.name for address in found if not address.is_api and address.name.rpartition(":")[2] in LIST_NAMES}
    return pages | {address.name for address in found if address.is_api and address.name.startswith("api:list_")}


def departures(counts: dict[str, tuple[int, int, bool]], committed: dict[str, int]) -> list[str]:
    """Return one sentence for every page that asks more with more items, too much, or other than committed."""
    said = []
    for name, (one, three, is_longer) in sorted(counts.items()):
        if not is_longer:
            said.append(f"{name}: shows no more with three items than with one, so nothing was measured")
        if three != one:
            said.append(f"{name}: {one} queries with one item, {three} with three")
        if three > MOST and name not in DOCUMENTS:
            said.append(f"{name}: {three} queries, at most {MOST} are allowed")
        if three != committed.get(name):
            said.append(f"{name}: {three} queries, committed are {committed.get(name, 'none')}")
    return said + [f"{name}: is not measured any more" for name in sorted(committed.keys() - counts.keys())]


@pytest.mark.no_cover  # it runs what is tested elsewhere, and all of it
def test_every_list_asks_the_same_for_one_item_and_for_three(list_pages, request):
    assert lists_that_exist() - list_pages.keys() == set()
    counts = measure(list_pages)
    if request.config.getoption("--update-query-counts"):
        COUNTS.write_text(
            json.dumps({name: three for name, (_one, three, _is_longer) in sorted(counts.items())}, indent=2) + "\n"
        )

    said = departures(counts, json.loads(COUNTS.read_text()))
    assert not said, "\n".join(said)


def test_a_planted_query_an_item_is_found():
    assert departures(
        {"ideas:list": (5, 7, True), "ideas:mine": (13, 13, True), "ledger:list": (4, 4, False)},
        {"ideas:list": 5, "ideas:mine": 13, "gone:list": 3},
    ) == [
        "ideas:list: 5 queries with one item, 7 with three",
        "ideas:list: 7 queries, committed are 5",
        "ideas:mine: 13 queries, at most 12 are allowed",
        "ledger:list: shows no more with three items than with one, so nothing was measured",
        "ledger:list: 4 queries, committed are none",
        "gone:list: is not measured any more",
    ]


@pytest.mark.django_db
def test_queries_are_counted(settings, owner):
    settings.ROOT_URLCONF = type("Addresses", (), {"urlpatterns": _pages_that_ask(3)})

    assert look(walking.ListPage("/asks/", None, add=lambda: None)) == (3, len(b"[1, 1, 1]"))


def _pages_that_ask(times: int) -> list:
    from django.http import HttpResponse
    from django.urls import path

    from permea.people.models import Person

    return [
        path("asks/", lambda _request: HttpResponse(str([Person.objects.count() for _ in range(times)])), name="asks")
    ]
