"""The stages of a challenge: which there are, what each allows to whom, and how a page shows them.

Between the deadline and the reviews a challenge may have steps that open its entries to a circle: to talk about them,
to improve them, to vote on them. Each has a length in days; they follow one another from the deadline on, and move with
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import Challenge, Circle, Stage
from permea.challenges.rules.timetable import Dates, dates_of
from permea.challenges.rules.voting import voting_note, why_not_voting
from permea.foundation.clock import within
from permea.foundation.refusals import Refusal

MOST_STEPS, LONGEST_STEP = 6, 180
JUDGING = ["review", "decide", "answer"]
ALLOWS = {
    Stage.Name.DISCUSS.value: ["read", "comment"],
    Stage.Name.IMPROVE.value: ["read", "comment", "revise"],
    Stage.Name.VOTE.value: ["read", "vote"],
}
WIDTH = {value: width for width, value in enumerate(("", *Circle.values))}


@dataclass(frozen=True, slots=True)
class Step:
    """A stage between the deadline and the reviews: how many days it lasts, who takes part and how."""

    name: str
    days: int
    circle: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage before it is stored."""

    position: int
    name: str
    opens_at: datetime
    closes_at: datetime
    allows: list[str]
    circle: str = ""
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownStage:
    """A stage as a page shows it: done, now, late (its end is past and answers are owed), next or later."""

    name: str
    state: str
    note: str
    opens_at: datetime
    closes_at: datetime
    readers: str = ""


def steps_of(challenge: Challenge) -> list[Step]:
    """Return the steps of a challenge between its deadline and the reviews, in their order."""
    return read_steps(challenge.steps)


def read_steps(written: Iterable[dict[str, Any]]) -> list[Step]:
    """Return steps from how a challenge keeps them."""
    return [Step(**one) for one in written]


