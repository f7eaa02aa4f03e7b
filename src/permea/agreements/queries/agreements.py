"""Reading agreements: those of a firm, those somebody is a party to, and what each shows to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from permea.agreements import rules
from permea.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementSignature,
    AgreementVersion,
    ChooserRun,
    SigningCode,
)
from permea.agreements.queries.library import Checklist, checklist
from permea.foundation.refusals import Refusal
from permea.partners.models import Partner
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import ErasureLines, managers_of, members_of, organisation_ids_of, role_in
from permea.people.rules import MANAGING

READING = frozenset({*MANAGING, Membership.Role.MEMBER.value})
STATES = ("offered", "draft", "live", "soon", "ended", "dropped")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands to an agreement: for the firm, or for a party; and whether they may bind their side."""

    party: AgreementParty | None
    may_bind: bool

    @property
    def is_firm(self) -> bool:
        """Say whether they stand on the side of the firm."""
        return self.party is None

    @property
    def side(self) -> int | None:
        """Return the number of the party they stand for, None for the firm."""
        return self.party.pk if self.party else None


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement in a list: with whom, and where it stands."""

    agreement: Agreement
    partners: list[str]
    state: str


@dataclass(frozen=True, slots=True)
class SideLine:
    """One side of an agreement, and its signature under the newest version if there is one."""

    name: str
    signature: AgreementSignature | None
    is_own: bool

    @property
    def drawn(self) -> str:
        """Return the drawn signature as the path of a picture; nothing where none was drawn."""
        return rules.drawing_path(self.signature.drawing) if self.signature else ""


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """An agreement as its reader sees it, and what they may do with it."""

    agreement: Agreement
    standing: Standing
    state: str
    partners: list[str]
    newest: AgreementVersion
    before: AgreementVersion | None
    versions: list[AgreementVersion]
    sides: list[SideLine]
    checklist: Checklist
    purposes: list[str]
    has_code: bool
    sign_blocked: Refusal | None
    propose_blocked: Refusal | None
    offer_blocked: Refusal | None
    drop_blocked: Refusal | None
    end_blocked: Refusal | None


def party_name(party: AgreementParty) -> str:
    """Return what a party is called: the organisation, or the person."""
    if party.organisation is not None:
        return party.organisation.name
    return party.person.display_name if party.person else ""


def _written() -> QuerySet[Agreement]:
    """Return agreements that have a text of their own: those made by a click name published terms instead."""
    has_text = Exists(AgreementVersion.objects.filter(agreement=OuterRef("pk")))
    related = ("parties__organisation", "parties__person")
    return Agreement.objects.filter(has_text).select_related("organisation").prefetch_related(*related)


def agreements_of(organisation: Organisation, *, state: str, text: str, at: datetime) -> QuerySet[Agreement]:
    """Return the agreements of a firm in this state (any if it is empty) that have this text in title or partner."""
    rows = _written().filter(organisation=organisation)
    if state in STATES:
        rows = rows.filter(_in_state(state, at))
    if text.strip():
        words = text.strip()
        named = AgreementParty.objects.filter(
            Q(organisation__name__icontains=words) | Q(person__name__icontains=words), agreement=OuterRef("pk")
        )
        rows = rows.filter(Q(title__icontains=words) | Exists(named))
    return rows.order_by("-created_at", "-pk")


def _in_state(state: str, at: datetime) -> Q:
    """Return the condition that an agreement stands so; it says the same as `rules.state_of`."""
    if state in {"draft", "offered", "dropped"}:
        return Q(status=state)
    signed, over, near = Q(status="signed"), _ends_by(at), _ends_by(at + rules.SOON)
    return signed & {"live": ~near, "soon": near & ~over, "ended": over}[state]


def _ends_by(moment: datetime) -> Q:
    """Return the condition that an agreement is over at a moment."""
    runs_out = Q(valid_until__isnull=False, valid_until__lte=moment)
    return runs_out | Q(ended_at__isnull=False, ended_at__lte=moment)


def agreement_row(agreement: Agreement, at: datetime) -> AgreementRow:
    """Return what a list shows of an agreement."""
    return AgreementRow(agreement, [party_name(one) for one in agreement.parties.all()], rules.state_of(agreement, at))


def partners_of(organisation: Organisation) -> QuerySet[Organisation]:
    """Return the organisations a firm knows, from its directory, by an agreement or by the chooser; by name."""
    listed = Partner.objects.filter(organisation=organisation, archived_at__isnull=True).values("party")
    agreed = AgreementParty.objects.filter(agreement__organisation=organisation).values("organisation")
    asked = ChooserRun.objects.filter(organisation=organisation).values("partner")
    known = Q(pk__in=listed) | Q(pk__in=agreed) | Q(pk__in=asked)
    return Organisation.objects.filter(known).exclude(pk=organisation.pk).order_by("name", "pk")


def standing_of(actor: Person, agreement: Agreement) -> Standing | None:
    """Return where somebody stands to an agreement, or None if it is none of their business."""
    role = role_in(actor, agreement.organisation_id)
    if role is not None:
        return Standing(None, may_bind=role in MANAGING) if role in READING else None
    if agreement.status == Agreement.Status.DRAFT or (
        agreement.status == Agreement.Status.DROPPED and not agreement.was_offered
    ):
        return None
    seats = organisation_ids_of(actor)
    for party in agreement.parties.all():
        if party.person_id == actor.pk:
            return Standing(party, may_bind=True)
        if party.organisation_id in seats:
            return Standing(party, may_bind=_manages(actor, party))
    return None


def _manages(actor: Person, party: AgreementParty) -> bool:
    """Say whether somebody manages the organisation that is a party."""
    seats = Membership.objects.filter(person=actor, organisation=party.organisation, ended_at__isnull=True)
    return seats.filter(role__in=MANAGING).exists()


def agreement_for(actor: Person, key: str) -> tuple[Agreement, Standing]:
    """Return an agreement and where the actor stands to it. Raises Http404 if it is none of their business."""
    agreement = get_object_or_404(_written(), key=key)
    standing = standing_of(actor, agreement)
    if standing is None:
        raise Http404
    return agreement, standing


def read_agreement(actor: Person, key: str) -> Agreement:
    """Return an agreement of a firm whose agreements the actor reads. Raises Http404 otherwise."""
    agreement, standing = agreement_for(actor, key)
    if not standing.is_firm:
        raise Http404
    return agreement


def managed_agreement(actor: Person, key: str) -> Agreement:
    """Return an agreement of a firm the actor manages. Raises Http404 otherwise."""
    agreement, standing = agreement_for(actor, key)
    if not standing.is_firm or not standing.may_bind:
        raise Http404
    return agreement


def own_agreements(actor: Person, at: datetime) -> list[AgreementRow]:
    """Return the agreements somebody is a party to, or belongs to a party of, once they were offered; newest first."""
    of_actor = AgreementParty.objects.filter(
        Q(person=actor) | Q(organisation__in=organisation_ids_of(actor)), agreement=OuterRef("pk")
    )
    rows = _written().filter(Exists(of_actor), was_offered=True).order_by("-created_at", "-pk")
    return [AgreementRow(row, [row.organisation.name], rules.state_of(row, at)) for row in rows]


def is_party_to_something(person: Person) -> bool:
    """Say whether somebody, or whom they belong to, is a party to an agreement with a text of its own."""
    theirs = Q(parties__person=person) | Q(parties__organisation__in=organisation_ids_of(person))
    return Agreement.objects.filter(theirs, was_offered=True).exists()


def agreements_fact() -> Exists:
    """Return the expression that says whether whoever is signed in is, or belongs to, a party to something offered."""
    theirs = Q(person=OuterRef("pk")) | Q(
        organisation__memberships__person=OuterRef("pk"), organisation__memberships__ended_at__isnull=True
    )
    return Exists(AgreementParty.objects.filter(theirs, agreement__was_offered=True))


def newest_version(agreement: Agreement) -> AgreementVersion:
    """Return the newest version of an agreement's text."""
    return agreement.versions.order_by("-number")[0]


