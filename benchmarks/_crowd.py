"""A real crowd: which factor foretells an outcome better? All Our Ideas, Fragile Families, votes in sessions.

Two questions. How well do scores from some sessions of the crowd foretell the votes of sessions that were held out
(five parts)? And how well do scores from the crowd foretell the votes of experts on the factors both saw? Every method
gives a difference of scores; the number it is multiplied with to make log-odds is chosen, for each method, on the
votes of `CHOSEN_ON`, and figures are of the other outcomes. Intervals are 95 % bootstrap percentiles over sessions of
those who vote, of the difference from plain Bradley-Terry.
"""

from __future__ import annotations

import _comparison_peers as peers
import numpy as np
import pyarrow.parquet as pq
from _data import data_folder
from scipy.optimize import minimize_scalar
from scipy.stats import spearmanr

from permea_engine.ranking import rank_from_comparisons

CHOSEN_ON = ("gpa", "job_training")
N_PARTS = 5
FEWEST = 100  # votes of experts from which an outcome is looked at
SEED = 6


def permea(votes):
    """Return strengths with judges' reliabilities."""
    return rank_from_comparisons(
        votes.first, votes.second, votes.outcome, judge=votes.judge, n_items=votes.n_items
    ).strengths


def plain(votes):
    """Return strengths with all judges alike: plain Bradley-Terry."""
    return rank_from_comparisons(votes.first, votes.second, votes.outcome, n_items=votes.n_items).strengths


METHODS = {
    "permea": permea,
    "plain Bradley-Terry": plain,
    "win rate": peers.win_rate,
    "All Our Ideas score": peers.all_our_ideas,
    "Elo": peers.elo,
    "TrueSkill": peers.trueskill,
    "Crowd-BT online (Gavel)": peers.crowd_bt_online,
}


def folder():
    """Return where the data set is, or None."""
    place = data_folder() / "wikisurvey_ff"
    return place if (place / "votes.parquet").exists() else None


def crowd(n_resamples, *, most=None):
    """Return the tables, of all votes or the first `most` of each outcome and group; None without the data set."""
    place = folder()
    if place is None:
        return None
    votes = {key: one.some(slice(most)) for key, one in read(place).items()}
    outcomes = sorted({outcome for outcome, _ in votes})
    return [*held_out(votes, outcomes, n_resamples), *experts(votes, outcomes, n_resamples)]


def read(place):
    """Return valid votes by (outcome, group) in the order they were cast; factors of one outcome are told by text."""
    ideas = pq.read_table(place / "ideas.parquet").to_pylist()
    texts = {row["idea_id"]: row["text"].strip().lower() for row in ideas}
    numbers, found = {}, {}
    for row in sorted(pq.read_table(place / "votes.parquet").to_pylist(), key=lambda row: row["vote_id"]):
        pair = [texts.get(row["left_id"]), texts.get(row["right_id"])]
        if row["valid"] != "True" or None in pair or pair[0] == pair[1]:
            continue
        known = numbers.setdefault(row["outcome"], {})
        left, right = (known.setdefault(text, len(known)) for text in pair)
        won = 1 if row["winner_id"] == row["left_id"] else -1
        found.setdefault((row["outcome"], row["group"]), []).append((left, right, won, row["session_id"]))
    made = {}
    for key, rows_ in found.items():
        first, second, won, session = np.array(rows_).T
        judge = np.unique(session, return_inverse=True)[1]
        made[key] = peers.Votes(first, second, won, judge, len(numbers[key[0]]))
    return made


def held_out(votes, outcomes, n_resamples):
    """Return how well scores foretell the votes of sessions of the crowd that were held out."""
    margins = {name: {} for name in METHODS}
    sessions = {}
    for outcome in outcomes:
        cast = votes[outcome, "mturks"]
        sessions[outcome] = cast.judge
        part = np.random.default_rng(SEED).permutation(int(cast.judge.max()) + 1)[cast.judge] % N_PARTS
        for name, method in METHODS.items():
            margins[name][outcome] = np.zeros(len(part))
            for number in range(N_PARTS):
                scores = tried(method, cast.some(part != number))
                margins[name][outcome][part == number] = margin(scores, cast.some(part == number))
    return tables("Votes of crowd sessions that were held out", margins, sessions, outcomes, n_resamples)


