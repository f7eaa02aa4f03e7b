"""Expected losses by hand, what simulation must keep to, what narrows the total, leaks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.exposure import chance_above, expected_losses, exposure, leak_exposure

CHANCES = st.lists(st.integers(0, 100), min_size=3, max_size=3).map(lambda ends: [end / 100 for end in sorted(ends)])
COSTS = st.lists(st.integers(0, 10_000), min_size=3, max_size=3).map(sorted)
REGISTERS = st.lists(st.tuples(CHANCES, COSTS), min_size=1, max_size=5)
FEW = 2_000


def tables(register):
    return [list(column) for column in zip(*register, strict=True)]


def test_the_mean_of_a_range_follows_its_middle_four_times_as_much_as_an_end():
    """(0.1 + 4 x 0.2 + 0.9) / 6 = 0.3; (600 + 4 x 1200 + 3600) / 6 = 1500."""
    assert expected_losses([[0.1, 0.2, 0.9]], [[600, 1200, 3600]]) == pytest.approx([450])
    assert len(expected_losses([], [])) == 0


def test_what_narrows_the_total_by_hand():
    """Variance of 0..0.3..0.6 is 0.3 x 0.3 / 7; the impact is known: all doubt is about the chance."""
    known = exposure([[0, 0.3, 0.6]], [[500, 500, 500]], seed=1, n_samples=FEW)
    assert [(doubt.risk, doubt.of, doubt.share) for doubt in known.doubts] == [(0, "probability", pytest.approx(1))]
    both = exposure([[0, 0.3, 0.6]] * 2, [[500, 500, 500], [0, 500, 1000]], seed=1, n_samples=FEW)
    var_p, var_m = 0.09 / 7, 250_000 / 7
    total = 2 * 500**2 * var_p + 0.3**2 * var_m + var_p * var_m
    found = {(doubt.risk, doubt.of): doubt.share for doubt in both.doubts}
    assert found == pytest.approx(
        {
            (0, "probability"): 500**2 * var_p / total,
            (1, "probability"): 500**2 * var_p / total,
            (1, "impact"): 0.3**2 * var_m / total,
        }
    )


def test_years_are_lucky_or_not_although_everything_is_known():
    """Two risks of one half and 100 each: no loss in one year of four, 200 in another."""
    found = exposure([[0.5] * 3] * 2, [[100] * 3] * 2, seed=7)
    assert (found.lower, found.mean, found.upper, found.doubts) == (100, 100, 100, ())
    assert set(found.years.tolist()) == {0, 100, 200}
    chance = chance_above(found.years, 100)
    assert chance.lower < 0.25 < chance.upper
    assert chance_above(found.years, 200).value == 0


def test_nothing_at_stake_has_no_shares():
    found = exposure([[0, 0, 0]], [[0, 5, 9]], seed=1, n_samples=FEW)
    assert (found.mean, found.shares.tolist(), found.doubts) == (0, [0], ())


@settings(max_examples=20)
@given(REGISTERS, st.sampled_from([0.5, 4.0]))
def test_the_unit_of_money_does_not_matter_and_years_cost_the_mean_on_average(register, factor):
    chances, costs = tables(register)
    found = exposure(chances, costs, seed=3, n_samples=FEW)
    scaled = exposure(chances, [[factor * cost for cost in row] for row in costs], seed=3, n_samples=FEW)
    assert [scaled.mean, scaled.lower, scaled.upper] == pytest.approx(
        [factor * found.mean, factor * found.lower, factor * found.upper]
    )
    assert scaled.years == pytest.approx(factor * found.years)
    assert found.losses.sum() == pytest.approx(found.mean)
    most = sum(loss * cost[2] for loss, cost in zip(found.losses, costs, strict=True))  # no year varies more than that
    assert abs(found.years.mean() - found.mean) <= 7 * np.sqrt(most / FEW) + 1e-6
    assert sum(doubt.share for doubt in found.doubts) <= 1 + 1e-9


@settings(max_examples=20)
@given(REGISTERS)
def test_a_risk_that_never_happens_changes_nothing_and_the_order_of_risks_not_the_answer(register):
    chances, costs = tables(register)
    found = exposure(chances, costs, seed=3, n_samples=FEW)
    more = exposure([*chances, [0, 0, 0]], [*costs, [1, 2, 3]], seed=3, n_samples=FEW)
    assert (more.mean, more.lower, more.upper) == (found.mean, found.lower, found.upper)
    turned = exposure(chances[::-1], costs[::-1], seed=3, n_samples=FEW)
    assert turned.losses[::-1] == pytest.approx(found.losses)
    assert sorted(doubt.share for doubt in turned.doubts) == pytest.approx(sorted(one.share for one in found.doubts))


def test_who_read_twice_leaks_once_for_the_group_of_the_last_reading():
    found = leak_exposure([5], [0, 0, 0], [3, 3, 4], [0, 1, 1], [False, False, True])
    assert (found.total, found.by_item.tolist(), found.by_group.tolist(), found.readers.tolist()) == (
        5,
        [5],
        [0, 5],
        [1],
    )
    nothing = leak_exposure([], [], [], [], [])
    assert (nothing.total, len(nothing.by_item), len(nothing.by_group)) == (0, 0, 0)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 2), st.booleans()), max_size=12))
def test_points_by_item_and_by_group_add_up_to_the_same(readings):
    columns = [list(column) for column in zip(*readings, strict=True)] or [[], [], [], []]
    found = leak_exposure([1, 3, 5], *columns)
    pairs = {(item, reader) for item, reader, _group, covered in readings if not covered}
    assert found.total == found.by_group.sum() == sum([1, 3, 5][item] for item, _reader in pairs)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: expected_losses([[0.1, 0.2]], [[1, 2, 3]]), ShapeError, "probability"),
        (lambda: expected_losses([[0.1, 0.2, 0.3]], []), ShapeError, "1 risks wanted"),
        (lambda: expected_losses([[0.1, 0.2, 1.3]], [[1, 2, 3]]), RangeError, "above 1"),
        (lambda: expected_losses([[0.3, 0.2, 0.4]], [[1, 2, 3]]), RangeError, "does not rise"),
        (lambda: expected_losses([[0.1, 0.2, 0.4]], [[-1, 2, 3]]), RangeError, "negative"),
        (lambda: exposure([], [], seed=1), UndeterminedError, "no risk"),
        (lambda: exposure([[0, 0, 1]], [[0, 1, 2]], seed=1, n_samples=10), RangeError, "n_samples"),
        (lambda: exposure([[0, 0, 1]], [[0, 1, 2]], seed=1, level=1), RangeError, "level"),
        (lambda: chance_above([], 1), UndeterminedError, "years"),
        (lambda: chance_above([1], [1, 2]), ShapeError, "amount"),
        (lambda: leak_exposure([1], [1], [0], [0], [True]), RangeError, "items"),
        (lambda: leak_exposure([-1], [0], [0], [0], [True]), RangeError, "sensitivity"),
        (lambda: leak_exposure([1], [0], [0, 1], [0], [True]), ShapeError, "readers"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
