"""What a mail says, as far as a box takes it; whatever comes in, reading it raises nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from permea.connectors.imap import words

MOST_TEXT = 4000
MOST_PARTS = 200
ORNAMENT = 10_000  # bytes up to which a picture inside the text is a logo, not a photo
PICTURES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
MARKS = (
    "auto-submitted", "precedence", "return-path", "x-auto-response-suppress", "list-id", "list-unsubscribe",
    "x-autoreply", "x-autorespond", "x-loop", "x-spam-flag", "x-spam-status", "authentication-results",
)  # fmt: skip
_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,400}>")


class Picture(NamedTuple):
    """A picture that came with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail, read. `marks` are the headers by which machines tell that they wrote it, in small letters."""

    fingerprint: str
    message_id: str
    answers: tuple[str, ...]
    sender: str
    name: str
    subject: str
    text: str
    tags: tuple[str, ...]
    marks: dict[str, str]
    is_report: bool
    is_cut: bool
    picture: Picture | None
    n_left_out: int

    @property
    def whole_text(self) -> str:
        """Return the subject as a line of its own and the text below it."""
        return words.tidy(f"{self.subject}\n\n{self.text}")


def letter_of(raw: bytes) -> Letter | None:
    """Return what a mail says, or None if it cannot be read as one."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        return _letter(message, raw) if isinstance(message, EmailMessage) and message.keys() else None
    except Exception:  # the parsers of the standard library raise many kinds of errors at hostile mails
        return None


def fingerprint_of(raw: bytes) -> str:
    """Return what tells a mail that cannot be read from others."""
    return hashlib.sha256(raw).hexdigest()


def _letter(message: EmailMessage, raw: bytes) -> Letter:
    """Read one mail."""
    parts = list(_parts(message))
    body, is_html = _body(parts)
    answers = tuple(_MESSAGE_ID.findall(f"{_header(message, 'in-reply-to')} {_header(message, 'references')}"))
    picture, n_left_out = _attachments(parts, body)
    subject = words.without_prefix(_header(message, "subject"))[:200]
    text = _text(body, is_html=is_html, is_answer=bool(answers))
    room = MOST_TEXT - len(subject) - 2
    name, sender = _sender(message)
    message_id = next(iter(_MESSAGE_ID.findall(_header(message, "message-id"))), "")
    return Letter(
        fingerprint=fingerprint_of(f"{sender} {message_id}".encode(errors="replace") if message_id else raw),
        message_id=message_id,
        answers=answers[-20:],
        sender=sender,
        name=name,
        subject=subject,
        text=_cut(text, room),
        tags=_tags(message),
        marks={mark: _header(message, mark).strip().lower() for mark in MARKS if mark in message},
        is_report=message.get_content_type() == "multipart/report",
        is_cut=len(text) > room,
        picture=picture,
        n_left_out=n_left_out,
    )


def _header(message: EmailMessage, name: str) -> str:
    """Return a header on one line; one that cannot be decoded as it stands in the mail."""
    try:
        value = str(message[name] or "")
    except Exception:  # broken encoded words make the standard library stumble in several ways
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name), "")
    return " ".join(words.tidy(value).split())


def _sender(message: EmailMessage) -> tuple[str, str]:
    """Return name and address of the sender; no address if there is none that could be answered."""
    name, address = parseaddr(_header(message, "from"))
    try:
        validate_email(address)
    except ValidationError:
        return "", ""
    return " ".join(words.tidy(name).split())[:160], address.lower() if len(address) <= 254 else ""  # noqa: PLR2004


def _tags(message: EmailMessage) -> tuple[str, ...]:
    """Return what stands behind a plus in the addresses this went to: the key of a box, perhaps."""
    headers = [_header(message, name) for name in _RECIPIENTS]
    places = (address.rpartition("@")[0] for _name, address in getaddresses(headers))
    return tuple(place.partition("+")[2].lower() for place in places if "+" in place)[:20]


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the parts of a mail that hold something; mails inside it are parts of their own."""
    waiting, n_parts = [message], 0
    while waiting and n_parts < MOST_PARTS:
        part, n_parts = waiting.pop(0), n_parts + 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[:0] = [inner for inner in part.iter_parts() if isinstance(inner, EmailMessage)]
        else:
            yield part


def _body(parts: list[EmailMessage]) -> tuple[EmailMessage | None, bool]:
    """Return the part with the text, and whether it is HTML."""
    texts = [part for part in parts if part.get_content_disposition() != "attachment" and not part.get_filename()]
    for kind in ("text/plain", "text/html"):
        for part in texts:
            if part.get_content_type() == kind:
                return part, kind == "text/html"
    return None, False


def _text(body: EmailMessage | None, *, is_html: bool, is_answer: bool) -> str:
    """Return the sender's own words; of a mail that is no answer, all words if nothing else is left."""
    if body is None:
        return ""
    said = _decoded(body)
    if is_html:
        said = words.text_of_html(said)
    own = words.own_words(said)
    return own or ("" if is_answer else words.tidy(said))


def _decoded(part: EmailMessage) -> str:
    """Return the text of a part; where its charset is wrong or unknown, as readable as it can be had."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def _attachments(parts: list[EmailMessage], body: EmailMessage | None) -> tuple[Picture | None, int]:
    """Return the first photo, and how many other attachments there are."""
    picture, n_left_out = None, 0
    for part in parts:
        if part is body or _is_other_form(part):
            continue
        content = part.get_payload(decode=True)
        kind = PICTURES.get(part.get_content_type())
        size = len(content) if isinstance(content, bytes) else 0
        if kind and part["content-id"] and size <= ORNAMENT:
            continue
        if picture is None and kind and isinstance(content, bytes):
            picture = Picture(f"photo{kind}", content)
        else:
            n_left_out += 1
    return picture, n_left_out


def _is_other_form(part: EmailMessage) -> bool:
    """Say whether a part is the text again in another form, or a signature over it: no attachment."""
    is_named = part.get_content_disposition() == "attachment" or part.get_filename()
    return part.get_content_type() in {"text/plain", "text/html", "application/pgp-signature"} and not is_named


def _cut(text: str, room: int) -> str:
    """Return as much of a text as there is room for, cut at a space."""
    if len(text) <= room:
        return text
    cut = text[: room - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
