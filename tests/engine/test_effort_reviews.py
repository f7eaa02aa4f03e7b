import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.effort import (
    Reserve,
    average_rankings,
    comparisons_from,
    deal_reviews,
    expecting_review,
    new_comparisons,
    new_reviews,
    next_comparison,
    next_review,
    reviews_from,
    stop_advice,
    with_comparison,
    with_review,
)
from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.ranking import rank_from_comparisons
from permea_engine.ratings import rate_ideas
from tests.engine.simulate import simulate

LAW = settings(max_examples=8, deadline=None)


def reviewed(seed=0, *, n_ideas=10, n_judges=4, n_reviews=20):
    rng = np.random.default_rng(seed)
    state, seen = new_reviews(n_ideas, n_judges), np.zeros((n_ideas, n_judges), dtype=bool)
    quality, leaning = rng.normal(0, 1, n_ideas), rng.normal(0, 0.5, n_judges)
    for number in range(n_reviews):
        idea, judge = number % n_ideas, int(rng.integers(n_judges))
        state = with_review(state, idea, judge, quality[idea] + leaning[judge] + rng.normal())
        seen[idea, judge] = True
    return state, seen


def rated(seed=0, *, n_ideas=12, n_judges=5):
    rng = np.random.default_rng(seed)
    data = simulate(rng, n_ideas=n_ideas, n_judges=n_judges, reviews_each=3, idea_sd=1.0, judge_sd=0.5)
    return rate_ideas(data.idea, data.judge, data.values)


def compared(seed, *, n_items=8, n_comparisons=60, spread=1.5):
    rng = np.random.default_rng(seed)
    truth, state, facts = rng.normal(0, spread, n_items), new_comparisons(n_items), []
    for _ in range(n_comparisons):
        found = next_comparison(state, k=2, rng=rng)
        won = rng.random() < 1 / (1 + np.exp(truth[found.second] - truth[found.first]))
        facts.append((found.first, found.second, 1 if won else -1))
        state = with_comparison(state, *facts[-1])
    return truth, state, np.array(facts).T


def test_a_review_by_hand():
    # variances: idea 1, judge 1/4, noise 1; the mark is 9/4 above the level, of which 4/9 is the idea's
    state = with_review(new_reviews(2, 1, level=3), 0, 0, 5.25)
    assert (state.means[0], state.variances[0]) == (pytest.approx(4.0), pytest.approx(1 - 4 / 9))
    assert state.beliefs.mean[2] == pytest.approx(0.25)


def test_one_by_one_or_all_at_once_gives_the_scores_of_the_ratings():
    ratings = rated()
    begun = reviews_from(ratings)
    sds = np.sqrt(ratings.variance_noise * np.array([*ratings.ratios, 1.0]))
    mark = ratings.reviews.columns[:, 0]
    state = new_reviews(12, 5, level=mark.mean(), idea_sd=sds[0], judge_sd=sds[1], noise_sd=sds[2])
    for idea, judge, given_ in zip(ratings.reviews.idea, ratings.reviews.judge, mark, strict=True):
        state = with_review(state, int(idea), int(judge), float(given_))
    assert begun.variances == pytest.approx(state.variances)
    assert np.abs(begun.means - ratings.scores).max() == 0
    assert np.corrcoef(state.means, ratings.scores)[0, 1] > 0.99


@LAW
@given(st.integers(0, 10**6), st.floats(0.5, 3), st.floats(-5, 5))
def test_the_order_of_reviews_and_the_scale_of_marks_do_not_matter(seed, factor, level):
    rng = np.random.default_rng(seed)
    facts = [(int(rng.integers(5)), int(rng.integers(2)), float(rng.normal())) for _ in range(12)]
    state = new_reviews(5, 2)
    scaled = new_reviews(5, 2, level=level, idea_sd=factor, judge_sd=0.5 * factor, noise_sd=factor)
    for (idea, judge, mark), (idea_, judge_, mark_) in zip(facts, reversed(facts), strict=True):
        state = with_review(state, idea, judge, mark)
        scaled = with_review(scaled, idea_, judge_, level + factor * mark_)
    assert scaled.means == pytest.approx(level + factor * state.means)
    assert next_review(state, 0, k=2).idea == next_review(scaled, 0, k=2).idea


