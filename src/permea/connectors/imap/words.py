"""The words somebody wrote in a mail: text out of HTML, quoted history and signature cut off."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "blockquote"})
MOST_HTML = 200_000  # characters
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ATTRIBUTION = re.compile(
    r"(On .{4,300} wrote|Am .{4,300} schrieb.{0,160}|Le .{4,300} a écrit"
    r"|El .{4,300} escribió|Il .{4,300} ha scritto)\s?:"
)
_HISTORY = re.compile(
    r"(?<!-)-{3,}+\s?"
    r"(Original Message|Ursprüngliche Nachricht|Message d.origine|Mensaje original|Messaggio originale)\s?-{3,}"
    r"|_{20,}"
)
_PREFIX = re.compile(r"^\s*((re|aw|fw|fwd|wg|tr|rv|r|i|sv|antw|rif)\s?(\[\d+\])?:\s*)+", re.IGNORECASE)


class _Text(HTMLParser):
    """Collects the text of a page that has no tags but blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line with a block."""
        del tag, attrs
        self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line with a block."""
        del tag
        self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.parts.append(re.sub(r"\s+", " ", data))


def text_of_html(page: str) -> str:
    """Return the text of an HTML page, nothing of it rendered or fetched; what comes after its first part is left out.

    It is made well-formed first: reading tags that never end costs the standard library's parser the square of their
    number, and whoever may write to the box would hold up everybody's mail with one letter.
    """
    reader = _Text()
    reader.feed(nh3.clean(page[:MOST_HTML], tags=set(_BLOCKS), attributes={}, clean_content_tags=set(_SILENT)))
    reader.close()
    return "".join(reader.parts)


def tidy(text: str) -> str:
    """Return text without control characters, spaces at line ends, and more than one empty line in a row."""
    plain = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    lines = "\n".join(line.rstrip() for line in plain.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def own_words(text: str) -> str:
    """Return what the sender wrote themselves: up to the signature or the history, without quoted lines."""
    lines, kept = text.replace("\r\n", "\n").split("\n"), list[str]()
    for number, line in enumerate(lines):
        plain = line.strip()
        if line.rstrip("\r") in {"-- ", "--"} or _HISTORY.fullmatch(plain):
            break
        if plain.startswith(">"):
            continue
        n_lines = _attribution(lines, number)
        if n_lines and not _is_quoted_next(lines[number + n_lines :]):
            break
        if not n_lines and not _attribution(lines, number - 1) == 2:  # noqa: PLR2004, SIM201 - its second line
            kept.append(line)
    return tidy("\n".join(kept))


def _attribution(lines: list[str], number: int) -> int:
    """Return over how many lines, one or two, it is said here who wrote what follows; 0 if it is not."""
    if number < 0:
        return 0
    for n_lines in (1, 2):
        if _ATTRIBUTION.fullmatch(" ".join(line.strip() for line in lines[number : number + n_lines])):
            return n_lines
    return 0


def _is_quoted_next(lines: list[str]) -> bool:
    """Say whether the next line that says something is quoted."""
    return next((line.strip().startswith(">") for line in lines if line.strip()), False)


def without_prefix(subject: str) -> str:
    """Return a subject without the marks of answering and forwarding."""
    return " ".join(_PREFIX.sub("", tidy(subject)).split())
