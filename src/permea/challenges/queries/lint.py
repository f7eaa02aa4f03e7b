"""What the linter says of a challenge, and the word lists it reads with."""

from __future__ import annotations

import json
from functools import lru_cache

from permea.challenges import rules
from permea.challenges.models import Challenge, SetAside
from permea.challenges.queries.library import DATA

LANGUAGES = ("en", "de", "es", "fr", "it")  # those with word lists
PLAIN = ("known_abbreviations", "legal_forms", "deliverables")


@lru_cache(maxsize=32)
def lexicon_in(language: str) -> rules.Lexicon:
    """Return the word lists of a language; without any, the linter keeps to what does not hang on the language."""
    if language not in LANGUAGES:
        return rules.Lexicon(language)
    rows = json.loads((DATA / f"lint.{language}.json").read_text(encoding="utf-8"))
    return rules.Lexicon(
        language=language,
        is_full=True,
        words={name: rules.Vocabulary.of(entries) for name, entries in rows.items() if name not in PLAIN},
        abbreviations=frozenset(rows["known_abbreviations"]),
        deliverables=rows["deliverables"],
        legal_forms=frozenset(rows["legal_forms"]),
    )


def lint_of(challenge: Challenge) -> rules.Lint:
    """Return what could be mended in a challenge's brief, and what its people have set aside."""
    rows = SetAside.objects.filter(challenge=challenge).order_by("pk")
    return rules.lint(rules.brief_to_lint(challenge), lexicon_in(challenge.language), rows)
