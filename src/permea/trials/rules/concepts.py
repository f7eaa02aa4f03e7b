"""Deciding about concept tests: what a whole one has, who may change it, when its results are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.trials.models import ConceptTest

FEWEST_VARIANTS, MOST_VARIANTS, MOST_TEXT = 2, 8, 1200
FEWEST_QUESTIONS, MOST_QUESTIONS, POINTS = 2, 4, 5


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question with the words of its five points, from 1 to 5."""

    text: str
    anchors: tuple[str, ...]


def questions_from(rows: Sequence[tuple[str, str]]) -> list[QuestionInput] | Refusal:
    """Return the questions that are asked, rows without a text left out, or why one of them is not whole.

    A row is the question and the words of its points, one a line.
    """
    found = []
    for text, lines in rows:
        if not text.strip():
            continue
        anchors = tuple(line.strip()[:60] for line in lines.splitlines() if line.strip())
        if len(anchors) != POINTS:
            return Refusal(
                "trials.five_points",
                _("“%(question)s” needs words for five points, one a line.") % {"question": text.strip()[:80]},
            )
        found.append(QuestionInput(text.strip(), anchors))
    return found


def why_not_change(test: ConceptTest) -> Refusal | None:
    """Return why a test cannot be changed, or None: once somebody was asked, it stays as they were asked."""
    if test.is_draft:
        return None
    return Refusal("trials.was_asked", _("People are being asked this already, so it stays as it is."))


def why_not_add_variant(test: ConceptTest, *, n_variants: int) -> Refusal | None:
    """Return why no further variant can be added, or None if one can."""
    if n_variants < MOST_VARIANTS:
        return why_not_change(test)
    return Refusal("trials.too_many_variants", _("At most %(limit)d variants are compared.") % {"limit": MOST_VARIANTS})


def why_not_variant(*, title: str, text: str) -> Refusal | None:
    """Return why a variant cannot say this, or None if it can."""
    if not title.strip():
        return Refusal("trials.no_title", _("Give the variant a title."))
    if len(text) > MOST_TEXT:
        return Refusal(
            "trials.variant_too_long",
            _("A variant takes at most %(limit)d characters: it is read on a phone.") % {"limit": MOST_TEXT},
        )
    return None


def why_not_ready(test: ConceptTest, *, n_variants: int, n_questions: int) -> Refusal | None:
    """Return what a test still lacks, or None if it is whole."""
    if n_variants < FEWEST_VARIANTS:
        return Refusal("trials.too_few_variants", _("Write at least two variants."))
    is_scales = test.kind == ConceptTest.Kind.SCALES
    if is_scales and not FEWEST_QUESTIONS <= n_questions <= MOST_QUESTIONS:
        return Refusal("trials.no_questions", _("Scales need two to four questions."))
    return None


def why_not_results(test: ConceptTest, *, at: datetime) -> Refusal | None:
    """Return why there are no results at `at`, or None if there are.

    Nobody looks before closing: who stops once the numbers please has no numbers.
    """
    if test.is_closed_at(at):
        return None
    return Refusal("trials.not_closed", _("Results are worked out once it is closed, so that nobody stops half-way."))


def why_not_make_public(test: ConceptTest, *, at: datetime) -> Refusal | None:
    """Return why the result cannot be told to everybody, or None if it can."""
    return why_not_results(test, at=at)
