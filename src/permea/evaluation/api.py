"""The API of evaluation: one's own queue and reviews, and the ranking for managers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from permea.evaluation import queries, services
from permea.evaluation.rules import PUBLIC_LIMIT, PUBLIC_WINDOW
from permea.foundation.clock import now
from permea.foundation.refusals import demand
from permea.ideas.services import keep_readings
from permea.people.models import Person
from permea.surface.problems import Problem
from permea.surface.ratelimit import why_too_many

router = Router()


class QueueItemOut(Schema):
    """An idea that waits for your review."""

    key: str
    challenge: str
    title: str


class ReviewIn(Schema):
    """A review: marks from 1 to 5 by criterion key, a reason the contributor will read, a note for the team."""

    scores: dict[str, int]
    recommendation: str = ""
    reason: str
    private_note: str = ""


class ReviewOut(Schema):
    """A review handed in."""

    key: str
    submitted_at: datetime


class IdeaToCompareOut(Schema):
    """One of two ideas; `body` is empty for the public."""

    key: str
    title: str
    summary: str
    body: str
    language: str


class PairOut(Schema):
    """Two ideas to compare; `token` names the pair, so that it is answered once. No pair is left if `first` is null."""

    token: str
    first: IdeaToCompareOut | None
    second: IdeaToCompareOut | None
    n_done: int


class ComparisonIn(Schema):
    """The answer to a pair: first, second, tie or cannot_judge, and a note for the team."""

    token: str
    outcome: str
    note: str = ""


class ComparisonOut(Schema):
    """An answer that was kept."""

    key: str
    outcome: str
    made_at: datetime


def _person(request: HttpRequest) -> Person:
    """Return who asks; the API lets nobody else in."""
    if not isinstance(request.user, Person):
        raise TypeError
    return request.user


@router.get("/reviews", response=list[QueueItemOut], operation_id="list_my_queue")
def list_my_queue(request: HttpRequest) -> list[dict[str, Any]]:
    """List the ideas that wait for your review, as many as fit into the minutes you stated."""
    return [
        {"key": item.assignment.key, "challenge": queue.challenge.key, "title": item.title}
        for queue in queries.my_queue(_person(request), at=now())
        for item in queue.items
    ]


@router.post("/reviews/{key}", response={200: ReviewOut, 409: Problem}, operation_id="submit_review")
def submit_review(request: HttpRequest, key: str, review: ReviewIn) -> Any:
    """Hand in a review; the same one twice is stored once."""
    at = now()
    sheet = queries.review_sheet(_person(request), key, at=at)
    return services.submit_review(assignment_id=sheet.assignment.pk, actor=_person(request), at=at, **review.dict())


@router.get("/challenges/{key}/ranking", response={200: dict[str, Any], 409: Problem}, operation_id="get_ranking")
def get_ranking(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the ranking of a challenge you manage, with intervals, chances and judges."""
    view = queries.ranking_for(_person(request), key, at=now())
    demand(view.withheld)
    return queries.ranking_data(view)


@router.get("/challenges/{key}/comparison", response={200: PairOut, 409: Problem}, operation_id="get_next_comparison")
def get_next_comparison(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the pair you are to compare next: as evaluator of its panel, else as one of the public where it may."""
    reader, at = _person(request), now()
    page = queries.compare_page(queries.judge_for(reader, key), at=at)
    demand(page.blocked)
    pair, firm = page.pair, page.challenge.organisation_id
    keep_readings(organisation_id=firm, keys=page.in_full, reader=reader, at=at)
    sides = {"token": pair.token, "first": pair.first, "second": pair.second} if pair else {}
    return {"token": "", "first": None, "second": None, **sides, "n_done": page.n_done}


@router.post(
    "/challenges/{key}/comparison", response={200: ComparisonOut, 409: Problem}, operation_id="make_comparison"
)
def make_comparison(request: HttpRequest, key: str, comparison: ComparisonIn) -> Any:
    """Answer a pair that was shown to you; the same pair answered twice is stored once, as first answered."""
    judge = queries.judge_for(_person(request), key)
    if judge.is_public:
        demand(why_too_many(judge.person.key, what="evaluation.compare", limit=PUBLIC_LIMIT, per=PUBLIC_WINDOW))
    return services.compare(
        judge=judge,
        offer=queries.read_token(comparison.token),
        outcome=comparison.outcome,
        note=comparison.note,
        at=now(),
    )
