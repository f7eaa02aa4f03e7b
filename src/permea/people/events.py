"""What people announces."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered(Event):
    """An address that was unknown before has become a person."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationSent(Event):
    """Somebody is invited by mail; the token is known at this moment only."""

    invitation_id: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(Event):
    """An invited person has joined."""

    invitation_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(Event):
    """A member has another role."""

    person_id: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(Event):
    """A membership has ended."""

    person_id: int
    organisation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(Event):
    """A person asked to be erased: whoever holds personal data of theirs erases it now.

    `email` is the address they had, for finding what was written before they were known. `with_texts` says that they
    also want the texts and files removed that they handed in.
    """

    person_id: int
    email: str = ""
    with_texts: bool = False
