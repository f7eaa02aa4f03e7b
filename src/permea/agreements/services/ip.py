"""Writing the IP table of an agreement: nothing is overwritten, every change is a version."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import IpAgreed, IpProposed
from permea.agreements.models import Agreement, IpAcceptance, IpEntry, IpGrant, IpShare, IpVersion
from permea.agreements.rules import Stated
from permea.agreements.services.crossings import cross_ip
from permea.agreements.services.drafting import locked
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person

GONE = "–"


def _side_of(agreement: Agreement, actor: Person) -> tuple[rules.Side, bool]:
    """Return the side the actor stands on, and whether they may bind it; a stranger binds nobody."""
    standing = queries.standing_of(actor, agreement)
    return (standing.side, standing.may_bind) if standing else (None, False)


def _locked_entry(entry_id: int) -> IpEntry:
    """Return an entry whose agreement is locked until the transaction ends."""
    agreement = locked(IpEntry.objects.get(pk=entry_id).agreement_id)
    entry = IpEntry.objects.select_related("newest", "current").get(pk=entry_id)
    entry.agreement = agreement
    return entry


@transaction.atomic
def state_ip(*, agreement_id: int, kind: str, said: Stated, actor: Person, at: datetime) -> IpVersion:
    """Put something into the IP table; the same sent twice is put there once.

    Raises RefusedError as the rules of the table say.
    """
    agreement = locked(agreement_id)
    by, may_bind = _side_of(agreement, actor)
    demand(rules.why_not_state(agreement, may_bind=may_bind, n_entries=agreement.ip_entries.count()))
    demand(rules.why_not_said(kind, said, by=by))
    again = queries.stated_just_now(agreement, rules.ip_fingerprint(kind, said), actor, at)
    if again is not None:
        return again
    entry = IpEntry.objects.create(agreement=agreement, kind=kind, by_party_id=by, created_at=at)
    return _write(entry, said, by, actor, at)


@transaction.atomic
def revise_ip(*, entry_id: int, said: Stated, actor: Person, at: datetime) -> IpVersion:
    """Say anew what a thing is, who owns it and who may use it. Raises RefusedError as the rules of the table say."""
    entry = _locked_entry(entry_id)
    by = _revising_side(entry, actor)
    demand(rules.why_not_said(entry.kind, said, by=by))
    return _write(entry, said, by, actor, at)


@transaction.atomic
def withdraw_ip(*, entry_id: int, actor: Person, at: datetime) -> IpVersion:
    """Take an entry back; what was said stays readable. Raises RefusedError as the rules of the table say."""
    entry = _locked_entry(entry_id)
    by = _revising_side(entry, actor)
    return _write(entry, queries.said_in(queries.newest_ip(entry)), by, actor, at, is_withdrawn=True)


def _revising_side(entry: IpEntry, actor: Person) -> rules.Side:
    """Return the side that may change an entry. Raises RefusedError otherwise."""
    by, may_bind = _side_of(entry.agreement, actor)
    demand(rules.why_not_write(entry.agreement, may_bind=may_bind))
    demand(rules.why_not_touch(entry, by=by))
    return by


def _write(
    entry: IpEntry, said: Stated, by: rules.Side, actor: Person, at: datetime, *, is_withdrawn: bool = False
) -> IpVersion:
    """Write the next version of an entry, record that it crossed, and let it hold if nobody has to accept it."""
    sha256 = rules.ip_fingerprint(entry.kind, said, is_withdrawn=is_withdrawn)
    if entry.newest is not None:
        demand(rules.why_not_repeat(entry.newest, sha256))
    version = IpVersion.objects.create(
        entry=entry,
        number=entry.newest.number + 1 if entry.newest else 1,
        title=said.title,
        description=said.description,
        identifier=said.identifier,
        item_key=said.item_key,
        licence=said.licence,
        is_copyleft=said.is_copyleft,
        is_noncommercial=said.is_noncommercial,
        restrictions=said.restrictions,
        owned=sum(share.thousandths for share in said.shares),
        is_withdrawn=is_withdrawn,
        sha256=sha256,
        by_party_id=by,
        written_by=actor,
        written_at=at,
    )
    _write_rows(version, said)
    entry.newest = version
    entry.save(update_fields=["newest"])
    cross_ip(version, "ip.withdrawn" if is_withdrawn else "ip.stated", actor, at, is_out=by is None)
    if entry.kind == IpEntry.Kind.FOREGROUND:
        IpAcceptance.objects.create(version=version, party_id=by, person=actor, accepted_at=at)
    _settle(entry, version, at)
    if version.in_force_at is None and entry.agreement.was_offered:
        publish(IpProposed(version_id=version.pk, at=at))
    return version


def _write_rows(version: IpVersion, said: Stated) -> None:
    """Store who owns a thing and who may use it."""
    IpShare.objects.bulk_create(
        IpShare(
            version=version,
            party_id=share.holder.party,
            holder_name=share.holder.name,
            thousandths=share.thousandths,
        )
        for share in said.shares
    )
    IpGrant.objects.bulk_create(
        IpGrant(
            version=version,
            party_id=right.holder.party,
            holder_name=right.holder.name,
            use=right.use,
            fields=list(right.fields),
            countries=list(right.countries),
            is_exclusive=right.is_exclusive,
            is_promise=right.is_promise,
            begins_on=right.begins_on,
            ends_on=right.ends_on,
        )
        for right in said.rights
    )


def _settle(entry: IpEntry, version: IpVersion, at: datetime) -> None:
    """Let a version hold if everybody asked has accepted it."""
    now_holds = rules.is_in_force(
        entry.kind,
        by=version.by_party_id,
        owners=queries.owners_in(version),
        owned_before=queries.owners_now(entry.current),
        accepted=queries.accepted_by(version),
        is_withdrawn=version.is_withdrawn,
    )
    if now_holds:
        version.in_force_at = at
        version.save(update_fields=["in_force_at"])
        entry.current = version
        entry.save(update_fields=["current"])


@transaction.atomic
def accept_ip(*, version_id: int, actor: Person, at: datetime) -> IpVersion:
    """Accept for one's side what was proposed of something made together.

    It holds once every side that owns it then or owned it before has accepted it.
    Raises RefusedError as `rules.why_not_accept` says.
    """
    version = IpVersion.objects.get(pk=version_id)
    entry = _locked_entry(version.entry_id)
    version.entry = entry
    by, may_bind = _side_of(entry.agreement, actor)
    accepted = queries.accepted_by(version)
    demand(rules.why_not_accept(entry, version, by=by, accepted=accepted, may_bind=may_bind))
    IpAcceptance.objects.create(version=version, party_id=by, person=actor, accepted_at=at)
    cross_ip(version, "ip.accepted", actor, at, is_out=by is None)
    _settle(entry, version, at)
    if version.in_force_at is not None:
        publish(IpAgreed(version_id=version.pk, at=at))
    return version


@transaction.atomic
def forget_ip_tables(*, person_id: int) -> None:
    """Empty the tables of agreements that an erased person was a party to and nobody signed; the others are proof."""
    gone = IpVersion.objects.filter(entry__agreement__parties__person_id=person_id).exclude(
        entry__agreement__status=Agreement.Status.SIGNED
    )
    ids = list(gone.values_list("pk", flat=True))
    IpShare.objects.filter(version__in=ids).exclude(holder_name="").delete()
    IpGrant.objects.filter(version__in=ids).delete()
    IpVersion.objects.filter(pk__in=ids).update(
        title=GONE, description="", identifier="", item_key="", licence="", restrictions=""
    )
