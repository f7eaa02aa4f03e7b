"""Unpacking: a packed challenge becomes rows of this instance, all of them or none."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Max

from permea.agreements.models import Acceptance, Terms
from permea.agreements.rules import fingerprint
from permea.challenges.models import Challenge
from permea.config.portable import rules
from permea.config.portable.parts import (
    CONTENT,
    FILES,
    FORMAT,
    GOAL,
    MOST_CONTENT,
    MOST_FILE,
    PARTS,
    READING,
    VERSION,
    Part,
)
from permea.config.portable.queries import ACCEPTANCE, OWN_FIELDS, PERSON, TERMS, Package, Row, pack
from permea.config.portable.values import MisfitError, from_json
from permea.foundation.files.storage import delete, receive
from permea.foundation.refusals import RefusedError, demand
from permea.ideas.models import Attachment
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Organisation, Person
from permea.people.queries import person_by_email, seats_of
from permea.people.rules import MANAGING
from permea.strategy.models import Goal, GoalReading

BATCH, PIECE = 500, 1 << 20
MEMBER = re.compile(rf"^{FILES}[0-9a-f]{{64}}$")


@dataclass(slots=True)
class _Unpacking:
    """What has been made so far: the rows at each place, people, texts and files."""

    organisation: Organisation
    at: datetime
    archive: zipfile.ZipFile
    rows: dict[str, list[models.Model]] = field(default_factory=dict)
    stored: list[str] = field(default_factory=list)

    def at_place(self, target: type[models.Model], place: Any) -> models.Model:
        """Return the row at a place. Raises MisfitError if there is none."""
        made = self.rows.get(target._meta.label, [])  # noqa: SLF001 - Django's own way to a model's name
        if not isinstance(place, int) or not 0 <= place < len(made):
            raise MisfitError(f"there is no {target.__name__.lower()} number {place!r:.20}")
        return made[place]


@transaction.atomic
def pack_challenge(*, actor: Person, challenge_key: str, at: datetime) -> Package:
    """Return a packed challenge, and record that it was packed. Raises Http404 and RefusedError as `pack` says."""
    package = pack(actor, challenge_key, at=at)
    _record(package.challenge, actor, "challenge.packed", package.document, at)
    return package


def unpack(*, path: Path, actor: Person, at: datetime) -> Challenge:
    """Make a packed challenge part of the firm that the actor manages, and return it.

    Raises RefusedError, with nothing changed, if the actor manages no firm, the file is no packed challenge or a
    damaged one, or the challenge is here already.
    """
    firm = next((organisation for organisation, role in seats_of(actor) if role in MANAGING), None)
    if firm is None:
        raise RefusedError(rules.manages_nothing())
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpacked(_Unpacking(firm, at, archive), _document(archive), actor)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, IntegrityError) as error:
        raise RefusedError(rules.not_a_challenge(str(error) or type(error).__name__)) from error


def _document(archive: zipfile.ZipFile) -> Row:
    """Return what the file says. Raises MisfitError for anything but a packed challenge of this version."""
    names = [member.filename for member in archive.infolist()]
    if names[:1] != [CONTENT] or not all(MEMBER.match(name) for name in names[1:]) or len(set(names)) < len(names):
        raise MisfitError("it is another kind of file")
    if archive.getinfo(CONTENT).file_size > MOST_CONTENT:
        raise MisfitError(f"{CONTENT} is larger than {MOST_CONTENT // 1_000_000} MB")
    document = json.loads(archive.read(CONTENT))
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise MisfitError("it is another kind of file")
    if document.get("version") != VERSION:
        raise MisfitError(f"it has version {document.get('version')!r:.20}, and {VERSION} is known here")
    return document


def _unpacked(unpacking: _Unpacking, document: Row, actor: Person) -> Challenge:
    """Make the rows, all or none; of the files that were written none is left behind if they fail."""
    key = document["parts"]["challenges.Challenge"][0]["key"]
    present = Challenge.objects.filter(key=key).first()
    demand(None if present is None else rules.is_here(present))
    try:
        with transaction.atomic():
            _make_shared(unpacking, document)
            for part in PARTS:
                _make_part(unpacking, part, document["parts"][part.model])
            _make_acceptances(unpacking, document["acceptances"])
            challenge = cast("Challenge", unpacking.at_place(Challenge, 0))
            _record(challenge, actor, "challenge.unpacked", document, unpacking.at)
    except BaseException:
        for stored in unpacking.stored:
            delete(stored)
        raise
    return challenge


def _make_shared(unpacking: _Unpacking, document: Row) -> None:
    """Find or make what other challenges refer to as well: the firm, people, terms and the goal."""
    rows = unpacking.rows
    rows["people.Organisation"] = [unpacking.organisation]
    rows["people.Person"] = [_person(one) for one in document["people"]]
    rows["agreements.Terms"] = [_terms(unpacking, one) for one in document["terms"]]
    if document["goal"] is not None:
        rows["strategy.Goal"] = [_goal(unpacking, document["goal"])]


def _person(packed: Row) -> Person:
    """Return the person of this address, or a new one who is not a member of anything."""
    values = _fitting(Person, {name: packed[name] for name in PERSON})
    here = person_by_email(values["email"]) if values["email"] else None
    if here is not None:
        return here
    person = Person(**values)
    person.set_unusable_password()
    person.save()
    return person


def _terms(unpacking: _Unpacking, packed: Row) -> Terms:
    """Return the firm's text of the same words, or make it the next version."""
    values = _fitting(Terms, {name: packed[name] for name in TERMS})
    if fingerprint(values["title"], values["body"]) != values["sha256"]:
        raise MisfitError(f"the terms “{values['title']:.60}” are not those that their checksum belongs to")
    series = Terms.objects.filter(organisation=unpacking.organisation, kind=values["kind"], language=values["language"])
    here = series.filter(sha256=values["sha256"]).order_by("version").first()
    if here is not None:
        return here
    version = (series.aggregate(last=Max("version"))["last"] or 0) + 1
    return Terms.objects.create(
        organisation=unpacking.organisation, version=version, published_at=unpacking.at, **values
    )


