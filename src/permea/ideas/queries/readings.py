"""Who of a firm has read which entries of others, and which of them say something like a text."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from permea.ideas import rules
from permea.ideas.models import Contributor, EntryReading, Idea
from permea.ideas.queries.similar import QUERY_LENGTH, Alike, Held, indexes_of, text_of
from permea.people.models import Organisation, Person
from permea.people.queries import ErasureLines

TOLD = ("key", "title", "status", "channel", "text_removed_at", "merged_into_id", "challenge_id")
CHALLENGE, OF_IT = "idea__challenge__", ("key", "closes_at", "participation_terms__title", "ip_terms__title")
LIKE = 0.2  # from which score on an entry is like a text; a person decides, and to miss one is worse than to look twice


def entries_new_to(reader: Person, organisation_id: int, keys: Collection[str]) -> list[int]:
    """Return, by row number, which of these entries of a firm somebody has not read yet; never their own."""
    read = EntryReading.objects.filter(person=reader, idea=OuterRef("pk"))
    own = Contributor.objects.filter(person=reader, idea=OuterRef("pk"))
    entries = Idea.objects.filter(organisation_id=organisation_id, key__in=keys, text_removed_at__isnull=True)
    return list(entries.filter(~Exists(read), ~Exists(own)).values_list("pk", flat=True))


def readings_of(organisation: Organisation, people: Collection[int]) -> QuerySet[EntryReading]:
    """Return which entries of a firm these people (by row number) have read, with no more of them than is told."""
    rows = EntryReading.objects.filter(person__in=people, idea__organisation=organisation)
    return (
        rows.select_related("idea__challenge__participation_terms", "idea__challenge__ip_terms")
        .only("person_id", "first_at", *(f"idea__{name}" for name in TOLD), *(f"{CHALLENGE}{name}" for name in OF_IT))
        .order_by("first_at", "pk")
    )


def alike_among(ideas: Collection[Idea], title: str, words: str) -> dict[int, Alike]:
    """Return which of these entries say something like a text, by row number, each with the words it shares.

    Whoever asks has made sure that the entries may be read.
    """
    wanted, numbers = (title, words[:QUERY_LENGTH]), {idea.pk for idea in ideas}
    scores: dict[int, tuple[float, Held]] = {}
    for held in indexes_of({idea.challenge for idea in ideas}):
        matches = held.index.nearest(wanted, n=max(len(held.marks), 1), exact=True)
        for place, score in zip(matches.positions.tolist(), matches.scores.tolist(), strict=True):
            number = held.marks[place][0]
            if score >= LIKE and number in numbers:
                scores[number] = (score, held)
    rows = Idea.objects.in_bulk(scores) if scores else {}
    return {
        pk: Alike(rows[pk], score, held.index.shared(wanted, text_of(rows[pk]))[: rules.WORDS_NAMED])
        for pk, (score, held) in scores.items()
    }


def reading_data(person: Person) -> dict[str, Any]:
    """Return which entries of others a person has read for a firm, and since when."""
    rows = EntryReading.objects.filter(person=person).select_related("idea__organisation").order_by("first_at", "pk")
    return {
        "entries_read": [
            {"entry": row.idea.key, "firm": row.idea.organisation.name, "first_at": row.first_at.isoformat()}
            for row in rows
        ]
    }


def reading_erasure_lines(person: Person) -> ErasureLines:
    """Return what stays of what a person who is erased has read."""
    if not EntryReading.objects.filter(person=person).exists():
        return ErasureLines(goes=[], stays=[])
    line = _("That an erased person of the firm read certain entries, and when first; nothing leads to you.")
    return ErasureLines(goes=[], stays=[line])
