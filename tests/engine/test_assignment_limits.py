from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import coo_array

from permea_engine.assignment import (
    ImpossibleError,
    adjust_assignment,
    assign_reviews,
    combined_affinity,
    explain_assignment,
)
from permea_engine.errors import RangeError, ShapeError
from tests.engine.assigning import all_assignments, random_case


def test_smallest_relaxations_equal_trying_them_out():
    rng = np.random.default_rng(1)
    seen = set()
    for _ in range(150):
        affinity, needs, load, conflicts = random_case(rng)
        try:
            assign_reviews(affinity, reviews_per_idea=needs, load=load, conflicts=conflicts)
            continue
        except ImpossibleError as refused:
            shortage = refused.shortage
        fullest = max(_flow(needs, load, conflicts), default=0)
        assert (shortage.missing, shortage.needed - shortage.available) == (needs.sum() - fullest,) * 2
        for way in shortage.relaxations:
            seen.add(way.kind)
            assert [_works(way, amount, affinity, needs, load, conflicts) for amount in (way.amount, way.amount - 1)] \
                == [True, False]  # fmt: skip
    assert seen == {"load", "conflicts", "reviews", "judges"}


def _flow(needs, load, conflicts):
    """Yield how many reviews each way of meeting part of the needs meets."""
    for part in np.ndindex(*(needs + 1)):
        if any(True for _ in all_assignments(None, part, load, conflicts)):
            yield sum(part)


def _works(way, amount, affinity, needs, load, conflicts):
    """Return whether a relaxation by so much makes an assignment possible, tried out."""
    needs, load, conflicts = needs.copy(), load.copy(), conflicts.copy()
    if way.kind == "load":
        load[way.judges] += amount
    elif way.kind == "reviews":
        needs = np.maximum(needs - amount, 0)
    elif way.kind == "judges":
        usual = int(np.median(load[load > 0]))
        load = np.append(load, [usual] * amount)
        conflicts = np.hstack([conflicts, np.zeros((len(needs), amount), dtype=bool)])
    elif amount == way.amount:
        conflicts[tuple(way.pairs.T)] = False
    else:
        barred = np.argwhere(conflicts)
        return any(
            any(True for _ in all_assignments(affinity, needs, load, _without(conflicts, barred[list(some)])))
            for some in combinations(range(len(barred)), amount)
        )
    return any(True for _ in all_assignments(affinity, needs, load, conflicts))


def _without(conflicts, pairs):
    lifted = conflicts.copy()
    lifted[tuple(pairs.T)] = False
    return lifted


def test_what_is_missing_is_shared_and_said():
    found = assign_reviews(np.ones((3, 2)), reviews_per_idea=2, load=2, partial=True)
    assert (found.missing.max(), found.missing.sum(), found.shortage.missing) == (1, 2, 2)
    assert sorted((way.kind, way.amount) for way in found.shortage.relaxations) == [("judges", 1), ("load", 1),
                                                                                    ("reviews", 1)]  # fmt: skip


def test_an_idea_with_one_judge_comes_before_one_with_none():
    found = assign_reviews(np.ones((2, 3)), reviews_per_idea=3, load=[1, 1, 0], fixed=[[0, 2]], partial=True)
    assert np.bincount(found.idea).tolist() == [2, 1]


def test_no_judge_and_all_conflicts_are_named():
    with pytest.raises(ImpossibleError, match="ways out: none of a single limit") as nobody:
        assign_reviews(np.zeros((2, 0)), reviews_per_idea=1, load=1)
    with pytest.raises(ImpossibleError, match="conflicts by 2") as barred:
        assign_reviews(np.ones((2, 1)), reviews_per_idea=1, load=2, conflicts=[[True], [True]])
    assert (nobody.value.shortage.ideas.tolist(), barred.value.shortage.ideas.tolist()) == ([0, 1], [0, 1])
    assert {way.kind: way.pairs.tolist() for way in barred.value.shortage.relaxations} == {
        "conflicts": [[0, 0], [1, 0]],
        "judges": [],
    }


