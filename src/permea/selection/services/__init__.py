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
from permea.selection.services.works import (
    SettlementInput,
    count_open_matters,
    enter_work,
    export_work,
    forget_settlement_words,
    put_on_work,
    settle_matter,
    take_off_work,
)

__all__ = [
    "DecisionInput",
    "EstimateInput",
    "LimitsInput",
    "SettlementInput",
    "accept_rights",
    "ask_clarification",
    "change_selection",
    "compute_selection",
    "count_open_matters",
    "decide",
    "enter_work",
    "export_title",
    "export_work",
    "forget_questions",
    "forget_settlement_words",
    "forget_title_words",
    "make_dossier",
    "mark_answer_read",
    "put_on_work",
    "record_payment",
    "record_title_evidence",
    "release_answers",
    "reply_clarification",
    "save_estimates",
    "set_limits",
    "settle_matter",
    "settle_selection",
    "strike_title_evidence",
    "take_off_work",
]
