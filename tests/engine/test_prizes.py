import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from permea_engine import prizes
from permea_engine.errors import RangeError, ShapeError
from permea_engine.funnel import beta_interval
from permea_engine.prizes import SOURCES, best_of, entrants_needed, first_prize_share, hours_paid, prize_for_effort

COUNTS = st.integers(1, 200).flatmap(lambda seen: st.tuples(st.integers(0, seen), st.just(seen)))


def test_the_published_order_statistics_are_met(prizes_answer):
    assert best_of(prizes_answer["entrants"]).likely == pytest.approx(prizes_answer["expected"], abs=6e-6)


def test_one_entry_is_as_good_as_entries_are():
    found = best_of(1, mean=3.0, sd=0.5, level=0.9)
    assert (found.low, found.likely, found.high) == pytest.approx((3 - 0.5 * 1.644854, 3.0, 3 + 0.5 * 1.644854))


def test_a_known_rate_of_one_in_ten_takes_twenty_two_entries_by_hand():
    assert 1 - 0.9**22 > 0.9 > 1 - 0.9**21
    many = entrants_needed(10**6, 10**7)
    assert (many.low, many.likely, many.high) == (22, 22, 22)


@settings(max_examples=60)
@given(COUNTS, st.integers(1, 4), st.sampled_from([0.5, 0.9, 0.99]))
def test_each_number_is_the_first_that_is_enough(counts, wanted, chance):
    good, seen = counts
    found = entrants_needed(good, seen, wanted=wanted, chance=chance)
    rarely, often = beta_interval(good, seen, level=0.8)
    for number, reached in (
        (found.low, lambda n: binom.sf(wanted - 1, n, often)),
        (found.likely, lambda n: betabinom.sf(wanted - 1, n, good + 0.5, seen - good + 0.5)),
        (found.high, lambda n: binom.sf(wanted - 1, n, rarely)),
    ):
        if number < 10**6:
            assert reached(number) >= chance - 1e-9
            assert number == wanted or reached(number - 1) < chance + 1e-9


@given(COUNTS, st.integers(1, 3))
def test_more_wanted_or_more_certainty_takes_more_entries(counts, wanted):
    now, more, surer = (
        entrants_needed(*counts, wanted=wanted),
        entrants_needed(*counts, wanted=wanted + 1),
        entrants_needed(*counts, wanted=wanted, chance=0.95),
    )
    assert now.low <= now.high
    assert now.low <= more.low
    assert now.likely <= more.likely
    assert now.likely <= surer.likely


def test_where_none_was_good_there_is_no_upper_end():
    found = entrants_needed(0, 20)
    assert (np.isfinite(found.likely), found.high) == (True, np.inf)


@given(st.integers(1, 10**6), st.floats(-5, 5), st.floats(0, 3))
def test_the_best_of_more_is_better_and_moves_with_the_scale(entrants, mean, sd):
    found, more, standard = (
        best_of(entrants, mean=mean, sd=sd),
        best_of(2 * entrants, mean=mean, sd=sd),
        best_of(entrants),
    )
    assert found.low <= found.likely <= found.high
    assert more.likely >= found.likely - 1e-6
    assert found.likely == pytest.approx(mean + sd * standard.likely)


def test_prizes_pay_for_all_entries_together_and_back():
    found = prize_for_effort((10, 40), 50, (10, 20), winners=2)
    assert (found.low, found.likely, found.high) == pytest.approx((2500, np.sqrt(2500 * 20000), 20000))
    assert (hours_paid(found.low, 50, 10, winners=2), hours_paid(found.high, 50, 20, winners=2)) == (10.0, 40.0)
    assert hours_paid(100, 50, 2, winners=5) == 2.0


@pytest.mark.parametrize("least_cost", [0.2, 0.6])
@pytest.mark.parametrize("part", [0.5, 0.8, 1.0])
@pytest.mark.parametrize("entrants", [3, 8])
def test_nobody_gains_by_another_effort_than_the_computed_one(entrants, part, least_cost):
    first, second = prizes._pulls(entrants, least_cost)
    paid = part * first + (1 - part) * second  # what effort costs, for cost 1
    place = (np.arange(len(paid)) + 0.5) / len(paid)
    wins = part * (1 - place) ** (entrants - 1) + (1 - part) * (entrants - 1) * place * (1 - place) ** (entrants - 2)
    some = np.linspace(0, len(paid) - 1, 40).astype(int)
    payoffs = wins[some] - (least_cost + (1 - least_cost) * place[some][:, None]) * paid[some]
    assert (payoffs.max(axis=1) - np.diagonal(payoffs)).max() < 1e-4
    assert np.diagonal(payoffs).min() > -1e-4


@given(st.integers(2, 200), st.floats(0.1, 1.0), st.floats(0.05, 0.95))
def test_one_prize_is_best_where_effort_gets_no_harder(entrants, cost_exponent, least_cost):
    assert first_prize_share(entrants, cost_exponent=cost_exponent, least_cost=least_cost) == 1.0


@settings(max_examples=15)
@given(st.integers(3, 60), st.floats(1.05, 3.0))
def test_the_harder_further_effort_gets_the_more_goes_to_the_second(entrants, cost_exponent):
    now, steeper = (first_prize_share(entrants, cost_exponent=power) for power in (cost_exponent, cost_exponent + 1))
    assert 0.5 <= steeper <= now + 1e-3 <= 1.001


def test_a_second_of_two_is_never_paid():
    assert first_prize_share(2, cost_exponent=3) == 1.0


def test_every_rule_names_its_source_and_its_limits():
    rules = {one.rule for one in (entrants_needed(1, 2), best_of(3), prize_for_effort((1, 1), 1, (1, 1)))}
    assert rules < set(SOURCES)
    assert all(source.doi.startswith("10.") and source.citation and source.limits for source in SOURCES.values())


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: entrants_needed(3, 2), RangeError, "successes: 3 given"),
        (lambda: entrants_needed(1, 2, wanted=0), RangeError, "wanted"),
        (lambda: entrants_needed(1, 2, chance=1.0), RangeError, "chance"),
        (lambda: entrants_needed(1, 2, level=0), RangeError, "level"),
        (lambda: entrants_needed(0.5, 2), ShapeError, "successes"),
        (lambda: best_of(0), RangeError, "entrants"),
        (lambda: best_of(2, sd=-1), RangeError, "sd: -1 given"),
        (lambda: best_of(2, mean=np.nan), RangeError, "mean: nan"),
        (lambda: prize_for_effort((4, 2), 1, (1, 1)), RangeError, "hours: 4 to 2"),
        (lambda: prize_for_effort((1, 2), -1, (1, 1)), RangeError, "rate: -1 is negative"),
        (lambda: prize_for_effort((1, 2), 1, (0, 1)), RangeError, "entrants: 0 given"),
        (lambda: prize_for_effort((1, np.nan), 1, (1, 1)), RangeError, "hours"),
        (lambda: prize_for_effort((1, 2), 1, (1, 1), winners=0), RangeError, "winners"),
        (lambda: hours_paid(1, 0, 1), RangeError, "prize, rate"),
        (lambda: hours_paid(np.inf, 1, 1), RangeError, "prize: inf"),
        (lambda: hours_paid(1, 1, 0), RangeError, "entrants"),
        (lambda: first_prize_share(1), RangeError, "entrants"),
        (lambda: first_prize_share(5, cost_exponent=0), RangeError, "cost_exponent"),
        (lambda: first_prize_share(5, least_cost=1), RangeError, "least_cost"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
