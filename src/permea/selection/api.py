"""The API of selection: the dossier for managers, the answer for contributors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from permea.foundation.clock import now
from permea.people.models import Person
from permea.selection import queries, services

router = Router()


class ProfileOut(Schema):
    """An idea's mean mark on a criterion, against the bar."""

    name: str
    mean: float | None
    bar: float


class StatusOut(Schema):
    """Where an idea stands; `outcome` and the rest are null until the answers are out."""

    key: str
    status: str
    answer_by: datetime | None
    outcome: str | None = None
    reason: str | None = None
    text: str | None = None
    profile: list[ProfileOut] | None = None


def _person(request: HttpRequest) -> Person:
    """Return who asks; the API lets nobody else in."""
    if not isinstance(request.user, Person):
        raise TypeError
    return request.user


@router.get("/my/ideas/{key}/status", response=StatusOut, operation_id="get_my_idea_status")
def get_my_idea_status(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return where one of your ideas stands, and the answer once it is out."""
    view = queries.status_for(_person(request), key, at=now())
    told: dict[str, Any] = {"key": view.idea.key, "status": view.idea.status, "answer_by": view.challenge.answer_by}
    if view.answer is not None:
        decision = view.answer.decision
        told |= {"outcome": decision.outcome, "reason": decision.reason}
        told |= {"text": view.answer.text, "profile": view.answer.profile}
    return told


@router.get("/challenges/{key}/dossier", response=dict[str, Any], operation_id="get_dossier")
def get_dossier(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the signed dossier of a challenge you manage; `permea verify` accepts it."""
    return services.make_dossier(actor=_person(request), challenge_key=key, at=now())
