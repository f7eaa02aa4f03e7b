"""The best set of ideas under the limits, its certificate, and what would change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.selection.shortlist.limits import InfeasibleLimitsError, Program, build_program, in_words
from permea.selection.shortlist.model import Choice, Floats, Inputs, Limits, Swap, Use
from permea_engine.portfolio import (
    InfeasibleError,
    LimitOptions,
    Selection,
    budget_value,
    runner_up,
    select_portfolio,
    selection_stability,
)
from permea_engine.ratings import Ratings

DRAWS, LEAST_DRAWS = 200, 20
WORK = 60_000  # draws x ideas x budgets worked through for the stability of a choice; above, no runner-up either
INCREASE = 0.10  # of the money, to see what more of it would buy


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A choice with the set itself, and the share of plausible scores under which each idea is chosen."""

    choice: Choice
    chosen: np.ndarray
    stability: Floats | None
    warnings: tuple[str, ...]


def choose(
    inputs: Inputs, limits: Limits, ratings: Ratings, *, top: int | None, seed: int, step: Callable[[str], None]
) -> Made:
    """Find the set with the most points above the bar. Raises InfeasibleLimitsError or TableError."""
    step(_("Choosing the best set"))
    program = build_program(limits, inputs.ideas, limits.n_most if limits.n_most is not None else top)
    unread = [int(number) for number in np.flatnonzero(ratings.n_reviews == 0)]
    kept_out = {*unread, *program.unpriced}
    forced_out = [*program.options["forced_out"], *sorted(kept_out.difference(program.options["forced_out"]))]
    options: LimitOptions = {**program.options, "forced_out": forced_out}
    bar = usual_bar(inputs.marks) if limits.bar is None else limits.bar
    values = np.where(ratings.n_reviews > 0, ratings.scores - bar, 0.0)
    try:
        best = select_portfolio(values, program.costs, program.capacities, **options)
    except InfeasibleError as error:
        sentences = [in_words(limit, limits, program, inputs.ideas) for limit in error.conflict]
        raise InfeasibleLimitsError(sentences) from None
    step(_("Comparing with the runner-up"))
    is_large = program.costs.size > WORK // LEAST_DRAWS
    second = None if is_large else runner_up(values, program.costs, program.capacities, chosen=best.chosen, **options)
    more = _more_money(values, limits, program, options, inputs)
    step(_("Trying the choice under other plausible scores"))
    stability, n_draws = _stability(ratings, bar, program, options, seed)
    choice = Choice(
        bar=bar,
        value=best.value,
        bound=best.bound,
        gap=best.gap,
        status=best.status,
        is_proven=best.proven,
        solver=best.solver,
        uses=tuple(map(Use, program.labels, map(float, best.used), program.capacities)),
        runner_up=None if second is None else _swap(best, second, inputs),
        more_money=more,
        is_compared=not is_large,
        n_draws=n_draws,
    )
    return Made(choice, best.chosen, stability, tuple(_warnings(program, unread)))


def usual_bar(marks: Floats) -> float:
    """Return the middle of the scale: 3 for marks from 1 to 5, else half way between the lowest and highest mark."""
    low, high = float(np.nanmin(marks)), float(np.nanmax(marks))
    is_usual = low >= 1 and high <= 5 and bool((marks[~np.isnan(marks)] % 1 == 0).all())  # noqa: PLR2004
    return 3.0 if is_usual else (low + high) / 2


def _swap(now: Selection, other: Selection, inputs: Inputs, extra: float = 0.0) -> Swap:
    joining = np.flatnonzero(other.chosen & ~now.chosen)
    leaving = np.flatnonzero(now.chosen & ~other.chosen)
    return Swap(
        value=other.value,
        joining=tuple(inputs.ideas[number].key for number in joining),
        leaving=tuple(inputs.ideas[number].key for number in leaving),
        extra=extra,
    )


def _more_money(values: Floats, limits: Limits, program: Program, options: LimitOptions, inputs: Inputs) -> Swap | None:
    if limits.money is None:
        return None
    found = budget_value(values, program.costs, program.capacities, budget_index=0, increase=INCREASE, **options)
    return _swap(found.now, found.then, inputs, extra=found.extra_budget)


def _stability(
    ratings: Ratings, bar: float, program: Program, options: LimitOptions, seed: int
) -> tuple[Floats | None, int]:
    work = program.costs.shape[0] * max(1, program.costs.shape[1])
    n_draws = min(DRAWS, WORK // work)
    if n_draws < LEAST_DRAWS:
        return None, 0
    draws = ratings.sample(n_draws, np.random.default_rng(seed)) - bar
    return selection_stability(draws, program.costs, program.capacities, **options), n_draws


def _warnings(program: Program, unread: list[int]) -> list[str]:
    n_unpriced = len(set(program.unpriced).difference(unread))
    if not n_unpriced:
        return []
    return [
        ngettext(
            "One reviewed idea has no price for a limit that needs one, and cannot be chosen.",
            "%(n)s reviewed ideas have no price for a limit that needs one, and cannot be chosen.",
            n_unpriced,
        )
        % {"n": n_unpriced}
    ]
