import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from permea_engine.errors import RangeError, ShapeError
from permea_engine.survival import time_to

ITEMS = st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=2, max_size=40)


def test_known_curves_are_met(survival_answer):
    case = survival_answer
    is_finished = np.arange(len(case["durations"])) < case["n_finished"]
    found = time_to(case["durations"], is_finished)
    assert found.times.tolist() == case["times"]
    assert found.open_share == pytest.approx(case["open_share"], abs=6e-5)
    assert (found.median, found.median_lower, found.median_upper) == tuple(
        case[name] for name in ("median", "median_lower", "median_upper")
    )


def test_five_items_by_hand():
    found = time_to([2, 3, 3, 5, 8], [1, 1, 0, 1, 0])
    assert found.open_share == pytest.approx([4 / 5, 3 / 5, 3 / 10])
    assert (found.at_risk.tolist(), found.finished.tolist(), found.n, found.n_finished) == ([5, 4, 2], [1, 1, 1], 5, 3)


def test_when_all_have_finished_the_curve_ends_at_zero_with_an_interval():
    found = time_to([1, 2, 3], [True, True, True])
    assert (found.open_share[-1], found.lower[-1], found.upper[-1] == found.upper[-2]) == (0.0, 0.0, True)


def test_all_finished_at_once():
    found = time_to([4, 4], [True, True])
    assert (found.median, found.lower.tolist(), found.upper.tolist()) == (4.0, [0.0], [1.0])


def test_nothing_finished_yet_is_too_few_to_tell():
    found = time_to([4, 9], [False, False])
    assert (found.median, found.median_lower, found.median_upper, len(found.times)) == (None, None, None, 0)


@given(ITEMS.filter(lambda items: any(done for _, done in items)))
def test_it_agrees_with_statsmodels(items):
    durations, done = zip(*items, strict=True)
    found, peer = time_to(durations, done), SurvfuncRight(np.array(durations), np.array(done, dtype=int))
    assert found.times.tolist() == peer.surv_times.tolist()
    assert found.open_share == pytest.approx(peer.surv_prob, abs=1e-9)


@given(ITEMS, st.floats(0.1, 100))
def test_another_unit_of_time_stretches_the_answer(items, unit):
    durations, done = (np.array(column, dtype=float) for column in zip(*items, strict=True))
    now, then = time_to(durations, done), time_to(durations * unit, done)
    medians = [(one.median, one.median_lower, one.median_upper) for one in (now, then)]
    assert medians[1] == tuple(None if value is None else pytest.approx(value * unit) for value in medians[0])


@given(ITEMS)
def test_leaving_items_open_longer_never_shortens_the_median(items):
    durations, done = (np.array(column) for column in zip(*items, strict=True))
    longer = np.where(done, durations, durations + 50)
    now, then = time_to(durations, done).median, time_to(longer, done).median
    assert then is None or (now is not None and then >= now)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: time_to([], []), RangeError, "durations: there is no item"),
        (lambda: time_to([-1], [1]), RangeError, "durations: entry 0 is negative"),
        (lambda: time_to([1], [1, 0]), ShapeError, "is_finished"),
        (lambda: time_to([1], [2]), RangeError, "is_finished: every entry"),
        (lambda: time_to([1], [1], level=1), RangeError, "level"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
