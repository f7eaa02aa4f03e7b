"""What a spreadsheet of reviews would bring: the reviews found and what is wrong, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.challenges.queries import criteria_of
from permea.evaluation import rules
from permea.evaluation.rules import ImportedReview
from permea.ideas.models import Idea
from permea.surface.tables import RowError, Table, TableError, read_reviews
from permea.surface.tables.reviews import ReviewRow


@dataclass(frozen=True, slots=True)
class ReviewsPreview:
    """Reviews ready to be stored, faults by line, and how columns were read."""

    rows: list[ImportedReview]
    errors: list[RowError]
    notes: list[str]
    criteria: dict[str, str]
    problem: str = ""


def preview_reviews(challenge: Challenge, table: Table, chosen: Mapping[str, str] | None = None) -> ReviewsPreview:
    """Return what a table of reviews would bring to a challenge."""
    try:
        found = read_reviews(table, chosen=chosen)
    except TableError as error:
        return ReviewsPreview([], list(table.errors), [], {}, str(error))
    criteria = [(one.key, one.name) for one in criteria_of(challenge)]
    named = rules.named_criteria(list(found.criteria), criteria)
    if not named:
        names = ", ".join(name for _key, name in criteria)
        problem = _("No column is one of this challenge's criteria: %(names)s.") % {"names": names}
        return ReviewsPreview([], list(found.errors), list(found.notes), {}, problem)
    entries = Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)
    known = {name for pair in entries.values_list("key", "external_id") for name in pair if name}
    rows, errors = [], list(found.errors)
    for row in found.rows:
        fault = _fault(row, known, named)
        if fault is not None:
            errors.append(fault)
            continue
        marks = {named[name]: int(value) for name, value in row.scores.items() if name in named and value is not None}
        rows.append(ImportedReview(row.line, row.idea, row.judge, marks))
    notes = [*table.notes, *found.notes]
    return ReviewsPreview(rows, sorted(errors, key=lambda one: one.line), notes, named)


def _fault(row: ReviewRow, known: set[str], named: Mapping[str, str]) -> RowError | None:
    """Return what is wrong with a row, or None."""
    if row.idea not in known:
        return RowError(row.line, "idea", row.idea, _("no entry of this challenge has this number"))
    marks = {name: row.scores.get(name) for name in named}
    if all(value is None for value in marks.values()):
        return RowError(row.line, ", ".join(named), "", _("there is no mark"))
    for name, value in marks.items():
        if value is not None and (value != int(value) or not rules.LOWEST <= value <= rules.HIGHEST):
            return RowError(row.line, name, str(value), _("marks are whole numbers from 1 to 5"))
    return None
