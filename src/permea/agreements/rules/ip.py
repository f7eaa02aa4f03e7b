"""Deciding about the IP table of an agreement: what may be stated, by whom, and when it holds."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from permea.agreements.models import Agreement, IpEntry, IpVersion
from permea.agreements.rules.signing import why_not_bind
from permea.foundation.refusals import Refusal

WHOLE = 100_000
MOST_ENTRIES = 200
EU = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
Side = int | None
"""A side of an agreement: the number of a party, None for the firm."""
Kind = IpEntry.Kind
_COPYLEFT = re.compile(
    r"\b(a?gpl|lgpl|mpl|epl|eupl|cddl|osl|sspl|odbl|cecill(?!-b)|gfdl|apsl|artistic|cern-ohl-[sw]|tapr-ohl|cpal|lppl|ofl|rpl|"
    r"parity|cpl|ipl|qpl|copyleft|cdla-sharing)|-sa\b"
)
_NONCOMMERCIAL = re.compile(r"-nc\b|non-?commercial")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who owns a share or may use something: a party by number, somebody else by name, or else the firm."""

    party: Side = None
    name: str = ""

    @property
    def is_side(self) -> bool:
        """Say whether it is a side of the agreement."""
        return not self.name


@dataclass(frozen=True, slots=True)
class Share:
    """What a holder owns, in thousandths of a per cent."""

    holder: Holder
    thousandths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What a holder may do with something; without fields all of them, without countries everywhere."""

    holder: Holder
    use: str
    fields: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    is_exclusive: bool = False
    is_promise: bool = False
    begins_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one side says of a thing."""

    title: str
    shares: tuple[Share, ...]
    rights: tuple[Right, ...] = ()
    description: str = ""
    identifier: str = ""
    item_key: str = ""
    licence: str = ""
    is_copyleft: bool = False
    is_noncommercial: bool = False
    restrictions: str = ""

    @property
    def owners(self) -> frozenset[Side]:
        """Return the sides that own a part of it."""
        return frozenset(share.holder.party for share in self.shares if share.holder.is_side)


def licence_flags(licence: str) -> tuple[bool, bool]:
    """Return whether a licence hands itself on (copyleft) and whether it forbids commercial use, as far as known.

    It is recognised by its SPDX identifier; of any other text nothing is known, so that neither is said. Where several
    are offered to choose from, what one of them does not demand is not demanded.
    """
    offered = [name for name in re.split(r"\s+or\s+", licence.strip().casefold()) if name]
    if not offered:
        return False, False
    return all(map(_COPYLEFT.search, offered)), all(map(_NONCOMMERCIAL.search, offered))


