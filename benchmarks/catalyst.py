"""How well do scores from reviews foretell what thousands voted for? Project Catalyst, Fund 8, all challenges.

usage: python benchmarks/catalyst.py [--challenges N] [--resamples N] [--out FILE]

Three scores from the same reviews: the plain mean, the mean of each judge's z-scores, and Permea's. Each is held
against the real votes (Spearman's rho with yes minus no stake), against what was really funded (AUC), and against the
funded set at the challenge's real budget (Jaccard): funding down the list by score, and choosing the portfolio with
the most points above the middle of the scale. Nobody who voted was bound to the reviews, so no score comes near 1.

Intervals are 95 % bootstrap percentiles: over proposals for a challenge, over challenges for the whole. Methods are
compared on the same resamples, so the interval of a difference is narrower than those of the two figures.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from _catalyst import CRITERIA, FUND, Challenge, Floats, Fund, NoDataError, folder, read_fund
from scipy.stats import rankdata

from permea_engine.portfolio import select_portfolio
from permea_engine.ratings import rate_ideas

METHODS = ("permea", "plain mean", "z-score")
METRICS = ("spearman", "auc", "jaccard_list", "jaccard_portfolio")
NAMES = {
    "spearman": "Spearman with the votes",
    "auc": "AUC for funded",
    "jaccard_list": "Jaccard, down the list",
    "jaccard_portfolio": "Jaccard, best portfolio",
}
BAR = 3.0  # the middle of the scale of 1 to 5
SEED = 8
RESULTS = Path(__file__).parent / "results" / "catalyst.json"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Figures and their resamples of one challenge: arrays of shape (n_methods, n_metrics[, n_resamples])."""

    challenge: Challenge
    value: Floats
    resampled: Floats


def main() -> int:
    """Run the benchmark; without data say so."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--challenges", type=int, help="only the first N challenges")
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    try:
        fund = read_fund(folder(), only=options.challenges)
    except NoDataError as error:
        print(f"skipped: {error}")
        return 0
    document = run(fund, options.resamples)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten: {options.out.name}")
    return 0


def run(fund: Fund, n_resamples: int) -> dict:
    """Score, compare, print, and return everything as data."""
    scores, seconds = score_all(fund)
    began = time.perf_counter()
    rng = np.random.default_rng(SEED)
    outcomes = [compare(fund, challenge, scores, n_resamples, rng) for challenge in fund.challenges]
    seconds["choosing and comparing"] = time.perf_counter() - began
    print_challenges(fund, outcomes)
    overall, verdicts = print_overall(outcomes, n_resamples, rng)
    parts = print_parts(fund, scores[1], n_resamples, rng)
    print("\nTime")
    for name, taken in seconds.items():
        print(f"  {name:24s} {taken:7.2f} s")
    return {
        "data": {"fund": FUND, "proposals": len(fund.proposals), "reviews": len(fund.idea), "judges": len(fund.judges)},
        "criteria": list(CRITERIA),
        "resamples": n_resamples,
        "seed": SEED,
        "overall": overall,
        "verdicts": verdicts,
        "parts": parts,
        "challenges": [challenge_row(fund, outcome) for outcome in outcomes],
        "seconds": {name: round(taken, 3) for name, taken in seconds.items()},
    }


def score_all(fund: Fund) -> tuple[Floats, dict[str, float]]:
    """Return the scores of all proposals, shape (n_methods, n_proposals), and how long each method took."""
    n_ideas, mean_mark = len(fund.proposals), fund.marks.mean(axis=1)
    seconds: dict[str, float] = {}

    def timed(name: str, work):
        began = time.perf_counter()
        result = work()
        seconds[name] = time.perf_counter() - began
        return result

    ours = timed("permea", lambda: rate_ideas(fund.idea, fund.judge, fund.marks, n_ideas=n_ideas).scores)
    plain = timed("plain mean", lambda: mean_by(fund.idea, mean_mark, n_ideas))
    standard = timed("z-score", lambda: mean_by(fund.idea, z_scores(fund.judge, mean_mark), n_ideas))
    return np.stack([ours, plain, standard]), seconds


def mean_by(idea: np.ndarray, values: Floats, n_ideas: int) -> Floats:
    """Return the mean of each idea's values, nan without any."""
    counts = np.bincount(idea, minlength=n_ideas)
    with np.errstate(invalid="ignore"):
        return np.bincount(idea, weights=values, minlength=n_ideas) / np.where(counts > 0, counts, np.nan)


def z_scores(judge: np.ndarray, values: Floats) -> Floats:
    """Return marks in standard deviations from their judge's mean, put back on the scale of the marks.

    A judge without spread, or with one review, is measured by the spread of all.
    """
    n_judges = int(judge.max()) + 1
    mean = mean_by(judge, values, n_judges)
    spread = np.sqrt(mean_by(judge, (values - mean[judge]) ** 2, n_judges))
    spread = np.where(spread > 1e-9, spread, values.std())
    return values.mean() + values.std() * (values - mean[judge]) / spread[judge]


