"""Taking partners and their people over from a file: all that can be kept or nothing, and undone as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from permea.foundation.refusals import demand
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.partners import queries, rules
from permea.partners.models import Contact, Partner, PartnerImport, SourceEvent
from permea.people import services as people
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """How a firm came to know the partners of a file."""

    source: str = "other"
    source_name: str = ""
    event: SourceEvent | None = None


@transaction.atomic
def stage_import(
    *, organisation: Organisation, name: str, content: bytes, actor: Person, at: datetime
) -> PartnerImport:
    """Keep a file of partners until it is taken over. Raises RefusedError to non-managers."""
    demand(why_not_manage(role_in(actor, organisation.pk)))
    return PartnerImport.objects.create(
        organisation=organisation,
        name=name[-160:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor,
        uploaded_at=at,
    )


def drop_stale_imports(*, at: datetime) -> None:
    """Delete files of partners that nobody took over within a day."""
    queries.stale_imports(at - KEPT_FOR).delete()


@transaction.atomic
def take_over(
    *, import_id: int, coming: Sequence[rules.ImportPartner], n_left_out: int, met: Met, actor: Person, at: datetime
) -> rules.Arrivals:
    """Note every partner and person that is not known yet; who is known stays as they are.

    Raises RefusedError to non-managers and as `rules.why_not_take_over` says.
    """
    found = _managed(import_id, actor)
    demand(rules.why_not_take_over(found))
    if met.event is not None and met.event.organisation_id != found.organisation_id:
        raise SourceEvent.DoesNotExist
    new = rules.arrivals(coming, queries.known_partners(found.organisation))
    made = Partner.objects.bulk_create([_partner(found, one, met, actor, at) for one in new.partners])
    there = [(partner.pk, person) for partner, one in zip(made, new.partners, strict=True) for person in one.people]
    _note_people(found, [*there, *new.people], at)
    found.content, found.taken_at = b"", at
    found.n_partners, found.n_people, found.n_left_out = len(made), new.n_people, n_left_out
    found.save()
    _record(found, "partners.imported", actor, at)
    return new


def _managed(import_id: int, actor: Person) -> PartnerImport:
    """Return a file, and its firm locked so that two imports do not bring the same. Raises RefusedError to others."""
    rows = PartnerImport.objects.select_for_update(of=("self", "organisation")).select_related("organisation")
    found = rows.get(pk=import_id)
    demand(why_not_manage(role_in(actor, found.organisation_id)))
    return found


def _partner(found: PartnerImport, coming: rules.ImportPartner, met: Met, actor: Person, at: datetime) -> Partner:
    """Return what comes as a partner that is not stored yet, with its organisation stored."""
    said = coming.fields
    partner = Partner(
        organisation_id=found.organisation_id,
        party=people.note_organisation(
            name=coming.name,
            kind=said.get("kind", Organisation.Kind.FIRM.value),
            country=said.get("country", ""),
            language=said.get("language", found.organisation.language),
            at=at,
        ),
        source=met.source,
        source_name=met.source_name,
        event=met.event,
        website=said.get("website", ""),
        city=said.get("city", ""),
        tags=said.get("tags", ""),
        note=said.get("note", ""),
        owner=actor,
        created_at=at,
        brought_by=found,
    )
    partner.search_text = rules.search_text(partner)
    return partner


def _note_people(found: PartnerImport, there: Iterable[tuple[int, rules.ImportPerson]], at: datetime) -> None:
    """Store people at partners."""
    Contact.objects.bulk_create(
        Contact(
            partner_id=partner_id,
            organisation_id=found.organisation_id,
            name=person.name,
            email=person.email,
            phone=person.phone,
            position=person.position,
            made_at=at,
            brought_by=found,
        )
        for partner_id, person in there
    )


@transaction.atomic
def undo_import(*, import_id: int, actor: Person, at: datetime) -> PartnerImport:
    """Delete all that an import brought. Raises RefusedError to non-managers and as `rules.why_not_undo` says."""
    found = _managed(import_id, actor)
    demand(rules.why_not_undo(found, queries.in_use(found)))
    Contact.objects.filter(brought_by=found).delete()
    brought = Partner.objects.filter(brought_by=found)
    organisation_ids = list(brought.values_list("party_id", flat=True))
    brought.delete()
    people.drop_organisations(organisation_ids=organisation_ids)
    found.undone_at = at
    found.save(update_fields=["undone_at"])
    _record(found, "partners.import_undone", actor, at)
    return found


def _record(found: PartnerImport, kind: str, actor: Person, at: datetime) -> None:
    """Enter what an import brought or what went with it: numbers and the file's hash, no name."""
    record_crossing(
        organisation=found.organisation,
        kind=kind,
        direction=Crossing.Direction.IN,
        depth=Crossing.Depth.INSIDE,
        subject_type="organisation",
        subject_key=found.organisation.key,
        at=at,
        actor=actor,
        facts={"partners": found.n_partners, "people": found.n_people, "file_sha256": found.sha256},
    )
