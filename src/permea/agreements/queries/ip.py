"""Reading the IP table of an agreement, for the firm and for the other side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from permea.agreements import rules
from permea.agreements.models import Agreement, IpEntry, IpVersion
from permea.agreements.queries.agreements import Standing, agreement_for
from permea.agreements.queries.ip_house import things_in
from permea.agreements.queries.ip_said import (
    Said,
    accepted_by,
    by_entry,
    ip_versions,
    of_house,
    owners_in,
    owners_now,
    shown_said,
    sides_of,
    spoken,
)
from permea.agreements.rules import Conflict, Side
from permea.foundation.refusals import Refusal
from permea.people.models import Person


@dataclass(frozen=True, slots=True)
class IpLine:
    """An entry as its reader sees it: what holds, what is proposed beside it and waits for whom."""

    entry: IpEntry
    holds: Said | None
    proposed: Said | None
    waits_for: list[str]
    touch_blocked: Refusal | None
    accept_blocked: Refusal | None
    conflicts: list[Conflict]

    @property
    def shown(self) -> Said | None:
        """Return what to read first: what holds, else what is proposed."""
        return self.holds or self.proposed


@dataclass(frozen=True, slots=True)
class IpTable:
    """The IP table of an agreement as its reader sees it."""

    agreement: Agreement
    standing: Standing
    sides: list[tuple[Side, str]]
    lines: list[IpLine]
    conflicts: list[Conflict]
    state_blocked: Refusal | None

    @property
    def by_kind(self) -> list[tuple[IpEntry.Kind, list[IpLine]]]:
        """Return the lines by kind, without those that were taken back."""
        live = [line for line in self.lines if not (line.shown and line.shown.version.is_withdrawn)]
        return [(kind, [line for line in live if line.entry.kind == kind]) for kind in IpEntry.Kind]

    @property
    def withdrawn(self) -> list[IpLine]:
        """Return the entries that were taken back."""
        return [line for line in self.lines if line.shown and line.shown.version.is_withdrawn]


def ip_table(actor: Person, key: str, *, at: datetime) -> IpTable:
    """Return the IP table of an agreement as the actor sees it. Raises Http404 if it is none of their business.

    The firm sees what collides with any of its agreements, the other side only what collides inside of this one.
    """
    agreement, standing = agreement_for(actor, key)
    if standing.is_firm:
        versions = list(of_house(agreement.organisation, agreement))
    else:
        versions = list(spoken(ip_versions().filter(entry__agreement=agreement, crossed_at__isnull=False)))
    found = rules.conflicts(things_in(versions), today=at.date())
    found = [one for one in found if agreement.key in one.agreements]
    rows = by_entry(version for version in versions if version.entry.agreement_id == agreement.pk)
    for entry, _said in rows:
        entry.agreement = agreement
    return IpTable(
        agreement=agreement,
        standing=standing,
        sides=sides_of(agreement),
        lines=[_line(entry, said, standing, found) for entry, said in rows],
        conflicts=found,
        state_blocked=rules.why_not_state(agreement, may_bind=standing.may_bind, n_entries=len(rows)),
    )


def _line(entry: IpEntry, said: dict[int, IpVersion], standing: Standing, found: list[Conflict]) -> IpLine:
    """Return an entry as its reader sees it."""
    newest = said[entry.newest_id or 0]
    holds = said.get(entry.current_id or 0)
    is_open = newest.in_force_at is None
    return IpLine(
        entry=entry,
        holds=shown_said(holds) if holds else None,
        proposed=shown_said(newest) if is_open else None,
        waits_for=_waits_for(entry, newest, holds) if is_open else [],
        touch_blocked=rules.why_not_write(entry.agreement, may_bind=standing.may_bind)
        or rules.why_not_touch(entry, by=standing.side),
        accept_blocked=rules.why_not_accept(
            entry, newest, by=standing.side, accepted=accepted_by(newest), may_bind=standing.may_bind
        ),
        conflicts=[one for one in found if entry.key in one.entries],
    )


def _waits_for(entry: IpEntry, newest: IpVersion, holds: IpVersion | None) -> list[str]:
    """Return who has to accept a version before it holds, by name."""
    missing = rules.asked_of(owners_in(newest), owners_now(holds)) - accepted_by(newest)
    names = [name for side, name in sides_of(entry.agreement) if side in missing]
    return names or [_("the other side")]


def ip_entry(actor: Person, key: str, entry_key: str, *, at: datetime) -> tuple[IpTable, IpLine, list[Said]]:
    """Return one entry of an IP table, with all its versions, newest first. Raises Http404 if there is no such one."""
    table = ip_table(actor, key, at=at)
    line = next((line for line in table.lines if line.entry.key == entry_key), None)
    if line is None:
        raise Http404
    versions = ip_versions().filter(entry=line.entry).order_by("-number")
    if not table.standing.is_firm:
        versions = versions.filter(crossed_at__isnull=False)
    return table, line, [shown_said(version) for version in versions]


def ip_version_for(agreement: Agreement, entry_key: str, version_key: str) -> IpVersion:
    """Return one version of an entry of an agreement. Raises Http404 if it has no such one."""
    return get_object_or_404(IpVersion, key=version_key, entry__key=entry_key, entry__agreement=agreement)
