"""Rankings from comparisons: how fast, how right when judges are careless or malicious, how well on a real crowd.

usage: python benchmarks/ranking.py [--quick] [--out FILE]

Speed: simulated comparisons by one kind of judge; CPU seconds of one thread, the product in a process of its own, so
that its peak memory can be read. Fit: log-likelihood of fresh comparisons by the scores, scaled as suits them best.
Accuracy: Spearman's rho with the truth for 100 items and 20 judges, means over simulations with standard errors. The
crowd: see _crowd.py. A peer that would take over a minute at a size, or is not installed, is said so and left out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import _comparison_peers as peers
import numpy as np
from _catalyst import ROOT
from _crowd import crowd
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize_scalar
from scipy.special import expit
from scipy.stats import spearmanr

from permea_engine.ranking import rank_from_comparisons
from permea_engine.ranking.facts import checked, summed
from permea_engine.ranking.strengths import Task, fit_strengths

RESULTS = Path(__file__).parent / "results" / "ranking.json"
SIZES = [(1_000, 10_000), (10_000, 100_000), (100_000, 1_000_000)]
ALPHAS = (1e-4, 1e-3, 1e-2, 1e-1)
LIMIT = 60.0
SEED = 5
GROWTH = {"choix ILSR": 3, "choix opt": 2}  # power of the number of items by which time grows; 1 else
TARGETS = {
    "times faster than choix ILSR at 1,000 / 10,000": 40.0,
    "CPU seconds at 10,000 / 100,000": 0.12,
    "CPU seconds at 100,000 / 1,000,000": 1.5,
    "peak GiB at 100,000 / 1,000,000": 1.0,
}
JUDGES = {
    "all alike": (0.0, 0.0, 0.0),
    "10 % careless": (0.1, 0.0, 0.0),
    "25 % careless": (0.25, 0.0, 0.0),
    "10 % malicious": (0.0, 0.1, 0.0),
    "15 % careless, 10 % malicious": (0.15, 0.1, 0.0),
    "unequal (log-normal, sd 0.6)": (0.0, 0.0, 0.6),
}
METHODS = {
    "win rate": peers.win_rate,
    "Elo": peers.elo,
    "TrueSkill": peers.trueskill,
    "Crowd-BT online (Gavel)": peers.crowd_bt_online,
    "Crowd-BT EM": peers.crowd_bt_em,
    "plain MAP": peers.plain_map,
}


def main() -> int:
    """Run all parts, print them and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, few simulations")
    parser.add_argument("--measure", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(*options.measure)))
        return 0
    sizes, n_votes, n = (((100, 1_000),), (500,), 2) if options.quick else (SIZES, (1_000, 2_000), 40)
    speed = speeds(sizes, ALPHAS[2:3] if options.quick else ALPHAS)
    figures = {
        "seed": SEED,
        "speed": speed,
        "targets": [] if options.quick else targets(speed),
        "simulations": n,
        "accuracy": [accuracy(name, number, n) for number in n_votes for name in JUDGES],
        "crowd": crowd(50, most=300) if options.quick else crowd(2_000),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def draw(rng, n_items, n_votes, reliability=None):
    """Return true strengths and simulated comparisons by judges of given reliabilities, by default 50 alike."""
    reliability = np.ones(50) if reliability is None else reliability
    strength = rng.normal(0, 1, n_items)
    first = rng.integers(0, n_items, n_votes)
    second = (first + rng.integers(1, n_items, n_votes)) % n_items
    judge = rng.integers(0, len(reliability), n_votes)
    chance = expit(reliability[judge] * (strength[first] - strength[second]))
    return strength, peers.Votes(first, second, np.where(rng.random(n_votes) < chance, 1, -1), judge, n_items)


def measured(n_items, n_votes):
    """Return CPU seconds of the product, its peak memory, and how good its fit is."""
    strength, votes = draw(np.random.default_rng(SEED), n_items, n_votes)
    taken = []
    for _ in range(5):
        began = time.process_time()
        found = rank_from_comparisons(votes.first, votes.second, votes.outcome, n_items=n_items)
        taken.append(time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    began = time.process_time()
    assert found.standard_errors.all()
    errors = time.process_time() - began
    began = time.process_time()
    found.sample(100, np.random.default_rng(SEED))
    return {"seconds": float(np.median(taken)), "peak GiB": peak, "standard errors, s": errors,
            "100 draws, s": time.process_time() - began, **quality(found.strengths, strength)}  # fmt: skip


def quality(scores, strength):
    """Return the fit to fresh comparisons, rank correlation with the truth, and precision in the top tenth."""
    rng, n_items = np.random.default_rng(SEED + 1), len(strength)
    first = rng.integers(0, n_items, 100_000)
    second = (first + rng.integers(1, n_items, len(first))) % n_items
    won = rng.random(len(first)) < expit(strength[first] - strength[second])
    margin = np.where(won, 1, -1) * (scores[first] - scores[second])
    scale = minimize_scalar(lambda k: np.logaddexp(0, -np.exp(k) * margin).mean(), bounds=(-6, 4), method="bounded")
    k = n_items // 10
    best, truth = np.argsort(-scores)[:k], np.argsort(-strength)[:k]
    return {"fit": -float(scale.fun), "rho": float(spearmanr(scores, strength)[0]),
            "precision in top 10 %": len(np.intersect1d(best, truth)) / k}  # fmt: skip


def speeds(sizes, alphas):
    """Return a row for each method and size."""
    rows, before = [], {}
    for n_items, n_votes in sizes:
        command = [sys.executable, __file__, "--measure", str(n_items), str(n_votes)]
        environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environ)
        rows.append({"items": n_items, "comparisons": n_votes, "method": "permea", **json.loads(done.stdout)})
        strength, votes = draw(np.random.default_rng(SEED), n_items, n_votes)
        for name, method in speed_peers(alphas).items():
            row = {"items": n_items, "comparisons": n_votes, "method": name}
            expected = before.get(name, 0.0) * 10 ** GROWTH.get(name, 1)
            if expected > LIMIT:
                rows.append(row | {"note": f"left out: it would take about {expected:.0f} s"})
                before[name] = expected
                continue
            try:
                began = time.process_time()
                scores = method(votes)
                before[name] = time.process_time() - began
                rows.append(row | {"seconds": before[name], **quality(scores, strength)})
            except peers.MissingPeerError as error:
                rows.append(row | {"note": str(error)})
    return rows


def speed_peers(alphas):
    """Return the peers whose speed is measured; those of choix at the regularisation that fits other data best."""
    strength, votes = draw(np.random.default_rng(SEED + 2), 300, 3_000)
    found = {}
    for label, method in (("choix ILSR", "ilsr"), ("choix MM", "mm"), ("choix opt", "opt")):
        tried = alphas if is_installed("choix") and len(alphas) > 1 else ()
        fits = [fit_of(peers.choix(method, alpha), votes, strength) for alpha in tried]
        found[label] = peers.choix(method, alphas[int(np.argmax(fits)) if fits else 0])
    return found | {
        "Newton MAP": peers.plain_map,
        "TrueSkill": peers.trueskill,
        "openskill": peers.openskill,
        "crowd-kit NoisyBradleyTerry": peers.noisy_bradley_terry,
    }


def fit_of(method, votes, strength):
    """Return how well a method fits, minus infinity where it says that it did not converge."""
    try:
        return quality(method(votes), strength)["fit"]
    except RuntimeError:
        return -np.inf


def is_installed(name):
    """Return whether a package is there."""
    try:
        return bool(peers.package(name))
    except peers.MissingPeerError:
        return False


def targets(rows):
    """Return each target with what was measured."""
    seconds = {(row["items"], row["method"]): row.get("seconds") for row in rows}
    peak = next(row["peak GiB"] for row in rows if row["items"] == 100_000 and row["method"] == "permea")
    ilsr = seconds[1_000, "choix ILSR"]
    values = [ilsr and ilsr / seconds[1_000, "permea"], seconds[10_000, "permea"], seconds[100_000, "permea"], peak]
    found = []
    for (name, wanted), value in zip(TARGETS.items(), values, strict=True):
        is_met = None if value is None else bool(value >= wanted if "faster" in name else value <= wanted)
        found.append({"target": name, "wanted": wanted, "measured": value, "is_met": is_met})
    return found


def accuracy(kind, n_votes, n_simulations):
    """Return mean rank correlation with the truth, and the standard error of the difference from plain MAP."""
    names = [*METHODS, "permea", "oracle"]
    rows, missing, right = [], set(), []
    for number in range(n_simulations):
        rng = np.random.default_rng([SEED, number])
        reliability = reliabilities(rng, *JUDGES[kind])
        strength, votes = draw(rng, 100, n_votes, reliability)
        found = rank_from_comparisons(votes.first, votes.second, votes.outcome, judge=votes.judge, n_items=100)
        scores = {"permea": found.strengths, "oracle": oracle(votes, reliability)}
        for name, method in METHODS.items():
            try:
                scores[name] = method(votes)
            except peers.MissingPeerError:
                missing.add(name)
        rows.append([spearmanr(scores[name], strength)[0] if name in scores else np.nan for name in names])
        truth = strength - strength.mean()
        right.append(((found.lower <= truth) & (truth <= found.upper)).mean())
    table = np.array(rows)
    error = (table - table[:, [names.index("plain MAP")]]).std(axis=0, ddof=1) / np.sqrt(n_simulations)
    return {
        "judges": kind,
        "comparisons": n_votes,
        "rho": {name: None if name in missing else float(table[:, place].mean()) for place, name in enumerate(names)},
        "error of rho": float(table[:, names.index("permea")].std(ddof=1) / np.sqrt(n_simulations)),
        "error of permea minus plain MAP": float(error[names.index("permea")]),
        "share of 95 % intervals that hold": float(np.mean(right)),
    }


def reliabilities(rng, careless, malicious, spread):
    """Return true reliabilities of 20 judges."""
    found = np.exp(rng.normal(0, spread, 20)) if spread else np.ones(20)
    n_careless, n_malicious = round(20 * careless), round(20 * malicious)
    found[:n_careless], found[n_careless : n_careless + n_malicious] = 0.0, -1.0
    return found


def oracle(votes, reliability):
    """Return strengths fitted with the true reliabilities, those below zero included."""
    facts = summed(checked(votes.first, votes.second, votes.outcome, votes.judge, None, 100, len(reliability)))
    return fit_strengths(Task(facts, reliability[facts.sums.judge], None), None).values


def show(figures):
    """Print the tables."""
    console = Console(width=170)
    columns = (
        "seconds",
        "fit",
        "rho",
        "precision in top 10 %",
        "peak GiB",
        "standard errors, s",
        "100 draws, s",
        "note",
    )
    table = Table("items", "comparisons", "method", *columns, title="Speed: CPU seconds")
    for row in figures["speed"]:
        table.add_row(
            f"{row['items']:,}", f"{row['comparisons']:,}", row["method"], *(cell(row, name) for name in columns)
        )
    console.print(table)
    for row in figures["targets"]:
        verdict = {True: "met", False: "not met", None: "not measured"}[row["is_met"]]
        console.print(f"{row['target']}: {row['wanted']:g} wanted, {row['measured'] or 0:.3g} measured, {verdict}")
    names = list(figures["accuracy"][0]["rho"])
    table = Table("judges", "comparisons", *names, "±", "intervals", title="Spearman's rho with the truth")
    for row in figures["accuracy"]:
        table.add_row(row["judges"], str(row["comparisons"]), *(cell(row["rho"], name) for name in names),
                      cell(row, "error of rho"), cell(row, "share of 95 % intervals that hold"))  # fmt: skip
    console.print(table)
    for part in figures["crowd"] or []:
        names = [name for name in part["rows"][0] if name != "method"]
        table = Table("method", *names, title=part["title"])
        for row in part["rows"]:
            table.add_row(row["method"], *(cell(row, name) for name in names))
        console.print(table)
    if not figures["crowd"]:
        console.print("The real crowd: the data set is missing")


def cell(row, name):
    """Return what a table shows of one figure."""
    value = row.get(name)
    if isinstance(value, list):
        return f"{value[0]:+.4f} [{value[1]:+.4f}, {value[2]:+.4f}]"
    return f"{value:.4g}" if isinstance(value, float) else str("" if value is None else value)


if __name__ == "__main__":
    raise SystemExit(main())
