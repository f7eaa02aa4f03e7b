"""Packing: everything of a challenge that its manager may read, as one document and the files it names."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from permea.agreements.models import Acceptance, Terms
from permea.challenges.models import Challenge
from permea.challenges.queries import managed_challenge
from permea.config.portable import rules
from permea.config.portable.parts import CONTENT, FILES, FORMAT, PARTS, VERSION, Part
from permea.config.portable.values import to_json
from permea.foundation.files.storage import root
from permea.foundation.refusals import demand
from permea.ideas.models import Attachment, Idea, IdeaVersion
from permea.people.models import Organisation, Person
from permea.selection.queries import withheld_from
from permea.strategy.models import Goal, GoalReading

PERSON = ("email", "name", "language", "time_zone", "country", "affiliation", "joined_at", "erased_at")
TERMS = ("kind", "language", "title", "body", "sha256")
ACCEPTANCE = ("subject_key", "accepted_at", "method")
OWN_FIELDS = {"id", "organisation"}
SAME_DATE = (1980, 1, 1, 0, 0, 0)  # the first that the format knows: the same content makes the same bytes
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Package:
    """A packed challenge: the document, and where the bytes of its files lie, by SHA-256."""

    challenge: Challenge
    document: Row
    files: dict[str, Path]


@dataclass(slots=True)
class _Packing:
    """What has been packed so far, each with its place: rows, people known and unnamed, texts of terms."""

    challenge: Challenge
    places: dict[str, dict[int, int]] = field(default_factory=dict)
    people: dict[tuple[int, str], int] = field(default_factory=dict)
    terms: dict[int, int] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)

    def place(self, target: type[models.Model], row_id: int) -> int:
        """Return the place of a row that is referred to; people and terms get theirs when they are first met."""
        if target is Person:
            return self.people.setdefault((row_id, ""), len(self.people))
        if target is Terms:
            return self.terms.setdefault(row_id, len(self.terms))
        if target in {Organisation, Goal}:
            return 0
        return self.places[target._meta.label][row_id]  # noqa: SLF001 - Django's own way to a model's name

    def unnamed(self, person_id: int, at: datetime) -> int:
        """Return the place of somebody who goes along without name and address: a person erased at this time."""
        met = next((key for key in self.people if key[0] == person_id and key[1]), None)
        return self.people.setdefault(met or (person_id, at.astimezone(UTC).isoformat()), len(self.people))


def pack(actor: Person, challenge_key: str, *, at: datetime) -> Package:
    """Return a challenge that the actor manages, with all that they may read of it.

    Raises Http404 for everybody else, and RefusedError as `rules.why_not_pack` says.
    """
    challenge = managed_challenge(actor, challenge_key)
    demand(rules.why_not_pack(challenge, withheld_from(actor, challenge), at=at))
    packing = _Packing(challenge)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "goal": _goal(packing),
        "parts": {part.model: list(_rows(packing, part)) for part in PARTS},
    }
    document["acceptances"] = _acceptances(packing)
    document["terms"] = [_values(text, TERMS) for text in _in_order(Terms, packing.terms)]
    document["people"] = list(_people(packing))
    return Package(challenge, document, packing.files)


def _rows(packing: _Packing, part: Part) -> Iterator[Row]:
    """Yield the rows of a table that go along, oldest first."""
    model = apps.get_model(part.model)
    places = packing.places.setdefault(part.model, {})
    chosen = model._default_manager.filter(Q(**{part.challenge: packing.challenge.pk}) & part.only)  # noqa: SLF001
    readable = _readable_files(packing.challenge) if model is Attachment else frozenset()
    order = (F(part.refers).asc(nulls_first=True), "pk") if part.refers else ("pk",)
    for row in chosen.select_related(*part.related).order_by(*order):
        if isinstance(row, Attachment) and row.path and row.key not in readable:
            continue
        places[row.pk] = len(places)
        yield _row(packing, part, row)


def _row(packing: _Packing, part: Part, row: models.Model) -> Row:
    """Return a row as JSON: what it refers to by place, a file by its SHA-256."""
    hidden = part.emptied(row) if part.emptied else {}
    packed: Row = {}
    for one in row._meta.concrete_fields:  # noqa: SLF001
        value = getattr(row, one.attname)
        if one.name in OWN_FIELDS or one.name in part.dropped:
            continue
        if one.name in part.unnamed and value is not None:
            packed[one.name] = packing.unnamed(value, getattr(row, part.unnamed[one.name]))
        elif one.remote_field is not None:
            packed[one.name] = None if value is None else packing.place(one.remote_field.model, value)
        else:
            packed[one.name] = to_json(one, hidden.get(one.name, value))
    if isinstance(row, Attachment) and row.path:
        packing.files[row.sha256] = root() / row.path
        packed["path"] = FILES + row.sha256
    return packed


def _readable_files(challenge: Challenge) -> frozenset[str]:
    """Return the keys of the files that the latest versions of the handed-in entries name."""
    rows = IdeaVersion.objects.filter(
        idea__challenge=challenge, idea__status__in=[Idea.Status.SUBMITTED, Idea.Status.MERGED]
    )
    latest: dict[int, Any] = dict(rows.order_by("number").values_list("idea_id", "content"))
    return frozenset(str(file["key"]) for content in latest.values() for file in content.get("files", []))


def _goal(packing: _Packing) -> Row | None:
    """Return the goal the challenge hangs on, with what was read of it."""
    goal = packing.challenge.goal
    if goal is None:
        return None
    readings = GoalReading.objects.filter(goal=goal).order_by("pk")
    return {
        **_row(packing, Part("strategy.Goal", ""), goal),
        "readings": [
            _row(packing, Part("strategy.GoalReading", "", dropped=frozenset({"goal"})), one) for one in readings
        ],
    }


def _acceptances(packing: _Packing) -> list[Row]:
    """Return who accepted which terms for this challenge or an entry in it."""
    ideas = Idea.objects.filter(challenge=packing.challenge).exclude(status=Idea.Status.DRAFT).values("key")
    about = Q(subject_key=packing.challenge.key) | Q(subject_key__in=ideas)
    return [
        {
            "terms": packing.place(Terms, one.terms_id),
            "person": packing.place(Person, one.person_id),
            **_values(one, ACCEPTANCE),
        }
        for one in Acceptance.objects.filter(about).order_by("pk")
        if (one.person_id, "") in packing.people
    ]


def _people(packing: _Packing) -> Iterator[Row]:
    """Yield everybody referred to, in the order they were met."""
    known = Person.objects.in_bulk([person_id for person_id, unnamed in packing.people if not unnamed])
    nobody = {"email": None, "name": "", "language": "en", "time_zone": "UTC", "country": "", "affiliation": ""}
    for person_id, unnamed in packing.people:
        yield {**nobody, "joined_at": unnamed, "erased_at": unnamed} if unnamed else _values(known[person_id], PERSON)


def _in_order(model: type[Terms], places: dict[int, int]) -> list[Terms]:
    """Return the rows of these ids, in the order of their places."""
    found = model.objects.in_bulk(list(places))
    return [found[row_id] for row_id in places]


def _values(row: models.Model, names: tuple[str, ...]) -> Row:
    """Return some fields of a row as JSON."""
    return {name: to_json(row._meta.get_field(name), getattr(row, name)) for name in names}  # type: ignore[arg-type] # noqa: SLF001


def written(package: Package, path: Path) -> Path:
    """Write the package as one file, whole or not at all; the same challenge gives the same bytes. Return its place.

    Raises OSError if the bytes of a file are not there or the folder cannot be written to.
    """
    text = json.dumps(package.document, ensure_ascii=False, sort_keys=True, indent=1)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            archive.writestr(zipfile.ZipInfo(CONTENT, SAME_DATE), text.encode())
            for sha256, place in sorted(package.files.items()):
                archive.writestr(zipfile.ZipInfo(FILES + sha256, SAME_DATE), place.read_bytes())
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name).replace(path)
