"""Deciding about selections, decisions and answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import Challenge
from permea.challenges.rules import is_before_reviews
from permea.foundation.refusals import Refusal
from permea.selection.models import Answer, Award, Clarification, Decision, Selection

USUAL_BAR = Decimal(3)
WORDS_AT_LEAST = 20
WORDS_AT_MOST = 5_000
REASONS_OF: Mapping[str, tuple[str, ...]] = {
    Decision.Outcome.AWARD: (Decision.Reason.BEST_FIT,),
    Decision.Outcome.RESERVE: (Decision.Reason.CLOSE_RUNNER_UP, Decision.Reason.OVER_BUDGET),
    Decision.Outcome.DECLINE: (
        Decision.Reason.BELOW_BAR,
        Decision.Reason.OVER_BUDGET,
        Decision.Reason.NOT_FEASIBLE,
        Decision.Reason.NOT_OUR_STRATEGY,
        Decision.Reason.ALREADY_KNOWN,
        Decision.Reason.INCOMPLETE,
        Decision.Reason.OUT_OF_SCOPE,
    ),
}


def why_not_select(challenge: Challenge, n_ranked: int, *, is_compared: bool = False, at: datetime) -> Refusal | None:
    """Return why no selection can be computed at `at`, or None if one can."""
    refusal = why_not_change_decisions(challenge, at=at)
    if refusal is not None:
        return refusal
    if n_ranked == 0:
        return Refusal("selection.no_ranking", _("There is no ranking yet: the first reviews have to come in."))
    if is_compared:
        return Refusal(
            "selection.comparisons_only",
            _("Comparisons say which entry is better, not what it is worth against a bar: that takes some reviews."),
        )
    return None


def why_no_dossier(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why there is no dossier of the challenge at `at`, or None if there is one."""
    if challenge.status == Challenge.Status.DRAFT or challenge.is_sealed_at(at):
        return Refusal(
            "selection.sealed", _("Entries stay sealed until the deadline; the dossier can be printed after it.")
        )
    return None


