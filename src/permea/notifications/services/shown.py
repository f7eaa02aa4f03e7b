"""What is written to those who may read something from now on."""

from __future__ import annotations

from datetime import datetime

from permea.disclosures.models import Part, Share
from permea.disclosures.rules import title_at
from permea.notifications.services.mails import tell
from permea.people.queries import members_of


def tell_shared(*, share_id: int, at: datetime) -> None:
    """Tell the person, or everybody of the organisation, that they may read an item, by the name it has outside."""
    named = ("item__organisation", "organisation", "person")
    share = Share.objects.select_related(*named).get(pk=share_id)
    readers = [share.person] if share.person else []
    if share.organisation is not None:
        readers = [seat.person for seat in members_of(share.organisation)]
    for reader in readers:
        tell(
            to=reader,
            kind="item_shared",
            at=at,
            organisation=share.item.organisation,
            about=share.item.key,
            item_key=share.item.key,
            title=title_at(share.item, Part.Depth.INVITED),
            has_room=share.depth == Part.Depth.ROOM,
            closes_at=share.closes_at,
        )
