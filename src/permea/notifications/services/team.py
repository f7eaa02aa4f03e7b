"""What is written about the team."""

from __future__ import annotations

from datetime import datetime

from permea.notifications.services.mails import tell
from permea.people.models import Invitation


def tell_invitation(*, invitation_id: int, token: str, at: datetime) -> None:
    """Send an invitation its link."""
    invitation = Invitation.objects.select_related("organisation", "invited_by").get(pk=invitation_id)
    if invitation.organisation is None or not invitation.email:
        return
    tell(
        to=invitation.email,
        kind="invitation",
        at=at,
        organisation=invitation.organisation,
        about=invitation.key,
        invitation=invitation,
        token=token,
    )
