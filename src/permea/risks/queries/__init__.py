"""Reading risks."""

from permea.risks.queries.leaks import LeakPage, leak_page
from permea.risks.queries.personal import erasure_lines, personal_data
from permea.risks.queries.register import (
    Filters,
    Register,
    RiskPage,
    Subject,
    exported,
    first_owner,
    is_confirmed,
    managed_risk,
    managed_trigger,
    noted_just_now,
    readable_risk,
    register_page,
    risk_page,
    risks_of,
    subjects_of,
    team_of,
)
from permea.risks.queries.totals import SEED, Total, TotalPage, total_page
from permea.risks.queries.watching import found_for, houses_to_look_at, living_triggers

__all__ = [
    "SEED",
    "Filters",
    "LeakPage",
    "Register",
    "RiskPage",
    "Subject",
    "Total",
    "TotalPage",
    "erasure_lines",
    "exported",
    "first_owner",
    "found_for",
    "houses_to_look_at",
    "is_confirmed",
    "leak_page",
    "living_triggers",
    "managed_risk",
    "managed_trigger",
    "noted_just_now",
    "personal_data",
    "readable_risk",
    "register_page",
    "risk_page",
    "risks_of",
    "subjects_of",
    "team_of",
    "total_page",
]
