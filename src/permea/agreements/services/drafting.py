"""Writing an agreement: its draft, the offer, new versions of its text, its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import AgreementDropped, AgreementEnded, AgreementOffered, AgreementRevised
from permea.agreements.models import Agreement, AgreementParty, AgreementVersion
from permea.agreements.services.crossings import cross, cross_ip_table
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Organisation, Person
from permea.people.queries import is_member, role_in
from permea.people.rules import why_not_manage
from permea.people.services import found_organisation, register_person


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementInput:
    """What a draft begins with: the kind and the other side, known by key or named anew with a person's address."""

    kind: str
    title: str
    language: str
    law: str
    path: str = "full"
    partner_key: str = ""
    partner_name: str = ""
    partner_kind: str = "firm"
    contact_email: str = ""
    contact_name: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


def locked(agreement_id: int) -> Agreement:
    """Return an agreement, locked until the transaction ends."""
    return Agreement.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=agreement_id)


def _manage(agreement: Agreement, actor: Person) -> None:
    """Go on if the actor manages the firm. Raises RefusedError otherwise."""
    demand(why_not_manage(role_in(actor, agreement.organisation_id)))


@transaction.atomic
def draft_agreement(*, organisation: Organisation, said: AgreementInput, actor: Person, at: datetime) -> Agreement:
    """Begin an agreement with a first version of its text, made of the clauses of its kind.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_draft` says.
    """
    demand(why_not_manage(role_in(actor, organisation.pk)))
    known = queries.partners_of(organisation).filter(key=said.partner_key).first()
    is_own = bool(said.contact_email) and is_member(organisation, said.contact_email)
    has_contact = known is not None or bool(said.contact_email)
    demand(rules.why_not_draft(title=said.title, has_contact=has_contact, is_own=is_own))
    agreement = Agreement.objects.create(
        organisation=organisation,
        kind=said.kind,
        title=said.title.strip(),
        language=queries.library(said.language).language,
        law=said.law,
        path=said.path,
        created_by=actor,
        created_at=at,
    )
    _add_party(agreement, known, said, at)
    _write(agreement, dict(said.options), actor, at)
    return agreement


def _add_party(agreement: Agreement, known: Organisation | None, said: AgreementInput, at: datetime) -> None:
    """Store who is on the other side; a new partner gets its own organisation and its first person."""
    if known is not None:
        AgreementParty.objects.create(agreement=agreement, organisation=known)
        return
    person = register_person(
        email=said.contact_email, name=said.contact_name.strip(), language=agreement.language, at=at
    )
    if not said.partner_name.strip():
        AgreementParty.objects.create(agreement=agreement, person=person)
        return
    partner = found_organisation(
        name=said.partner_name.strip(),
        kind=said.partner_kind,
        country="",
        language=agreement.language,
        owner=person,
        at=at,
        is_host=False,
    )
    AgreementParty.objects.create(agreement=agreement, organisation=partner)