def written_steps(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return steps as a challenge keeps them."""
    return [asdict(step) for step in steps]


def steps_in_words(steps: Iterable[Step]) -> str:
    """Return steps with their lengths and circles in one line, in the reader's language."""
    said = [
        ngettext("%(step)s, %(num)d day (%(circle)s)", "%(step)s, %(num)d days (%(circle)s)", step.days)
        % {"step": Stage.Name(step.name).label, "num": step.days, "circle": Circle(step.circle).label}
        for step in steps
    ]
    return "; ".join(said) or _("no steps")


@dataclass(frozen=True, slots=True)
class LaidStep:
    """A step with its dates: it follows the deadline or the step before it."""

    step: Step
    opens_at: datetime
    closes_at: datetime


def laid_steps(challenge: Challenge) -> list[LaidStep]:
    """Return the steps of a challenge with their dates, none while it has no deadline."""
    laid: list[LaidStep] = []
    opens_at = challenge.closes_at
    if opens_at is None:
        return laid
    for step in steps_of(challenge):
        closes_at = opens_at + timedelta(days=step.days)
        laid.append(LaidStep(step, opens_at, closes_at))
        opens_at = closes_at
    return laid


def running_step(challenge: Challenge, *, at: datetime) -> LaidStep | None:
    """Return the step of a challenge that runs at `at`, None if none does."""
    if challenge.status != Challenge.Status.PUBLISHED:
        return None
    return next((laid for laid in laid_steps(challenge) if within(at, laid.opens_at, laid.closes_at)), None)


def begun_steps(challenge: Challenge, *, at: datetime) -> list[LaidStep]:
    """Return the steps of a challenge that have begun by `at`, over or not, in their order."""
    return [laid for laid in laid_steps(challenge) if laid.opens_at <= at]


def improving(challenge: Challenge, *, at: datetime) -> LaidStep | None:
    """Return the running step in which handed-in entries may be revised, None if none is."""
    running = running_step(challenge, at=at)
    return running if running is not None and "revise" in ALLOWS[running.step.name] else None


def is_before_reviews(challenge: Challenge, *, at: datetime) -> bool:
    """Say whether nobody may judge the entries of a challenge yet: they are sealed, or a step still runs."""
    begins_at = reviews_from(challenge)
    return begins_at is None or at < begins_at


def is_reviews_untold(challenge: Challenge, *, at: datetime) -> bool:
    """Say whether the reviews of a challenge have begun by `at` and nobody has been told yet."""
    is_begun = challenge.status == Challenge.Status.PUBLISHED and not is_before_reviews(challenge, at=at)
    return is_begun and challenge.closing_told_at is not None and challenge.reviews_told_at is None


def reviews_from(challenge: Challenge) -> datetime | None:
    """Return when the reviews of a challenge begin: at its deadline or after its last step; None if it has none."""
    if challenge.closes_at is None:
        return None
    return challenge.closes_at + timedelta(days=sum(step.days for step in steps_of(challenge)))


def why_not_steps(steps: Sequence[Step], dates: Dates | None) -> Refusal | None:
    """Return why a challenge cannot have these steps between its dates, or None if it can; no dates do not bind."""
    if len(steps) > MOST_STEPS:
        return Refusal(
            "challenges.too_many_steps",
            _("A challenge has at most %(number)d steps between deadline and reviews.") % {"number": MOST_STEPS},
        )
    if any(step.name not in ALLOWS or step.circle not in Circle.values for step in steps):
        return Refusal("challenges.step_unknown", _("Choose what each step is for and who takes part."))
    if any(not 1 <= step.days <= LONGEST_STEP for step in steps):
        return Refusal(
            "challenges.step_length", _("A step lasts from one day to %(number)d days.") % {"number": LONGEST_STEP}
        )
    names = [step.name for step in steps]
    if refusal := _why_not_votes([step for step in steps if step.name == Stage.Name.VOTE]):
        return refusal
    if Stage.Name.VOTE in names and Stage.Name.IMPROVE in names[names.index(Stage.Name.VOTE) :]:
        return Refusal(
            "challenges.improve_after_vote",
            _("Entries cannot be changed after a vote: people would have voted on something else. Vote last."),
        )
    if dates is not None and dates.closes_at + timedelta(days=sum(step.days for step in steps)) > dates.decide_by:
        return Refusal(
            "challenges.steps_too_long",
            _("The steps end after the decision is due. Shorten them, or decide later."),
        )
    return None


def why_no_steps_to_change(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why a challenge has no steps that could still change at `at`, or None if it has."""
    if challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("challenges.not_running", _("Only a published challenge that is not decided has steps to move."))
    if not is_before_reviews(challenge, at=at):
        return Refusal("challenges.steps_over", _("The reviews have begun; no step can come before them any more."))
    return None


def why_not_change_steps(challenge: Challenge, steps: Sequence[Step], *, reason: str, at: datetime) -> Refusal | None:
    """Return why the steps of a public challenge may not become these at `at`, or None if they may.

    A step that has begun stays for what and whom it was announced; the one that runs may end at another time to come.
    """
    if refusal := why_no_steps_to_change(challenge, at=at):
        return refusal
    begun = begun_steps(challenge, at=at)
    if len(steps) < len(begun) or not all(_stays(laid, step, at) for laid, step in zip(begun, steps, strict=False)):
        return Refusal(
            "challenges.step_begun",
            _("A step that has begun stays as it was announced; only its end can move, to a time to come."),
        )
    if list(steps) == steps_of(challenge):
        return Refusal("challenges.steps_same", _("These are the steps as they are."))
    if not reason.strip():
        return Refusal("challenges.no_reason", _("Give a reason; everybody who entered will read it."))
    return why_not_steps(steps, dates_of(challenge))


def _stays(laid: LaidStep, step: Step, at: datetime) -> bool:
    """Say whether a step that has begun would stay fair to those who take part in it."""
    if laid.closes_at <= at:
        return step == laid.step
    is_same = replace(step, days=laid.step.days) == laid.step
    return is_same and laid.opens_at + timedelta(days=step.days) > at


def _why_not_votes(votes: Sequence[Step]) -> Refusal | None:
    """Return why a challenge cannot have these votes, or None if it can: there is one result to tell."""
    if len(votes) > 1:
        return Refusal("challenges.one_vote", _("A challenge has one vote at most."))
    return why_not_voting(votes[0].options) if votes else None


def standard_stages(dates: Dates, steps: Sequence[Step] = ()) -> list[StagePlan]:
    """Return the stages of a challenge. Nothing can be read before entries close: they are sealed."""
    names = Stage.Name
    plans = [StagePlan(1, names.ENTRY.value, dates.opens_at, dates.closes_at, ["submit", "revise"])]
    opens_at = dates.closes_at
    for step in steps:
        ends_at = opens_at + timedelta(days=step.days)
        position = len(plans) + 1
        plans.append(
            StagePlan(position, step.name, opens_at, ends_at, list(ALLOWS[step.name]), step.circle, dict(step.options))
        )
        opens_at = ends_at
    n = len(plans)
    return [
        *plans,
        StagePlan(n + 1, names.REVIEW.value, opens_at, max(opens_at, dates.decide_by), list(JUDGING)),
        StagePlan(n + 2, names.ANSWER.value, max(opens_at, dates.decide_by), dates.answer_by, list(JUDGING)),
    ]


def planned_stages(challenge: Challenge) -> list[StagePlan]:
    """Return the stages that follow from the dates and steps of a challenge. Raises ValueError if a date is missing."""
    return standard_stages(dates_of(challenge), steps_of(challenge))


def widest_circle(steps: Iterable[Step]) -> str:
    """Return the widest circle that reads entries in any of these steps, nothing if there are none."""
    return max((step.circle for step in steps), key=WIDTH.__getitem__, default="")


def circle_notice(challenge: Challenge) -> str:
    """Return what people are told of their readers before they enter, nothing where nobody but judges reads entries."""
    steps = steps_of(challenge)
    circle = widest_circle(steps)
    if not circle:
        return ""
    notice = _(
        "After the deadline, title, summary and text of your entry can be read by %(circle)s, as the timetable says. "
        "Your name and your files are shown to the people who judge, to nobody else."
    ) % {"circle": Circle(circle).label}
    return " ".join([notice, *(_vote_notice(step) for step in steps if step.name == Stage.Name.VOTE)])


def _vote_notice(step: Step) -> str:
    """Return who votes in a step, and how."""
    who = _("Entries are voted on by %(circle)s.") % {"circle": Circle(step.circle).label}
    return f"{who} {voting_note(step.options)}"


def covers(agreed: str, circle: str) -> bool:
    """Say whether whoever agreed to be read by one circle thereby agreed to another."""
    return WIDTH[circle] <= WIDTH[agreed]


def stage_for(stages: Iterable[Stage], action: str, *, at: datetime) -> Stage | None:
    """Return the stage with a circle that allows `action` at `at`, None if there is none."""
    running = (stage for stage in stages if stage.circle and within(at, stage.opens_at, stage.closes_at))
    return next((stage for stage in running if action in stage.allows), None)


def shown_stages(challenge: Challenge, stages: Sequence[Stage | StagePlan], *, at: datetime) -> list[ShownStage]:
    """Return the stages, in order, as they stand at `at`, named and explained in the reader's language."""
    shown: list[ShownStage] = []
    for stage in stages:
        name = Stage.Name(stage.name)
        state = _state_of(challenge, stage, is_last=stage is stages[-1], at=at)
        if state == "later" and all(before.state not in {"next", "later"} for before in shown):
            state = "next"
        readers = str(Circle(stage.circle).label) if stage.circle else ""
        shown.append(ShownStage(str(name.label), state, _note_of(stage), stage.opens_at, stage.closes_at, readers))
    return shown


def _note_of(stage: Stage | StagePlan) -> str:
    """Return what happens in a stage, in the reader's language."""
    notes = {
        Stage.Name.ENTRY: _("Entries can be handed in, changed and withdrawn. Nobody else can open them."),
        Stage.Name.DISCUSS: _("Entries can be read and talked about by %(circle)s."),
        Stage.Name.IMPROVE: _("Authors improve their entries with what was said. They can be read by %(circle)s."),
        Stage.Name.VOTE: _("Entries can be read and voted on by %(circle)s."),
        Stage.Name.REVIEW: _("Entries are reviewed, and it is decided which are chosen."),
        Stage.Name.ANSWER: _("Everybody who entered gets an answer with reasons."),
    }
    note = notes[Stage.Name(stage.name)]
    if stage.circle:
        note %= {"circle": Circle(stage.circle).label}
    return f"{note} {voting_note(stage.options)}" if stage.name == Stage.Name.VOTE else note


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
