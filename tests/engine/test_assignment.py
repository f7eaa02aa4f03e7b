import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array

from permea_engine.assignment import (
    ImpossibleError,
    adjust_assignment,
    assign,
    assign_reviews,
    candidates,
    combined_affinity,
    exact,
    explain_assignment,
    fairness,
    flow,
)
from permea_engine.errors import NotConvergedError
from tests.engine.assigning import all_assignments, fairness_of, keeps_limits, random_case


def test_small_cases_equal_brute_force():
    rng = np.random.default_rng(0)
    n_impossible = 0
    for _ in range(120):
        affinity, needs, load, conflicts = random_case(rng)
        options = [fairness_of(affinity, sets) for sets in all_assignments(affinity, needs, load, conflicts)]
        if not options:
            n_impossible += 1
            with pytest.raises(ImpossibleError):
                assign_reviews(affinity, reviews_per_idea=needs, load=load, conflicts=conflicts)
            continue
        worst = max(option[0] for option in options)
        found = assign_reviews(affinity, reviews_per_idea=needs, load=load, conflicts=conflicts)
        total = max(total for one, total in options if not one < worst - 1e-9)
        assert keeps_limits(found, needs, load, conflicts)
        assert (found.worst, found.total) == pytest.approx((worst, total), nan_ok=True)
        assert found.worst_bound == pytest.approx(found.worst, nan_ok=True)
    assert 25 < n_impossible < 100


def test_the_known_answers_are_met(assignment_answer):
    case = assignment_answer
    limits = {"reviews_per_idea": case["reviews_per_idea"], "load": case["load"], **case["options"]}
    found = assign_reviews(case["affinity"], **limits)
    pairs = np.stack([found.idea, found.judge], axis=1).tolist()
    assert (pairs, found.worst, found.total) == (case.get("pairs", pairs), case["worst"], case["total"])
    assert found.load.tolist() == case.get("loads", found.load.tolist())


@pytest.fixture
def large(monkeypatch):
    """Make every problem a large one: few candidates, no branch and cut."""
    monkeypatch.setattr(assign, "SMALL", 0)
    monkeypatch.setattr(candidates, "FEW", 2)
    monkeypatch.setattr(assign, "FEW", 2)
    monkeypatch.setattr(exact, "SMALL", 0)


def plain_total(affinity, reviews, load, evenness=0.0):
    """Return the largest total, by the flow on all pairs."""
    problem = assign.build_problem(affinity, reviews, load, {"evenness": evenness})
    return assign._solved(problem, candidates.pairs_of(problem))[1]


@pytest.mark.parametrize("evenness", [0.0, 0.5])
def test_few_candidates_give_the_total_of_all_pairs(large, monkeypatch, evenness):
    monkeypatch.setattr(assign, "ceiling", lambda problem, chosen: -np.inf)  # leave the worst where it is
    rng = np.random.default_rng(2)
    for _ in range(12):
        affinity = rng.random((60, 12)) + 2 * rng.random(12)
        found = assign_reviews(affinity, reviews_per_idea=2, load=12, evenness=evenness)
        plain = plain_total(affinity, 2, 12, evenness)

        def worth(idea, judge, affinity=affinity):
            load = np.bincount(judge, minlength=12)
            return affinity[idea, judge].sum() - evenness * (load**2 / 2 / 12).sum()

        assert worth(found.idea, found.judge) == pytest.approx(worth(plain.idea, plain.judge), abs=1e-3)


def test_chains_come_near_the_best_worst_served_idea(large, monkeypatch):
    rng = np.random.default_rng(3)
    ratios = []
    for _ in range(25):
        affinity = rng.random((10, 6))
        found = assign_reviews(affinity, reviews_per_idea=2, load=4)
        plain = plain_total(affinity, 2, 4)
        with monkeypatch.context() as patch:
            patch.setattr(exact, "SMALL", 1000)
            best = assign_reviews(affinity, reviews_per_idea=2, load=4)
        before = np.bincount(plain.idea, weights=affinity[plain.idea, plain.judge]).min() / 2
        assert before - 1e-9 <= found.worst <= best.worst + 1e-9
        assert best.worst <= found.worst_bound + 1e-9
        assert keeps_limits(found, np.full(10, 2), 4, np.zeros((10, 6), dtype=bool))
        ratios.append(found.worst / best.worst)
    assert np.mean(ratios) > 0.97