@LAW
@given(st.integers(0, 10**6), st.integers(1, 9))
def test_a_suggestion_keeps_to_what_the_judge_may_see_and_has_not_seen(seed, k):
    state, _ = reviewed(seed)
    allowed = np.random.default_rng(seed).random(10) < 0.5
    seen: list[int] = []
    while (found := next_review(state, 1, k=k, allowed=allowed, seen=seen)) is not None:
        assert (bool(allowed[found.idea]), found.idea in seen, found.value >= 0) == (True, False, True)
        seen.append(found.idea)
    assert sorted(seen) == np.flatnonzero(allowed).tolist()


def test_a_review_goes_to_the_line_and_to_whom_little_is_known_of():
    state = new_reviews(4, 2)
    for _ in range(4):
        for idea, mark in enumerate((5.0, 0.3, -0.3, -5.0)):
            state = with_review(state, idea, 0, mark)
    assert next_review(state, 1, k=2).idea in {1, 2}
    assert next_review(with_review(state, 1, 1, 0.3), 1, k=2).idea == 2


def test_expertise_draws_a_reviewer_to_what_she_knows():
    assert next_review(new_reviews(3, 1), 0, k=1, expertise=[0.1, 0.1, 2.0]).idea == 2


def test_an_erratic_judge_is_worth_less_and_a_known_one_more():
    state = new_reviews(4, 2, noise_sd=[1.0, 3.0])
    assert next_review(state, 1, k=1).value < next_review(state, 0, k=1).value
    known = with_review(with_review(new_reviews(4, 2), 2, 0, 0.0), 3, 0, 0.0)
    assert next_review(known, 0, k=1).value > next_review(known, 1, k=1).value


def test_a_reserved_idea_gets_its_reviews_first():
    state = with_review(new_reviews(4, 2), 3, 0, -9.0)
    reserve = Reserve(np.array([False, False, True, True]), looks=2, share=1.0)
    found = [next_review(state, 1, k=1, reserve=reserve)]
    found.append(next_review(expecting_review(state, 2, 1), 1, k=1, reserve=reserve, seen=[2]))
    assert [(one.idea, one.reason) for one in found] == [(2, "reserved"), (0, "line")] or found[1].reason == "line"
    assert next_review(state, 1, k=1, reserve=reserve, allowed=[True, False, False, False]).reason == "line"


def test_dealing_out_keeps_to_loads_conflicts_and_no_idea_twice():
    state, seen = reviewed(1)
    load = np.array([3, 0, 2, 9])
    dealt = deal_reviews(state, 10, k=3, load=load, allowed=~seen)
    judges = np.bincount([one.judge for one in dealt], minlength=4)
    pairs = [(one.idea, one.judge) for one in dealt]
    most = np.minimum(load, (~seen).sum(axis=0))
    assert (len(dealt), (judges <= most).all(), len(set(pairs))) == (min(10, most.sum()), True, len(dealt))
    assert not seen[tuple(np.array(pairs).T)].any()
    assert len(deal_reviews(state, 99, k=3, load=load)) == 14
    assert len(deal_reviews(state, 99, k=3, load=load, allowed=np.zeros((10, 4), dtype=bool))) == 0
    assert deal_reviews(state, 0, k=3, load=load) == ()


def test_dealt_reviews_spread_over_ideas():
    dealt = deal_reviews(new_reviews(6, 3), 6, k=2, load=[2, 2, 2])
    assert sorted(one.idea for one in dealt) == list(range(6))


def test_a_start_from_ratings_without_correction_is_refused():
    plain = rate_ideas([0, 1], [0, 0], [[1.0], [2.0]])
    with pytest.raises(UndeterminedError, match="cannot be told apart"):
        reviews_from(plain)


