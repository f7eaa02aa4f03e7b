"""Tables into a challenge, dossiers out of it, and whole challenges in and out, from the command line."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404
from django.template.loader import render_to_string

from permea.challenges.models import Challenge
from permea.challenges.queries import managed_challenge
from permea.config import portable
from permea.dialogue import rules as talk_rules
from permea.dialogue.queries import known_of
from permea.dialogue.services import import_comments
from permea.evaluation.queries import preview_reviews
from permea.evaluation.services import import_reviews
from permea.foundation.refusals import RefusedError
from permea.ideas import rules as idea_rules
from permea.ideas.services import import_ideas
from permea.people.models import Person
from permea.people.queries import person_by_email
from permea.selection.queries import dossier_context
from permea.selection.services import make_dossier
from permea.surface.tables import ConvertedRow, RowError, TableError, convert, guess_mapping, read_table

SHOWN, TELL_EVERY = 20, 500
Tell = Callable[[str, int, int | None], None]


def _actor(email: str) -> Person:
    """Return who acts. Raises ClickException for an unknown address."""
    person = person_by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    return person


def _challenge(actor: Person, key: str) -> Challenge:
    """Return a challenge the person manages. Raises ClickException otherwise."""
    try:
        return managed_challenge(actor, key)
    except (Http404, ObjectDoesNotExist) as error:
        raise click.ClickException(f"{actor.email} manages no challenge {key}.") from error


def _stop_at(errors: list[RowError]) -> None:
    """Go on if no row is wrong. Raises ClickException that lists the first ones."""
    if not errors:
        return
    lines = [str(error) for error in errors[:SHOWN]]
    rest = f"\n… and {len(errors) - SHOWN} more" if len(errors) > SHOWN else ""
    raise click.ClickException(f"{len(errors)} rows are wrong; nothing was imported.\n" + "\n".join(lines) + rest)


def untold(what: str, done: int, total: int | None) -> None:
    """Tell nobody how far it is."""
    del what, done, total


def import_files(
    *, challenge_key: str, ideas: Path, reviews: Path | None, email: str, at: datetime, tell: Tell = untold
) -> Iterator[str]:
    """Import a table of ideas, and one of reviews, in one transaction; yield what was done in sentences.

    `tell` hears what is going on, how much of it is done, and of how much where that is known.
    Raises ClickException, and imports nothing, for an unusable file, a wrong row or a refusal.
    """
    actor = _actor(email)
    challenge = _challenge(actor, challenge_key)
    told = []
    try:
        with transaction.atomic():
            told.append(_import_ideas(challenge, ideas, actor, at, tell))
            if reviews is not None:
                tell("Importing the reviews", 0, None)
                told.append(_import_reviews(challenge, reviews, actor, at))
    except (TableError, RefusedError) as error:
        raise click.ClickException(f"{error} Nothing was imported.") from error
    yield from told


def _telling(rows: Sequence[ConvertedRow], tell: Callable[[int, int], None]) -> Iterator[ConvertedRow]:
    """Yield rows, and tell now and then how many there were."""
    for number, row in enumerate(rows):
        if number % TELL_EVERY == 0:
            tell(number, len(rows))
        yield row


def _import_ideas(challenge: Challenge, path: Path, actor: Person, at: datetime, tell: Tell) -> str:
    """Import a table of ideas and say how many came."""
    tell("Reading the table", 0, None)
    table = read_table(path.name, path)
    mapping, fields = idea_rules.map_columns(table)
    converted = convert(table, mapping, fields)
    among = idea_rules.languages_in_question(challenge)
    read_rows = _telling(converted.rows, partial(tell, "Checking the ideas"))
    rows, errors = idea_rules.check_rows(read_rows, language=challenge.language, among=among)
    _stop_at(sorted([*converted.errors, *errors], key=lambda fault: fault.line))
    done = import_ideas(
        challenge_id=challenge.pk, actor=actor, rows=rows, at=at, tell=partial(tell, "Importing the ideas")
    )
    read = ", ".join(f"{field} from “{column}”" for field, column in mapping.columns.items())
    return f"{done.n_added} ideas imported, {done.n_present} were there already ({read})."


def _import_reviews(challenge: Challenge, path: Path, actor: Person, at: datetime) -> str:
    """Import a table of reviews and say how many came."""
    preview = preview_reviews(challenge, read_table(path.name, path))
    if preview.problem:
        raise TableError(preview.problem)
    _stop_at(preview.errors)
    added, present = import_reviews(challenge_id=challenge.pk, actor=actor, rows=preview.rows, at=at)
    return f"{added} reviews imported, {present} were there already."


def import_talk(
    *, challenge_key: str, comments: Path, source: str, email: str, at: datetime, tell: Tell = untold
) -> str:
    """Import a table of comments on entries that are here, and say how many came.

    `tell` hears how far it is. Raises ClickException, and imports nothing, for an unusable file, a wrong row or a
    refusal.
    """
    actor = _actor(email)
    challenge = _challenge(actor, challenge_key)
    tell("Reading the table", 0, None)
    try:
        table = read_table(comments.name, comments)
        mapping = guess_mapping(table, talk_rules.COMMENT_FIELDS)
        converted = convert(table, mapping, talk_rules.COMMENT_FIELDS)
        checked = talk_rules.check_comments(
            _telling(converted.rows, partial(tell, "Checking the comments")),
            known_of(challenge, at),
            language=challenge.language,
            among=idea_rules.languages_in_question(challenge),
            zone=ZoneInfo(actor.time_zone),
            at=at,
        )
        _stop_at(sorted([*converted.errors, *checked.errors], key=lambda fault: fault.line))
        done = import_comments(
            challenge_id=challenge.pk,
            actor=actor,
            rows=checked.rows,
            source=talk_rules.source_of(source, comments.name),
            at=at,
            source_sha256=hashlib.sha256(comments.read_bytes()).hexdigest(),
            tell=partial(tell, "Importing the comments"),
        )
    except (TableError, RefusedError) as error:
        raise click.ClickException(f"{error} Nothing was imported.") from error
    read = ", ".join(f"{field} from “{column}”" for field, column in mapping.columns.items())
    orphans = f", {checked.n_orphans} answer what is not there and begin a thread" if checked.n_orphans else ""
    return (
        f"{done.n_added} comments by {done.n_voices} new voices imported, {done.n_present} were there already"
        f"{orphans} ({read})."
    )


def export_dossier(*, challenge_key: str, out: Path, email: str, at: datetime) -> list[Path]:
    """Write the dossier as HTML to print and JSON to verify, each whole or not at all; return where."""
    actor = _actor(email)
    challenge = _challenge(actor, challenge_key)
    try:
        document = make_dossier(actor=actor, challenge_key=challenge.key, at=at)
        context = dossier_context(actor, challenge.key, document, at=at)
    except Http404 as error:
        raise click.ClickException(
            "There is no dossier while entries are sealed or your own reviews are open."
        ) from error
    out.mkdir(parents=True, exist_ok=True)
    html = render_to_string("selection/dossier_file.html", context, using="jinja2")
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return [
        _write(out / f"dossier-{challenge.key}.html", html),
        _write(out / f"dossier-{challenge.key}.json", text),
    ]


def pack_to(*, challenge_key: str, out: Path, email: str, at: datetime) -> Path:
    """Write a challenge with all that belongs to it as one file, whole or not at all; return where.

    Raises ClickException for an unknown address, a challenge that is not theirs, a refusal and a lost file.
    """
    actor = _actor(email)
    challenge = _challenge(actor, challenge_key)
    try:
        package = portable.pack_challenge(actor=actor, challenge_key=challenge.key, at=at)
        out.mkdir(parents=True, exist_ok=True)
        return portable.written(package, out / f"challenge-{challenge.key}.permea")
    except (RefusedError, OSError) as error:
        raise click.ClickException(f"{error}") from error


def unpack_from(*, path: Path, email: str, at: datetime) -> str:
    """Take in a packed challenge and say where it stands now. Raises ClickException, with nothing changed, if not."""
    try:
        challenge = portable.unpack(path=path, actor=_actor(email), at=at)
    except RefusedError as error:
        raise click.ClickException(str(error)) from error
    return f"“{challenge.title}” is here: {settings.BASE_URL}/challenges/{challenge.key}/"


def _write(path: Path, text: str) -> Path:
    """Write a file in one step, so that nobody ever sees half of it."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(0o644)
    return Path(name).replace(path)
