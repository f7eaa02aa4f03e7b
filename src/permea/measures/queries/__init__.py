"""Reading measures: the funnel, and how far the challenges reach."""

from permea.measures.queries.funnel import AnswerTime, FunnelView, SourceRow, StageRow, funnel_for
from permea.measures.queries.reach import ReachView, reach_for, reached_challenges

__all__ = [
    "AnswerTime",
    "FunnelView",
    "ReachView",
    "SourceRow",
    "StageRow",
    "funnel_for",
    "reach_for",
    "reached_challenges",
]
