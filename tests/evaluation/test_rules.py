"""What may be judged by whom, and how work is spread."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permea.challenges.models import Challenge, Criterion
from permea.evaluation import rules
from permea.evaluation.models import Assignment, Panelist
from permea.evaluation.rules import Seat
from permea.people.models import Person
from permea.people.rules import house_marks

TOLD = {"recommendation": "", "reason": "Because.", "private_note": ""}


def code(refusal):
    return refusal and refusal.code


@pytest.mark.parametrize(
    ("scores", "told", "expected"),
    [
        ({"a": 1, "b": 5}, {}, None),
        ({"a": 1}, {}, "evaluation.marks_missing"),
        ({"a": 0, "b": 5}, {}, "evaluation.marks_wrong"),
        ({"a": 1, "b": 6}, {}, "evaluation.marks_wrong"),
        ({"a": 1, "b": 5, "c": 3}, {}, "evaluation.marks_wrong"),
        ({"a": 1, "b": 5}, {"recommendation": "yes"}, None),
        ({"a": 1, "b": 5}, {"recommendation": "burn it"}, "evaluation.no_such_recommendation"),
        ({"a": 1, "b": 5}, {"reason": "  "}, "evaluation.reason_missing"),
        ({"a": 1, "b": 5}, {"private_note": "x" * 5001}, "evaluation.too_long"),
    ],
)
def test_a_review_is_complete_or_says_what_is_wrong(scores, told, expected):
    assert code(rules.why_not_these_marks(scores, ["a", "b"], {**TOLD, **told})) == expected


@pytest.mark.parametrize(
    ("minutes", "each", "done", "room"), [(30, 10, 0, 3), (30, 10, 3, 0), (30, 10, 9, 0), (9, 10, 0, 0), (35, 10, 1, 2)]
)
def test_a_queue_never_takes_more_than_the_minutes_stated(minutes, each, done, room):
    assert rules.queue_size(minutes, each, done) == room


def test_one_who_still_owes_reviews_does_not_see_the_ranking_unless_judging_alone():
    assert [code(rules.why_not_see_ranking(*case)) for case in ((0, 3), (2, 3), (2, 1))] == [
        None, "evaluation.own_first", None,
    ]  # fmt: skip


def test_the_panel_of_a_decided_challenge_stays():
    states = [Challenge(status=status) for status in ("draft", "published", "decided", "archived")]

    assert [code(rules.why_not_change_panel(one)) for one in states] == [
        None, None, "evaluation.decided", "evaluation.decided",
    ]  # fmt: skip


def test_a_review_is_given_back_with_a_known_reason_while_it_is_open():
    cases = [("open", "conflict"), ("open", "dull"), ("done", "conflict")]

    assert [code(rules.why_not_give_back(Assignment(status=status), reason)) for status, reason in cases] == [
        None, "evaluation.no_such_reason", "evaluation.handed_in",
    ]  # fmt: skip


def test_labels_go_on_where_one_is_taken():
    assert rules.next_label([Panelist(label="J1"), Panelist(label="J3")]) == "J4"


def test_columns_are_matched_by_name_or_else_by_place():
    criteria = [("k1", "Technical feasibility"), ("k2", "Market potential")]

    assert rules.named_criteria(["market_potential", "note"], criteria) == {"market_potential": "k2"}
    assert rules.named_criteria(["C1", "C2"], criteria) == {"C1": "k1", "C2": "k2"}
    assert rules.named_criteria(["C1"], criteria) == {}


def test_work_goes_round_by_round_to_whoever_has_least():
    seats = [Seat(1, 0, frozenset()), Seat(2, 0, frozenset()), Seat(3, 0, frozenset({10, 11}))]

    pairs, lacking = rules.deal({10: 2, 11: 2, 12: 2}, seats, seed="x")

    assert (Counter(judge for judge, _idea in pairs), lacking) == (Counter({1: 3, 2: 2, 3: 1}), {}) or Counter(
        judge for judge, _idea in pairs
    ) == Counter({1: 2, 2: 3, 3: 1})


def test_an_idea_that_nobody_may_judge_is_reported():
    pairs, lacking = rules.deal({10: 2, 11: 0}, [Seat(1, 0, frozenset({10}))], seed="x")

    assert (pairs, lacking) == ([], {10: 2})


@given(
    needs=st.dictionaries(st.integers(1, 12), st.integers(0, 4), max_size=12),
    barred=st.lists(st.frozensets(st.integers(1, 12)), min_size=1, max_size=5),
    seed=st.text(max_size=3),
)
def test_no_conflict_is_ever_dealt_and_nothing_is_lost(needs, barred, seed):
    seats = [Seat(number, 0, conflicts) for number, conflicts in enumerate(barred, start=1)]

    pairs, lacking = rules.deal(needs, seats, seed=seed)

    assert len(set(pairs)) == len(pairs)
    assert not [pair for pair in pairs if pair[1] in barred[pair[0] - 1]]
    dealt = Counter(idea for _judge, idea in pairs)
    assert {idea: dealt[idea] + lacking.get(idea, 0) for idea in needs} == needs
    assert all(dealt[idea] == sum(idea not in out for out in barred) for idea in lacking)
    assert (pairs, lacking) == rules.deal(needs, seats, seed=seed)


def test_two_judges_meet_the_ideas_in_different_orders():
    ideas = list(range(30))

    one, two = rules.shuffled(ideas, seed="a:1"), rules.shuffled(ideas, seed="a:2")

    assert (sorted(one), one != two, one == rules.shuffled(ideas, seed="a:1")) == (ideas, True, True)


def test_a_criterion_weight_is_part_of_the_facts():
    assert str(Criterion(name="Feasible")) == "Feasible"


AFFILIATIONS = st.sampled_from(["", "Lindenhof Robotics GmbH", "lindenhof robotics", "Elsewhere AG", "GmbH"])
MAILS = st.sampled_from([None, "a@firm.example", "b@firm.example", "c@gmail.com", "d@gmail.com"])


@given(st.lists(st.tuples(AFFILIATIONS, MAILS), min_size=1, max_size=8), st.data())
def test_nobody_gets_an_idea_of_their_own_or_of_their_house_and_everybody_any_other(about, data):
    people = [Person(pk=n, affiliation=where, email=mail) for n, (where, mail) in enumerate(about, start=1)]
    one_idea = st.lists(st.sampled_from(people), max_size=3)
    behind = dict(enumerate(data.draw(st.lists(one_idea, max_size=6))))

    found = rules.conflicts_of(people, behind)

    assert found == {
        judge.pk: {
            idea for idea, persons in behind.items() if any(house_marks(one) & house_marks(judge) for one in persons)
        }
        for judge in people
    }


@pytest.mark.parametrize(("n_reviews", "seconds"), [(0, 0), (999, 0), (6000, 6), (20_000, 20), (1_000_000, 30)])
def test_the_longer_a_ranking_takes_the_longer_reviews_gather(n_reviews, seconds):
    assert rules.pause_before_ranking(n_reviews).total_seconds() == seconds


def test_comparisons_that_fit_into_the_minutes():
    found = [rules.comparisons_that_fit(30, minutes_reviewing=spent) for spent in (0, 20, 40)]

    assert (found, rules.queue_size(30, 10, 1, 5)) == ([30, 10, 0], 1)


def test_the_least_compared_pair_not_yet_seen_comes_next():
    looks = {1: 4, 2: 0, 3: 1, 4: 9}
    first = rules.least_compared([1, 2, 3, 4], looks, [], seed="s")
    second = rules.least_compared([1, 2, 3, 4], looks, [frozenset((2, 3))], seed="s")
    none = rules.least_compared([1, 2], looks, [frozenset((1, 2))], seed="s")

    assert (first, second, none) == ((2, 3), (2, 1), None)


def test_left_and_right_are_the_same_for_the_same_seed():
    found = {seed: rules.sides((1, 2), seed=str(seed)) for seed in range(20)}

    assert set(found.values()) == {(1, 2), (2, 1)}
    assert all(rules.sides((2, 1), seed=str(seed)) != pair for seed, pair in found.items())


def test_comparisons_gather_before_a_ranking():
    pauses = [rules.pause_before_ranking(*counts) for counts in ((10, 0), (10, 10), (4000, 1000), (90_000, 0))]

    assert [pause.total_seconds() for pause in pauses] == [0, 10, 10, 30]