def test_the_smallest_change_is_found_between_steps():
    barred = [[0, 0], [0, 1], [0, 2]]
    with pytest.raises(ImpossibleError, match="3 reviews cannot be assigned; 1 ideas need 5 and can get 2") as refused:
        assign_reviews(np.ones((4, 5)), reviews_per_idea=[5, 1, 1, 1], load=4, conflicts=barred)
    assert {way.kind: way.amount for way in refused.value.shortage.relaxations} == {
        "conflicts": 3,
        "reviews": 3,
        "judges": 3,
    }


def test_newcomer_limits_that_cannot_hold_are_named():
    with pytest.raises(ImpossibleError, match="newcomers by 1"):
        assign_reviews(np.ones((1, 2)), reviews_per_idea=2, load=1, newcomers=[True, True], newcomer_maximum=1)


def test_least_loads_that_cannot_hold_are_named():
    with pytest.raises(ImpossibleError, match="load_minimum by 2") as refused:
        assign_reviews(np.ones((1, 3)), reviews_per_idea=1, load=1, load_minimum=1)
    assert len(refused.value.shortage.judges) == 2


def test_nothing_to_assign_is_an_empty_assignment():
    found = assign_reviews(np.zeros((0, 3)), reviews_per_idea=2, load=1)
    assert (len(found.idea), found.total, np.isnan(found.worst)) == (0, 0.0, True)


ONE = {"reviews_per_idea": 1, "load": 1}
TWICE = coo_array(([1.0, 1.0], ([0, 0], [0, 0])), shape=(1, 1))


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: assign_reviews([[np.nan]], **ONE), RangeError, r"affinity: entry \(0, 0\)"),
        (lambda: assign_reviews([1.0], **ONE), ShapeError, "affinity: shape"),
        (lambda: assign_reviews(TWICE, **ONE), RangeError, "affinity: a pair of idea and judge is given twice"),
        (lambda: assign_reviews([[1.0]], reviews_per_idea=-1, load=1), RangeError, "reviews_per_idea"),
        (lambda: assign_reviews([[1.0]], reviews_per_idea=[1, 1], load=1), ShapeError, "reviews_per_idea"),
        (lambda: assign_reviews([[1.0]], reviews_per_idea=1, load=1.5), ShapeError, "load"),
        (lambda: assign_reviews([[1.0]], **ONE, load_minimum=2), RangeError, "load_minimum: 2 for judge 0"),
        (lambda: assign_reviews([[1.0]], **ONE, conflicts=[[True, True]]), ShapeError, "conflicts: shape"),
        (lambda: assign_reviews([[1.0]], **ONE, conflicts=[0]), ShapeError, "conflicts: pairs"),
        (lambda: assign_reviews([[1.0]], **ONE, conflicts=[[0, 1]]), RangeError, "conflicts, judges"),
        (lambda: assign_reviews([[1.0]], **ONE, fixed=[[0, 0], [0, 0]]), RangeError, "fixed: a pair"),
        (lambda: assign_reviews([[1.0]], **ONE, newcomers=[1, 0]), ShapeError, "newcomers: shape"),
        (lambda: assign_reviews([[1.0]], **ONE, newcomer_minimum=2, newcomer_maximum=1), RangeError, "newcomer_max"),
        (lambda: assign_reviews([[1.0]], **ONE, evenness=np.nan), RangeError, "evenness"),
        (lambda: adjust_assignment([[0, 1]], [[1.0]], **ONE), RangeError, "current, judges"),
        (lambda: combined_affinity({}, {}), RangeError, "weights"),
        (lambda: combined_affinity({"a": [[1]], "b": [[1, 2]]}, {"a": 1, "b": 1}), ShapeError, "parts, b"),
        (lambda: explain_assignment(assign_reviews([[1.0]], **ONE), 1), RangeError, "idea"),
        (lambda: explain_assignment(assign_reviews([[1.0]], **ONE), 0, parts={"a": [[1]]}), RangeError, "weights"),
    ],
)  # fmt: skip
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
