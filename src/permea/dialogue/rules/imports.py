"""Comments from a table: which columns there are, which entry and comment a row means, and what is wrong with it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.dialogue.models import Comment
from permea.dialogue.rules.comments import fold, why_not_said
from permea.dialogue.rules.questions import tidy
from permea.foundation.refusals import Refusal
from permea.people import rules as people
from permea.surface.languages import language_of
from permea.surface.tables import Cell, ConvertedRow, Field, RowError

MOST_COMMENTS_AT_ONCE, LONGEST_NUMBER, LONGEST_IMPORTED_NAME, LONGEST_SOURCE = 50_000, 80, 120, 80
SHORTEST_STAMP, MILLISECONDS_FROM = 9, 100_000_000_000
TIMES = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")
COMMENT_FIELDS = (
    Field(
        "entry",
        required=True,
        words=("proposal id", "idea id", "entry id", "submission id", "project id", "proposal", "entry", "idea", "idee",
               "vorschlag", "eintrag", "beitrag", "propuesta", "proposta", "proposition", "idée", "title", "titel"),
    ),
    Field(
        "text",
        required=True,
        words=("text", "body", "comment", "comment text", "content", "message", "kommentar", "inhalt", "comentario",
               "comentari", "commentaire", "commento", "texto", "texte", "testo"),
    ),
    Field("comment", words=("comment id", "comment number", "id", "kommentar nr", "nr", "number", "nummer")),
    Field("parent", words=("parent", "parent id", "reply to", "in reply to", "ancestry", "antwort auf", "respuesta a",
                           "en réponse à", "risposta a")),
    Field("author", words=("author", "author name", "name", "user name", "commenter", "autor", "autorin", "auteur",
                           "autore", "verfasser")),
    Field("person", words=("author id", "user id", "participant id", "commenter id", "autor id")),
    Field("time", words=("time", "created at", "created", "written at", "date", "timestamp", "datum", "zeit", "fecha",
                         "data", "heure")),
)  # fmt: skip


def comment_label(name: str) -> str:
    """Return what a column of comments is called on the page."""
    return {
        "entry": _("Entry: its number in the table it came in, its key or its title"),
        "text": _("What was said"),
        "comment": _("Number of the comment"),
        "parent": _("Number of the comment it answers"),
        "author": _("Name of who said it"),
        "person": _("Number of who said it"),
        "time": _("When it was said"),
    }[name]


def why_not_take_over(challenge: Challenge, *, role: str | None) -> Refusal | None:
    """Return why a person in this role may not take comments over into the challenge, or None if they may."""
    refusal = people.why_not_manage(role)
    if refusal is None and challenge.status != Challenge.Status.PUBLISHED:
        reason = _("Comments can be taken over once the challenge is published and until it is decided.")
        return Refusal("comment.import_not_published", reason)
    return refusal


def why_not_erase_voice(comment: Comment) -> Refusal | None:
    """Return why those who manage may not erase a comment with all by the same person, or None if they may."""
    if comment.writer_id is not None:
        return Refusal("comment.has_writer", _("Whoever wrote this can take it back themselves; you can hide it."))
    return None


def source_of(said: str, table: str) -> str:
    """Return where comments come from: what those who take them over say, or else what their table is called."""
    return " ".join((said.strip() or table.rpartition(".")[0] or table).split())[:LONGEST_SOURCE]


@dataclass(frozen=True, slots=True)
class Known:
    """What a challenge has already: entries by number or key, and by title; the entry of each comment by its number."""

    entries: Mapping[str, int]
    titles: Mapping[str, Sequence[int]]
    comments: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A checked row; `parent` is the number of the comment it answers, `depth` how many it stands below.

    `mark` tells who said it from others; it is empty where the table does not say.
    """

    line: int
    external_id: str
    idea_id: int
    text: str
    language: str
    parent: str = ""
    depth: int = 0
    name: str = ""
    mark: str = ""
    written_at: datetime | None = None


@dataclass(slots=True)
class CheckedComments:
    """The rows that can become comments, what is wrong with the others, and how many answer what is not there."""

    rows: list[CommentRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    n_orphans: int = 0


def check_comments(
    rows: Iterable[ConvertedRow], known: Known, *, language: str, among: Sequence[str], zone: tzinfo, at: datetime
) -> CheckedComments:
    """Return what becomes of each row; times without a zone are read in `zone`, none may lie after `at`.

    A comment that answers one that is neither in the table nor here begins a thread.
    """
    checked = CheckedComments()
    lines: dict[str, int] = {}
    for row in rows:
        values = {name: _text(value) for name, value in row.values.items()}
        found = entry_of(values.get("entry", ""), known)
        moment = time_of(values.get("time", ""), zone)
        made = _comment_row(row.line, values, found, moment, language=language, among=among)
        errors = list(_faults(made, values, known, found=found, at=at))
        if made.external_id in lines:
            reason = _("this number is already used in line %(line)d") % {"line": lines[made.external_id]}
            errors.append(RowError(row.line, "comment", values.get("comment", ""), reason))
        lines.setdefault(made.external_id, row.line)
        checked.errors += errors
        if not errors:
            checked.rows.append(made)
    _join(checked, known)
    if len(checked.rows) > MOST_COMMENTS_AT_ONCE:
        reason = _("at most %(limit)d comments can be taken over at once; divide the table")
        line = checked.rows[MOST_COMMENTS_AT_ONCE].line
        checked.errors.append(RowError(line, "", "", reason % {"limit": MOST_COMMENTS_AT_ONCE}))
    return checked


def entry_of(said: str, known: Known) -> Sequence[int]:
    """Return the entries that a cell can mean: one by number or key, else all of that title."""
    return (known.entries[said],) if said in known.entries else known.titles.get(fold(said), ())


def time_of(said: str, zone: tzinfo) -> datetime | None:
    """Return the moment a cell names: ISO, day first, or seconds or milliseconds since 1970; None if it is none."""
    if said.isdecimal() and len(said) >= SHORTEST_STAMP:
        seconds = int(said) / (1000 if int(said) >= MILLISECONDS_FROM else 1)
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError, OSError):
            return None
    moment: datetime | None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        moment = next(filter(None, (_parsed(said, form) for form in TIMES)), None)
    return moment.replace(tzinfo=zone) if moment is not None and moment.tzinfo is None else moment


