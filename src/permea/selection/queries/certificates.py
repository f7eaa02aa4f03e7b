"""The engine's answer to a selection problem, as a certificate that is stored, shown and exported."""

from __future__ import annotations

import math
from typing import Any

from permea.evaluation.queries import ReviewFacts
from permea.selection.queries.programs import Program

DRAWS = 200
DRAWS_AT_LEAST = 20
WORK = 8000  # draws times candidates: what stability may cost
MORE = 0.10
DIGITS = 4


def certify(program: Program, facts: ReviewFacts) -> dict[str, Any]:
    """Return the best set with its proof, the runner-up, what more budget buys and how stable each idea is.

    If the limits cannot hold together the answer holds only `conflict`: pairs (kind, number).
    """
    from permea_engine import ENGINE_VERSION, portfolio  # noqa: PLC0415 - SciPy and HiGHS load at first use

    arguments = (program.values, program.costs, program.capacities)
    try:
        best = portfolio.select_portfolio(*arguments, **program.options)
    except portfolio.InfeasibleError as error:
        return {"conflict": [[limit.kind, limit.index] for limit in error.conflict]}
    keys = [one.key for one in program.candidates]
    second = portfolio.runner_up(*arguments, chosen=best.chosen, **program.options)
    return {
        "engine_version": ENGINE_VERSION,
        "solver": best.solver,
        "status": best.status,
        "proven": bool(best.proven),
        "value": _round(best.value),
        "bound": _round(best.bound),
        "gap": _round(best.gap, 8),
        "bar": program.bar,
        "budgets": dict(zip(program.budgets, program.capacities, strict=False)),
        "used": dict(zip(program.budgets, [_round(used) for used in best.used], strict=False)),
        "chosen": [key for key, taken in zip(keys, best.chosen, strict=True) if taken],
        "runner_up": None if second is None else _difference(keys, best, second),
        "more": [_more(program, index, keys) for index in range(len(program.budgets))],
        "n_draws": _n_draws(program),
        "stability": _stability(program, facts, keys),
    }


def _difference(keys: list[str], best: Any, second: Any) -> dict[str, Any]:
    """Return how the second-best set differs."""
    return {
        "value": _round(second.value),
        "less": _round(best.value - second.value),
        "joining": [key for key, now, then in zip(keys, best.chosen, second.chosen, strict=True) if then and not now],
        "leaving": [key for key, now, then in zip(keys, best.chosen, second.chosen, strict=True) if now and not then],
    }


def _more(program: Program, index: int, keys: list[str]) -> dict[str, Any]:
    """Return what ten per cent more of one budget would buy."""
    from permea_engine import portfolio  # noqa: PLC0415 - SciPy and HiGHS load at first use

    more = portfolio.budget_value(
        program.values, program.costs, program.capacities, budget_index=index, increase=MORE, **program.options
    )
    return {
        "budget": program.budgets[index],
        "extra": _round(more.extra_budget),
        "extra_value": _round(more.extra_value),
        "joining": [keys[place] for place in more.joining],
        "leaving": [keys[place] for place in more.leaving],
    }


def _n_draws(program: Program) -> int:
    """Return how many draws of the scores the stability is taken over: fewer where there are many candidates."""
    return max(DRAWS_AT_LEAST, min(DRAWS, WORK // max(len(program.candidates), 1)))


def _stability(program: Program, facts: ReviewFacts, keys: list[str]) -> dict[str, float]:
    """Return in what share of plausible scores each idea is chosen."""
    import numpy as np  # noqa: PLC0415 - loads at first use

    from permea_engine import portfolio, ratings  # noqa: PLC0415 - SciPy and HiGHS load at first use

    if not program.candidates:
        return {}
    rated = ratings.rate_ideas(
        facts.idea,
        facts.judge,
        facts.values,
        n_ideas=len(facts.ideas),
        n_judges=len(facts.judges),
        weights=[float(one.weight) for one in facts.criteria],
    )
    place = {key: index for index, (_pk, key, _title) in enumerate(facts.ideas)}
    columns = [place[key] for key in keys]
    draws = rated.sample(_n_draws(program), np.random.default_rng(0))[:, columns] - program.bar
    shares = portfolio.selection_stability(draws, program.costs, program.capacities, **program.options)
    return {key: _round(share) for key, share in zip(keys, shares, strict=True)}


def _round(value: Any, digits: int = DIGITS) -> float:
    """Return a number rounded for storing; what is not finite becomes 0 gap."""
    number = float(value)
    return round(number, digits) if math.isfinite(number) else 0.0
