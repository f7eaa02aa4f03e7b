"""What partners do when they hear of people."""

from __future__ import annotations

from permea.foundation.events import hears
from permea.partners import services
from permea.people.events import InvitationAccepted, PersonErased


@hears(InvitationAccepted)
def on_accepted(event: InvitationAccepted) -> None:
    """Join the guest with the contact who was invited."""
    services.link_guest(invitation_id=event.invitation_id, person_id=event.person_id)


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Delete what firms noted of the person, and the views they saved."""
    services.forget_person(person_id=event.person_id, email=event.email)
    services.forget_views(person_id=event.person_id)