def test_chains_keep_newcomer_limits(large):
    rng, n_moved = np.random.default_rng(8), 0
    for _ in range(20):
        affinity, is_new = rng.random((10, 6)), np.arange(6) < 3
        found = assign_reviews(affinity, reviews_per_idea=2, load=4, newcomers=is_new, newcomer_maximum=1)
        assert np.bincount(found.idea, weights=is_new[found.judge]).max() <= 1
        n_moved += found.worst < found.worst_bound
    assert n_moved > 0


def test_a_full_panel_is_served_by_a_closed_chain(large):
    affinity = [[10, 4, 0], [5, 1, 0], [0, 0, 3]]
    found = assign_reviews(affinity, reviews_per_idea=1, load=1)
    assert (found.judge.tolist(), found.worst) == ([1, 0, 2], 3.0)


def test_the_search_for_chains_ends(large, monkeypatch):
    monkeypatch.setattr(fairness, "BUDGET", 1)
    monkeypatch.setattr(assign, "FAR", 1.0)
    found = assign_reviews([[10, 4], [5, 1]], reviews_per_idea=1, load=1)
    assert (found.worst, found.worst_bound) == (1.0, 5.0)


def test_a_second_start_serves_an_idea_that_chains_do_not_reach(large, monkeypatch):
    monkeypatch.setattr(fairness, "BUDGET", 1)
    found = assign_reviews([[10, 4], [5, 1]], reviews_per_idea=1, load=1)
    assert (found.judge.tolist(), found.worst) == ([1, 0], 4.0)


def test_what_is_missing_stays_shared_when_the_worst_is_raised(large):
    rng = np.random.default_rng(9)
    found = assign_reviews(rng.random((12, 6)), reviews_per_idea=2, load=3, partial=True)
    assert (found.missing.sum(), found.missing.max()) == (6, 1)


CASES = st.integers(0, 10**6).map(lambda seed: random_case(np.random.default_rng(seed)))


def outcome(affinity, needs, load, conflicts, **options):
    try:
        found = assign_reviews(affinity, reviews_per_idea=needs, load=load, conflicts=conflicts, **options)
    except ImpossibleError as refused:
        return refused.shortage.missing
    return found.worst, found.total


@settings(max_examples=20)
@given(CASES, st.randoms(use_true_random=False))
def test_renaming_ideas_and_judges_changes_nothing(case, random):
    affinity, needs, load, conflicts = case
    rows, columns = (random.sample(range(size), size) for size in affinity.shape)
    renamed = (affinity[np.ix_(rows, columns)], needs[rows], load[columns], conflicts[np.ix_(rows, columns)])
    assert outcome(*renamed) == pytest.approx(outcome(*case), nan_ok=True)


@settings(max_examples=20)
@given(CASES, st.floats(1e-3, 1e3), st.floats(-100, 100))
def test_another_scale_of_affinity_changes_no_ranking_of_assignments(case, unit, shift):
    affinity, needs, load, conflicts = case
    needs = np.full_like(needs, 1)
    now, then = outcome(affinity, needs, load, conflicts), outcome(affinity * unit + shift, needs, load, conflicts)
    if isinstance(now, tuple):
        now = (now[0] * unit + shift, now[1] * unit + shift * len(needs))
    assert then == pytest.approx(now, abs=1e-5 * (unit + 100), nan_ok=True)


@settings(max_examples=20)
@given(CASES)
def test_a_sparse_table_is_a_dense_one_with_conflicts(case):
    affinity, needs, load, conflicts = case
    idea, judge = np.nonzero(~conflicts)
    sparse = coo_array((affinity[idea, judge], (idea, judge)), shape=affinity.shape)
    assert outcome(sparse, needs, load, ()) == pytest.approx(outcome(*case), nan_ok=True)


