"""One posterior that joins reviews, comparisons and votes, each counted as far as it agrees with the reference."""

from permea_engine.decisions import TopKCertainty, rank_order, tie_groups, top_k_certainty, top_k_probabilities
from permea_engine.evidence.fit import Evidence, SourceWeight, rank_from_evidence
from permea_engine.evidence.sources import ComparisonSource, ReviewSource, Source, VoteSource

__all__ = [
    "ComparisonSource",
    "Evidence",
    "ReviewSource",
    "Source",
    "SourceWeight",
    "TopKCertainty",
    "VoteSource",
    "rank_from_evidence",
    "rank_order",
    "tie_groups",
    "top_k_certainty",
    "top_k_probabilities",
]
