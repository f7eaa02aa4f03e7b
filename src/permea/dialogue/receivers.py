"""What dialogue does when it hears of other steps."""

from __future__ import annotations

from permea.dialogue import services
from permea.foundation.events import hears
from permea.people.events import PersonErased


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Erase what is personal in the person's questions and comments, and their texts if they ask for that."""
    services.forget_writer(person_id=event.person_id, at=event.at, with_texts=event.with_texts)
