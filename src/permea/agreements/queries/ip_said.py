"""Reading what was said in IP tables: versions with their shares and rights, and who is called what in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from permea.agreements.models import Agreement, AgreementParty, IpAcceptance, IpEntry, IpGrant, IpShare, IpVersion
from permea.agreements.queries.agreements import country_name, party_name
from permea.agreements.rules import EU, Holder, Right, Share, Side, Stated
from permea.foundation.clock import SENT_TWICE
from permea.people.models import Organisation, Person

ItemSource = Callable[[Organisation], list[tuple[str, str]]]
_item_sources: list[ItemSource] = []


def register_items(source: ItemSource) -> None:
    """Let a later step name the items of a firm that an entry can refer to, as pairs of key and title."""
    _item_sources.append(source)


def items_of(organisation: Organisation) -> list[tuple[str, str]]:
    """Return the items of a firm that an entry can refer to, as pairs of key and title."""
    return [pair for source in _item_sources for pair in source(organisation)]


@dataclass(frozen=True, slots=True)
class Said:
    """One version of an entry as pages show it."""

    version: IpVersion
    by: str
    owners: list[tuple[str, Decimal]]
    rights: list[tuple[str, str, IpGrant]]
    accepted: list[str]


def ip_versions() -> QuerySet[IpVersion]:
    """Return versions with everything pages show of them, in the order of their entries."""
    party = ("party__organisation", "party__person")
    related = ("entry__agreement__organisation", "by_party__organisation", "by_party__person")
    return (
        IpVersion.objects.select_related(*related)
        .prefetch_related(
            Prefetch("shares", IpShare.objects.select_related(*party).order_by("-thousandths", "pk")),
            Prefetch("grants", IpGrant.objects.select_related(*party).order_by("pk")),
            Prefetch("acceptances", IpAcceptance.objects.select_related(*party).order_by("pk")),
        )
        .order_by("entry__created_at", "entry", "number")
    )


def spoken(versions: QuerySet[IpVersion]) -> QuerySet[IpVersion]:
    """Return those versions that hold or were said last."""
    return versions.filter(Q(pk=F("entry__current")) | Q(pk=F("entry__newest")))


def newest_ip(entry: IpEntry) -> IpVersion:
    """Return what was said last of an entry, with its shares and rights."""
    return ip_versions().get(pk=F("entry__newest"), entry=entry)


def stated_just_now(agreement: Agreement, sha256: str, actor: Person, at: datetime) -> IpVersion | None:
    """Return the entry's first version that says the same and was written by the same person just now, or None."""
    recent = IpVersion.objects.filter(written_by=actor, written_at__gt=at - SENT_TWICE)
    return recent.filter(entry__agreement=agreement, number=1, sha256=sha256).select_related("entry").first()


def owners_in(version: IpVersion) -> frozenset[Side]:
    """Return the sides that own a part by this version."""
    return frozenset(one.party_id for one in version.shares.all() if not one.holder_name)


def owners_now(current: IpVersion | None) -> frozenset[Side] | None:
    """Return the sides that own a part by what holds, or None if nothing does."""
    return None if current is None or current.is_withdrawn else owners_in(current)


def accepted_by(version: IpVersion) -> frozenset[Side]:
    """Return the sides that have accepted a version."""
    return frozenset(one.party_id for one in version.acceptances.all())


def said_in(version: IpVersion) -> Stated:
    """Return what a version says, as it is stated anew."""
    return Stated(
        title=version.title,
        shares=tuple(Share(_holder(one), one.thousandths) for one in version.shares.all()),
        rights=tuple(
            Right(
                holder=_holder(one),
                use=one.use,
                fields=tuple(one.fields),
                countries=tuple(one.countries),
                is_exclusive=one.is_exclusive,
                is_promise=one.is_promise,
                begins_on=one.begins_on,
                ends_on=one.ends_on,
            )
            for one in version.grants.all()
        ),
        description=version.description,
        identifier=version.identifier,
        item_key=version.item_key,
        licence=version.licence,
        is_copyleft=version.is_copyleft,
        is_noncommercial=version.is_noncommercial,
        restrictions=version.restrictions,
    )


def _holder(row: IpShare | IpGrant) -> Holder:
    """Return who a share or a right belongs to."""
    return Holder(party=row.party_id, name=row.holder_name)


def holder_name(party: AgreementParty | None, agreement: Agreement, typed: str = "") -> str:
    """Return what a holder is called."""
    return typed or (party_name(party) if party else agreement.organisation.name)


def shown_said(version: IpVersion) -> Said:
    """Return a version as pages show it."""
    agreement = version.entry.agreement
    return Said(
        version=version,
        by=holder_name(version.by_party, agreement),
        owners=[
            (holder_name(one.party, agreement, one.holder_name), Decimal(one.thousandths) / 1000)
            for one in version.shares.all()
        ],
        rights=[
            (holder_name(one.party, agreement, one.holder_name), _places(one.countries), one)
            for one in version.grants.all()
        ],
        accepted=[holder_name(one.party, agreement) for one in version.acceptances.all()],
    )


def _places(countries: list[str]) -> str:
    """Return in the reader's language where a right holds, nothing for everywhere."""
    if set(countries) == set(EU):
        return _("the European Union")
    return ", ".join(sorted(country_name(code, get_language() or "en") for code in countries))


def sides_of(agreement: Agreement) -> list[tuple[Side, str]]:
    """Return the sides of an agreement with their names, the firm first."""
    parties: list[tuple[Side, str]] = [(party.pk, party_name(party)) for party in agreement.parties.all()]
    return [(None, agreement.organisation.name), *parties]


def of_house(organisation: Organisation, also: Agreement | None = None) -> QuerySet[IpVersion]:
    """Return what holds or was said last in the agreements of a firm that were not dropped, and in one more."""
    lives = ~Q(entry__agreement__status=Agreement.Status.DROPPED) | Q(entry__agreement=also)
    return spoken(ip_versions().filter(lives, entry__agreement__organisation=organisation))


def by_entry(versions: Iterable[IpVersion]) -> list[tuple[IpEntry, dict[int, IpVersion]]]:
    """Return the entries of some versions, each with its versions by row number."""
    found: dict[int, tuple[IpEntry, dict[int, IpVersion]]] = {}
    for version in versions:
        entry, said = found.setdefault(version.entry_id, (version.entry, {}))
        version.entry = entry
        said[version.pk] = version
    return list(found.values())
