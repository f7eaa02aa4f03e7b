"""Taking ideas over from a spreadsheet: all rows or none, and the same table twice adds nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from permea.challenges.models import Challenge
from permea.challenges.services import count_entry
from permea.foundation.events import publish
from permea.foundation.ids import new_key
from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.events import IdeasImported
from permea.ideas.models import Contributor, Idea, IdeaVersion, StagedTable
from permea.ideas.services.common import apply
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Person
from permea.people.queries import role_in
from permea.people.services import register_person, update_profile

STAGED_FOR = timedelta(days=1)
BATCH = 500
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many ideas were added, how many were there already, and how many authors cannot be written to."""

    n_added: int
    n_present: int
    n_without_address: int


@transaction.atomic
def stage_table(*, challenge_id: int, actor: Person, name: str, content: bytes, at: datetime) -> StagedTable:
    """Keep an uploaded table until it is taken over. Raises RefusedError as `rules.why_not_import` says."""
    challenge = Challenge.objects.get(pk=challenge_id)
    demand(rules.why_not_import(challenge, role=role_in(actor, challenge.organisation_id)))
    StagedTable.objects.filter(challenge=challenge, uploaded_by=actor).delete()
    return StagedTable.objects.create(
        challenge=challenge,
        uploaded_by=actor,
        name=rules.safe_name(name),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=at,
    )


def drop_staged(*, at: datetime) -> int:
    """Delete uploaded tables that nobody took over within a day; return how many."""
    n_dropped, _by_model = queries.stale_tables(at - STAGED_FOR).delete()
    return n_dropped


def _untold(done: int, total: int) -> None:
    """Tell nobody how far an import is."""
    del done, total


@transaction.atomic
def import_ideas(
    *,
    challenge_id: int,
    actor: Person,
    rows: Sequence[rules.ImportRow],
    at: datetime,
    source_sha256: str = "",
    tell: Tell = _untold,
) -> Imported:
    """Hand in every row as an idea of its author, unless its number is there already; all or nothing.

    One crossing tells of the whole import and holds one digest over the fingerprints of all ideas. `tell` hears how
    many of the new rows are stored so far. Raises RefusedError as `rules.why_not_import` says.
    """
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    demand(rules.why_not_import(challenge, role=role_in(actor, challenge.organisation_id)))
    present = queries.existing_external_ids(challenge)
    new = [row for row in rows if row.external_id not in present]
    if not new:
        return Imported(0, len(rows), 0)
    known = queries.people_by_email({row.author_email for row in new if row.author_email})
    fingerprints: list[tuple[str, str]] = []
    idea_ids: list[int] = []
    unreachable: set[int] = set()
    for first in range(0, len(new), BATCH):
        batch = new[first : first + BATCH]
        ideas = _store_ideas(challenge, batch, list(_authors(batch, known, challenge, at)), at)
        fingerprints += _store_versions(ideas, batch, at)
        idea_ids += [idea.pk for idea in ideas]
        unreachable |= {idea.author_id for idea in ideas if rules.is_unreachable(idea.author)}
        tell(len(idea_ids), len(new))
    count_entry(challenge_id=challenge.pk, change=len(idea_ids))
    StagedTable.objects.filter(challenge=challenge, uploaded_by=actor).delete()
    _record(challenge, actor, fingerprints, source_sha256, at)
    publish(IdeasImported(challenge_id=challenge.pk, idea_ids=tuple(idea_ids), at=at))
    return Imported(len(idea_ids), len(rows) - len(new), len(unreachable))


def _record(
    challenge: Challenge, actor: Person, fingerprints: list[tuple[str, str]], source_sha256: str, at: datetime
) -> None:
    """Write the one crossing that tells of the whole import."""
    record_crossing(
        organisation=challenge.organisation,
        kind="ideas.imported",
        direction=Crossing.Direction.IN,
        depth=Crossing.Depth.INVITED,
        subject_type="challenge",
        subject_key=challenge.key,
        at=at,
        actor=actor,
        challenge_key=challenge.key,
        facts={"ideas": len(fingerprints), "digest": rules.import_digest(fingerprints), "file_sha256": source_sha256},
    )


def _authors(
    rows: Sequence[rules.ImportRow], known: dict[str, Person], challenge: Challenge, at: datetime
) -> Iterator[Person]:
    """Yield the person of each row; rows with the same address, or without one the same name and firm, share one.

    Who is met for the first time becomes known.
    """
    for row in rows:
        mark = rules.author_mark(row)
        person = known.get(mark) or _register(row, challenge, at)
        if mark:
            known[mark] = person
        yield person


def _register(row: rules.ImportRow, challenge: Challenge, at: datetime) -> Person:
    """Make the author a person, known by their address, or by name only and then unable to sign in."""
    fields = row.fields
    email = row.author_email or f"{new_key()}@{rules.NO_ADDRESS}"
    language = fields["language"] if fields["language"] in dict(settings.LANGUAGES) else challenge.language
    person = register_person(email=email, name=row.author_name, language=language, at=at)
    return update_profile(
        person=person,
        name=row.author_name,
        affiliation=fields["affiliation"],
        country=fields["country"],
        language=language,
        time_zone=person.time_zone,
    )


def _store_ideas(
    challenge: Challenge, rows: Sequence[rules.ImportRow], authors: Sequence[Person], at: datetime
) -> list[Idea]:
    """Store the ideas as handed in at `at`."""
    ideas = []
    for row, author in zip(rows, authors, strict=True):
        idea = Idea(
            organisation_id=challenge.organisation_id,
            challenge=challenge,
            author=author,
            channel=Idea.Channel.IMPORT,
            external_id=row.external_id,
            status=Idea.Status.SUBMITTED,
            created_at=at,
            saved_at=at,
            submitted_at=at,
            n_versions=1,
        )
        apply(idea, row.fields)
        idea.search_text = rules.search_text_of(idea.title, idea.summary)
        ideas.append(idea)
    return Idea.objects.bulk_create(ideas)


def _store_versions(ideas: Sequence[Idea], rows: Sequence[rules.ImportRow], at: datetime) -> list[tuple[str, str]]:
    """Store first versions and contributors; return the key and fingerprint of each idea."""
    versions = []
    for idea, row in zip(ideas, rows, strict=True):
        content = rules.content_of(row.fields, [], salt=secrets.token_hex(16))
        versions.append(
            IdeaVersion(idea=idea, number=1, content=content, sha256=rules.fingerprint(content), made_at=at)
        )
    IdeaVersion.objects.bulk_create(versions)
    Contributor.objects.bulk_create([Contributor(idea=idea, person_id=idea.author_id, since=at) for idea in ideas])
    return [(version.idea.key, version.sha256) for version in versions]
