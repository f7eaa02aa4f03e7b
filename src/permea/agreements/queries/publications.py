"""Reading planned publications: those of an agreement, as either side sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from permea.agreements import rules
from permea.agreements.models import Agreement, Obligation, Publication
from permea.agreements.queries.agreements import Standing, agreement_for
from permea.agreements.queries.library import library
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Person
from permea.people.queries import ErasureLines


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A planned publication and how it stands."""

    publication: Publication
    state: str


@dataclass(frozen=True, slots=True)
class PublicationsPage:
    """The planned publications of an agreement, and whether the reader may hand one in."""

    agreement: Agreement
    standing: Standing
    rows: list[PublicationRow]
    days: int
    hand_in_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """A planned publication as one side sees it."""

    publication: Publication
    standing: Standing
    state: str
    is_too_early: bool
    answer_blocked: Refusal | None


def asks_for_publications(agreement: Agreement) -> bool:
    """Say whether a signed clause of an agreement asks for a look at publications."""
    return rules.has_publishing(agreement, library(agreement.language).kinds[agreement.kind])


def _seen_by(agreement: Agreement, standing: Standing) -> QuerySet[Publication]:
    """Return the planned publications of an agreement: all for the firm, a party's own for its people."""
    related = ("agreement__organisation", "review", "submitted_by", "answered_by")
    rows = Publication.objects.filter(agreement=agreement).select_related(*related)
    return rows if standing.is_firm else rows.filter(party=standing.party)


def publications_page(actor: Person, key: str, at: datetime) -> PublicationsPage:
    """Return the planned publications of an agreement. Raises Http404 if no clause asks for a look at them."""
    agreement, standing = agreement_for(actor, key)
    is_asked_for = asks_for_publications(agreement)
    if not is_asked_for:
        raise Http404
    rows = _seen_by(agreement, standing).order_by("-submitted_at", "-pk")
    newest = agreement.versions.order_by("-number")[0]
    return PublicationsPage(
        agreement=agreement,
        standing=standing,
        rows=[PublicationRow(one, rules.publication_state(one, at)) for one in rows],
        days=int(newest.options.get("review_days") or 0),
        hand_in_blocked=rules.why_not_hand_in_publication(
            is_partner=not standing.is_firm, is_asked_for=is_asked_for, title="-", has_content=True
        ),
    )


def publication_for(actor: Person, agreement_key: str, key: str) -> tuple[Publication, Standing]:
    """Return a planned publication and where the actor stands. Raises Http404 if it is none of their business."""
    agreement, standing = agreement_for(actor, agreement_key)
    return get_object_or_404(_seen_by(agreement, standing), key=key), standing


def publication_page(actor: Person, agreement_key: str, key: str, at: datetime) -> PublicationPage:
    """Return a planned publication as the actor sees it. Raises Http404 if it is none of their business."""
    publication, standing = publication_for(actor, agreement_key, key)
    told: dict[str, Any] = {"answer": "free", "text": "", "days": 0, "at": at}
    return PublicationPage(
        publication=publication,
        standing=standing,
        state=rules.publication_state(publication, at),
        is_too_early=rules.is_planned_too_early(publication),
        answer_blocked=rules.why_not_answer_publication(
            publication, may_answer=standing.is_firm and standing.may_bind, **told
        ),
    )


def submitted_just_now(made: Publication, at: datetime) -> Publication | None:
    """Return the planned publication that is the same and was handed in by the same person just now, or None."""
    names = ("agreement", "party", "title", "link", "note", "planned_on", "sha256", "submitted_by")
    same = {name: getattr(made, name) for name in names}
    return Publication.objects.filter(submitted_at__gt=at - SENT_TWICE, **same).order_by("-pk").first()


def publication_id_of(review: Obligation) -> int | None:
    """Return the id of the planned publication whose clock this is, or None if it is no such clock."""
    return Publication.objects.filter(review=review).values_list("pk", flat=True).first()


def is_named_file(path: str) -> bool:
    """Say whether a planned publication names the bytes at this path."""
    return Publication.objects.filter(path=path).exists()


def publication_data(person: Person) -> dict[str, Any]:
    """Return the planned publications that a person handed in."""
    rows = Publication.objects.filter(submitted_by=person).select_related("agreement").order_by("pk")
    return {
        "planned_publications": [
            {
                "agreement": one.agreement.title,
                "title": one.title,
                "link": one.link,
                "abstract": one.note,
                "file": one.name,
                "submitted_at": one.submitted_at.isoformat(),
                "answer": one.answer,
                "answer_text": one.answer_text,
            }
            for one in rows
        ]
    }


def publication_erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to the planned publications of a person who is erased."""
    stays = [_("Planned publications you handed in, without your name: they prove for both sides what was looked at.")]
    return ErasureLines(goes=[], stays=stays if Publication.objects.filter(submitted_by=person).exists() else [])
