"""Reading terms and agreements."""

from permea.agreements.queries.coverage import Coverage, agreed_by_click, coverage_of, live_for
from permea.agreements.queries.terms import (
    StandardText,
    TermsLine,
    TermsPage,
    current_terms,
    has_accepted,
    latest_terms,
    managed_terms,
    standard_texts,
    terms_choices,
    terms_lines,
    terms_page,
)

__all__ = [
    "Coverage",
    "StandardText",
    "TermsLine",
    "TermsPage",
    "agreed_by_click",
    "coverage_of",
    "current_terms",
    "has_accepted",
    "latest_terms",
    "live_for",
    "managed_terms",
    "standard_texts",
    "terms_choices",
    "terms_lines",
    "terms_page",
]
