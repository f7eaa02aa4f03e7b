"""Writing selection: limits, selections, decisions, answers and awards."""

from permea.selection.services.answers import (
    accept_rights,
    ask_clarification,
    forget_questions,
    mark_answer_read,
    record_payment,
    release_answers,
    reply_clarification,
)
from permea.selection.services.decisions import DecisionInput, decide
from permea.selection.services.dossiers import make_dossier
from permea.selection.services.selections import (
    EstimateInput,
    LimitsInput,
    change_selection,
    compute_selection,
    save_estimates,
    set_limits,
    settle_selection,
)
from permea.selection.services.title import (
    export_title,
    forget_title_words,
    record_title_evidence,
    strike_title_evidence,
)

__all__ = [
    "DecisionInput",
    "EstimateInput",
    "LimitsInput",
    "accept_rights",
    "ask_clarification",
    "change_selection",
    "compute_selection",
    "decide",
    "export_title",
    "forget_questions",
    "forget_title_words",
    "make_dossier",
    "mark_answer_read",
    "record_payment",
    "record_title_evidence",
    "release_answers",
    "reply_clarification",
    "save_estimates",
    "set_limits",
    "settle_selection",
    "strike_title_evidence",
]
