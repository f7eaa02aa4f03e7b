"""Entries that build on earlier ones: said by who writes them, read by who may, and never before the deadline."""

from datetime import timedelta

import pytest
from django.test import Client

from permea.foundation.refusals import RefusedError
from permea.ideas import queries, services
from permea.ideas.models import BuildsOn, Idea
from permea.people.queries import personal_data_of
from tests.cast import AT

STEP = {"name": "discuss", "days": 7, "circle": "everyone", "options": {}}


@pytest.fixture
def earlier(make_challenge, make_idea, solver):
    """Return an entry that everybody reads."""
    return make_idea(challenge=make_challenge(closed=True, steps=[STEP]), author=solver, title="Tap it")


@pytest.fixture
def draft(make_challenge, make_idea, solver_two):
    """Return a draft of somebody else in an open challenge of the same firm."""
    return make_idea(challenge=make_challenge(), author=solver_two, submitted=False)


def build_on(idea, earlier, actor, at=AT):
    """Say it."""
    return services.build_on(idea_id=idea.pk, earlier_id=earlier.pk, actor=actor, at=at)


def refused(idea, earlier, actor, at=AT):
    """Return with which code it is refused."""
    with pytest.raises(RefusedError) as error:
        build_on(idea, earlier, actor, at)
    return error.value.refusal.code


def test_it_is_said_once_and_taken_back(earlier, draft, solver_two):
    both = [build_on(draft, earlier, solver_two).pk for _time in range(2)]
    named = queries.built_on(draft)
    services.take_back_building_on(idea_id=draft.pk, earlier_id=earlier.pk, actor=solver_two, at=AT)

    assert (len(set(both)), named, queries.built_on(draft)) == (1, [earlier], [])


def test_it_is_refused_to_others_and_after_the_deadline(earlier, draft, solver, solver_two):
    late = draft.challenge.closes_at

    assert [refused(draft, earlier, solver), refused(draft, earlier, solver_two, late)] == [
        "ideas.not_contributor", "ideas.too_late",
    ]  # fmt: skip


def test_no_entry_builds_on_itself_nor_in_a_circle_nor_on_more_than_five(earlier, draft, make_idea, solver_two):
    others = [make_idea(challenge=earlier.challenge) for _more in range(5)]
    BuildsOn.objects.create(idea=others[0], earlier=draft, said_by=solver_two, said_at=AT)
    codes = [refused(draft, draft, solver_two), refused(draft, others[0], solver_two)]
    for other in [earlier, *others[1:]]:
        build_on(draft, other, solver_two)

    assert [*codes, refused(draft, make_idea(challenge=earlier.challenge), solver_two)] == [
        "ideas.builds_on_itself", "ideas.builds_in_a_circle", "ideas.builds_on_too_many",
    ]  # fmt: skip


def test_what_builds_on_an_entry_is_not_even_counted_while_it_is_sealed(earlier, draft, solver, solver_two, owner):
    build_on(draft, earlier, solver_two)
    Idea.objects.filter(pk=draft.pk).update(status="submitted", submitted_at=AT, n_versions=1)
    closed = draft.challenge.closes_at
    sealed, told = (queries.lineage_of(solver, earlier, at) for at in (closed - timedelta(seconds=1), closed))
    inside, own = queries.lineage_of(owner, earlier, closed), queries.lineage_of(solver_two, draft, AT)

    assert (bool(sealed), told.later, told.n_later_unread, inside.later) == (False, [], 1, [draft])
    assert (own.earlier, own.n_earlier_unread, queries.built_on_by([earlier.pk], closed)) == (
        [], 1, {earlier.pk: frozenset({draft.pk})},
    )  # fmt: skip


def test_whoever_reads_an_entry_takes_it_into_one_of_their_own(earlier, draft, solver_two, client_of, clock):
    client, address = client_of(solver_two), f"/read/{earlier.challenge.key}/{earlier.key}/"
    offered = client.get(address).text
    nowhere = client.post(f"{address}build/", {"place": "elsewhere"})
    built = client.post(f"{address}build/", {"place": draft.key})
    shown = client.get(f"/my/ideas/{draft.key}/edit/").text
    gone = [client.post(f"/my/ideas/{draft.key}/built-on/{earlier.key}/").status_code for _time in range(2)]

    assert ([draft.key in offered, draft.challenge.key in offered], nowhere.url) == ([True, True], address)
    assert (built.url, "Tap it" in shown, gone) == (f"/my/ideas/{draft.key}/edit/", True, [302, 404])
    assert "Sign in to build on it" in Client().get(address).text


def test_a_new_entry_begins_with_what_it_builds_on(earlier, make_challenge, solver_two, client_of, clock):
    fresh = make_challenge()
    client = client_of(solver_two)
    address = client.post(f"/read/{earlier.challenge.key}/{earlier.key}/build/", {"place": fresh.key}).url
    page = client.get(address).text
    client.post(address, {fresh.participation_terms.key: "on", fresh.ip_terms.key: "on"})
    (entry,) = Idea.objects.filter(challenge=fresh)

    assert ("builds on “Tap it”" in page, queries.built_on(entry)) == (True, [earlier])


def test_what_the_reader_cannot_name_is_said_on_the_page(earlier, draft, make_idea, solver_two, client_of, clock):
    for _more in range(5):
        build_on(draft, make_idea(challenge=earlier.challenge), solver_two)
    client, address = client_of(solver_two), f"/read/{earlier.challenge.key}/{earlier.key}/"
    told = client.post(f"{address}build/", {"place": draft.key}, follow=True).text
    clock.at = draft.challenge.closes_at
    late = client.post(f"/my/ideas/{draft.key}/built-on/{queries.built_on(draft)[0].key}/")

    assert ("at most 5 others" in told, late.status_code) == (True, 409)


def test_a_text_that_is_removed_takes_along_what_it_built_on_and_the_own_data_have_it(earlier, draft, solver_two):
    build_on(draft, earlier, solver_two)
    (told,) = personal_data_of(solver_two)["ideas"]
    services.remove_text(idea_id=draft.pk, actor=solver_two, at=AT)

    assert (told["builds_on"], queries.built_on(draft)) == ([earlier.key], [])
