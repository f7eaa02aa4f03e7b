"""What partners do when they hear of people."""

from __future__ import annotations

from permea.foundation.events import hears
from permea.partners import services
from permea.people.events import InvitationAccepted, PersonErased, PersonLeft, RoleChanged


@hears(InvitationAccepted)
def on_accepted(event: InvitationAccepted) -> None:
    """Join the guest with the contact who was invited; people of a firm of the hub come along to its partners."""
    services.link_guest(invitation_id=event.invitation_id, person_id=event.person_id)
    services.follow_newcomer(invitation_id=event.invitation_id, at=event.at)


@hears(RoleChanged)
def on_role(event: RoleChanged) -> None:
    """Let the role of somebody be the same with partners of the hub."""
    services.follow_people(organisation_id=event.organisation_id, at=event.at)


@hears(PersonLeft)
def on_left(event: PersonLeft) -> None:
    """End the seats that somebody had with partners of the hub by the firm they left."""
    services.follow_people(organisation_id=event.organisation_id, at=event.at)


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Delete what firms noted of the person, and the views they saved."""
    services.forget_person(person_id=event.person_id, email=event.email)
    services.forget_views(person_id=event.person_id)
