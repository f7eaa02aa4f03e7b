"""Writing terms and agreements."""

from permea.agreements.services.chooser import (
    ChooserInput,
    answer_again,
    answer_chooser,
    draft_from_chooser,
    start_chooser,
)
from permea.agreements.services.clicks import agree_by_click, end_click
from permea.agreements.services.terms import accept_terms, ensure_standard_terms, publish_terms

__all__ = [
    "ChooserInput",
    "accept_terms",
    "agree_by_click",
    "answer_again",
    "answer_chooser",
    "draft_from_chooser",
    "end_click",
    "ensure_standard_terms",
    "publish_terms",
    "start_chooser",
]
