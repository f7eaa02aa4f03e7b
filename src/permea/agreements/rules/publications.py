"""Deciding about planned publications: who may hand one in, what may be answered until when, what silence means."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from django.utils.translation import gettext as _

from permea.agreements.models import Agreement, Publication
from permea.agreements.rules.obligations import is_over, zone_named
from permea.foundation.refusals import Refusal

CLAUSE = "publication"
MOST_DELAY_DAYS = 90  # as the clause says
Answer = Publication.Answer


def is_review_over(publication: Publication, at: datetime) -> bool:
    """Say whether the days for the answer are over."""
    due = publication.review.due_on
    return due is not None and is_over(due, zone_named(publication.review.time_zone), at)


def publication_state(publication: Publication, at: datetime) -> str:
    """Return how it stands: waiting, silent (free without an answer), free, remove, held, or released after a delay."""
    if not publication.answer:
        return "silent" if is_review_over(publication, at) else "waiting"
    if publication.delay_until is None:
        return publication.answer
    is_past = is_over(publication.delay_until, zone_named(publication.review.time_zone), at)
    return "released" if is_past else "held"


def has_publishing(agreement: Agreement, clauses: Container[str]) -> bool:
    """Say whether publications are looked at first under this agreement."""
    return agreement.status == Agreement.Status.SIGNED and CLAUSE in clauses


def why_not_hand_in_publication(
    *, is_partner: bool, is_asked_for: bool, title: str, has_content: bool
) -> Refusal | None:
    """Return why a planned publication may not be handed in, or None if it may."""
    if not is_partner:
        return Refusal("agreements.publication_not_partner", _("Only the partner hands its publications in here."))
    if not is_asked_for:
        return Refusal("agreements.publication_no_clause", _("No signed clause asks for a look at publications."))
    if not title.strip():
        return Refusal("agreements.publication_no_title", _("A planned publication needs a title."))
    if not has_content:
        return Refusal("agreements.publication_empty", _("Add the text itself: a file, a link or an abstract."))
    return None


def why_not_answer_publication(
    publication: Publication, *, may_answer: bool, answer: str, text: str, days: int, at: datetime
) -> Refusal | None:
    """Return why the firm may not answer so, or None if it may."""
    if not may_answer:
        return Refusal("agreements.may_not_bind", _("Only owners and managers speak for their side."))
    if publication.answer:
        return Refusal("agreements.publication_answered", _("This is answered already; an answer does not change."))
    if is_review_over(publication, at):
        return Refusal(
            "agreements.publication_too_late", _("The days for an answer are over, so this may be published.")
        )
    return _why_not_so(publication, answer, text, days)


def _why_not_so(publication: Publication, answer: str, text: str, days: int) -> Refusal | None:
    """Return what an answer lacks, or None if it is whole."""
    if answer not in Answer.values:
        return Refusal("agreements.publication_no_answer", _("Choose an answer."))
    if answer == Answer.REMOVE and not text.strip():
        return Refusal("agreements.publication_no_parts", _("Say which parts are to be left out."))
    if answer == Answer.DELAY and not text.strip():
        return Refusal("agreements.publication_no_reason", _("Say why it has to wait."))
    if answer == Answer.DELAY and not 1 <= days <= publication.most_delay_days:
        reason = _("The clause allows a delay of 1 to %(days)d days.") % {"days": publication.most_delay_days}
        return Refusal("agreements.publication_delay", reason)
    return None


def is_planned_too_early(publication: Publication) -> bool:
    """Say whether it is planned for a day before the days for an answer are over."""
    planned, due = publication.planned_on, publication.review.due_on
    return planned is not None and due is not None and planned <= due
