"""Who has to hear of it: what partners announce."""

from __future__ import annotations

from permea.foundation.events import hears
from permea.notifications import services
from permea.partners.events import HubMoved


@hears(HubMoved)
def on_hub(event: HubMoved) -> None:
    """Tell who manages the other firm."""
    services.tell_hub(link_id=event.link_id, happened=event.happened, by_firm=event.by_firm, at=event.at)
