"""Ideas from a spreadsheet: which columns there are, and whether a row can become an idea."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Choices
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from permea.ideas.models import Idea
from permea.ideas.rules import content
from permea.people.models import Person
from permea.surface.languages import language_of
from permea.surface.tables import WORDS, Cell, ConvertedRow, Field, Mapping, RowError, Table, guess_mapping

MAX_ROWS, MAX_EXTERNAL_ID = 20_000, 80
NO_ADDRESS = "no-address.invalid"
MAX_TITLE = content.MAX_LENGTHS["title"]
IMPORT_FIELDS = (
    Field("title", required=True, words=(*WORDS["title"], "título", "títol", "titre", "intitulé", "titolo")),
    Field("idea", words=(*WORDS["idea"], "statement id", "comment id", "challenge id")),
    Field(
        "summary",
        words=(
            "summary",
            "abstract",
            "teaser",
            "zusammenfassung",
            "kurzbeschreibung",
            "resumen",
            "resum",
            "résumé",
            "riassunto",
            "sintesi",
            "problem",
            "problema",
            "problème",
        ),
    ),
    Field(
        "body",
        words=(
            "body",
            "description",
            "text",
            "details",
            "solution",
            "beschreibung",
            "inhalt",
            "lösung",
            "statement",
            "descripción",
            "descripció",
            "descrizione",
            "texto",
            "texte",
            "testo",
            "solución",
            "soluzione",
        ),
    ),
    Field("author", words=(*WORDS["author"], "autora", "auteur", "autore", "autrice")),
    Field("email", words=(*WORDS["email"], "courriel", "correo", "correo electrónico", "correu")),
    Field(
        "affiliation",
        words=(
            "affiliation",
            "organisation",
            "organization",
            "company",
            "firm",
            "firma",
            "empresa",
            "entreprise",
            "azienda",
            "organización",
            "organizzazione",
        ),
    ),
    Field("source", words=("source", "source type", "origin", "quelle", "herkunft")),
    Field("country", words=("country", "country code", "land", "país", "pays", "paese")),
    Field("language", words=("language", "lang", "sprache", "idioma", "llengua", "langue", "lingua")),
    Field("money", "number", words=WORDS["cost"]),
    Field("days", "number", words=WORDS["days"]),
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,6})?")


def import_label(name: str) -> str:
    """Return what a column of the spreadsheet is called on the page."""
    return {
        "title": _("Title"),
        "idea": _("Number of the idea"),
        "summary": _("Summary"),
        "body": _("Description"),
        "author": _("Author’s name"),
        "email": _("Author’s e-mail"),
        "affiliation": _("Author’s organisation"),
        "source": _("Kind of source"),
        "country": _("Country code"),
        "language": _("Language code"),
        "money": _("Money asked for"),
        "days": _("Person-days needed"),
    }[name]


def map_columns(
    table: Table, *, without: Iterable[str] = (), chosen: Choices[str, str] | None = None
) -> tuple[Mapping, list[Field]]:
    """Return which column holds which field, and the fields as this table has to fill them.

    A heading alone makes no source, country, language or address: a guessed column in which no cell is one is left
    aside. A table of statements needs no titles: they are made from the texts. Raises TableError as `guess_mapping`.
    """
    fields = [field for field in IMPORT_FIELDS if field.name not in without]
    mapping = guess_mapping(table, fields, chosen=chosen)
    misfits = {name for name in mapping.guessed & _FITS.keys() if not _fits(table, mapping.columns[name], _FITS[name])}
    fields = [field for field in fields if field.name not in misfits]
    mapping = guess_mapping(table, fields, chosen=chosen) if misfits else mapping
    if mapping.missing == ("title",) and not {"summary", "body"}.isdisjoint(mapping.columns):
        fields = [replace(field, required=False) for field in fields]
        mapping = replace(mapping, missing=())
    return mapping, fields


def _fits(table: Table, column: str, is_one: Callable[[str], bool]) -> bool:
    """Say whether a column is empty or holds at least one cell of its kind."""
    place = table.columns.index(column)
    cells = [text for row in table.rows if (text := _text(row.values[place]))]
    return not cells or any(map(is_one, cells))


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A checked row: the cleaned fields of an idea and what is known of who had it."""

    line: int
    external_id: str
    fields: dict[str, Any]
    author_name: str = ""
    author_email: str = ""


