"""Writing partners: noted, changed, talked with, invited; and what their own people say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.partners import queries, rules
from permea.partners.events import PartnerStated
from permea.partners.models import Capability, Contact, LogEntry, Partner, SourceEvent, WorkingPreferences
from permea.people import services as people
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage

Stage = Partner.Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerInput:
    """What a firm notes of a partner."""

    name: str
    kind: str
    country: str = ""
    language: str = "en"
    stage: str = "known"
    source: str = "other"
    source_name: str = ""
    website: str = ""
    city: str = ""
    tags: str = ""
    note: str = ""
    owner: Person
    event: SourceEvent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventInput:
    """Where a firm meets partners, and what that cost."""

    name: str
    on: date
    cost: Decimal = Decimal(0)
    currency: str = "EUR"
    hours: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactInput:
    """Who somebody at a partner is."""

    name: str
    email: str = ""
    phone: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityInput:
    """What a partner can do or looks for, how well or how much, and how that is known."""

    kind: str
    name: str
    level: int = 3
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesInput:
    """How a partner likes to work; empty where nothing is said."""

    language: str = ""
    channel: str = ""
    response_hours: int | None = None
    decision: str = ""
    ip_stance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInput:
    """What was said on a day, and what is to follow."""

    kind: str
    on: date
    summary: str
    next_step: str = ""
    next_on: date | None = None


def _managed(partner_id: int, actor: Person) -> Partner:
    """Return the locked partner to somebody who manages its firm. Raises RefusedError to all others."""
    rows = Partner.objects.select_for_update(of=("self",)).select_related("organisation", "party")
    partner = rows.get(pk=partner_id)
    demand(why_not_manage(role_in(actor, partner.organisation_id)))
    return partner


@transaction.atomic
def note_partner(*, organisation: Organisation, content: PartnerInput, actor: Person, at: datetime) -> Partner:
    """Note a partner of a firm. Raises RefusedError to non-managers, or as `rules.why_not_look_after` says."""
    demand(why_not_manage(role_in(actor, organisation.pk)))
    return _save(Partner(organisation=organisation, created_at=at), content, at)


@transaction.atomic
def change_partner(*, partner_id: int, content: PartnerInput, actor: Person, at: datetime) -> Partner:
    """Change what is noted of a partner. Raises RefusedError to non-managers, or as `rules.why_not_look_after` says."""
    partner = _managed(partner_id, actor)
    partner.changed_at = at
    return _save(partner, content, at)


def _save(partner: Partner, content: PartnerInput, at: datetime) -> Partner:
    """Store what is noted of a partner and its organisation.

    Raises SourceEvent.DoesNotExist for another firm's, and RefusedError as `rules.why_not_look_after` says.
    """
    if content.event is not None and content.event.organisation_id != partner.organisation_id:
        raise SourceEvent.DoesNotExist
    demand(rules.why_not_look_after(role_in(content.owner, partner.organisation_id)))
    partner.party = people.note_organisation(
        name=" ".join(content.name.split()),
        kind=content.kind,
        country=content.country,
        language=content.language,
        at=at,
        organisation=partner.party if partner.party_id else None,
    )
    for name in ("source", "source_name", "website", "city", "tags", "note", "owner", "event"):
        setattr(partner, name, getattr(content, name))
    _move(partner, content.stage, at)
    index(partner)
    return partner


def _move(partner: Partner, stage: str, at: datetime) -> None:
    """Put a partner into a stage, and remember the first talk and the first work together."""
    partner.stage = stage
    if stage in {Stage.TALKING, Stage.WORKING}:
        partner.talked_at = partner.talked_at or at
    if stage == Stage.WORKING:
        partner.dealt_at = partner.dealt_at or at


def index(partner: Partner) -> None:
    """Store a partner with the words it is found by, what it can do and looks for among them."""
    partner.search_text = rules.search_text(partner, *queries.capability_names(partner))
    partner.save()


@transaction.atomic
def note_event(
    *, organisation: Organisation, content: EventInput, actor: Person, at: datetime, event_id: int | None = None
) -> SourceEvent:
    """Note where a firm meets partners, or change it by its id. Raises RefusedError to non-managers."""
    demand(why_not_manage(role_in(actor, organisation.pk)))
    event = SourceEvent(organisation=organisation, made_at=at)
    if event_id is not None:
        event = SourceEvent.objects.get(pk=event_id, organisation=organisation)
    for name in EventInput.__dataclass_fields__:
        setattr(event, name, getattr(content, name))
    event.save()
    return event


@transaction.atomic
def archive(*, partner_id: int, actor: Person, at: datetime, is_back: bool = False) -> Partner:
    """Put a partner away, or take it back with `is_back`; nothing of it goes.

    Raises RefusedError to non-managers and as `rules.why_not_archive` says.
    """
    partner = _managed(partner_id, actor)
    demand(rules.why_not_archive(partner))
    partner.archived_at = None if is_back else partner.archived_at or at
    partner.save(update_fields=["archived_at"])
    return partner


@transaction.atomic
def add_contact(*, partner_id: int, content: ContactInput, actor: Person, at: datetime) -> Contact:
    """Note somebody at a partner. Raises RefusedError to non-managers."""
    partner = _managed(partner_id, actor)
    return Contact.objects.create(
        partner=partner,
        organisation_id=partner.organisation_id,
        name=" ".join(content.name.split()),
        email=content.email.strip().lower(),
        phone=content.phone,
        position=content.position,
        made_at=at,
    )


@transaction.atomic
def remove_contact(*, contact_id: int, actor: Person) -> None:
    """Delete what is noted of somebody at a partner; a guest stays one. Raises RefusedError to non-managers."""
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    demand(why_not_manage(role_in(actor, contact.organisation_id)))
    contact.delete()


@transaction.atomic
def invite_contact(*, contact_id: int, role: str, actor: Person, at: datetime) -> Contact:
    """Invite a contact as guest into the partner's organisation; they get no place in the firm.

    Raises RefusedError to non-managers and as `rules.why_not_invite_contact` and `people.rules.why_not_invite_guest`
    say.
    """
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    partner = _managed(contact.partner_id, actor)
    demand(rules.why_not_invite_contact(contact, partner))
    people.invite_guest(
        organisation=partner.party, host=partner.organisation, email=contact.email, role=role, actor=actor, at=at
    )
    contact.invited_at = at
    contact.save(update_fields=["invited_at"])
    _record(partner, "partner.invited", Crossing.Direction.OUT, actor, at, facts={"role": role})
    return contact


@transaction.atomic
def link_guest(*, invitation_id: int, person_id: int) -> int:
    """Join whoever accepted an invitation of a partner with the contacts at their address; return how many."""
    return queries.contacts_invited_by(invitation_id).filter(person__isnull=True).update(person_id=person_id)


@transaction.atomic
def add_capability(*, partner_id: int, content: CapabilityInput, actor: Person, at: datetime) -> Capability:
    """Note what a partner can do or looks for. Raises RefusedError to non-managers."""
    return _add_capability(_managed(partner_id, actor), content, None, at)


def _add_capability(partner: Partner, content: CapabilityInput, stated_by: Person | None, at: datetime) -> Capability:
    """Store a capability or a need, and let the partner be found by it."""
    made = Capability.objects.create(
        partner=partner,
        organisation_id=partner.organisation_id,
        kind=content.kind,
        name=" ".join(content.name.split()),
        level=content.level,
        basis=content.basis,
        stated_by=stated_by,
        made_at=at,
    )
    index(partner)
    return made


@transaction.atomic
def remove_capability(*, capability_id: int, actor: Person, at: datetime) -> None:
    """Delete a capability or need: managers what they noted, guests what the partner stated.

    Raises RefusedError to all others.
    """
    found = Capability.objects.select_related("stated_by").get(pk=capability_id)
    if found.stated_by is None:
        partner = _managed(found.partner_id, actor)
        found.delete()
    else:
        partner = _own(found.partner_id, actor)
        found.delete()
        _stated(partner, actor, at, "removed")
    index(partner)


@transaction.atomic
def note_preferences(*, partner_id: int, content: PreferencesInput, actor: Person, at: datetime) -> WorkingPreferences:
    """Keep what a firm noticed of how a partner works, beside what the partner says. Raises RefusedError as above."""
    return _prefer(_managed(partner_id, actor), content, actor, at, is_stated=False)


def _prefer(
    partner: Partner, content: PreferencesInput, actor: Person, at: datetime, *, is_stated: bool
) -> WorkingPreferences:
    """Store preferences in one of the two voices."""
    said = {name: getattr(content, name) for name in PreferencesInput.__dataclass_fields__}
    said |= {"organisation_id": partner.organisation_id, "said_by": actor, "said_at": at}
    kept, _is_new = WorkingPreferences.objects.update_or_create(partner=partner, is_stated=is_stated, defaults=said)
    return kept


@transaction.atomic
def log(*, partner_id: int, content: LogInput, actor: Person, at: datetime) -> LogEntry:
    """Write down what was said with a partner; the first call or meeting counts as a talk.

    Raises RefusedError to non-managers and as `rules.why_not_follow_up` says.
    """
    partner = _managed(partner_id, actor)
    demand(rules.why_not_follow_up(step=content.next_step, on=content.next_on))
    entry = LogEntry.objects.create(
        partner=partner,
        organisation_id=partner.organisation_id,
        kind=content.kind,
        on=content.on,
        summary=content.summary,
        author=actor,
        made_at=at,
        next_step=content.next_step.strip(),
        next_on=content.next_on,
        next_by=actor if content.next_on else None,
    )
    if content.kind in rules.TALKS:
        partner.talked_at = partner.talked_at or at
    if partner.stage == Stage.KNOWN:
        partner.stage = Stage.CONTACTED
    partner.save(update_fields=["talked_at", "stage"])
    return entry


@transaction.atomic
def finish_step(*, entry_id: int, actor: Person, at: datetime) -> LogEntry:
    """Say that a next step is done; doing it twice changes nothing. Raises as `rules.why_not_finish` says."""
    entry = LogEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
    demand(rules.why_not_finish(entry, actor, role=role_in(actor, entry.organisation_id)))
    entry.next_done_at = entry.next_done_at or at
    entry.save(update_fields=["next_done_at"])
    return entry


def _own(partner_id: int, actor: Person) -> Partner:
    """Return the locked partner to one of its own people. Raises RefusedError to all others."""
    partner = Partner.objects.select_for_update(of=("self",)).select_related("organisation", "party").get(pk=partner_id)
    demand(rules.why_not_speak(is_guest=queries.is_guest_of(actor, partner)))
    return partner


@transaction.atomic
def state_preferences(*, partner_id: int, content: PreferencesInput, actor: Person, at: datetime) -> WorkingPreferences:
    """Let a guest say how their organisation likes to work. Raises RefusedError as `rules.why_not_speak` says."""
    partner = _own(partner_id, actor)
    kept = _prefer(partner, content, actor, at, is_stated=True)
    _stated(partner, actor, at, "preferences")
    return kept


@transaction.atomic
def state_capability(*, partner_id: int, content: CapabilityInput, actor: Person, at: datetime) -> Capability:
    """Let a guest say what their organisation can do or looks for. Raises as `state_preferences` does."""
    partner = _own(partner_id, actor)
    made = _add_capability(partner, content, actor, at)
    _stated(partner, actor, at, content.kind)
    return made


def _stated(partner: Partner, actor: Person, at: datetime, what: str) -> None:
    """Write down that a partner said something of itself, and say so."""
    _record(partner, "partner.stated", Crossing.Direction.IN, actor, at, facts={"what": what})
    publish(PartnerStated(partner_id=partner.pk, person_id=actor.pk, at=at))


def _record(partner: Partner, kind: str, direction: str, actor: Person, at: datetime, *, facts: dict[str, str]) -> None:
    """Append to the firm's ledger what crossed the boundary with a partner: no name, no content."""
    record_crossing(
        organisation=partner.organisation,
        kind=kind,
        direction=direction,
        depth=Crossing.Depth.INVITED,
        subject_type="partner",
        subject_key=partner.key,
        at=at,
        actor=actor,
        counterparty=partner.party,
        facts=facts,
    )


@transaction.atomic
def forget_person(*, person_id: int, email: str) -> None:
    """Delete whom firms noted as this person or at their address; what was said with the partner stays."""
    theirs = Q(person_id=person_id) | Q(email__iexact=email) if email else Q(person_id=person_id)
    Contact.objects.filter(theirs).delete()
