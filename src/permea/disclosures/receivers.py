"""What disclosures do when they hear of other steps."""

from __future__ import annotations

from permea.disclosures import services
from permea.foundation.events import hears
from permea.people.events import PersonErased


@hears(PersonErased)
def close_shares(event: PersonErased) -> None:
    """Close what was shared with somebody who is gone; what they saw stays, under a key that leads to nobody."""
    services.close_shares_of(person_id=event.person_id, at=event.at)
