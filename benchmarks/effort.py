"""How much judges must compare or review until the best are found, and whether the advice to stop can be trusted.

usage: python benchmarks/effort.py [--runs N] [--only TABLE ...] [--quick] [--out FILE]

Comparisons: strengths are normal with a spread of 1, 1.5 or 2 log-odds, judges prefer by the Bradley-Terry model, a
tenth of the items is looked for. Each way of choosing pairs is followed by the mean share of the true best tenth among
the estimated one; the table shows after how many comparisons per item it reaches 0.8 and 0.9, with 95 % bootstrap
intervals over runs. With a spread of 1.5 Swiss pairing needs about what was measured earlier for it (18.1 at 50 items,
15.8 at 200), and 1.5 is what the product starts from; with 1 and 2 it starts from a spread that is wrong. The peers are
told the true spread and are judged by the mode of the true model.

Reviews: adaptive against even, on simulated panels and on real ones of which only the reviews asked for are revealed
(Project Catalyst Fund 8, skating events of 2017; how much ideas and judges differ is taken from Fund 6 and from 2016).

Stop rule: what was said against how often it was right. Times are CPU milliseconds of one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import _effort_peers as peers
import _effort_replay as panels
import numpy as np
from _data import data_folder
from rich.console import Console
from rich.table import Table
from scipy.special import expit

from permea_engine.decisions import top_k_certainty
from permea_engine.effort import (
    average_rankings,
    comparisons_from,
    new_comparisons,
    new_reviews,
    next_comparison,
    next_review,
    stop_advice,
    with_comparison,
    with_review,
)
from permea_engine.ranking import rank_from_comparisons

RESULTS = Path(__file__).parent / "results" / "effort.json"
SEED = 20_000  # settings were chosen on seeds below 1,000
LEVELS = (0.8, 0.9)
TABLES = ("50 items", "200 items", "1000 items", "finish the one you started", "reviews", "replay", "stop rule",
          "milliseconds")  # fmt: skip
FINE = (*np.arange(1, 10, 0.5), *range(10, 15))
COARSE = (2, 4, 6, *range(8, 25), 27, 30, 33, 36, 40, 45, 50, 55, 60)
SHORT = (2, 4, 6, *range(8, 25))
POLICIES = {
    "permea": (peers.permea, FINE),
    "random": (peers.random_pairs, COARSE),
    "Swiss": (peers.swiss, COARSE),
    "ASAP-style": (peers.asap, SHORT),
    "Gavel's rule": (peers.gavel, SHORT),
}
LARGE = {True: (*range(1, 11),), False: (4, 8, *range(10, 21, 2), 24)}
SLOW = {"ASAP-style": 0.5, "Gavel's rule": 0.5}  # share of the runs where there are many items
BINS = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.88, 0.92, 0.96, 1.0)


def main() -> int:
    """Run all tables, print them and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument(
        "--quick", action="store_true", help="few runs of few items: whether it works, not what it says"
    )
    parser.add_argument("--only", nargs="*", choices=TABLES, help="run these tables, keep the others' last figures")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    for name in options.only or TABLES:
        found = measure(name, 4 if options.quick else options.runs, quick=options.quick)
        figures = json.loads(options.out.read_text(encoding="utf-8")) if options.out.exists() else {}
        figures |= {"seed": SEED, "runs": options.runs, name: found}
        options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def measure(name, runs, *, quick):
    """Return the figures of one table."""
    if name.endswith("items"):
        size = int(name.split()[0])
        spreads = [(1.5, runs), (1.0, runs // 8), (2.0, runs // 8)]
        plan = {50: spreads, 200: [(one, max(n // 10, runs // 25)) for one, n in spreads], 1000: [(1.5, runs // 100)]}[
            size
        ]
        size, plan = (20, [(1.5, 2)]) if quick else (size, plan)
        return [row for spread, n_runs in plan for row in comparisons(size, spread, max(2, n_runs))]
    if name == "finish the one you started":
        return reading(20 if quick else 50, runs // 6)
    if name == "reviews":
        return [reviews(noise, runs) for noise in (0.7, 1.0, 1.5)]
    if name == "replay":
        return replays(1, 1) if quick else replays(2, None)
    if name == "stop rule":
        return stop_rule(2 if quick else runs // 2)
    return [speed(*size) for size in ((100, 1000), (1000, 10_000), (10_000, 100_000))]


def comparisons(size, spread, runs):
    """Return for every policy the comparisons per item until the best tenth is found; see the top of this file."""
    rows = []
    for name, (policy, full) in POLICIES.items():
        checks = full if size < 1000 else LARGE[name == "permea"]
        began = time.process_time()
        n_runs = max(1, round(runs * SLOW.get(name, 1.0))) if size > 50 else runs
        found = np.array([curve(policy, checks, size, spread, seed) for seed in range(n_runs)])
        rows.append({
            "items": size, "spread": spread, "policy": name, "runs": n_runs,
            **{f"to {level}": needed(found, checks, level, SEED) for level in LEVELS},
            "curve": dict(zip([f"{one:g}" for one in checks], found.mean(axis=0).round(4).tolist(), strict=True)),
            "cpu_seconds": round(time.process_time() - began, 1),
        })  # fmt: skip
        print(size, spread, name, rows[-1]["to 0.8"], rows[-1]["to 0.9"], rows[-1]["cpu_seconds"], flush=True)
    return rows


def curve(policy, checks, size, spread, seed):
    """Return the precision in the best tenth after each number of comparisons, of one run."""
    rng = np.random.default_rng(SEED + seed)
    truth, k = rng.normal(0, spread, size), max(1, size // 10)
    best = set(np.argsort(-truth)[:k].tolist())
    estimates = policy(truth, k, spread, checks, rng)
    return [len(best & set(np.argsort(-one)[:k].tolist())) / k for one in estimates]


def needed(found, checks, level, seed):
    """Return when the mean curve reaches `level`, with a 95 % bootstrap interval over runs; None if never."""
    rng = np.random.default_rng(seed)
    drawn = [found[rng.integers(0, len(found), len(found))].mean(axis=0) for _ in range(500)]
    times = np.array([crossing(one, checks, level) for one in drawn])
    low, high = np.quantile(times, [0.025, 0.975], method="nearest")
    value = crossing(found.mean(axis=0), checks, level)
    return [None if np.isinf(one) else round(float(one), 1) for one in (value, low, high)]


def crossing(curve_, checks, level):
    """Return where a curve first reaches `level`, between its points by a straight line."""
    above = np.flatnonzero(curve_ >= level)
    if not len(above):
        return np.inf
    first = above[0]
    if first == 0:
        return checks[0]
    share = (level - curve_[first - 1]) / (curve_[first] - curve_[first - 1])
    return checks[first - 1] + share * (checks[first] - checks[first - 1])


def reading(size, runs):
    """Return what preferring pairs with the item just read does to comparisons and to items read."""
    rows = []
    for reuse in (0.0, 0.5, 1.0):
        reads: list[int] = []
        policy = partial(peers.permea, reuse=reuse, reads=reads)
        found = np.array([curve(policy, FINE[:19], size, 1.5, seed) for seed in range(max(2, runs))])
        compared, each = needed(found, FINE[:19], 0.8, SEED), float(np.mean(reads))
        rows.append({
            "reuse": reuse, "comparisons per item to 0.8": compared[0], "items read per comparison": round(each, 2),
            "items read per item to 0.8": compared[0] and round(compared[0] * each, 1),
        })  # fmt: skip
    return rows


def reviews(noise_sd, runs):
    """Return the share of the true best 5 of 40 found by adaptive and by even reviews; 8 judges, none reviews twice."""
    budgets = (60, 80, 100, 120, 160, 200, 240)
    rows = {}
    for name in ("adaptive", "even"):
        shares = np.array([review_run(name == "adaptive", noise_sd, budgets, seed) for seed in range(runs)])
        error = float(shares[:, 3].std() / np.sqrt(runs))
        rows[name] = dict(zip(map(str, budgets), shares.mean(axis=0).round(4).tolist(), strict=True)) | {
            "error at 120": round(error, 4)
        }
    return {"noise_sd": noise_sd, "runs": runs, **rows, "met": rows["adaptive"]["120"] >= rows["even"]["240"]}


def review_run(adaptive, noise_sd, budgets, seed):
    """Return what one simulated panel finds with each number of reviews; the noise assumed is always 1."""
    rng = np.random.default_rng(SEED + seed)
    truth, leaning = rng.normal(0, 1, 40), rng.normal(0, 0.5, 8)
    best, found = set(np.argsort(-truth)[:5].tolist()), []
    state, seen = new_reviews(40, 8), np.zeros((40, 8), dtype=bool)
    for done in range(1, budgets[-1] + 1):
        judge = (done - 1) % 8
        if adaptive:
            one = next_review(state, judge, k=5, rng=rng, allowed=~seen[:, judge])
            idea = -1 if one is None else one.idea
        else:
            idea = int(np.argmin(np.where(seen[:, judge], np.inf, seen.sum(axis=1) + 0.5 * rng.random(40))))
        if idea >= 0:
            seen[idea, judge] = True
            state = with_review(state, idea, judge, truth[idea] + leaning[judge] + rng.normal(0, noise_sd))
        if done in budgets:
            found.append(len(best & set(np.argsort(-state.means)[:5].tolist())) / 5)
    return found


def replays(n_rounds, most):
    """Return how many of their reviews real panels need for their own choice, or None without the data sets."""
    if not (data_folder() / "catalyst" / "assessments.parquet").exists():
        return None
    sources = {
        "Catalyst Fund 8": (panels.catalyst_panels("F6"), panels.catalyst_panels("F8")[:most]),
        "figure skating 2017": (panels.skating_panels(2016), panels.skating_panels(2017)[:most]),
    }
    return [replayed(name, dev, held_out, n_rounds) for name, (dev, held_out) in sources.items()]


def replayed(name, dev, held_out, n_rounds):
    """Return the mean curves over held-out panels, and the share of reviews needed to agree with the whole panel."""
    known = panels.spreads(dev)
    curves = {
        policy: np.array([
            np.mean([
                panels.replay(one, known, adaptive=policy == "adaptive", rng=np.random.default_rng(SEED + number))
                for number in range(n_rounds)
            ], axis=0)
            for one in held_out
        ])
        for policy in ("adaptive", "even")
    }  # fmt: skip
    row = {"data": name, "panels": len(held_out), "reviews": sum(len(one.idea) for one in held_out),
           "ideas": sum(one.n_ideas for one in held_out)}  # fmt: skip
    for policy, found in curves.items():
        row[policy] = {
            "agreement": dict(zip(map(str, panels.SHARES.tolist()), found.mean(axis=0).round(4).tolist(), strict=True)),
            **{f"share of reviews to {level}": needed(found, panels.SHARES * 100, level, SEED) for level in LEVELS},
        }
    return row


def stop_rule(runs):
    """Return said against right: at all times, at the moment the rule first says stop, and for what it foretold."""
    said, right, stopped, promised, kept = [], [], [], [], []
    for seed in range(runs):
        for spread in (1.0, 1.5, 2.5):
            track(seed, spread, said, right, stopped, promised, kept)
    said, right = np.array(said), np.array(right)
    place = np.digitize(said, BINS[1:-1])
    bins = [
        {"from": BINS[one], "to": BINS[one + 1], "cases": int((place == one).sum()),
         "said": round(float(said[place == one].mean()), 3), "right": round(float(right[place == one].mean()), 3)}
        for one in range(len(BINS) - 1) if (place == one).any()
    ]  # fmt: skip
    stopped = np.array(stopped).reshape(-1, 2)
    return {
        "bins": bins,
        "all": {"cases": len(said), "said": round(float(said.mean()), 3), "right": round(float(right.mean()), 3)},
        "first said 0.9": {
            "cases": len(stopped), "said": round(float(stopped[:, 0].mean()), 3) if len(stopped) else None,
            "right": round(float(stopped[:, 1].mean()), 3) if len(stopped) else None,
            "error": round(float(stopped[:, 1].std() / np.sqrt(len(stopped))), 3) if len(stopped) else None,
        },
        "after so many more": {"cases": len(kept), "promised": round(float(np.mean(promised)), 3),
                               "kept": round(float(np.mean(kept)), 3)},
    }  # fmt: skip


def track(seed, spread, said, right, stopped, promised, kept):
    """Follow one simulated call of 15 items, of which 3 are looked for, and note what was said and what was so."""
    rng = np.random.default_rng(SEED + seed)
    truth = rng.normal(0, spread, 15)
    best, state, facts, is_open = set(np.argsort(-truth)[:3].tolist()), new_comparisons(15), [], True
    for done in range(1, 241):
        found = next_comparison(state, k=3, rng=rng)
        outcome = 1 if rng.random() < expit(truth[found.first] - truth[found.second]) else -1
        state = with_comparison(state, found.first, found.second, outcome)
        facts.append((found.first, found.second, outcome))
        if done % 60:
            continue
        known = average_rankings(*np.array(facts).T, n_items=15)
        if done == 60:
            advice = stop_advice(known, 3, target=0.999, ahead=state, most=120, n_samples=1000, seed=rng)
            promised.append(advice.then)
        certain = top_k_certainty(known, 3, n_samples=2000, seed=rng)
        is_right = set(certain.chosen.tolist()) == best
        said.append(certain.set_right)
        right.append(is_right)
        if done == 180:
            kept.append(is_right)
        if is_open and certain.set_right >= 0.9:
            is_open = False
            stopped.append((certain.set_right, is_right))


def speed(n_items, n_comparisons, steps=200):
    """Return CPU milliseconds of suggesting a pair and learning its outcome, from a ranking of all comparisons."""
    rng = np.random.default_rng(SEED)
    truth = rng.normal(0, 1.5, n_items)
    first = rng.integers(0, n_items, n_comparisons)
    second = (first + rng.integers(1, n_items, n_comparisons)) % n_items
    outcome = np.where(rng.random(n_comparisons) < expit(truth[first] - truth[second]), 1, -1)
    began = time.process_time()
    state = comparisons_from(rank_from_comparisons(first, second, outcome, n_items=n_items))
    begun = time.process_time() - began
    taken = []
    for _ in range(steps):
        began = time.process_time()
        found = next_comparison(state, k=n_items // 10, rng=rng)
        suggested = time.process_time()
        won = rng.random() < expit(truth[found.first] - truth[found.second])
        state = with_comparison(state, found.first, found.second, 1 if won else -1)
        taken.append((suggested - began, time.process_time() - suggested))
    each = np.array(taken) * 1000
    return {
        "items": n_items, "comparisons": n_comparisons, "from a ranking": round(begun * 1000, 1),
        "suggest": round(float(np.median(each[:, 0])), 2), "learn": round(float(np.median(each[:, 1])), 2),
        "both, 99 %": round(float(np.percentile(each.sum(axis=1), 99)), 2),
    }  # fmt: skip


def show(figures):
    """Print the tables."""
    console = Console()
    table = Table("items", "spread", "policy", "runs", "to 0.8", "to 0.9",
                  title="Comparisons per item until the best tenth is found (95 % interval)")  # fmt: skip
    for row in (row for name in TABLES[:3] for row in figures.get(name, ())):
        table.add_row(*(str(row[name]) for name in ("items", "spread", "policy", "runs")),
                      *(interval(row[f"to {level}"]) for level in LEVELS))  # fmt: skip
    console.print(table)
    for name in TABLES[3:]:
        found = figures.get(name)
        if name == "stop rule" and found:
            rows(console, "Stop rule: the best 3 of 15, said and right", found["bins"])
            console.print({key: one for key, one in found.items() if key != "bins"})
        elif name in {"reviews", "replay"}:
            console.print(name, found or "not measured: the data sets are missing")
        elif found:
            rows(console, name, found)


def rows(console, title, found):
    """Print a table of equal rows."""
    table = Table(*found[0], title=title)
    for row in found:
        table.add_row(*map(str, row.values()))
    console.print(table)


def interval(found):
    """Return a figure and its interval as text."""
    value, low, high = ("> all" if one is None else f"{one:.1f}" for one in found)
    return f"{value} [{low}, {high}]"


if __name__ == "__main__":
    raise SystemExit(main())
