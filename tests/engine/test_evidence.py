"""One posterior from reviews, comparisons and votes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.evidence import (
    ComparisonSource,
    ReviewSource,
    VoteSource,
    fit,
    rank_from_evidence,
    rank_order,
    tie_groups,
    top_k_certainty,
    top_k_probabilities,
)
from permea_engine.ranking import rank_from_comparisons
from permea_engine.ratings import rate_ideas
from tests.engine.simulate import simulate


class World:
    """Thirty ideas: two reviews each, comparisons by experts, votes by a crowd that agrees with them so far."""

    def __init__(self, seed=0, *, n_ideas=30, agreement=0.8, n_comparisons=120):
        rng = np.random.default_rng(seed)
        data = simulate(rng, n_ideas=n_ideas, n_judges=5, reviews_each=2, idea_sd=1.0, judge_sd=0.5)
        self.truth, worth = data.truth, data.truth - data.truth.mean()
        self.idea, self.judge, self.values = data.idea, data.judge, data.values
        self.panel = ReviewSource("panel", data.idea, data.judge, data.values)
        self.first = rng.integers(0, n_ideas, n_comparisons)
        self.second = (self.first + rng.integers(1, n_ideas, n_comparisons)) % n_ideas
        chance = 1 / (1 + np.exp(-1.5 * (worth[self.first] - worth[self.second])))
        self.outcome = np.where(rng.random(n_comparisons) < chance, 1, -1)
        self.pairs = ComparisonSource("pairs", self.first, self.second, self.outcome)
        opinion = agreement * worth + np.sqrt(1 - agreement**2) * rng.normal(0, 1, n_ideas)
        self.public = VoteSource("public", rng.poisson(60 * np.exp(0.8 * opinion)))


def test_the_known_answers_are_met(evidence_answer):
    marks = np.array(evidence_answer["marks"], dtype=float)
    idea, judge = np.indices(marks.shape)
    known = ~np.isnan(marks)
    panel = ReviewSource("panel", idea[known], judge[known], marks[known][:, None])
    order = rank_order(rank_from_evidence([panel, VoteSource("public", evidence_answer["votes"])])).tolist()
    groups = evidence_answer.get("alike", [])
    name = {one: group[0] for group in groups for one in group}
    assert [name.get(one, one) for one in order] == [name.get(one, one) for one in evidence_answer["order"]]


def test_reviews_alone_say_what_rating_says():
    world = World()
    found, alone = rank_from_evidence([world.panel]), rate_ideas(world.idea, world.judge, world.values)
    assert (found.unit, found.reference, found.sources[0].reason) == ("marks", "panel", "reference")
    assert (found.scores.tolist(), found.lower.tolist()) == (alone.scores.tolist(), alone.lower.tolist())
    assert found.sample(3, np.random.default_rng(0)).tolist() == alone.sample(3, np.random.default_rng(0)).tolist()


def test_comparisons_alone_say_what_ranking_says():
    world = World()
    found, alone = rank_from_evidence([world.pairs]), rank_from_comparisons(world.first, world.second, world.outcome)
    assert (found.unit, found.scores.tolist()) == ("log-odds", alone.centre.tolist())
    assert np.isnan(found.sources[0].equivalent_reviews)


@pytest.mark.parametrize("n_ideas", [12, 30])
def test_the_joint_way_by_itself_comes_to_the_same_as_each_source_alone(n_ideas):
    world = World(n_ideas=n_ideas)
    for source in (world.panel, world.pairs):
        reduced = fit.reduce_source(source, n_ideas, dense=True)
        posterior, _ = fit.join_parts(reduced.gaussian.parts, ())
        draws = posterior.sample(40_000, np.random.default_rng(1))
        width = np.quantile(draws, 0.975, axis=0) - np.quantile(draws, 0.025, axis=0)
        assert posterior.weights @ posterior.means == pytest.approx(reduced.alone.centre, abs=0.01)
        assert width == pytest.approx(reduced.alone.upper - reduced.alone.lower, rel=0.05)


def test_votes_alone_follow_their_share_of_those_who_saw():
    found = rank_from_evidence([VoteSource("public", [5, 50, 20, np.nan], [100, 100, 20, 50])])
    assert (rank_order(found).tolist(), found.unit) == ([2, 1, 0], "log-odds")
    assert np.isnan(found.scores[3])
    assert (found.upper - found.lower)[3] > (found.upper - found.lower)[:3].max()


def test_each_source_brings_scores_nearer_to_the_truth_and_says_what_it_was_worth():
    errors, worth = [], []
    for seed in range(4):
        world = World(seed)
        sources = [world.panel, world.pairs, world.public]
        found = [rank_from_evidence(sources[:count]) for count in (1, 2, 3)]
        errors.append([np.sqrt(((one.scores - world.truth) ** 2).mean()) for one in found])
        worth.append([(source.narrowing, source.equivalent_reviews) for source in found[-1].sources])
    alone, two, three = np.mean(errors, axis=0)
    assert alone > two > three
    assert (np.array(worth)[:, 1:] > 0).all()


def test_intervals_hold_what_they_say():
    inside = []
    for seed in range(10):
        world = World(seed, n_ideas=16, n_comparisons=60)
        found = rank_from_evidence([world.panel, world.pairs, world.public])
        inside.append(((found.lower <= world.truth) & (world.truth <= found.upper)).mean())
    assert 0.9 < np.mean(inside) < 0.99


def test_a_crowd_that_contradicts_the_panel_is_left_out_and_it_is_said():
    world = World(3, n_ideas=40, agreement=-0.9)
    alone, found = rank_from_evidence([world.panel]), rank_from_evidence([world.panel, world.public])
    crowd = found.sources[1]
    assert (crowd.agreement, crowd.loading, crowd.narrowing, crowd.reason) == (0.0, 0.0, 0.0, "conflict")
    assert found.scores.tolist() == alone.scores.tolist()


def test_a_crowd_with_an_opinion_of_its_own_counts_little_however_many_vote():
    world = World(4, n_ideas=60, agreement=0.0)
    votes = 1000 * np.asarray(world.public.votes)
    found = rank_from_evidence([world.panel, VoteSource("public", votes)])
    assert (found.sources[1].agreement < 0.4, found.sources[1].narrowing < 0.1) == (True, True)


def test_a_source_about_other_ideas_stays_where_it_was_before_looking():
    votes = np.full(30, np.nan)
    votes[20:] = np.arange(10, 110, 10)
    panel = ReviewSource("panel", [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [[1], [2], [3], [3], [5], [4]])
    stars = ReviewSource("stars", [5, 5, 6, 6, 7, 7], [0, 1, 0, 1, 0, 1], [[1], [2], [3], [3], [5], [4]])
    found = rank_from_evidence([panel, stars, VoteSource("public", votes)])
    assert [round(source.agreement, 2) for source in found.sources] == [1.0, 0.66, 0.5]
    assert (found.n_components, found.components[[0, 5, 10, 20]].tolist()) == (3, [0, 1, -1, 2])
    assert np.isnan(found.scores[10])


def test_experts_are_the_reference_whatever_the_order():
    world = World()
    crowd = ComparisonSource("crowd", world.first, world.second, world.outcome, crowd=True)
    assert rank_from_evidence([world.public, crowd, world.panel]).reference == "panel"
    assert rank_from_evidence([world.public, crowd]).reference == "crowd"
    assert rank_from_evidence([crowd, world.pairs]).reference == "pairs"


def test_silent_sources_are_named_with_the_reason():
    world = World()
    equal = ReviewSource("equal", [0, 0, 1, 1], [0, 1, 0, 1], [[3.0]] * 4)
    nothing = [ReviewSource("none", [], [], np.empty((0, 1))), ComparisonSource("no pairs", [], [], [])]
    found = rank_from_evidence([equal, *nothing, VoteSource("no votes", np.zeros(30)), world.panel])
    reasons = [source.reason for source in found.sources]
    assert reasons == ["no_variation", "no_facts", "no_facts", "no_facts", "reference"]


def test_plain_means_join_too():
    single = ReviewSource("one judge", np.arange(10), np.zeros(10, dtype=int), np.arange(10.0)[:, None])
    found = rank_from_evidence([single, VoteSource("public", np.arange(10, 110, 10))])
    assert (rank_order(found).tolist(), found.unit) == (list(range(9, -1, -1)), "marks")


def test_many_ideas_are_taken_one_by_one_with_nearly_the_same_answer(monkeypatch):
    world = World(5, n_ideas=60, n_comparisons=400)
    sources = [world.panel, world.pairs, world.public]
    full = rank_from_evidence(sources)
    monkeypatch.setattr(fit, "DENSE", 10)
    found = rank_from_evidence(sources)
    assert np.corrcoef(found.scores, full.scores)[0, 1] > 0.99
    assert np.median((found.upper - found.lower) / (full.upper - full.lower)) == pytest.approx(1.0, abs=0.15)
    assert found.sample(4, np.random.default_rng(0)).shape == (4, 60)
    single = ReviewSource("one judge", np.arange(60), np.zeros(60, dtype=int), world.truth[:, None])
    assert np.isfinite(rank_from_evidence([single, world.public]).scores).all()


def test_three_hundred_ideas_keep_the_heaviest_points_only():
    world = World(6, n_ideas=301, n_comparisons=400)
    found = rank_from_evidence([world.panel, world.pairs])
    assert len(found.posterior.weights) <= 9


def test_decisions_work_on_the_joint_posterior():
    world = World()
    found = rank_from_evidence([world.panel, world.pairs, world.public])
    assert top_k_probabilities(found, 5).sum() == pytest.approx(5)
    assert set(top_k_certainty(found, 5).chosen.tolist()) == set(rank_order(found)[:5].tolist())
    assert tie_groups(found).min() == 0
    draws = found.sample(40_000, np.random.default_rng(0))
    assert draws.mean(axis=0) == pytest.approx(found.scores, abs=0.03)
    assert np.quantile(draws, 0.025, axis=0) == pytest.approx(found.lower, abs=0.1)


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_renaming_ideas_renames_the_answer(seed, random):
    world = World(seed, n_ideas=12, n_comparisons=30)
    new = np.array(random.sample(range(12), 12))
    votes = np.empty(12)
    votes[new] = world.public.votes
    found = rank_from_evidence([world.panel, world.pairs, world.public])
    renamed = rank_from_evidence(
        [
            ReviewSource("panel", new[world.idea], world.judge, world.values),
            ComparisonSource("pairs", new[world.first], new[world.second], world.outcome),
            VoteSource("public", votes),
        ]
    )
    assert renamed.scores[new] == pytest.approx(found.scores, abs=2e-3)
    assert renamed.upper[new] == pytest.approx(found.upper, abs=5e-3)


@pytest.mark.parametrize(
    ("sources", "options", "kind", "message"),
    [
        ([], {}, UndeterminedError, "none of them tells any two ideas apart"),
        ([VoteSource("a", [0, 0])], {}, UndeterminedError, "none of them"),
        ([VoteSource("a", [1, 2]), VoteSource("a", [1, 2])], {}, RangeError, "two have the same name"),
        ([VoteSource("a", [1, 2])], {"n_ideas": 1}, RangeError, "a: it names 2 ideas, there are 1"),
        ([VoteSource("a", [1, 2])], {"n_ideas": 0}, RangeError, "n_ideas"),
        ([VoteSource("a", [1, -2])], {}, RangeError, "a: votes: entry 1 is negative"),
        ([VoteSource("a", [1, np.inf])], {}, RangeError, "a: votes"),
        ([VoteSource("a", [[1, 2]])], {}, ShapeError, "a: votes"),
        ([VoteSource("a", [1, 2], [3])], {}, ShapeError, "a: seen"),
        ([VoteSource("a", [1, 4], [3, 3])], {}, RangeError, "a: idea 1 has more votes than saw it"),
        ([ReviewSource("a", [0, -1], [0, 0], [[1], [2]])], {}, RangeError, "idea: entry 1 is -1"),
        ([ComparisonSource("a", [0], [0], [1])], {}, RangeError, "compares item 0 with itself"),
    ],
)
def test_refusals(sources, options, kind, message):
    with pytest.raises(kind, match=message):
        rank_from_evidence(sources, **options)


def test_no_draws_are_refused():
    with pytest.raises(RangeError, match="n: 0 given"):
        rank_from_evidence([World().panel]).sample(0, np.random.default_rng(0))
