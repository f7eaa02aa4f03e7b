"""Deciding what each side writes into a transfer: whatever the other side is to fill cannot be altered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.projects.models import PackageItem, ReadinessPoint, TrainingSession, Transfer
from permea.projects.rules.moves import PREPARING, Side, State, dropped, gives

MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many points are ready of how many, which are open, and what all of them cost the receiving side."""

    n_ready: int
    n_all: int
    open: tuple[ReadinessPoint, ...]
    budget: Decimal | None


def why_not_give(transfer: Transfer, side: Side) -> Refusal | None:
    """Return why a side cannot fill what the giving side fills, or None if it can."""
    if gives(transfer, side):
        return None
    return Refusal("projects.giver_fills", _("The side that hands over fills this in."))


def why_not_take(transfer: Transfer, side: Side) -> Refusal | None:
    """Return why a side cannot fill what the receiving side fills, or None if it can."""
    if not gives(transfer, side):
        return None
    return Refusal("projects.receiver_fills", _("The receiving side fills this in."))


def why_not_prepare(transfer: Transfer, n_rows: int = 0) -> Refusal | None:
    """Return why package, criteria and level do not change any more, or None if they do."""
    if transfer.state not in PREPARING:
        return Refusal("projects.fixed", _("This does not change any more once everything was handed over."))
    if n_rows >= MOST_ROWS:
        return Refusal("projects.too_many", _("A list has at most %(number)d rows.") % {"number": MOST_ROWS})
    return None


def why_not_change(transfer: Transfer, n_rows: int = 0) -> Refusal | None:
    """Return why a transfer that is over does not change any more, or None if it does."""
    if transfer.state == State.DROPPED:
        return dropped()
    if transfer.state == State.DONE:
        return Refusal("projects.done", _("This transfer is done and does not change any more."))
    if n_rows >= MOST_ROWS:
        return Refusal("projects.too_many", _("A list has at most %(number)d rows.") % {"number": MOST_ROWS})
    return None


def why_not_state_level(transfer: Transfer, side: Side) -> Refusal | None:
    """Return why a side cannot state the readiness level, or None: the giving side does, the firm until it is shown."""
    if side.is_firm and transfer.shown_at is None and transfer.state != State.DROPPED:
        return None
    return why_not_give(transfer, side) or why_not_prepare(transfer)


def why_not_say(transfer: Transfer, side: Side, state: str, covered: Refusal | None) -> Refusal | None:
    """Return why a side cannot say this of an item of the package, or None if it can."""
    refusal = why_not_give(transfer, side) or why_not_prepare(transfer)
    if refusal is not None or state != PackageItem.State.HANDED:
        return refusal
    if transfer.state != State.HANDING:
        return Refusal("projects.not_handing", _("Begin the hand-over first."))
    return covered


def why_not_hold(
    transfer: Transfer, side: Side, session: TrainingSession, people: str, today: date
) -> Refusal | None:  # fmt: skip
    """Return why a side cannot say that a training took place with these people, or None if it can."""
    refusal = why_not_take(transfer, side) or why_not_change(transfer)
    if refusal is not None:
        return refusal
    if session.on > today:
        return Refusal("projects.not_yet", _("The training has not taken place yet."))
    return None if people else Refusal("projects.nobody", _("Say who took part."))


def why_not_measure(transfer: Transfer, side: Side, measured: str, *, is_passed: bool | None) -> Refusal | None:
    """Return why a side cannot write down what was measured, or None if it can."""
    refusal = why_not_take(transfer, side)
    if refusal is not None:
        return refusal
    if transfer.state != State.TESTING:
        return Refusal("projects.not_in_test", _("It is not in test now."))
    if bool(measured) != (is_passed is not None):
        return Refusal("projects.half_measured", _("Say both: what was measured, and whether it is passed."))
    return None


def why_not_promise(
    transfer: Transfer, side: Side, *, start: date, until: date, contact: str, today: date
) -> Refusal | None:
    """Return why a side cannot promise to help from this day until that one, or None if it can."""
    refusal = why_not_give(transfer, side) or why_not_change(transfer)
    if refusal is not None:
        return refusal
    if until < start or until < today:
        return Refusal("projects.window_over", _("Support ends after it begins, and not in the past."))
    if transfer.state == State.SUPPORT and transfer.support_until is not None and until < transfer.support_until:
        reason = _("Support that has begun can be prolonged, not cut short.")
        return Refusal("projects.window_shorter", reason)
    return None if contact else Refusal("projects.no_contact", _("Say whom to ask."))


def why_not_ready(transfer: Transfer, side: Side, owner: str, *, is_ready: bool) -> Refusal | None:
    """Return why a side cannot say this of a point of its readiness, or None if it can."""
    refusal = why_not_take(transfer, side) or why_not_change(transfer)
    if refusal is not None:
        return refusal
    if is_ready and not owner:
        return Refusal("projects.no_owner", _("Name who answers for a point before you call it ready."))
    return None


def readiness_of(points: Sequence[ReadinessPoint]) -> Readiness:
    """Return how ready the receiving side is: points that are ready, of all; no other weight goes into it."""
    waiting = tuple(one for one in points if not one.is_ready)
    sums = [one.budget for one in points if one.budget is not None]
    return Readiness(len(points) - len(waiting), len(points), waiting, sum(sums, Decimal(0)) if sums else None)
