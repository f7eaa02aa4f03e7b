"""Deciding about projects."""

from permea.projects.rules.coverage import Party, is_open_to, why_not_covered
from permea.projects.rules.figures import Course, Figures, course_of, figures_of
from permea.projects.rules.moves import (
    PREPARING,
    Side,
    gives,
    no_side,
    remind_on,
    why_not_bind,
    why_not_judge,
    why_not_move,
    why_not_show,
)
from permea.projects.rules.parts import (
    Readiness,
    readiness_of,
    why_not_change,
    why_not_give,
    why_not_hold,
    why_not_measure,
    why_not_prepare,
    why_not_promise,
    why_not_ready,
    why_not_say,
    why_not_state_level,
    why_not_take,
)
from permea.projects.rules.words import LEVELS, package_of, points_of

__all__ = [
    "LEVELS",
    "PREPARING",
    "Course",
    "Figures",
    "Party",
    "Readiness",
    "Side",
    "course_of",
    "figures_of",
    "gives",
    "is_open_to",
    "no_side",
    "package_of",
    "points_of",
    "readiness_of",
    "remind_on",
    "why_not_bind",
    "why_not_change",
    "why_not_covered",
    "why_not_give",
    "why_not_hold",
    "why_not_judge",
    "why_not_measure",
    "why_not_move",
    "why_not_prepare",
    "why_not_promise",
    "why_not_ready",
    "why_not_say",
    "why_not_show",
    "why_not_state_level",
    "why_not_take",
]
