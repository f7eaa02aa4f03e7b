"""From two files to ideas and marks that belong together; whatever does not fit is a fault with its line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.selection.shortlist.model import Fault, Idea, Inputs, Source
from permea.surface.tables import (
    IDEA_FIELDS,
    Converted,
    ReviewRow,
    ReviewTable,
    RowError,
    Table,
    TableError,
    convert,
    guess_mapping,
    read_reviews,
    read_table,
)
from permea.surface.tables import Mapping as Columns

IDEA_NAMES = frozenset(field.name for field in IDEA_FIELDS)
REVIEW_NAMES = frozenset({"idea", "judge", "criterion", "score", "criteria"})
UNEQUAL = 2.0  # how many times wider the marks of one criterion may lie than those of another before we warn


@dataclass(frozen=True, slots=True)
class Choices:
    """Which columns a person chose for each of the two tables."""

    ideas: Mapping[str, str]
    reviews: Mapping[str, str]


def share_out(both: Mapping[str, str], ideas: Mapping[str, str], reviews: Mapping[str, str]) -> Choices:
    """Give choices made for both tables to the one, or both, that have such a field. Raises TableError for none."""
    for name in both:
        if name not in IDEA_NAMES | REVIEW_NAMES:
            known = ", ".join(sorted(IDEA_NAMES | REVIEW_NAMES))
            raise TableError(
                _("There is no field “%(field)s”; the fields are %(known)s.") % {"field": name, "known": known}
            )
    return Choices(
        ideas={**{name: column for name, column in both.items() if name in IDEA_NAMES}, **ideas},
        reviews={**{name: column for name, column in both.items() if name in REVIEW_NAMES}, **reviews},
    )


def read_inputs(ideas_path: Path, reviews_path: Path, choices: Choices, *, step: Callable[[str], None]) -> Inputs:
    """Read and join both tables. Raises TableError if one cannot be used at all."""
    step(_("Reading the tables"))
    idea_table = read_table(ideas_path.name, ideas_path)
    review_table = read_table(reviews_path.name, reviews_path)
    choices = _settle_ideas(choices, idea_table, review_table)
    ideas, idea_source, idea_faults, warnings = _read_ideas(ideas_path, idea_table, choices)
    reviews = read_reviews(review_table, chosen=choices.reviews)
    rows, strangers, by_title = _join(ideas, reviews)
    faults = [Fault(reviews_path.name, error) for error in (*reviews.errors, *strangers)]
    faults.sort(key=lambda fault: fault.error.line)
    if not rows:
        why = f" {faults[0]}" if faults else ""
        raise TableError(_("“%(name)s” holds no usable review.") % {"name": reviews_path.name} + why)
    source = _source(reviews_path, review_table, reviews.mapping, reviews.notes, criteria=reviews.criteria)
    warnings += _review_warnings(reviews, by_title)
    idea, judge, marks, judges = _as_arrays(rows, reviews.criteria)
    return Inputs(
        ideas=ideas,
        judges=judges,
        criteria=reviews.criteria,
        idea=idea,
        judge=judge,
        marks=marks,
        sources=(idea_source, source),
        faults=(*idea_faults, *faults),
        warnings=(*warnings, *_scale_warnings(marks, reviews.criteria)),
    )


def _settle_ideas(choices: Choices, ideas: Table, reviews: Table) -> Choices:
    """Leave a column chosen for `idea` in both tables only to the one that has it, if only one has."""
    wanted = choices.ideas.get("idea")
    if (
        wanted is None
        or choices.reviews.get("idea") != wanted
        or (wanted in ideas.columns) == (wanted in reviews.columns)
    ):
        return choices
    drop = choices.reviews if wanted in ideas.columns else choices.ideas
    kept = {name: column for name, column in drop.items() if name != "idea"}
    return replace(choices, reviews=kept) if wanted in ideas.columns else replace(choices, ideas=kept)


def _read_ideas(path: Path, table: Table, choices: Choices) -> tuple[tuple[Idea, ...], Source, list[Fault], list[str]]:
    mapping = guess_mapping(table, IDEA_FIELDS, chosen=choices.ideas)
    if mapping.missing and "title" in mapping.columns:
        columns = {**mapping.columns, "idea": mapping.columns["title"]}
        mapping = replace(mapping, columns=columns, missing=())
    converted = convert(table, mapping, IDEA_FIELDS)
    ideas, repeated = _unique_ideas(converted, mapping.columns["idea"])
    if not ideas:
        first = f" {converted.errors[0]}" if converted.errors else ""
        raise TableError(_("“%(name)s” holds no usable idea.") % {"name": path.name} + first)
    errors = sorted([*converted.errors, *repeated], key=lambda error: error.line)
    notes = (*table.notes, *mapping.notes, *converted.notes)
    source = _source(path, table, mapping, notes)
    warnings = [
        _("“%(name)s”: the amounts of column “%(column)s” below zero were not used.")
        % {"name": path.name, "column": mapping.columns[name]}
        for name in ("cost", "days")
        if any(_amount(values[name]) != values[name] for _line, values in converted.rows)
    ]
    return ideas, source, [Fault(path.name, error) for error in errors], warnings


def _unique_ideas(converted: Converted, column: str) -> tuple[tuple[Idea, ...], list[RowError]]:
    found: dict[str, Idea] = {}
    repeated = []
    for line, values in converted.rows:
        key = str(values["idea"])
        if key in found:
            reason = _("this idea stands above already, on line %(line)s.") % {"line": found[key].line}
            repeated.append(RowError(line, column, key, reason))
            continue
        found[key] = Idea(
            key=key,
            title=str(values["title"] or key),
            cost=_amount(values["cost"]),
            days=_amount(values["days"]),
            bucket=str(values["bucket"] or ""),
            line=line,
        )
    return tuple(found.values()), repeated


def _amount(value: object) -> float | None:
    return value if isinstance(value, float) and value >= 0 else None


def _source(
    path: Path, table: Table, mapping: Columns, notes: Iterable[str], *, criteria: tuple[str, ...] = ()
) -> Source:
    columns = dict(mapping.columns)
    if criteria and "criterion" not in columns and "score" not in columns:
        columns["criteria"] = ", ".join(criteria)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Source(path.name, digest, table.kind, len(table.rows), columns, tuple(notes))


def _join(ideas: tuple[Idea, ...], reviews: ReviewTable) -> tuple[list[tuple[int, ReviewRow]], list[RowError], int]:
    """Return reviews with the number of their idea, those of no known idea as errors, and how many named a title."""
    numbers = {idea.key: number for number, idea in enumerate(ideas)}
    titles: dict[str, int | None] = {}
    for number, idea in enumerate(ideas):
        name = idea.title.casefold()
        titles[name] = None if name in titles else number
    rows: list[tuple[int, ReviewRow]] = []
    strangers: list[RowError] = []
    by_title = 0
    for row in reviews.rows:
        found = numbers.get(row.idea)
        if found is None:
            found = titles.get(row.idea.casefold())
            by_title += found is not None
        if found is None:
            column = reviews.mapping.columns["idea"]
            strangers.append(RowError(row.line, column, row.idea, _("there is no such idea in the table of ideas.")))
        else:
            rows.append((found, row))
    return rows, strangers, by_title


def _as_arrays(
    rows: list[tuple[int, ReviewRow]], criteria: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[str, ...]]:
    judges: dict[str, int] = {}
    judge = np.array([judges.setdefault(row.judge, len(judges)) for _number, row in rows], dtype=np.intp)
    idea = np.array([number for number, _row in rows], dtype=np.intp)
    marks = np.array(
        [[np.nan if (mark := row.scores.get(name)) is None else mark for name in criteria] for _number, row in rows]
    )
    return idea, judge, marks, tuple(judges)


def _review_warnings(reviews: ReviewTable, by_title: int) -> list[str]:
    warnings = []
    if reviews.n_repeated:
        warnings.append(
            ngettext(
                "One score was given again by the same judge to the same idea; the later one counts.",
                "%(n)s scores were given again by the same judge to the same idea; the later ones count.",
                reviews.n_repeated,
            )
            % {"n": reviews.n_repeated}
        )
    if by_title:
        warnings.append(
            ngettext("One review names its idea by the title.", "%(n)s reviews name their idea by the title.", by_title)
            % {"n": by_title}
        )
    return warnings


def _scale_warnings(marks: np.ndarray, criteria: tuple[str, ...]) -> list[str]:
    ranges = np.nanmax(marks, axis=0) - np.nanmin(marks, axis=0)
    wide, narrow = int(np.argmax(ranges)), int(np.argmin(ranges))
    if len(criteria) == 1 or ranges[wide] <= UNEQUAL * max(ranges[narrow], 1e-9):
        return []
    found = {"wide": criteria[wide], "narrow": criteria[narrow]}
    return [
        _(
            "The marks for “%(wide)s” lie much further apart than those for “%(narrow)s”, and so count for more;"
            " give all criteria one scale, or weights."
        )
        % found
    ]
