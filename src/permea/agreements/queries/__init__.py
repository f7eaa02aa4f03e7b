"""Reading terms and agreements."""

from permea.agreements.queries.coverage import (
    NOTHING,
    Coverage,
    agreed_by_click,
    coverage_of,
    coverages_of,
    live_for,
)
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
    "NOTHING",
    "Coverage",
    "StandardText",
    "TermsLine",
    "TermsPage",
    "agreed_by_click",
    "coverage_of",
    "coverages_of",
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
