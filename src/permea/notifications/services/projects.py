"""What is written about technology transfers: to the other side of whoever acted."""

from __future__ import annotations

from datetime import datetime

from permea.notifications.services.mails import tell
from permea.projects.models import Transfer
from permea.projects.queries import people_of


def tell_transfer(*, transfer_id: int, happened: str, by_firm: bool | None, at: datetime) -> None:
    """Tell the other side of a transfer what one did, both where nobody did it; of a partner who may see it now."""
    transfer = Transfer.objects.select_related("organisation", "partner", "agreement").get(pk=transfer_id)
    sides = (True, False) if by_firm is None else (not by_firm,)
    for person in (one for is_firm in sides for one in people_of(transfer, is_firm=is_firm, at=at)):
        tell(
            to=person,
            kind="transfer_news",
            at=at,
            organisation=transfer.organisation,
            about=transfer.key,
            transfer=transfer,
            happened=happened,
            by="" if by_firm is None else (transfer.organisation if by_firm else transfer.partner).name,
        )
