"""Reviews assigned to judges: how fair and how good, beside plain solvers and greedy, and how long it takes.

usage: python benchmarks/assignment.py [--quick] [--out FILE]

Every idea gets three reviews. The peers: OR-tools' min-cost flow on all pairs (the largest total there is), the linear
program in HiGHS among the 40 best judges of each idea, and greedy (best pair first, as a spreadsheet would). Affinities
are simulated: even noise; twenty topics; sharp topics with few specialists; judges of whom some are wanted by all. With
"tight" every judge's load has to be used up, otherwise there is a tenth of room. Times are CPU seconds of one process;
all rows come from one run: compare them with each other. Worst is the least sum of an idea's three affinities, bound
what no assignment can exceed for it, worst 1 % the mean of the worst-served hundredth.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import highspy
import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from rich.console import Console
from rich.table import Table
from scipy.sparse import csc_array

from permea_engine.assignment import ImpossibleError, adjust_assignment, assign_reviews, exact

RESULTS = Path(__file__).parent / "results" / "assignment.json"
SEED = 5
REVIEWS = 3
TARGET = 0.6  # CPU seconds at 10,000 x 500
SIZES = [(100, 10), (1_000, 60), (10_000, 500)]
QUICK = [(60, 8)]


def main() -> int:
    """Run all tables, print them and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one small size, for a look")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    sizes = QUICK if options.quick else SIZES
    cases = [(kind, size, tight) for size in sizes for kind in KINDS for tight in (False, True)]
    figures = {
        "seed": SEED,
        "target seconds at 10,000 x 500": TARGET,
        "compared": [row for case in cases for row in compared(*case)],
        "near the best": near_the_best(5 if options.quick else 100),
        "other answers": [others(*sizes[-1])],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def noise(rng, n_ideas, n_judges):
    """Return affinities without any pattern."""
    return rng.random((n_ideas, n_judges))


def topics(rng, n_ideas, n_judges, spread=0.3, share=0.8):
    """Return how alike the topics of ideas and judges are, and some noise."""
    ideas, judges = (rng.dirichlet(np.full(20, spread), size) for size in (n_ideas, n_judges))
    ideas, judges = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in (ideas, judges))
    return share * ideas @ judges.T + (1 - share) * rng.random((n_ideas, n_judges))


def specialists(rng, n_ideas, n_judges):
    """Return affinities where each idea and judge knows one or two topics."""
    return topics(rng, n_ideas, n_judges, spread=0.05, share=0.98)


def stars(rng, n_ideas, n_judges):
    """Return affinities where some judges are wanted by everybody."""
    return topics(rng, n_ideas, n_judges) + 0.5 * rng.random(n_judges)


KINDS = {"noise": noise, "topics": topics, "specialists": specialists, "stars": stars}


