"""Agreements made by a click: a person accepts a published text about one subject."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404

from permea.agreements.models import Agreement, AgreementParty, AgreementSubject, Terms
from permea.agreements.queries import live_for
from permea.agreements.services.terms import accept_terms
from permea.ledger.services import record_crossing
from permea.people.models import Organisation, Person


@transaction.atomic
def agree_by_click(
    *,
    terms: Terms,
    person: Person,
    subject_key: str,
    at: datetime,
    until: datetime | None = None,
    challenge_key: str = "",
) -> Agreement:
    """Record that a person accepts a text about one subject, and that this opens it to them for evaluation.

    Who has such a live agreement keeps it: clicking twice changes nothing.
    """
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    accept_terms(terms=terms, person=person, subject_key=subject_key, at=at, challenge_key=challenge_key)
    present = live_for(person, terms.organisation, at=at).filter(
        kind=Agreement.Kind.NDA_ONE_WAY, subjects__subject_key=subject_key
    )
    return present.first() or _clicked(terms, person, subject_key, at, until, challenge_key)


def _clicked(
    terms: Terms, person: Person, subject_key: str, at: datetime, until: datetime | None, challenge_key: str
) -> Agreement:
    """Store the agreement a click makes, and record it."""
    agreement = Agreement.objects.create(
        organisation=terms.organisation,
        kind=Agreement.Kind.NDA_ONE_WAY,
        title=terms.title,
        status=Agreement.Status.SIGNED,
        purposes=[Agreement.Purpose.EVALUATE.value],
        is_about_everything=False,
        valid_from=at,
        valid_until=until,
        created_by=person,
        created_at=at,
    )
    AgreementParty.objects.create(agreement=agreement, person=person)
    AgreementSubject.objects.create(agreement=agreement, subject_key=subject_key)
    record_crossing(
        organisation=terms.organisation,
        kind="agreement.signed",
        direction="in",
        depth="invited",
        subject_type="agreement",
        subject_key=agreement.key,
        at=at,
        actor=person,
        counterparty=person,
        challenge_key=challenge_key,
        terms_key=terms.key,
        facts={"about": subject_key, "kind": agreement.kind, "method": "click"},
    )
    return agreement


@transaction.atomic
def end_click(
    *, organisation: Organisation, subject_key: str, agreement_key: str, actor: Person, at: datetime
) -> Agreement:
    """End an agreement that a click made about one subject; ending it again changes nothing.

    Raises Http404 if the organisation has no such agreement.
    """
    rows = Agreement.objects.select_for_update(of=("self",)).filter(subjects__subject_key=subject_key)
    agreement = get_object_or_404(rows, organisation=organisation, key=agreement_key)
    if agreement.ended_at is None:
        agreement.ended_at = at
        agreement.save(update_fields=["ended_at"])
        record_crossing(
            organisation=organisation,
            kind="agreement.ended",
            direction="out",
            depth="invited",
            subject_type="agreement",
            subject_key=agreement.key,
            at=at,
            actor=actor,
            facts={"about": subject_key, "kind": agreement.kind},
        )
    return agreement
