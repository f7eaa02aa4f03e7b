"""Who reads the confidential texts of a challenge, and who agreed to keep them so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from permea.agreements.models import Agreement, Terms
from permea.agreements.queries import agreed_by_click, coverage_of
from permea.agreements.rules import is_live
from permea.challenges import rules
from permea.challenges.models import Challenge
from permea.challenges.queries.public import PublicChallenge, as_public, criteria_and_changes, public_row
from permea.foundation.refusals import Refusal
from permea.ledger.queries import readings_of
from permea.people.models import Person
from permea.people.queries import role_in

PURPOSE = Agreement.Purpose.EVALUATE.value


@dataclass(frozen=True, slots=True)
class ConfidentialPage:
    """What somebody is asked to agree to before they read on, or why they cannot any more."""

    challenge: PublicChallenge
    terms: Terms | None
    closes_at: datetime | None
    blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class ConfidentialReader:
    """Somebody who agreed, how often they have read since, and whether the texts are open to them now."""

    person: Person
    agreement: Agreement
    is_open: bool
    read_at: datetime | None
    n_read: int


def agreement_covering(reader: Person | AnonymousUser, challenge: Challenge, at: datetime) -> Agreement | None:
    """Return the live agreement under which a reader may see what this challenge keeps back, or None."""
    return coverage_of(reader, challenge.organisation, at=at).agreement_for(challenge.key, PURPOSE)


def standing_of(reader: Person | AnonymousUser, challenge: Challenge, at: datetime) -> str:
    """Return how deep a reader sees into a challenge: inside, room or public."""
    if role_in(reader, challenge.organisation_id) is not None:
        return "inside"
    if not challenge.room_fields:
        return "public"
    return "room" if agreement_covering(reader, challenge, at) else "public"


def challenge_for_reader(key: str, reader: Person | AnonymousUser, at: datetime) -> PublicChallenge:
    """Return a challenge as this reader sees it. Raises Http404 for drafts, archived ones and unknown keys."""
    row = public_row(key)
    return as_public(row, *criteria_and_changes(row), at, standing=standing_of(reader, row, at))


def confidential_page(key: str, at: datetime) -> ConfidentialPage:
    """Return what there is to agree to. Raises Http404 as `challenge_for_reader`."""
    row = public_row(key)
    shown = as_public(row, *criteria_and_changes(row), at)
    return ConfidentialPage(shown, row.nda_terms, row.answer_by, rules.why_not_agree(row, at=at))


def confidential_readers(actor: Person, challenge: Challenge, at: datetime) -> list[ConfidentialReader]:
    """Return who agreed, the newest first, for those who manage the challenge."""
    del actor
    read = readings_of(challenge.organisation, challenge.key)
    return [
        ConfidentialReader(person, agreement, is_live(agreement, at), *read.get(person.key, (None, 0)))
        for agreement, person in agreed_by_click(challenge.organisation, challenge.key)
    ]
