"""What is written about obligations and planned publications: to the side it concerns, to who looks after it."""

from __future__ import annotations

from datetime import datetime

from permea.agreements import queries
from permea.agreements.models import Obligation, Publication
from permea.notifications.services.mails import tell

BY_THE_CLOCK = frozenset({"near", "today", "missed"})


def tell_obligation(*, obligation_id: int, what: str, by_id: int | None, at: datetime) -> None:
    """Tell people what is near, due, missed, added, said to be done, confirmed, denied or waived; not who did it."""
    rows = Obligation.objects.select_related("agreement__organisation")
    obligation = rows.get(pk=obligation_id)
    is_by_clock, is_said = what in BY_THE_CLOCK, what == "said"
    readers = queries.people_to_tell(obligation, owing=not is_said, other=is_said, managing=is_by_clock)
    for person, is_firm in readers:
        if person.pk == by_id:
            continue
        tell(
            to=person,
            kind="obligation_news",
            at=at,
            organisation=obligation.agreement.organisation,
            about=obligation.key,
            agreement=obligation.agreement,
            obligation=obligation,
            what=what,
            is_ours=obligation.side == ("firm" if is_firm else "party"),
            clause=queries.clause_title(obligation),
        )


def tell_publication(*, publication_id: int, what: str, at: datetime) -> None:
    """Tell the firm what was handed in, the partner how it was answered, and both that no answer came in time."""
    rows = Publication.objects.select_related("agreement__organisation", "review")
    publication = rows.get(pk=publication_id)
    agreement = publication.agreement
    readers = queries.people_of(agreement, of_firm=True) if what != "answered" else []
    if what != "submitted":
        readers += queries.people_of(agreement, of_firm=False)
    for person in readers:
        tell(
            to=person,
            kind="publication_news",
            at=at,
            organisation=agreement.organisation,
            about=publication.key,
            agreement=agreement,
            publication=publication,
            what=what,
        )
