"""What agreements do when they hear of other steps."""

from __future__ import annotations

from permea.agreements import services
from permea.foundation.events import hears
from permea.people.events import PersonErased


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Drop what nobody signed with the person, with its text; what was signed stays as proof."""
    services.forget_party(person_id=event.person_id)
