"""What the ideas step does when an earlier step announces something."""

from __future__ import annotations

from permea.challenges.events import EntriesClosed
from permea.foundation.events import hears
from permea.foundation.jobs import enqueue_once
from permea.ideas import queries, services
from permea.ideas.events import IdeasImported
from permea.ideas.tasks import find_themes, look_for_pairs
from permea.people.events import PersonErased


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Erase what is personal in the person's ideas and postings, and their texts if they ask for that."""
    person = queries.person(event.person_id)
    services.forget_author(person=person, at=event.at, with_texts=event.with_texts)
    services.forget_views(person=person)
    services.forget_voter(person=person)
    services.forget_sender(person=person, email=event.email, at=event.at, with_texts=event.with_texts)


@hears(EntriesClosed)
def compare_entries(event: EntriesClosed) -> None:
    """Look for entries that say nearly the same, and for what they are about, now that they may be read."""
    enqueue_once(look_for_pairs, event.challenge_id)
    enqueue_once(find_themes, event.challenge_id)


@hears(IdeasImported)
def compare_more_entries(event: IdeasImported) -> None:
    """Look again with the entries that were taken over."""
    enqueue_once(look_for_pairs, event.challenge_id)
