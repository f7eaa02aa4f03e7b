"""Reading the clauses and checklists that come with the product: readable files beside the code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from permea.agreements.rules import Library

DATA = Path(__file__).parents[1] / "data"
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Checklist:
    """What to look at under the law of a country, and when to ask a lawyer; `language` is the one it is written in."""

    language: str
    check: list[str]
    ask: list[str]
    is_known: bool


@cache
def _read(folder: str, name: str) -> dict[str, Any]:
    """Return what one file says; it is read once."""
    return tomllib.loads((DATA / folder / f"{name}.toml").read_text(encoding="utf-8"))


def clause_languages() -> list[str]:
    """Return the languages the clauses are written in."""
    return sorted(path.stem.rpartition(".")[2] for path in (DATA / "clauses").glob("texts.*.toml"))


def library(language: str) -> Library:
    """Return the clauses in this language, else in English."""
    known = language if language in clause_languages() else FALLBACK
    return Library(language=known, texts=_read("clauses", f"texts.{known}"), **_read("clauses", "kinds"))


def checklist(country: str, language: str) -> Checklist:
    """Return what to look at where the law of this country applies, in this language or else in English."""
    known = language if (DATA / "countries" / f"checklist.{language}.toml").exists() else FALLBACK
    read = _read("countries", f"checklist.{known}")
    general, own = read["any"], read.get(country, {"check": [], "ask": []})
    return Checklist(known, [*own["check"], *general["check"]], [*own["ask"], *general["ask"]], country in read)
