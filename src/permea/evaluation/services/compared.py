"""From comparisons to what the ranking page shows, and to what the choice of the next pair starts from."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from permea.evaluation.queries import ComparisonFacts
from permea.evaluation.services.reviewed import N_SAMPLES, plain

if TYPE_CHECKING:
    from permea_engine.decisions import Estimate
    from permea_engine.ranking import Ranking

HIGHEST_SCORE = 100
LEVEL = 1.96
AHEAD_EACH, MOST_AHEAD = 5, 500  # comparisons looked ahead, an entry and in all: more would keep the judges waiting


def fit(facts: ComparisonFacts) -> Ranking:
    """Return the engine's ranking of the comparisons; there must be one at least."""
    from permea_engine.ranking import rank_from_comparisons  # noqa: PLC0415 - NumPy and SciPy load at first use

    return rank_from_comparisons(
        facts.first,
        facts.second,
        facts.outcome,
        judge=facts.judge,
        n_items=len(facts.ideas),
        n_judges=len(facts.judges),
    )


def state_of(facts: ComparisonFacts, ranked: Ranking) -> dict[str, Any]:
    """Return what the choice of the next pair starts from, ready to be stored as JSON: see `queries.pairing`."""
    known = ranked.posterior.precision
    return {
        "ideas": [pk for pk, _key, _title in facts.ideas],
        "strengths": [round(float(one), 6) for one in ranked.strengths],
        "errors": [round(float(one), 6) for one in ranked.standard_errors],
        "spread": float(ranked.strength_sd),
        "pairs": [[int(low), int(high)] for low, high in zip(known.pairs.low, known.pairs.high, strict=True)],
        "weights": [round(float(one), 6) for one in known.weight],
        "looks": [round(float(one)) for one in ranked.n_comparisons],
        "ties": float(ranked.tie_propensity),
    }


def result_of(facts: ComparisonFacts, ranked: Ranking, *, n_shortlist: int, certainty_wanted: float) -> dict[str, Any]:
    """Return everything the ranking page shows, ready to be stored as JSON.

    A score says of a hundred comparisons with an average entry, by a judge of usual care, how many this one would win.
    """
    from permea_engine import decisions  # noqa: PLC0415 - NumPy and SciPy load at first use

    k = min(n_shortlist, sum(int(n > 0) for n in ranked.n_comparisons))
    known = decisions.drawn(ranked, n_samples=N_SAMPLES)
    certainty = decisions.top_k_certainty(known, k, n_samples=N_SAMPLES)
    return {
        "source": "comparisons",
        "scale": [0, HIGHEST_SCORE],
        "criteria": [],
        "k": k,
        "ideas": _idea_rows(facts, ranked, known, k),
        "judges": _judge_rows(facts, ranked),
        "public": _public(facts, ranked),
        "icc": None,
        "reliability": None,
        "reviews_for_reliability": None,
        "alpha": None,
        "variances": [],
        "corrected": True,
        "reason": "",
        "n_components": int(ranked.n_components),
        "tie_propensity": plain(ranked.tie_propensity),
        "certainty": {
            "set_right": plain(certainty.set_right),
            "share_right": plain(certainty.share_right),
            "regret": plain(certainty.expected_regret),
            "wanted": certainty_wanted,
        },
        "plan": _plan(ranked, k, certainty_wanted),
    }