def why_not_change_decisions(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why nothing may be decided about the challenge at `at`, or None if it may."""
    if challenge.status == Challenge.Status.DRAFT or challenge.is_sealed_at(at):
        return Refusal("selection.sealed", _("Entries stay sealed until the deadline; deciding starts after it."))
    if is_before_reviews(challenge, at=at):
        return Refusal(
            "selection.steps_running",
            _("Entries are still discussed, improved or voted on; deciding starts after that."),
        )
    if challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("selection.decided", _("The answers are out; decisions cannot be changed any more."))
    return None


def why_not_these_limits(
    bucket_names: Collection[str],
    buckets: Sequence[Mapping[str, object]],
    linked: Collection[str],
    keys: Collection[str],
) -> Refusal | None:
    """Return what is wrong with limits: unknown buckets or ideas, a minimum above its maximum."""
    for bucket in buckets:
        low, high = bucket.get("minimum"), bucket.get("maximum")
        if bucket["name"] not in bucket_names:
            message = _("No idea is in the group “%(name)s”.") % {"name": bucket["name"]}
            return Refusal("selection.unknown_bucket", message)
        if isinstance(low, int) and isinstance(high, int) and low > high:
            message = _("The group “%(name)s” has a minimum above its maximum.") % {"name": bucket["name"]}
            return Refusal("selection.bucket_crossed", message)
    unknown = sorted(set(linked) - set(keys))
    if unknown:
        return Refusal("selection.unknown_idea", _("There is no entry %(key)s here.") % {"key": unknown[0]})
    return None


def why_not_merge_decided(*, is_decided: bool) -> Refusal | None:
    """Return that entries on which a decision is taken cannot be merged, or None if none is taken."""
    if not is_decided:
        return None
    return Refusal("selection.merge_decided", _("A decision is taken on one of the two, so they cannot be merged."))


def why_not_change_by_hand(selection: Selection, reason: str) -> Refusal | None:
    """Return why a computed selection may not be changed by hand, or None if it may."""
    if selection.settled_at is not None:
        return Refusal("selection.settled", _("This selection is settled. Compute a new one to change it."))
    if len(reason.strip()) < WORDS_AT_LEAST:
        return Refusal("selection.reason_missing", _("Say why, in a sentence: it goes into the dossier."))
    return None


def why_not_this_decision(outcome: str, reason: str, words: str) -> Refusal | None:
    """Return what is missing or wrong in a decision, or None if it can be stored."""
    if outcome not in REASONS_OF or reason not in REASONS_OF[outcome]:
        return Refusal("selection.reason_wrong", _("Choose a reason that goes with the decision."))
    if len(words.strip()) < WORDS_AT_LEAST:
        return Refusal("selection.words_missing", _("Write at least a sentence in your own words to the contributor."))
    if len(words) > WORDS_AT_MOST:
        return Refusal("selection.words_too_long", _("Please keep it under 5,000 characters."))
    return None


def why_not_release(challenge: Challenge, n_entries: int, n_decided: int, *, at: datetime) -> Refusal | None:
    """Return why the answers may not go out at `at`, or None if they may: every entry needs a decision."""
    refusal = why_not_change_decisions(challenge, at=at)
    if refusal is not None:
        return refusal
    open_ones = n_entries - n_decided
    if open_ones:
        message = ngettext(
            "One entry has no decision yet. Nobody is told before everybody has an answer.",
            "%(n)s entries have no decision yet. Nobody is told before everybody has an answer.",
            open_ones,
        )
        return Refusal("selection.undecided", message % {"n": open_ones})
    return None


def why_not_ask(answer: Answer, clarification: Clarification | None, question: str) -> Refusal | None:
    """Return why a contributor may not ask about an answer, or None if they may: once."""
    del answer
    if clarification is not None:
        return Refusal("selection.asked_already", _("You have asked once; the reply appears on this page."))
    if not question.strip():
        return Refusal("selection.question_missing", _("Please write your question."))
    if len(question) > WORDS_AT_MOST:
        return Refusal("selection.words_too_long", _("Please keep it under 5,000 characters."))
    return None


def why_not_reply(reply: str) -> Refusal | None:
    """Return what is missing or wrong in a reply to a contributor, or None if it can be sent."""
    if not reply.strip():
        return Refusal("selection.reply_missing", _("Please write a reply."))
    if len(reply) > WORDS_AT_MOST:
        return Refusal("selection.words_too_long", _("Please keep it under 5,000 characters."))
    return None


def why_not_accept_rights(award: Award, *, is_author: bool) -> Refusal | None:
    """Return why somebody may not accept the rights text of an award, or None if they may."""
    if not is_author:
        return Refusal("selection.not_author", _("Only the author of the idea can accept this."))
    if award.rights_accepted_at is not None:
        return Refusal("selection.rights_accepted", _("This was accepted already."))
    return None


def why_not_pay(award: Award, payment: str) -> Refusal | None:
    """Return why a payment may not be set to this state, or None if it may."""
    if payment not in Award.Payment.values:
        return Refusal("selection.payment_unknown", _("There is no such state of a payment."))
    if payment in {Award.Payment.ORDERED, Award.Payment.PAID} and award.rights_accepted_at is None:
        return Refusal(
            "selection.rights_open",
            _("The author has not accepted the rights text yet; the prize is paid after that."),
        )
    return None


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One criterion of an idea's profile: its mean mark against the bar."""

    name: str
    mean: float | None
    bar: float


def profile(criteria: Sequence[tuple[str, str]], means: Mapping[str, Decimal], bar: Decimal) -> list[ProfileLine]:
    """Return the profile of an idea, a line for each (key, name) of the criteria."""
    return [
        ProfileLine(name, round(float(means[key]), 2) if key in means else None, float(bar)) for key, name in criteria
    ]


def suggested_outcome(*, is_chosen: bool, score: float | None, bar: float) -> tuple[str, str]:
    """Return the outcome and reason that the selection suggests; a person decides."""
    if is_chosen:
        return Decision.Outcome.AWARD, Decision.Reason.BEST_FIT
    if score is not None and score >= bar:
        return Decision.Outcome.RESERVE, Decision.Reason.OVER_BUDGET
    return Decision.Outcome.DECLINE, Decision.Reason.BELOW_BAR
