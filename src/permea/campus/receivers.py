"""What campus does when it hears of other steps."""

from __future__ import annotations

from permea.campus import services
from permea.foundation.events import hears
from permea.people.events import PersonErased


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Forget the student of a placement."""
    services.forget_student(person_id=event.person_id, email=event.email, with_texts=event.with_texts)
