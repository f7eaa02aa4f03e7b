"""From reviews and comparisons together to what the ranking page shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from permea.evaluation.queries import ComparisonFacts, ReviewFacts
from permea.evaluation.services import reviewed

if TYPE_CHECKING:
    from permea_engine.evidence import Evidence, SourceWeight
    from permea_engine.ratings import Ratings

REVIEWS, COMPARISONS, PUBLIC = "reviews", "comparisons", "public"


def fit(facts: ReviewFacts, comparisons: ComparisonFacts) -> Evidence:
    """Return one posterior from the reviews, the comparisons of evaluators and those of the public."""
    import numpy as np  # noqa: PLC0415 - NumPy and SciPy load at first use

    from permea_engine.evidence import ComparisonSource, ReviewSource, Source, rank_from_evidence  # noqa: PLC0415 - same

    weights = [float(one.weight) for one in facts.criteria]
    sources: list[Source] = [ReviewSource(REVIEWS, facts.idea, facts.judge, facts.values, weights)]
    is_public = np.array([not key for key, _label in comparisons.judges])[comparisons.judge]
    for name, chosen in ((COMPARISONS, ~is_public), (PUBLIC, is_public)):
        if chosen.any():
            told = (comparisons.first[chosen], comparisons.second[chosen], comparisons.outcome[chosen])
            judge = np.unique(comparisons.judge[chosen], return_inverse=True)[1]
            sources.append(ComparisonSource(name, *told, judge=judge, crowd=name == PUBLIC))
    return rank_from_evidence(sources, n_ideas=len(facts.ideas))


def result_of(
    facts: ReviewFacts,
    comparisons: ComparisonFacts,
    rated: Ratings,
    evidence: Evidence,
    *,
    n_shortlist: int,
    certainty_wanted: float,
) -> dict[str, Any]:
    """Return everything the ranking page shows, with what each source was worth, ready to be stored as JSON."""
    result = reviewed.result_of(facts, rated, evidence, n_shortlist=n_shortlist, certainty_wanted=certainty_wanted)
    met = Counter([*comparisons.first.tolist(), *comparisons.second.tolist()])
    n_compared = {key: met[index] for index, (_pk, key, _title) in enumerate(comparisons.ideas)}
    ideas = [{**row, "n_comparisons": n_compared.get(row["key"], 0)} for row in result["ideas"]]
    # what more reviews would buy is worked out from reviews alone: they buy no less next to other evidence
    then = max(
        (one for one in (result["plan"]["then"], result["certainty"]["set_right"]) if one is not None), default=None
    )
    return {
        **result,
        "source": "both",
        "ideas": ideas,
        "plan": {**result["plan"], "then": then},
        "sources": [_row(one) for one in evidence.sources],
    }


def _row(source: SourceWeight) -> dict[str, Any]:
    """Return what a source was worth, as it is stored."""
    return {
        "name": source.name,
        "n": source.n_facts,
        "n_ideas": source.n_ideas,
        "agreement": reviewed.plain(source.agreement),
        "lower": reviewed.plain(source.agreement_lower),
        "upper": reviewed.plain(source.agreement_upper),
        "narrowing": reviewed.plain(source.narrowing),
        "equivalent_reviews": reviewed.plain(source.equivalent_reviews),
        "reason": source.reason,
    }
