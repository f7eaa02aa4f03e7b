"""What an idea says: its fields, what is missing, what is hashed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.ideas.models import Attachment, Idea
from permea.ledger import verifier

MAX_TITLE, MAX_SUMMARY, MAX_BODY, MAX_AFFILIATION = 160, 500, 50_000, 160
MAX_LENGTHS = {
    "title": MAX_TITLE,
    "summary": MAX_SUMMARY,
    "body": MAX_BODY,
    "affiliation": MAX_AFFILIATION,
    "country": 2,
    "language": 10,
    "source": 12,
}
MONEY_LIMIT, DAYS_LIMIT = Decimal(10) ** 10, Decimal(10) ** 6
EDITED_FIELDS = (
    "title",
    "summary",
    "body",
    "affiliation",
    "source",
    "country",
    "language",
    "asked_money",
    "asked_days",
)
TEXT_FIELDS = frozenset(("title", "summary", "body", "affiliation", "country", "language", "source"))
CONTENT_FIELDS = ("title", "summary", "body", "language", "source", "asked_money", "asked_days")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def label_of(field: str) -> str:
    """Return what a field is called on the entry page."""
    return {
        "title": _("Title"),
        "summary": _("Summary"),
        "body": _("Description"),
        "affiliation": _("On behalf of"),
        "country": _("Country"),
        "language": _("Language"),
        "source": _("Who you are"),
        "asked_money": _("Money you ask for"),
        "asked_days": _("Person-days needed from us"),
    }[field]


def clean_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they are stored: one kind of line break, no space around one-line texts, numbers as text.

    Raises KeyError for a field an idea does not have.
    """
    cleaned: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in EDITED_FIELDS:
            raise KeyError(name)
        if name in {"asked_money", "asked_days"}:
            cleaned[name] = None if value in (None, "") else _number_text(value)
        elif name == "body":
            cleaned[name] = str(value).replace("\r\n", "\n").replace("\r", "\n")
        else:
            cleaned[name] = " ".join(str(value).split()) if name != "summary" else str(value).strip()
    return cleaned


def _number_text(value: Any) -> str:
    """Return a number as plain digits, without an exponent and without needless zeros."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return str(value)
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def why_not_text(fields: Mapping[str, Any]) -> Refusal | None:
    """Return why these cleaned fields cannot be stored (too long, characters no text has, bad numbers), or None."""
    for name, value in fields.items():
        if isinstance(value, str) and _FORBIDDEN.search(value):
            return Refusal(
                "ideas.bad_characters",
                _("“%(field)s” contains characters that are not text. Remove them and save again.")
                % {"field": label_of(name)},
            )
        limit = MAX_LENGTHS.get(name)
        if limit is not None and len(value) > limit:
            return Refusal(
                "ideas.too_long",
                _("“%(field)s” has %(length)d characters; at most %(limit)d fit. Shorten it, or attach it as a file.")
                % {"field": label_of(name), "length": len(value), "limit": limit},
            )
        if limit is None and value is not None and not _is_amount(value, of=name):
            return Refusal(
                "ideas.bad_number",
                _("“%(field)s” must be a number from 0 up, with at most two decimals.") % {"field": label_of(name)},
            )
    if "source" in fields and fields["source"] not in Idea.Source.values:
        return Refusal("ideas.bad_source", _("Choose who you are from the list."))
    return None


def _is_amount(value: str, *, of: str) -> bool:
    """Say whether a cleaned number can be stored in the field."""
    limit, digits = (MONEY_LIMIT, 2) if of == "asked_money" else (DAYS_LIMIT, 1)
    if not re.fullmatch(r"\d{1,20}(\.\d{1,20})?", value):
        return False
    return Decimal(value) < limit and len(value.partition(".")[2]) <= digits


def stored(idea: Idea) -> dict[str, Any]:
    """Return the cleaned fields as the idea has them now, without what waits in `pending`."""
    return clean_fields({name: getattr(idea, name) for name in EDITED_FIELDS})


def edited(idea: Idea) -> dict[str, Any]:
    """Return the cleaned fields as their contributor sees them in the editor."""
    return {**stored(idea), **(idea.pending or {})}


def differs(idea: Idea, fields: Mapping[str, Any]) -> bool:
    """Say whether cleaned fields say something else than the editor does."""
    now = edited(idea)
    return any(now[name] != value for name, value in fields.items())


def missing_from(fields: Mapping[str, Any]) -> list[str]:
    """Return the fields that must be filled before an idea is handed in, by the names people see."""
    return [label_of(name) for name in ("title", "summary", "body") if not str(fields[name]).strip()]


def content_of(fields: Mapping[str, Any], attachments: Iterable[Attachment], *, salt: str) -> dict[str, Any]:
    """Return what a version keeps and hashes: what was said and which files came with it, and no personal field."""
    return {**{name: fields[name] for name in CONTENT_FIELDS}, "files": files_of(attachments), "salt": salt}


def files_of(attachments: Iterable[Attachment]) -> list[dict[str, Any]]:
    """Return what is written down of files: everything that identifies them, but not their bytes."""
    return [
        {"key": one.key, "name": one.name, "type": one.content_type, "size": one.size, "sha256": one.sha256}
        for one in attachments
    ]


def written_down(content: Any) -> bytes:
    """Return the content in the ledger's canonical form: the bytes its fingerprint is taken of."""
    return verifier.canonical(content)


def fingerprint(content: Any) -> str:
    """Return the SHA-256 of the ledger's canonical form of the content, in hexadecimal."""
    return verifier.digest(written_down(content))


def search_text_of(title: str, summary: str) -> str:
    """Return what a search looks through: title and summary without case, accents and differences of encoding."""
    apart = unicodedata.normalize("NFKD", f"{title}\n{summary}".casefold())
    bare = "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFKC", bare).casefold()