@settings(max_examples=20)
@given(CASES, st.sampled_from([0.0, 0.7]))
def test_more_load_never_serves_the_worst_idea_worse(case, evenness):
    affinity, needs, load, conflicts = case
    now = outcome(affinity, needs, load, conflicts, evenness=evenness)
    then = outcome(affinity, needs, load + 1, conflicts, evenness=evenness)
    assert isinstance(now, int) or needs.sum() == 0 or then[0] >= now[0] - 1e-9


@settings(max_examples=20)
@given(CASES, st.integers(0, 2), st.integers(0, 2))
def test_newcomer_limits_hold_or_are_named(case, fewest, more):
    affinity, needs, load, conflicts = case
    is_new = np.arange(len(load)) % 2 == 0
    limits = {"newcomers": is_new, "newcomer_minimum": fewest, "newcomer_maximum": fewest + more}
    try:
        found = assign_reviews(affinity, reviews_per_idea=needs, load=load, conflicts=conflicts, **limits)
    except ImpossibleError:
        return
    newcomers = np.bincount(found.idea, weights=is_new[found.judge], minlength=len(needs))
    assert keeps_limits(found, needs, load, conflicts)
    assert ((newcomers >= np.minimum(fewest, needs)) & (newcomers <= fewest + more)).all()


def test_the_largest_total_alone_may_leave_the_worst_where_it_is():
    found = assign_reviews([[10, 4], [5, 1]], reviews_per_idea=1, load=1, worst_first=False)
    assert (found.total, found.worst, found.worst_bound) == (11.0, 1.0, 5.0)


def test_work_elsewhere_counts_for_the_load():
    limits = {"reviews_per_idea": 1, "load": 2, "load_elsewhere": [2, 0], "evenness": 1.0}
    found = assign_reviews([[9.0, 1.0], [9.0, 1.0]], **limits)
    assert (found.judge.tolist(), found.load.tolist()) == ([1, 1], [2, 2])


def test_equal_input_gives_equal_output():
    affinity = np.random.default_rng(4).integers(0, 3, (80, 10)).astype(float)
    first, second = (assign_reviews(affinity, reviews_per_idea=3, load=30) for _ in range(2))
    assert (first.idea.tolist(), first.judge.tolist()) == (second.idea.tolist(), second.judge.tolist())


@pytest.mark.parametrize("is_sparse", [False, True])
def test_ten_thousand_pairs_with_newcomers_and_least_loads(large, monkeypatch, is_sparse):
    monkeypatch.setattr(assign, "MANY", 0)
    monkeypatch.setattr(assign, "WIDE", 6)
    rng = np.random.default_rng(5)
    affinity = rng.random((200, 50))
    given = csr_array(affinity) if is_sparse else affinity
    is_new = rng.random(50) < 0.4
    found = assign_reviews(
        given, reviews_per_idea=3, load=15, load_minimum=4, newcomers=is_new, newcomer_minimum=1, newcomer_maximum=2
    )
    newcomers = np.bincount(found.idea, weights=is_new[found.judge])
    assert (found.load.min() >= 4, found.load.max() <= 15) == (True, True)
    assert set(newcomers.tolist()) <= {1.0, 2.0}
    assert found.worst > 0.85


def test_candidates_are_widened_until_all_are_served(large):
    affinity = np.column_stack([np.ones((30, 3)), np.zeros((30, 5))])
    found = assign_reviews(affinity, reviews_per_idea=2, load=8)
    assert found.missing.sum() == 0


def test_a_large_table_with_nothing_left_to_assign_stays_as_it_is(large):
    found = assign_reviews(np.ones((3, 5)), reviews_per_idea=1, load=1, fixed=[[0, 0], [1, 1], [2, 2]])
    assert (found.judge.tolist(), found.is_fixed.all()) == ([0, 1, 2], True)


