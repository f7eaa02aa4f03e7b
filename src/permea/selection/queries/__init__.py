"""Reading selection: the selection and decision pages, the contributor's status, the dossier; the actor comes first."""

from permea.selection.queries.credits import AwardCredit, CreditedIdea, credits_of, my_credits, personal_data
from permea.selection.queries.dossiers import dossier_blocked, dossier_context, dossier_parts
from permea.selection.queries.merged import why_not_merge
from permea.selection.queries.pages import (
    CandidateRow,
    DecisionRow,
    DecisionsView,
    SelectionView,
    awards_for,
    criteria_names,
    decisions_for,
    latest_selection,
    limits_text,
    selection_for,
    totals,
    withheld_from,
)
from permea.selection.queries.programs import Candidate, Program, candidates_of, limits_of, program_of
from permea.selection.queries.status import StatusView, status_for, steps_of
from permea.selection.queries.title import (
    TitlePage,
    TitlesPage,
    recorded_just_now,
    title_evidence_for,
    title_page,
    titles_page,
)
from permea.selection.queries.title_papers import title_data, title_document
from permea.selection.queries.today import today_items

__all__ = [
    "AwardCredit",
    "Candidate",
    "CandidateRow",
    "CreditedIdea",
    "DecisionRow",
    "DecisionsView",
    "Program",
    "SelectionView",
    "StatusView",
    "TitlePage",
    "TitlesPage",
    "awards_for",
    "candidates_of",
    "credits_of",
    "criteria_names",
    "decisions_for",
    "dossier_blocked",
    "dossier_context",
    "dossier_parts",
    "latest_selection",
    "limits_of",
    "limits_text",
    "my_credits",
    "personal_data",
    "program_of",
    "recorded_just_now",
    "selection_for",
    "status_for",
    "steps_of",
    "title_data",
    "title_document",
    "title_evidence_for",
    "title_page",
    "titles_page",
    "today_items",
    "totals",
    "why_not_merge",
    "withheld_from",
]