def test_noise_of_judges_can_be_given_and_unseen_ideas_are_average():
    ratings = rated(3)
    unseen = rate_ideas(ratings.reviews.idea, ratings.reviews.judge, ratings.reviews.marks, n_ideas=13, n_judges=6)
    state = reviews_from(unseen, noise_sd=[1, 1, 1, 1, 1, 9])
    assert (state.looks[12], np.isnan(state.centre[12]), state.noise[5]) == (0, True, 81)
    assert state.means[12] == pytest.approx(state.means[:12].mean())


def test_the_sparse_form_gives_the_same_suggestion(monkeypatch):
    ratings = rated(4)
    dense = reviews_from(ratings)
    monkeypatch.setattr("permea_engine.effort.beliefs.DENSE_UP_TO", 1)
    monkeypatch.setattr("permea_engine.effort.review_state.DENSE_UP_TO", 1)
    sparse = reviews_from(ratings)
    assert np.sqrt(sparse.variances) == pytest.approx(np.sqrt(dense.variances), rel=0.25)
    assert with_review(sparse, 1, 1, 2.0).means == pytest.approx(with_review(dense, 1, 1, 2.0).means, abs=1e-4)
    spreads = [one.sample(20_000, np.random.default_rng(0)).std(axis=0) for one in (dense, sparse)]
    assert spreads[1] == pytest.approx(spreads[0], rel=0.25)


def test_advice_says_what_is_certain_and_what_more_would_buy():
    _, state, _ = compared(0)
    wanted, easy = stop_advice(state, 2, target=0.99), stop_advice(state, 2, target=0.01)
    assert (easy.stop, easy.n_more, easy.then, easy.reached) == (True, 0, easy.now, True)
    assert (wanted.stop, wanted.n_more > 0, wanted.then > wanted.now) == (False, True, True)
    assert (len(wanted.chosen), wanted.now) == (2, wanted.set_right)


@pytest.mark.parametrize("measure", ["set", "share", "regret"])
def test_more_looked_ahead_is_better(measure):
    _, state, _ = compared(1)
    target = 1e-6 if measure == "regret" else 0.9999
    found = [
        stop_advice(state, 2, target=target, measure=measure, most=most, n_samples=1000).then for most in (1, 20, 150)
    ]
    assert sorted(found, reverse=measure == "regret") == found
    assert found[0] != found[2]


def test_a_nearer_target_needs_fewer():
    _, state, _ = compared(2)
    now = stop_advice(state, 2).now
    near, far = (stop_advice(state, 2, target=now + share * (1 - now), most=600) for share in (0.3, 0.6))
    assert (near.reached, 0 < near.n_more <= far.n_more) == (True, True)


def test_advice_on_reviews_looks_ahead_from_the_state_or_says_nothing():
    ratings = rated(5)
    alone = stop_advice(ratings, 3, target=0.999)
    both = stop_advice(ratings, 3, target=0.999, ahead=reviews_from(ratings), most=50)
    assert (alone.n_more, alone.then, alone.reached) == (0, alone.now, False)
    assert (both.n_more, both.then > both.now, both.now) == (50, True, pytest.approx(alone.now, abs=0.05))


def test_only_ideas_near_the_line_are_looked_at_ahead(monkeypatch):
    _, state, _ = compared(3)
    whole = stop_advice(state, 2, target=0.999, most=30)
    monkeypatch.setattr("permea_engine.effort.stopping.NEAR", 4)
    part = stop_advice(state, 2, target=0.999, most=30)
    assert part.then == pytest.approx(whole.then, abs=0.1)


def test_what_is_certain_is_so():
    """Where the rule says nine in ten or more, it is right about as often as it says; the spread is not known."""
    said, right = [], []
    for seed in range(14):
        truth, state, facts = compared(seed, n_comparisons=90, spread=3.0)
        known = average_rankings(*facts, n_items=8)
        found = stop_advice(known, 2, ahead=state, n_samples=1000)
        if found.stop:
            said.append(found.now)
            right.append(set(found.chosen.tolist()) == set(np.argsort(-truth)[:2].tolist()))
    assert len(said) > 4
    assert np.mean(right) == pytest.approx(np.mean(said), abs=0.2)