def compared(kind, size, tight):
    """Return one row for each method."""
    n_ideas, n_judges = size
    affinity = KINDS[kind](np.random.default_rng(SEED), n_ideas, n_judges)
    load = int(np.ceil(REVIEWS * n_ideas / n_judges * (1.0 if tight else 1.1)))
    rows = []
    for name, method in METHODS.items():
        began = time.process_time()
        idea, judge = method(affinity, load)
        seconds = time.process_time() - began
        served = np.bincount(idea, weights=affinity[idea, judge], minlength=n_ideas)
        loads = np.bincount(judge, minlength=n_judges)
        few = max(1, n_ideas // 100)
        rows.append({"ideas": n_ideas, "judges": n_judges, "affinity": kind, "load": "tight" if tight else "free",
                     "method": name, "CPU s": seconds, "worst": served.min(),
                     "worst 1 %": np.sort(served)[:few].mean(), "total": served.sum(),
                     "missing": REVIEWS * n_ideas - len(idea), "loads": f"{loads.min()}-{loads.max()}"})  # fmt: skip
    bound = np.sort(affinity, axis=1)[:, -REVIEWS:].sum(axis=1).min()
    best = rows[1]["total"]
    return [{**row, "bound": bound, "total": row["total"] / best} for row in rows]


def permea(affinity, load):
    """Assign with the engine."""
    found = assign_reviews(affinity, reviews_per_idea=REVIEWS, load=load)
    return found.idea, found.judge


def plain_flow(affinity, load):
    """Assign with OR-tools' min-cost flow on all pairs."""
    n_ideas, n_judges = affinity.shape
    solver = SimpleMinCostFlow()
    idea, judge = (part.ravel() for part in np.indices(affinity.shape))
    cost = np.rint((affinity.max() - affinity) / np.ptp(affinity) * 2**20).astype(np.int64).ravel()
    ones, source, sink = np.ones(len(idea), dtype=np.int64), n_ideas + n_judges, n_ideas + n_judges + 1
    arcs = solver.add_arcs_with_capacity_and_unit_cost(idea, n_ideas + judge, ones, cost)
    ideas, judges = np.arange(n_ideas), np.arange(n_judges)
    solver.add_arcs_with_capacity_and_unit_cost(
        np.full(n_ideas, source), ideas, np.full(n_ideas, REVIEWS), np.zeros(n_ideas, dtype=np.int64)
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        n_ideas + judges, np.full(n_judges, sink), np.full(n_judges, load), np.zeros(n_judges, dtype=np.int64)
    )
    solver.set_node_supply(source, REVIEWS * n_ideas)
    solver.set_node_supply(sink, -REVIEWS * n_ideas)
    solver.solve_max_flow_with_min_cost()
    used = solver.flows(arcs) > 0
    return idea[used], judge[used]


def plain_program(affinity, load, n_candidates=40):
    """Assign with HiGHS among the best judges of each idea; ideas may lack reviews where these are too few."""
    n_ideas, n_judges = affinity.shape
    width = min(n_candidates, n_judges)
    judge = np.argpartition(affinity, n_judges - width, axis=1)[:, n_judges - width :].ravel()
    idea = np.repeat(np.arange(n_ideas), width)
    rows, columns = np.concatenate([idea, n_ideas + judge]), np.tile(np.arange(len(idea)), 2)
    matrix = csc_array((np.ones(len(rows)), (rows, columns)), shape=(n_ideas + n_judges, len(idea)))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(idea), n_ideas + n_judges
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = affinity[idea, judge] + 10 * np.ptp(affinity)  # a review is worth more than any difference
    model.col_lower_, model.col_upper_ = np.zeros(len(idea)), np.ones(len(idea))
    model.row_lower_ = np.full(n_ideas + n_judges, -highspy.kHighsInf)
    model.row_upper_ = np.concatenate([np.full(n_ideas, REVIEWS), np.full(n_judges, load)]).astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    used = np.array(solver.getSolution().col_value) > 0.5
    return idea[used], judge[used]


def greedy(affinity, load):
    """Assign the best pair that is still free, again and again."""
    n_ideas, n_judges = affinity.shape
    needs, room, pairs = [REVIEWS] * n_ideas, [load] * n_judges, []
    for code in np.argsort(-affinity, axis=None, kind="stable").tolist():
        idea, judge = divmod(code, n_judges)
        if needs[idea] and room[judge]:
            needs[idea], room[judge] = needs[idea] - 1, room[judge] - 1
            pairs.append((idea, judge))
    return tuple(np.array(pairs).T)


METHODS = {"permea": permea, "flow, all pairs": plain_flow, "LP, 40 an idea": plain_program,
           "greedy": greedy}  # fmt: skip


def near_the_best(n_cases):
    """Return how near chains of swaps come to the best worst-served idea, where branch and cut can find it."""
    rng, rows, small = np.random.default_rng(SEED), [], exact.SMALL
    for kind, draw in KINDS.items():
        shares = []
        for _ in range(n_cases):
            affinity = draw(rng, 20, 7)
            limits = {"reviews_per_idea": REVIEWS, "load": 9}
            exact.SMALL = 0
            chains = assign_reviews(affinity, **limits)
            exact.SMALL = 10**6
            shares.append((chains.worst / assign_reviews(affinity, **limits).worst, chains.worst / chains.worst_bound))
        mean, least = np.mean(shares, axis=0), np.min(shares, axis=0)
        rows.append({"affinity": kind, "cases": n_cases, "of the best, mean": mean[0], "of the best, least": least[0],
                     "of the bound, mean": mean[1]})  # fmt: skip
    exact.SMALL = small
    return rows


def others(n_ideas, n_judges):
    """Return CPU seconds for changing an assignment, and for explaining an impossible one."""
    affinity = topics(np.random.default_rng(SEED), n_ideas, n_judges)
    load = int(np.ceil(REVIEWS * n_ideas / n_judges * 1.1))
    found = assign_reviews(affinity, reviews_per_idea=REVIEWS, load=load)
    current = np.stack([found.idea, found.judge], axis=1)
    times = [time.process_time()]
    gone = current[current[:, 1] == 0]
    changed = adjust_assignment(current, affinity, reviews_per_idea=REVIEWS, load=load, conflicts=gone)
    times.append(time.process_time())
    ways = ()
    try:
        assign_reviews(affinity, reviews_per_idea=REVIEWS, load=load // 2)
    except ImpossibleError as refused:
        ways = refused.shortage.relaxations
    times.append(time.process_time())
    return {"ideas": n_ideas, "judges": n_judges, "a judge leaves, CPU s": times[1] - times[0],
            "their reviews": len(gone), "pairs changed": len(changed.added),
            "explain half the load, CPU s": times[2] - times[1],
            "ways out": ", ".join(f"{way.kind} {way.amount}" for way in ways)}  # fmt: skip


def show(figures):
    """Print the tables and the target."""
    console = Console(width=150)
    titles = {"compared": "Three reviews an idea (total: share of the largest there is)",
              "near the best": "Worst-served idea by chains of swaps, 20 ideas and 7 judges",
              "other answers": "Other answers"}  # fmt: skip
    for name, title in titles.items():
        table = Table(*figures[name][0], title=title)
        for row in figures[name]:
            table.add_row(*(f"{value:.4g}" if isinstance(value, float) else str(value) for value in row.values()))
        console.print(table)
    mine = [row["CPU s"] for row in figures["compared"] if row["method"] == "permea" and row["ideas"] == SIZES[-1][0]]
    if mine:
        within = sum(seconds <= TARGET for seconds in mine)
        console.print(
            f"10,000 x 500 within {TARGET} CPU s: {within} of {len(mine)} cases ({min(mine):.2f} to {max(mine):.2f})"
        )


if __name__ == "__main__":
    raise SystemExit(main())
