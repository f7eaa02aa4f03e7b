"""Deciding who moves a transfer on, from which state to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.projects.models import AcceptanceCriterion, PackageItem, Transfer

State = Transfer.State
Verdict = Transfer.Verdict
PREPARING = frozenset({State.PLANNED, State.HANDING})
OVER = frozenset({State.DONE, State.DROPPED})
FROM: dict[str, frozenset[str]] = {
    State.HANDING: frozenset({State.PLANNED, State.REFUSED}),
    State.TESTING: frozenset({State.HANDING}),
    State.SUPPORT: frozenset({State.ACCEPTED}),
    State.DONE: frozenset({State.ACCEPTED, State.SUPPORT}),
}
WARN_BEFORE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Side:
    """On which side of a transfer somebody stands, and whether they may bind it."""

    is_firm: bool
    may_bind: bool


def gives(transfer: Transfer, side: Side) -> bool:
    """Say whether a side is the one that hands over."""
    return side.is_firm == (transfer.direction == Transfer.Direction.OUT)


def no_side() -> Refusal:
    """Return why somebody who stands on no side of a transfer may do nothing in it."""
    return Refusal("projects.no_side", _("Only people of the two sides can do this."))


def why_not_bind(side: Side) -> Refusal | None:
    """Return why somebody may not bind their side, or None if they may."""
    if side.may_bind:
        return None
    return Refusal("projects.not_binding", _("Only an owner or a manager of your side can do this."))


def why_not_show(transfer: Transfer, side: Side, covered: Refusal | None) -> Refusal | None:
    """Return why the firm cannot show a transfer to its partner, or None if it can; `covered` says why not, if so."""
    if not side.is_firm:
        return Refusal("projects.not_yours", _("Only the firm that began this record can do this."))
    if transfer.state == State.DROPPED:
        return dropped()
    if transfer.shown_at is not None:
        return Refusal("projects.shown", _("Your partner sees it already."))
    return why_not_bind(side) or covered


def dropped() -> Refusal:
    """Return why nothing of a transfer that was dropped changes any more."""
    return Refusal("projects.dropped", _("This transfer was dropped and does not change any more."))


def why_not_drop(transfer: Transfer, side: Side, reason: str) -> Refusal | None:
    """Return why a side cannot drop a transfer for this reason, or None: the firm can while nothing is handed over."""
    if not side.is_firm:
        return Refusal("projects.not_yours", _("Only the firm that began this record can do this."))
    refusal = why_not_bind(side)
    if refusal is not None:
        return refusal
    if transfer.state == State.DROPPED:
        return dropped()
    if transfer.state != State.PLANNED:
        return Refusal("projects.begun", _("The hand-over has begun: this record cannot be dropped any more."))
    return None if reason else Refusal("projects.no_reason", _("Say why, in a sentence the other side understands."))


def why_not_move(
    transfer: Transfer, to: str, side: Side, *, covered: Refusal | None, items: Sequence[PackageItem], today: date
) -> Refusal | None:
    """Return why a side cannot move a transfer to this state, or None if it can. Verdicts go by `why_not_judge`."""
    if to not in FROM or transfer.state not in FROM[to]:
        return Refusal("projects.elsewhere", _("It stands otherwise by now. Look at the page again."))
    refusal = why_not_bind(side)
    if refusal is not None or to == State.DONE:
        return refusal or _why_not_close(transfer, side, today)
    if not gives(transfer, side):
        return Refusal("projects.giver_moves", _("The side that hands over does this."))
    if transfer.shown_at is None:
        return Refusal("projects.not_shown", _("Show the record to the other side first."))
    return covered or _why_not_go_on(transfer, to, items)


def _why_not_go_on(transfer: Transfer, to: str, items: Sequence[PackageItem]) -> Refusal | None:
    """Return what the giving side has to do first, or None."""
    if to == State.TESTING and any(one.state == PackageItem.State.OPEN for one in items):
        reason = _("Say of every item of the package whether it is handed over, missing or not needed.")
        return Refusal("projects.package_open", reason)
    if to == State.TESTING and all(one.state != PackageItem.State.HANDED for one in items):
        return Refusal("projects.nothing_handed", _("Nothing has been handed over yet."))
    if to == State.SUPPORT and transfer.support_until is None:
        return Refusal("projects.no_window", _("Say first from when until when you help, and whom to ask."))
    return None


def _why_not_close(transfer: Transfer, side: Side, today: date) -> Refusal | None:
    """Return why a side cannot close a transfer: whoever hands over helps as long as was promised."""
    until = transfer.support_until
    if gives(transfer, side) and (until is None or today <= until):
        reason = _("The receiving side closes it. You can do so once the support you promised is over.")
        return Refusal("projects.support_promised", reason)
    return None


def why_not_judge(
    transfer: Transfer, side: Side, verdict: str, note: str, *, covered: Refusal | None,
    criteria: Sequence[AcceptanceCriterion],
) -> Refusal | None:  # fmt: skip
    """Return why a side cannot say that the test is passed or not, or None if it can."""
    if gives(transfer, side):
        return Refusal("projects.receiver_judges", _("Only the receiving side accepts or refuses."))
    if transfer.state != State.TESTING:
        return Refusal("projects.not_in_test", _("It is not in test now."))
    refusal = why_not_bind(side) or covered
    if refusal is not None:
        return refusal
    if not criteria or any(one.is_passed is None for one in criteria):
        reason = _("Write down first what was measured for every criterion, at least for one.")
        return Refusal("projects.not_measured", reason)
    if verdict == Verdict.ACCEPTED and not all(one.is_passed for one in criteria):
        reason = _("Not every criterion is passed: accept it with remarks, or refuse it.")
        return Refusal("projects.not_passed", reason)
    if verdict != Verdict.ACCEPTED and not note:
        return Refusal("projects.no_reason", _("Say why, in a sentence the other side understands."))
    return None


def remind_on(start: date, until: date) -> date:
    """Return when both sides are reminded that support ends: two weeks before, but not before it begins."""
    return max(start, until - WARN_BEFORE)
