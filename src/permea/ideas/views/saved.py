"""Saved views of the two lists: the chips above a list, and the page where views are saved, renamed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.forms import SavedViewForm, language_choices
from permea.ideas.models import Idea, Posting, SavedView
from permea.people.models import Membership
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, wanted_page
from permea.surface.saved import Chip, Chips

MANAGING = (Membership.Role.OWNER, Membership.Role.MANAGER)
REFUSED, INVALID = 409, 422
PLAIN = {"entries": {"sort": "-submitted"}, "inbox": {"state": queries.WAITING_FILTER}}


def asked(request: HttpRequest, saved: queries.SavedViews) -> dict[str, str]:
    """Return what a list is to show: what the address says, or without a word there the view its reader prefers."""
    is_said = any(name in request.GET for name in rules.VIEW_FILTERS[saved.place])
    return rules.view_query(saved.place, request.GET) if is_said else saved.default


def chips(request: HttpRequest, saved: queries.SavedViews, shown: Mapping[str, str]) -> Chips:
    """Return the views to choose from above a list that shows this."""
    current = {**PLAIN[saved.place], **shown}

    def chip(view: SavedView, owner: str) -> Chip:
        query = {**PLAIN[saved.place], **view.query}
        return Chip(view.name, f"?{urlencode(query)}", owner, view.is_default and not owner, query == current)

    plain = Chip(_("As it comes"), f"?{urlencode(PLAIN[saved.place])}", is_current=current == PLAIN[saved.place])
    theirs = [chip(view, view.person.display_name) for view in saved.shared]
    rows = [plain, *(chip(view, "") for view in saved.own), *theirs]
    here = {**current, "next": request.path}
    page = reverse("ideas:saved_views", args=[saved.place])
    return Chips(rows if len(rows) > 1 else [], f"{page}?{urlencode(here)}")


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def saved_views(request: MemberRequest, place: str) -> HttpResponse:
    """Show one's views of a list, and keep another one."""
    if place not in rules.VIEW_FILTERS:
        raise Http404
    form = SavedViewForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, place, form, status=INVALID if form.errors else 200)
    said: dict[str, Any] = {
        "organisation": request.organisation,
        "actor": request.user,
        "place": place,
        "given": request.POST,
    }
    try:
        view = services.save_view(**said, **form.cleaned_data, at=now())
    except RefusedError as error:
        return _page(request, place, form, error.refusal, status=REFUSED)
    messages.success(request, _("Saved as “%(name)s”. It stands above the list.") % {"name": view.name})
    return redirect(f"{_list_of(request, place)}?{urlencode(view.query)}")


def _list_of(request: HttpRequest, place: str) -> str:
    """Return the list somebody came from, or the one there is."""
    usual = reverse("ideas:inbox") if place == SavedView.Place.INBOX else reverse("challenges:list")
    return urlsplit(wanted_page(request)).path or usual


def _page(
    request: MemberRequest, place: str, form: SavedViewForm, refusal: Refusal | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with the page of one's views of a list."""
    saved = queries.saved_views(request.user, request.organisation, place, now())
    given = rules.view_query(place, request.POST if request.method == "POST" else request.GET)
    titles = {box.key: box.title for box in queries.box_titles(request.organisation)} if place == "inbox" else {}
    context = {
        "place": SavedView.Place(place),
        "form": form,
        "refusal": refusal,
        "save_blocked": rules.why_not_save_view(request.role, n_views=len(saved.own)),
        "given": given,
        "given_words": _words(given, titles),
        "rows": [(view, _words(view.query, titles)) for view in saved.own],
        "deleted": saved.deleted,
        "most": rules.MAX_VIEWS,
        "back": _list_of(request, place),
    }
    return render(request, "ideas/saved_views.html", context, status=status)


def _words(query: Mapping[str, str], box_titles: Mapping[str, str]) -> str:
    """Return in words what a view looks for, and in which order; codes nobody knows stay as they are."""
    states = {**dict(Posting.Status.choices), queries.WAITING_FILTER: _("Waits for an answer"), "all": _("Everything")}
    orders = {
        "-submitted": _("newest first"),
        "submitted": _("oldest first"),
        "title": _("by title, A to Z"),
        "-title": _("by title, Z to A"),
        "-money": _("most money first"),
        "money": _("least money first"),
    }
    known: dict[str, Mapping[str, Any]] = {
        "source": dict(Idea.Source.choices),
        "kind": dict(Posting.Kind.choices),
        "state": states,
        "language": dict(language_choices([query["language"]] if "language" in query else [])),
        "box": box_titles,
        "sort": orders,
    }
    parts = [f"“{query['q']}”"] if "q" in query else []
    parts += [str(known[name].get(query[name], query[name])) for name in known if name in query]
    return " · ".join(parts)


@require_POST
@member(*MANAGING)
def rename_view(request: MemberRequest, key: str) -> HttpResponse:
    """Give a view another name, or share it, or share it no longer."""
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing is changed: give the view a name of at most 60 characters."))
        return _back(request, _mine(request, key))
    return _done(request, key, lambda pk: services.rename_view(view_id=pk, actor=request.user, **form.cleaned_data))


@require_POST
@member(*MANAGING)
def prefer_view(request: MemberRequest, key: str) -> HttpResponse:
    """Have the list open with a view, or no longer."""
    is_default = request.POST.get("action") != "drop"
    return _done(request, key, lambda pk: services.prefer_view(view_id=pk, actor=request.user, is_default=is_default))


@require_POST
@member(*MANAGING)
def delete_view(request: MemberRequest, key: str) -> HttpResponse:
    """Delete a view; its page then offers to take that back."""
    return _done(request, key, lambda pk: services.delete_view(view_id=pk, actor=request.user, at=now()))


@require_POST
@member(*MANAGING)
def restore_view(request: MemberRequest, key: str) -> HttpResponse:
    """Take the deleting of a view back."""
    return _done(request, key, lambda pk: services.restore_view(view_id=pk, actor=request.user))


def _mine(request: MemberRequest, key: str) -> SavedView:
    """Return a view of the person who asks, or answer 404."""
    return queries.my_view(request.user, request.organisation, key)


def _done(request: MemberRequest, key: str, change: Callable[[int], SavedView]) -> HttpResponse:
    """Change a view and go back to its page, with why not if it was refused."""
    view = _mine(request, key)
    try:
        change(view.pk)
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
    return _back(request, view)


def _back(request: MemberRequest, view: SavedView) -> HttpResponse:
    """Go back to the page of one's views, from where one still finds the list one came from."""
    return redirect(reverse("ideas:saved_views", args=[view.place], query={"next": _list_of(request, view.place)}))
