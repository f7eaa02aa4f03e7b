"""The API of dialogue: what was asked about a challenge and answered for everybody, and the talk on an entry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict

from permea.dialogue import queries, services
from permea.dialogue.models import Reaction
from permea.foundation.clock import now
from permea.foundation.refusals import demand
from permea.people.models import Person
from permea.surface.languages import language_of, offered_and
from permea.surface.problems import Problem
from permea.surface.ratelimit import why_too_many

router = Router()
KEY = "^[0-9a-z]*$"


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


class ReactionOut(Schema):
    """How many people gave a comment a reaction, and whether you did."""

    kind: str
    count: int
    is_mine: bool


class CommentOut(Schema):
    """A comment as you see it; one that is gone keeps its place without words or name.

    `quoted_key` is the answer it answers, if not the first comment. `voice` is author, house or participant.
    Of a suggestion, `outcome` is what the entry's author says became of it.
    """

    key: str
    status: str
    voice: str
    who: str
    language: str
    text: str
    written_at: datetime
    is_edited: bool
    is_own: bool
    is_suggestion: bool
    outcome: str
    outcome_words: str
    quoted_key: str
    reactions: list[ReactionOut]


class ThreadOut(Schema):
    """A first comment with its first answers; `n_more` are read with the comment's key as `thread`."""

    first: CommentOut
    replies: list[CommentOut]
    n_more: int


class TalkOut(Schema):
    """One page of the talk on an entry; `why_not` is the code of the refusal if you may not write."""

    n_comments: int
    why_not: str
    page: int
    n_pages: int
    threads: list[ThreadOut]


class TalkIn(Schema):
    """Which page to read, of all threads or of the answers in one."""

    page: int = 1
    thread: str = Field("", pattern=KEY)


class CommentIn(Schema):
    """A comment, or with the key of another one an answer to it. Without a `language` it is told by the text."""

    model_config = ConfigDict(extra="forbid")

    text: str
    answers: str = Field("", pattern=KEY)
    language: str = ""
    is_suggestion: bool = False


class WrittenOut(Schema):
    """A comment as it was written: `status` is held while somebody looks at it before others read it."""

    key: str
    status: str
    text: str


class ReactionIn(Schema):
    """A reaction to give in place of an earlier one, or to take away."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    is_wanted: bool = True


class ReactedOut(Schema):
    """How many people gave a comment each reaction."""

    counts: dict[str, int]


@router.get("/ideas/{key}/comments", response={200: TalkOut, 404: Problem}, operation_id="list_comments")
def list_comments(request: HttpRequest, key: str, wanted: Query[TalkIn]) -> dict[str, Any]:
    """List what is said about an entry that you read as one of its circle, or the answers in one thread."""
    talk = queries.talk_page(cast("Person", request.user), key, now(), page=wanted.page, thread=wanted.thread)
    return {
        "n_comments": talk.standing.n_comments,
        "why_not": talk.standing.blocked.code if talk.standing.blocked else "",
        "page": talk.page.number if talk.page else 1,
        "n_pages": talk.page.paginator.num_pages if talk.page else 1,
        "threads": talk.threads,
    }


@router.post(
    "/ideas/{key}/comments", response={201: WrittenOut, 404: Problem, 409: Problem}, operation_id="post_comment"
)
def post_comment(request: HttpRequest, key: str, payload: CommentIn) -> Status[Any]:
    """Comment on an entry that you read as one of its circle; the same sent twice within the hour is written once."""
    actor, at = cast("Person", request.user), now()
    idea = queries.readable_idea(actor, key, at)[0]
    demand(why_too_many(actor.key, what="dialogue.say", limit=60, per=timedelta(hours=1)))
    offered = offered_and(idea.language, actor.language)
    said_in = payload.language if payload.language in offered else language_of(payload.text, offered)
    comment = services.post_comment(
        idea_id=idea.pk,
        actor=actor,
        text=payload.text,
        language=said_in or actor.language,
        answers=queries.answered_comment(idea, payload.answers),
        is_suggestion=payload.is_suggestion,
        at=at,
    )
    return Status(201, {"key": comment.key, "status": comment.status, "text": comment.text})


@router.put("/comments/{key}/reaction", response={200: ReactedOut, 404: Problem, 409: Problem}, operation_id="react")
def react(request: HttpRequest, key: str, payload: ReactionIn) -> dict[str, Any]:
    """Give a comment that you read a reaction, or take it away; twice is once."""
    actor = cast("Person", request.user)
    comment = queries.comment_for(actor, key, now())
    comment = services.react(
        comment_id=comment.pk, actor=actor, kind=payload.kind, is_wanted=payload.is_wanted, at=now()
    )
    return {"counts": {kind: getattr(comment, f"n_{kind}") for kind in Reaction.Kind.values}}
