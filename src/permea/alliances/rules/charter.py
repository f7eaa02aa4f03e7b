"""Deciding about charters: what one must say, who may bind a side, and when all have agreed to the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from permea.alliances.models import Alliance, Charter
from permea.foundation.refusals import Refusal
from permea.ledger import verifier
from permea.people.models import Membership
from permea.people.rules import MANAGING
from permea_engine.splits import PARTNERS

READING = frozenset({*MANAGING, Membership.Role.MEMBER.value})
MOST_PARTIES = PARTNERS
N_CRITERIA, N_TASKS, N_MILESTONES = 5, 6, 6
RESPONSIBLE, ACCOUNTABLE, BOTH, CONSULTED, INFORMED = "R", "A", "RA", "C", "I"
ROLES = (
    (RESPONSIBLE, pgettext_lazy("role in a task", "does it")),
    (ACCOUNTABLE, pgettext_lazy("role in a task", "answers for it")),
    (BOTH, pgettext_lazy("role in a task", "does it and answers for it")),
    (CONSULTED, pgettext_lazy("role in a task", "is asked before")),
    (INFORMED, pgettext_lazy("role in a task", "is told after")),
)


def fingerprint(alliance: Alliance, party_keys: Iterable[str], number: int, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 over a version of the charter: who, under which title, in which currency, and what it says."""
    whole = {
        "alliance": alliance.key,
        "title": alliance.title,
        "currency": alliance.currency,
        "parties": list(party_keys),
        "number": number,
        "content": dict(content),
    }
    return verifier.digest(verifier.canonical(whole))


def not_a_party() -> Refusal:
    """Return why somebody who stands on no side of an alliance may do nothing in it."""
    return Refusal("alliances.not_a_party", _("Only people of the parties can do this."))


def why_not_bind(*, may_bind: bool) -> Refusal | None:
    """Return why somebody may not bind their side, or None if they may."""
    if may_bind:
        return None
    return Refusal("alliances.not_binding", _("Only an owner or a manager of your side can do this."))


def why_closed(alliance: Alliance) -> Refusal | None:
    """Return that an alliance is closed and only read, or None if it is not."""
    if alliance.closed_at is None:
        return None
    return Refusal("alliances.closed", _("This alliance is closed: its charter, book and pulse can only be read."))


def why_not_begin(n_partners: int) -> Refusal | None:
    """Return why a firm cannot begin an alliance with so many partners, or None if it can."""
    if n_partners == 0:
        return Refusal("alliances.no_partner", _("Choose at least one partner."))
    if n_partners >= MOST_PARTIES:
        reason = _("An alliance has at most %(number)d parties, you included. Choose fewer partners.")
        return Refusal("alliances.too_many", reason % {"number": MOST_PARTIES})
    return None


def why_not_write(content: Mapping[str, Any], before: Charter | None) -> Refusal | None:
    """Return why a charter may not say this, or None if it may; `before` is what the newest version says."""
    if not all(content[name] for name in ("goals", "cadence", "exit")):
        return Refusal(
            "alliances.charter_empty", _("Say what you want to reach, when you meet, and how a party leaves.")
        )
    if not content["criteria"] or not all(row["measure"] for row in content["criteria"]):
        reason = _("Name at least one criterion of success, and for each how it is measured.")
        return Refusal("alliances.no_measure", reason)
    unclear = next((task["name"] for task in content["tasks"] if not _is_clear(task["roles"].values())), None)
    if unclear is not None:
        reason = _("“%(task)s” needs exactly one party that answers for it, and at least one that does it.")
        return Refusal("alliances.task_unclear", reason % {"task": unclear})
    if before is not None and before.content == content:
        return Refusal("alliances.charter_same", _("That is what the charter says already."))
    return None


def _is_clear(roles: Iterable[str]) -> bool:
    """Say whether one party answers for a task and somebody does it."""
    given = list(roles)
    n_answering = sum(role in {ACCOUNTABLE, BOTH} for role in given)
    return n_answering == 1 and any(role in {RESPONSIBLE, BOTH} for role in given)


def why_not_offer(alliance: Alliance, newest: Charter | None) -> Refusal | None:
    """Return why the firm cannot show an alliance to its partners, or None if it can."""
    if alliance.offered_at is not None:
        return Refusal("alliances.offered", _("Your partners see it already."))
    if newest is None:
        return Refusal(
            "alliances.no_charter", _("Write the charter first: it is what your partners are asked to accept.")
        )
    return None


def why_not_accept(alliance: Alliance, newest: Charter | None, *, seen: str, has_accepted: bool) -> Refusal | None:
    """Return why a party cannot accept the version whose hash it has `seen`, or None if it can."""
    if newest is None or alliance.offered_at is None:
        return Refusal("alliances.not_offered", _("The charter is not offered to all parties yet."))
    if newest.sha256 != seen:
        reason = _("The charter has changed since you opened this page. Read the newest version, then accept it.")
        return Refusal("alliances.charter_changed", reason)
    if has_accepted:
        return Refusal("alliances.accepted", _("Your side has accepted this version."))
    return None


def is_accepted_by_all(party_ids: Iterable[int], accepted_by: Iterable[int]) -> bool:
    """Say whether every party has accepted."""
    return set(party_ids) <= set(accepted_by)