def _text_of(agreement: Agreement, options: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the text made of what was chosen, and the options with the usual ones where nothing was."""
    texts = queries.library(agreement.language)
    usual = {name: values[0] for name, values in texts.choices_of(agreement.kind).items()}
    chosen = {"subject": agreement.title, "amount": "", **usual, **options}
    party = agreement.parties.select_related("organisation", "person").order_by("pk")[0]
    body = texts.draft(
        agreement.kind,
        chosen,
        firm=agreement.organisation.name,
        party=queries.party_name(party),
        law=queries.country_name(agreement.law, agreement.language),
    )
    return rules.tidy(body), chosen


def _write(agreement: Agreement, options: dict[str, str], actor: Person, at: datetime) -> None:
    """Write the only version of a draft, anew if there is one, and set what it will cover."""
    body, chosen = _text_of(agreement, options)
    AgreementVersion.objects.update_or_create(
        agreement=agreement,
        number=1,
        defaults={
            "body": body,
            "options": chosen,
            "sha256": rules.fingerprint(agreement.title, body),
            "written_by": actor,
            "written_at": at,
        },
    )
    agreement.purposes = rules.purposes_of(agreement.kind, chosen)
    agreement.save(update_fields=["purposes"])


@transaction.atomic
def choose_clauses(*, agreement_id: int, options: Mapping[str, str], law: str, actor: Person, at: datetime) -> None:
    """Make the text anew from what was chosen; once the other side has it, that is the next version.

    Raises RefusedError as `rules.why_not_choose` and `rules.why_not_propose` say.
    """
    agreement = locked(agreement_id)
    _manage(agreement, actor)
    demand(rules.why_not_choose(agreement, is_renewal="until" in queries.newest_version(agreement).options))
    agreement.law = law
    agreement.save(update_fields=["law"])
    if agreement.status == Agreement.Status.DRAFT:
        _write(agreement, dict(options), actor, at)
        return
    body, chosen = _text_of(agreement, options)
    propose_version(agreement_id=agreement_id, body=body, options=chosen, note="", actor=actor, at=at)
    agreement.purposes = rules.purposes_of(agreement.kind, chosen)
    agreement.save(update_fields=["purposes"])


@transaction.atomic
def propose_version(
    *, agreement_id: int, body: str, options: Mapping[str, str], note: str, actor: Person, at: datetime
) -> AgreementVersion:
    """Write the next version of the text, which voids signatures under older ones; in a draft it takes its place.

    `options` are only those that change. Raises RefusedError as `rules.why_not_propose` says.
    """
    agreement = locked(agreement_id)
    standing = queries.standing_of(actor, agreement)
    demand(rules.why_not_bind(may_bind=standing is not None and standing.may_bind))
    latest = queries.newest_version(agreement)
    merged = {**latest.options, **options}
    demand(rules.why_not_propose(agreement, latest, body, merged))
    party = standing.party if standing else None
    is_draft = agreement.status == Agreement.Status.DRAFT
    version, _is_new = AgreementVersion.objects.update_or_create(
        agreement=agreement,
        number=latest.number if is_draft else latest.number + 1,
        defaults={
            "body": rules.tidy(body),
            "options": merged,
            "sha256": rules.fingerprint(agreement.title, body),
            "note": note.strip(),
            "by_party": party,
            "written_by": actor,
            "written_at": at,
        },
    )
    if not is_draft:
        cross(agreement, version, "agreement.revised", actor, at, is_out=party is None)
        publish(AgreementRevised(version_id=version.pk, at=at))
    return version


@transaction.atomic
def offer_agreement(*, agreement_id: int, actor: Person, at: datetime) -> Agreement:
    """Show a draft to the other side. Raises RefusedError as `rules.why_not_offer` says."""
    agreement = locked(agreement_id)
    _manage(agreement, actor)
    demand(rules.why_not_offer(agreement))
    agreement.status, agreement.was_offered = Agreement.Status.OFFERED, True
    agreement.save(update_fields=["status", "was_offered"])
    cross(agreement, queries.newest_version(agreement), "agreement.offered", actor, at, is_out=True)
    cross_ip_table(agreement, actor, at)
    publish(AgreementOffered(agreement_id=agreement.pk, at=at))
    return agreement


@transaction.atomic
def drop_agreement(*, agreement_id: int, actor: Person, at: datetime) -> Agreement:
    """Leave an agreement that is not signed. Raises RefusedError as `rules.why_not_drop` says."""
    agreement = locked(agreement_id)
    _manage(agreement, actor)
    demand(rules.why_not_drop(agreement))
    agreement.status = Agreement.Status.DROPPED
    agreement.save(update_fields=["status"])
    if agreement.was_offered:
        publish(AgreementDropped(agreement_id=agreement.pk, at=at))
    return agreement


@transaction.atomic
def end_agreement(*, agreement_id: int, actor: Person, at: datetime) -> Agreement:
    """Give notice for one's side: the agreement ends when the months of notice are over, or before if it runs out.

    Raises RefusedError as `rules.why_not_end` says.
    """
    agreement = locked(agreement_id)
    standing = queries.standing_of(actor, agreement)
    demand(rules.why_not_bind(may_bind=standing is not None and standing.may_bind))
    demand(rules.why_not_end(agreement, at=at))
    version = queries.newest_version(agreement)
    agreement.ended_at = rules.end_of_notice(agreement, version.options, at=at)
    agreement.save(update_fields=["ended_at"])
    by_firm = standing is not None and standing.is_firm
    cross(agreement, version, "agreement.ended", actor, at, is_out=by_firm)
    publish(AgreementEnded(agreement_id=agreement.pk, by_firm=by_firm, at=at))
    return agreement
