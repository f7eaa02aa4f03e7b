"""The API of the ledger: crossings as rows, and the signed export."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from permea.foundation.clock import now
from permea.ledger import queries, services
from permea.ledger.models import Crossing
from permea.people.models import Organisation, Person
from permea.people.rules import MANAGING
from permea.surface.requests import answer_or_404, seat_of

router = Router()
LARGEST_PAGE = 500


class CrossingFilters(Schema):
    """Which crossings are wanted; `before` is the number the answer goes down from."""

    direction: Crossing.Direction | None = None
    kind: str = ""
    challenge: str = ""
    before: int | None = None
    limit: int = 100


class CrossingOut(Schema):
    """A crossing; people and subjects appear by their keys."""

    number: int
    kind: str
    direction: str
    depth: str
    subject_type: str
    subject_key: str
    challenge_key: str
    counterparty_key: str
    actor_key: str
    terms_key: str
    crossed_at: datetime
    hash: str
    previous: str


def _seat(request: HttpRequest) -> tuple[Person, Organisation]:
    """Return who asks and for which organisation. Raises Http404 for those who may not read its ledger."""
    seat = seat_of(request)
    if seat is None or seat[1] not in MANAGING or not isinstance(request.user, Person):
        raise Http404
    return request.user, seat[0]


@router.get("/ledger/crossings", response=list[CrossingOut], operation_id="list_crossings")
def list_crossings(request: HttpRequest, wanted: Query[CrossingFilters]) -> Any:
    """List the organisation's crossings, newest first."""
    actor, organisation = _seat(request)
    filters = queries.Filters(direction=wanted.direction or "", kind=wanted.kind, challenge=wanted.challenge)
    crossings = queries.filtered(queries.crossings_visible_to(actor, organisation), filters)
    if wanted.before is not None:
        crossings = crossings.filter(number__lt=wanted.before)
    return crossings[: max(1, min(wanted.limit, LARGEST_PAGE))]


@router.get("/ledger/export", response=dict[str, Any], operation_id="export_ledger")
def export_ledger(request: HttpRequest, challenge: str = "") -> dict[str, Any]:
    """Return the signed export of the chain, or of one challenge's part of it; `permea verify` checks it."""
    actor, organisation = _seat(request)
    if challenge:
        answer_or_404(queries.crossings_visible_to(actor, organisation).filter(challenge_key=challenge).first())
        return services.export_challenge(organisation=organisation, challenge_key=challenge, at=now())
    return services.export_chain(organisation=organisation, at=now())
