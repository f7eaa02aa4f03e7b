"""A concept test as the world sees it, and one place in it as whoever has its private link sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.foundation.refusals import Refusal
from permea.trials import rules
from permea.trials.models import Choice, ConceptTest, Rating, Respondent, ScaleQuestion, Variant, Verdict
from permea.trials.queries.concepts import measures_of


@dataclass(frozen=True, slots=True)
class Answering:
    """What somebody sees of a test: the next step, or why there is none."""

    respondent: Respondent
    test: ConceptTest
    n_done: int
    n_steps: int
    shown: list[Variant]
    questions: list[ScaleQuestion]
    blocked: Refusal | None
    take_back_blocked: Refusal | None
    verdict: str


def public_test(key: str) -> ConceptTest:
    """Return a test that anybody with the link was asked. Raises Http404 for drafts and for those of panels alone."""
    rows = ConceptTest.objects.filter(takes_anyone=True, opened_at__isnull=False).select_related("organisation")
    return get_object_or_404(rows, key=key)


def public_verdict(test: ConceptTest, at: datetime) -> str:
    """Return the result of a closed test in one line, nothing unless everybody may read it."""
    if not test.is_result_public or rules.why_not_results(test, at=at) is not None:
        return ""
    return measures_of(test)[0].verdict


def respondent_by_token(token: str) -> Respondent:
    """Return the place this private link opens. Raises Http404 for everything else."""
    key = rules.key_in(token, Respondent)
    if key is None:
        raise Http404
    return get_object_or_404(Respondent.objects.select_related("test__organisation", "member"), key=key)


def respondents_told(ids: tuple[int, ...]) -> QuerySet[Respondent]:
    """Return places with who has them and what they are asked."""
    rows = Respondent.objects.filter(pk__in=ids, member__isnull=False)
    return rows.select_related("test__organisation", "member").order_by("pk")


def n_steps_done(respondent: Respondent) -> int:
    """Return how many steps are answered."""
    if respondent.test.kind == ConceptTest.Kind.ONE:
        return Verdict.objects.filter(respondent=respondent).count()
    if respondent.test.kind == ConceptTest.Kind.PAIRS:
        return Choice.objects.filter(respondent=respondent).count()
    return Rating.objects.filter(respondent=respondent).values("variant_id").distinct().count()


def answers_of(respondent: Respondent) -> list[dict[str, Any]]:
    """Return what somebody answered, in the order of its rows, ready for JSON: variants by title."""
    kind = respondent.test.kind
    if kind == ConceptTest.Kind.ONE:
        verdicts = Verdict.objects.filter(respondent=respondent).select_related("variant")
        return [{"variant": one.variant.title, "wanted": one.is_wanted, "fit": one.fit} for one in verdicts]
    if kind == ConceptTest.Kind.PAIRS:
        choices = Choice.objects.filter(respondent=respondent).select_related("first", "second").order_by("pk")
        return [{"first": one.first.title, "second": one.second.title, "preferred": one.outcome} for one in choices]
    ratings = Rating.objects.filter(respondent=respondent).select_related("variant", "question").order_by("pk")
    return [
        {"variant": one.variant.title, "question": one.question.text, "points": one.value} for one in ratings
    ]  # fmt: skip


def answering(respondent: Respondent, at: datetime) -> Answering:
    """Return what the holder of a place sees at `at`."""
    test, n_done = respondent.test, n_steps_done(respondent)
    step = rules.step_of(respondent, n_done=n_done)
    blocked = rules.why_not_answer(test, respondent, at=at)
    shown: list[Variant] = []
    if step is not None and blocked is None:
        variants = list(test.variants.order_by("position"))
        shown = [variants[position] for position in step]
    return Answering(
        respondent=respondent,
        test=test,
        n_done=n_done,
        n_steps=len(respondent.plan),
        shown=shown,
        questions=list(test.questions.order_by("position")) if shown else [],
        blocked=blocked,
        take_back_blocked=rules.why_not_take_back(test, respondent, at=at),
        verdict=public_verdict(test, at),
    )


def own_variant(respondent: Respondent, key: str, at: datetime) -> Variant:
    """Return a variant with a picture that this place is shown now. Raises Http404 for all others."""
    seen = answering(respondent, at)
    for variant in seen.shown:
        if variant.key == key and variant.picture_path:
            return variant
    raise Http404


def place_data(respondent: Respondent) -> dict[str, Any]:
    """Return everything that is held of a place, ready for JSON."""
    return {
        "test": respondent.test.title,
        "asked_at": respondent.made_at.isoformat(),
        "begun_at": respondent.begun_at.isoformat() if respondent.begun_at else None,
        "finished_at": respondent.finished_at.isoformat() if respondent.finished_at else None,
        "answers": answers_of(respondent),
    }
