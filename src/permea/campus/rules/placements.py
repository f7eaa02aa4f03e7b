"""Deciding who may offer, name, agree, accept, report, end and close a placement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.campus.models import Placement, PlacementReport, PlacementStep
from permea.campus.rules.bookings import no_side, stands_otherwise
from permea.foundation.refusals import Refusal
from permea.ledger import verifier

State, Kind, Side = Placement.State, PlacementReport.Kind, PlacementStep.Side
BEFORE = frozenset({State.OFFERED, State.NAMED, State.AGREED})
OPEN_END = frozenset({State.RUNNING, State.ENDED})
WITH_A_THESIS = frozenset({Placement.Kind.BACHELOR, Placement.Kind.MASTER, Placement.Kind.DOCTORATE})
MOST_REPORTS = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """For which of the three sides somebody stands at a placement; `may_bind` for their side, or they supervise."""

    side: str
    may_bind: bool
    is_supervisor: bool = False

    @property
    def is_firm(self) -> bool:
        """Say whether they are of the firm."""
        return self.side == Side.FIRM

    @property
    def is_student(self) -> bool:
        """Say whether they are the student."""
        return self.side == Side.STUDENT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a placement: whether the firm offered a job, and the title of the thesis where there is one."""

    led_to_offer: bool
    thesis_title: str = ""


def why_not_of_side(standing: Standing, side: str) -> Refusal | None:
    """Return why somebody may not bind this one of the three sides, or None if they may."""
    if standing.side != side:
        return no_side()
    if standing.is_student or standing.may_bind:
        return None
    return Refusal("campus.not_binding", _("Only an owner or a manager of your side can do this."))


def why_not_dates(first_day: date, last_day: date, today: date) -> Refusal | None:
    """Return why a placement cannot take place on these days, or None if it can."""
    if last_day < first_day:
        return Refusal("campus.days_reversed", _("The last day comes after the first."))
    if first_day < today:
        return Refusal("campus.begun_already", _("The first day is over already. Choose a later one."))
    return None


def why_not_supervise(*, is_colleague: bool) -> Refusal | None:
    """Return why somebody cannot supervise for a side, or None: they are one of its people."""
    if is_colleague:
        return None
    return Refusal("campus.no_colleague", _("Who supervises is one of your side's people."))


def _no_reason() -> Refusal:
    """Return why nothing can be refused or ended without saying why."""
    return Refusal("campus.no_reason", _("Say why, in a sentence the other side understands."))


def why_not_change(placement: Placement, standing: Standing) -> Refusal | None:
    """Return why somebody may not change an offer, or None: the firm can until a student is named."""
    refusal = why_not_of_side(standing, Side.FIRM)
    if refusal is not None:
        return refusal
    if placement.state != State.OFFERED:
        reason = _("A student is named by now. Ask for another one with the reason, then change the offer.")
        return Refusal("campus.student_named", reason)
    return None


def why_not_name(placement: Placement, standing: Standing, *, is_insider: bool) -> Refusal | None:
    """Return why somebody may not name a student, or None; the firm's people and supervisors are no students of it."""
    refusal = why_not_of_side(standing, Side.PARTNER)
    if refusal is not None:
        return refusal
    if placement.state != State.OFFERED:
        return stands_otherwise()
    if is_insider:
        reason = _("This address belongs to the firm or to a supervisor. Name the student's own address.")
        return Refusal("campus.no_student", reason)
    return None


def why_not_answer_student(placement: Placement, standing: Standing, reason: str, *, is_yes: bool) -> Refusal | None:
    """Return why somebody may not agree to a student or ask for another one, or None if they may."""
    refusal = why_not_of_side(standing, Side.FIRM)
    if refusal is not None:
        return refusal
    if placement.state != State.NAMED:
        return stands_otherwise()
    return None if is_yes or reason else _no_reason()


def why_not_accept(placement: Placement, standing: Standing, sha256: str, today: date) -> Refusal | None:
    """Return why somebody may not accept a placement as they have read it, or None if they may."""
    refusal = why_not_of_side(standing, Side.STUDENT)
    if refusal is not None:
        return refusal
    if placement.state != State.AGREED or placement.statement_sha256 != sha256:
        return stands_otherwise()
    if placement.last_day < today:
        return Refusal("campus.days_over", _("Its last day is over. Decline it, and have it offered anew."))
    return None