def version_for(agreement: Agreement, key: str) -> AgreementVersion:
    """Return one version of an agreement. Raises Http404 if it has no such one."""
    versions = AgreementVersion.objects.select_related("agreement__organisation")
    return get_object_or_404(versions, agreement=agreement, key=key)


def has_signed(version: AgreementVersion, party: AgreementParty | None) -> bool:
    """Say whether this side has signed the version."""
    return AgreementSignature.objects.filter(version=version, party=party).exists()


def is_signed_by_all(version: AgreementVersion) -> bool:
    """Say whether the firm and every party have signed the version."""
    signed = set(AgreementSignature.objects.filter(version=version).values_list("party_id", flat=True))
    wanted = AgreementParty.objects.filter(agreement=version.agreement_id).values_list("pk", flat=True)
    return signed >= {None, *wanted}


def first_party(agreement: Agreement) -> Organisation | Person | None:
    """Return the organisation or the person on the other side that came first."""
    party = agreement.parties.select_related("organisation", "person").order_by("pk")[0]
    return party.organisation or party.person


def country_name(code: str, language: str) -> str:
    """Return what a country is called in a language; an unknown or empty code stays as it is."""
    return str(Locale.parse(language, sep="-").territories.get(code, code)) or "–"


def code_of(version: AgreementVersion, person: Person) -> SigningCode | None:
    """Return the code that was mailed to somebody for a version and has not been used."""
    return SigningCode.objects.filter(version=version, person=person).first()


