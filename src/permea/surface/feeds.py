"""What programs fetch again and again: Atom feeds (RFC 4287), and answers that say when nothing has changed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date, quote_etag

FRESH_SECONDS = 300


class Feed(Atom1Feed):
    """A feed whose entries may each be in another language, and which has a date even while it is empty."""

    def latest_post_date(self) -> datetime:
        """Return when the newest entry was made, or else when the feed began."""
        return cast("datetime", super().latest_post_date() if self.items else self.feed["began_at"])

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Return the language of an entry."""
        return {"xml:lang": item["language"]}


def stable_id(*parts: str) -> str:
    """Return an identifier that stays what it is when the instance moves to another address."""
    return uuid5(NAMESPACE_URL, "permea:" + ":".join(parts)).urn


def answer_if_changed(
    request: HttpRequest, content: bytes, content_type: str, *, changed_at: datetime, language: str
) -> HttpResponseBase:
    """Answer with the content, or with 304 to somebody who has it already."""
    etag, modified = quote_etag(hashlib.sha256(content).hexdigest()), int(changed_at.timestamp())
    response = HttpResponse(
        content,
        content_type=content_type,
        headers={
            "ETag": etag,
            "Last-Modified": http_date(modified),
            "Cache-Control": f"public, max-age={FRESH_SECONDS}",
            "Content-Language": language,
        },
    )
    return get_conditional_response(request, etag, modified, response) or response
