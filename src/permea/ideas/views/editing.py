"""The entry page: typing, saving, handing in, taking back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.ids import new_key
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas import queries, rules, services
from permea.ideas.models import Idea
from permea.ideas.views.guard import bounded, problem
from permea.ideas.views.keeping import INVALID, REFUSED, TOO_MANY, Kept, entry_page, hint_for, keep, troubled_page
from permea.surface.downloads import made_file
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.requests import PersonRequest, signed_in


def _detour(request: PersonRequest, kept: Kept) -> HttpResponseBase | None:
    """Return where to go when not all could be kept as meant, or None if it was."""
    trouble = troubled_page(request, kept)
    if trouble is not None:
        return trouble
    for refusal in kept.refused_files:
        messages.error(request, refusal.reason)
    if kept.is_kept_apart:
        messages.warning(
            request, _("This entry was saved from elsewhere meanwhile. Both texts are kept; compare below.")
        )
    return redirect("ideas:entry", kept.idea.key) if kept.refused_files or kept.is_kept_apart else None


@require_http_methods(["GET", "POST"])
@bounded
@signed_in
def entry(request: PersonRequest, key: str) -> HttpResponseBase:
    """Show or save one of the person's own entries."""
    idea = queries.my_idea(request.user, key)
    if request.method != "POST":
        return entry_page(request, idea)
    kept = keep(request, idea)
    detour = _detour(request, kept)
    if detour is not None:
        return detour
    is_alone = len(queries.contributors_of(kept.idea)) == 1
    saved = _("Saved. Nobody but you can read it.") if is_alone else _("Saved. Only those who write it can read it.")
    messages.success(request, saved)
    return redirect("ideas:entry", key)


@require_POST
@bounded
@signed_in
def autosave(request: PersonRequest, key: str) -> HttpResponseBase:
    """Save what is being typed, for the page's script."""
    idea = queries.my_idea(request.user, key)
    refusal = why_too_many(client_of(request), what="ideas.autosave", limit=600, per=timedelta(minutes=10))
    if refusal is not None:
        return problem(refusal, TOO_MANY)
    kept = keep(request, idea)
    if kept.refusal is not None:
        return problem(kept.refusal, REFUSED)
    if kept.is_kept_apart:
        reason = _("It was saved from elsewhere meanwhile. This text is kept beside it; reload to compare.")
        return problem(Refusal("ideas.kept_apart", reason), REFUSED)
    if kept.form.errors:
        labels = ", ".join(str(kept.form.fields[name].label) for name in kept.form.errors)
        reason = _("Everything but this is saved: %(fields)s.") % {"fields": labels}
        return problem(Refusal("ideas.invalid", reason), INVALID)
    fields = rules.edited(kept.idea)
    hints = {"language": hint_for(kept.idea, fields)}
    lists = {"said_before": said_before_of(request, kept.idea, fields)}
    return JsonResponse({"saved_at": kept.idea.saved_at.isoformat(), "hints": hints, "lists": lists})


def said_before_of(request: PersonRequest, idea: Idea, fields: dict[str, Any]) -> list[dict[str, str]]:
    """Return what was said before as the page's script shows it: address, title, and by which words it is alike."""
    found = queries.said_before(request.user, idea, fields, now())
    return [
        {
            "href": reverse("ideas:shown_entry", args=[one.idea.challenge.key, one.idea.key]),
            "text": one.idea.title,
            "lang": one.idea.language,
            "note": ", ".join(one.words),
        }
        for one in found
    ]


@require_POST
@bounded
@signed_in
def submit(request: PersonRequest, key: str) -> HttpResponseBase:
    """Save what was sent with the button, then hand the entry in."""
    idea = queries.my_idea(request.user, key)
    if "title" in request.POST:
        detour = _detour(request, keep(request, idea))
        if detour is not None:
            return detour
    try:
        demand(why_too_many(client_of(request), what="ideas.submit", limit=60, per=timedelta(hours=1)))
        services.submit_idea(idea_id=idea.pk, actor=request.user, at=now())
    except RefusedError as error:
        return entry_page(request, queries.my_idea(request.user, key), None, error.refusal, REFUSED)
    messages.success(request, _("Handed in. Your receipt is below, and comes by mail."))
    return redirect("ideas:detail", key)


@require_POST
@signed_in
def withdraw(request: PersonRequest, key: str) -> HttpResponseBase:
    """Take a handed-in entry back."""
    idea = queries.my_idea(request.user, key)
    try:
        services.withdraw_idea(idea_id=idea.pk, actor=request.user, at=now())
    except RefusedError as error:
        return entry_page(request, idea, None, error.refusal, REFUSED)
    messages.success(request, _("Withdrawn. You can hand it in again until the deadline."))
    return redirect("ideas:detail", key)


@require_POST
@signed_in
def discard(request: PersonRequest, key: str) -> HttpResponseBase:
    """Go back to what was handed in last."""
    idea = queries.my_idea(request.user, key)
    try:
        services.discard_changes(idea_id=idea.pk, actor=request.user, at=now())
    except RefusedError as error:
        return entry_page(request, idea, None, error.refusal, REFUSED)
    messages.success(request, _("Your changes are gone. The entry is as you handed it in."))
    return redirect("ideas:detail", key)


@require_POST
@signed_in
def erase(request: PersonRequest, key: str) -> HttpResponseBase:
    """Remove the text and the files of a draft or a withdrawn entry for good."""
    idea = queries.my_idea(request.user, key)
    try:
        services.remove_text(idea_id=idea.pk, actor=request.user, at=now())
    except RefusedError as error:
        return entry_page(request, idea, None, error.refusal, REFUSED)
    messages.success(request, _("The text and the files of this entry are removed."))
    return redirect("ideas:mine")


@require_POST
@signed_in
def settle_copy(request: PersonRequest, key: str, copy_id: int) -> HttpResponseBase:
    """Take a text that was kept apart, or throw it away."""
    idea = queries.my_idea(request.user, key)
    copy = queries.kept_copy(request.user, idea, copy_id)
    try:
        if request.POST.get("action") == "use":
            services.adopt_copy(copy_id=copy.pk, actor=request.user, window=new_key(), at=now())
            messages.success(request, _("This text is now your entry; the other one is kept below."))
        else:
            services.discard_copy(copy_id=copy.pk, actor=request.user, at=now())
            messages.success(request, _("The other text is gone."))
    except RefusedError as error:
        return entry_page(request, idea, None, error.refusal, REFUSED)
    return redirect("ideas:entry", key)


@require_GET
@signed_in
def version(request: PersonRequest, key: str, number: int) -> HttpResponseBase:
    """Give a contributor a version word for word as its fingerprint was taken, to check the receipt against."""
    content = queries.version_document(request.user, key, number)
    return made_file(rules.written_down(content), f"entry-{key}-version-{number}.json", "application/json")
