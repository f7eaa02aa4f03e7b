"""The funnel by stage and source, and how long answers take."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from permea.evaluation import services as evaluation
from permea.evaluation.models import Assignment
from permea.measures import queries
from permea.selection import services as selection
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def answered(make_challenge, make_idea, owner, evaluator):
    """Return a decided challenge: five started, four handed in, three reviewed, one awarded; the rest declined."""
    challenge = make_challenge(closed=True, title="The decided one")
    sources = ("university", "university", "customer", "customer")
    entries = [make_idea(challenge=challenge, source=source) for source in sources]
    make_idea(challenge=challenge, submitted=False)
    told = {"challenge_id": challenge.pk, "actor": owner, "at": AT}
    evaluation.set_panel(**told, reviews_per_idea=1, minutes_per_review=5, n_shortlist=1, certainty_wanted=90)
    evaluation.seat_members(**told, persons=[evaluator])
    evaluation.deal_out(**told)
    keys = list(challenge.criteria.values_list("key", flat=True))
    for assignment in Assignment.objects.filter(idea__in=entries[:3]):
        evaluation.submit_review(
            assignment_id=assignment.pk, actor=evaluator, scores=dict.fromkeys(keys, 3), recommendation="",
            reason="Plausible.", private_note="", at=AT,
        )  # fmt: skip
    no = selection.DecisionInput("decline", "below_bar", "Thank you; another one met the test better.")
    yes = selection.DecisionInput("award", "best_fit", "Yours is the one we want to build with you.")
    selection.decide(**told, decisions={entry.key: yes if entry == entries[0] else no for entry in entries})
    selection.release_answers(**told)
    return challenge


def test_each_stage_is_a_part_of_the_one_before(answered, owner, organisation):
    view = queries.funnel_for(owner, organisation, answered.key, at=AT)

    assert [(row.code, row.n) for row in view.stages] == [
        ("started", 5), ("handed_in", 4), ("reviewed", 3), ("answered", 3), ("kept", 1), ("awarded", 1),
    ]  # fmt: skip
    kept = view.stages[4]
    assert (round(kept.share, 3), kept.lower < 1 / 3 < kept.upper) == (0.333, True)


def test_sources_are_counted_among_answered_entries(answered, owner, organisation):
    view = queries.funnel_for(owner, organisation, "", at=AT)

    assert [(row.source, row.n_entries, row.n_awarded) for row in view.sources] == [
        ("Customer", 2, 0), ("University or institute", 2, 1),
    ]  # fmt: skip


def test_open_entries_count_as_long_as_they_wait(answered, make_challenge, make_idea, owner, organisation):
    waiting = make_challenge(closed=True, title="The waiting one")
    for _number in range(6):
        make_idea(challenge=waiting)

    everything = queries.funnel_for(owner, organisation, "", at=AT).answer_time
    decided = queries.funnel_for(owner, organisation, answered.key, at=AT).answer_time

    assert (everything.n, everything.n_open, everything.median) == (10, 6, None)
    assert (decided.n, decided.n_open, decided.median is not None) == (4, 0, True)


def test_while_entries_come_in_nothing_of_them_is_counted(make_challenge, make_idea, owner, organisation):
    challenge = make_challenge()
    make_idea(challenge=challenge)

    before = queries.funnel_for(owner, organisation, "", at=challenge.closes_at - timedelta(seconds=1))
    after = queries.funnel_for(owner, organisation, "", at=challenge.closes_at)

    assert (before.challenges, before.stages[0].n, after.stages[1].n) == ([], 0, 1)


def test_another_firms_challenges_are_not_counted(answered, other_owner, organisation):
    assert queries.funnel_for(other_owner, organisation, answered.key, at=AT).challenges == []


def test_the_page_shows_it_and_teaches_while_empty(organisation, owner, client_of, request):
    client = client_of(owner)
    assert "Nothing to measure yet" in assert_page_ok(client.get(reverse("measures:funnel"))).text

    challenge = request.getfixturevalue("answered")

    page = assert_page_ok(client.get(reverse("measures:funnel"), {"challenge": challenge.key}))
    assert "The decided one" in page.text


def test_members_without_a_say_do_not_find_it(member, client_of):
    assert client_of(member).get(reverse("measures:funnel")).status_code == 404
