"""What trials do when they hear of other steps."""

from __future__ import annotations

from permea.foundation.events import hears
from permea.people.events import PersonErased
from permea.trials import services


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Let the person go from every customer panel under their address."""
    services.forget_address(email=event.email, at=event.at, with_texts=event.with_texts)
