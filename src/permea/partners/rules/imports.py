"""Partners and their people from a table or cards: what a row becomes, what is known already, what cannot be kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.partners.models import PartnerImport
from permea.partners.rules.directory import folded
from permea.people.models import Organisation
from permea.people.rules import country_choices
from permea.surface.tables import Cell, ConvertedRow, RowError

MOST_ROWS = 10_000
NAMED_IN_USE = 5
LONGEST = {"organisation": 160, "person": 120, "position": 120, "phone": 40, "city": 120, "tags": 200, "note": 4000,
           "website": 300, "email": 254}  # fmt: skip
OF_PARTNER = ("kind", "country", "city", "language", "website", "tags", "note")
OF_PERSON = ("email", "phone", "position")
SHORT_NAMES = {"usa": "US", "uk": "GB", "uae": "AE", "holland": "NL", "england": "GB", "scotland": "GB"}


@dataclass(frozen=True, slots=True)
class ImportPerson:
    """Somebody at a partner, as a row says."""

    name: str
    email: str = ""
    phone: str = ""
    position: str = ""

    @property
    def mark(self) -> str:
        """Return what tells this person from others there: the address, or else the name."""
        return person_mark(self.name, self.email)


@dataclass(slots=True)
class ImportPartner:
    """An organisation, with the first line that names it, what all its lines say of it, and its people."""

    line: int
    name: str
    fields: dict[str, str] = field(default_factory=dict)
    people: list[ImportPerson] = field(default_factory=list)


@dataclass(slots=True)
class CheckedPartners:
    """What comes: partners by mark, which lines cannot be taken at all, and which are taken without a cell."""

    partners: dict[str, ImportPartner] = field(default_factory=dict)
    left_out: list[RowError] = field(default_factory=list)
    without: list[RowError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KnownPartners:
    """Whom a firm knows already: row numbers of partners by mark, and the marks of the people at each."""

    partners: Mapping[str, int]
    people: Mapping[int, frozenset[str]]


@dataclass(slots=True)
class Arrivals:
    """What is new of what comes: partners, people at partners that are known, and how many of both are here."""

    partners: list[ImportPartner] = field(default_factory=list)
    people: list[tuple[int, ImportPerson]] = field(default_factory=list)
    n_present: int = 0

    @property
    def n_people(self) -> int:
        """Return how many people come, at new and at known partners."""
        return len(self.people) + sum(len(one.people) for one in self.partners)


def partner_mark(name: str) -> str:
    """Return what tells a partner from others in a file and in a directory: its name without case and accents."""
    return folded(name)


def person_mark(name: str, email: str) -> str:
    """Return what tells somebody at a partner from others there."""
    return email.lower() or folded(name)


def check_partners(rows: Iterable[ConvertedRow]) -> CheckedPartners:
    """Return what becomes of rows: those that name the same organisation become one partner with several people.

    Where they say different things of it, the first that says something counts.
    """
    checked = CheckedPartners()
    for number, row in enumerate(rows):
        values = {name: _text(value) for name, value in row.values.items()}
        name = " ".join(values["organisation"].split())
        reason = _why_not_row(name, number)
        if reason:
            checked.left_out.append(RowError(row.line, "organisation", name[:60], reason))
            continue
        kept = _kept(row.line, values, checked.without)
        partner = checked.partners.setdefault(partner_mark(name), ImportPartner(row.line, name))
        for field_name in OF_PARTNER:
            if kept[field_name]:
                partner.fields.setdefault(field_name, kept[field_name])
        person = _person(row.line, values, kept, checked.without)
        if person is not None and person.mark not in {one.mark for one in partner.people}:
            partner.people.append(person)
    return checked


def _why_not_row(name: str, number: int) -> str:
    """Return why a row cannot be taken at all, nothing if it can."""
    if not partner_mark(name):
        return _("this cell must not be empty.")
    if len(name) > LONGEST["organisation"]:
        return _("at most %(limit)d characters fit") % {"limit": LONGEST["organisation"]}
    if number >= MOST_ROWS:
        return _("at most %(limit)d rows can be taken over at once; divide the file") % {"limit": MOST_ROWS}
    return ""


def _text(value: Cell) -> str:
    """Return a cell as text, a whole number without a decimal point, without signs that no text has."""
    if isinstance(value, float):
        value = format(Decimal(repr(value)).normalize(), "f")
    text = unicodedata.normalize("NFC", str("" if value is None else value))
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign)[0] != "C").strip()


def _kept(line: int, values: Mapping[str, str], without: list[RowError]) -> dict[str, str]:
    """Return what can be kept of the cells of a row, empty where a cell cannot; such cells are named."""
    kept = {}
    for name in (*OF_PARTNER, *OF_PERSON):
        said = values.get(name, "")
        kept[name] = _READ.get(name, str)(said) if said else ""
        if said and not kept[name]:
            without.append(RowError(line, name, said[:60], _reason(name)))
        elif len(kept[name]) > LONGEST.get(name, len(kept[name])):
            reason = _("at most %(limit)d characters fit") % {"limit": LONGEST[name]}
            without.append(RowError(line, name, said[:60], reason))
            kept[name] = ""
    return kept


def _person(
    line: int, values: Mapping[str, str], kept: Mapping[str, str], without: list[RowError]
) -> ImportPerson | None:
    """Return whom a row names at the organisation, None if nobody; without a name their address stands for it."""
    said = values.get("person") or f"{values.get('given', '')} {values.get('family', '')}"
    name = " ".join(said.split()) or kept["email"]
    if len(name) > LONGEST["person"]:
        reason = _("at most %(limit)d characters fit") % {"limit": LONGEST["person"]}
        without.append(RowError(line, "person", name[:60], reason))
        return None
    if not name and (kept["phone"] or kept["position"]):
        found = kept["phone"] or kept["position"]
        without.append(RowError(line, "person", found, _("a person needs a name or an address")))
    return ImportPerson(name, kept["email"], kept["phone"], kept["position"]) if name else None


def arrivals(coming: Iterable[ImportPartner], known: KnownPartners) -> Arrivals:
    """Return what is new of what comes; what is here already stays as it is."""
    new = Arrivals()
    for partner in coming:
        pk = known.partners.get(partner_mark(partner.name))
        if pk is None:
            new.partners.append(partner)
            continue
        there = known.people.get(pk, frozenset())
        more = [(pk, person) for person in partner.people if person.mark not in there]
        new.people += more
        new.n_present += 1 + len(partner.people) - len(more)
    return new


def why_not_take_over(found: PartnerImport) -> Refusal | None:
    """Return why a file cannot be taken over, or None if it can."""
    if found.taken_at is None:
        return None
    return Refusal("partners.import_taken", _("This file has been taken over already. Upload it again."))


def why_not_undo(found: PartnerImport, in_use: Sequence[str]) -> Refusal | None:
    """Return why an import cannot be undone, or None if it can; `in_use` names what something was built on."""
    if found.taken_at is None or found.undone_at is not None:
        return Refusal("partners.import_not_there", _("There is nothing to undo: the import is not in the directory."))
    if in_use:
        names = ", ".join(in_use[:NAMED_IN_USE]) + (" …" if len(in_use) > NAMED_IN_USE else "")
        reason = _("Something was built on what the import brought, so it stays: %(names)s") % {"names": names}
        return Refusal("partners.import_in_use", reason)
    return None


def _address(said: str) -> str:
    """Return a mail address in small letters, nothing if it is none."""
    try:
        validate_email(said)
    except ValidationError:
        return ""
    return said.lower()


def _website(said: str) -> str:
    """Return an address of the web with its scheme, nothing if it is none."""
    address = said if "://" in said else f"https://{said}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return ""
    return address


def _in_every_language(names: Callable[[], Iterable[tuple[str, object]]]) -> Iterator[tuple[str, str]]:
    """Yield codes by what they are called in each language of the house."""
    for language, _own_name in settings.LANGUAGES:
        with translation.override(language):
            yield from ((folded(str(label)), code) for code, label in names())


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    """Return kinds of organisations by what they are called."""
    choices = Organisation.Kind.choices
    return {value: value for value, _label in choices} | dict(_in_every_language(lambda: choices))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Return codes of countries by code and by name."""
    named = {name: code for name, code in _in_every_language(country_choices) if code} | SHORT_NAMES
    return named | {code.lower(): code for code in named.values()}


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    """Return the languages of the house by code and by name."""
    codes = [code for code, _name in settings.LANGUAGES]

    def names() -> Iterator[tuple[str, str]]:
        """Yield codes with names in the language that is set."""
        locale = Locale.parse(translation.get_language() or "en", sep="-")
        return ((code, locale.languages[code]) for code in codes)

    return {code: code for code in codes} | dict(_in_every_language(names))


def _kind(said: str) -> str:
    """Return the kind of organisation that a cell names, nothing if none."""
    return _kinds().get(folded(said), "")


def _country(said: str) -> str:
    """Return the code of the country that a cell names, nothing if none."""
    return _countries().get(folded(said), "")


def _language(said: str) -> str:
    """Return the language that a cell names, nothing if the house does not speak it."""
    return _languages().get(folded(said), "") or _languages().get(said.partition("-")[0].lower(), "")


_READ: dict[str, Callable[[str], str]] = {
    "kind": _kind,
    "country": _country,
    "language": _language,
    "website": _website,
    "email": _address,
}


def _reason(name: str) -> str:
    """Return why a cell of this field could not be read."""
    return {
        "kind": _("this is no kind of organisation that is known here"),
        "country": _("this is no country; write its name or its code, such as DE"),
        "language": _("this is none of the languages mails are written in here"),
        "website": _("this is no address of the web"),
        "email": _("this is not an e-mail address"),
    }[name]
