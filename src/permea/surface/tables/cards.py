"""Cards of an address book (vCard 2.1, 3.0 and 4.0): each becomes a row."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from permea.surface.tables.model import Row, RowError, Table, shown

COLUMNS = ("ORG", "FN", "TITLE", "EMAIL", "TEL", "URL", "CITY", "COUNTRY", "CATEGORIES", "NOTE", "LANG")
ONE_OF_SEVERAL = ("EMAIL", "TEL", "URL")
CITY, COUNTRY = 3, 6  # places in the parts of an address
_LINE = re.compile(r"\r\n|\r|\n")
_NAME = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)$")
_SETTING = re.compile(r';((?:[^;"]|"[^"]*")*)')
_HEAD = re.compile(r'((?:[^:"]|"[^"]*")+):')
_SEMICOLON = re.compile(r"\\.|;", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Property(NamedTuple):
    """A line of a card: its name, its settings in capitals, and its value as it stands there."""

    name: str
    settings: tuple[str, ...]
    value: str


class Card(NamedTuple):
    """A card, with the line it begins on."""

    line: int
    properties: list[Property]


def is_cards(text: str) -> bool:
    """Say whether a text begins with a card."""
    return text.lstrip("\ufeff \t\r\n")[:11].upper() == "BEGIN:VCARD"


def read_cards(text: str) -> Table:
    """Read cards into rows; a card without its end and a line that is no property are errors, named by their line."""
    errors: list[RowError] = []
    cards = list(_cards(text, errors))
    rows = tuple(Row(card.line, tuple(value or None for value in _values(card.properties))) for card in cards)
    notes = (
        (_("Of several addresses, numbers or websites on a card, the preferred or else the first one is taken."),)
        if any(_has_several(card.properties) for card in cards)
        else ()
    )
    return Table(COLUMNS, rows, kind="vcard", errors=tuple(errors), notes=notes)


def _cards(text: str, errors: list[RowError]) -> Iterator[Card]:
    """Yield the cards that have an end."""
    card: Card | None = None
    for number, line in _unfolded(text):
        said = _property(line)
        mark = f"{said.name}:{said.value.strip().upper()}" if said else ""
        if card is not None and mark == "BEGIN:VCARD":
            errors.append(_endless(card))
        if mark == "BEGIN:VCARD":
            card = Card(number, [])
        elif card is not None and mark == "END:VCARD":
            yield card
            card = None
        elif card is None or said is None:
            errors.append(RowError(number, "", shown(line), _("this is not a line of a card.")))
        else:
            card.properties.append(said)
    if card is not None:
        errors.append(_endless(card))


def _endless(card: Card) -> RowError:
    """Return that the end of a card is missing."""
    return RowError(card.line, "", "", _("the end of the card that begins here is missing."))


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield whole lines with the number they begin on: a line that goes on begins with a space, or ended in “=”."""
    begin, whole = 0, ""
    for number, line in enumerate(_LINE.split(text.lstrip("\ufeff")), start=1):
        if whole and line[:1] in {" ", "\t"}:
            whole += line[1:]
        elif whole.endswith("=") and "QUOTED-PRINTABLE" in whole.partition(":")[0].upper():
            whole = whole[:-1] + line
        else:
            if whole.strip():
                yield begin, whole
            begin, whole = number, line
    if whole.strip():
        yield begin, whole


def _property(line: str) -> Property | None:
    """Return a line as a property, None if it is none."""
    head = _HEAD.match(line)
    name = _NAME.match(head[1].partition(";")[0].strip()) if head else None
    if head is None or name is None:
        return None
    settings = tuple(one.upper() for one in _SETTING.findall(head[1]))
    return Property(name[1].upper(), settings, _decoded(line[head.end() :], settings))


def _decoded(value: str, settings: Sequence[str]) -> str:
    """Return a value whose bytes are written out (vCard 2.1) as text."""
    if not any(one.endswith("QUOTED-PRINTABLE") for one in settings):
        return value
    charset = next((one.partition("=")[2] for one in settings if one.startswith("CHARSET=")), "UTF-8")
    content = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _values(properties: Sequence[Property]) -> Iterator[str]:
    """Yield what a card holds, in the order of `COLUMNS`; the card of an organisation itself names no person."""
    org, name = _first_part(properties, "ORG"), _name(properties)
    marks = {f"{one.name}:{one.value.strip().upper()}" for one in properties}
    if not marks.isdisjoint({"KIND:ORG", "X-ABSHOWAS:COMPANY"}):
        org, name = org or name, ""
    yield org
    yield "" if name == org else name
    yield _text(_best(properties, "TITLE") or _best(properties, "ROLE"))
    yield _text(_best(properties, "EMAIL")).removeprefix("mailto:")
    yield _text(_best(properties, "TEL")).removeprefix("tel:")
    yield _text(_best(properties, "URL"))
    address = [*_parts(_best(properties, "ADR")), *[""] * (COUNTRY + 1)]
    yield address[CITY]
    yield address[COUNTRY]
    yield _text(_best(properties, "CATEGORIES"))
    yield _text(_best(properties, "NOTE"))
    yield _text(_best(properties, "LANG"))


def _name(properties: Sequence[Property]) -> str:
    """Return what a card is called: as it is written out, or else from given and family name."""
    family, given, *_rest = [*_parts(_best(properties, "N")), "", ""]
    return _text(_best(properties, "FN")) or f"{given} {family}".strip()


def _first_part(properties: Sequence[Property], name: str) -> str:
    """Return the first part of a value: of an organisation its name, without the department."""
    return _parts(_best(properties, name))[0]


def _best(properties: Iterable[Property], name: str) -> str:
    """Return the value of this name that is preferred, or else stands first; nothing if there is none."""
    found = [one for one in properties if one.name == name and one.value.strip()]
    preferred = (one for one in found if any("PREF" in setting for setting in one.settings))
    best = next(preferred, found[0] if found else None)
    return best.value if best else ""


def _has_several(properties: Sequence[Property]) -> bool:
    """Say whether a card has more than one value where one is taken."""
    names = [one.name for one in properties]
    return any(names.count(name) > 1 for name in ONE_OF_SEVERAL)


def _parts(value: str) -> list[str]:
    """Return the parts of a value, cut at semicolons that are not escaped."""
    marked = _SEMICOLON.sub(lambda found: "\0" if found[0] == ";" else found[0], value)
    return [_text(part) for part in marked.split("\0")]


def _text(value: str) -> str:
    """Return a value without its escapes."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
