"""Deciding about terms: what a new version needs, and what its fingerprint is."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from permea.agreements.models import Terms
from permea.foundation.refusals import Refusal


def fingerprint(title: str, body: str) -> str:
    """Return the SHA-256 of a text as it is shown: title, empty line, body, line ends normalised."""
    text = f"{title.strip()}\n\n{tidy(body)}"
    return hashlib.sha256(text.encode()).hexdigest()


def tidy(body: str) -> str:
    """Return a text with plain line ends and nothing around it."""
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def why_not_publish_terms(latest: Terms | None, title: str, body: str) -> Refusal | None:
    """Return why this text may not become the next version after `latest`, or None if it may."""
    if not title.strip() or not tidy(body):
        return Refusal("agreements.empty", _("Terms need a title and a text."))
    if latest is not None and latest.sha256 == fingerprint(title, body):
        return Refusal(
            "agreements.unchanged",
            _(
                "This is word for word version %(version)d, so there is nothing new to publish. Change the text first.",
            )
            % {"version": latest.version},
        )
    return None
