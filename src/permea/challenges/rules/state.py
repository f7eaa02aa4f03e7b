"""Where a challenge stands, what comes next, and when it may be decided or put away."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.challenges.rules.stages import is_before_reviews, running_step
from permea.challenges.rules.timetable import dates_of
from permea.foundation.refusals import Refusal

STEP_PHASES = frozenset({"discuss", "improve", "vote"})


def phase_of(challenge: Challenge, *, at: datetime) -> str:
    """Return where a challenge stands at `at`: draft, upcoming, open, a step's name, review, decided or archived."""
    if challenge.status != Challenge.Status.PUBLISHED:
        return str(challenge.status)
    if at < dates_of(challenge).opens_at:
        return "upcoming"
    if challenge.is_open_at(at):
        return "open"
    running = running_step(challenge, at=at)
    return running.step.name if running else "review"


def next_date(challenge: Challenge, *, at: datetime) -> tuple[datetime | None, str]:
    """Return the date people wait for next and what it is: opens, closes, a step's name, decide, answer, or none."""
    phase = phase_of(challenge, at=at)
    running = running_step(challenge, at=at)
    if running is not None:
        return running.closes_at, phase
    if phase == "upcoming":
        return challenge.opens_at, "opens"
    if phase == "open":
        return challenge.closes_at, "closes"
    if phase == "review":
        dates = dates_of(challenge)
        return (dates.decide_by, "decide") if at < dates.decide_by else (dates.answer_by, "answer")
    return None, ""


def is_entry_open(challenge: Challenge, *, at: datetime) -> bool:
    """Say whether entries may be handed in at `at`."""
    return challenge.is_open_at(at)


def is_closing_untold(challenge: Challenge, *, at: datetime) -> bool:
    """Say whether entries have closed by `at` and nobody has been told yet."""
    is_closed = challenge.status == Challenge.Status.PUBLISHED and not challenge.is_sealed_at(at)
    return is_closed and challenge.closing_told_at is None


def why_not_decide(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why a challenge cannot count as decided at `at`, or None if it can."""
    if challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("challenges.not_running", _("Only a published challenge can be decided, and only once."))
    if challenge.is_sealed_at(at):
        return Refusal("challenges.sealed", _("Entries are still open; nothing can be decided before they close."))
    if is_before_reviews(challenge, at=at):
        return Refusal(
            "challenges.steps_running", _("People still take part in a step; it can be decided when the last one ends.")
        )
    return None


def why_not_archive(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why a challenge may not be put away at `at`, or None if it may."""
    if challenge.status == Challenge.Status.ARCHIVED:
        return Refusal("challenges.archived", _("This challenge is archived already."))
    if challenge.status == Challenge.Status.PUBLISHED and challenge.n_entries:
        return Refusal("challenges.unanswered", _("People entered and wait for an answer. Decide first, then archive."))
    if challenge.is_open_at(at):
        return Refusal("challenges.open", _("It is open for entries. Close it early first, with a reason."))
    return None


def why_not_restore(challenge: Challenge) -> Refusal | None:
    """Return why a challenge cannot be taken out of the archive, or None if it can."""
    if challenge.status == Challenge.Status.ARCHIVED:
        return None
    return Refusal("challenges.not_archived", _("This challenge is not in the archive."))


def status_before_archive(challenge: Challenge) -> str:
    """Return what an archived challenge was before, from its dates."""
    if challenge.published_at is None:
        return Challenge.Status.DRAFT.value
    decided = challenge.decided_at is not None
    return Challenge.Status.DECIDED.value if decided else Challenge.Status.PUBLISHED.value


def next_step(challenge: Challenge, *, at: datetime) -> str:
    """Return in one sentence what whoever manages this challenge does next."""
    phase = phase_of(challenge, at=at)
    if phase in {"review", *STEP_PHASES} and not challenge.n_entries:
        return _("Nobody entered. Archive it, and think about who should have heard of it.")
    sentences = {
        "draft": _("Next: finish what is missing, look at the preview and publish."),
        "upcoming": _("Next: spread the link; entries open soon. Invite the panel meanwhile."),
        "open": _("Next: spread the link and invite the panel. Entries stay sealed until the deadline."),
        "discuss": _("Next: read the entries and what people say about them. Reviews begin after the last step."),
        "improve": _("Next: wait for what authors improve. Reviews begin after the last step."),
        "vote": _("Next: spread the link to the vote. Reviews begin after the last step."),
        "review": _("Next: let the panel review, look at the ranking, select and decide. Everybody gets an answer."),
        "decided": _("Everybody has an answer. Print the dossier, then archive the challenge."),
        "archived": _("It is put away; everything in it stays readable."),
    }
    return sentences[phase]


def share_used(spent: Decimal | float, limit: Decimal | float | None) -> float:
    """Return how much of a limit is used, at most all of it; all of it too if there was nothing to spend."""
    if not limit:
        return 1.0 if spent else 0.0
    return min(1.0, float(spent) / float(limit))
