"""Rendering: the Jinja2 environment, what every page's frame needs, and whole pages or single blocks."""

from __future__ import annotations

import json as json_module
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as django_render
from django.template import engines
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from jinja2_fragments import render_block as fragment
from lucide import IconDoesNotExist
from lucide.jinja import lucide
from markupsafe import Markup

from permea.people.queries import seats_of
from permea.surface import charts, components, formats
from permea.surface.registry import NavItem, nav_items
from permea.surface.requests import seat_of


def environment(**options: Any) -> Environment:
    """Return the Jinja2 environment of all pages: strict about names, escaping by default, translating."""
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options.pop("autoescape", None)
    options.update(undefined=StrictUndefined, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    env = Environment(autoescape=True, **options)
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        charts=charts,
        parts=components,
        url=url,
        find_url=find_url,
        static=static,
        icon=icon,
        is_rtl=translation.get_language_bidi,
        language=translation.get_language,
    )
    env.filters.update(formats.FILTERS)
    env.filters["json"] = lambda value: json_module.dumps(value, ensure_ascii=False)
    return env


def url(name: str, *args: Any, **query: Any) -> str:
    """Return the address of a named page; keyword arguments become the query string."""
    return str(
        reverse(name, args=args, query={key: value for key, value in query.items() if value not in (None, "")} or None)
    )


def find_url(name: str, *args: Any) -> str:
    """Return the address of a named page, or nothing where this instance has no such page: the frame leaves it out."""
    try:
        return str(reverse(name, args=args))
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=512)
def icon(name: str, size: int = 18) -> Markup:
    """Return a Lucide icon as SVG, hidden from screen readers: words beside it speak. Raises ValueError if unknown."""
    try:
        return Markup(lucide(name, size=size, aria_hidden="true", focusable="false", **{"class": "icon"}))  # noqa: S704 - drawn by the icon package
    except IconDoesNotExist as error:
        raise ValueError(f"there is no icon {name!r}") from error


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of each page shows: organisation, role, rail, languages."""
    seat = seat_of(request) if hasattr(request, "session") and hasattr(request, "user") else None
    rail = nav_items(seat[1]) if seat else {}
    return {
        "seat": {"organisation": seat[0], "role": seat[1]} if seat else None,
        "seats": seats_of(request.user) if seat else [],
        "rail": rail,
        "rail_here": _rail_entry_of(request.path, rail),
        "languages": settings.LANGUAGES,
        "n_unread": getattr(getattr(request, "user", None), "n_unread", 0),
        "mail_is_kept": settings.MAIL_IS_KEPT,
        "is_numeric_host": is_numeric(request.META.get("HTTP_HOST", "")),
    }


def _rail_entry_of(path: str, rail: Mapping[str, Iterable[NavItem]]) -> str:
    """Return the name of the rail's entry that a page belongs to: the nearest one above it, else nothing."""
    above = [item.url_name for items in rail.values() for item in items if path.startswith(url(item.url_name))]
    return max(above, key=lambda name: len(url(name)), default="")


def is_numeric(host: str) -> bool:
    """Say whether a host is an address in numbers; browsers keep passkeys for names only."""
    try:
        ip_address(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
    return True


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a whole page."""
    return django_render(request, template, dict(context or {}), status=status, using="jinja2")


def render_block(
    request: HttpRequest, template: str, block: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with one block of a page, for a partial change; a plain form gets the whole page."""
    if not getattr(request, "htmx", False):
        return render(request, template, context, status=status)
    engine = engines["jinja2"]
    full: dict[str, Any] = dict(context)
    from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy  # noqa: PLC0415 - private helpers, used here only

    full.update(request=request, csrf_input=csrf_input_lazy(request), csrf_token=csrf_token_lazy(request))
    for processor in engine.template_context_processors:  # type: ignore[attr-defined]  # Jinja2 backend
        full.update(processor(request))
    return HttpResponse(fragment(engine.env, template, block, full), status=status)  # type: ignore[attr-defined]
