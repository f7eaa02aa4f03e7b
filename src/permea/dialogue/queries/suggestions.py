"""Suggestions on an entry, as its authors read them while they work on it."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import get_object_or_404

from permea.dialogue.models import Comment
from permea.dialogue.queries.talk import name_of
from permea.ideas.models import Contributor
from permea.ideas.queries.access import Actor
from permea.people.models import Person
from permea.surface.registry import PagePart

MOST_SUGGESTIONS = 50


def is_author_of(actor: Person, idea_id: int) -> bool:
    """Say whether somebody writes an entry."""
    return Contributor.objects.filter(idea=idea_id, person=actor).exists()


def suggestion_for(actor: Person, key: str) -> Comment:
    """Return a suggestion on an entry the actor writes. Raises Http404 for all others."""
    rows = Comment.objects.filter(kind=Comment.Kind.SUGGESTION, status=Comment.Status.SHOWN)
    return get_object_or_404(rows.filter(idea__contributors__person=actor).select_related("idea"), key=key)


def suggestions_part(key: str, actor: Actor, _at: datetime) -> PagePart | None:
    """Return what was suggested about an entry for the page its authors write it on, those open first, or None."""
    rows = Comment.objects.filter(idea__key=key, kind=Comment.Kind.SUGGESTION, status=Comment.Status.SHOWN)
    found = rows.filter(idea__contributors__person=actor.pk).select_related("participant")
    ordered = found.order_by("outcome_at", "written_at", "pk")[:MOST_SUGGESTIONS]
    suggestions = [(row, name_of(row)) for row in sorted(ordered, key=lambda row: row.outcome != "")]
    if not suggestions:
        return None
    context = {"suggestions": suggestions, "outcomes": Comment.Outcome.choices}
    return PagePart("dialogue/_suggestions.html", context, style="dialogue/dialogue.css")