@dataclass(slots=True)
class _Checked:
    """What has been gone through so far."""

    rows: list[ImportRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


def check_rows(
    rows: Iterable[ConvertedRow], *, language: str, among: Iterable[str] = ()
) -> tuple[list[ImportRow], list[RowError]]:
    """Return the rows that can become ideas, and what is wrong with the others, by line.

    An idea whose row names no language is in the one of `among` it is clearly written in, else in `language`.
    """
    checked, offered = _Checked(), tuple(among)
    for row in rows:
        values = {name: _text(value) for name, value in row.values.items()}
        values["language"] = values.get("language", "").lower() or language_of(_said(values), offered)
        errors = _row_errors(row.line, values, language)
        made = _import_row(row.line, values, language)
        if made.external_id in checked.lines:
            reason = _("this number is already used in line %(line)d") % {"line": checked.lines[made.external_id]}
            errors.append(RowError(row.line, "idea", values.get("idea", ""), reason))
        checked.lines.setdefault(made.external_id, row.line)
        checked.errors += errors
        if not errors:
            checked.rows.append(made)
    if len(checked.rows) > MAX_ROWS:
        reason = _("at most %(limit)d ideas can be taken over at once; divide the table") % {"limit": MAX_ROWS}
        checked.errors.append(RowError(checked.rows[MAX_ROWS].line, "", "", reason))
    return checked.rows, checked.errors


def _said(values: dict[str, str]) -> str:
    """Return everything an idea says."""
    return "\n".join(values.get(name, "") for name in ("title", "summary", "body"))


def _text(value: Cell) -> str:
    """Return a cell as text, a whole number without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return unicodedata.normalize("NFC", str(value)).strip()


def _row_errors(line: int, values: dict[str, str], language: str) -> list[RowError]:
    """Return everything that is wrong with one row."""
    errors = []
    email = values.get("email", "")
    if email and not _is_address(email):
        errors.append(RowError(line, "email", email, _("this is not an e-mail address")))
    if values.get("source") and _source_of(values["source"]) is None:
        kinds = ", ".join(Idea.Source.values)
        errors.append(RowError(line, "source", values["source"], _("choose one of: %(kinds)s") % {"kinds": kinds}))
    if len(values.get("country", "")) not in {0, 2}:
        errors.append(RowError(line, "country", values["country"], _("write the two-letter code, such as DE")))
    if len(values.get("idea", "")) > MAX_EXTERNAL_ID:
        reason = _("at most %(limit)d characters fit") % {"limit": MAX_EXTERNAL_ID}
        errors.append(RowError(line, "idea", values["idea"], reason))
    fields = _fields_of(values, language)
    if not fields["title"]:
        errors.append(RowError(line, "title", "", _("this cell must not be empty.")))
    for name, value in fields.items():
        refusal = content.why_not_text({name: value})
        if refusal is not None and name != "source":
            errors.append(RowError(line, _COLUMN.get(name, name), str(value), refusal.reason))
    return errors


_COLUMN = {"asked_money": "money", "asked_days": "days"}


def _is_address(text: str) -> bool:
    """Say whether the text is an e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _source_of(text: str) -> str | None:
    """Return the kind of source a cell names, by its value or by what people call it."""
    wanted = text.strip().casefold()
    for value, label in Idea.Source.choices:
        if wanted in {value, str(label).casefold()}:
            return str(value)
    return None


_FITS: dict[str, Callable[[str], bool]] = {
    "email": _is_address,
    "source": lambda text: _source_of(text) is not None,
    "country": lambda text: len(text) == len("DE") and text.isalpha(),
    "language": lambda text: _LANGUAGE.fullmatch(text) is not None,
}


def _cut(text: str, limit: int) -> str:
    """Return a text on one line, cut with an ellipsis where it is longer than the limit."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def _texts_of(values: dict[str, str]) -> tuple[str, str, str]:
    """Return title, summary and description; nothing is lost: what is too long for its place goes on below."""
    title, summary, body = (values.get(name, "") for name in ("title", "summary", "body"))
    if not title:
        title = _cut(summary or body, MAX_TITLE)
    elif len(" ".join(title.split())) > MAX_TITLE:
        body = "\n\n".join(filter(None, (title, body or summary)))
        title = _cut(title, MAX_TITLE)
    if len(summary) > content.MAX_SUMMARY:
        body = body if summary in body else "\n\n".join(filter(None, (summary, body)))
        summary = ""
    return title, summary or _cut(body, content.MAX_SUMMARY), body


def _fields_of(values: dict[str, str], language: str) -> dict[str, Any]:
    """Return the fields of the idea a row describes."""
    title, summary, body = _texts_of(values)
    return content.clean_fields(
        {
            "title": title,
            "summary": summary,
            "body": body,
            "affiliation": values.get("affiliation", ""),
            "source": _source_of(values.get("source", "")) or Idea.Source.OTHER.value,
            "country": values.get("country", "").upper()[:2],
            "language": values["language"] or language,
            "asked_money": values.get("money") or None,
            "asked_days": values.get("days") or None,
        }
    )


def _import_row(line: int, values: dict[str, str], language: str) -> ImportRow:
    """Return the row as an idea; without a number of its own it is known by what it says."""
    fields = _fields_of(values, language)
    said = "\n".join([fields["title"], fields["summary"], fields["body"], values.get("email", "")])
    known_by = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:24]
    return ImportRow(
        line=line,
        external_id=values.get("idea", "") or f"text-{known_by}",
        fields=fields,
        author_name=values.get("author", "")[:120],
        author_email=values.get("email", "").lower(),
    )


def author_mark(row: ImportRow) -> str:
    """Return what tells the author of a row from others in its table; nothing without address and name."""
    if row.author_email:
        return row.author_email
    return f"{row.author_name}\n{row.fields['affiliation']}" if row.author_name else ""


def import_digest(fingerprints: Sequence[tuple[str, str]]) -> str:
    """Return one SHA-256 over the keys and fingerprints of all imported ideas, in the order of their keys."""
    return content.fingerprint([list(pair) for pair in sorted(fingerprints)])


def is_unreachable(person: Person) -> bool:
    """Say whether a person has no address that mail could be sent to."""
    return not person.email or person.email.endswith(f"@{NO_ADDRESS}")
