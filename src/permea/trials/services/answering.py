"""Answers to concept tests: begun, given step by step, finished, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas.rules import fingerprint
from permea.trials import queries, rules
from permea.trials.models import Choice, ConceptTest, Rating, Respondent, Variant, Verdict
from permea.trials.services.common import came_in, went_out

LEFT, RIGHT, EVEN = "left", "right", "even"
POINTS = range(1, rules.POINTS + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInput:
    """An answer to one step: a choice of two, a wish with its points, or points by question."""

    step: int
    choice: str = ""
    is_wanted: bool | None = None
    fit: int | None = None
    points: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def begin(*, test_id: int, seed: str, at: datetime) -> Respondent:
    """Let anybody with the link begin; the same form twice is one place.

    Raises RefusedError as `rules.why_not_begin` says.
    """
    test = _locked_test(test_id)
    former = Respondent.objects.filter(form_hash=rules.form_hash(seed)).first()
    if former is not None:
        return former
    demand(rules.why_not_begin(test, at=at))
    return _begin(Respondent(test=test, form_hash=rules.form_hash(seed), made_at=at), test, at)


@transaction.atomic
def begin_place(*, respondent_id: int, at: datetime) -> Respondent:
    """Let somebody who was asked begin; twice changes nothing. Raises RefusedError as `rules.why_not_answer` says."""
    respondent = _locked(respondent_id)
    test = _locked_test(respondent.test_id)
    demand(rules.why_not_answer(test, respondent, at=at))
    return respondent if respondent.begun_at else _begin(respondent, test, at)


def _locked_test(test_id: int) -> ConceptTest:
    """Return a test, locked until the transaction ends."""
    return ConceptTest.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=test_id)


def _locked(respondent_id: int) -> Respondent:
    """Return a place, locked until the transaction ends."""
    rows = Respondent.objects.select_for_update(of=("self",)).select_related("test__organisation")
    return rows.get(pk=respondent_id)


def _begin(respondent: Respondent, test: ConceptTest, at: datetime) -> Respondent:
    """Draw what this person is shown."""
    respondent.plan = rules.plan_for(test, n_variants=test.variants.count(), number=test.n_begun)
    respondent.begun_at = at
    respondent.save()
    test.n_begun += 1
    test.save(update_fields=["n_begun"])
    return respondent


@transaction.atomic
def answer_step(*, respondent_id: int, said: StepInput, at: datetime) -> Respondent:
    """Take the answer to the next step; the last one finishes, and then it has come in.

    Who calls this has shown the private link. Raises RefusedError as `rules.why_not_answer` and `rules.why_not_step`
    say, and if the answer is none of those that were offered.
    """
    respondent = _locked(respondent_id)
    demand(rules.why_not_answer(respondent.test, respondent, at=at))
    n_done = queries.n_steps_done(respondent)
    demand(rules.why_not_step(respondent, step=said.step, n_done=n_done))
    variants = list(respondent.test.variants.order_by("position"))
    shown = [variants[position] for position in respondent.plan[said.step]]
    {
        ConceptTest.Kind.ONE: _keep_verdict,
        ConceptTest.Kind.PAIRS: _keep_choice,
        ConceptTest.Kind.SCALES: _keep_ratings,
    }[ConceptTest.Kind(respondent.test.kind)](respondent, shown, said)
    return _finish(respondent, n_done + 1, at) if n_done + 1 == len(respondent.plan) else respondent


def _keep_verdict(respondent: Respondent, shown: list[Variant], said: StepInput) -> None:
    """Store a wish and its points. Raises RefusedError if one is missing."""
    if said.is_wanted is None or said.fit is None or said.fit not in POINTS:
        raise RefusedError(_no_answer())
    Verdict.objects.create(respondent=respondent, variant=shown[0], is_wanted=said.is_wanted, fit=said.fit)


def _keep_choice(respondent: Respondent, shown: list[Variant], said: StepInput) -> None:
    """Store which of the two is preferred. Raises RefusedError if neither is named."""
    if said.choice not in {LEFT, RIGHT, EVEN}:
        raise RefusedError(_no_answer())
    left, right = shown
    outcome = {LEFT: 1, RIGHT: -1, EVEN: 0}[said.choice]
    if left.position > right.position:
        left, right, outcome = right, left, -outcome
    Choice.objects.create(respondent=respondent, first=left, second=right, outcome=outcome)


def _keep_ratings(respondent: Respondent, shown: list[Variant], said: StepInput) -> None:
    """Store the points of every question. Raises RefusedError if one is missing."""
    questions = list(respondent.test.questions.all())
    if any(said.points.get(question.pk) not in POINTS for question in questions):
        raise RefusedError(_no_answer())
    Rating.objects.bulk_create(
        Rating(respondent=respondent, variant=shown[0], question=question, value=said.points[question.pk])
        for question in questions
    )


def _no_answer() -> Refusal:
    """Return that an answer is missing."""
    return Refusal("trials.no_answer", _("Please choose an answer."))


@transaction.atomic
def stop_here(*, respondent_id: int, at: datetime) -> Respondent:
    """Finish before the last step: what was answered counts.

    Raises RefusedError as `rules.why_not_answer` says, and if nothing was answered.
    """
    respondent = _locked(respondent_id)
    demand(rules.why_not_answer(respondent.test, respondent, at=at))
    n_done = queries.n_steps_done(respondent)
    if n_done == 0:
        raise RefusedError(_no_answer())
    return _finish(respondent, n_done, at)


def _finish(respondent: Respondent, n_done: int, at: datetime) -> Respondent:
    """Let the answers come in."""
    respondent.finished_at = at
    respondent.save(update_fields=["finished_at"])
    test = respondent.test
    said = {"answers": queries.answers_of(respondent), "salt": test.salt}
    facts = {"test": test.key, "steps": n_done, "sha256": fingerprint(said)}
    came_in(test.organisation, "concept.answered", ("respondent", respondent.key), at=at, facts=facts)
    return respondent


@transaction.atomic
def take_back(*, respondent_id: int, at: datetime) -> Respondent:
    """Remove somebody's answers; that they were begun stays in the count.

    Who calls this has shown the private link. Raises RefusedError as `rules.why_not_take_back` says.
    """
    respondent = _locked(respondent_id)
    test, was_finished = respondent.test, respondent.finished_at is not None
    demand(rules.why_not_take_back(test, respondent, at=at))
    for kind in (Verdict, Choice, Rating):
        kind.objects.filter(respondent=respondent).delete()
    respondent.finished_at, respondent.taken_back_at = None, at
    respondent.save(update_fields=["finished_at", "taken_back_at"])
    if was_finished:
        facts = {"test": test.key}
        went_out(test.organisation, "concept.taken_back", ("respondent", respondent.key), at=at, facts=facts)
    return respondent
