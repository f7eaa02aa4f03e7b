"""Votes on entries: who has voted in a challenge, what they say of each entry, and what all of it came to."""

from __future__ import annotations

from django.db import models

from permea.challenges.models import Challenge
from permea.foundation.models import Record
from permea.ideas.models.entries import Idea
from permea.people.models import Person


class Ballot(Record):
    """That one person votes in a challenge: the row two of their votes wait for. Its person goes when erased."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="ballots")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="ballot_once_per_person", fields=["challenge", "person"]),)

    def __str__(self) -> str:
        """Return the key, which names nobody."""
        return self.key


class Vote(models.Model):
    """What a ballot says of an entry."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="votes", db_index=False)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+")
    value = models.SmallIntegerField()
    cast_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="vote_once_per_entry", fields=["ballot", "idea"]),)

    def __str__(self) -> str:
        """Return the value."""
        return str(self.value)


class VoteTally(models.Model):
    """What the votes on an entry came to, and its place among all: written once, when the vote is counted."""

    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="tally")
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="+", db_index=False)
    n_votes = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    n_for = models.PositiveIntegerField(default=0)
    n_against = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField()

    class Meta:
        indexes = (models.Index(name="tally_in_order", fields=["challenge", "place"]),)

    def __str__(self) -> str:
        """Return votes and total."""
        return f"{self.n_votes} votes, {self.total}"


class VoteCount(models.Model):
    """That the vote of a challenge is counted: no vote comes in after this row. `sha256` is over all its tallies."""

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="vote_count")
    options = models.JSONField(default=dict)
    circle = models.CharField(max_length=12)
    counted_at = models.DateTimeField()
    n_voters = models.PositiveIntegerField(default=0)
    n_votes = models.PositiveIntegerField(default=0)
    n_entries = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        """Return how many voted."""
        return f"{self.n_voters} voters, {self.n_votes} votes"
