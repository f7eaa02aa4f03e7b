import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.effects import mean_difference, mean_interval, paired_effect, share_difference
from permea_engine.errors import RangeError, ShapeError, UndeterminedError

VALUES = st.lists(st.integers(1, 1000).map(float), min_size=3, max_size=12)
COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def ends(found):
    return pytest.approx((found.value, found.lower, found.upper), abs=5e-4)


def test_the_interval_of_student_by_hand():
    """The mean of 1 to 5 is 3, its standard error sqrt(2.5 / 5); Student's 97.5 % point with 4 degrees is 2.776445."""
    reach = 2.776445 * np.sqrt(0.5)
    assert ends(mean_interval([1, 2, 3, 4, 5])) == (3, 3 - reach, 3 + reach)


def test_the_interval_of_welch_by_hand():
    """Variances 1 and 4, three values each: (5/3)^2 / ((1/9 + 16/9) / 2) = 50/17 degrees of freedom."""
    found = mean_difference([4, 5, 6], [1, 3, 5])
    assert (found.n, found.value) == (6, 2.0)
    assert (found.upper - found.value) == pytest.approx(3.21831 * np.sqrt(5 / 3), rel=2e-3)


@pytest.mark.parametrize(
    ("successes", "n", "answer"),
    [
        ((56, 48), (70, 80), (0.2, 0.0524, 0.3339)),
        ((9, 3), (10, 10), (0.6, 0.1705, 0.8090)),
        ((5, 0), (56, 29), (0.0893, -0.0381, 0.1926)),
        ((10, 0), (10, 10), (1.0, 0.6075, 1.0)),
    ],
)
def test_the_intervals_newcombe_printed(successes, n, answer):
    assert ends(share_difference(successes, n)) == answer


def test_a_paired_effect_by_hand():
    """Differences 1 to 5 as in Student's example; ratios of 2 throughout leave an interval of no width."""
    found = paired_effect([10, 20, 30, 40, 50], [11, 22, 33, 44, 55])
    doubled = paired_effect([1, 2, 5], [2, 4, 10])
    assert ends(found.difference) == (3, 1.0368, 4.9632)
    assert (found.before, found.after, found.n, found.is_outlier.any()) == (30, 33, 5, False)
    assert ends(doubled.ratio) == (2, 2, 2)


def test_what_lies_far_off_is_named_and_counted():
    found = paired_effect([10.0] * 6, [11, 12, 11, 12, 11, 90])
    assert (found.is_outlier.tolist(), found.n, found.without_outliers.n) == ([False] * 5 + [True], 6, 5)
    assert (found.difference.value, found.without_outliers.value) == pytest.approx((14.5, 1.4))


def test_one_value_has_no_interval_and_a_nought_no_ratio():
    one, pair = mean_interval([7]), mean_difference([7], [1, 2])
    assert (one.value, np.isnan(one.lower), pair.value, np.isnan(pair.upper)) == (7, True, 5.5, True)
    assert np.isnan(paired_effect([0, 1], [1, 2]).ratio.value)
    assert mean_difference([2, 2], [1, 1]).lower == 1


@settings(max_examples=20)
@given(VALUES, VALUES, COUNTS, COUNTS)
def test_changing_sides_changes_the_sign(first, second, one, two):
    there, back = mean_difference(first, second), mean_difference(second, first)
    share_there = share_difference((one[0], two[0]), (one[1], two[1]))
    share_back = share_difference((two[0], one[0]), (two[1], one[1]))
    assert (there.value, there.lower) == pytest.approx((-back.value, -back.upper))
    assert (share_there.lower, share_there.upper) == pytest.approx((-share_back.upper, -share_back.lower))
    assert -1 - 1e-9 <= share_there.lower <= share_there.value <= share_there.upper <= 1 + 1e-9


@settings(max_examples=20)
@given(VALUES, st.integers(-50, 50), st.sampled_from([0.9, 0.95]))
def test_what_is_added_to_everybody_is_the_effect(before, shift, level):
    found = paired_effect(before, [value + shift for value in before], level=level)
    assert (found.difference.value, found.difference.lower) == pytest.approx((shift, shift))


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: mean_interval([]), UndeterminedError, "values"),
        (lambda: mean_interval([1, 2], level=1), RangeError, "level"),
        (lambda: mean_difference([], [1]), UndeterminedError, "empty"),
        (lambda: mean_difference([1], ["x"]), ShapeError, "second"),
        (lambda: share_difference((1, 0), (2, 0)), UndeterminedError, "empty"),
        (lambda: share_difference((3, 0), (2, 1)), RangeError, "successes"),
        (lambda: paired_effect([], []), UndeterminedError, "no pair"),
        (lambda: paired_effect([1], [1, 2]), ShapeError, "after"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
