"""What stays of an erased person's words: public wordings of questions and answers; of comments their place."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from permea.dialogue.models import (
    Comment,
    EntryFollower,
    Follower,
    ModerationEntry,
    Participant,
    Question,
    Reaction,
)
from permea.dialogue.queries import own
from permea.dialogue.services.commenting import empty
from permea.dialogue.services.threads import locked_comment


@transaction.atomic
def forget_writer(*, person_id: int, at: datetime, with_texts: bool = False) -> None:
    """Erase what is personal in a person's questions, comments, objections and reports.

    What was asked word for word goes, and questions that have no public answer go whole. The public wording of an
    answered one stays, unless `with_texts`. Comments lose their text and keep their place where others answered them.
    """
    Follower.objects.filter(person_id=person_id).delete()
    mine = Question.objects.select_for_update(of=("self",)).filter(asker_id=person_id, text_removed_at__isnull=True)
    for question in mine.order_by("pk"):
        question.asked_text = ""
        if with_texts or question.status != Question.Status.ANSWERED:
            question.text, question.text_removed_at = "", at
        if question.status in {Question.Status.WAITING, Question.Status.HELD}:
            question.status, question.due_at = Question.Status.WITHDRAWN, None
        if question.is_appeal_open:
            question.appeal_decided_at = at
        question.save()
    ModerationEntry.objects.filter(question__asker_id=person_id).exclude(before="").update(before="")
    ModerationEntry.objects.filter(by_id=person_id, action__in=own.WRITTEN).exclude(words="").update(words="")
    _forget_comments(person_id, at)


def _forget_comments(person_id: int, at: datetime) -> None:
    """Take back what a person said about entries, and forget what they reacted to and followed, and their names."""
    for comment_id, kind in list(Reaction.objects.filter(person_id=person_id).values_list("comment_id", "kind")):
        Comment.objects.filter(pk=comment_id).update(**{f"n_{kind}": F(f"n_{kind}") - 1})
    Reaction.objects.filter(person_id=person_id).delete()
    EntryFollower.objects.filter(person_id=person_id).delete()
    Participant.objects.filter(person_id=person_id).update(name="", folded="")
    Comment.objects.filter(outcome_by_id=person_id).update(outcome_words="", outcome_by=None)
    mine = Comment.objects.filter(writer_id=person_id, text_removed_at__isnull=True).order_by("idea_id", "pk")
    for comment_id in list(mine.values_list("pk", flat=True)):
        comment = locked_comment(comment_id)
        comment.status, comment.hidden_at, comment.house_name = Comment.Status.WITHDRAWN, None, ""
        if comment.is_appeal_open:
            comment.appeal_decided_at = at
        empty(comment, at=at)
