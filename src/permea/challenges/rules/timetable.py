"""The dates of a challenge: in order, on a clock that exists, moved with a reason; and what its stages allow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge, Stage, TimetableChange
from permea.foundation.clock import within
from permea.foundation.refusals import Refusal

OPENING_HOUR, CLOSING_HOUR = time(9), time(18)


@dataclass(frozen=True, slots=True)
class Dates:
    """The four dates of a public challenge; all are set."""

    opens_at: datetime
    closes_at: datetime
    decide_by: datetime
    answer_by: datetime


def dates_of(challenge: Challenge) -> Dates:
    """Return the dates of a challenge. Raises ValueError if one is missing (only drafts lack any)."""
    opens_at, closes_at = challenge.opens_at, challenge.closes_at
    decide_by, answer_by = challenge.decide_by, challenge.answer_by
    if opens_at is None or closes_at is None or decide_by is None or answer_by is None:
        raise ValueError("a draft may lack dates")
    return Dates(opens_at, closes_at, decide_by, answer_by)


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage before it is stored."""

    position: int
    name: str
    opens_at: datetime
    closes_at: datetime
    allows: list[str]


def why_not_in_order(
    opens_at: datetime | None, closes_at: datetime | None, decide_by: datetime | None, answer_by: datetime | None
) -> Refusal | None:
    """Return why these dates are out of order, or None if they are in order; a missing one does not bind."""
    if opens_at and closes_at and closes_at <= opens_at:
        return Refusal("challenges.dates_order", _("Entries must close after they open."))
    if closes_at and decide_by and decide_by < closes_at:
        return Refusal("challenges.dates_order", _("You cannot decide before entries have closed."))
    if decide_by and answer_by and answer_by < decide_by:
        return Refusal("challenges.dates_order", _("Answers cannot be due before the decision."))
    return None


def deadline_as_of(moment: datetime, closes_at: datetime, changes: Iterable[TimetableChange]) -> datetime:
    """Return the deadline that stood at `moment`, from the present one and its changes, oldest first."""
    return next((change.closed_at_before for change in changes if change.changed_at > moment), closes_at)


