"""What the ideas step does when an earlier step announces something."""

from __future__ import annotations

from permea.foundation.events import hears
from permea.ideas import queries, services
from permea.people.events import PersonErased


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Erase what is personal in the person's ideas and postings, and their texts if they ask for that."""
    person = queries.person(event.person_id)
    services.forget_author(person=person, at=event.at, with_texts=event.with_texts)
    services.forget_sender(person=person, email=event.email, at=event.at, with_texts=event.with_texts)
