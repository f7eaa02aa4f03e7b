"""Pages of themes: what the entries of a closed challenge are about, and what people make of it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.jobs import enqueue_once
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.tasks import find_themes
from permea.ideas.views.saved import MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number


@require_GET
@member(*MANAGING)
def themes(request: MemberRequest, key: str) -> HttpResponseBase:
    """Show the themes of a challenge with their map; while it is sealed, how many entries there are."""
    at = now()
    challenge, counts, is_sealed = queries.sealed_state(request.user, key, at)
    if is_sealed:
        blocked = _("Go to the entries to take ideas over.")
        context = {"challenge": challenge, "counts": counts, "at": at, "import_blocked": blocked}
        return render(request, "ideas/sealed.html", context)
    shown = queries.themes_page(request.user, challenge, at)
    return render(request, "ideas/themes.html", {"challenge": challenge, "shown": shown})


@require_POST
@member(*MANAGING)
def find(request: MemberRequest, key: str) -> HttpResponse:
    """Work the themes out now, or of many entries in the background."""
    challenge, at = queries.managed_challenge(request.user, key), now()
    is_afresh = request.POST.get("afresh") == "yes"
    try:
        services.ask_for_themes(challenge_id=challenge.pk, actor=request.user, at=at)
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return redirect("ideas:themes", challenge.key)
    if queries.n_comparable(challenge) > rules.SORTED_AT_ONCE:
        enqueue_once(find_themes, challenge.pk, is_afresh=is_afresh)
        messages.info(request, _("The themes are being worked out in the background."))
    else:
        n_found = services.work_out_themes(challenge_id=challenge.pk, at=at, is_afresh=is_afresh)
        text = ngettext("The entries are in %(num)d theme.", "The entries are in %(num)d themes.", n_found)
        messages.success(request, text % {"num": n_found})
    return redirect("ideas:themes", challenge.key)


@require_POST
@member(*MANAGING)
def new_theme(request: MemberRequest, key: str) -> HttpResponse:
    """Make a theme without entries."""
    challenge, at = queries.managed_challenge(request.user, key), now()
    name = _said(request, "name")
    _tried(
        request,
        lambda: services.make_theme(challenge_id=challenge.pk, name=name, actor=request.user, at=at),
        _("The theme is there. Move entries into it from the other themes."),
    )
    return redirect("ideas:themes", challenge.key)


@require_GET
@member(*MANAGING)
def theme(request: MemberRequest, key: str, theme_key: str) -> HttpResponseBase:
    """Show the entries of a theme, or those in none, to move them; rename, merge or remove the theme."""
    shown = queries.theme_page(request.user, key, theme_key, now(), page=page_number(request))
    name = shown.theme.name if shown.theme else _("In no theme")
    choices = [(one.key, one.name) for one in shown.others]
    context = {"challenge": shown.challenge, "shown": shown, "theme_key": theme_key, "name": name, "choices": choices}
    return render(request, "ideas/theme.html", context)


@require_POST
@member(*MANAGING)
def rename_theme(request: MemberRequest, key: str, theme_key: str) -> HttpResponse:
    """Give a theme a name that stays."""
    found, at = queries.managed_theme(request.user, key, theme_key), now()
    name = _said(request, "name")
    _tried(
        request,
        lambda: services.rename_theme(theme_id=found.pk, name=name, actor=request.user, at=at),
        _("The name is kept, also when themes are worked out again."),
    )
    return redirect("ideas:theme", key, theme_key)


@require_POST
@member(*MANAGING)
def merge_theme(request: MemberRequest, key: str, theme_key: str) -> HttpResponse:
    """Make a theme part of another."""
    found, at = queries.managed_theme(request.user, key, theme_key), now()
    into = queries.managed_theme(request.user, key, _said(request, "into"))
    is_done = _tried(
        request,
        lambda: services.merge_themes(theme_id=found.pk, into_id=into.pk, actor=request.user, at=at),
        _("The two are one theme now. You can undo this at the foot of the page."),
    )
    return redirect("ideas:themes", key) if is_done else redirect("ideas:theme", key, theme_key)


@require_POST
@member(*MANAGING)
def remove_theme(request: MemberRequest, key: str, theme_key: str) -> HttpResponse:
    """Remove a theme and leave its entries in none."""
    found, at = queries.managed_theme(request.user, key, theme_key), now()
    _tried(
        request,
        lambda: services.remove_theme(theme_id=found.pk, actor=request.user, at=at),
        _("The theme is gone, and its entries are in none. You can undo this at the foot of the page."),
    )
    return redirect("ideas:themes", key)


@require_POST
@member(*MANAGING)
def undo_theme_change(request: MemberRequest, key: str, change_key: str) -> HttpResponse:
    """Bring a merged or removed theme back with its entries."""
    change, at = queries.managed_theme_change(request.user, key, change_key), now()
    _tried(
        request,
        lambda: services.undo_theme_change(change_id=change.pk, actor=request.user, at=at),
        _("The theme is there again, with its entries."),
    )
    return redirect("ideas:themes", key)


@require_POST
@member(*MANAGING)
def move_to_theme(request: MemberRequest, key: str, theme_key: str) -> HttpResponse:
    """Move the chosen entries of a theme to another one."""
    into, at = queries.managed_theme(request.user, key, _said(request, "into")), now()
    chosen = request.POST.getlist("idea")[: queries.THEME_PAGE_SIZE]
    _tried(
        request,
        lambda: services.move_entries(theme_id=into.pk, idea_keys=chosen, actor=request.user, at=at),
        _("Moved. They stay there, also when themes are worked out again.") if chosen else _("No entry was chosen."),
    )
    return redirect("ideas:theme", key, theme_key)


def _said(request: HttpRequest, name: str) -> str:
    """Return what was typed or chosen."""
    return request.POST.get(name, "").replace("\x00", "")


def _tried(request: HttpRequest, change: Callable[[], object], done: str) -> bool:
    """Make a change and tell that it is made, or why it is not; say whether it is."""
    try:
        change()
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return False
    messages.success(request, done)
    return True