def compare(fund: Fund, challenge: Challenge, scores: Floats, n_resamples: int, rng: np.random.Generator) -> Outcome:
    """Return the figures of one challenge for every method, with bootstrap resamples over its proposals."""
    members = challenge.members[~np.isnan(scores[:, challenge.members]).any(axis=0)]
    picks = rng.integers(len(members), size=(n_resamples, len(members)))
    picks = np.vstack([np.arange(len(members)), picks])  # the first is the sample itself
    funded, votes, cost = fund.is_funded[members], fund.votes[members], fund.cost[members]
    figures = np.full((len(METHODS), len(METRICS), n_resamples + 1), np.nan)
    for number in range(len(METHODS)):
        score = scores[number, members]
        listed = down_the_list(score, cost, challenge.budget)
        best = select_portfolio(score - BAR, cost, [challenge.budget]).chosen
        figures[number, 0] = spearman(score[picks], votes[picks])
        figures[number, 1] = auc(score[picks], funded[picks])
        figures[number, 2] = jaccard(listed[picks], funded[picks])
        figures[number, 3] = jaccard(best[picks], funded[picks])
    return Outcome(challenge, figures[:, :, 0], figures[:, :, 1:])


def down_the_list(score: Floats, cost: Floats, budget: float) -> np.ndarray:
    """Return which proposals are funded from the best score down; one that does not fit any more is passed over."""
    chosen, left = np.zeros(len(score), dtype=bool), budget
    for number in np.argsort(-score, kind="stable"):
        if cost[number] <= left:
            chosen[number] = True
            left -= cost[number]
    return chosen


def spearman(score: Floats, votes: Floats) -> Floats:
    """Return the rank correlation of each row, leaving out proposals without votes."""
    score = np.where(np.isnan(votes), np.nan, score)
    ranks = [rankdata(values, axis=1, nan_policy="omit") for values in (score, votes)]
    first, second = (rank - np.nanmean(rank, axis=1, keepdims=True) for rank in ranks)
    with np.errstate(invalid="ignore"):
        return np.nansum(first * second, axis=1) / np.sqrt(np.nansum(first**2, axis=1) * np.nansum(second**2, axis=1))


def auc(score: Floats, funded: np.ndarray) -> Floats:
    """Return the chance that a funded proposal has a higher score than one that was not, for each row."""
    n_funded = funded.sum(axis=1)
    ranks = (rankdata(score, axis=1) * funded).sum(axis=1) - n_funded * (n_funded + 1) / 2
    pairs = n_funded * (funded.shape[1] - n_funded)
    return np.where(pairs > 0, ranks / np.maximum(pairs, 1), np.nan)


def jaccard(chosen: np.ndarray, funded: np.ndarray) -> Floats:
    """Return the share of proposals in both sets among those in either, for each row."""
    either = (chosen | funded).sum(axis=1)
    return np.where(either > 0, (chosen & funded).sum(axis=1) / np.maximum(either, 1), np.nan)


def interval(resampled: Floats) -> tuple[float, float]:
    """Return the central 95 % of the resamples."""
    low, high = np.nanpercentile(resampled, [2.5, 97.5])
    return float(low), float(high)


def print_challenges(fund: Fund, outcomes: list[Outcome]) -> None:
    """Print one block for each figure, one row for each challenge."""
    print(f"Catalyst {FUND}: {len(fund.proposals)} proposals, {len(fund.idea)} reviews, {len(fund.judges)} judges")
    for metric, name in enumerate(METRICS):
        print(f"\n{NAMES[name]}")
        print(f"  {'challenge':38s} {'n':>4s}" + "".join(f"{method:>22s}" for method in METHODS))
        for outcome in outcomes:
            cells = "".join(
                f"{outcome.value[number, metric]:8.3f} [{low:.2f}, {high:.2f}]".rjust(22)
                for number in range(len(METHODS))
                for low, high in [interval(outcome.resampled[number, metric])]
            )
            print(f"  {outcome.challenge.title[:38]:38s} {len(outcome.challenge.members):4d}{cells}")


