"""What is written about writing an entry together: to whom is asked, and to those who write it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from permea.ideas.models import CoauthorInvitation, CreditSplit, Idea
from permea.ideas.queries import contributors_of, person
from permea.notifications.services.mails import tell
from permea.people.models import Person
from permea.surface.formats import percent


def tell_coauthor(*, invitation_id: int, token: str, at: datetime) -> None:
    """Send the link to whom the author asks; of the entry itself nothing is told."""
    related = ("idea__challenge__organisation", "invited_by")
    invitation = CoauthorInvitation.objects.select_related(*related).get(pk=invitation_id)
    challenge = invitation.idea.challenge
    tell(
        to=invitation.email,
        kind="coauthor_invitation",
        at=at,
        organisation=challenge.organisation,
        about=invitation.idea.key,
        language=challenge.language,
        invitation=invitation,
        inviter=invitation.invited_by,
        challenge=challenge,
        token=token,
    )


def tell_joined(*, idea_id: int, person_id: int, at: datetime) -> None:
    """Tell those who write an entry that somebody writes it too now."""
    idea, newcomer = _idea(idea_id), person(person_id)
    others = [one for one in contributors_of(idea) if one.pk != newcomer.pk]
    _tell(others, idea, "joined", newcomer.display_name, at)


def tell_declined(*, invitation_id: int, at: datetime) -> None:
    """Tell whoever asked that the asked one declined."""
    invitation = CoauthorInvitation.objects.select_related("invited_by").get(pk=invitation_id)
    _tell([invitation.invited_by], _idea(invitation.idea_id), "declined", invitation.email, at)


def tell_left(*, idea_id: int, person_id: int, is_removed: bool, at: datetime) -> None:
    """Tell those who write an entry that somebody left it, or somebody that they were taken out of it."""
    idea, gone = _idea(idea_id), person(person_id)
    if is_removed:
        _tell([gone], idea, "removed", gone.display_name, at)
    _tell(contributors_of(idea), idea, "left", gone.display_name, at)


def ask_about_shares(*, split_id: int, at: datetime) -> None:
    """Ask those who have not agreed to a proposal whether they do."""
    split = CreditSplit.objects.select_related("proposed_by").get(pk=split_id)
    idea = _idea(split.idea_id)
    for share in split.shares.filter(agreed_at__isnull=True).select_related("person").order_by("pk"):
        tell(
            to=share.person,
            kind="shares_asked",
            at=at,
            organisation=idea.challenge.organisation,
            about=idea.key,
            idea=idea,
            challenge=idea.challenge,
            name=split.proposed_by.display_name,
            shares=_shares(split),
        )


def tell_refused(*, split_id: int, person_id: int, at: datetime) -> None:
    """Tell whoever proposed shares that somebody does not agree to them."""
    split = CreditSplit.objects.select_related("proposed_by").get(pk=split_id)
    _tell([split.proposed_by], _idea(split.idea_id), "refused", person(person_id).display_name, at)


def tell_agreed(*, split_id: int, at: datetime) -> None:
    """Tell everybody in an entry that all of them have agreed to the shares."""
    split = CreditSplit.objects.get(pk=split_id)
    idea = _idea(split.idea_id)
    _tell(contributors_of(idea), idea, "agreed", "", at, shares=_shares(split))


def _idea(idea_id: int) -> Idea:
    """Return the idea with what its letters speak of."""
    return Idea.objects.select_related("challenge__organisation").get(pk=idea_id)


def _shares(split: CreditSplit) -> list[tuple[str, str]]:
    """Return who gets how much, the most first."""
    rows = split.shares.select_related("person").order_by("-per_cent", "pk")
    return [(row.person.display_name, percent(row.share)) for row in rows]


def _tell(to: Iterable[Person], idea: Idea, happened: str, name: str, at: datetime, **context: Any) -> None:
    """Write the news to these people."""
    for reader in to:
        tell(
            to=reader,
            kind="coauthor_news",
            at=at,
            organisation=idea.challenge.organisation,
            about=idea.key,
            idea=idea,
            challenge=idea.challenge,
            happened=happened,
            name=name,
            **context,
        )
