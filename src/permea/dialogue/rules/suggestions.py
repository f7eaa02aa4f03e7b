"""Deciding about suggestions: which comments are one, and who says what became of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from permea.dialogue.models import Comment
from permea.foundation.refusals import Refusal

LONGEST_OUTCOME = 300


def is_suggestion(is_wanted: bool, *, is_answer: bool, is_author: bool) -> bool:
    """Say whether a comment is a suggestion: the first of a thread, to the authors of the entry by somebody else."""
    return is_wanted and not is_answer and not is_author


def why_not_settle(comment: Comment, outcome: str, words: str, *, is_author: bool) -> Refusal | None:
    """Return why somebody may not say like this what became of a suggestion, or None if they may."""
    if not is_author:
        return Refusal("suggestion.not_yours", _("Only the authors of the entry can say this."))
    if comment.kind != Comment.Kind.SUGGESTION or comment.status != Comment.Status.SHOWN:
        return Refusal("suggestion.not_shown", _("This is no suggestion that is shown."))
    if outcome not in Comment.Outcome.values:
        return Refusal("suggestion.no_outcome", _("Say whether you take it up."))
    if not words:
        return Refusal("suggestion.no_words", _("Please say why in a line."))
    if len(words) > LONGEST_OUTCOME:
        return Refusal("suggestion.too_long", _("At most %(limit)d characters.") % {"limit": LONGEST_OUTCOME})
    return None