def experts(votes, outcomes, n_resamples):
    """Return how well scores of the whole crowd foretell votes of experts on factors that both saw."""
    margins, sessions = {name: {} for name in METHODS}, {}
    rhos = {name: {} for name in METHODS}
    asked = [one for one in outcomes if (one, "experts") in votes and len(votes[one, "experts"].first) >= FEWEST]
    for outcome in asked:
        cast, expert = votes[outcome, "mturks"], votes[outcome, "experts"]
        met = sum(cast.counts()) > 0
        expert = expert.some(met[expert.first] & met[expert.second])
        sessions[outcome] = expert.judge
        opinion, both = plain(expert), sum(expert.counts()) > 0
        for name, method in METHODS.items():
            scores = tried(method, cast)
            margins[name][outcome] = margin(scores, expert)
            rhos[name][outcome] = float(spearmanr(scores[both], opinion[both])[0])
    made = tables("Votes of experts foretold by the crowd", margins, sessions, asked, n_resamples)
    for table in made:
        for row in table["rows"]:
            row["rho with the experts' ranking"] = float(
                np.mean([rhos[row["method"]][one] for one in table["outcomes"]])
            )
    return made


def tried(method, votes):
    """Return scores, nan where a package is not installed."""
    try:
        return method(votes)
    except peers.MissingPeerError:
        return np.full(votes.n_items, np.nan)


def margin(scores, votes):
    """Return by how much the winner of each vote is above the loser."""
    return scores[votes.winner] - scores[votes.loser]


def tables(title, margins, sessions, outcomes, n_resamples):
    """Return a table for the outcomes that scales were chosen on, if any, and one for the others."""
    chosen = [one for one in outcomes if one in CHOSEN_ON]
    scales = {name: scale(np.concatenate([found[one] for one in chosen])) for name, found in margins.items()}
    parts = (("scales chosen here", chosen), ("reported", [one for one in outcomes if one not in CHOSEN_ON]))
    return [
        {"title": f"{title}: {', '.join(some)} ({label})", "outcomes": some,
         "rows": rows(margins, sessions, some, scales, n_resamples)}
        for label, some in parts if some
    ]  # fmt: skip


def scale(margins):
    """Return the factor that makes log-odds of a difference of scores."""
    if np.isnan(margins).any():
        return np.nan
    found = minimize_scalar(lambda k: np.logaddexp(0, -np.exp(k) * margins).mean(), bounds=(-6, 4), method="bounded")
    return float(np.exp(found.x))


def rows(margins, sessions, outcomes, scales, n_resamples):
    """Return a row for each method; the interval is of the difference from plain Bradley-Terry."""
    level, hits = {}, {}
    for name, found in margins.items():
        above = np.concatenate([found[one] for one in outcomes])
        level[name] = -np.logaddexp(0, -scales[name] * above)
        hits[name] = np.where(above == 0, 0.5, above > 0)
    shifts = np.cumsum([0, *(sessions[one].max() + 1 for one in outcomes)])
    session = np.concatenate([sessions[one] + shift for one, shift in zip(outcomes, shifts, strict=False)])
    drawn = np.random.default_rng(SEED).multinomial(shifts[-1], np.full(shifts[-1], 1 / shifts[-1]), n_resamples)
    counts = drawn @ np.bincount(session, minlength=shifts[-1])
    found = []
    for name in margins:
        if np.isnan(level[name]).any():
            continue
        row = {"method": name, "votes": len(session), "scale": scales[name]}
        for label, values in (("log-likelihood", level), ("goes with the order", hits)):
            gain = values[name] - values["plain Bradley-Terry"]
            resampled = drawn @ np.bincount(session, weights=gain, minlength=shifts[-1]) / counts
            low, high = np.percentile(resampled, [2.5, 97.5])
            row[label] = float(values[name].mean())
            row[f"{label}, minus plain"] = [float(gain.mean()), float(low), float(high)]
        found.append(row)
    return found
