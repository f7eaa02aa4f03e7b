"""What projects announce."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferChanged(Event):
    """Something happened with a technology transfer that the other side, or both, should hear of.

    `happened`: shown, handing, testing, accepted, remarks, refused, support, done, dropped, or ending for support that
    ends soon. `by_firm` says whose doing it was, None for nobody's: then both sides hear of it.
    """

    transfer_id: int
    happened: str
    by_firm: bool | None
