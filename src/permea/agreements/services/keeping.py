"""What happens with obligations: said to be done, confirmed, denied, waived; reminded of and missed by the clock."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import ObligationTold, PublicationTold
from permea.agreements.models import Obligation, ObligationStep
from permea.agreements.queries import Standing
from permea.agreements.services.obligations import close, lay_ahead, note_step, set_reminder
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person

State, What = Obligation.State, ObligationStep.What


def locked_obligation(obligation_id: int) -> Obligation:
    """Return an obligation, locked until the transaction ends."""
    rows = Obligation.objects.select_for_update(of=("self",)).select_related("agreement__organisation", "created_by")
    return rows.get(pk=obligation_id)


def _opened(obligation_id: int, actor: Person) -> tuple[Obligation, Standing]:
    """Return a locked obligation and where the actor stands. Raises RefusedError to who is on no side."""
    obligation = locked_obligation(obligation_id)
    standing = queries.standing_of(actor, obligation.agreement)
    if standing is None:
        demand(rules.why_not_bind(may_bind=False))
    return obligation, standing  # type: ignore[return-value]  # refused above


def _told(obligation: Obligation, what: str, actor: Person | None, at: datetime) -> None:
    """Announce what was said of an obligation."""
    publish(ObligationTold(obligation_id=obligation.pk, what=what, by_id=actor.pk if actor else None, at=at))


@transaction.atomic
def say_done(*, obligation_id: int, note: str, actor: Person, at: datetime) -> Obligation:
    """Say for one's side that it has done what it owes. Raises RefusedError as `rules.why_not_say_done` says."""
    obligation, standing = _opened(obligation_id, actor)
    demand(rules.why_not_say_done(obligation, is_firm=standing.is_firm))
    close(obligation, State.SAID, What.SAID, at=at, by=actor, note=note)
    _told(obligation, "said", actor, at)
    return obligation


@transaction.atomic
def confirm_done(*, obligation_id: int, note: str, actor: Person, at: datetime) -> Obligation:
    """Say that the other side has done what it owed. Raises RefusedError as `rules.why_not_confirm` says."""
    obligation, standing = _opened(obligation_id, actor)
    demand(rules.why_not_confirm(obligation, is_firm=standing.is_firm, may_bind=standing.may_bind))
    close(obligation, State.DONE, What.CONFIRMED, at=at, by=actor, note=note)
    _told(obligation, "confirmed", actor, at)
    return obligation


@transaction.atomic
def deny_done(*, obligation_id: int, note: str, actor: Person, at: datetime) -> Obligation:
    """Say that the other side has not done what it says; it owes it again, and is reminded of it.

    Raises RefusedError as `rules.why_not_deny` says.
    """
    obligation, standing = _opened(obligation_id, actor)
    demand(rules.why_not_deny(obligation, is_firm=standing.is_firm, may_bind=standing.may_bind, note=note))
    obligation.state = State.MISSED if obligation.missed_at else State.OPEN
    set_reminder(obligation, at)
    obligation.save(update_fields=["state", "remind_on"])
    note_step(obligation, What.DENIED, at=at, by=actor, note=note)
    _told(obligation, "denied", actor, at)
    return obligation


@transaction.atomic
def waive_obligation(*, obligation_id: int, note: str, actor: Person, at: datetime) -> Obligation:
    """Let the other side off what it owes, with the reason. Raises RefusedError as `rules.why_not_waive` says."""
    obligation, standing = _opened(obligation_id, actor)
    demand(rules.why_not_waive(obligation, is_firm=standing.is_firm, may_bind=standing.may_bind, note=note))
    close(obligation, State.WAIVED, What.WAIVED, at=at, by=actor, note=note)
    _told(obligation, "waived", actor, at)
    return obligation


def watch_obligations(*, at: datetime) -> None:
    """Remind of what is near or due, and mark what is over; each is told once, however often this is called."""
    for obligation_id in queries.obligations_to_watch(at):
        watch_obligation(obligation_id=obligation_id, at=at)


@transaction.atomic
def watch_obligation(*, obligation_id: int, at: datetime) -> None:
    """Remind of one obligation if its day to do so has come, or mark it if its day is over."""
    obligation = locked_obligation(obligation_id)
    today = rules.reminding_day(rules.zone_named(obligation.time_zone), at)
    due, is_open = obligation.due_on, obligation.state == State.OPEN
    if is_open and due is not None and due < today:
        _mark_over(obligation, at)
    elif obligation.remind_on is not None and obligation.remind_on <= today:
        set_reminder(obligation, at)
        obligation.save(update_fields=["remind_on"])
        lay_ahead(obligation, at=at)
        near = "today" if due == today else "near"
        _told(obligation, near if is_open else "missed", None, at)


def _mark_over(obligation: Obligation, at: datetime) -> None:
    """Mark an obligation whose day is over: missed, or past where nothing is owed and where silence answers."""
    publication_id = queries.publication_id_of(obligation)
    if publication_id is not None:
        publish(PublicationTold(publication_id=publication_id, what="silence", at=at))
    if publication_id is not None or obligation.side == Obligation.Side.BOTH:
        close(obligation, State.PASSED, What.PASSED, at=at)
        return
    close(obligation, State.MISSED, What.MISSED, at=at)
    set_reminder(obligation, at)
    obligation.save(update_fields=["remind_on"])
    _told(obligation, "missed", None, at)
