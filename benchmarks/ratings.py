"""Scores from reviews: whether intervals hold, whether the correction of judges helps or hurts, and how long it takes.

usage: python benchmarks/ratings.py [--simulations N] [--quick] [--out FILE]

Simulated reviews (the truth is known) and real ones: Project Catalyst and figure skating, if the data sets are there.
The ICLR reviews have no reviewers' identities, so nothing can be corrected in them, and the benchmark says so. Peers:
the plain mean, the mean of each judge's z-scores, least squares with fixed effects of judges, statsmodels' MixedLM at
small sizes, the trimmed mean of skating, and intervals that take the estimated variances for true. Nothing was fitted
or chosen on the real data. Simulated figures are means with their standard error; real ones have bootstrap intervals.
Times are CPU seconds of one thread, memory is the peak of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from _catalyst import NoDataError, folder, read_fund
from _data import data_folder
from _scores import HAS_MIXED, least_squares, mixed_lm, plain_mean, trimmed_mean, z_score
from rich.console import Console
from rich.table import Table
from scipy.stats import rankdata

from permea_engine.errors import EngineError
from permea_engine.ratings import crossed, judge_influence, posterior, rate_ideas, top_k_probabilities

RESULTS = Path(__file__).parent / "results" / "ratings.json"
SPREADS = [(idea, judge) for idea in (0.5, 1.0, 2.0) for judge in (0.0, 0.5, 1.0, 2.0)]
SIZES = [(40, 6, 120), (1_000, 8, 6_000), (1_000, 100, 6_000), (10_000, 500, 100_000), (100_000, 5_000, 1_000_000)]
OPTIONS = {"permea": {}, "by judge": {"noise": "by_judge"}, "robust": {"robust": True}}
WORLDS = ("even judges", "one erratic judge", "heavy tails")
FUNDS = ("F6", "F8")
REVEALED = 3
MIXED_RUNS = 5  # it takes seconds each
SEED = 3


def main() -> int:
    """Run all tables, print them and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulations", type=int, default=400)
    parser.add_argument("--quick", action="store_true", help="a few seconds: it runs, no more")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(seconds(*map(int, options.one.split(",")))))
        return 0
    n = 2 if options.quick else options.simulations
    figures = {
        "seed": SEED,
        "simulations": n,
        "statsmodels": "yes" if HAS_MIXED else "not installed",
        "coverage": [coverage(*spreads, n) for spreads in SPREADS],
        "options": [choices(world, max(2, n // 4)) for world in WORLDS],
        "accuracy": [accuracy(judge, max(2, n // 2)) for judge in (0.0, 0.5, 1.0, 2.0)],
        "held_out": [] if options.quick else [held_out(fund) for fund in FUNDS],
        "skating": skating(2 if options.quick else None),
        "iclr": "reviewers are not identified, so leanings cannot be told from the papers: no correction is possible",
        "seconds": [apart(*size) for size in SIZES[: 1 if options.quick else None]],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def draw(rng, n_ideas, n_judges, idea, judge, idea_sd, judge_sd):
    """Return marks of given pairs, and the true score on the scale of the average judge; the noise has variance 1."""
    quality, severity = rng.normal(0, idea_sd, n_ideas), rng.normal(0, judge_sd, n_judges)
    return 3 + quality[idea] + severity[judge] + rng.normal(0, 1, len(idea)), 3 + quality + severity.mean()


def coverage(idea_sd, judge_sd, n_simulations):
    """Return how often 95 % intervals hold the truth: 12 ideas, 3 judges, 2 reviews an idea."""
    rng = np.random.default_rng(SEED)
    ours, naive = [], []
    idea = np.repeat(np.arange(12), 2)
    for _ in range(n_simulations):
        judge = np.tile([0, 1, 0, 2, 1, 2], 4)
        marks, truth = draw(rng, 12, 3, idea, judge, idea_sd, judge_sd)
        found = rate_ideas(idea, judge, marks[:, None])
        ours.append(((found.lower <= truth) & (truth <= found.upper)).mean())
        lower, upper = plug_in(idea, judge, marks, found)
        naive.append(((lower <= truth) & (truth <= upper)).mean())
    error = float(np.std(ours) / np.sqrt(n_simulations))
    return {"idea_sd": idea_sd, "judge_sd": judge_sd, "permea": float(np.mean(ours)), "error": error,
            "plug-in": float(np.mean(naive))}  # fmt: skip


def plug_in(idea, judge, marks, found):
    """Return normal intervals at the REML variances, taken for true."""
    ratios = [max(value / found.variance_noise, 1e-6) for value in (found.variance_idea, found.variance_judge)]
    centre = marks.mean()
    layout = crossed.build_layout(idea, judge, (marks - centre)[:, None])
    rows = posterior.rows_at(layout, crossed.solve(layout, *ratios), posterior.build_pattern(layout))
    middle = centre + rows.score_columns[:-1, 0]
    reach = 1.96 * np.sqrt(found.variance_noise * rows.score_variance[:-1])
    return middle - reach, middle + reach


def choices(world, n_simulations):
    """Return coverage and rank correlation of the options: 12 ideas, 3 judges, 2 reviews, and 60 ideas, 8 judges, 3."""
    rng = np.random.default_rng(SEED)
    row = {"world": world, "simulations": n_simulations}
    for n_ideas, n_judges, each in ((12, 3, 2), (60, 8, 3)):
        found = {name: [] for name in OPTIONS}
        idea = np.repeat(np.arange(n_ideas), each)
        for _ in range(n_simulations):
            judge = np.concatenate([rng.permutation(n_judges)[:each] for _ in range(n_ideas)])
            marks, truth = draw(rng, n_ideas, n_judges, idea, judge, 1.0, 0.5)
            noise = rng.standard_t(3, len(idea)) if world == WORLDS[2] else rng.normal(0, 1, len(idea))
            marks += (noise if world == WORLDS[2] else 3 * noise * (judge == 0)) * (world != WORLDS[0])
            truth += 0.0 if len(np.unique(judge)) == n_judges else np.nan
            for name, options in OPTIONS.items():
                rated = rate_ideas(idea, judge, marks[:, None], **options)
                inside = ((rated.lower <= truth) & (truth <= rated.upper)).mean()
                found[name].append((inside, rank_agreement(rated.scores, truth)))
        for name, pairs in found.items():
            inside, rho = np.nanmean(pairs, axis=0)
            row |= {f"{name}, {n_ideas} ideas: inside": float(inside), f"{name}, {n_ideas} ideas: rho": float(rho)}
    return row


def accuracy(judge_sd, n_simulations):
    """Return rank correlation with the truth where panels are unequal: 40 ideas, 8 judges, 1 to 4 reviews an idea."""
    rng = np.random.default_rng(SEED)
    rows = []
    for number in range(n_simulations):
        idea = np.repeat(np.arange(40), rng.integers(1, 5, 40))
        judge = rng.choice(8, size=len(idea), p=np.arange(1, 9) / 36)
        marks, truth = draw(rng, 40, 8, idea, judge, 1.0, judge_sd)
        scores = all_scores(idea, judge, marks, 40)
        mixed = mixed_lm(idea, judge, marks, 40) if number < MIXED_RUNS else None
        row = [rank_agreement(one, truth) for one in scores]
        rows.append([*row, np.nan, np.nan] if mixed is None else [*row, rank_agreement(mixed, truth), row[0]])
    rows = np.array(rows)
    error = (rows[:, 0] - rows[:, 1]).std() / np.sqrt(n_simulations)
    names = ("permea", "plain mean", "z-score", "least squares")
    return {"judge_sd": judge_sd, **dict(zip(names, rows[:, :4].mean(axis=0).tolist(), strict=True)),
            "error of permea minus plain mean": float(error),
            f"MixedLM ({MIXED_RUNS} runs)": float(np.nanmean(rows[:, 4])) if HAS_MIXED else "not installed",
            f"permea (the same {MIXED_RUNS})": float(np.nanmean(rows[:, 5]))}  # fmt: skip


def all_scores(idea, judge, marks, n_ideas):
    """Return Permea's scores, plain means, means of z-scores, and fixed effects."""
    found = rate_ideas(idea, judge, marks[:, None], n_ideas=n_ideas)
    return [found.scores, *(peer(idea, judge, marks, n_ideas) for peer in (plain_mean, z_score, least_squares))]


def rank_agreement(first, second):
    """Return Spearman's rho."""
    return float(np.corrcoef(rankdata(first), rankdata(second))[0, 1])


def held_out(name, n_rounds=3, n_resamples=1000):
    """Return how well scores foretell a review that was held out, on real reviews; None without the data set."""
    try:
        fund = read_fund(folder(), fund=name)
    except NoDataError:
        return None
    rng, marks, n_ideas = np.random.default_rng(SEED), fund.marks.mean(axis=1), len(fund.proposals)
    pieces = []
    for _ in range(n_rounds):
        order = rng.permutation(len(fund.idea))
        last = np.full(n_ideas, -1)
        last[fund.idea[order]] = order
        out = last[np.bincount(fund.idea, minlength=n_ideas) > 2]
        kept = np.setdiff1d(order, out)
        facts = (fund.idea[kept], fund.judge[kept], marks[kept])
        own = rate_ideas(facts[0], facts[1], facts[2][:, None], n_ideas=n_ideas, noise="by_judge").scores
        scores = np.array([*all_scores(*facts, n_ideas), own])
        pieces.append(np.vstack([scores[:, fund.idea[out]], marks[out]]))
    table = np.hstack(pieces)
    drawn = [table[:, rng.integers(0, table.shape[1], table.shape[1])] for _ in range(n_resamples)]
    found, resampled = correlations(table), np.array([correlations(one) for one in drawn])
    low, high = np.percentile(resampled[:, 0] - resampled[:, 1], [2.5, 97.5])
    names = ("permea", "plain mean", "z-score", "least squares", "permea by judge")
    return {"fund": name, "reviews held out": table.shape[1], **dict(zip(names, found, strict=True)),
            "permea minus plain mean": [found[0] - found[1], float(low), float(high)]}  # fmt: skip


def skating(n_events=None):
    """Return how well three judges of nine foretell the others, by event; None without the data set."""
    try:
        events = read_events()[:n_events]
    except NoDataError:
        return None
    rng = np.random.default_rng(SEED)
    rows = []
    for marks in events:
        seats = np.array([rng.permutation(marks.shape[1]) for _ in marks])
        judge, idea = seats[:, :REVEALED].ravel(), np.repeat(np.arange(len(marks)), REVEALED)
        others = np.take_along_axis(marks, seats[:, REVEALED:], axis=1).mean(axis=1)
        own = marks[idea, judge]
        scores = [rate_ideas(idea, judge, own[:, None], **options).scores for options in OPTIONS.values()]
        scores += [peer(idea, judge, own, len(marks)) for peer in (plain_mean, trimmed_mean, z_score, least_squares)]
        rows.append([rank_agreement(one, others) for one in scores])
    rows = np.array(rows)
    resampled = rows[rng.integers(0, len(rows), (1000, len(rows)))].mean(axis=1)
    low, high = np.percentile(resampled[:, 0] - resampled[:, 3], [2.5, 97.5])
    names = ("permea", "by judge", "robust", "plain mean", "trimmed mean", "z-score", "least squares")
    means = rows.mean(axis=0)
    return {"events": len(rows), **dict(zip(names, means.tolist(), strict=True)),
            "permea minus plain mean": [float(means[0] - means[3]), float(low), float(high)]}  # fmt: skip


def read_events(least=10):
    """Return, for each competition and programme, mean component marks (performances, judges), both complete."""
    import pyarrow.parquet as pq

    place = data_folder() / "figure_skating"
    if not place.exists():
        raise NoDataError(f"the figure skating data set is not in {place}")
    shown = pq.read_table(place / "performances.parquet", columns=["performance_id", "competition", "program"])
    event = {row["performance_id"]: (row["competition"], row["program"]) for row in shown.to_pylist()}
    aspects = pq.read_table(place / "judged_aspects.parquet", columns=["aspect_id", "performance_id", "section"])
    owner = {row["aspect_id"]: row["performance_id"] for row in aspects.to_pylist() if row["section"] == "components"}
    sums = {}
    for row in pq.read_table(place / "judge_scores.parquet").to_pylist():
        if row["aspect_id"] in owner and row["score"]:
            total = sums.setdefault((owner[row["aspect_id"]], row["judge"]), [0.0, 0])
            total[0], total[1] = total[0] + row["score"], total[1] + 1
    tables = {}
    for (performance, judge), (total, count) in sums.items():
        tables.setdefault(event[performance], {}).setdefault(performance, {})[judge] = total / count
    found = []
    for _, table in sorted(tables.items()):
        seats = set.intersection(*(set(row) for row in table.values()))
        if len(table) >= least and len(seats) > REVEALED + 1:
            found.append(np.array([[row[seat] for seat in sorted(seats)] for row in table.values()]))
    return found


def correlations(table):
    """Return the correlation of each row with the last."""
    return np.corrcoef(table)[-1, :-1].tolist()


def apart(*size):
    """Return `seconds` measured in a process of its own, so that the peak of memory is its own."""
    command = [sys.executable, __file__, "--one", ",".join(map(str, size))]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def seconds(n_ideas, n_judges, n_reviews):
    """Return CPU seconds of rating, of each option, of the chances of a top 50, of influence, and of MixedLM."""
    rng = np.random.default_rng(SEED)
    idea = np.concatenate([np.arange(n_ideas), rng.integers(0, n_ideas, n_reviews - n_ideas)])
    judge = rng.integers(0, n_judges, n_reviews)
    marks, _ = draw(rng, n_ideas, n_judges, idea, judge, 0.7, 0.4)
    values = marks[:, None] + rng.normal(0, 0.3, (n_reviews, 3))
    found = rate_ideas(idea, judge, values)
    status = Path("/proc/self/status")  # Linux only
    peak = next((int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if "VmHWM" in line), 0.0)
    k, is_huge = min(50, n_ideas // 10), n_ideas > 10_000
    asked = [0] if is_huge else None  # of a million reviews one judge, not five thousand
    work = {
        "rate": lambda: rate_ideas(idea, judge, values),
        "by judge": lambda: rate_ideas(idea, judge, values, noise="by_judge"),
        "robust": lambda: rate_ideas(idea, judge, values, robust=True),
        "top k": lambda: top_k_probabilities(found, k, n_samples=4000 if n_ideas <= 1000 else 100 if is_huge else 400),
        "influence": lambda: judge_influence(found, k, judges=asked),
        "MixedLM": lambda: mixed_lm(idea, judge, values.mean(axis=1), n_ideas),
    }
    row = {"ideas": n_ideas, "judges": n_judges, "reviews": n_reviews, "peak MiB": round(peak)}
    row |= dict.fromkeys(("by judge", "robust"), "not run") if is_huge else {}
    for name, call in work.items():
        if name in row:
            continue
        if name == "MixedLM" and (n_reviews > 200 or not HAS_MIXED):
            row[name] = "too slow" if HAS_MIXED else "not installed"
            continue
        began = time.process_time()
        try:
            call()
        except EngineError as error:
            row[name] = str(error)
        else:
            row[name] = time.process_time() - began
    return row


def shown(value):
    """Return what a cell shows."""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def show(figures):
    """Print the tables."""
    console = Console()
    titles = {
        "coverage": "Share of 95 % intervals that hold the truth (12 ideas, 3 judges, 2 reviews an idea; noise sd 1)",
        "options": "The options: share of 95 % intervals that hold the truth, and rank correlation with it",
        "accuracy": "Rank correlation with the truth (40 ideas, 8 judges, 1 to 4 reviews an idea)",
        "seconds": "CPU seconds, each size in a process of its own",
    }
    for name, title in titles.items():
        rows = figures[name]
        if len(rows) > len(rows[0]):
            table = Table(*rows[0], title=title)
            for row in rows:
                table.add_row(*map(shown, row.values()))
        else:
            table = Table("", *(str(next(iter(row.values()))) for row in rows), title=title)
            for key in list(rows[0])[1:]:
                table.add_row(key, *(shown(row.get(key, "")) for row in rows))
        console.print(table)
    console.print("Correlation with a real review that was held out:", figures["held_out"] or "not run")
    console.print("Skating, three judges revealed, rank correlation with the others:", figures["skating"] or "no data")
    console.print("ICLR:", figures["iclr"])


if __name__ == "__main__":
    raise SystemExit(main())
