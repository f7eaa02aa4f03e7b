"""Votes on entries: one's own while the vote runs, and what came out once all are counted. Nothing in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404
from django.utils.translation import ngettext

from permea.challenges.models import Challenge, Circle, Stage, VoteMethod
from permea.challenges.queries import StepWay, is_in_circle
from permea.challenges.rules import Voting, covers, steps_of, voting_of
from permea.ideas import rules
from permea.ideas.models import Ballot, Contributor, Idea, Vote, VoteCount, VoteTally
from permea.ideas.queries.access import Actor
from permea.ideas.queries.shown import OPEN, Showing, own_among, showing_of
from permea.people.models import Person

RESULT_PAGE = 50
BUDGET = {"tokens": 10, "most": 5}


def vote_ways() -> list[StepWay]:
    """Return the ways a step named vote can go, the usual one first, as pages that set steps offer them."""
    return [
        StepWay(
            method.value, str(method.label), {"method": method.value, **(BUDGET if method == VoteMethod.TOKENS else {})}
        )
        for method in VoteMethod
    ]


@dataclass(frozen=True, slots=True)
class Voted:
    """How a challenge is voted on, as one reader sees it: what they said of the entries, what came out in the end."""

    stage: Stage | None
    voting: Voting | None
    state: str
    can_vote: bool
    values: Mapping[int, int] = field(default_factory=dict)
    spent: int = 0
    count: VoteCount | None = None
    figures: Mapping[int, rules.Figure] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Return how many tokens are left."""
        return self.voting.tokens - self.spent if self.voting else 0

    @property
    def choices(self) -> list[tuple[int, str]]:
        """Return what can be said of an entry."""
        return rules.vote_choices(self.voting) if self.voting else []

    @property
    def closes_at(self) -> datetime | None:
        """Return until when votes are taken."""
        return self.stage.closes_at if self.stage else None

    @property
    def promises(self) -> list[str]:
        """Return what is promised about this vote."""
        return rules.guarantees(self.stage) if self.stage else []