def print_overall(
    outcomes: list[Outcome], n_resamples: int, rng: np.random.Generator
) -> tuple[dict[str, dict], list[str]]:
    """Print means over challenges with intervals over challenges, the differences, and what follows from them."""
    values = np.stack([outcome.value for outcome in outcomes])
    picks = rng.integers(len(outcomes), size=(n_resamples, len(outcomes)))
    means = np.nanmean(values, axis=0)
    resampled = np.nanmean(values[picks], axis=1)  # (n_resamples, n_methods, n_metrics)
    overall: dict[str, dict] = {}
    verdicts = []
    print(f"\nAll {len(outcomes)} challenges (mean over challenges)")
    print(f"  {'':26s}" + "".join(f"{method:>22s}" for method in METHODS))
    for metric, name in enumerate(METRICS):
        ends = [interval(resampled[:, number, metric]) for number in range(len(METHODS))]
        shown = [f"{means[number, metric]:8.3f} [{low:.2f}, {high:.2f}]" for number, (low, high) in enumerate(ends)]
        print(f"  {NAMES[name]:26s}" + "".join(text.rjust(22) for text in shown))
        overall[name] = {method: figure(means[number, metric], ends[number]) for number, method in enumerate(METHODS)}
    print("\nPermea minus …")
    for metric, name in enumerate(METRICS):
        for number, method in enumerate(METHODS[1:], start=1):
            gain = means[0, metric] - means[number, metric]
            ends = interval(resampled[:, 0, metric] - resampled[:, number, metric])
            overall[name][f"permea minus {method}"] = figure(gain, ends)
            print(f"  {NAMES[name]:26s} {method:12s} {gain:+.3f} [{ends[0]:+.3f}, {ends[1]:+.3f}]")
            verdicts.append(verdict(name, method, gain, ends))
    print("\nWhat this says")
    for sentence in [*verdicts, conclusion(overall)]:
        print(f"  {sentence}")
    return overall, [*verdicts, conclusion(overall)]


def print_parts(fund: Fund, plain: Floats, n_resamples: int, rng: np.random.Generator) -> dict[str, dict]:
    """Print what each half of the method does alone to Spearman's rho: drawing to the mean, and judges' leanings."""
    ratings = rate_ideas(fund.idea, fund.judge, fund.marks, n_ideas=len(fund.proposals))
    mark = fund.marks.mean(axis=1)
    weight = ratings.n_reviews / (ratings.n_reviews + ratings.variance_noise / ratings.variance_idea)
    variants = {
        "plain mean, drawn to the mean where reviews are few": mark.mean() + weight * (plain - mark.mean()),
        "leanings of judges taken out, not drawn": mean_by(
            fund.idea, mark - ratings.severities[fund.judge], len(fund.proposals)
        ),
    }
    base = by_challenge(fund, plain)
    picks = rng.integers(len(base), size=(n_resamples, len(base)))
    found = {}
    print("\nEach half of the method alone, Spearman with the votes minus that of the plain mean")
    for name, score in variants.items():
        gain = by_challenge(fund, score) - base
        ends = interval(gain[picks].mean(axis=1))
        found[name] = figure(gain.mean(), ends)
        print(f"  {name:54s} {gain.mean():+.3f} [{ends[0]:+.3f}, {ends[1]:+.3f}]")
    return found


def by_challenge(fund: Fund, score: Floats) -> Floats:
    """Return Spearman's rho with the votes in each challenge."""
    reviewed = [call.members[~np.isnan(score[call.members])] for call in fund.challenges]
    return np.array([spearman(score[None, members], fund.votes[None, members])[0] for members in reviewed])


def verdict(metric: str, method: str, gain: float, ends: tuple[float, float]) -> str:
    """Return what the interval of a difference allows to say."""
    low, high = ends
    if low > 0:
        return f"{NAMES[metric]}: Permea is better than the {method} by {gain:.3f}, beyond chance."
    if high < 0:
        return f"{NAMES[metric]}: Permea is worse than the {method} by {-gain:.3f}, beyond chance."
    return (
        f"{NAMES[metric]}: no difference from the {method} beyond chance ({gain:+.3f}, from {low:+.3f} to {high:+.3f})."
    )


def conclusion(overall: dict[str, dict]) -> str:
    """Return in one sentence where correcting for judges helps here, against the plain mean, and where it does not."""
    gains = {name: overall[name]["permea minus plain mean"] for name in METRICS}
    better = [NAMES[name] for name in METRICS if gains[name]["lower"] > 0]
    worse = [NAMES[name] for name in METRICS if gains[name]["upper"] < 0]
    same = [NAMES[name] for name in METRICS if NAMES[name] not in better + worse]
    parts = [f"it helps on: {', '.join(better)}"] if better else []
    parts += [f"it does not help on: {', '.join(same)}"] if same else []
    parts += [f"it hurts on: {', '.join(worse)}"] if worse else []
    return f"Correcting for harsh and kind judges, against the plain mean: {'; '.join(parts)}."


def figure(value: float, ends: tuple[float, float]) -> dict[str, float]:
    """Return a figure with its interval, rounded."""
    return {"value": round(float(value), 4), "lower": round(ends[0], 4), "upper": round(ends[1], 4)}


def challenge_row(fund: Fund, outcome: Outcome) -> dict:
    """Return one challenge as data."""
    members = outcome.challenge.members
    return {
        "challenge": outcome.challenge.key,
        "proposals": len(members),
        "funded": int(fund.is_funded[members].sum()),
        "budget_usd": outcome.challenge.budget,
        "figures": {
            name: {
                method: figure(outcome.value[number, metric], interval(outcome.resampled[number, metric]))
                for number, method in enumerate(METHODS)
            }
            for metric, name in enumerate(METRICS)
        },
    }


if __name__ == "__main__":
    sys.exit(main())
