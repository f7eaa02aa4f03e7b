"""Selection under limits: whether the optimum is the optimum, what funding down the list loses, how long it takes.

usage: python benchmarks/portfolio.py [--quick] [--out FILE]

The peers are what people do without a solver, which is to fund down the list by score or by score for money, skipping
what no longer fits, and CP-SAT of OR-Tools. Losses are shares of the optimum over random projects whose costs are
log-normal, with a quarter of the money asked for. A thousand small cases with every kind of limit are compared with all
sets there are. OR-Library's first mknap1 problems have published optima. Times are CPU seconds of one thread; both
solvers stop at a gap of 1e-4, CP-SAT also after a fixed amount of work.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from _data import data_folder
from rich.console import Console
from rich.table import Table

from permea_engine.portfolio import (
    InfeasibleError,
    best_sets,
    budget_curve,
    budget_value,
    runner_up,
    select_portfolio,
    selection_stability,
)

RESULTS = Path(__file__).parent / "results" / "portfolio.json"
SEED = 4
GAP = 1e-4
LIMIT = 120.0  # seconds by the clock for one selection; a busy machine gives it a part of them
WORK = 12.0  # what CP-SAT may do, in its own unit of work: about a second each, however busy the machine


def main() -> int:
    """Run all tables, print them and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--quick", action="store_true", help="a few small cases of each table")
    options = parser.parse_args()
    few = options.quick
    figures = {
        "seed": SEED,
        "losses": [
            losses(n_items, worth, 5 if few else 100)
            for worth in ("score", "points above 2")
            for n_items in ((20,) if few else (20, 40, 100))
        ],
        "all_sets": all_sets(20 if few else 1000),
        "or_library": or_library(),
        "solvers": [solvers(n_items) for n_items in ((30,) if few else (100, 1000, 10_000))],
        "seconds": [seconds(n_items) for n_items in ((30,) if few else (40, 200, 1000))],
        "stability": [stability(n_items, 5 if few else 40) for n_items in ((30,) if few else (40, 100, 200, 1000))],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def projects(rng, n_items):
    """Return scores from 1 to 5, costs in money and person-days, and budgets that hold a quarter of what is asked."""
    costs = np.column_stack([rng.lognormal(9, 0.8, n_items), rng.integers(5, 60, n_items)])
    return rng.normal(3, 0.7, n_items).clip(1, 5), costs, costs.sum(axis=0) / 4


def relations(rng, n_items):
    """Return four buckets with minimums, exclusions and dependencies."""
    return {
        "buckets": rng.integers(0, 4, n_items),
        "bucket_minimums": [n_items // 20] * 4,
        "exclusions": [(i, i + 1) for i in range(0, n_items // 2, 10)],
        "dependencies": [(i, i + 3) for i in range(0, n_items // 2, 7)],
    }


def down_the_list(order, values, costs, capacities):
    """Return the value of funding in `order`, skipping what no longer fits."""
    left, value = capacities.copy(), 0.0
    for item in order:
        if (costs[item] <= left).all():
            left, value = left - costs[item], value + values[item]
    return value


def losses(n_items, worth, n_cases):
    """Return the mean share of the optimum that two lists lose, and that 95 % of cases lose less than."""
    rng = np.random.default_rng(SEED)
    rows = []
    for _ in range(n_cases):
        scores, costs, capacities = projects(rng, n_items)
        values = scores if worth == "score" else np.maximum(scores - 2, 0)
        best = select_portfolio(values, costs, capacities).value
        share = (costs / capacities).sum(axis=1)
        orders = (np.argsort(-scores), np.argsort(-values / share))
        rows.append([1 - down_the_list(order, values, costs, capacities) / best for order in orders])
    mean, high = np.mean(rows, axis=0), np.percentile(rows, 95, axis=0)
    return {"value": worth, "projects": n_items, "by score": mean[0], "by score, 95th": high[0],
            "by score for cost": mean[1], "by score for cost, 95th": high[1]}  # fmt: skip


def all_sets(n_cases):
    """Return in how many small cases the selection equals the best of all sets, and how many no set can keep."""
    rng = np.random.default_rng(SEED)
    equal = impossible = 0
    for _ in range(n_cases):
        n = int(rng.integers(2, 11))
        values, costs, capacities = projects(rng, n)
        pairs = [rng.choice(n, 2, replace=False).tolist() for _ in range(3)]
        limits = {
            "buckets": rng.integers(0, 2, n), "bucket_minimums": rng.integers(0, 2, 2),
            "exclusions": [pairs[0]], "dependencies": [pairs[1]], "synergies": [(*pairs[2], float(rng.normal(0, 2)))],
        }  # fmt: skip
        best = best_of_all(values - 2, costs, capacities, limits)
        try:
            found = select_portfolio(values - 2, costs, capacities, gap=0.0, **limits).value
        except InfeasibleError:
            found = None
        impossible += best is None
        equal += found is None if best is None else found is not None and abs(found - best) < 1e-9
    return [{"cases": n_cases, "equal": equal, "of them impossible": impossible}]


def best_of_all(values, costs, capacities, limits):
    """Return the value of the best of all sets, None if none keeps the limits."""
    sets = ((np.arange(2 ** len(values))[:, None] >> np.arange(len(values))) & 1).astype(bool)
    keeps = (sets @ costs <= capacities * (1 + 1e-12)).all(axis=1)
    for bucket, least in enumerate(limits["bucket_minimums"]):
        keeps &= sets[:, limits["buckets"] == bucket].sum(axis=1) >= least
    for one, other in limits["exclusions"]:
        keeps &= ~(sets[:, one] & sets[:, other])
    for one, other in limits["dependencies"]:
        keeps &= ~sets[:, one] | sets[:, other]
    worth = sets @ values + sum(bonus * (sets[:, i] & sets[:, j]) for i, j, bonus in limits["synergies"])
    return float(worth[keeps].max()) if keeps.any() else None


def or_library():
    """Return found and published optima, or None without the data set."""
    file = data_folder() / "orlib_mknap1" / "mknap1.txt"
    if not file.exists():
        return None
    numbers = iter(map(float, file.read_text(encoding="utf-8").split()))

    def take(count):
        return np.array([next(numbers) for _ in range(count)])

    rows = []
    for _ in range(int(next(numbers))):
        n_items, n_budgets, optimum = take(3)
        values, weights = take(int(n_items)), take(int(n_items * n_budgets)).reshape(int(n_budgets), -1)
        found = select_portfolio(values, weights.T, take(int(n_budgets)), gap=0.0)
        rows.append({"projects": int(n_items), "budgets": int(n_budgets), "found": found.value, "published": optimum})
    return rows


def solvers(n_items):
    """Return seconds and gaps to Permea's bound, here, with CP-SAT, and of a list by value for cost.

    The list knows nothing of buckets, exclusions and dependencies, so it is let off them.
    """
    rng = np.random.default_rng(SEED)
    values, costs, capacities = projects(rng, n_items)
    limits = relations(rng, n_items)
    began = time.process_time()
    best = select_portfolio(values, costs, capacities, gap=GAP, time_limit=LIMIT, **limits)
    ended = time.process_time()
    value, is_closed, spent = cp_sat(values, costs, capacities, limits)
    order = np.argsort(-values / (costs / capacities).sum(axis=1))
    return {
        "projects": n_items,
        "permea s": ended - began, "permea gap": best.gap, "proven": best.proven,
        "CP-SAT s": spent, "CP-SAT gap": None if value is None else best.bound / value - 1, "CP-SAT closed": is_closed,
        "greedy loses": 1 - down_the_list(order, values, costs, capacities) / best.bound,
    }  # fmt: skip


def cp_sat(values, costs, capacities, limits):
    """Return value (None if no set was found), whether the gap was closed, and seconds of CP-SAT with one worker."""
    from ortools.sat.python import cp_model

    began = time.process_time()
    model, scale = cp_model.CpModel(), 10_000
    taken = [model.new_bool_var(str(item)) for item in range(len(values))]
    for column, capacity in zip(costs.T, capacities, strict=True):
        model.add(cp_model.LinearExpr.weighted_sum(taken, np.ceil(column * 100).astype(int).tolist())
                  <= int(capacity * 100))  # fmt: skip
    for bucket, least in enumerate(limits["bucket_minimums"]):
        model.add(sum(taken[item] for item in np.flatnonzero(limits["buckets"] == bucket)) >= least)
    for group in limits["exclusions"]:
        model.add_at_most_one(taken[item] for item in group)
    for item, needed in limits["dependencies"]:
        model.add_implication(taken[item], taken[needed])
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, np.round(values * scale).astype(int).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.relative_gap_limit = 1, GAP
    solver.parameters.max_deterministic_time, solver.parameters.random_seed = WORK, SEED
    status = solver.solve(model)
    spent = time.process_time() - began
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None, False, spent
    chosen = np.array([solver.boolean_value(one) for one in taken])
    return float(values[chosen].sum()), status == cp_model.OPTIMAL, spent


def seconds(n_items):
    """Return CPU seconds with two budgets, four buckets with minimums, exclusions and dependencies, at gap 1e-4."""
    rng = np.random.default_rng(SEED)
    values, costs, capacities = projects(rng, n_items)
    problem, limits = (values, costs, capacities), relations(rng, n_items)
    began = time.process_time()
    best = select_portfolio(*problem, **limits)
    times = [time.process_time()]
    runner_up(*problem, chosen=best.chosen, **limits)
    times.append(time.process_time())
    best_sets(*problem, n_sets=5, differing_by=3, **limits)
    times.append(time.process_time())
    budget_value(*problem, step=10_000, **limits)
    times.append(time.process_time())
    budget_curve(*problem, levels=capacities[0] * np.linspace(0.8, 1.4, 7), **limits)
    times.append(time.process_time())
    parts = select_portfolio(*problem, least_shares=np.where(rng.random(n_items) < 0.2, 0.5, 1.0), **limits)
    times.append(time.process_time())
    select_portfolio(*problem, synergies=[(i, i + 2, 0.5) for i in range(0, n_items - 2, 5)], **limits)
    times.append(time.process_time())
    steps = np.diff([began, *times])
    names = ("select", "runner-up", "five best sets", "10,000 more", "curve of 7", "a fifth in parts", "synergies")
    return {"projects": n_items, "gap": best.gap, **dict(zip(names, steps.tolist(), strict=True)),
            "gained by parts": parts.value / best.value - 1}  # fmt: skip


def stability(n_items, n_draws):
    """Return seconds a draw of the stability, beside one selection after the other, and how far the shares differ."""
    rng = np.random.default_rng(SEED)
    values, costs, capacities = projects(rng, n_items)
    limits = relations(rng, n_items)
    draws = values + rng.normal(0, 0.3, (n_draws, n_items))
    began = time.process_time()
    found = selection_stability(draws, costs, capacities, **limits)
    middle = time.process_time()
    plain = np.mean([select_portfolio(draw, costs, capacities, gap=1e-3, **limits).chosen for draw in draws], axis=0)
    ended = time.process_time()
    return {"projects": n_items, "a draw": (middle - began) / n_draws, "a selection": (ended - middle) / n_draws,
            "times faster": (ended - middle) / (middle - began),
            "shares differ by": float(np.abs(found - plain).mean())}  # fmt: skip


def show(figures):
    """Print the tables."""
    console = Console()
    titles = {
        "losses": "Share of the attainable value that is lost down the list",
        "all_sets": "Small cases with every kind of limit against all sets",
        "or_library": "OR-Library mknap1",
        "solvers": "CPU seconds and gaps beside CP-SAT",
        "seconds": "CPU seconds",
        "stability": "CPU seconds of the stability",
    }
    for name, title in titles.items():
        if figures[name] is None:
            console.print(f"{title}: the data set is missing")
            continue
        table = Table(*figures[name][0], title=title)
        for row in figures[name]:
            table.add_row(*(f"{value:.4g}" if isinstance(value, float) else str(value) for value in row.values()))
        console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
