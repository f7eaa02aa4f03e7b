"""The starting points that come with the product: templates of challenges and criteria, in each language."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

DATA = Path(__file__).parents[1] / "data"
LANGUAGES = ("en", "de", "es", "fr", "it")
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
    """A challenge to start from; what stands in [square brackets] in its brief are sample values to replace."""

    key: str
    practice: str
    sector: str
    name: str
    summary: str
    icon: str
    goal_kind: str
    brief: dict[str, Any]
    days_open: int
    days_to_decide: int
    days_to_answer: int
    ip_kind: str
    prize_rule: str
    invite: list[str]
    criteria: list[str] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)


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


def templates_matching(language: str, text: str) -> list[ChallengeTemplate]:
    """Return the templates in which every word of `text` stands somewhere, all of them for no words."""
    words = _plain(text).split()
    return [template for template in templates_in(language) if all(word in _searched(template) for word in words)]


def _searched(template: ChallengeTemplate) -> str:
    """Return what a template is found by."""
    labels = [
        dict(group).get(key, "") for group, key in ((practices(), template.practice), (sectors(), template.sector))
    ]
    texts = [template.name, template.summary, *(template.brief[name] for name in ("title", "teaser", "problem"))]
    return _plain(" ".join([*map(str, labels), *texts]))


def _plain(text: str) -> str:
    """Return a text in small letters, with the apostrophe that keyboards have."""
    return text.lower().replace("’", "'")


def practices() -> list[tuple[str, str]]:
    """Return the ways of asking that templates are sorted by, in the reader's language."""
    return [
        ("challenge", _("Ask inventors and engineers")),
        ("contest", _("Ask everybody for ideas")),
        ("cocreation", _("Make it together with customers")),
        ("concept_test", _("Have drafts tried out")),
        ("supplier", _("Save together with suppliers")),
        ("cost", _("Cut cost")),
        ("automation", _("Let work run by itself")),
        ("university", _("Ask a university")),
    ]


def sectors() -> list[tuple[str, str]]:
    """Return the trades that have templates of their own, in the reader's language."""
    return [
        ("agriculture", _("Agriculture")),
        ("food", _("Food and hospitality")),
        ("retail", _("Shops")),
        ("logistics", _("Warehouse and transport")),
    ]


def filled_brief(template: ChallengeTemplate) -> dict[str, Any]:
    """Return the brief of a template with its sample values filled in."""
    return {
        name: re.sub(r"\[([^\[\]\n]{1,60})\](?!\()", r"\1", value) if isinstance(value, str) else value
        for name, value in template.brief.items()
    }


def criteria_in(language: str) -> dict[str, CriterionTemplate]:
    """Return every criterion of the product by key."""
    return {row["key"]: CriterionTemplate(**row) for row in _read("criteria", language)}


def standard_criteria(language: str, template: ChallengeTemplate | None = None) -> list[CriterionTemplate]:
    """Return the criteria a new challenge starts with: feasibility, market and strategy, and the template's own."""
    known = criteria_in(language)
    return [known[key] for key in (*STANDARD, *(template.criteria if template else ()))]
