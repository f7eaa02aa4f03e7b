"""The API of dialogue: what was asked about a challenge and answered for everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from permea.dialogue import queries
from permea.foundation.clock import now

router = Router()


class AnswerOut(Schema):
    """One wording of an answer; `changes_brief` says that it changes what is asked."""

    number: int
    text: str
    changes_brief: bool
    published_at: datetime


class QuestionOut(Schema):
    """A question as everybody reads it, its answer, and what the answer said before it was corrected."""

    key: str
    language: str
    text: str
    answer: AnswerOut
    earlier: list[AnswerOut]


class QuestionsOut(Schema):
    """A page of answered questions, the latest answer first, and how many wait for an answer."""

    n_answered: int
    n_waiting: int
    page: int
    n_pages: int
    questions: list[QuestionOut]


@router.get("/challenges/{key}/questions", response=QuestionsOut, auth=None, operation_id="list_questions")
def list_questions(request: HttpRequest, key: str, page: int = 1) -> dict[str, Any]:
    """List what was asked about a public challenge and answered, never who asked; no sign-in needed."""
    del request
    view = queries.questions_page(key, now(), page=page)
    return {
        "n_answered": view.page.paginator.count,
        "n_waiting": view.n_waiting,
        "page": view.page.number,
        "n_pages": view.page.paginator.num_pages,
        "questions": view.answered,
    }
