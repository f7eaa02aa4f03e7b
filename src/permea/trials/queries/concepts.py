"""Concept tests for those who manage: the list, a draft with what it lacks, results once it is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from permea.foundation.refusals import Refusal
from permea.people.models import Organisation, Person
from permea.people.queries import managed_organisation_ids
from permea.trials import rules
from permea.trials.models import Choice, ConceptTest, Rating, Respondent, ScaleQuestion, Variant, Verdict

PAGE_SIZE = 25
FINISHED = Q(respondents__finished_at__isnull=False)


@dataclass(frozen=True, slots=True)
class ConceptRow:
    """A test in the list."""

    test: ConceptTest
    state: str
    n_finished: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were asked through a panel, began, finished, and took their answers back."""

    n_asked: int
    n_begun: int
    n_finished: int
    n_taken_back: int


@dataclass(frozen=True, slots=True)
class ConceptPage:
    """A test as those who manage see it: what it shows, what it lacks, and its results once it is closed."""

    test: ConceptTest
    state: str
    variants: list[Variant]
    questions: list[ScaleQuestion]
    counts: Counts
    change_blocked: Refusal | None
    add_blocked: Refusal | None
    open_blocked: Refusal | None
    close_blocked: Refusal | None
    results_blocked: Refusal | None
    measures: list[rules.Measure]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The results of a closed test."""

    test: ConceptTest
    counts: Counts
    measures: list[rules.Measure]


def state_of(asking: Any, at: datetime) -> str:
    """Return where something that is asked stands: draft, open or closed."""
    if asking.is_draft:
        return "draft"
    return "open" if asking.is_open_at(at) else "closed"


def concepts_of(organisation: Organisation, at: datetime, *, page: int = 1) -> Page[ConceptRow]:
    """Return a page of an organisation's tests, the latest first."""
    rows = ConceptTest.objects.filter(organisation=organisation).annotate(
        n_finished=Count("respondents", filter=FINISHED)
    )
    paged: Page[Any] = Paginator(rows.order_by("-created_at", "-pk"), PAGE_SIZE).get_page(page)
    paged.object_list = [ConceptRow(test, state_of(test, at), test.n_finished) for test in paged.object_list]
    return paged


def _managed(actor: Person) -> QuerySet[ConceptTest]:
    """Return the tests of organisations the actor manages."""
    rows = ConceptTest.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    return rows.select_related("organisation", "panel")


def managed_test(actor: Person, key: str) -> ConceptTest:
    """Return a test of an organisation the actor manages. Raises Http404 for all others."""
    return get_object_or_404(_managed(actor), key=key)


def managed_variant(actor: Person, key: str) -> Variant:
    """Return a variant of a test the actor manages. Raises Http404 for all others."""
    rows = Variant.objects.filter(test__organisation_id__in=managed_organisation_ids(actor)).select_related("test")
    return get_object_or_404(rows, key=key)


def concept_page(actor: Person, key: str, at: datetime) -> ConceptPage:
    """Return what the page of a test shows at `at`. Raises Http404 to who does not manage it."""
    test = managed_test(actor, key)
    variants, questions = list(test.variants.order_by("position")), list(test.questions.order_by("position"))
    lacks = rules.why_not_ready(test, n_variants=len(variants), n_questions=len(questions))
    results_blocked = rules.why_not_results(test, at=at)
    return ConceptPage(
        test=test,
        state=state_of(test, at),
        variants=variants,
        questions=questions,
        counts=counts_of(test),
        change_blocked=rules.why_not_change(test),
        add_blocked=rules.why_not_add_variant(test, n_variants=len(variants)),
        open_blocked=lacks or rules.why_not_open(test, at=at),
        close_blocked=rules.why_not_close(test, at=at),
        results_blocked=results_blocked,
        measures=[] if results_blocked else measures_of(test),
    )


def counts_of(test: ConceptTest) -> Counts:
    """Return how many were asked, began and finished."""
    found = Respondent.objects.filter(test=test).aggregate(
        n_asked=Count("pk", filter=Q(form_hash__isnull=True)),
        n_begun=Count("pk", filter=Q(begun_at__isnull=False)),
        n_finished=Count("pk", filter=Q(finished_at__isnull=False)),
        n_taken_back=Count("pk", filter=Q(taken_back_at__isnull=False)),
    )
    return Counts(**found)


def results_page(actor: Person, key: str, at: datetime) -> ResultsPage | Refusal:
    """Return the results of a test, or why there are none yet. Raises Http404 to who does not manage it."""
    test = managed_test(actor, key)
    refusal = rules.why_not_results(test, at=at)
    return refusal or ResultsPage(test, counts_of(test), measures_of(test))


def measures_of(test: ConceptTest) -> list[rules.Measure]:
    """Return what the finished answers to a test say."""
    variants = list(test.variants.order_by("position"))
    labels = [variant.title for variant in variants]
    place = {variant.pk: index for index, variant in enumerate(variants)}
    done = {"respondent__test": test, "respondent__finished_at__isnull": False}
    if test.kind == ConceptTest.Kind.ONE:
        said = list(Verdict.objects.filter(**done).values_list("variant_id", "is_wanted", "fit").order_by("pk"))
        wanted = rules.wanted_measure(labels, [(place[variant], is_wanted) for variant, is_wanted, _fit in said])
        return [wanted, rules.fit_measure(labels, [(place[variant], fit) for variant, _is_wanted, fit in said])]
    if test.kind == ConceptTest.Kind.PAIRS:
        rows = Choice.objects.filter(**done).order_by("pk")
        picks = rows.values_list("respondent_id", "first_id", "second_id", "outcome")
        chosen = [(place[first], place[second], outcome) for _who, first, second, outcome in picks]
        return [rules.preference_measure(labels, chosen, n_people=len({row[0] for row in picks}))]
    return _scales(test, labels, place, done)


def _scales(
    test: ConceptTest, labels: list[str], place: dict[int, int], done: dict[str, Any]
) -> list[rules.Measure]:  # fmt: skip
    """Return where variants stand on each question."""
    points: dict[int, dict[int, dict[int, int]]] = {}
    rows = Rating.objects.filter(**done).order_by("pk")
    for question, who, variant, value in rows.values_list("question_id", "respondent_id", "variant_id", "value"):
        points.setdefault(question, {}).setdefault(who, {})[place[variant]] = value
    return [
        rules.scale_measure(question.text, labels, list(points.get(question.pk, {}).values()))
        for question in test.questions.order_by("position")
    ]


def is_named_picture(path: str) -> bool:
    """Say whether a variant names these bytes."""
    return Variant.objects.filter(picture_path=path).exists()
