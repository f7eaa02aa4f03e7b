"""Strengths of items from comparisons by judges of unequal reliability, with their uncertainty."""

from permea_engine.decisions import TopKCertainty, rank_order, tie_groups, top_k_certainty, top_k_probabilities
from permea_engine.ranking.criteria import CriterionRankings, rank_by_criteria
from permea_engine.ranking.fit import Ranking, rank_from_comparisons
from permea_engine.ranking.posterior import LaplacePosterior

__all__ = [
    "CriterionRankings",
    "LaplacePosterior",
    "Ranking",
    "TopKCertainty",
    "rank_by_criteria",
    "rank_from_comparisons",
    "rank_order",
    "tie_groups",
    "top_k_certainty",
    "top_k_probabilities",
]
