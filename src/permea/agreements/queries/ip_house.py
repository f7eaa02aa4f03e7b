"""Reading all IP tables of a firm, and what cannot hold together in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from permea.agreements import rules
from permea.agreements.models import Agreement, AgreementParty, AgreementVersion, IpEntry, IpGrant, IpShare, IpVersion
from permea.agreements.queries.agreements import party_name
from permea.agreements.queries.ip_said import Said, by_entry, holder_name, of_house, shown_said
from permea.agreements.rules import Conflict, Granted, Thing
from permea.people.models import Organisation


def things_in(versions: list[IpVersion]) -> list[Thing]:
    """Return versions as they are compared; what was taken back is left out."""
    said = [version for version in versions if not version.is_withdrawn]
    made = {version.entry.agreement_id for version in said if version.entry.kind == IpEntry.Kind.FOREGROUND}
    texts = AgreementVersion.objects.filter(agreement__in=made).order_by("number") if made else ()
    results = {text.agreement_id: str(text.options.get("results", "")) for text in texts}
    known = _known_names(said)
    return [_thing(version, known, results.get(version.entry.agreement_id, "")) for version in said]


def _known_names(versions: Iterable[IpVersion]) -> dict[str, str]:
    """Return the keys of firm and parties by name, so that one who is typed in is the same as one who is a party."""
    found: dict[str, str] = {}
    for version in versions:
        firm = version.entry.agreement.organisation
        found[firm.name.casefold()] = firm.key
        parties = [share.party for share in version.shares.all()] + [grant.party for grant in version.grants.all()]
        found |= {party_name(party).casefold(): _party_key(party) for party in parties if party is not None}
    return found


def _party_key(party: AgreementParty) -> str:
    """Return the key of the organisation or person that is a party."""
    return (party.organisation or party.person or party.agreement).key


def _key(row: IpShare | IpGrant, agreement: Agreement, known: dict[str, str]) -> str:
    """Return what tells a holder from others in all agreements."""
    if row.holder_name:
        name = row.holder_name.casefold()
        return known.get(name, name)
    return _party_key(row.party) if row.party else agreement.organisation.key


def _thing(version: IpVersion, known: dict[str, str], results: str) -> Thing:
    """Return a version as it is compared."""
    entry, agreement = version.entry, version.entry.agreement
    shares = [(_key(one, agreement, known), one.thousandths) for one in version.shares.all()]
    owners = {who: sum(part for key, part in shares if key == who) for who, _part in shares}
    owned = [
        f"{holder_name(one.party, agreement, one.holder_name)} ({rules.per_cent(one.thousandths)} %)"
        for one in version.shares.all()
    ]
    return Thing(
        key=entry.key,
        title=version.title,
        kind=entry.kind,
        agreement_key=agreement.key,
        agreement=agreement.title,
        owners=owners,
        owned=", ".join(owned),
        identifier=version.identifier,
        item_key=version.item_key,
        is_copyleft=version.is_copyleft,
        is_noncommercial=version.is_noncommercial,
        is_proposed=version.in_force_at is None,
        grants=tuple(_granted(one, agreement, known) for one in version.grants.all()),
        results=results,
        firm_key=agreement.organisation.key,
    )


def _granted(grant: IpGrant, agreement: Agreement, known: dict[str, str]) -> Granted:
    """Return a right as it is compared: without days of its own it holds as long as its agreement."""
    ends = [moment.date() for moment in (agreement.valid_until, agreement.ended_at) if moment]
    begins = agreement.valid_from.date() if agreement.valid_from else None
    return Granted(
        to=holder_name(grant.party, agreement, grant.holder_name),
        to_key=_key(grant, agreement, known),
        use=grant.use,
        fields=tuple(grant.fields),
        countries=frozenset(grant.countries),
        is_exclusive=grant.is_exclusive,
        is_promise=grant.is_promise,
        begins=grant.begins_on or begins,
        ends=grant.ends_on or min(ends, default=None),
    )


@dataclass(frozen=True, slots=True)
class HouseRights:
    """What stands in all IP tables of a firm, each with the worst that collides with it, and all that collides."""

    rows: list[tuple[IpEntry, Said, Conflict | None]]
    conflicts: list[Conflict]
    n_entries: int


def house_rights(organisation: Organisation, *, kind: str, text: str, today: date) -> HouseRights:
    """Return the entries of a firm's agreements of this kind (any if empty) that have this text, and all conflicts."""
    versions = list(of_house(organisation))
    found = rules.conflicts(things_in(versions), today=today)
    rows = [
        (entry, said.get(entry.current_id or 0) or said[entry.newest_id or 0]) for entry, said in by_entry(versions)
    ]
    live = [(entry, version) for entry, version in rows if not version.is_withdrawn]
    words = text.strip().casefold()
    shown = [
        (entry, shown_said(version), next((one for one in found if entry.key in one.entries), None))
        for entry, version in live
        if kind in {"", entry.kind} and words in f"{version.title} {version.identifier} {version.licence}".casefold()
    ]
    return HouseRights(shown, found, len(live))