def _parsed(said: str, form: str) -> datetime | None:
    """Return the moment a text names in this form, or None."""
    try:
        return datetime.strptime(said, form)  # noqa: DTZ007 - the zone is put to it by the caller
    except ValueError:
        return None


def _text(value: Cell) -> str:
    """Return a cell as text, a whole number without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return unicodedata.normalize("NFC", str(value)).replace("\x00", "").strip()


def _comment_row(
    line: int, values: Mapping[str, str], found: Sequence[int], moment: datetime | None, *, language: str,
    among: Sequence[str],
) -> CommentRow:  # fmt: skip
    """Return the row as a comment; without a number of its own it is known by what it says, where and when."""
    text, person, name = tidy(values.get("text", "")), values.get("person", ""), values.get("author", "")
    said = "\n".join([values.get("entry", ""), text, values.get("time", ""), person or name])
    who = f"person\n{person}" if person else f"name\n{fold(name)}"
    return CommentRow(
        line=line,
        external_id=values.get("comment", "") or f"text-{_sha256(said)[:24]}",
        idea_id=found[0] if found else 0,
        text=text,
        language=language_of(text, among) or language,
        parent=values.get("parent", "").rpartition("/")[2],
        name=" ".join(name.split())[:LONGEST_IMPORTED_NAME],
        mark=_sha256(who) if person or name else "",
        written_at=moment,
    )


def _sha256(text: str) -> str:
    """Return the fingerprint of a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _faults(
    row: CommentRow, values: Mapping[str, str], known: Known, *, found: Sequence[int], at: datetime
) -> Iterator[RowError]:  # fmt: skip
    """Yield everything that is wrong with one row by itself."""
    entry, time = values.get("entry", ""), values.get("time", "")
    if not found:
        yield RowError(row.line, "entry", entry, _("no entry of this challenge has this number, key or title"))
    elif len(found) > 1:
        yield RowError(row.line, "entry", entry, _("several entries have this title; use their numbers"))
    refusal = why_not_said(row.text)
    if refusal is not None:
        yield RowError(row.line, "text", row.text[:60], refusal.reason)
    if len(row.external_id) > LONGEST_NUMBER:
        reason = _("at most %(limit)d characters fit") % {"limit": LONGEST_NUMBER}
        yield RowError(row.line, "comment", row.external_id, reason)
    if time and row.written_at is None:
        yield RowError(row.line, "time", time, _("this is not a time; write it as 2026-11-26 14:05"))
    elif row.written_at is not None and row.written_at > at:
        yield RowError(row.line, "time", time, _("this time has not come yet"))
    if row.parent in known.comments and found and known.comments[row.parent] != row.idea_id:
        yield RowError(row.line, "parent", row.parent, _("the comment it answers is about another entry"))


def _join(checked: CheckedComments, known: Known) -> None:
    """Give each row its depth below the first of its thread; rows that answer in a circle are wrong."""
    by_number = {row.external_id: row for row in checked.rows}
    depths: dict[str, int] = {}
    joined: list[CommentRow] = []
    for row in checked.rows:
        above = by_number.get(row.parent)
        if above is not None and above.idea_id != row.idea_id:
            reason = _("the comment it answers is about another entry")
            checked.errors.append(RowError(row.line, "parent", row.parent, reason))
        depth = _depth(row, by_number, depths)
        if depth < 0:
            checked.errors.append(RowError(row.line, "parent", row.parent, _("these comments answer one another")))
        is_orphan = bool(row.parent) and above is None and row.parent not in known.comments
        checked.n_orphans += is_orphan
        joined.append(replace(row, depth=depth, parent="" if is_orphan else row.parent))
    checked.rows = joined


def _depth(row: CommentRow, by_number: Mapping[str, CommentRow], depths: dict[str, int]) -> int:
    """Return how many rows of the table a row stands below, -1 if it stands below itself."""
    path: list[str] = []
    one: CommentRow | None = row
    while one is not None and one.external_id not in depths:
        if one.external_id in path:
            depths.update(dict.fromkeys(path, -1))
            break
        path.append(one.external_id)
        one = by_number.get(one.parent)
    depth = depths[one.external_id] if one is not None else -1
    for number in reversed(path):
        depth = depths.setdefault(number, -1 if one is not None and depth < 0 else depth + 1)
    return depths[row.external_id]
