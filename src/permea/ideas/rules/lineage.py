"""Whether an entry may say that it builds on an earlier one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.ideas.rules.entries import why_not_change

MOST_BUILT_ON = 5


def why_not_build_on(
    idea: Idea, earlier: Idea, *, is_contributor: bool, n_named: int, is_circular: bool, at: datetime
) -> Refusal | None:
    """Return why an entry may not say that it builds on an earlier one the writer can read, or None if it may.

    `n_named` counts the entries it names already; `is_circular` says that the earlier one names this one.
    """
    refusal = why_not_change(idea, is_contributor=is_contributor, at=at)
    if refusal is None and idea.pk == earlier.pk:
        return Refusal("ideas.builds_on_itself", _("An entry cannot build on itself."))
    if refusal is None and is_circular:
        return Refusal("ideas.builds_in_a_circle", _("That entry says that it builds on yours."))
    if refusal is None and n_named >= MOST_BUILT_ON:
        return Refusal(
            "ideas.builds_on_too_many",
            _("An entry can name at most %(limit)d others that it builds on.") % {"limit": MOST_BUILT_ON},
        )
    return refusal
