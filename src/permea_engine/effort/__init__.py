"""Which comparison or which review next, and when to stop: effort where it decides who is in the best `k`."""

from permea_engine.effort.averaged import AveragedRanking, average_rankings
from permea_engine.effort.budget import EffortBudget, effort_budget
from permea_engine.effort.comparisons import Suggestion, next_comparison
from permea_engine.effort.line import Reserve
from permea_engine.effort.review_state import ReviewState, expecting_review, new_reviews, reviews_from, with_review
from permea_engine.effort.reviews import ReviewSuggestion, deal_reviews, next_review
from permea_engine.effort.state import (
    ComparisonState,
    comparisons_from,
    expecting_comparison,
    new_comparisons,
    with_comparison,
)
from permea_engine.effort.stopping import StopAdvice, stop_advice

__all__ = [
    "AveragedRanking",
    "ComparisonState",
    "EffortBudget",
    "Reserve",
    "ReviewState",
    "ReviewSuggestion",
    "StopAdvice",
    "Suggestion",
    "average_rankings",
    "comparisons_from",
    "deal_reviews",
    "effort_budget",
    "expecting_comparison",
    "expecting_review",
    "new_comparisons",
    "new_reviews",
    "next_comparison",
    "next_review",
    "reviews_from",
    "stop_advice",
    "with_comparison",
    "with_review",
]
