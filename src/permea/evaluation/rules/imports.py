"""Making sense of reviews from a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportedReview:
    """One review from a spreadsheet: which idea (by number or key), which judge, the marks by criterion key."""

    line: int
    idea: str
    judge: str
    scores: Mapping[str, int]


def named_criteria(names: Sequence[str], criteria: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return which criterion key each column means: by name, or by place where all names differ from the criteria's.

    `criteria` holds (key, name) in order; columns that mean none are left out.
    """
    by_name = {_bare(name): key for key, name in criteria}
    found = {name: by_name[_bare(name)] for name in names if _bare(name) in by_name}
    if not found and len(names) == len(criteria):
        return {name: key for name, (key, _name) in zip(names, criteria, strict=True)}
    return found


def _bare(name: str) -> str:
    """Return a name without case, spaces and punctuation."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
