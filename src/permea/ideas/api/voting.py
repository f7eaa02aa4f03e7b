"""API of votes: one's own ballot while the vote runs, and the counts once all votes are counted."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from permea.challenges.rules import voting_of
from permea.foundation.clock import now
from permea.ideas import queries, services
from permea.people.models import Person
from permea.surface.problems import Problem

router = Router()
REFUSABLE = {409: Problem, 404: Problem}


class VoteOut(Schema):
    """What you said of an entry."""

    idea: str
    value: int


class BallotOut(Schema):
    """Your ballot; `state` is none, open, over or counted, and `values` are what can be said of an entry.

    `method` is approval, tokens, stars or agree. Of tokens, `left` are left to give.
    """

    state: str
    method: str
    values: list[int]
    left: int
    closes_at: datetime | None
    votes: list[VoteOut]


class VoteIn(Schema):
    """What is said of an entry; the last one counts."""

    model_config = ConfigDict(extra="forbid")

    value: int


class CountOut(Schema):
    """What the votes on an entry came to: a share or a mean of `n` people, none of fewer than five."""

    idea: str
    title: str
    place: int
    value: float | None
    n: int
    is_own: bool


class CountsOut(Schema):
    """One page of what a vote came to, the best first; `sha256` is the fingerprint of all tallies, as in the ledger."""

    method: str
    counted_at: datetime
    n_voters: int
    n_votes: int
    n_entries: int
    sha256: str
    page: int
    pages: int
    items: list[CountOut]


@router.get("/challenges/{key}/ballot", response={200: BallotOut, 404: Problem})
def get_my_ballot(request: HttpRequest, key: str) -> BallotOut:
    """Return what you said of the entries of a challenge that you read, and what can be said; nobody else's votes."""
    return _ballot(_person(request), key)


@router.put("/challenges/{key}/ballot/{idea_key}", response={200: BallotOut, **REFUSABLE})
def cast_vote(request: HttpRequest, key: str, idea_key: str, payload: VoteIn) -> BallotOut:
    """Say something of an entry, in place of what you said before; the same twice changes nothing."""
    return _vote(_person(request), key, idea_key, payload.value)


@router.delete("/challenges/{key}/ballot/{idea_key}", response={200: BallotOut, **REFUSABLE})
def take_vote_back(request: HttpRequest, key: str, idea_key: str) -> BallotOut:
    """Take back what you said of an entry; a second time changes nothing."""
    return _vote(_person(request), key, idea_key, None)


@router.get("/challenges/{key}/votes", response={200: CountsOut, 404: Problem})
def get_vote_counts(request: HttpRequest, key: str, page: int = 1) -> CountsOut:
    """Return one page of what a vote came to, for whoever could vote; 404 until all votes are counted."""
    result = queries.vote_result(_person(request), key, now(), page=page)
    count, shown = result.count, result.page
    items = [
        CountOut(
            idea=tally.idea.key,
            title=tally.idea.title,
            place=tally.place,
            value=result.figures[tally.idea_id].value,
            n=result.figures[tally.idea_id].n,
            is_own=tally.idea_id in result.own,
        )
        for tally in shown
    ]
    return CountsOut(
        method=voting_of(count.options).method,
        counted_at=count.counted_at,
        n_voters=count.n_voters,
        n_votes=count.n_votes,
        n_entries=count.n_entries,
        sha256=count.sha256,
        page=shown.number,
        pages=shown.paginator.num_pages,
        items=items,
    )


def _person(request: HttpRequest) -> Person:
    """Return who asks: every operation asks for sign-in."""
    return cast("Person", request.user)


def _vote(actor: Person, key: str, idea_key: str, value: int | None) -> BallotOut:
    """Set or take back what somebody says of an entry they read, and return their ballot."""
    _showing, idea = queries.shown_idea(actor, key, idea_key, now())
    services.cast_vote(idea_id=idea.pk, actor=actor, value=value, at=now())
    return _ballot(actor, key)


def _ballot(actor: Person, key: str) -> BallotOut:
    """Return somebody's own ballot."""
    voted, votes = queries.own_ballot(actor, key, now())
    return BallotOut(
        state=voted.state,
        method=voted.voting.method if voted.voting else "",
        values=list(voted.voting.values) if voted.voting else [],
        left=voted.left,
        closes_at=voted.closes_at,
        votes=[VoteOut(idea=idea, value=value) for idea, value in votes],
    )