def ip_fingerprint(kind: str, said: Stated, *, is_withdrawn: bool = False) -> str:
    """Return the SHA-256 of what is said of a thing, the same for the same words whoever says them."""
    content: dict[str, Any] = {**asdict(said), "kind": kind, "is_withdrawn": is_withdrawn}
    text = json.dumps(content, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def per_cent(thousandths: int) -> str:
    """Return a share in per cent with as many digits as it takes, and a point."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")


def why_not_write(agreement: Agreement, *, may_bind: bool) -> Refusal | None:
    """Return why somebody may change nothing in the IP table, or None if they may."""
    if may_bind and agreement.status == Agreement.Status.DROPPED:
        return Refusal("agreements.closed", _("This agreement was dropped, so its table does not change any more."))
    return why_not_bind(may_bind=may_bind)


def why_not_state(agreement: Agreement, *, may_bind: bool, n_entries: int) -> Refusal | None:
    """Return why somebody may not put one more thing into the IP table, or None if they may."""
    refusal = why_not_write(agreement, may_bind=may_bind)
    if refusal is not None or n_entries < MOST_ENTRIES:
        return refusal
    text = _("This table is full: it holds %(number)d entries at most.")
    return Refusal("ip.too_many", text % {"number": MOST_ENTRIES})


def why_not_said(kind: str, said: Stated, *, by: Side) -> Refusal | None:
    """Return why a side may not say this of a thing, or None if it may."""
    if not said.title.strip():
        return Refusal("ip.empty", _("Say what it is."))
    if any(right.begins_on and right.ends_on and right.begins_on >= right.ends_on for right in said.rights):
        return Refusal("ip.backwards", _("A right has to end after it begins."))
    return why_not_shared(said.shares) or _why_not_owned(kind, said, by)


def why_not_shared(shares: Collection[Share]) -> Refusal | None:
    """Return why these shares are not those of a whole thing, or None if they are."""
    holders = {(share.holder.party, share.holder.name.casefold()) for share in shares}
    if len(holders) < len(shares) or any(share.thousandths <= 0 for share in shares):
        return Refusal("ip.share", _("Every owner stands there once, with a share above nothing."))
    total = sum(share.thousandths for share in shares)
    if total == WHOLE:
        return None
    text = _("The shares come to %(sum)s per cent. They have to come to 100 exactly, to the thousandth.")
    return Refusal("ip.shares", text % {"sum": per_cent(total)})


def _why_not_owned(kind: str, said: Stated, by: Side) -> Refusal | None:
    """Return why a thing of this kind cannot belong to these owners, or None if it can."""
    if kind == Kind.THIRD_PARTY:
        text = _("What belongs to others belongs to neither side. Name it as background if a side owns a part of it.")
        return Refusal("ip.not_others", text) if said.owners else None
    if kind == Kind.FOREGROUND:
        text = _("What was made together belongs to one of the sides at least in part.")
        return None if said.owners else Refusal("ip.no_side", text)
    text = _("Each side states what is its own: your side has to own a part of it.")
    return None if by in said.owners else Refusal("ip.not_own", text)


def why_not_touch(entry: IpEntry, *, by: Side) -> Refusal | None:
    """Return why a side may not change an entry at all, or None if it may: made together, both may propose."""
    if entry.kind == Kind.FOREGROUND or entry.by_party_id == by:
        return None
    return Refusal("ip.not_yours", _("The other side has stated this; only they can change it."))


def why_not_repeat(newest: IpVersion, sha256: str) -> Refusal | None:
    """Return why this is not a new version of an entry, or None if it is."""
    if newest.sha256 == sha256:
        return Refusal("ip.unchanged", _("Nothing differs from what stands there already. Change something first."))
    return None


def why_not_accept(
    entry: IpEntry, version: IpVersion, *, by: Side, accepted: Collection[Side], may_bind: bool
) -> Refusal | None:
    """Return why a side may not accept this version of an entry, or None if it may."""
    refusal = why_not_write(entry.agreement, may_bind=may_bind)
    if refusal is not None:
        return refusal
    if version.pk != entry.newest_id:
        return Refusal("ip.old_version", _("Something newer was proposed. Read it before you accept."))
    if version.in_force_at is not None:
        return Refusal("ip.in_force", _("This holds already."))
    if by in accepted:
        return Refusal("ip.accepted", _("Your side has accepted this already."))
    return None


def asked_of(owners: Collection[Side], owned_before: Collection[Side] | None) -> frozenset[Side]:
    """Return the sides that have to say yes to what was made together before it holds.

    They are those who are to own it, and those who own it by what holds now (None if nothing does): nobody loses a
    share without saying yes.
    """
    return frozenset(owners) | frozenset(owned_before or ())


def is_in_force(
    kind: str,
    *,
    by: Side,
    owners: Collection[Side],
    owned_before: Collection[Side] | None,
    accepted: Collection[Side],
    is_withdrawn: bool,
) -> bool:
    """Say whether a version holds.

    A side speaks for itself, but of what was made together all owners and somebody beside its author have to say yes.
    Taking back what never held needs nobody.
    """
    if kind != Kind.FOREGROUND or (is_withdrawn and owned_before is None):
        return True
    return asked_of(owners, owned_before) <= set(accepted) and any(side != by for side in accepted)
