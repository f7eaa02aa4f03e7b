"""Who may read which idea: contributors always; managers once the challenge has closed; judges what they are given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.agreements.queries import has_accepted
from permea.challenges.models import Challenge
from permea.ideas.models import Attachment, Contributor, Idea
from permea.people.models import Person
from permea.people.queries import managed_organisation_ids

Actor = Person | AnonymousUser
Reading = Callable[[Person, datetime], QuerySet[Idea]]
_readings: list[Reading] = []


def register_reading(reading: Reading) -> Reading:
    """Let a later step open handed-in ideas of closed challenges to people it gives them to (judges to their entries).

    The decorated function returns the ideas somebody was given; sealed, withdrawn and draft ideas stay shut anyway.
    """
    if reading not in _readings:
        _readings.append(reading)
    return reading


def _own(actor: Actor) -> Q:
    """Return the condition that the actor has a part in the idea."""
    person_id = actor.pk if isinstance(actor, Person) else 0
    return Q(pk__in=Contributor.objects.filter(person_id=person_id).values("idea_id"))


def _unsealed(at: datetime) -> Q:
    """Return the condition that the idea is handed in, merged or not, and its challenge has closed."""
    return Q(status__in=(Idea.Status.SUBMITTED, Idea.Status.MERGED), challenge__closes_at__lte=at)


def ideas_visible_to(actor: Actor, at: datetime) -> QuerySet[Idea]:
    """Return the actor's own ideas, and the handed-in ideas of closed challenges they manage."""
    managed = _unsealed(at) & Q(organisation_id__in=managed_organisation_ids(actor))
    return Idea.objects.filter(_own(actor) | managed).select_related("challenge", "author", "organisation")


def idea_for(actor: Actor, key: str, at: datetime) -> Idea:
    """Return an idea the actor may read. Raises Http404 for all others."""
    return get_object_or_404(ideas_visible_to(actor, at), key=key)


def readable_as_given(actor: Actor, at: datetime) -> Q:
    """Return the condition that the actor may read the idea as manager or because a later step gave it to them."""
    readable = Q(organisation_id__in=managed_organisation_ids(actor))
    if isinstance(actor, Person):
        for reading in _readings:
            given = reading(actor, at).values("pk")
            readable |= Q(pk__in=given) | Q(merged_into__in=given)
    return _unsealed(at) & readable


def attachment_for(actor: Actor, key: str, at: datetime) -> Attachment:
    """Return a file the actor may read: of an own idea any, of others' what the latest version names.

    Raises Http404 for all others.
    """
    stored = Attachment.objects.exclude(path="").select_related("idea")
    attachment = stored.filter(key=key, idea__in=Idea.objects.filter(_own(actor)).values("pk")).first()
    if attachment is not None:
        return attachment
    attachment = get_object_or_404(
        stored, key=key, idea__in=Idea.objects.filter(readable_as_given(actor, at)).values("pk")
    )
    if attachment.key not in handed_in_keys(attachment.idea):
        raise Http404
    return attachment


def handed_in_keys(idea: Idea) -> list[str]:
    """Return the keys of the files the latest version names, in its order."""
    content = idea.versions.order_by("-number").values_list("content", flat=True).first()
    return [str(file["key"]) for file in (content or {}).get("files", [])]


def has_changes(idea: Idea, files: Sequence[Attachment]) -> bool:
    """Say whether text or files were changed since the idea was handed in last."""
    return idea.pending is not None or [file.key for file in files] != handed_in_keys(idea)


def live_attachments(idea: Idea) -> QuerySet[Attachment]:
    """Return the files the editor shows, oldest first."""
    return Attachment.objects.filter(idea=idea, removed_at__isnull=True).order_by("added_at", "pk")


def is_contributor(actor: Actor, idea: Idea) -> bool:
    """Say whether the actor has a part in the idea."""
    return isinstance(actor, Person) and Contributor.objects.filter(idea=idea, person=actor).exists()


def acts_as_author(actor: Actor, idea: Idea) -> bool:
    """Say whether the actor is the author of the idea; once the author is erased, all who wrote it with them are."""
    if isinstance(actor, Person) and idea.author_id == actor.pk:
        return True
    return idea.author.erased_at is not None and is_contributor(actor, idea)


def evaluable_ideas(challenge: Challenge) -> QuerySet[Idea]:
    """Return the ideas of a challenge that are judged, oldest first: handed in and not merged into another."""
    return (
        Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)
        .select_related("author")
        .order_by("submitted_at", "pk")
    )


def challenge_for_entry(key: str) -> Challenge:
    """Return a published challenge with its terms, for anybody. Raises Http404 for all others."""
    published = Challenge.objects.exclude(status=Challenge.Status.DRAFT)
    related = ("organisation", "participation_terms", "ip_terms")
    return get_object_or_404(published.select_related(*related), key=key)


def has_accepted_terms(actor: Actor, challenge: Challenge) -> bool:
    """Say whether the actor accepted both texts this challenge is held under."""
    if not isinstance(actor, Person) or challenge.participation_terms is None or challenge.ip_terms is None:
        return False
    texts = (challenge.participation_terms, challenge.ip_terms)
    return all(has_accepted(actor, terms, challenge.key) for terms in texts)


def people_by_email(emails: Collection[str]) -> dict[str, Person]:
    """Return the people who have one of these addresses, written small, by address."""
    return {str(person.email): person for person in Person.objects.filter(email__in=emails)}


def person(person_id: int) -> Person:
    """Return a person by row number."""
    return Person.objects.get(pk=person_id)