def test_a_large_table_without_a_possible_pair_is_impossible(large):
    with pytest.raises(ImpossibleError, match="3 reviews cannot be assigned"):
        assign_reviews(np.ones((3, 5)), reviews_per_idea=1, load=1, conflicts=np.ones((3, 5), dtype=bool))


def test_least_loads_that_few_candidates_miss_are_met_by_all(large, monkeypatch):
    monkeypatch.setattr(assign, "MANY", 0)
    monkeypatch.setattr(assign, "WIDE", 1)
    affinity = np.column_stack([np.ones((6, 2)), np.zeros((6, 1))])
    found = assign_reviews(affinity, reviews_per_idea=1, load=6, load_minimum=[0, 0, 2])
    assert found.load[2] == 2


def test_fixed_pairs_outrank_conflicts_and_loads():
    found = assign_reviews([[1, 2]], reviews_per_idea=1, load=0, conflicts=[[0, 1]], fixed=[[0, 1]])
    assert (found.judge.tolist(), found.is_fixed.tolist(), found.load.tolist()) == ([1], [True], [0, 1])


def test_a_fixed_pair_that_a_sparse_table_lacks_is_worth_nothing():
    sparse = csr_array(coo_array(([3.0], ([0], [0])), shape=(1, 2)))
    found = assign_reviews(sparse, reviews_per_idea=2, load=1, fixed=[[0, 1]], conflicts=np.zeros((1, 2), bool))
    assert found.affinity.tolist() == [3.0, 0.0]


def test_after_a_decline_only_that_review_moves():
    rng = np.random.default_rng(6)
    affinity = rng.random((20, 6))
    before = assign_reviews(affinity, reviews_per_idea=2, load=8)
    current = np.stack([before.idea, before.judge], axis=1)
    changed = adjust_assignment(current, affinity, reviews_per_idea=2, load=8, conflicts=current[:1])
    assert (len(changed.added), changed.removed.tolist()) == (1, current[:1].tolist())


def test_adjusting_keeps_as_much_as_brute_force_can():
    rng = np.random.default_rng(7)
    for _ in range(60):
        affinity, needs, load, conflicts = random_case(rng)
        current = np.argwhere(rng.random(affinity.shape) < 0.4)
        kept = [
            sum(judge in sets[idea] for idea, judge in current.tolist())
            for sets in all_assignments(affinity, needs, load, conflicts)
        ]
        limits = {"reviews_per_idea": needs, "load": load, "conflicts": conflicts}
        changed = adjust_assignment(current, affinity, partial=True, **limits)
        assert not kept or len(current) - len(changed.removed) == max(kept)
        assert (changed.assignment.shortage is None) == bool(kept)


def test_reasons_name_parts_ranks_and_alternatives():
    parts = {"expertise": [[5, 3, 4, 0]], "wish": [[0, 1, 0, 0]]}
    weights = {"expertise": 1.0, "wish": 2.0}
    affinity = combined_affinity(parts, weights)
    found = assign_reviews(affinity, reviews_per_idea=2, load=[1, 1, 0, 1], conflicts=[[0, 0]], fixed=[[0, 3]])
    reasons = explain_assignment(found, 0, parts=parts, weights=weights, n_alternatives=2)
    assert [(one.judge, one.status, one.rank, one.affinity) for one in reasons] == [
        (1, "assigned", 1, 5.0), (3, "fixed", 3, 0.0), (0, "conflict", 0, 5.0), (2, "full", 2, 4.0)
    ]  # fmt: skip
    assert (reasons[0].parts, reasons[0].load, reasons[0].limit) == ((("expertise", 3.0), ("wish", 2.0)), 1, 1)
    assert explain_assignment(found, 0)[0].parts == ()


def test_a_solver_that_gives_up_is_an_error(monkeypatch):
    monkeypatch.setattr(flow.SimpleMinCostFlow, "OPTIMAL", "never")
    with pytest.raises(NotConvergedError, match="the flow solver stopped"):
        assign_reviews([[1.0]], reviews_per_idea=1, load=1)
