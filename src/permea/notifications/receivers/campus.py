"""Who has to hear of it: what campus announces."""

from __future__ import annotations

from permea.campus.events import BookingChanged, EquipmentShared, PlacementMoved
from permea.foundation.events import hears
from permea.notifications import services


@hears(EquipmentShared)
def on_sharing(event: EquipmentShared) -> None:
    """Tell the partner's people."""
    services.tell_equipment(sharing_id=event.sharing_id, at=event.at)


@hears(BookingChanged)
def on_booking(event: BookingChanged) -> None:
    """Tell the other side."""
    services.tell_booking(booking_id=event.booking_id, happened=event.happened, by_owner=event.by_owner, at=event.at)


@hears(PlacementMoved)
def on_placement(event: PlacementMoved) -> None:
    """Tell the other sides."""
    services.tell_placement(placement_id=event.placement_id, happened=event.happened, side=event.side, at=event.at)
