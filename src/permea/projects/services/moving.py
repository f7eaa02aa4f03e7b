"""Moving transfers on: shown, handed over, tested, accepted or refused, supported, done; and the clock of support."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person
from permea.projects import queries, rules
from permea.projects.events import TransferChanged
from permea.projects.models import Transfer, TransferStep
from permea.projects.services.transfers import Held, held, note_step, tell

State = Transfer.State
Verdict = Transfer.Verdict
What = TransferStep.What


def _announce(found: Held, happened: str, at: datetime) -> None:
    """Announce to the other side what happened with a transfer."""
    by_firm = found.side.is_firm
    publish(TransferChanged(transfer_id=found.transfer.pk, happened=happened, by_firm=by_firm, at=at))


def _outwards(found: Held) -> str:
    """Return the direction in which an act of this side goes."""
    return "out" if found.side.is_firm else "in"


@transaction.atomic
def show_transfer(*, transfer_id: int, actor: Person, at: datetime) -> Transfer:
    """Let the partner's people see a record, and fill what their side fills.

    Raises RefusedError to who stands on no side and as `rules.why_not_show` says.
    """
    found = held(transfer_id, actor, at)
    transfer = found.transfer
    demand(rules.why_not_show(transfer, found.side, found.terms.covered))
    transfer.shown_at = at
    transfer.save(update_fields=["shown_at"])
    note_step(transfer, What.SHOWN, found.side, actor, at)
    tell(transfer, "shown", "out", actor=actor, at=at, facts={"direction": transfer.direction})
    _announce(found, "shown", at)
    return transfer


@transaction.atomic
def state_level(*, transfer_id: int, level: int, basis: str, actor: Person, at: datetime) -> Transfer:
    """State the readiness level at hand-over, and what shows it. What changes nothing is not written down.

    Raises RefusedError to who stands on no side and as `rules.why_not_state_level` says.
    """
    found = held(transfer_id, actor, at)
    transfer, said = found.transfer, (level, basis.strip())
    demand(rules.why_not_state_level(transfer, found.side))
    if said == (transfer.level, transfer.level_basis):
        return transfer
    before, (transfer.level, transfer.level_basis) = transfer.level, said
    transfer.save(update_fields=["level", "level_basis"])
    note_step(transfer, What.LEVEL, found.side, actor, at, note=transfer.level_basis, level=level, before=before)
    if transfer.shown_at is not None and found.terms.covered is None:
        tell(transfer, "level_stated", _outwards(found), actor=actor, at=at, facts={"level": level})
    return transfer


@transaction.atomic
def move(*, transfer_id: int, to: str, actor: Person, at: datetime) -> Transfer:
    """Move a transfer on for one's side: begin to hand over, have it tested, begin support, close it.

    Handing over anew after a refusal begins a new test. Raises RefusedError to who stands on no side and as
    `rules.why_not_move` says.
    """
    found = held(transfer_id, actor, at)
    transfer, items = found.transfer, list(found.transfer.items.order_by("number"))
    covered, today = found.terms.covered, at.date()
    demand(rules.why_not_move(transfer, to, found.side, covered=covered, items=items, today=today))
    if transfer.state == State.REFUSED:
        _begin_anew(transfer)
    transfer.state = to
    transfer.save(update_fields=["state"])
    facts: dict[str, Any] = {"level": transfer.level} if to == State.TESTING else {}
    note_step(transfer, to, found.side, actor, at, **facts)
    if covered is None:
        tell(transfer, to, _outwards(found), actor=actor, at=at, facts=facts)
    _announce(found, to, at)
    return transfer


@transaction.atomic
def drop(*, transfer_id: int, reason: str, actor: Person, at: datetime) -> Transfer:
    """Drop for the firm a transfer of which nothing is handed over yet. Sent twice it is dropped once.

    Raises RefusedError to who stands on no side and as `rules.why_not_drop` says.
    """
    found, why = held(transfer_id, actor, at), reason.strip()
    transfer = found.transfer
    if queries.dropped_just_now(transfer, why, actor, at):
        return transfer
    demand(rules.why_not_drop(transfer, found.side, why))
    transfer.state = State.DROPPED
    transfer.save(update_fields=["state"])
    note_step(transfer, What.DROPPED, found.side, actor, at, note=why)
    if transfer.shown_at is not None:
        if found.terms.covered is None:
            tell(transfer, State.DROPPED, "out", actor=actor, at=at, facts={})
        _announce(found, State.DROPPED, at)
    return transfer


def _begin_anew(transfer: Transfer) -> None:
    """Empty what was measured in the test that was refused; the log keeps what came of it."""
    transfer.verdict, transfer.verdict_note, transfer.verdict_by, transfer.verdict_at = "", "", None, None
    transfer.save(update_fields=["verdict", "verdict_note", "verdict_by", "verdict_at"])
    transfer.criteria.update(measured="", is_passed=None, measured_by=None, measured_at=None)


@transaction.atomic
def judge(*, transfer_id: int, verdict: str, note: str, actor: Person, at: datetime) -> Transfer:
    """Say for the receiving side that a transfer is accepted, accepted with remarks or refused.

    Raises RefusedError to who stands on no side and as `rules.why_not_judge` says.
    """
    found = held(transfer_id, actor, at)
    transfer, criteria = found.transfer, list(found.transfer.criteria.all())
    words = note.strip()
    demand(
        rules.why_not_judge(transfer, found.side, verdict, words, covered=found.terms.covered, criteria=criteria)
    )  # fmt: skip
    transfer.verdict, transfer.verdict_note, transfer.verdict_by, transfer.verdict_at = verdict, words, actor, at
    transfer.state = State.REFUSED if verdict == Verdict.REFUSED else State.ACCEPTED
    transfer.save(update_fields=["verdict", "verdict_note", "verdict_by", "verdict_at", "state"])
    facts: dict[str, Any] = {"passed": sum(bool(one.is_passed) for one in criteria), "criteria": len(criteria)}
    note_step(transfer, verdict, found.side, actor, at, note=words, **facts)
    tell(transfer, verdict, _outwards(found), actor=actor, at=at, facts=facts)
    _announce(found, verdict, at)
    return transfer


@transaction.atomic
def promise_support(
    *, transfer_id: int, start: date, until: date, contact: str, hours: str, actor: Person, at: datetime
) -> Transfer:
    """Say from when until when the giving side helps, whom to ask and at which hours.

    Raises RefusedError to who stands on no side and as `rules.why_not_promise` says.
    """
    found = held(transfer_id, actor, at)
    transfer, whom = found.transfer, contact.strip()
    asked: dict[str, Any] = {"start": start, "until": until, "contact": whom, "today": at.date()}
    demand(rules.why_not_promise(transfer, found.side, **asked))
    is_moved = (transfer.support_from, transfer.support_until) != (start, until)
    transfer.support_from, transfer.support_until = start, until
    transfer.support_contact, transfer.support_hours = whom, hours.strip()
    if is_moved:
        transfer.remind_on = rules.remind_on(start, until)
    transfer.save(update_fields=["support_from", "support_until", "support_contact", "support_hours", "remind_on"])
    return transfer


@transaction.atomic
def remind(*, transfer_id: int, at: datetime) -> None:
    """Have both sides told that support ends soon; the second time does nothing."""
    transfer = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer_id)
    if transfer.pk not in queries.to_remind(at):
        return
    transfer.remind_on = None
    transfer.save(update_fields=["remind_on"])
    publish(TransferChanged(transfer_id=transfer.pk, happened="ending", by_firm=None, at=at))