@dataclass(frozen=True, slots=True)
class Result:
    """What the vote of a challenge came to: one page of its entries, the best first."""

    challenge: Challenge
    count: VoteCount
    page: Page[VoteTally]
    figures: Mapping[int, rules.Figure]
    own: frozenset[int]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What a counted vote came to for some entries, the best first."""

    count: VoteCount
    rows: list[tuple[Idea, rules.Figure]]


def has_part_in(actor: Person, idea: Idea) -> bool:
    """Say whether somebody has a part in an entry or in one that was merged into it."""
    return Contributor.objects.filter(Q(idea=idea) | Q(idea__merged_into=idea), person=actor).exists()


def tokens_left(voting: Voting, ballot: Ballot, *, besides: Idea) -> int:
    """Return how many tokens a ballot has left for one entry, none where the vote has none."""
    if not voting.tokens:
        return 0
    votes = Vote.objects.filter(ballot=ballot).exclude(idea=besides)
    return voting.tokens - int(votes.aggregate(spent=Sum("value"))["spent"] or 0)


def votable_keys(challenge: Challenge, stage: Stage) -> dict[int, str]:
    """Return the keys of the entries that could be voted on, by id."""
    circles = [wider for wider in Circle.values if covers(wider, stage.circle)]
    handed_in = Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED, text_removed_at__isnull=True)
    return dict(handed_in.filter(shown_to__in=circles).values_list("pk", "key"))


def summed_votes(challenge: Challenge) -> dict[int, dict[str, Any]]:
    """Return what the votes on each entry of a challenge add up to: read once, when they are counted."""
    votes = Vote.objects.filter(ballot__challenge=challenge).values("idea_id").order_by()
    summed = votes.annotate(
        n_votes=Count("pk"),
        total=Sum("value"),
        n_for=Count("pk", filter=Q(value__gt=0)),
        n_against=Count("pk", filter=Q(value__lt=0)),
    )
    told = ("n_votes", "total", "n_for", "n_against")
    return {idea_id: dict(zip(told, sums, strict=True)) for idea_id, *sums in summed.values_list("idea_id", *told)}


def n_voters(challenge: Challenge, idea_ids: Iterable[int]) -> int:
    """Return how many people voted on any of these entries of a challenge."""
    votes = Vote.objects.filter(ballot__challenge=challenge, idea_id__in=list(idea_ids))
    return votes.values("ballot_id").distinct().count()


def votes_due(at: datetime) -> QuerySet[Challenge]:
    """Return challenges whose vote has ended by `at` and is not counted yet."""
    ended = Stage.objects.filter(name=Stage.Name.VOTE, closes_at__lte=at).values("challenge_id")
    return Challenge.objects.filter(pk__in=ended, status__in=OPEN, vote_count__isnull=True)


def voted_on(actor: Actor, showing: Showing, idea_ids: list[int], at: datetime) -> Voted:
    """Return how the actor votes on these entries, or what came out once all votes are counted."""
    stage = rules.vote_stage(showing.stages)
    if stage is None or at < stage.opens_at or not is_in_circle(actor, showing.challenge, stage.circle):
        return Voted(stage, None, "none", can_vote=False)
    voting = voting_of(stage.options)
    count = VoteCount.objects.filter(challenge=showing.challenge).first()
    values = _own_values(actor, showing.challenge) if isinstance(actor, Person) else {}
    if count is not None:
        figures = figures_of(count, idea_ids)
        return Voted(stage, voting, "counted", can_vote=False, values=values, count=count, figures=figures)
    if at >= stage.closes_at:
        return Voted(stage, voting, "over", can_vote=False, values=values)
    return Voted(stage, voting, "open", isinstance(actor, Person), values, spent=sum(values.values()))


def own_ballot(actor: Person, key: str, at: datetime) -> tuple[Voted, list[tuple[str, int]]]:
    """Return how a challenge is voted on and what the actor said of its entries, by their keys.

    Raises Http404 where they may read none.
    """
    showing = showing_of(actor, key, at)
    voted = voted_on(actor, showing, [], at)
    if voted.state == "none":
        return voted, []
    votes = Vote.objects.filter(ballot__challenge=showing.challenge, ballot__person=actor).order_by("idea__key")
    return voted, list(votes.values_list("idea__key", "value"))


def _own_values(actor: Person, challenge: Challenge) -> dict[int, int]:
    """Return what somebody says of the entries of a challenge."""
    votes = Vote.objects.filter(ballot__challenge=challenge, ballot__person=actor)
    return dict(votes.values_list("idea_id", "value"))


def figures_of(count: VoteCount, idea_ids: Iterable[int]) -> dict[int, rules.Figure]:
    """Return what a counted vote came to for these entries."""
    tallies = VoteTally.objects.filter(challenge_id=count.challenge_id, idea_id__in=list(idea_ids))
    return {tally.idea_id: _figure(count, tally) for tally in tallies}


def _figure(count: VoteCount, tally: VoteTally) -> rules.Figure:
    """Return what a counted vote came to for one entry."""
    return rules.figure_of(voting_of(count.options).method, tally, n_voters=count.n_voters)


def vote_result(actor: Actor, key: str, at: datetime, *, page: int = 1) -> Result:
    """Return what the vote of a challenge came to. Raises Http404 to whoever could not vote, and before the count."""
    challenge = showing_of(actor, key, at).challenge
    count = VoteCount.objects.filter(challenge=challenge).first()
    if count is None or not is_in_circle(actor, challenge, count.circle):
        raise Http404
    tallies = VoteTally.objects.filter(challenge=challenge).select_related("idea").order_by("place", "idea__key")
    listed = Paginator(tallies, RESULT_PAGE).get_page(page)
    figures = {tally.idea_id: _figure(count, tally) for tally in listed}
    return Result(challenge, count, listed, figures, own_among(actor, list(figures)))


def crowd_of(challenge: Challenge, keys: Iterable[str]) -> Crowd | None:
    """Return what a counted vote came to for these entries, None where there is none; for those who manage it."""
    if not any(step.name == Stage.Name.VOTE for step in steps_of(challenge)):
        return None
    tallies = VoteTally.objects.filter(challenge=challenge, idea__key__in=list(keys)).order_by("place", "idea__key")
    rows = list(tallies.select_related("idea", "challenge__vote_count"))
    if not rows:
        return None
    count = rows[0].challenge.vote_count
    return Crowd(count, [(tally.idea, _figure(count, tally)) for tally in rows])


def crowd_for(actor: Actor, challenge: Challenge, keys: Iterable[str]) -> Crowd | None:
    """Return what a counted vote came to for these entries, to whoever could vote; None where there is none."""
    crowd = crowd_of(challenge, keys)
    return crowd if crowd and is_in_circle(actor, challenge, crowd.count.circle) else None


def vote_data(person: Person) -> list[dict[str, Any]]:
    """Return a person's votes, ready for JSON."""
    votes = Vote.objects.filter(ballot__person=person).select_related("idea", "ballot__challenge").order_by("pk")
    return [
        {
            "challenge": vote.ballot.challenge.key,
            "idea": vote.idea.key,
            "value": vote.value,
            "at": vote.cast_at.isoformat(),
        }
        for vote in votes
    ]


def vote_lines(person: Person) -> tuple[list[str], list[str]]:
    """Return what goes and what stays of the votes of a person who is erased."""
    mine = Vote.objects.filter(ballot__person=person)
    n_counted = mine.filter(ballot__challenge__vote_count__isnull=False).count()
    n_running = mine.count() - n_counted
    goes, stays = [], []
    if n_running:
        told = ngettext("The %(count)d vote of yours that is not counted yet.",
                        "Your %(count)d votes that are not counted yet.", n_running)  # fmt: skip
        goes.append(told % {"count": n_running})
    if n_counted:
        told = ngettext("Your %(count)d counted vote, without your name.",
                        "Your %(count)d counted votes, without your name.", n_counted)  # fmt: skip
        stays.append(told % {"count": n_counted})
    return goes, stays
