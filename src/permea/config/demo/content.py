"""The demo's content: what is the same in every language (story.json) and its words (en.json, de.json)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

DATA = files("permea.config.demo") / "data"


@dataclass(frozen=True, slots=True)
class Content:
    """Plan and words of the demo in one language."""

    language: str
    plan: dict[str, Any]
    words: dict[str, Any]

    def email(self, name: str) -> str:
        """Return the address of somebody of the cast: the firm's own people share its domain, others have their own."""
        domain = str(self.plan["domains"][self.language])
        return f"{name}@{domain}" if name in self.plan["house"] else f"{name}@{name}-{domain}"


@lru_cache(maxsize=4)
def content(language: str) -> Content:
    """Return the demo's content in a language. Raises FileNotFoundError for one there is none in."""
    return Content(language, _read("story.json"), _read(f"{language}.json"))


def _read(name: str) -> dict[str, Any]:
    """Return one data file."""
    table: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return table
