import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from permea_engine.errors import RangeError, ShapeError
from permea_engine.funnel import beta_interval, funnel, shares, wilson_interval

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_the_published_intervals_are_met(shares_answer):
    case = shares_answer
    found = wilson_interval(case["successes"], case["n"])
    assert found == pytest.approx((case["lower"], case["upper"]), abs=5e-5)


def test_a_uniform_prior_and_one_failure_give_the_square_root_by_hand():
    assert beta_interval(0, 1, prior=(1.0, 1.0)) == pytest.approx((1 - np.sqrt(0.975), 1 - np.sqrt(0.025)))


def test_jeffreys_reaches_the_ends():
    assert (beta_interval(0, 5)[0], beta_interval(5, 5)[1]) == (0.0, 1.0)


def test_nothing_seen_says_nothing():
    assert (wilson_interval(0, 0), np.isnan(shares([0], [0]).share[0])) == ((0.0, 1.0), True)


def test_a_funnel_converts_stage_by_stage():
    found = funnel([40, 10], [12, 5])
    assert (found.stages.share.tolist(), found.overall.share.tolist()) == ([0.3, 0.5], [0.125])


@given(COUNTS)
def test_failures_mirror_successes(counts):
    won, n = counts
    lower, upper = wilson_interval(won, n)
    assert (1 - upper, 1 - lower) == pytest.approx(wilson_interval(n - won, n))


@given(COUNTS, st.sampled_from([0.8, 0.95, 0.99]))
def test_intervals_hold_the_share_and_shrink_with_ten_times_the_data(counts, level):
    won, n = counts
    lower, upper = wilson_interval(won, n, level=level)
    more = wilson_interval(10 * won, 10 * n, level=level)
    low, high = beta_interval(won, n, level=level)
    assert lower <= won / n <= upper
    assert more[1] - more[0] < upper - lower
    assert 0 <= low <= won / n + 1e-12
    assert won / n - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: wilson_interval(3, 2), RangeError, "successes: 3 given"),
        (lambda: wilson_interval(1, -2), RangeError, "n: -2 given"),
        (lambda: wilson_interval(1, 2, level=2), RangeError, "level"),
        (lambda: beta_interval(1, 2, prior=(0, 1)), RangeError, "prior"),
        (lambda: beta_interval(1, 2, level=0), RangeError, "level"),
        (lambda: shares([1, 3], [2, 2]), RangeError, "successes: entry 1 is 3, more than the 2"),
        (lambda: shares([0.5], [2]), RangeError, "whole numbers"),
        (lambda: shares([1], [2, 2]), ShapeError, "successes"),
        (lambda: shares([-1], [2]), RangeError, "successes: entry 0 is negative"),
        (lambda: funnel([], []), RangeError, "there is no stage"),
        (lambda: funnel([9, 8, 8], [8, 7, 1]), RangeError, "more entered stage 2 than passed stage 1"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
