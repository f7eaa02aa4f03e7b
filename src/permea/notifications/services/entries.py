"""What is written about entries and the time for them."""

from __future__ import annotations

import json
from datetime import datetime

from django.db.models import QuerySet

from permea.agreements.models import Acceptance
from permea.challenges.models import Challenge, StepChange, TimetableChange
from permea.challenges.queries import stages_of
from permea.challenges.rules import reviews_from
from permea.ideas.models import Contributor, Idea
from permea.ideas.queries import contributors_of
from permea.ledger.models import Receipt
from permea.ledger.queries import receipt_document
from permea.notifications.services.mails import tell
from permea.people.models import Person
from permea.people.queries import managers_of


def tell_receipt(*, idea_id: int, receipt_key: str, is_revision: bool, at: datetime) -> None:
    """Send the contributors of an idea what was handed in when, with the signed receipt; it goes to its holder only."""
    idea = _idea(idea_id)
    receipt = Receipt.objects.select_related("crossing").get(key=receipt_key)
    document = json.dumps(receipt_document(receipt), ensure_ascii=False, indent=2)
    attachment = {"name": f"receipt-{receipt.key}.json", "type": "application/json", "text": document}
    for person in contributors_of(idea):
        is_holder = person.pk == receipt.person_id
        tell(
            to=person,
            kind="receipt",
            at=at,
            organisation=idea.organisation,
            about=idea.key,
            attachments=[attachment] if is_holder else [],
            idea=idea,
            receipt=receipt if is_holder else None,
            is_revision=is_revision,
            handed_in_at=at,
        )


def tell_withdrawal(*, idea_id: int, at: datetime) -> None:
    """Tell the contributors of an idea that it was taken back."""
    idea = _idea(idea_id)
    for person in contributors_of(idea):
        tell(
            to=person,
            kind="withdrawal",
            at=at,
            organisation=idea.organisation,
            about=idea.key,
            idea=idea,
            withdrawn_at=at,
        )


def _idea(idea_id: int) -> Idea:
    """Return the idea with what its letters speak of."""
    return Idea.objects.select_related("challenge", "organisation").get(pk=idea_id)


def tell_terms(*, acceptance_id: int, at: datetime) -> None:
    """Send somebody the text they agreed to."""
    acceptance = Acceptance.objects.select_related("terms__organisation", "person").get(pk=acceptance_id)
    terms = acceptance.terms
    text = {"name": f"{terms.kind}-{terms.version}.txt", "type": "text/plain", "text": f"{terms.title}\n\n{terms.body}"}
    tell(
        to=acceptance.person,
        kind="terms",
        at=at,
        organisation=terms.organisation,
        about=terms.key,
        attachments=[text],
        acceptance=acceptance,
        terms=terms,
    )


def tell_new_timetable(*, change_id: int, at: datetime) -> None:
    """Tell everybody with an entry, drafts included, that the closing time has moved, and why."""
    change = TimetableChange.objects.select_related("challenge__organisation").get(pk=change_id)
    for person in _entrants_of(change.challenge):
        tell(
            to=person,
            kind="timetable",
            at=at,
            organisation=change.challenge.organisation,
            about=change.challenge.key,
            change=change,
            challenge=change.challenge,
        )


def tell_new_steps(*, change_id: int, at: datetime) -> None:
    """Tell everybody with an entry, drafts included, which steps come before the reviews now, and why."""
    change = StepChange.objects.select_related("challenge__organisation").get(pk=change_id)
    stages = [stage for stage in stages_of(change.challenge) if stage.circle]
    for person in _entrants_of(change.challenge):
        tell(
            to=person,
            kind="steps",
            at=at,
            organisation=change.challenge.organisation,
            about=change.challenge.key,
            change=change,
            challenge=change.challenge,
            stages=stages,
        )


def _entrants_of(challenge: Challenge) -> QuerySet[Person]:
    """Return everybody with an entry that was not withdrawn, drafts included."""
    entries = Idea.objects.filter(challenge=challenge).exclude(status=Idea.Status.WITHDRAWN)
    entrants = Person.objects.filter(
        pk__in=Contributor.objects.filter(idea__in=entries).values("person"), erased_at__isnull=True
    )
    return entrants.order_by("pk")


def tell_entries_closed(*, challenge_id: int, at: datetime) -> None:
    """Tell those who manage a challenge that entries are closed and how many there are."""
    challenge = Challenge.objects.select_related("organisation").get(pk=challenge_id)
    for person in managers_of(challenge.organisation):
        tell(
            to=person,
            kind="entries_closed",
            at=at,
            organisation=challenge.organisation,
            about=challenge.key,
            challenge=challenge,
            begins_at=reviews_from(challenge) if challenge.steps else None,
        )
