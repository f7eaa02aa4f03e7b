"""What a student reads before they accept: whose the results are, what stays secret, what they may publish."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from permea.campus.models import Placement

DATA = Path(__file__).resolve().parents[1] / "data"
OWNERS = frozenset({"each", "us", "them", "joint"})
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in full, and the version of the words it is made of."""

    text: str
    version: int


@cache
def _words(language: str) -> dict[str, Any]:
    """Return the words of statements in a language, English where there are none."""
    path = DATA / f"statement.{language}.toml"
    found = path if path.exists() else DATA / f"statement.{ENGLISH}.toml"
    return tomllib.loads(found.read_text(encoding="utf-8"))


def statement_of(placement: Placement) -> Statement:
    """Return the statement of a placement: what its agreement says of results and publications, in short.

    Names are put in at last, so that what looks like a blank in one of them stays as it is.
    """
    words, options = _words(placement.language), _options(placement)
    whose = str(options.get("results") or "")
    told = str(options.get("review_days") or "")
    days = told if told.isdecimal() else ""
    parts = {
        "results": words[whose if whose in OWNERS else "unknown"],
        "publishing": words["looked" if days else "open"].replace("{days}", days),
    }
    text = str(words["text"]).strip().format(**parts, firm="{firm}", partner="{partner}")
    names = {"firm": placement.organisation.name, "partner": placement.partner.name}
    return Statement(text.format(**names), int(words["version"]))


def _options(placement: Placement) -> dict[str, Any]:
    """Return what was chosen in the newest text of the agreement, nothing where its text is not kept here."""
    newest = placement.agreement.versions.order_by("-number").first()
    return {} if newest is None else dict(newest.options)
