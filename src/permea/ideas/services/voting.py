"""Voting on entries, counting the votes once the step is over, and what erasing a person does to theirs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from permea.challenges.models import Challenge, Stage
from permea.challenges.queries import is_in_circle, stages_of
from permea.challenges.rules import voting_of
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.events import VotesCounted
from permea.ideas.models import Ballot, Idea, Vote, VoteCount, VoteTally
from permea.ledger.services import record_crossing
from permea.people.models import Person


@transaction.atomic
def cast_vote(*, idea_id: int, actor: Person, value: int | None, at: datetime) -> Vote | None:
    """Set what somebody says of an entry, or take it back (without a value); saying the same twice changes nothing.

    Two votes of one person wait for each other at their ballot, and counting waits for all ballots: what is accepted
    here is counted. Raises RefusedError as `rules.why_not_vote`, `why_not_entry` and `why_not_value` say.
    """
    idea = Idea.objects.select_related("challenge").get(pk=idea_id)
    challenge = idea.challenge
    stage = rules.vote_stage(stages_of(challenge))
    is_in = stage is not None and is_in_circle(actor, challenge, stage.circle)
    demand(rules.why_not_vote(challenge, stage, is_in_circle=is_in, at=at))
    assert stage is not None  # noqa: S101 - said by the rule
    demand(rules.why_not_entry(idea, stage, is_own=queries.has_part_in(actor, idea)))
    ballot = _locked_ballot(challenge, actor, at)
    demand(rules.why_not_after_count(is_counted=VoteCount.objects.filter(challenge=challenge).exists()))
    if value is not None:
        voting = voting_of(stage.options)
        demand(rules.why_not_value(voting, value, left=queries.tokens_left(voting, ballot, besides=idea)))
    return _said(ballot, idea, value, at)


def _said(ballot: Ballot, idea: Idea, value: int | None, at: datetime) -> Vote | None:
    """Store what a locked ballot says of an entry, or that it says nothing any more."""
    said = Vote.objects.filter(ballot=ballot, idea=idea)
    if value is None:
        said.delete()
        return None
    vote = said.first()
    if vote is None:
        return Vote.objects.create(ballot=ballot, idea=idea, value=value, cast_at=at)
    if vote.value != value:
        vote.value, vote.cast_at = value, at
        vote.save(update_fields=["value", "cast_at"])
    return vote


def _locked_ballot(challenge: Challenge, person: Person, at: datetime) -> Ballot:
    """Return somebody's ballot, locked until the transaction ends; opening one waits for a count that runs."""
    ballots = Ballot.objects.select_for_update(of=("self",), no_key=True).filter(challenge=challenge, person=person)
    ballot = ballots.first()
    if ballot is None:
        Challenge.objects.select_for_update(of=("self",), no_key=True).get(pk=challenge.pk)
        ballot = ballots.first() or Ballot.objects.create(challenge=challenge, person=person, opened_at=at)
    return ballot


@transaction.atomic
def count_votes(*, challenge_id: int, at: datetime) -> VoteCount | None:
    """Count the votes of a challenge once its vote is over, and record the count; the second time changes nothing.

    Votes on entries that are not read by themselves any more do not count, and nobody's on what was merged with theirs.
    """
    challenge = Challenge.objects.select_for_update(of=("self",), no_key=True).get(pk=challenge_id)
    stage = rules.vote_stage(stages_of(challenge))
    is_counted = VoteCount.objects.filter(challenge=challenge).exists()
    if stage is None or not rules.is_due_to_count(challenge, stage, is_counted=is_counted, at=at):
        return None
    for _ballot in Ballot.objects.select_for_update(of=("self",)).filter(challenge=challenge).values_list("pk"):
        pass  # whoever votes at this moment is waited for, and whoever comes later finds the count
    count = _counted(challenge, stage, at)
    _record(count, at)
    publish(VotesCounted(challenge_id=challenge.pk, at=at))
    return count


def _counted(challenge: Challenge, stage: Stage, at: datetime) -> VoteCount:
    """Store what came out: a tally for each entry that could be voted on, and one row for all."""
    method = voting_of(stage.options).method
    Vote.objects.filter(
        ballot__challenge=challenge, idea__merged_entries__contributors__person=F("ballot__person")
    ).delete()
    keys = queries.votable_keys(challenge, stage)
    found = queries.summed_votes(challenge)
    n_voters = queries.n_voters(challenge, keys)
    tallies = [VoteTally(challenge=challenge, idea_id=pk, place=0, **found.get(pk, {})) for pk in keys]
    VoteTally.objects.bulk_create(rules.give_places(method, tallies, n_voters=n_voters), batch_size=1000)
    return VoteCount.objects.create(
        challenge=challenge,
        options=stage.options,
        circle=stage.circle,
        counted_at=at,
        n_voters=n_voters,
        n_votes=sum(tally.n_votes for tally in tallies),
        n_entries=len(tallies),
        sha256=rules.digest_of(keys, tallies),
    )


def _record(count: VoteCount, at: datetime) -> None:
    """Append the count to the ledger: it goes to whoever could vote."""
    direction, depth = rules.crossing_of(count.circle)
    record_crossing(
        organisation=count.challenge.organisation,
        kind="votes.counted",
        direction=direction,
        depth=depth,
        subject_type="challenge",
        subject_key=count.challenge.key,
        at=at,
        challenge_key=count.challenge.key,
        facts={
            "method": voting_of(count.options).method,
            "n_voters": count.n_voters,
            "n_votes": count.n_votes,
            "n_entries": count.n_entries,
            "tallies_sha256": count.sha256,
        },
    )


@transaction.atomic
def forget_voter(*, person: Person) -> None:
    """Take an erased person's votes back where they are not counted yet; counted ones stay, without the person."""
    counted = VoteCount.objects.values("challenge_id")
    theirs = Ballot.objects.select_for_update(of=("self",)).filter(person=person)
    theirs.exclude(challenge_id__in=counted).delete()
    Ballot.objects.filter(person=person).update(person=None)
