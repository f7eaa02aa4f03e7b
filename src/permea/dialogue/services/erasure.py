"""What stays of an erased person's questions: public wordings that never named them, and answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.dialogue.models import Follower, ModerationEntry, Question
from permea.dialogue.queries import own


@transaction.atomic
def forget_asker(*, person_id: int, at: datetime, with_texts: bool = False) -> None:
    """Erase what is personal in a person's questions, objections and reports.

    What was asked word for word goes, and questions that have no public answer go whole. The public wording of an
    answered one stays, unless `with_texts`.
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
