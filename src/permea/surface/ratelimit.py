"""Limits on how often something may be tried."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal


def why_too_many(who: str, *, what: str, limit: int, per: timedelta) -> Refusal | None:
    """Count one try of `what` by `who` and refuse once `limit` in a window of length `per` is passed."""
    if not settings.RATE_LIMITS:
        return None
    key = f"limit:{what}:{who}"
    cache.add(key, 0, timeout=int(per.total_seconds()))
    try:
        tries = cache.incr(key)
    except ValueError:
        cache.set(key, 1, timeout=int(per.total_seconds()))
        tries = 1
    if tries <= limit:
        return None
    return Refusal("surface.too_many", _("That was tried too often. Please wait a little and try again."))


def client_of(request: HttpRequest) -> str:
    """Return whom to count: the signed-in person, else the client's address."""
    return request.user.key if request.user.is_authenticated else str(request.META.get("REMOTE_ADDR", ""))