def people_of(agreement: Agreement, *, of_firm: bool) -> list[Person]:
    """Return who speaks for the firm, or for the parties of an agreement."""
    if of_firm:
        return managers_of(agreement.organisation)
    found: dict[int, Person] = {}
    for party in agreement.parties.select_related("organisation", "person").order_by("pk"):
        people = [one.person for one in members_of(party.organisation)] if party.organisation else [party.person]
        found |= {person.pk: person for person in people if person is not None}
    return list(found.values())


def agreement_page(actor: Person, key: str, at: datetime) -> AgreementPage:
    """Return an agreement as the actor sees it. Raises Http404 if it is none of their business."""
    agreement, standing = agreement_for(actor, key)
    related = ("by_party__organisation", "by_party__person")
    versions = list(agreement.versions.select_related(*related).order_by("-number"))
    newest = versions[0]
    signatures = {one.party_id: one for one in newest.signatures.select_related("person")}
    firm = SideLine(agreement.organisation.name, signatures.get(None), standing.is_firm)
    parties = [
        SideLine(party_name(one), signatures.get(one.pk), standing.party == one) for one in agreement.parties.all()
    ]
    own = signatures.get(standing.side)
    purposes = dict(Agreement.Purpose.choices)
    sent = code_of(newest, actor)
    return AgreementPage(
        agreement=agreement,
        standing=standing,
        state=rules.state_of(agreement, at),
        partners=[line.name for line in parties],
        newest=newest,
        before=versions[1] if len(versions) > 1 else None,
        versions=versions,
        sides=[firm, *parties],
        checklist=checklist(agreement.law, agreement.language),
        purposes=[str(purposes[one]) for one in agreement.purposes],
        has_code=sent is not None and rules.why_not_try(sent, at=at) is None,
        sign_blocked=rules.why_not_sign(newest, newest, may_bind=standing.may_bind, has_signed=own is not None),
        propose_blocked=rules.why_not_propose(agreement, newest, "-", {}),
        offer_blocked=rules.why_not_offer(agreement),
        drop_blocked=rules.why_not_drop(agreement),
        end_blocked=rules.why_not_end(agreement, at=at),
    )


def personal_data(person: Person) -> dict[str, Any]:
    """Return what agreements hold about a person: those they are a party to, and what they signed."""
    named = AgreementParty.objects.filter(person=person).select_related("agreement").order_by("pk")
    signed = AgreementSignature.objects.filter(person=person).select_related("version__agreement").order_by("pk")
    return {
        "agreements": [
            {"title": one.agreement.title, "status": one.agreement.status, "texts": _texts(one)} for one in named
        ],
        "agreement_signatures": [
            {
                "agreement": one.version.agreement.title,
                "version": one.version.number,
                "sha256": one.version.sha256,
                "typed_name": one.typed_name,
                "drawing": one.drawing,
                "signed_at": one.signed_at.isoformat(),
            }
            for one in signed
        ],
    }


def _texts(party: AgreementParty) -> list[str]:
    """Return the texts of an agreement that its party has seen."""
    if not party.agreement.was_offered:
        return []
    return [version.body for version in party.agreement.versions.order_by("number")]


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to the agreements of a person who is erased."""
    signed = AgreementSignature.objects.filter(person=person).exists()
    is_party = AgreementParty.objects.filter(person=person, agreement__versions__isnull=False).exists()
    goes = [_("Agreements with you that nobody has signed yet, with their text.")] if is_party else []
    stays = [_("Agreements you signed, with the name you typed: they prove for both sides what holds.")]
    return ErasureLines(goes=goes, stays=stays if signed else [])