def why_not_decline(placement: Placement, standing: Standing, reason: str) -> Refusal | None:
    """Return why somebody may not decline a placement, or None if they may."""
    refusal = why_not_of_side(standing, Side.STUDENT)
    if refusal is not None:
        return refusal
    if placement.state != State.AGREED:
        return stands_otherwise()
    return None if reason else _no_reason()


def why_not_report(placement: Placement, standing: Standing, n_reports: int, today: date) -> Refusal | None:
    """Return why somebody may not hand a report in, or None if they may."""
    refusal = why_not_of_side(standing, Side.STUDENT)
    if refusal is not None:
        return refusal
    if placement.state != State.RUNNING:
        return stands_otherwise()
    if today < placement.first_day:
        return Refusal("campus.not_begun", _("There is something to report once the placement has begun."))
    if n_reports >= MOST_REPORTS:
        text = ngettext(
            "More than %(num)d report is too many.", "More than %(num)d reports are too many.", MOST_REPORTS
        )
        return Refusal("campus.too_many_reports", text % {"num": MOST_REPORTS})
    return None


def why_not_remark(
    placement: Placement, standing: Standing, text: str, *, is_accepted: bool, accepted_by: Collection[str]
) -> Refusal | None:
    """Return why somebody may not comment on a report or accept it, or None: supervisors may, and who may bind."""
    if standing.is_student:
        return no_side()
    if not standing.may_bind and not standing.is_supervisor:
        reason = _("Only who supervises, or an owner or a manager of your side, can do this.")
        return Refusal("campus.not_supervising", reason)
    if placement.state not in OPEN_END or (is_accepted and standing.side in accepted_by):
        return stands_otherwise()
    return None if is_accepted or text else Refusal("campus.nothing_said", _("Write what you think of it."))


def why_not_end(placement: Placement, standing: Standing, reason: str) -> Refusal | None:
    """Return why somebody may not take an offer back, refuse it, or end a placement early, or None if they may.

    Who may bind either side can at any time; the student once they have accepted.
    """
    refusal = why_not_of_side(standing, standing.side)
    if refusal is not None:
        return refusal
    allowed = {State.RUNNING} if standing.is_student else BEFORE | {State.RUNNING}
    if placement.state not in allowed:
        return stands_otherwise()
    return None if reason else _no_reason()


def why_not_say_outcome(placement: Placement, standing: Standing, reported: Collection[str]) -> Refusal | None:
    """Return why somebody may not say what came of a placement, or None if they may."""
    if standing.is_student:
        return no_side()
    refusal = why_not_of_side(standing, standing.side)
    if refusal is not None:
        return refusal
    if placement.state not in OPEN_END:
        return stands_otherwise()
    if placement.state == State.RUNNING and not {Kind.MIDTERM, Kind.FINAL} <= set(reported):
        reason = _("It takes a mid-term and a final report of the student. Without them, end it early and say why.")
        return Refusal("campus.no_reports", reason)
    return None


def why_not_close(placement: Placement, standing: Standing, outcome: Outcome, *, is_covered: bool) -> Refusal | None:
    """Return why somebody may not agree to what was said to have come of a placement, or None if they may.

    The side that did not say it agrees; where no agreement lets the partner see the page any more, the firm alone.
    """
    if standing.is_student:
        return no_side()
    refusal = why_not_of_side(standing, standing.side)
    if refusal is not None:
        return refusal
    if placement.state not in OPEN_END or outcome_of(placement) != outcome:
        return stands_otherwise()
    if placement.said_is_firm == standing.is_firm and is_covered:
        return Refusal("campus.other_side_agrees", _("The other side agrees, or says something else."))
    return None


def outcome_of(placement: Placement) -> Outcome | None:
    """Return what was said to have come of a placement, or None as long as nothing was."""
    if placement.led_to_offer is None:
        return None
    return Outcome(placement.led_to_offer, placement.thesis_title)


def content_of(placement: Placement) -> dict[str, Any]:
    """Return what a student accepts: what they do, where, when, for what pay, and the statement."""
    days = {name: getattr(placement, name).isoformat() for name in ("first_day", "last_day")}
    told = ("kind", "title", "task", "place", "weekly_hours", "pay", "currency", "statement", "statement_version")
    return {
        **{name: getattr(placement, name) for name in told}, **days,
        "firm": placement.organisation.key, "partner": placement.partner.key, "placement": placement.key,
    }  # fmt: skip


def fingerprint_of(placement: Placement) -> str:
    """Return the SHA-256 of what a student accepts, in its canonical form."""
    return verifier.digest(verifier.canonical(content_of(placement)))
