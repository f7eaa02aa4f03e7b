"""Deciding how a further partner joins a running alliance: who proposes, who agrees to what, and when it is a party."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from permea.agreements import rules as agreements
from permea.agreements.models import Agreement
from permea.alliances.models import Alliance, Charter, Closing, Joining
from permea.alliances.rules.charter import MOST_PARTIES, why_closed
from permea.foundation.refusals import Refusal
from permea.ledger import verifier

LATEST = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningTerms:
    """From which day a further party takes part and why, its role in each task, and whether it reads all of before.

    `task` is a further task that it does and answers for, empty for none.
    """

    from_on: date
    reason: str
    roles: Mapping[str, str]
    task: str = ""
    reads_all: bool = False


def joined_charter(content: Mapping[str, Any], party_key: str, terms: JoiningTerms) -> dict[str, Any]:
    """Return what a charter says once the party of this key has its roles in it."""
    tasks = [
        {**task, "roles": {**task["roles"], **({party_key: role} if (role := terms.roles.get(task["name"])) else {})}}
        for task in content["tasks"]
    ]
    own = [{"name": terms.task, "roles": {party_key: "RA"}}] if terms.task else []
    return {**content, "tasks": [*tasks, *own]}


def hashed_joining(joining: Joining) -> dict[str, Any]:
    """Return what the hash of a joining is made over: its terms, and the hash of the charter as it would read."""
    return {
        "alliance": joining.alliance.key,
        "party": joining.organisation.key,
        "from": joining.from_on.isoformat(),
        "reads_all": joining.reads_all,
        "reason": joining.reason,
        "charter": joining.charter_sha256,
    }


def joining_fingerprint(joining: Joining) -> str:
    """Return the SHA-256 over a joining."""
    return verifier.digest(verifier.canonical(hashed_joining(joining)))


def why_no_joining(alliance: Alliance, newest: Charter | None, closing: Closing | None) -> Refusal | None:
    """Return why nobody can join an alliance now, or None if somebody can."""
    if alliance.charter is None:
        reason = _("A further partner can join once all parties have accepted the same charter.")
        return Refusal("alliances.not_live", reason)
    if newest != alliance.charter:
        reason = _("A new version of the charter waits for acceptances. Finish that first.")
        return Refusal("alliances.charter_waits", reason)
    if closing is not None and closing.closed_at is None:
        return Refusal(
            "alliances.closing_waits", _("A side asks to close this alliance. While that is open, nobody joins.")
        )
    return why_closed(alliance)


def why_not_change_charter(joining: Joining | None) -> Refusal | None:
    """Return that the charter stays as it is while a further party is proposed, or None if none is."""
    if joining is None:
        return None
    reason = _("A further party is proposed, with the charter as it would read. Refuse or withdraw that first.")
    return Refusal("alliances.joining_waits", reason)


def why_not_propose_joining(
    *, is_firm: bool, is_known: bool, n_parties: int, terms: JoiningTerms, today: date
) -> Refusal | None:
    """Return why a further party cannot be proposed on these terms, or None if it can."""
    if not is_firm:
        return Refusal("alliances.firm_proposes", _("The firm that began the alliance proposes further parties."))
    if not is_known:
        return Refusal("alliances.no_partner", _("Choose a partner of your directory that is not a party yet."))
    if n_parties >= MOST_PARTIES:
        reason = _("An alliance has at most %(number)d parties, you included.")
        return Refusal("alliances.too_many", reason % {"number": MOST_PARTIES})
    if not terms.reason:
        return Refusal("alliances.no_reason", _("Say in a sentence why it joins."))
    if not today <= terms.from_on <= today + LATEST:
        reason = _("Choose a day from today on, at most %(days)d days ahead.")
        return Refusal("alliances.joining_day", reason % {"days": LATEST.days})
    if not terms.task and not any(terms.roles.values()):
        return Refusal("alliances.no_role", _("Give it a role in a task, or a task of its own."))
    return None


def is_wide_enough(agreement: Agreement) -> bool:
    """Say whether an agreement of its own lets a partner join: about everything, and for developing together."""
    return agreements.covers(agreement, (), "", Agreement.Purpose.DEVELOP)


def why_not_covered(named: Agreement | None, cover: Agreement | None) -> Refusal | None:
    """Return why no agreement covers who would join, or None if one does or the charter names none."""
    if named is None or cover is not None:
        return None
    reason = _(
        "The charter names an agreement. The new partner must be a party of it, or have a live agreement of its own "
        "with the firm that is about everything and lets you develop together."
    )
    return Refusal("alliances.joining_not_covered", reason)


def why_not_refuse(reason: str) -> Refusal | None:
    """Return why nobody can refuse a joining without a reason, or None if there is one."""
    return None if reason else Refusal("alliances.no_reason", _("Say in a sentence why your side refuses."))


def why_not_answer_joining(joining: Joining, *, is_new: bool, seen: str, has_agreed: bool) -> Refusal | None:
    """Return why a side cannot answer the joining whose hash it has `seen`, or None if it can."""
    if joining.ended_at is not None or joining.entered_at is not None:
        return Refusal("alliances.joining_over", _("This is decided already. Look at the page again."))
    if has_agreed:
        return Refusal("alliances.joining_answered", _("Your side has agreed to this."))
    if joining.sha256 != seen or (is_new and joining.shown_at is None):
        reason = _("This has changed since you opened this page. Read it again, then answer.")
        return Refusal("alliances.joining_changed", reason)
    return None


def why_not_withdraw(joining: Joining, *, is_firm: bool) -> Refusal | None:
    """Return why a side cannot withdraw a joining, or None if it can."""
    if not is_firm:
        return Refusal("alliances.firm_withdraws", _("The firm proposed it and withdraws it. Your side can refuse."))
    if joining.agreed_at is not None or joining.ended_at is not None:
        return Refusal("alliances.joining_over", _("This is decided already. Look at the page again."))
    return None


def have_agreed(wanted: Iterable[int], answered: Iterable[int]) -> bool:
    """Say whether all these organisations have agreed."""
    return set(wanted) <= set(answered)
