"""Deciding about terms and agreements."""

from permea.agreements.rules.coverage import DEPTHS, covers, is_live, is_open_to
from permea.agreements.rules.terms import fingerprint, tidy, why_not_publish_terms

__all__ = ["DEPTHS", "covers", "fingerprint", "is_live", "is_open_to", "tidy", "why_not_publish_terms"]
