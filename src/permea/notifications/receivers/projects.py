"""Who has to hear of it: what projects announce."""

from __future__ import annotations

from permea.foundation.events import hears
from permea.notifications import services
from permea.projects.events import TransferChanged


@hears(TransferChanged)
def on_transfer(event: TransferChanged) -> None:
    """Tell the other side, or both where the clock acted."""
    services.tell_transfer(
        transfer_id=event.transfer_id, happened=event.happened, by_firm=event.by_firm, at=event.at
    )  # fmt: skip
