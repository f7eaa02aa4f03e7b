"""What the ledger hears of earlier steps."""

from __future__ import annotations

from permea.foundation.events import hears
from permea.ledger import queries, services
from permea.people.events import PersonErased


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Delete the values behind the erased person's commitments."""
    services.forget_person(person=queries.person_with(event.person_id), at=event.at)
