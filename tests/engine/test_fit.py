from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine import fit as module
from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.fit import fit, team

FEW = settings(max_examples=25, deadline=None)
UNIT = st.floats(0, 1, width=32)


@st.composite
def options(draw, most=12):
    n, m = draw(st.integers(1, most)), draw(st.integers(1, 4))
    ends = draw(st.lists(st.tuples(UNIT, UNIT), min_size=n * m, max_size=n * m))
    ranges = np.sort(np.array(ends), axis=1).reshape(n, m, 2)
    weights = draw(st.lists(st.integers(0, 9), min_size=m, max_size=m).filter(any))
    return ranges[..., 0], ranges[..., 1], weights


def test_scores_and_their_ranges_by_hand():
    found = fit([[0.5, 0.0], [0.2, 1.0]], [[0.5, 1.0], [0.6, 1.0]], [3, 1], k=1)

    assert found.low.tolist() == pytest.approx([0.375, 0.4])  # 3/4 of the first, 1/4 of the second
    assert found.high.tolist() == pytest.approx([0.625, 0.7])
    assert found.middle.tolist() == pytest.approx([0.5, 0.55])
    assert found.width.tolist() == [pytest.approx([0, 0.25]), pytest.approx([0.3, 0])]


def test_how_often_one_of_two_is_best_by_hand():
    """One is surely at a half, the other anywhere between 0.25 and 1: it is better in two of three draws."""
    found = fit([[0.5], [0.25]], [[0.5], [1.0]], [1], k=1, draws=20_000)

    assert found.top.tolist() == pytest.approx([1 / 3, 2 / 3], abs=0.015)
    assert found.order.tolist() == [1, 0]


def test_what_is_unknown_is_no_bad_mark():
    known, unknown = fit([[0.3], [0.0]], [[0.3], [1.0]], [1], k=1).top

    assert unknown > known


def test_weights_sway():
    """A hair's breadth under the stated weights is no certainty: the weights are not that exact."""
    found = fit([[1.0, 0.0], [0.0, 0.9]], [[1.0, 0.0], [0.0, 0.9]], [1, 1], k=1, draws=4000)

    assert 0.2 < found.top[1] < 0.45


@FEW
@given(options(), st.integers(1, 4))
def test_laws_of_scores_and_shares(given_, k):
    low, high, weights = given_
    n = len(low)
    found = fit(low, high, weights, k=k, draws=50)
    times = fit(low, high, [7 * weight for weight in weights], k=k, draws=50)

    assert (found.low <= found.middle + 1e-12).all()
    assert (found.middle <= found.high + 1e-12).all()
    assert found.top.sum() == pytest.approx(min(n, k))
    assert sorted(found.order.tolist()) == list(range(n))
    assert np.allclose(found.high - found.low, found.width.sum(axis=1))
    assert (found.top == times.top).all()


@FEW
@given(options(most=6))
def test_who_is_better_in_everything_is_never_worse(given_):
    low, high, weights = given_
    better = fit(
        np.vstack([low, np.ones((1, low.shape[1]))]), np.vstack([high, np.ones((1, low.shape[1]))]), weights, k=1
    )

    assert better.high[-1] == pytest.approx(1)
    assert better.low[-1] >= better.high.max() - 1e-12


def test_draws_in_several_batches_are_as_many(monkeypatch):
    monkeypatch.setattr(module, "BATCH", 4)
    found = fit([[0.1], [0.2], [0.3]], [[0.9], [0.8], [0.7]], [1], k=2, draws=30)

    assert found.top.sum() == pytest.approx(2)


def test_a_team_by_hand():
    found = team([[0.9, 0.0, 0.5], [0.0, 0.8, 0.0], [0.6, 0.6, 0.0], [0, 0, 0]], [1, 1, 2], size=2)

    assert (found.members, found.filled, found.is_best) == ((0, 1), (0.9, 0.8, 0.5), True)
    assert found.value == pytest.approx((0.9 + 0.8 + 2 * 0.5) / 4)


def test_nobody_joins_a_team_who_adds_nothing(monkeypatch):
    levels = [[1.0, 1.0], [0.5, 0.9], [0.0, 0.0]]
    tried = team(levels, [1, 1], size=3)
    nobody = team([[0.0]], [1])
    monkeypatch.setattr(module, "MOST_TEAMS", 0)
    grown = team(levels, [1, 1], size=3)

    assert (tried.members, grown.members, grown.is_best) == ((0,), (0,), False)
    assert nobody == module.Team((), (0.0,), 0.0, is_best=True)


@FEW
@given(st.lists(st.lists(UNIT, min_size=3, max_size=3), min_size=1, max_size=7), st.integers(1, 3))
def test_trying_all_is_best_and_building_up_gets_its_share(levels, size):
    rows = np.array(levels)
    best = max(
        float(rows[list(some)].max(axis=0).mean())
        for count in range(1, min(size, len(rows)) + 1)
        for some in combinations(range(len(rows)), count)
    )
    with pytest.MonkeyPatch.context() as patch:
        assert team(rows, [1, 1, 1], size=size).value == pytest.approx(best)
        patch.setattr(module, "MOST_TEAMS", 0)
        assert team(rows, [1, 1, 1], size=size).value >= (1 - 1 / np.e) * best - 1e-9


@pytest.mark.parametrize(
    ("low", "high", "weights", "more", "error"),
    [
        ([[0.5]], [[0.5, 0.5]], [1], {}, ShapeError),
        ([[0.5]], [[0.5]], [1, 1], {}, ShapeError),
        ([[-0.1]], [[0.5]], [1], {}, RangeError),
        ([[0.5]], [[1.5]], [1], {}, RangeError),
        ([[0.5]], [[0.4]], [1], {}, RangeError),
        ([[0.5]], [[0.5]], [-1], {}, RangeError),
        ([[0.5]], [[0.5]], [0], {}, UndeterminedError),
        ([[0.5]], [[0.5]], [1], {"k": 0}, RangeError),
        ([[0.5]], [[0.5]], [1], {"draws": 0}, RangeError),
    ],
)
def test_what_makes_no_sense_is_refused(low, high, weights, more, error):
    with pytest.raises(error):
        fit(low, high, weights, **more)
