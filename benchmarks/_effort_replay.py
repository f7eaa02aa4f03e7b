"""Real panels with all their reviews known: reveal only those that a policy asks for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from _data import data_folder

from permea_engine.effort import new_reviews, next_review, with_review
from permea_engine.ratings import rate_ideas

ROOT = Path(__file__).resolve().parents[1]
SHARES = np.round(np.arange(0.05, 1.001, 0.05), 2)


@dataclass(frozen=True, eq=False)
class Panel:
    """All reviews of one call or one skating event; at most one by each judge of each idea."""

    name: str
    idea: np.ndarray
    judge: np.ndarray
    mark: np.ndarray
    n_ideas: int
    n_judges: int


def catalyst_panels(fund):
    """Return the challenges of a fund with at least 15 proposals that have three reviews or more."""
    place = data_folder() / "catalyst"
    challenge = _mapping(place / "proposals.parquet", "proposal_id", "challenge_id", fund)
    columns = ["proposal_id", "assessor", "impact", "feasibility", "auditability"]
    table = pq.read_table(place / "assessments.parquet", columns=["fund", *columns], filters=[("fund", "=", fund)])
    by_call: dict = {}
    for row in table.to_pylist():
        marks = [row[name] for name in columns[2:]]
        if None not in marks and row["proposal_id"] in challenge:
            by_call.setdefault(challenge[row["proposal_id"]], {})[row["proposal_id"], row["assessor"]] = np.mean(marks)
    return [panel for key, marks in sorted(by_call.items()) if (panel := _panel(str(key), marks)) is not None]


def skating_panels(year):
    """Return the events of the competitions of a year: the mean of a judge's component marks is the review."""
    place = data_folder() / "figure_skating"
    rows = pq.read_table(place / "performances.parquet", columns=["performance_id", "competition", "program"])
    event = {row["performance_id"]: (row["competition"], row["program"]) for row in rows.to_pylist()}
    aspects = pq.read_table(place / "judged_aspects.parquet", columns=["aspect_id", "performance_id", "section"])
    owner = {row["aspect_id"]: row["performance_id"] for row in aspects.to_pylist() if row["section"] == "components"}
    marks: dict = {}
    for row in pq.read_table(place / "judge_scores.parquet").to_pylist():
        performance = owner.get(row["aspect_id"])
        if performance in event and str(year) in event[performance][0] and row["score"]:
            marks.setdefault(event[performance], {}).setdefault((performance, row["judge"]), []).append(row["score"])
    found = [
        _panel(" ".join(key), {pair: float(np.mean(values)) for pair, values in pairs.items()}, least=8)
        for key, pairs in sorted(marks.items())
    ]
    return [panel for panel in found if panel is not None]


def _mapping(path, key, value, fund):
    rows = pq.read_table(path, columns=["fund", key, value], filters=[("fund", "=", fund)]).to_pylist()
    return {row[key]: row[value] for row in rows}


def _panel(name, marks, least=15):
    counts: dict = {}
    for idea, _judge in marks:
        counts[idea] = counts.get(idea, 0) + 1
    ideas = {idea: number for number, idea in enumerate(sorted(one for one, n in counts.items() if n >= 3))}
    kept = {pair: mark for pair, mark in marks.items() if pair[0] in ideas}
    judges = {judge: number for number, judge in enumerate(sorted({judge for _, judge in kept}))}
    if len(ideas) < least:
        return None
    return Panel(
        name,
        np.array([ideas[idea] for idea, _ in kept]),
        np.array([judges[judge] for _, judge in kept]),
        np.array(list(kept.values())),
        len(ideas),
        len(judges),
    )


def spreads(panels):
    """Return how much ideas, judges and marks differ on average in `panels`, and the level of the marks."""
    fits = [rate_ideas(one.idea, one.judge, one.mark[:, None], n_ideas=one.n_ideas) for one in panels]
    names = ("variance_idea", "variance_judge", "variance_noise")
    sds = [float(np.sqrt(np.nanmean([getattr(fit, name) for fit in fits]))) for name in names]
    return (*sds, float(np.mean([one.mark.mean() for one in panels])))


def replay(panel, known, *, adaptive, rng):
    """Return the share of the panel's own choice of the best fifth that is found with each share of its reviews.

    The choice of the panel is that of all its reviews, by the same model. Adaptive: the idea that tells most, by a
    judge of whom nothing is known; then any of its reviews not yet revealed. Even: the idea with fewest so far.
    """
    idea_sd, judge_sd, noise_sd, level = known
    k = max(1, round(panel.n_ideas / 5))
    n_reviews = len(panel.idea)
    sds = {"level": level, "idea_sd": idea_sd, "judge_sd": max(judge_sd, 0.05), "noise_sd": noise_sd}
    start = state = new_reviews(panel.n_ideas, panel.n_judges + 1, **sds)
    for idea, judge, mark in zip(panel.idea, panel.judge, panel.mark, strict=True):
        state = with_review(state, int(idea), int(judge), float(mark))
    wanted, state = set(np.argsort(-state.means, kind="stable")[:k].tolist()), start
    hidden = [list(rng.permutation(np.flatnonzero(panel.idea == idea))) for idea in range(panel.n_ideas)]
    found, goals = [], [round(share * n_reviews) for share in SHARES]
    for done in range(1, n_reviews + 1):
        left = np.array([len(one) > 0 for one in hidden])
        if adaptive:
            idea = next_review(state, panel.n_judges, k=k, rng=rng, allowed=left).idea
        else:
            idea = int(np.argmin(np.where(left, state.looks + 0.5 * rng.random(panel.n_ideas), np.inf)))
        review = hidden[idea].pop()
        state = with_review(state, idea, int(panel.judge[review]), float(panel.mark[review]))
        share = len(wanted & set(np.argsort(-state.means, kind="stable")[:k].tolist())) / k
        found.extend([share] * goals.count(done))
    return found
