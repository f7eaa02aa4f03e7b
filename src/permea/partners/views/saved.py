"""Saved views of the directory: the chips above it, and the page where views are saved, renamed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.partners import queries, rules, services
from permea.partners.forms import DirectoryViewForm
from permea.partners.models import DirectoryView, Partner
from permea.people.models import Organisation
from permea.people.rules import country_choices
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member
from permea.surface.saved import Chip, Chips

REFUSED, INVALID = 409, 422
PLAIN = {"order": "name"}


def filters_of(said: Mapping[str, str]) -> queries.Filters:
    """Return what to look for; what makes no sense is left out."""
    order = said.get("order", "name")
    return queries.Filters(
        text=said.get("q", "")[:100],
        kind=said.get("kind", ""),
        stage=said.get("stage", ""),
        country=said.get("country", "")[:2],
        order=order if order in queries.ORDERS else "name",
    )


def chips(request: MemberRequest) -> Chips:
    """Return the views to choose from above the directory, each with how many partners it finds now."""
    saved = queries.directory_views(request.user, request.organisation, now())
    current = {**PLAIN, **rules.view_query(request.GET)}
    views = [*saved.own, *saved.shared]
    counts = queries.counts_of(request.organisation, [filters_of(view.query) for view in views])
    rows = [Chip(_("As it comes"), f"?{urlencode(PLAIN)}", is_current=current == PLAIN)] if views else []
    for view, count in zip(views, counts, strict=True):
        query = {**PLAIN, **view.query}
        owner = "" if view.person_id == request.user.pk else view.person.display_name
        rows.append(Chip(view.name, f"?{urlencode(query)}", owner, is_current=query == current, count=count))
    return Chips(rows, f"{reverse('partners:views')}?{urlencode(current)}")


@require_http_methods(["GET", "POST"])
@member(*rules.READING)
def directory_views(request: MemberRequest) -> HttpResponse:
    """Show one's views of the directory, and keep another one."""
    form = DirectoryViewForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=INVALID if form.errors else 200)
    said: dict[str, Any] = {"organisation": request.organisation, "actor": request.user, "given": request.POST}
    try:
        view = services.save_view(**said, **form.cleaned_data, at=now())
    except RefusedError as error:
        return _page(request, form, error.refusal, status=REFUSED)
    messages.success(request, _("Saved as “%(name)s”. It stands above the list.") % {"name": view.name})
    return redirect(f"{reverse('partners:list')}?{urlencode(view.query)}")


def _page(
    request: MemberRequest, form: DirectoryViewForm, refusal: Refusal | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with the page of one's views of the directory."""
    saved = queries.directory_views(request.user, request.organisation, now())
    given = rules.view_query(request.POST if request.method == "POST" else request.GET)
    context = {
        "form": form,
        "refusal": refusal,
        "save_blocked": rules.why_not_save_view(request.role, n_views=len(saved.own)),
        "given": given,
        "given_words": _words(given),
        "rows": [(view, _words(view.query)) for view in saved.own],
        "deleted": saved.deleted,
        "most": rules.MAX_VIEWS,
    }
    return render(request, "partners/views.html", context, status=status)


def _words(query: Mapping[str, str]) -> str:
    """Return in words what a view looks for, and in which order; codes nobody knows stay as they are."""
    orders = {
        "name": _("by name, A to Z"),
        "-name": _("by name, Z to A"),
        "last": _("longest without a talk first"),
        "-last": _("last talked with first"),
    }
    known: dict[str, Mapping[str, Any]] = {
        "kind": dict(Organisation.Kind.choices),
        "stage": {**dict(Partner.Stage.choices), "archived": pgettext("partner", "Put away")},
        "country": dict(country_choices()),
        "order": orders,
    }
    parts = [f"“{query['q']}”"] if "q" in query else []
    parts += [str(known[name].get(query[name], query[name])) for name in known if name in query]
    return " · ".join(parts)


@require_POST
@member(*rules.READING)
def rename_view(request: MemberRequest, view_key: str) -> HttpResponse:
    """Give a view another name, or share it, or share it no longer."""
    form = DirectoryViewForm(request.POST)
    if not form.is_valid():
        _mine(request, view_key)
        messages.warning(request, _("Nothing is changed: give the view a name of at most 60 characters."))
        return redirect("partners:views")
    said = form.cleaned_data
    return _done(request, view_key, lambda pk: services.rename_view(view_id=pk, actor=request.user, **said))


@require_POST
@member(*rules.READING)
def delete_view(request: MemberRequest, view_key: str) -> HttpResponse:
    """Delete a view; its page then offers to take that back."""
    return _done(request, view_key, lambda pk: services.delete_view(view_id=pk, actor=request.user, at=now()))


@require_POST
@member(*rules.READING)
def restore_view(request: MemberRequest, view_key: str) -> HttpResponse:
    """Take the deleting of a view back."""
    return _done(request, view_key, lambda pk: services.restore_view(view_id=pk, actor=request.user))


def _mine(request: MemberRequest, key: str) -> DirectoryView:
    """Return a view of the person who asks, or answer 404."""
    return queries.my_view(request.user, request.organisation, key)


def _done(request: MemberRequest, key: str, change: Callable[[int], DirectoryView]) -> HttpResponse:
    """Change a view and go back to the page of views, with why not if it was refused."""
    view = _mine(request, key)
    try:
        change(view.pk)
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
    return redirect("partners:views")
