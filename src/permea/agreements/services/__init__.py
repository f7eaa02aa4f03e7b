"""Writing terms and agreements."""

from permea.agreements.services.clicks import agree_by_click, end_click
from permea.agreements.services.terms import accept_terms, ensure_standard_terms, publish_terms

__all__ = ["accept_terms", "agree_by_click", "end_click", "ensure_standard_terms", "publish_terms"]
