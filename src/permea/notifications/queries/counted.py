"""Who is told that the votes on the entries of a challenge are counted."""

from __future__ import annotations

from django.db.models import Q

from permea.challenges.models import Challenge
from permea.dialogue.models import EntryFollower
from permea.ideas.models import Contributor, Idea, Vote
from permea.notifications.models import Notice
from permea.people.models import Person


def people_around_a_vote(challenge: Challenge, *, after: int, limit: int) -> list[Person]:
    """Return the next people after the one with this id who voted, have an entry or follow one, and were not told."""
    handed_in = Idea.objects.filter(challenge=challenge, status__in=[Idea.Status.SUBMITTED, Idea.Status.MERGED])
    voted = Vote.objects.filter(ballot__challenge=challenge).values("ballot__person")
    wrote = Contributor.objects.filter(idea__in=handed_in).values("person")
    follows = EntryFollower.objects.filter(idea__challenge=challenge, is_wanted=True).values("person")
    around = Q(pk__in=voted.filter(ballot__person__isnull=False)) | Q(pk__in=wrote) | Q(pk__in=follows)
    told = Notice.objects.filter(kind="votes_counted", challenge=challenge).values("person")
    people = Person.objects.filter(around, pk__gt=after, erased_at__isnull=True).exclude(pk__in=told)
    return list(people.order_by("pk")[:limit])
