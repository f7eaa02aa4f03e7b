"""What selection does when it hears of other steps."""

from __future__ import annotations

from permea.foundation.events import hears
from permea.people.events import PersonErased
from permea.selection import services


@hears(PersonErased)
def forget_questions(event: PersonErased) -> None:
    """Remove what an erased person asked in their own words, and what was written about them."""
    services.forget_questions(person_id=event.person_id)
    services.forget_title_words(person_id=event.person_id)
    services.forget_settlement_words(person_id=event.person_id)