def _idea_rows(facts: ComparisonFacts, ranked: Ranking, known: Estimate, k: int) -> list[dict[str, Any]]:
    """Return a row an idea: the compared ones by rank, then those nobody has compared; `known` is the ranking drawn."""
    from permea_engine import decisions  # noqa: PLC0415 - NumPy and SciPy load at first use

    chances = decisions.top_k_probabilities(known, k, n_samples=N_SAMPLES)
    groups = decisions.tie_groups(known, n_samples=N_SAMPLES)
    order = [int(index) for index in decisions.rank_order(ranked)]
    ranks = {index: rank for rank, index in enumerate(order, start=1)}
    won = _won(facts)
    rows: list[dict[str, Any]] = []
    for index in order + [index for index in range(len(facts.ideas)) if index not in ranks]:
        n, is_ranked = round(float(ranked.n_comparisons[index])), index in ranks
        rows.append({
            "key": facts.ideas[index][1],
            "title": facts.ideas[index][2],
            "rank": ranks.get(index),
            "score": _score(ranked.strengths[index]) if is_ranked else None,
            "lower": _score(ranked.lower[index]) if is_ranked else None,
            "upper": _score(ranked.upper[index]) if is_ranked else None,
            "plain_mean": plain(HIGHEST_SCORE * won[index] / n) if n else None,
            "n_reviews": 0,
            "n_comparisons": n,
            "p_top_k": plain(chances[index]) or 0.0,
            "group": int(groups[index]),
            "criterion_scores": [],
        })  # fmt: skip
    return rows


def _won(facts: ComparisonFacts) -> list[float]:
    """Return how many comparisons each idea won, a tie counting half."""
    won = [0.0] * len(facts.ideas)
    for first, second, outcome in zip(facts.first, facts.second, facts.outcome, strict=True):
        won[first] += (1 + outcome) / 2
        won[second] += (1 - outcome) / 2
    return won


def _judge_rows(facts: ComparisonFacts, ranked: Ranking) -> list[dict[str, Any]]:
    """Return a row for each evaluator who compared: how reliable, with n and interval; nobody of the public."""
    made = Counter(facts.judge.tolist())
    return [
        {
            "panelist": key,
            "label": label,
            "n": made[index],
            "severity": None,
            "lower": _trust(ranked, index, -LEVEL),
            "upper": _trust(ranked, index, LEVEL),
            "reliability": plain(ranked.reliabilities[index]),
            "careless": plain(ranked.careless[index]),
            "agreement": plain(ranked.agreement[index]),
            "top_k_changes": 0,
            "biggest_shift": None,
        }
        for index, (key, label) in enumerate(facts.judges)
        if key
    ]


def _public(facts: ComparisonFacts, ranked: Ranking) -> dict[str, Any] | None:
    """Return what the public gave, all of it together, None if it gave nothing."""
    found = [index for index, (key, _label) in enumerate(facts.judges) if not key]
    if not found:
        return None
    trusts = sorted(float(ranked.reliabilities[index]) for index in found)
    return {
        "n_people": len(found),
        "n": sum(index in found for index in facts.judge.tolist()),
        "reliability": plain(trusts[len(trusts) // 2]),
        "n_careless": sum(int(ranked.careless[index] > 1 / 2) for index in found),
    }


def _trust(ranked: Ranking, index: int, times: float) -> float | None:
    """Return an end of the interval of a judge's reliability, None where judges cannot be told apart."""
    return plain(float(ranked.reliabilities[index]) * math.exp(times * float(ranked.log_reliability_sd[index])))


def _plan(ranked: Ranking, k: int, certainty_wanted: float) -> dict[str, Any]:
    """Return what more comparisons would buy, as far as it can be told."""
    from permea_engine import effort  # noqa: PLC0415 - NumPy and SciPy load at first use

    if not 0 < k < len(ranked.strengths):
        return {"n_more": 0, "now": None, "then": None, "reached": True}
    advice = effort.stop_advice(
        ranked,
        k,
        target=certainty_wanted,
        n_samples=N_SAMPLES,
        ahead=effort.comparisons_from(ranked),
        most=min(AHEAD_EACH * len(ranked.strengths), MOST_AHEAD),
    )
    return {
        "n_more": int(advice.n_more),
        "now": plain(advice.now),
        "then": plain(advice.then),
        "reached": bool(advice.reached),
    }


def _score(strength: Any) -> float | None:
    """Return a strength as the share of a hundred comparisons won against an average entry."""
    return plain(HIGHEST_SCORE / (1 + math.exp(-float(strength))))