def why_not_change_dates(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why the timetable of a challenge may not move at `at`, or None if it may."""
    if challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("challenges.not_running", _("Only a published challenge that is not decided has dates to move."))
    if at >= dates_of(challenge).closes_at:
        return Refusal(
            "challenges.closed",
            _("Entries have closed and may have been read; the time for entries cannot be reopened or moved."),
        )
    return None


def why_not_extend(challenge: Challenge, new: Dates, *, reason: str, at: datetime) -> Refusal | None:
    """Return why entries may not stay open until the new dates, or None if they may."""
    if refusal := why_not_change_dates(challenge, at=at):
        return refusal
    if new.closes_at <= dates_of(challenge).closes_at:
        return Refusal("challenges.not_later", _("An extension must end later than the present deadline."))
    if not reason.strip():
        return Refusal("challenges.no_reason", _("Give a reason; everybody who entered will read it."))
    return why_not_in_order(new.opens_at, new.closes_at, new.decide_by, new.answer_by)


def why_not_close_early(challenge: Challenge, *, reason: str, at: datetime) -> Refusal | None:
    """Return why entries may not close at `at`, or None if they may."""
    if refusal := why_not_change_dates(challenge, at=at):
        return refusal
    if at <= dates_of(challenge).opens_at:
        return Refusal("challenges.not_open", _("Entries have not opened yet, so they cannot close early."))
    if not reason.strip():
        return Refusal("challenges.no_reason", _("Give a reason; everybody who entered will read it."))
    return None


def standard_stages(dates: Dates) -> list[StagePlan]:
    """Return the three stages of a challenge. Nothing can be reviewed before entries close: they are sealed."""
    names = Stage.Name
    judging = ["review", "decide", "answer"]
    return [
        StagePlan(1, names.ENTRY.value, dates.opens_at, dates.closes_at, ["submit", "revise"]),
        StagePlan(2, names.REVIEW.value, dates.closes_at, dates.decide_by, judging),
        StagePlan(3, names.ANSWER.value, dates.decide_by, dates.answer_by, judging),
    ]


@dataclass(frozen=True, slots=True)
class ShownStage:
    """A stage as a page shows it: done, now, late (its end is past and answers are owed), next or later."""

    name: str
    state: str
    note: str
    opens_at: datetime
    closes_at: datetime


def shown_stages(challenge: Challenge, stages: Sequence[Stage | StagePlan], *, at: datetime) -> list[ShownStage]:
    """Return the stages, in order, as they stand at `at`, named and explained in the reader's language."""
    notes = {
        Stage.Name.ENTRY: _("Entries can be handed in, changed and withdrawn. Nobody else can open them."),
        Stage.Name.REVIEW: _("Entries are reviewed, and it is decided which are chosen."),
        Stage.Name.ANSWER: _("Everybody who entered gets an answer with reasons."),
    }
    shown: list[ShownStage] = []
    for stage in stages:
        name = Stage.Name(stage.name)
        state = _state_of(challenge, stage, is_last=stage is stages[-1], at=at)
        if state == "later" and all(before.state not in {"next", "later"} for before in shown):
            state = "next"
        shown.append(ShownStage(str(name.label), state, notes[name], stage.opens_at, stage.closes_at))
    return shown


def _state_of(challenge: Challenge, stage: Stage | StagePlan, *, is_last: bool, at: datetime) -> str:
    """Return where a stage stands; a decision ends them all, and the last one does not end while answers are owed."""
    if challenge.decided_at is not None:
        return "done"
    if at < stage.opens_at:
        return "later"
    if within(at, stage.opens_at, stage.closes_at):
        return "now"
    return "late" if is_last and challenge.n_entries else "done"


def stage_allows(stages: Iterable[Stage | StagePlan], action: str, *, at: datetime) -> bool:
    """Say whether a stage allows `action` at `at`; the last stage does not end, for a late answer is still owed."""
    ordered = sorted(stages, key=lambda stage: stage.position)
    for stage in ordered:
        ends_at = None if stage is ordered[-1] else stage.closes_at
        if within(at, stage.opens_at, ends_at) and action in stage.allows:
            return True
    return False


def why_not_local(naive: datetime, zone: tzinfo) -> Refusal | None:
    """Return why a clock reading names no single moment in `zone` (daylight saving), or None if it does."""
    names = {"time": f"{naive:%Y-%m-%d %H:%M}", "zone": str(zone)}
    early, late = (naive.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    if early < late:
        reason = _("%(time)s does not exist in %(zone)s: the clocks skip that hour. Choose another time.")
        return Refusal("challenges.time_missing", reason % names)
    if early > late:
        reason = _("%(time)s happens twice in %(zone)s: the clocks go back that night. Choose another time.")
        return Refusal("challenges.time_twice", reason % names)
    return None


def dates_as_facts(challenge: Challenge) -> dict[str, str]:
    """Return the dates of a challenge as they are written into the ledger: UTC, to the second."""
    return {name: f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, value in asdict(dates_of(challenge)).items()}


def suggested_dates(days_open: int, days_to_decide: int, days_to_answer: int, *, at: datetime, zone: tzinfo) -> Dates:
    """Return a timetable to start from: open tomorrow morning, everything else at the end of a working day."""
    opens_on = at.astimezone(zone).date() + timedelta(days=1)
    closes_on = opens_on + timedelta(days=days_open)
    decide_on = closes_on + timedelta(days=days_to_decide)
    answer_on = decide_on + timedelta(days=days_to_answer)
    evenings = [datetime.combine(day, CLOSING_HOUR, tzinfo=zone) for day in (closes_on, decide_on, answer_on)]
    return Dates(datetime.combine(opens_on, OPENING_HOUR, tzinfo=zone), *evenings)
