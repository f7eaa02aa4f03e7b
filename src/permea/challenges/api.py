"""The API of challenges: what is public, and what one manages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from permea.challenges import queries, services
from permea.challenges.queries import ChallengeRow, PublicChallenge
from permea.challenges.rules import ROOM_FIELDS
from permea.foundation.clock import now
from permea.people.models import Person
from permea.people.queries import seats_of

router = Router()
COPIED = (
    "key",
    "phase",
    "language",
    "title",
    "teaser",
    "innovation_type",
    "prize_amount",
    "currency",
    "prize_note",
    "n_winners",
    "opens_at",
    "closes_at",
    "decide_by",
    "answer_by",
    "entry_languages",
    "n_entries",
)
TEXTS = (
    "problem",
    "why_now",
    "constraints",
    "acceptance_test",
    "maturity_from",
    "maturity_to",
    "is_blind",
    "public_compares",
)


RELATED = ("criteria", "ip_terms", "participation_terms", "changes", "confidential")


class ChallengeOut(Schema):
    """A public challenge in a list; `phase` is upcoming, open, discuss, improve, vote, review or decided."""

    key: str
    url: str
    phase: str
    organisation: str
    language: str
    title: str
    teaser: str
    innovation_type: str
    prize_amount: Decimal | None
    currency: str
    prize_note: str
    n_winners: int
    opens_at: datetime
    closes_at: datetime
    decide_by: datetime
    answer_by: datetime
    entry_languages: list[str]
    n_entries: int


class CriterionOut(Schema):
    """A criterion; `share` is its part of all weights, `anchors` say what 1 to 5 points mean."""

    key: str
    name: str
    question: str
    weight: Decimal
    share: float
    anchors: list[str]


class TermsOut(Schema):
    """A version of a terms text."""

    key: str
    kind: str
    version: int
    language: str
    title: str
    body: str
    sha256: str


class TimetableChangeOut(Schema):
    """That the deadline moved, and why."""

    closed_at_before: datetime
    closed_at_after: datetime
    reason: str
    changed_at: datetime


class ChallengeDetailOut(ChallengeOut):
    """A public challenge in full; `confidential` names the texts that are empty here and open to who agreed alone."""

    problem: str
    why_now: str
    constraints: str
    acceptance_test: str
    maturity_from: int | None
    maturity_to: int | None
    is_blind: bool
    public_compares: bool
    criteria: list[CriterionOut]
    ip_terms: TermsOut
    participation_terms: TermsOut
    changes: list[TimetableChangeOut]
    confidential: list[str]


class ConfidentialOut(Schema):
    """What a challenge keeps back from the public; texts that are public are empty here."""

    key: str
    problem: str
    why_now: str
    constraints: str
    acceptance_test: str


class ManagedChallengeOut(Schema):
    """A challenge of an organisation you belong to."""

    key: str
    organisation: str
    title: str
    phase: str
    goal: str | None
    owner: str
    closes_at: datetime | None
    next_date: datetime | None
    next_date_is: str
    n_entries: int


@router.get("/challenges", response=list[ChallengeOut], auth=None, operation_id="list_challenges")
def list_challenges(request: HttpRequest) -> list[dict[str, Any]]:
    """List what is public here, the open ones first by deadline; no sign-in needed."""
    del request
    return [_public(row) for row in queries.public_challenges(now(), only_current=False)]


@router.get("/challenges/{key}", response=ChallengeDetailOut, auth=None, operation_id="get_challenge")
def get_challenge(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return a public challenge in full; no sign-in needed."""
    del request
    row = queries.public_challenge(key, now())
    texts = {name: getattr(row, name) for name in TEXTS}
    related = {name: getattr(row, name) for name in RELATED}
    return {**_public(row), **texts, **related}


@router.get("/challenges/{key}/confidential", response=ConfidentialOut, operation_id="get_confidential_texts")
def get_confidential_texts(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return what a challenge keeps back, for who agreed to its confidentiality on its page or belongs to the firm."""
    person, at = request.user, now()
    row = queries.challenge_for_reader(key, person, at)
    if not isinstance(person, Person) or row.standing == "public":
        raise Http404
    if row.standing == "room":
        services.note_confidential_reading(challenge_key=key, reader=person, channel="api", at=at)
    return {"key": key, **{name: getattr(row, name) if name in row.confidential else "" for name in ROOM_FIELDS}}


def _public(row: PublicChallenge) -> dict[str, Any]:
    """Return a public challenge as a list shows it."""
    url = f"{settings.BASE_URL}{reverse('challenges:public', args=[row.key])}"
    return {**{name: getattr(row, name) for name in COPIED}, "organisation": row.organisation_name, "url": url}


@router.get("/managed/challenges", response=list[ManagedChallengeOut], operation_id="list_managed_challenges")
def list_managed_challenges(request: HttpRequest) -> list[dict[str, Any]]:
    """List the challenges of every organisation you belong to, drafts only where you manage."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError
    at = now()
    return [
        _managed(organisation.key, row)
        for organisation, _role in seats_of(person)
        for row in queries.challenges_of(person, organisation, at)
    ]


def _managed(organisation: str, row: ChallengeRow) -> dict[str, Any]:
    """Return a challenge as people inside see it in a list."""
    challenge = row.challenge
    return {
        "key": challenge.key,
        "organisation": organisation,
        "title": challenge.title,
        "phase": row.phase,
        "goal": challenge.goal.key if challenge.goal else None,
        "owner": challenge.owner.display_name,
        "closes_at": challenge.closes_at,
        "next_date": row.due_at,
        "next_date_is": row.due_kind,
        "n_entries": challenge.n_entries,
    }
