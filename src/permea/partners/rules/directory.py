"""Deciding about partners: who may read, write, invite and speak for them, and how a contact is taken away."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.partners.models import Contact, LogEntry, Partner
from permea.people.models import Membership, Person
from permea.people.rules import MANAGING

READING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value, Membership.Role.MEMBER.value)
TALKS = frozenset({LogEntry.Kind.CALL.value, LogEntry.Kind.MEETING.value})
GUEST_ROLES = (Membership.Role.MEMBER.value, Membership.Role.OWNER.value)
LINE_OCTETS = 75


def why_not_follow_up(*, step: str, on: date | None) -> Refusal | None:
    """Return why a next step and its day do not go together, or None if they do."""
    if bool(step.strip()) == (on is not None):
        return None
    return Refusal("partners.half_a_step", _("A next step needs both: what is to be done, and until which day."))


def why_not_finish(entry: LogEntry, actor: Person, *, role: str | None) -> Refusal | None:
    """Return why `actor` may not say that a next step is done, or None if they may."""
    if entry.next_on is None:
        return Refusal("partners.no_step", _("There is no next step here."))
    if role in MANAGING or entry.next_by_id == actor.pk:
        return None
    return Refusal("partners.not_yours", _("Only who is to do it, an owner or a manager can do this."))


def why_not_invite_contact(contact: Contact, partner: Partner) -> Refusal | None:
    """Return why a contact cannot be invited as a guest, or None if they can."""
    if partner.archived_at is not None:
        return Refusal("partners.archived", _("This partner is put away. Take it back first."))
    if contact.person_id is not None:
        return Refusal("partners.is_guest", _("This person is a guest already."))
    if not contact.email:
        return Refusal("partners.no_address", _("To invite somebody you need their address."))
    return None


def why_not_archive(partner: Partner) -> Refusal | None:
    """Return why a partner cannot be put away or taken back, or None if it can."""
    if partner.merged_into_id is None:
        return None
    return Refusal("partners.merged", _("This partner is merged into another. Undo that under “Duplicates”."))


def why_not_look_after(role: str | None) -> Refusal | None:
    """Return why somebody in this role of the firm does not look after a partner, or None if they can."""
    if role in READING:
        return None
    return Refusal("partners.owner_not_inside", _("Only people of the firm look after a partner."))


def why_not_speak(*, is_guest: bool) -> Refusal | None:
    """Return why somebody may not say how a partner works, or None if they belong to it."""
    return None if is_guest else Refusal("partners.not_a_guest", _("Only people of the partner can say this."))


def cost_each(cost: Decimal, n: int) -> Decimal | None:
    """Return what one of `n` cost, None where there is none yet."""
    return (cost / n).quantize(Decimal("0.01")) if n else None


def folded(*texts: str) -> str:
    """Return texts as they are searched in: without case and accents."""
    plain = unicodedata.normalize("NFKD", " ".join(texts).casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def search_text(partner: Partner, *capabilities: str) -> str:
    """Return the words a partner is found by, the names of what it can do and looks for among them."""
    said = (partner.party.name, partner.city, partner.tags, partner.source_name, partner.website)
    return folded(*said, *capabilities)


def vcard(fields: Mapping[str, Sequence[str]]) -> str:
    """Return a card (vCard 3.0, RFC 2426) of what is known: a property per line, parts escaped, long lines folded."""
    known = {name: ";".join(map(_escaped, parts)) for name, parts in fields.items() if any(parts)}
    lines = ("BEGIN:VCARD", "VERSION:3.0", *(f"{name}:{value}" for name, value in known.items()), "END:VCARD")
    return "".join(f"{_folded_line(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    """Return a text as a part of a property: one that cannot end the part or the line."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded_line(line: str) -> str:
    """Return a line in pieces of at most 75 octets, each after the first behind a space, no sign cut in two."""
    pieces, room = [""], LINE_OCTETS
    for sign in line:
        size = len(sign.encode())
        if size > room:
            pieces.append(" ")
            room = LINE_OCTETS - 1
        pieces[-1] += sign
        room -= size
    return "\r\n".join(pieces)
