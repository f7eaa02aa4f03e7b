"""What is written about partners that are firms of the same hub: to those who manage the other one."""

from __future__ import annotations

from datetime import datetime

from permea.notifications.services.mails import tell
from permea.partners.models import HubLink
from permea.people.queries import managers_of


def tell_hub(*, link_id: int, happened: str, by_firm: bool, at: datetime) -> None:
    """Tell who manages the other firm what one did about their connection."""
    rows = HubLink.objects.select_related("organisation", "firm", "partner__party", "mirror__party", "said_by")
    link = rows.get(pk=link_id)
    by, to = (link.firm, link.organisation) if by_firm else (link.organisation, link.firm)
    for person in managers_of(to):
        tell(
            to=person,
            kind="hub_news",
            at=at,
            organisation=to,
            about=link.key,
            link_said=link,
            happened=happened,
            by=by.name,
            listed=link.partner if by_firm else link.mirror,
        )
