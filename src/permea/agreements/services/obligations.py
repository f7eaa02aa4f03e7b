"""Writing obligations: those that follow from a signed agreement, those added by hand, and their days when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import ObligationTold
from permea.agreements.models import Agreement, AgreementVersion, Obligation, ObligationStep
from permea.agreements.services.drafting import locked
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person

Anchor, State, What = Obligation.Anchor, Obligation.State, ObligationStep.What


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationInput:
    """What somebody adds by hand; `on` is the day itself, or otherwise `pace` counts from what `anchor` names."""

    kind: str
    title: str = ""
    side: str
    anchor: str = Anchor.DAY
    on: date | None = None
    pace: rules.Pace = rules.Pace()  # noqa: RUF009 - frozen
    reminder_days: tuple[int, ...] = ()


def note_step(
    obligation: Obligation, what: str, *, at: datetime, by: Person | None = None, note: str = ""
) -> ObligationStep:
    """Write down what happened with an obligation, and the day it is due from then on."""
    return ObligationStep.objects.create(
        obligation=obligation, what=what, note=note.strip(), due_on=obligation.due_on, by=by, at=at
    )


def _made(obligation: Obligation, what: str, *, at: datetime, by: Person | None = None) -> Obligation:
    """Store a new obligation with its day, its next reminder and its first step."""
    obligation.created_by, obligation.created_at = by, at
    set_day(obligation, at)
    obligation.save()
    note_step(obligation, what, at=at, by=by)
    return obligation


def lay(obligation: Obligation, *, at: datetime) -> Obligation:
    """Store an obligation that follows from a clause by itself."""
    return _made(obligation, What.LAID, at=at)


def set_day(obligation: Obligation, at: datetime) -> None:
    """Count the day of an obligation from its base, and the next day to remind of it."""
    base = obligation.base_on
    obligation.due_on = rules.due_day(base, rules.pace_of(obligation), obligation.number) if base else None
    set_reminder(obligation, at)


def set_reminder(obligation: Obligation, at: datetime) -> None:
    """Set the next day on which people are reminded; those before today are left out."""
    after = rules.reminding_day(rules.zone_named(obligation.time_zone), at)
    due = obligation.due_on
    obligation.remind_on = rules.next_reminder(due, obligation.reminder_days, after=after) if due else None


def _base(agreement: Agreement, anchor: str, zone_name: str, on: date | None = None) -> date | None:
    """Return the day from which is counted, or None while it is not known."""
    zone = rules.zone_named(zone_name)
    if anchor == Anchor.START and agreement.valid_from is not None:
        return rules.day_in(zone, agreement.valid_from)
    return rules.end_day(agreement, zone) if anchor == Anchor.END else on


@transaction.atomic
def lay_obligations(*, agreement_id: int, at: datetime) -> list[Obligation]:
    """Lay what follows from the clauses of an agreement that all have signed; laid once, it is not laid again."""
    agreement = locked(agreement_id)
    version = queries.newest_version(agreement)
    if Obligation.objects.filter(version=version).exists():
        return []
    clauses = queries.library(agreement.language).kinds[agreement.kind]
    terms = rules.terms_of(agreement.kind, clauses, version.options)
    return [laid for term in terms for laid in _lay(agreement, version, term, at)]


def lay_where_missing(*, at: datetime) -> None:
    """Lay what follows from agreements that were signed before obligations were kept."""
    for agreement_id in queries.agreements_without_obligations(at):
        lay_obligations(agreement_id=agreement_id, at=at)


def _lay(agreement: Agreement, version: AgreementVersion, term: rules.Term, at: datetime) -> list[Obligation]:
    """Lay what one term asks, with its repetitions that come soon."""
    zone_name = agreement.created_by.time_zone
    base = _base(agreement, term.anchor, zone_name)
    today = rules.day_in(rules.zone_named(zone_name), at)
    if base is not None and term.is_by_quarter:
        base = rules.quarter_of(base)
    number = rules.first_number(base, term.pace, today=today) if base else 0
    if base is not None and rules.due_day(base, term.pace, number) < today:
        return []
    first = Obligation(
        agreement=agreement,
        version=version,
        clause=term.clause,
        kind=term.kind,
        side=term.side,
        anchor=term.anchor,
        base_on=base,
        offset_months=term.pace.months,
        offset_days=term.pace.days,
        every_months=term.pace.every,
        number=number,
        time_zone=zone_name,
        reminder_days=list(term.reminders),
    )
    first.series = first.key if term.pace.every else ""
    return [_made(first, What.LAID, at=at), *lay_ahead(first, at=at)]


@transaction.atomic
def add_obligation(*, agreement_id: int, said: ObligationInput, actor: Person, at: datetime) -> Obligation:
    """Add an obligation by hand; the same sent twice is added once.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_add` says.
    """
    agreement = locked(agreement_id)
    standing = queries.standing_of(actor, agreement)
    demand(rules.why_not_bind(may_bind=standing is not None and standing.is_firm and standing.may_bind))
    today = rules.day_in(rules.zone_named(actor.time_zone), at)
    base = _base(agreement, said.anchor, actor.time_zone, said.on if said.anchor == Anchor.DAY else None)
    told: dict[str, Any] = {"kind": said.kind, "title": said.title, "anchor": said.anchor, "pace": said.pace}
    demand(rules.why_not_add(agreement, base=base, today=today, **told))
    made = Obligation(
        agreement=agreement,
        kind=said.kind,
        title=" ".join(said.title.split()),
        side=said.side,
        anchor=said.anchor,
        base_on=base,
        offset_months=said.pace.months,
        offset_days=said.pace.days,
        every_months=said.pace.every,
        number=rules.first_number(base, said.pace, today=today) if base else 0,
        time_zone=actor.time_zone,
        reminder_days=sorted(set(said.reminder_days), reverse=True),
    )
    again = queries.added_just_now(made, actor, at)
    if again is not None:
        return again
    made.series = made.key if said.pace.every else ""
    _made(made, What.ADDED, at=at, by=actor)
    lay_ahead(made, at=at)
    publish(ObligationTold(obligation_id=made.pk, what="added", by_id=actor.pk, at=at))
    return made


def lay_ahead(obligation: Obligation, *, at: datetime) -> list[Obligation]:
    """Lay the repetitions of an obligation that come soon, and always the one after it, as far as it goes on."""
    if not obligation.series or obligation.base_on is None:
        return []
    zone, pace = rules.zone_named(obligation.time_zone), rules.pace_of(obligation)
    rows = Obligation.objects.filter(series=obligation.series)
    last = max(rows.values_list("number", flat=True))
    end = rules.end_day(obligation.agreement, zone)
    soon = rules.day_in(zone, at) + rules.AHEAD
    numbers = rules.numbers_ahead(obligation.base_on, pace, last=last, until=soon, end=end)
    is_last = last == obligation.number and obligation.state != State.OPEN
    if not numbers and is_last and rules.is_before_end(obligation.base_on, pace, last + 1, end):
        numbers = [last + 1]
    return [_repeated(obligation, number, at) for number in numbers]


def _repeated(obligation: Obligation, number: int, at: datetime) -> Obligation:
    """Lay one repetition of an obligation."""
    kept = ("agreement", "version", "clause", "kind", "title", "side", "anchor", "base_on", "series", "time_zone")
    paces = ("offset_months", "offset_days", "every_months", "reminder_days")
    made = Obligation(number=number, **{name: getattr(obligation, name) for name in (*kept, *paces)})
    return _made(made, What.ADDED if obligation.created_by else What.LAID, at=at, by=obligation.created_by)


@transaction.atomic
def follow_notice(*, agreement_id: int, at: datetime) -> None:
    """Count days anew from the earlier end and from the notice, and drop what would come after the end."""
    agreement = locked(agreement_id)
    rows = Obligation.objects.select_for_update(of=("self",)).filter(agreement=agreement, state=State.OPEN)
    for obligation in rows.order_by("pk"):
        zone = rules.zone_named(obligation.time_zone)
        end = rules.end_day(agreement, zone)
        if _falls_away(obligation, end):
            close(obligation, State.WAIVED, What.ENDED, at=at)
        elif obligation.anchor == Anchor.END:
            move(obligation, end, at)
        elif obligation.anchor == Anchor.NOTICE and obligation.base_on is None:
            move(obligation, rules.day_in(zone, at), at)


def _falls_away(obligation: Obligation, end: date | None) -> bool:
    """Say whether an obligation is about a time after the end, or about giving notice, which has been given."""
    if obligation.kind in {Obligation.Kind.NOTICE, Obligation.Kind.GOES_ON}:
        return True
    base, pace = obligation.base_on, rules.pace_of(obligation)
    return bool(obligation.series and base and not rules.is_before_end(base, pace, obligation.number, end))


def move(obligation: Obligation, base: date | None, at: datetime) -> None:
    """Count an obligation from another day, if that changes when it is due."""
    before = obligation.due_on
    obligation.base_on = base
    set_day(obligation, at)
    if obligation.due_on != before:
        obligation.save(update_fields=["base_on", "due_on", "remind_on"])
        note_step(obligation, What.MOVED, at=at)


def close(
    obligation: Obligation, state: str, what: str, *, at: datetime, by: Person | None = None, note: str = ""
) -> None:
    """Put an obligation into a state in which nobody is reminded, write that down, and lay what comes after it."""
    obligation.state, obligation.remind_on = state, None
    if state == State.MISSED:
        obligation.missed_at = at
    obligation.save(update_fields=["state", "remind_on", "missed_at"])
    note_step(obligation, what, at=at, by=by, note=note)
    if what != What.ENDED:
        lay_ahead(obligation, at=at)
