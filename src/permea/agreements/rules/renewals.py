"""Deciding about renewals: when one may be proposed, what its text says, when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext as _

from permea.agreements.models import Agreement, Obligation
from permea.agreements.rules.coverage import is_live
from permea.agreements.rules.drafting import MONTHS_A_YEAR, add_months
from permea.agreements.rules.obligations import A_DAY, Anchor, Kind, beginning_of, day_in, end_day, goes_on, quarter_of
from permea.foundation.refusals import Refusal

RULE = "\n\n---\n\n"
LONGEST_YEARS = 50


def why_not_propose_renewal(
    agreement: Agreement, *, may_bind: bool, has_open: bool, until: date, zone: tzinfo, at: datetime
) -> Refusal | None:
    """Return why nobody may propose that an agreement goes on until this day, or None if somebody may."""
    if not may_bind:
        return Refusal("agreements.may_not_bind", _("Only owners and managers speak for their side."))
    refusal = why_not_renew(agreement, has_open=has_open, at=at)
    if refusal is not None:
        return refusal
    end = end_day(agreement, zone)
    if end is None or not end < until <= add_months(end, MONTHS_A_YEAR * LONGEST_YEARS):
        return Refusal("agreements.renewal_day", _("Choose a day after the present end."))
    return None


def why_not_renew(agreement: Agreement, *, has_open: bool, at: datetime) -> Refusal | None:
    """Return why an agreement is not renewed, whoever asks, or None if it may be."""
    if not is_live(agreement, at) or agreement.valid_until is None:
        return Refusal("agreements.not_live", _("Only an agreement that lives and has an end can be renewed."))
    if agreement.ended_at is not None:
        return Refusal("agreements.ended", _("Notice has been given already."))
    if has_open:
        return Refusal("agreements.renewal_open", _("A renewal is under negotiation already."))
    return None


def why_not_put_in_force(until: datetime, *, at: datetime) -> Refusal | None:
    """Return why a renewal that all have signed does not begin, or None if it does."""
    if at < until:
        return None
    return Refusal("agreements.renewal_past", _("The new end is past. Propose a later day before you sign."))


def until_of(options: Mapping[str, Any]) -> date:
    """Return until which day a version of a renewal holds."""
    return date.fromisoformat(options["until"])


def last_moment(day: date, zone: tzinfo) -> datetime:
    """Return the last second of a day."""
    return beginning_of(day + A_DAY, zone) - timedelta(seconds=1)


def renewal_text(
    texts: Mapping[str, Any], agreement: Agreement, body: str, *, until: date, zone: tzinfo, is_renewal: bool
) -> str:
    """Return the text of a renewal: what goes on until when, above the text that holds on.

    What stood there before, where the agreement `is_renewal` itself, is replaced.
    """
    first, last = agreement.valid_from, end_day(agreement, zone)
    days = {"signed": day_in(zone, first) if first else None, "end": last, "until": until}
    said = {name: format_date(day, "long", locale=agreement.language) if day else "–" for name, day in days.items()}
    kept = body.partition(RULE)[2] if is_renewal and RULE in body else body
    return f"{texts['renewal'].format_map({**said, 'title': agreement.title})}{RULE}{kept}"


def end_of_notice(agreement: Agreement, options: Mapping[str, Any], *, at: datetime) -> datetime:
    """Return when an agreement ends by notice given now: after the months of notice, or before if it runs out."""
    ends = add_months(at, int(options.get("notice_months") or 0))
    return min(ends, agreement.valid_until or ends)


def prolonged_until(agreement: Agreement, options: Mapping[str, Any], zone: tzinfo, *, at: datetime) -> datetime | None:
    """Return until when an agreement goes on by itself once its last day has begun, or None if it does not."""
    until = agreement.valid_until
    if until is None or agreement.ended_at is not None or not goes_on(options):
        return None
    while day_in(zone, until) <= day_in(zone, at):
        until = add_months(until, MONTHS_A_YEAR)
    return until if until != agreement.valid_until else None


def goes_over(obligation: Obligation) -> bool:
    """Say whether something added by hand goes on in the renewal: what is counted from the end, or comes again."""
    is_open = obligation.anchor == Anchor.NOTICE and obligation.base_on is None
    return not obligation.clause and (obligation.anchor == Anchor.END or bool(obligation.series) or is_open)


def is_laid_anew(obligation: Obligation, *, start: date) -> bool:
    """Say whether a renewal that begins on `start` lays this anew by its own clauses.

    A report about a quarter before stays as it is.
    """
    if not obligation.clause or obligation.kind in {Kind.REVIEW, Kind.HOLD}:
        return False
    if obligation.anchor == Anchor.END:
        return True
    base = obligation.base_on
    begun = add_months(base, obligation.number * obligation.every_months) if base else None
    return begun is None or begun >= quarter_of(start)
