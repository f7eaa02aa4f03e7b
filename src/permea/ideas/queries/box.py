"""Boxes as the world sees them, and one posting as its sender sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from permea.challenges import rules as challenges
from permea.challenges.models import Challenge
from permea.foundation.refusals import Refusal
from permea.ideas import rules
from permea.ideas.models import IdeaBox, Posting
from permea.people.models import Person
from permea.people.queries import hash_of
from permea.surface.registry import PublicDoor


@dataclass(frozen=True, slots=True)
class PostingState:
    """What its sender sees of a posting: where it stands, with how many it was merged, what became of it."""

    posting: Posting
    main: Posting
    n_similar: int
    challenge: Challenge | None
    withdraw_blocked: Refusal | None
    address_blocked: Refusal | None


def public_box(key: str) -> IdeaBox:
    """Return a box, open or closed. Raises Http404 if there is none."""
    return get_object_or_404(IdeaBox.objects.select_related("organisation"), key=key)


def public_doors() -> Iterator[PublicDoor]:
    """Return the open boxes of every firm of this instance, for the first page."""
    rows = IdeaBox.objects.filter(closed_at__isnull=True, organisation__is_host=True)
    for box in rows.order_by("created_at", "pk"):
        yield PublicDoor(box.title, reverse("ideas:box", args=[box.key]), "message-square-plus", box.language)


def posting_by_token(token: str) -> Posting:
    """Return the posting this private token opens. Raises Http404 for every other token."""
    related = ("box", "organisation", "merged_into", "became_challenge", "merged_into__became_challenge")
    return get_object_or_404(Posting.objects.select_related(*related), token_hash=hash_of(token))


def posting_state(posting: Posting, at: datetime) -> PostingState:
    """Return what the sender of a posting sees of it at `at`."""
    main = posting.merged_into or posting
    group = Posting.objects.filter(Q(pk=main.pk) | Q(merged_into=main)).exclude(pk=posting.pk)
    challenge = main.became_challenge
    return PostingState(
        posting=posting,
        main=main,
        n_similar=group.count(),
        challenge=challenge if challenge and _is_public(challenge, at) else None,
        withdraw_blocked=rules.why_not_withdraw_posting(posting),
        address_blocked=rules.why_not_address(posting),
    )


def _is_public(challenge: Challenge, at: datetime) -> bool:
    """Say whether the world can read the challenge."""
    return challenges.phase_of(challenge, at=at) not in {"draft", "archived"}


def _postings_of(person: Person) -> QuerySet[Posting]:
    """Return what a person put into boxes, signed in or under their address."""
    theirs = Q(sender=person) | (Q(sender_email__iexact=person.email) if person.email else Q())
    return (
        Posting.objects.filter(theirs)
        .select_related("box", "merged_into")
        .prefetch_related("notes")
        .order_by("received_at", "pk")
    )


def n_postings_of(person: Person) -> int:
    """Return how many postings of a person there are."""
    return _postings_of(person).count()


def posting_data(person: Person) -> list[dict[str, Any]]:
    """Return what is held of a person's postings, ready for JSON."""
    return [
        {
            "key": posting.key,
            "box": posting.box.title,
            "kind": posting.kind,
            "text": posting.text,
            "source": posting.source,
            "place": posting.place,
            "name": posting.sender_name,
            "email": posting.sender_email,
            "notes": [note.text for note in posting.notes.all()],
            "has_photo": bool(posting.photo_path),
            "status": posting.status,
            "answer": (posting.merged_into or posting).answer,
            "received_at": posting.received_at.isoformat(),
        }
        for posting in _postings_of(person)
    ]
