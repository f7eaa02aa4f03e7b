"""What campus announces."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentShared(Event):
    """A piece of equipment was opened to a partner, or the partner's own was entered."""

    sharing_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingChanged(Event):
    """Something happened with a booking that the other side should hear of.

    `happened`: asked, confirmed, refused, cancelled, used or agreed. `by_owner` says whether the side that owns the
    equipment did it.
    """

    booking_id: int
    happened: str
    by_owner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementMoved(Event):
    """Something happened with a placement that its other sides should hear of.

    `happened` is a step of `PlacementStep`, or reported or remarked; `side` says for which side it was done.
    """

    placement_id: int
    happened: str
    side: str
