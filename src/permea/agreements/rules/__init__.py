"""Deciding about terms and agreements."""

from permea.agreements.rules.coverage import DEPTHS, covers, is_live, is_open_to
from permea.agreements.rules.drafting import (
    SOON,
    Library,
    add_months,
    purposes_of,
    state_of,
    why_not_choose,
    why_not_draft,
    why_not_drop,
    why_not_end,
    why_not_offer,
    why_not_propose,
)
from permea.agreements.rules.signing import (
    code_hash,
    new_code,
    why_not_bind,
    why_not_code,
    why_not_name,
    why_not_send_code,
    why_not_sign,
    why_not_try,
)
from permea.agreements.rules.terms import fingerprint, tidy, why_not_publish_terms

__all__ = [
    "DEPTHS",
    "SOON",
    "Library",
    "add_months",
    "code_hash",
    "covers",
    "fingerprint",
    "is_live",
    "is_open_to",
    "new_code",
    "purposes_of",
    "state_of",
    "tidy",
    "why_not_bind",
    "why_not_choose",
    "why_not_code",
    "why_not_draft",
    "why_not_drop",
    "why_not_end",
    "why_not_name",
    "why_not_offer",
    "why_not_propose",
    "why_not_publish_terms",
    "why_not_send_code",
    "why_not_sign",
    "why_not_try",
]
