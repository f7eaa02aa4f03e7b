"""Saying what became of a suggestion."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.dialogue import queries, rules
from permea.dialogue.models import Comment
from permea.dialogue.services.threads import locked_comment
from permea.foundation.refusals import demand
from permea.people.models import Person


@transaction.atomic
def settle_suggestion(*, comment_id: int, actor: Person, outcome: str, words: str, at: datetime) -> Comment:
    """Say as an author of the entry whether a suggestion is taken up, and why; the last word counts.

    Raises RefusedError as `rules.why_not_settle` says.
    """
    comment = locked_comment(comment_id)
    said = " ".join(words.split())
    is_author = queries.is_author_of(actor, comment.idea_id)
    demand(rules.why_not_settle(comment, outcome, said, is_author=is_author))
    comment.outcome, comment.outcome_words, comment.outcome_by, comment.outcome_at = outcome, said, actor, at
    comment.save(update_fields=["outcome", "outcome_words", "outcome_by", "outcome_at"])
    return comment