def test_the_average_over_spreads_lies_around_the_estimate():
    _, _, facts = compared(4, n_comparisons=120)
    averaged, plain = average_rankings(*facts, n_items=9), rank_from_comparisons(*facts, n_items=9)
    spreads = [one.strength_sd for one in averaged.rankings]
    assert min(spreads) < plain.strength_sd < max(spreads)
    assert np.isnan(averaged.centre).tolist() == [False] * 8 + [True]
    assert averaged.centre[:8] == pytest.approx(plain.strengths[:8], abs=0.5)
    assert averaged.sample(10, np.random.default_rng(0)).shape == (10, 9)


def test_with_judges_and_with_very_many_items_the_average_works_too(monkeypatch):
    _, _, facts = compared(5)
    judge = np.arange(60) % 3
    assert average_rankings(*facts, judge=judge).weights.sum() == pytest.approx(1)
    monkeypatch.setattr("permea_engine.effort.averaged.AVERAGED_UP_TO", 5)
    many = average_rankings(*facts)
    assert (len(many.rankings), many.weights.tolist()) == (1, [1.0])
    assert comparisons_from(many.rankings[0]).n_comparisons == 60


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: new_reviews(1, 1), RangeError, "n_ideas: 1 given"),
        (lambda: new_reviews(2, 0), RangeError, "n_judges: 0 given"),
        (lambda: new_reviews(2, 1, idea_sd=0), RangeError, "idea_sd: 0 given"),
        (lambda: new_reviews(2, 1, judge_sd=-1), RangeError, "judge_sd: -1 given"),
        (lambda: new_reviews(2, 1, level=np.inf), RangeError, "level"),
        (lambda: new_reviews(2, 2, noise_sd=[1]), ShapeError, "noise_sd: shape"),
        (lambda: new_reviews(2, 2, noise_sd=[1, 0]), RangeError, "noise_sd: 0.0 given"),
        (lambda: with_review(new_reviews(2, 1), 2, 0, 1), RangeError, "idea: 2 given"),
        (lambda: with_review(new_reviews(2, 1), 0, 1, 1), RangeError, "judge: 1 given"),
        (lambda: with_review(new_reviews(2, 1), 0, 0, np.nan), RangeError, "mark"),
        (lambda: next_review(new_reviews(2, 1), 1, k=1), RangeError, "judge: 1 given"),
        (lambda: next_review(new_reviews(2, 1), 0, k=2), RangeError, "k: 2 given"),
        (lambda: next_review(new_reviews(2, 1), 0, k=1, seen=[4]), RangeError, "seen: entry 0 is 4"),
        (lambda: next_review(new_reviews(2, 1), 0, k=1, allowed=[1, 0]), ShapeError, "allowed"),
        (lambda: next_review(new_reviews(2, 1), 0, k=1, expertise=[-1, 0]), RangeError, "expertise: entry 0"),
        (lambda: deal_reviews(new_reviews(2, 1), 1, k=1, load=[1, 1]), ShapeError, "load: 1 entries"),
        (lambda: deal_reviews(new_reviews(2, 1), -1, k=1, load=[1]), RangeError, "n: -1 given"),
        (lambda: deal_reviews(new_reviews(2, 1), 1, k=1, load=[1], allowed=[True]), ShapeError, "allowed: .2, 1."),
        (lambda: stop_advice(new_comparisons(3), 1), UndeterminedError, "1 ideas wanted, but only 0"),
        (lambda: stop_advice(compared(0)[1], 8), RangeError, "k: 8 given"),
        (lambda: stop_advice(compared(0)[1], 2, target=1), RangeError, "target: 1 given"),
        (lambda: stop_advice(compared(0)[1], 2, target=0, measure="regret"), RangeError, "target: 0 given"),
        (lambda: stop_advice(compared(0)[1], 2, most=0), RangeError, "most: 0 given"),
        (lambda: stop_advice(rate_ideas([0], [0], [[1.0]]), 1), RangeError, "1 idea given; at least 2 are needed"),
        (lambda: average_rankings([], [], []), UndeterminedError, "comparison"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
