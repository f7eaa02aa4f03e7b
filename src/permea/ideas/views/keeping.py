"""What every button of the entry page does first: keep what was typed and chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpResponse

from permea.foundation.clock import now
from permea.foundation.ids import new_key
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas import queries, rules, services
from permea.ideas.forms import EntryForm
from permea.ideas.models import Idea
from permea.surface.pages import render
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.registry import reader_parts
from permea.surface.requests import PersonRequest

REFUSED, INVALID, TOO_MANY = 409, 422, 429


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a sent form: the saved idea, or why not, and whether it was kept beside a newer text."""

    idea: Idea
    form: EntryForm
    refusal: Refusal | None = None
    is_kept_apart: bool = False
    n_attached: int = 0
    refused_files: list[Refusal] = field(default_factory=list)


def languages_of(idea: Idea) -> list[str]:
    """Return the languages the challenge takes entries in, the idea's own among them."""
    offered = idea.challenge.entry_languages or [idea.challenge.language]
    return offered if idea.language in offered else [*offered, idea.language]


def hint_for(idea: Idea, fields: dict[str, Any]) -> str:
    """Return what is said under the language of an entry, nothing while it fits the text."""
    return rules.language_hint(idea.challenge, fields, accepted=languages_of(idea))


def keep(request: PersonRequest, idea: Idea) -> Kept:
    """Save what was sent; fields with a wrong shape are left as they were and stand in the form's errors."""
    form = EntryForm(request.POST, languages=languages_of(idea))
    fields = form.usable_fields()
    try:
        saved = services.save_draft(
            idea_id=idea.pk,
            actor=request.user,
            at=now(),
            window=str(form.data.get("window", ""))[:20],
            seen=form.seen_at(),
            **fields,
        )
    except RefusedError as error:
        return Kept(idea, form, error.refusal)
    n_attached, refused = _attach_chosen(request, idea)
    return Kept(saved.idea, form, None, saved.is_kept_apart, n_attached, refused)


def _attach_chosen(request: PersonRequest, idea: Idea) -> tuple[int, list[Refusal]]:
    """Attach the files that were chosen; return how many, and why the others were not."""
    n_attached, refused = 0, []
    for upload in request.FILES.getlist("files"):
        try:
            demand(why_too_many(client_of(request), what="ideas.attach", limit=120, per=timedelta(hours=1)))
            services.attach_file(
                idea_id=idea.pk, actor=request.user, name=upload.name or "", chunks=upload.chunks(), at=now()
            )
            n_attached += 1
        except RefusedError as error:
            refused.append(error.refusal)
    return n_attached, refused


def entry_page(
    request: PersonRequest, idea: Idea, form: EntryForm | None = None, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    """Show the entry page: what is typed, attached, missing and kept apart."""
    at = now()
    editor = queries.editor(request.user, idea, at)
    start = {**editor.fields, "window": new_key(), "seen": idea.saved_at.isoformat()}
    context: dict[str, Any] = {
        "editor": editor,
        "challenge": idea.challenge,
        "form": form or EntryForm(initial=start, languages=languages_of(idea)),
        "copies": [(copy, _changes(editor.fields, copy.content)) for copy in editor.copies],
        "language_hint": "" if editor.changes_blocked else hint_for(idea, editor.fields),
        "refusal": refusal,
        "builds_on": queries.built_on(idea),
        "said_before": [] if editor.changes_blocked else queries.said_before(request.user, idea, editor.fields, at),
        "limits": rules.file_limits(),
        "parts": reader_parts("ideas:entry", idea.key, request.user, at),
        "at": at,
    }
    return render(request, "ideas/entry.html", context, status=status)


def _changes(now_there: dict[str, Any], kept: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return label, present text and kept text of each field that differs."""
    return [
        (rules.label_of(name), str(now_there[name] or ""), str(value or ""))
        for name, value in kept.items()
        if now_there[name] != value
    ]


def troubled_page(request: PersonRequest, kept: Kept) -> HttpResponse | None:
    """Return the page that says what could not be saved, or None if all was."""
    if kept.refusal is not None:
        return entry_page(request, kept.idea, kept.form, kept.refusal, REFUSED)
    if kept.form.errors:
        return entry_page(request, kept.idea, kept.form, None, INVALID)
    return None
