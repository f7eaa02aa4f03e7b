"""Finding entries by their words: the database keeps the index with every change, and knows no operators but words."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from permea.ideas import queries, rules, services
from permea.ideas.models import Idea
from permea.ideas.queries import Filters
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_challenge(make_challenge):
    """Return a challenge that no entry came into."""
    return make_challenge()


def found(challenge, actor, text, **filters):
    """Return the titles of the entries found, in alphabetical order."""
    listed = queries.entries_of(actor, challenge, challenge.closes_at, filters=Filters(text=text, **filters), page=1)
    return sorted(idea.title for idea in listed.page)


def test_words_and_beginnings_of_words_are_found_whatever_their_case_and_accents(make_idea, make_challenge, owner):
    challenge = make_challenge()
    make_idea(challenge=challenge, title="Mobilitat a l’Eixample", summary="Més bicicletes, Straße i col·legis.")

    asked = ("MOBILITAT", "mobil", "eixample mes", "més BICI", "strasse", "STRAßE", "legis", "l'eixample", "col·le")

    assert [found(challenge, owner, text) for text in asked] == [["Mobilitat a l’Eixample"]] * len(asked)
    assert [found(challenge, owner, text) for text in ("ilitat", "tram", "mobilitat tram")] == [[], [], []]


def test_scripts_without_spaces_and_bare_signs_are_found_anywhere(make_idea, make_challenge, owner):
    challenge = make_challenge()
    make_idea(challenge=challenge, title="自動収穫ロボット", summary="C++ inside.")

    assert [found(challenge, owner, text) for text in ("収穫", "++", "収穫 inside", "種")] == [
        ["自動収穫ロボット"],
        ["自動収穫ロボット"],
        ["自動収穫ロボット"],
        [],
    ]


def test_the_index_follows_every_change(make_idea, make_challenge, owner):
    challenge = make_challenge()
    idea = make_idea(challenge=challenge, title="Gripper")
    services.save_draft(idea_id=idea.pk, actor=idea.author, at=AT, title="Camera")
    services.submit_idea(idea_id=idea.pk, actor=idea.author, at=AT + timedelta(minutes=1))
    revised = [found(challenge, owner, text) for text in ("gripper", "camera")]
    Idea.objects.filter(pk=idea.pk).update(search_text="")
    emptied = found(challenge, owner, "camera")
    other = make_idea(challenge=challenge, title="Camera two")
    services.withdraw_idea(idea_id=other.pk, actor=other.author, at=AT)

    assert (revised, emptied, found(challenge, owner, "camera")) == ([[], ["Camera"]], [], [])


def test_words_join_the_other_filters_and_are_found_in_this_challenge_only(make_idea, make_challenge, owner):
    challenge, other = make_challenge(), make_challenge()
    for title, source in (("Red gripper", "customer"), ("Blue gripper", "supplier")):
        idea = make_idea(challenge=challenge, title=title)
        Idea.objects.filter(pk=idea.pk).update(source=source)
    make_idea(challenge=other, title="Green gripper")

    assert found(challenge, owner, "grip") == ["Blue gripper", "Red gripper"]
    assert found(challenge, owner, "grip", source="supplier") == ["Blue gripper"]


def test_a_search_never_finds_a_sealed_entry(make_idea, make_challenge, owner, manager, evaluator):
    challenge = make_challenge()
    make_idea(challenge=challenge, title="Secret gripper")
    before, wanted = challenge.closes_at - timedelta(microseconds=1), Filters(text="secret")

    pages = [
        queries.entries_of(actor, challenge, at, filters=wanted, page=1).page.paginator.count
        for at in (before, challenge.closes_at)
        for actor in (owner, manager, evaluator)
    ]

    assert pages == [0, 0, 0, 1, 1, 0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example('"')
@example("AND OR NOT NEAR( ^a* {x}:y -z")
@example("a'b\\'c & | ! <-> :*")
@example("\ufb03²𝟘ⅷ")
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40))
def test_nothing_that_can_be_typed_breaks_a_search(empty_challenge, owner, typed):
    assert found(empty_challenge, owner, typed) == []


def test_pages_deep_in_the_list_hold_their_own_rows_in_order(make_idea, make_challenge, owner):
    challenge = make_challenge()
    made = [make_idea(challenge=challenge, title=f"T{n}") for n in range(5)]

    pages = [
        queries.entries_of(
            owner, challenge, challenge.closes_at, filters=Filters(sort="title"), page=number, size=2
        ).page
        for number in (1, 2, 3, 9)
    ]

    assert [[idea.pk for idea in page] for page in pages] == [
        [made[0].pk, made[1].pk],
        [made[2].pk, made[3].pk],
        [made[4].pk],
        [made[4].pk],
    ]
    assert (pages[1].has_next(), pages[2].has_next(), pages[3].number) == (True, False, 3)


def test_what_is_searched_is_what_is_stored(make_idea, make_challenge):
    idea = make_idea(challenge=make_challenge(), title="Ärger", summary="Größe")

    assert idea.search_text == rules.search_text_of("Ärger", "Größe") == "arger\ngrosse"
