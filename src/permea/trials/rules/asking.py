"""Deciding about asking: when it opens and closes, who is shown what, which step is next."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations
from random import Random

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.trials.models import Asking, ConceptTest, Participant, Place, Respondent
from permea.trials.rules.panels import has_left

LONGEST = timedelta(days=366)
Plan = list[list[int]]


def why_not_open(asking: Asking, *, at: datetime) -> Refusal | None:
    """Return why nobody can be asked this from `at` on, or None if they can."""
    if not asking.is_draft:
        return Refusal("trials.is_open", _("It was opened already."))
    if not at < asking.closes_at <= at + LONGEST:
        return Refusal("trials.no_closing", _("Choose a closing time that is ahead, within a year."))
    if asking.panel_id is None and not asking.takes_anyone:
        return Refusal("trials.nobody_asked", _("Choose whom to ask: a customer panel, or anybody with the link."))
    return None


def why_not_close(asking: Asking, *, at: datetime) -> Refusal | None:
    """Return why it cannot be closed at `at`, or None if it can."""
    if asking.is_open_at(at):
        return None
    return Refusal("trials.not_open", _("It is not open."))


def why_not_begin(asking: Asking, *, at: datetime) -> Refusal | None:
    """Return why nobody can begin by the link at `at`, or None if anybody can."""
    if not asking.takes_anyone:
        return Refusal("trials.invited_only", _("Only people who were invited can answer."))
    return _why_not_taken(asking, at)


def _why_not_taken(asking: Asking, at: datetime) -> Refusal | None:
    if asking.is_open_at(at):
        return None
    return Refusal("trials.closed", _("Answers are not taken any more. Thank you for your interest."))


def why_not_answer(asking: Asking, place: Place, *, at: datetime) -> Refusal | None:
    """Return why somebody cannot answer at `at`, or None if they can."""
    refusal = _why_not_taken(asking, at)
    if refusal is None and place.cut_off_at is not None:
        refusal = has_left()
    if refusal is None and place.taken_back_at is not None:
        refusal = Refusal("trials.taken_back", _("You have taken your answers back."))
    if refusal is None and place.finished_at is not None:
        refusal = Refusal("trials.finished", _("You have answered already. Thank you."))
    return refusal


def why_not_step(respondent: Respondent, *, step: int, n_done: int) -> Refusal | None:
    """Return why an answer to this step is not taken, or None if it is the next one."""
    if step == n_done and step < len(respondent.plan):
        return None
    return Refusal("trials.other_step", _("This question is answered already. Here is the next one."))


def why_not_take_back(asking: Asking, place: Respondent | Participant, *, at: datetime) -> Refusal | None:
    """Return why somebody cannot take their answers back at `at`, or None: until closing they can."""
    if place.taken_back_at is not None or place.cut_off_at is not None:
        return Refusal("trials.taken_back", _("You have taken your answers back."))
    if place.begun_at is None:
        return Refusal("trials.not_begun", _("There is no answer of yours."))
    if not asking.is_open_at(at):
        return Refusal(
            "trials.counted", _("It is closed and counted. Your answers bear no name, so they stay in the count.")
        )
    return None


def plan_for(test: ConceptTest, *, n_variants: int, number: int) -> Plan:
    """Return what the person of this number is shown, step by step, as positions of variants.

    Everybody's order is drawn anew. One each: every run of as many people as there are variants sees each variant once,
    in a drawn order. In pairs: people take turns through all pairs in a drawn order, so that every pair is shown about
    as often, and the side each variant stands on is drawn.
    """
    order, own = list(range(n_variants)), _drawn(test, str(number))
    if test.kind == ConceptTest.Kind.ONE:
        block, place = divmod(number, n_variants)
        _drawn(test, f"block {block}").shuffle(order)
        return [[order[place]]]
    if test.kind == ConceptTest.Kind.SCALES:
        own.shuffle(order)
        return [[position] for position in order]
    pairs = list(combinations(order, 2))
    _drawn(test, "pairs").shuffle(pairs)
    n_shown = min(test.n_pairs, len(pairs))
    mine = [pairs[(number * n_shown + turn) % len(pairs)] for turn in range(n_shown)]
    own.shuffle(mine)
    return [list(own.sample(pair, 2)) for pair in mine]


def _drawn(test: ConceptTest, what: str) -> Random:
    """Return what draws for one purpose: always the same, and known to nobody without the salt."""
    return Random(f"{test.salt}:{what}")  # noqa: S311 - an order is drawn, no secret


def step_of(respondent: Respondent, *, n_done: int) -> list[int] | None:
    """Return the positions of the variants of the next step, or None where none is left."""
    return respondent.plan[n_done] if n_done < len(respondent.plan) else None
