"""One posterior from reviews, comparisons and votes: does it help, do its intervals hold, what does a bad crowd do.

usage: python benchmarks/evidence.py [--simulations N] [--quick] [--out FILE]

Simulated: a panel's reviews, experts' comparisons and a crowd's votes whose opinion correlates with the truth so far as
stated. Peers: reviews alone, and the mean of z-scores of all three sources, as often done by hand. Real: the wiki
survey of the Fragile Families Challenge, where a crowd and experts compared the same answers: how well experts'
sessions that were held out are foretold by the other experts alone, by the crowd alone, by all votes in one pot, and by
the joint posterior. Nothing was fitted or chosen on the real data. Times are CPU seconds of one thread.
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
from scipy.stats import rankdata

from permea_engine.evidence import ComparisonSource, ReviewSource, VoteSource, rank_from_evidence
from permea_engine.ranking import rank_from_comparisons

RESULTS = Path(__file__).parent / "results" / "evidence.json"
CROWDS = (0.9, 0.6, 0.3, 0.0, -0.6)
SIZES = ((100, 300, 1_000), (1_000, 3_000, 10_000), (10_000, 30_000, 100_000))
N_FOLDS = 5
SEED = 5


def main() -> int:
    """Run all tables, print them and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulations", type=int, default=100)
    parser.add_argument("--quick", action="store_true", help="a few seconds: it runs, no more")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    n = 2 if options.quick else options.simulations
    figures = {
        "seed": SEED,
        "simulations": n,
        "simulated": [simulated(agreement, n) for agreement in CROWDS],
        "real": None if options.quick else real(),
        "seconds": [seconds(*size) for size in SIZES[: 1 if options.quick else None]],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def world(rng, n_ideas, n_judges, n_comparisons, agreement):
    """Return the truth on the scale of the average judge, and the three sources: two reviews an idea."""
    worth, severity = rng.normal(0, 1, n_ideas), rng.normal(0, 0.5, n_judges)
    idea = np.repeat(np.arange(n_ideas), 2)
    judge = np.concatenate([rng.choice(n_judges, 2, replace=False) for _ in range(n_ideas)])
    marks = 3 + worth[idea] + severity[judge] + rng.normal(0, 1, len(idea))
    first = rng.integers(0, n_ideas, n_comparisons)
    second = (first + rng.integers(1, n_ideas, n_comparisons)) % n_ideas
    view = 0.95 * worth + np.sqrt(1 - 0.95**2) * rng.normal(0, 1, n_ideas)
    chance = 1 / (1 + np.exp(-1.5 * (view[first] - view[second])))
    outcome = np.where(rng.random(n_comparisons) < chance, 1, -1)
    opinion = agreement * worth + np.sqrt(1 - agreement**2) * rng.normal(0, 1, n_ideas)
    votes = rng.poisson(100 * np.exp(0.8 * opinion))
    sources = (ReviewSource("panel", idea, judge, marks[:, None]), ComparisonSource("pairs", first, second, outcome),
               VoteSource("public", votes))  # fmt: skip
    return 3 + worth + severity[np.unique(judge)].mean(), sources


def simulated(agreement, n_simulations):
    """Return rank correlation with the truth and coverage: 30 ideas, 6 judges, 60 reviews, 90 comparisons, votes."""
    rng = np.random.default_rng(SEED)
    rows = []
    for _ in range(n_simulations):
        truth, (panel, pairs, public) = world(rng, 30, 6, 90, agreement)
        found = [rank_from_evidence(chosen) for chosen in ([panel], [panel, pairs], [panel, pairs, public])]
        pot = sum(standard(one) for one in parts_of(panel, pairs, public))
        rho = [rank_agreement(one, truth) for one in (*(one.scores for one in found), pot)]
        inside = [((one.lower <= truth) & (truth <= one.upper)).mean() for one in found]
        crowd = found[2].sources[2]
        rows.append([*rho, *inside, crowd.agreement, crowd.equivalent_reviews, float(crowd.reason == "conflict")])
    names = ("reviews", "and comparisons", "and votes", "mean of z-scores", "reviews: inside",
             "and comparisons: inside", "and votes: inside", "agreement found", "votes are worth reviews",
             "left out")  # fmt: skip
    gain = np.diff(np.array(rows)[:, [1, 2]], axis=1)[:, 0]
    return {"crowd agrees": agreement, **dict(zip(names, np.mean(rows, axis=0).tolist(), strict=True)),
            "error of votes added": float(gain.std() / np.sqrt(len(gain)))}  # fmt: skip


def parts_of(panel, pairs, public):
    """Return plain means of reviews, win rates and log votes."""
    idea, marks = np.asarray(panel.idea), np.asarray(panel.values)[:, 0]
    n_ideas = len(public.votes)
    wins = np.bincount(pairs.first, weights=pairs.outcome, minlength=n_ideas)
    wins -= np.bincount(pairs.second, weights=pairs.outcome, minlength=n_ideas)
    met = np.bincount(np.concatenate([pairs.first, pairs.second]), minlength=n_ideas)
    return np.bincount(idea, weights=marks) / np.bincount(idea), wins / np.maximum(met, 1), np.log(public.votes + 0.5)


def standard(values):
    """Return z-scores."""
    return (values - values.mean()) / values.std()


def rank_agreement(first, second):
    """Return Spearman's rho."""
    return float(np.corrcoef(rankdata(first), rankdata(second))[0, 1])


def real():
    """Return share and log-likelihood of experts' held-out votes, by outcome with enough experts; None without data."""
    place = data_folder() / "wikisurvey_ff"
    if not place.exists():
        return None
    import pyarrow.parquet as pq

    texts = {(row["outcome"], row["group"], row["idea_id"]): row["text"].strip().lower()
             for row in pq.read_table(place / "ideas.parquet").to_pylist()}  # fmt: skip
    votes = [row for row in pq.read_table(place / "votes.parquet").to_pylist() if str(row["valid"]).lower() == "true"]
    found = []
    for outcome in sorted({row["outcome"] for row in votes}):
        facts = {}
        numbers, sessions = {}, {}
        for row in votes:
            names = [texts.get((outcome, row["group"], row[key])) for key in ("winner_id", "loser_id")]
            if row["outcome"] == outcome and None not in names and names[0] != names[1]:
                pair = [numbers.setdefault(name, len(numbers)) for name in names]
                judge = sessions.setdefault((row["group"], row["session_id"]), len(sessions))
                facts.setdefault(row["group"], []).append([*pair, judge])
        if len(facts.get("experts", ())) >= 100:
            found.append(
                {"outcome": outcome, **foretold(np.array(facts["experts"]), np.array(facts["mturks"]), len(numbers))}
            )
    return found


def foretold(experts, crowd, n_items):
    """Return how well held-out sessions of experts are foretold, over all folds."""
    sessions = np.unique(experts[:, 2])
    shuffled = np.random.default_rng(SEED).permutation(sessions).tolist()
    fold = {judge: place % N_FOLDS for place, judge in enumerate(shuffled)}
    of_vote = np.array([fold[judge] for judge in experts[:, 2].tolist()])
    chances = {"experts": [], "crowd": [], "one pot": [], "joint": []}
    agreement = []
    for number in range(N_FOLDS):
        known, asked = experts[of_vote != number], experts[of_vote == number]
        crowd_alone = rank_from_comparisons(*crowd[:, :2].T, np.ones(len(crowd)), judge=crowd[:, 2], n_items=n_items)
        pot = np.vstack([known, crowd])
        both = rank_from_comparisons(*pot[:, :2].T, np.ones(len(pot)), judge=pot[:, 2], n_items=n_items)
        alone = ComparisonSource("experts", *known[:, :2].T, np.ones(len(known)), judge=known[:, 2])
        other = ComparisonSource("crowd", *crowd[:, :2].T, np.ones(len(crowd)), judge=crowd[:, 2], crowd=True)
        joint = rank_from_evidence([alone, other], n_ideas=n_items)
        agreement.append(joint.sources[1].agreement)
        by_name = {
            "experts": rank_from_evidence([alone], n_ideas=n_items),
            "crowd": crowd_alone,
            "one pot": both,
            "joint": joint,
        }
        for name, estimate in by_name.items():
            draws = estimate.sample(2000, np.random.default_rng(SEED))
            chances[name].append((1 / (1 + np.exp(draws[:, asked[:, 1]] - draws[:, asked[:, 0]]))).mean(axis=0))
    row = {"votes held out": len(experts), "crowd's votes": len(crowd), "agreement found": float(np.mean(agreement))}
    for name, parts in chances.items():
        chance = np.concatenate(parts)
        row |= {f"{name}: right": float((chance > 0.5).mean()), f"{name}: log-likelihood": float(np.log(chance).mean())}
    return row


def seconds(n_ideas, n_reviews, n_comparisons):
    """Return CPU seconds of the joint posterior with votes, and of 1,000 draws (100 of the largest)."""
    rng = np.random.default_rng(SEED)
    _, (panel, pairs, public) = world(rng, n_ideas, max(6, n_ideas // 20), n_comparisons, 0.6)
    extra = rng.integers(0, n_ideas, n_reviews - 2 * n_ideas)
    marks = np.vstack([panel.values, rng.normal(3, 1, (len(extra), 1))])
    judge = np.append(panel.judge, rng.integers(0, 6, len(extra)))
    panel = ReviewSource("panel", np.append(panel.idea, extra), judge, marks)
    began = time.process_time()
    found = rank_from_evidence([panel, pairs, public])
    joined = time.process_time()
    found.sample(1000 if n_ideas <= 1000 else 100, rng)
    return {"ideas": n_ideas, "reviews": n_reviews, "comparisons": n_comparisons, "join": joined - began,
            "sample": time.process_time() - joined}  # fmt: skip


def show(figures):
    """Print the tables."""
    console = Console()
    titles = {
        "simulated": "Rank correlation with the truth, share of 95 % intervals that hold it (30 ideas)",
        "real": "Experts' held-out votes (wiki survey)",
        "seconds": "CPU seconds",
    }
    for name, title in titles.items():
        rows = figures[name] or []
        table = Table("", *(str(next(iter(row.values()))) for row in rows), title=title)
        for key in list(rows[0])[1:] if rows else ():
            values = [row[key] for row in rows]
            table.add_row(key, *(f"{value:.3f}" if isinstance(value, float) else str(value) for value in values))
        console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