def _goal(unpacking: _Unpacking, packed: Row) -> Goal:
    """Return the firm's goal of this key, or make it with its readings."""
    here = Goal.objects.filter(organisation=unpacking.organisation, key=packed["key"]).first()
    if here is not None:
        return here
    values = dict(packed)
    read = values.pop("readings")
    goal = cast("Goal", _row(unpacking, GOAL, values))
    goal.save()
    unpacking.rows["strategy.Goal"] = [goal]
    readings = [cast("GoalReading", _row(unpacking, READING, one)) for one in read]
    for reading in readings:
        reading.goal = goal
    GoalReading.objects.bulk_create(readings, batch_size=BATCH)
    return goal


def _make_part(unpacking: _Unpacking, part: Part, packed: list[Row]) -> None:
    """Make the rows of a table in their order; rows that others of the table refer to are stored before these."""
    model = apps.get_model(part.model)
    own = [one.name for one in model._meta.concrete_fields if one.remote_field and one.remote_field.model is model]  # noqa: SLF001
    made = unpacking.rows[part.model] = []
    rows: list[models.Model] = []
    for one in packed:
        if any(isinstance(one.get(name), int) and one[name] >= len(made) for name in own):
            made += model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001
            rows = []
        rows.append(_row(unpacking, part, one))
    made += model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001


def _row(unpacking: _Unpacking, part: Part, packed: Row) -> models.Model:
    """Return the row that was packed, not saved. Raises MisfitError for a field too many or too few."""
    model = apps.get_model(part.model)
    wanted = {
        one.name: one
        for one in model._meta.concrete_fields  # noqa: SLF001
        if one.name not in OWN_FIELDS and one.name not in part.dropped
    }
    if set(packed) != set(wanted):
        odd = ", ".join(sorted(set(packed) ^ set(wanted)))
        raise MisfitError(f"{part.model} has other fields here: {odd}")
    values: dict[str, Any] = {}
    for name, one in wanted.items():
        if one.remote_field is not None and packed[name] is not None:
            values[name] = unpacking.at_place(one.remote_field.model, packed[name])
        else:
            values[name] = from_json(one, packed[name])
    if "organisation" in {one.name for one in model._meta.concrete_fields}:  # noqa: SLF001
        values["organisation"] = unpacking.organisation
    row: models.Model = model(**values)
    if isinstance(row, Attachment) and row.path:
        row.path = _store(unpacking, row)
    return row


def _store(unpacking: _Unpacking, attachment: Attachment) -> str:
    """Write the bytes of a file to the disk and return where. Raises MisfitError if they are not those promised."""
    member = unpacking.archive.getinfo(FILES + attachment.sha256)
    if member.file_size != attachment.size or member.file_size > MOST_FILE:
        raise MisfitError(f"the file “{attachment.name:.60}” has another size than it should")
    with unpacking.archive.open(member) as content:
        stored = receive(_pieces(content), limit=attachment.size)
    unpacking.stored.append(stored.path)
    if stored.sha256 != attachment.sha256:
        raise MisfitError(f"the file “{attachment.name:.60}” is damaged")
    return stored.path


def _pieces(content: Any) -> Iterator[bytes]:
    """Yield the bytes of a file piece by piece."""
    while piece := content.read(PIECE):
        yield piece


def _make_acceptances(unpacking: _Unpacking, packed: list[Row]) -> None:
    """Make what was accepted for the challenge and its entries."""
    rows = [
        Acceptance(
            terms=cast("Terms", unpacking.at_place(Terms, one["terms"])),
            person=cast("Person", unpacking.at_place(Person, one["person"])),
            **_fitting(Acceptance, {name: one[name] for name in ACCEPTANCE}),
        )
        for one in packed
    ]
    Acceptance.objects.bulk_create(rows, batch_size=BATCH)


def _fitting(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the fields of these names hold them. Raises MisfitError if one does not fit."""
    return {name: from_json(cast("Any", model._meta.get_field(name)), value) for name, value in values.items()}  # noqa: SLF001


def _record(challenge: Challenge, actor: Person, kind: str, document: Row, at: datetime) -> None:
    """Append to the ledger that a challenge was packed or unpacked, with the hash of its content."""
    content = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode()
    record_crossing(
        organisation=challenge.organisation,
        kind=kind,
        direction=Crossing.Direction.INSIDE,
        depth=Crossing.Depth.INSIDE,
        subject_type="challenge",
        subject_key=challenge.key,
        challenge_key=challenge.key,
        actor=actor,
        facts={"sha256": hashlib.sha256(content).hexdigest(), "ideas": len(document["parts"]["ideas.Idea"])},
        at=at,
    )
