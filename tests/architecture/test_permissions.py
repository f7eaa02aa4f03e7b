"""Every address x every kind of actor, against the committed table permissions.csv.

A new address without a row fails; so does every answer that is not the committed one. To write what was observed, for
review in the diff: `pytest tests/architecture/test_permissions.py --update-permissions -n 0`. A method without a row is
refused (405) to everybody; `sign in` is a redirect to the sign-in page. What differs by state (sealed entries, others'
scores) has tests of its own.

The partner is somebody of a partner's organisation under a live agreement about what is kept in rooms; the former
partner is of the same organisation, and their agreement is over. Not among the actors yet, because nothing tells them
apart yet: the hub operator.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import walking
from tests.architecture.planted_urls import WITH_A_HOLE, WITH_A_NEW_ADDRESS, urlpatterns

TABLE = walking.Table(Path(__file__).with_name("permissions.csv"))


@pytest.mark.no_cover  # it runs what is tested elsewhere, and all of it
@pytest.mark.parametrize("actors", [walking.ACTORS[:5], walking.ACTORS[5:]], ids=", ".join)
def test_every_address_answers_as_the_table_says(world, actors, request):
    assert tuple(world.actors) == walking.ACTORS
    found, said = walking.addresses(), []
    for actor in actors:
        answers = walking.Walker(world, actor).answers(found)
        if request.config.getoption("--update-permissions"):
            TABLE.write(actor, answers, found)
        said += walking.departures(actor, answers, TABLE.read(), found)

    assert not said, "\n".join(said)


def test_every_row_names_an_address_that_exists():
    routes = {address.route for address in walking.addresses()}

    assert [key for key in TABLE.read() if key[1] not in routes] == []


@pytest.fixture
def planted(settings, owner, stranger, tmp_path):
    """Return a small world with its table, and a function that says how an actor's answers depart from it."""
    settings.ROOT_URLCONF = "tests.architecture.planted_urls"
    world = walking.World(
        actors={"anonymous": None, "stranger": stranger, "owner": owner},
        segments={"secrets": "abc"},
        bodies={"POST /secrets/<key>/rename/": {"name": "x"}},
    )
    table = walking.Table(tmp_path / "permissions.csv")

    def departures(actor: str, patterns: list, *, is_update: bool = False) -> list[str]:
        settings.ROOT_URLCONF = type("Addresses", (), {"urlpatterns": patterns})
        found = [address for address in walking.addresses() if not address.route.startswith("/account/")]
        answers = walking.Walker(world, actor).answers(found)
        if is_update:
            table.write(actor, answers, found)
        return walking.departures(actor, answers, table.read(), found)

    for actor in world.actors:
        departures(actor, urlpatterns, is_update=True)
    return departures, table


def test_the_table_is_readable(planted):
    rows = planted[1].read()

    assert (rows["GET", "/secrets/<key>/"] | {}) == {
        "method": "GET", "route": "/secrets/<key>/", "name": "secret",
        **dict.fromkeys(walking.ACTORS, "405"), "anonymous": "sign in", "stranger": "404", "owner": "200",
    }  # fmt: skip
    assert rows["POST", "/secrets/<key>/rename/"]["owner"] == "200"


def test_a_walk_leaves_nothing_behind(planted, owner):
    owner.refresh_from_db()

    assert owner.name == "Olga Owner"


def test_a_sound_walk_departs_from_nothing(planted):
    assert [planted[0](actor, urlpatterns) for actor in ("anonymous", "stranger", "owner")] == [[], [], []]


def test_a_planted_address_without_a_row_is_found(planted):
    assert planted[0]("stranger", WITH_A_NEW_ADDRESS) == [
        "/secrets/<key>/copy/ (copy) has no row",
        "GET /secrets/<key>/copy/: stranger gets 200, the table says 405",
        "POST /secrets/<key>/copy/: stranger gets 200, the table says 405",
    ]


def test_a_planted_hole_behind_an_old_address_is_found(planted):
    departures, _table = planted

    assert [departures(actor, WITH_A_HOLE)[0] for actor in ("anonymous", "stranger")] == [
        "GET /secrets/<key>/: anonymous gets 200, the table says sign in",
        "GET /secrets/<key>/: stranger gets 200, the table says 404",
    ]
    assert departures("owner", WITH_A_HOLE) == []


@pytest.mark.parametrize(
    ("route", "filled"),
    [
        ("/challenges/<key>/edit/<step>/", "/challenges/one/edit/problem/"),
        ("/api/challenges/<key>/ideas", "/api/challenges/one/ideas"),
        ("/my/ideas/<key>/edit/", "/my/ideas/mine/edit/"),
        ("/ideas/<key>/", "/ideas/theirs/"),
    ],
)
def test_parameters_are_filled_by_the_path_before_them(route, filled):
    segments = {"challenges": "one", "edit": "problem", "my/ideas": "mine", "ideas": "theirs"}

    assert walking.fill(route, segments) == filled


def test_a_parameter_that_nothing_fills_is_named():
    with pytest.raises(KeyError, match=r"world\.segments says nothing for 'awards'"):
        walking.fill("/awards/<key>/", {})


@pytest.mark.parametrize(
    ("route", "plain"),
    [
        ("challenges/<str:key>/", "challenges/<key>/"),
        (r"^confirm-email/(?P<key>[-:\w]+)/$", "confirm-email/<key>/"),
        (r"^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "reset/<uidb36>-<key>/"),
    ],
)
def test_routes_are_written_plainly(route, plain):
    assert walking._plain(route) == plain
