"""From reviews to what the ranking page shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from permea.evaluation import rules
from permea.evaluation.queries import ReviewFacts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from permea_engine.decisions import Estimate
    from permea_engine.evidence import Evidence
    from permea_engine.ratings import JudgeInfluence, Ratings

N_SAMPLES = 4000
DIGITS = 4


def fit(facts: ReviewFacts) -> Ratings:
    """Return the engine's ratings of the reviews; there must be one at least."""
    from permea_engine import ratings as engine  # noqa: PLC0415 - NumPy and SciPy load at first use

    return engine.rate_ideas(
        facts.idea,
        facts.judge,
        facts.values,
        n_ideas=len(facts.ideas),
        n_judges=len(facts.judges),
        weights=[float(one.weight) for one in facts.criteria],
    )


def result_of(
    facts: ReviewFacts, rated: Ratings, estimate: Ratings | Evidence, *, n_shortlist: int, certainty_wanted: float
) -> dict[str, Any]:
    """Return everything the ranking page shows, ready to be stored as JSON.

    Scores and chances are those of `estimate`: `rated` itself, or what it gives together with other evidence.
    """
    import numpy as np  # noqa: PLC0415 - NumPy and SciPy load at first use

    from permea_engine import decisions  # noqa: PLC0415 - NumPy and SciPy load at first use
    from permea_engine.ratings import judge_influence  # noqa: PLC0415 - same

    k = min(n_shortlist, int(np.count_nonzero(~np.isnan(estimate.centre))))
    known = decisions.drawn(estimate, n_samples=N_SAMPLES)
    certainty = decisions.top_k_certainty(known, k, n_samples=N_SAMPLES)
    influence = judge_influence(rated, min(k, int(np.count_nonzero(rated.n_reviews))))
    return {
        "scale": [rules.LOWEST, rules.HIGHEST],
        "criteria": [{"key": one.key, "name": one.name, "weight": str(one.weight)} for one in facts.criteria],
        "k": k,
        "ideas": _idea_rows(facts, rated, estimate, known, k),
        "judges": _judge_rows(facts, rated, influence),
        "icc": plain(rated.icc),
        "reliability": plain(rated.reliability),
        "reviews_for_reliability": rated.reviews_for_reliability,
        "alpha": _alpha(facts),
        "variances": [plain(rated.variance_idea), plain(rated.variance_judge), plain(rated.variance_noise)],
        "corrected": bool(rated.corrected),
        "reason": rated.reason,
        "n_components": int(rated.n_components),
        "certainty": {
            "set_right": plain(certainty.set_right),
            "share_right": plain(certainty.share_right),
            "regret": plain(certainty.expected_regret),
            "wanted": certainty_wanted,
        },
        "plan": _plan(rated, min(k, int(np.count_nonzero(rated.n_reviews))), certainty_wanted),
    }


def _alpha(facts: ReviewFacts) -> float | None:
    """Return how far the judges agree, None while no idea has marks of two judges or all marks are equal."""
    from permea_engine import errors, ratings  # noqa: PLC0415 - NumPy and SciPy load at first use

    try:
        return plain(ratings.krippendorff_alpha(facts.idea, facts.judge, _overall(facts)))
    except errors.UndeterminedError:
        return None


def _plan(rated: Ratings, k: int, certainty_wanted: float) -> dict[str, Any]:
    """Return what more reviews would buy, no number of reviews while all marks are equal."""
    from permea_engine import errors, ratings  # noqa: PLC0415 - NumPy and SciPy load at first use

    try:
        plan = ratings.reviews_to_raise_certainty(rated, k, target=certainty_wanted)
    except errors.UndeterminedError:
        return {"n_more": 0, "now": None, "then": None, "reached": False}
    return {
        "n_more": int(plan.n_more),
        "now": plain(plan.certainty_now),
        "then": plain(plan.certainty_then),
        "reached": bool(plan.reached),
    }


def _overall(facts: ReviewFacts) -> NDArray[np.float64]:
    """Return the weighted mean mark of each review, over the criteria it marked."""
    import numpy as np  # noqa: PLC0415 - NumPy and SciPy load at first use

    weights = np.array([float(one.weight) for one in facts.criteria])
    is_marked = ~np.isnan(facts.values)
    weighted: NDArray[np.float64] = (np.nan_to_num(facts.values) @ weights) / (is_marked @ weights)
    return weighted


def _idea_rows(
    facts: ReviewFacts, rated: Ratings, estimate: Ratings | Evidence, known: Estimate, k: int
) -> list[dict[str, Any]]:
    """Return a row an idea: the judged ones by rank, then those nobody has judged; `known` is the estimate drawn."""
    from permea_engine import decisions  # noqa: PLC0415 - NumPy and SciPy load at first use

    chances = decisions.top_k_probabilities(known, k, n_samples=N_SAMPLES)
    groups = decisions.tie_groups(known, n_samples=N_SAMPLES)
    order = [int(index) for index in decisions.rank_order(estimate)]
    ranks = {index: rank for rank, index in enumerate(order, start=1)}
    unrated = [index for index in range(len(facts.ideas)) if index not in ranks]
    return [
        {
            "key": facts.ideas[index][1],
            "title": facts.ideas[index][2],
            "rank": ranks.get(index),
            "score": plain(estimate.scores[index]),
            "lower": plain(estimate.lower[index]),
            "upper": plain(estimate.upper[index]),
            "plain_mean": plain(rated.plain_means[index]),
            "n_reviews": int(rated.n_reviews[index]),
            "p_top_k": plain(chances[index]) or 0.0,
            "group": int(groups[index]),
            "criterion_scores": [plain(value) for value in rated.criterion_scores[index]],
        }
        for index in order + unrated
    ]


def _judge_rows(facts: ReviewFacts, rated: Ratings, influence: JudgeInfluence) -> list[dict[str, Any]]:
    """Return a row for each judge who handed a review in."""
    import numpy as np  # noqa: PLC0415 - NumPy and SciPy load at first use

    counts = np.bincount(facts.judge, minlength=len(facts.judges))
    return [
        {
            "panelist": key,
            "label": label,
            "n": int(counts[index]),
            "severity": plain(rated.severities[index]),
            "lower": plain(rated.severity_lower[index]),
            "upper": plain(rated.severity_upper[index]),
            "top_k_changes": int(influence.top_k_changes[index]),
            "biggest_shift": plain(influence.biggest_shift[index]),
        }
        for index, (_pk, key, label) in enumerate(facts.judges)
        if counts[index]
    ]


def plain(value: Any) -> float | None:
    """Return a number as JSON can hold it: rounded, None for what is not a number."""
    number = float(value)
    return round(number, DIGITS) if math.isfinite(number) else None
