"""Who judges what: every review within every limit, and the worst-served idea served best."""

from permea_engine.assignment.assign import Adjustment, Assignment, adjust_assignment, assign_reviews
from permea_engine.assignment.problem import AssignmentOptions
from permea_engine.assignment.reasons import JudgeReason, combined_affinity, explain_assignment
from permea_engine.assignment.shortage import ImpossibleError, Relaxation, Shortage

__all__ = [
    "Adjustment",
    "Assignment",
    "AssignmentOptions",
    "ImpossibleError",
    "JudgeReason",
    "Relaxation",
    "Shortage",
    "adjust_assignment",
    "assign_reviews",
    "combined_affinity",
    "explain_assignment",
]
