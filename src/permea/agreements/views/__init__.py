"""Pages of terms."""

from permea.agreements.views.terms import revise, standard, terms, terms_list

__all__ = ["revise", "standard", "terms", "terms_list"]
