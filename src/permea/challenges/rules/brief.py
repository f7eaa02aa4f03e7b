"""What a brief still lacks, when it may change, and what its fingerprint is."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge, Criterion
from permea.challenges.rules.moves import auto_moves_of, why_not_auto_moves
from permea.challenges.rules.stages import steps_of, why_not_steps
from permea.challenges.rules.timetable import dates_of, why_not_in_order
from permea.foundation.refusals import Refusal

POINTS = 5
MOST_CRITERIA = 8
STEPS = ("goal", "brief", "criteria", "prize", "dates", "stages", "check")
BRIEF_FIELDS = (
    "goal",
    "owner",
    "hours_limit",
    "money_limit",
    "title",
    "teaser",
    "problem",
    "why_now",
    "constraints",
    "acceptance_test",
    "maturity_from",
    "maturity_to",
    "innovation_type",
    "language",
    "prize_amount",
    "currency",
    "prize_note",
    "n_winners",
    "ip_terms",
    "participation_terms",
    "opens_at",
    "closes_at",
    "decide_by",
    "answer_by",
    "entry_languages",
    "is_blind",
    "public_compares",
    "steps",
    "auto_moves",
    "room_fields",
)
TEXT_FIELDS = ("title", "teaser", "problem", "why_now", "constraints", "acceptance_test", "prize_note")
PUBLIC_FIELDS = (
    "title",
    "teaser",
    "problem",
    "why_now",
    "constraints",
    "acceptance_test",
    "maturity_from",
    "maturity_to",
    "innovation_type",
    "language",
    "currency",
    "prize_note",
    "n_winners",
    "entry_languages",
    "is_blind",
)


@dataclass(frozen=True, slots=True)
class Missing(Refusal):
    """What a challenge lacks before it can be published, and the step of the editor where it is put right."""

    step: str


def missing_for_publication(challenge: Challenge, criteria: Sequence[Criterion], *, at: datetime) -> list[Missing]:
    """Return everything that stands between this draft and its publication at `at`, in the order of the editor."""
    return [
        *_missing_in_goal(challenge),
        *_missing_in_brief(challenge),
        *_missing_in_criteria(criteria),
        *_missing_in_prize(challenge),
        *_missing_in_dates(challenge, at),
        *_missing_in_stages(challenge),
    ]


def _missing_in_goal(challenge: Challenge) -> list[Missing]:
    """Return what the step "goal" lacks."""
    found = []
    if challenge.goal is None:
        found.append(Missing("challenges.no_goal", _("It hangs on no goal yet. What is it for?"), "goal"))
    elif challenge.goal.closed_at is not None:
        found.append(Missing("challenges.goal_closed", _("Its goal is closed. Choose one that is pursued."), "goal"))
    if not challenge.hours_limit:
        found.append(
            Missing("challenges.no_hours", _("It has no limit for hours: how much time may it cost you?"), "goal")
        )
    if challenge.money_limit is None:
        found.append(Missing("challenges.no_money", _("It has no limit for money: how much may it cost you?"), "goal"))
    return found


def _missing_in_brief(challenge: Challenge) -> list[Missing]:
    """Return what the step "brief" lacks."""
    wanted = {
        "title": _("It has no title."),
        "teaser": _("It has no teaser, the two sentences people read first."),
        "problem": _("The problem is not described."),
        "why_now": _("It does not say why this matters now."),
        "acceptance_test": _("It does not say how you will test whether a solution works."),
    }
    found = [
        Missing(f"challenges.no_{field}", reason, "brief")
        for field, reason in wanted.items()
        if not getattr(challenge, field).strip()
    ]
    low, high = challenge.maturity_from, challenge.maturity_to
    if (low is None) != (high is None) or (low is not None and high is not None and low > high):
        found.append(
            Missing("challenges.maturity", _("The maturity range needs a lower and an upper end, in order."), "brief")
        )
    return found


def _missing_in_criteria(criteria: Sequence[Criterion]) -> list[Missing]:
    """Return what the step "criteria" lacks."""
    if not criteria:
        return [Missing("challenges.no_criteria", _("It has no criteria to judge entries by."), "criteria")]
    unfinished = [
        criterion.name or _("Criterion %(number)d") % {"number": criterion.position}
        for criterion in criteria
        if not is_criterion_whole(criterion.name, criterion.question, criterion.anchors)
    ]
    if unfinished:
        reason = _("Not finished (each needs a name, a question and five anchors): %(names)s.")
        return [Missing("challenges.criteria_unfinished", reason % {"names": ", ".join(unfinished)}, "criteria")]
    return []


def is_criterion_whole(name: str, question: str, anchors: Sequence[str]) -> bool:
    """Say whether a criterion can be used for judging."""
    filled = [anchor for anchor in anchors if anchor.strip()]
    return bool(name.strip() and question.strip()) and len(filled) == len(anchors) == POINTS


def _missing_in_prize(challenge: Challenge) -> list[Missing]:
    """Return what the step "prize and terms" lacks."""
    found = []
    if not challenge.prize_amount and not challenge.prize_note.strip():
        found.append(Missing("challenges.no_prize", _("It does not say what a winner gets."), "prize"))
    if challenge.ip_terms is None:
        found.append(
            Missing("challenges.no_ip_terms", _("It does not say what happens to the winners' rights."), "prize")
        )
    if challenge.participation_terms is None:
        found.append(Missing("challenges.no_participation_terms", _("It has no terms of participation."), "prize"))
    return found


def _missing_in_dates(challenge: Challenge, at: datetime) -> list[Missing]:
    """Return what the step "dates and languages" lacks."""
    found = []
    if not challenge.entry_languages:
        found.append(
            Missing("challenges.no_languages", _("It does not say in which languages people may enter."), "dates")
        )
    dates = (challenge.opens_at, challenge.closes_at, challenge.decide_by, challenge.answer_by)
    if None in dates:
        found.append(Missing("challenges.no_dates", _("Not all of its dates are set."), "dates"))
    else:
        wrong = why_not_in_order(*dates)
        if wrong is None and dates_of(challenge).closes_at <= at:
            wrong = Refusal("challenges.closes_in_past", _("The deadline for entries has already passed."))
        if wrong is not None:
            found.append(Missing(wrong.code, wrong.reason, "dates"))
    return found


def _missing_in_stages(challenge: Challenge) -> list[Missing]:
    """Return what is wrong with the steps before the reviews and with the rule by which the deadline moves."""
    moments = (challenge.opens_at, challenge.closes_at, challenge.decide_by, challenge.answer_by)
    is_dated = None not in moments and why_not_in_order(*moments) is None
    steps, dates = steps_of(challenge), dates_of(challenge) if is_dated else None
    wrong = why_not_steps(steps, dates) or why_not_auto_moves(auto_moves_of(challenge), steps, dates)
    return [Missing(wrong.code, wrong.reason, "stages")] if wrong else []


def why_not_publish(challenge: Challenge, criteria: Sequence[Criterion], *, at: datetime) -> Refusal | None:
    """Return why a challenge may not go public at `at`, or None if it may."""
    if challenge.status != Challenge.Status.DRAFT:
        return Refusal("challenges.published", _("This challenge is public already."))
    missing = missing_for_publication(challenge, criteria, at=at)
    return missing[0] if missing else None


def why_not_change_brief(challenge: Challenge) -> Refusal | None:
    """Return why brief, criteria, terms and prize may not change, or None if they may."""
    if challenge.status == Challenge.Status.DRAFT:
        return None
    return Refusal(
        "challenges.published",
        _("This challenge is public: brief, criteria, prize and terms stay as people have read them. Dates can move."),
    )


def why_not_let_public_compare(challenge: Challenge, *, has_entrants: bool, at: datetime) -> Refusal | None:
    """Return why the public may not be let compare entries from `at` on, or None if it may.

    People enter knowing who will read them: what they were not told of cannot be allowed afterwards.
    """
    if has_entrants:
        return Refusal(
            "challenges.entered",
            _("Somebody has entered already without being told that the public will see titles and summaries."),
        )
    if challenge.status == Challenge.Status.DRAFT:
        return None
    if challenge.status != Challenge.Status.PUBLISHED or not challenge.is_sealed_at(at):
        return Refusal("challenges.entries_closed", _("Entries are closed; who may compare them stays as it was."))
    return None


def unfilled_places(texts: Iterable[str]) -> list[str]:
    """Return what still stands in square brackets: example values of the template that nobody has looked at."""
    return [match for text in texts for match in re.findall(r"\[[^\[\]\n]{1,60}\](?!\()", text)]


def brief_digest(challenge: Challenge, criteria: Sequence[Criterion]) -> str:
    """Return the SHA-256 of what is asked, dates apart, and of which texts of it are confidential."""
    amount = challenge.prize_amount
    content: dict[str, Any] = {field: getattr(challenge, field) for field in PUBLIC_FIELDS}
    content["prize_amount"] = None if amount is None else f"{amount:.2f}"
    content["criteria"] = [
        [criterion.name, criterion.question, f"{criterion.weight:.2f}", criterion.anchors] for criterion in criteria
    ]
    if challenge.room_fields:
        content["room_fields"] = challenge.room_fields
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
