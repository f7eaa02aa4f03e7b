"""The starting points that come with the product: templates of challenges and criteria, in each language."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"
LANGUAGES = ("en", "de")
FALLBACK = "en"
STANDARD = ("feasibility", "market", "strategy")


@dataclass(frozen=True, slots=True)
class CriterionTemplate:
    """A criterion in the words of the product."""

    key: str
    name: str
    question: str
    anchors: list[str]
    weight: str = "1"


@dataclass(frozen=True, slots=True)
class ChallengeTemplate:
    """A challenge to start from."""

    key: str
    name: str
    summary: str
    icon: str
    goal_kind: str
    brief: dict[str, Any]
    weeks_open: int
    weeks_to_decide: int
    weeks_to_answer: int
    criteria: list[str] = field(default_factory=list)


@lru_cache(maxsize=8)
def _read(name: str, language: str) -> list[dict[str, Any]]:
    """Return one data file."""
    known = language if language in LANGUAGES else FALLBACK
    rows: list[dict[str, Any]] = json.loads((DATA / f"{name}.{known}.json").read_text(encoding="utf-8"))
    return rows


def templates_in(language: str) -> list[ChallengeTemplate]:
    """Return the templates in a language, or in English where there are none."""
    return [ChallengeTemplate(**row) for row in _read("templates", language)]


def template_named(key: str, language: str) -> ChallengeTemplate | None:
    """Return one template, or None if there is none of this key."""
    return next((template for template in templates_in(language) if template.key == key), None)


def criteria_in(language: str) -> dict[str, CriterionTemplate]:
    """Return every criterion of the product by key."""
    return {row["key"]: CriterionTemplate(**row) for row in _read("criteria", language)}


def standard_criteria(language: str, template: ChallengeTemplate | None = None) -> list[CriterionTemplate]:
    """Return the criteria a new challenge starts with: feasibility, market and strategy, and the template's own."""
    known = criteria_in(language)
    return [known[key] for key in (*STANDARD, *(template.criteria if template else ()))]
