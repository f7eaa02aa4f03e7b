"""Scores of ideas from harsh, kind and noisy judges, with their uncertainty."""

from permea_engine.decisions import TopKCertainty, rank_order, tie_groups, top_k_certainty, top_k_probabilities
from permea_engine.ratings.agreement import krippendorff_alpha
from permea_engine.ratings.decisions import Plan, reviews_for_reliability, reviews_to_raise_certainty
from permea_engine.ratings.fit import Ratings, rate_ideas
from permea_engine.ratings.influence import JudgeInfluence, judge_influence
from permea_engine.ratings.reviews import Reviews

__all__ = [
    "JudgeInfluence",
    "Plan",
    "Ratings",
    "Reviews",
    "TopKCertainty",
    "judge_influence",
    "krippendorff_alpha",
    "rank_order",
    "rate_ideas",
    "reviews_for_reliability",
    "reviews_to_raise_certainty",
    "tie_groups",
    "top_k_certainty",
    "top_k_probabilities",
]
