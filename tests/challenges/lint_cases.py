"""Briefs and lexicons for the tests of the linter."""

import json
from decimal import Decimal
from pathlib import Path

from permea.challenges import queries, rules

FOLDER = Path(__file__).parent / "briefs"
READ = ("title", "teaser", "problem", "why_now", "constraints", "acceptance_test", "prize_note")


def rows(kind: str) -> list[tuple[str, dict]]:
    """Return the briefs of a kind ("vague" or "good") in both languages, each with its language."""
    return [
        (language, row)
        for language in ("en", "de")
        for row in json.loads((FOLDER / f"{kind}.{language}.json").read_text(encoding="utf-8"))
    ]


def brief_of(row: dict, language: str) -> rules.Brief:
    """Return a stored brief, or a template with its sample values, as the linter reads it."""
    amount = row["prize_amount"]
    return rules.Brief(
        texts={field: rules.Passage.of(row[field]) for field in READ},
        language=language,
        prize_amount=Decimal(amount) if amount else None,
        n_winners=row["n_winners"],
        has_ip_terms=bool(row["ip"]),
        maturity_from=row["maturity_from"],
        days_open=row["days_open"],
    )


def brief(language: str = "en", **fields) -> rules.Brief:
    """Return a brief in which nothing is weak, but for the texts and figures that are given."""
    whole = {
        "title": "Pick fruit in 5 seconds",
        "teaser": "Everybody may enter.",
        "problem": "Of 100 fruits 18 are bruised today. We look for a way to have at most 3 bruised. " * 4,
        "why_now": "The season begins in May.",
        "constraints": "At most 2 kg. You keep your rights.",
        "acceptance_test": "We pick 200 fruits. Passed if at most 6 are bruised.",
        "prize_note": "",
    }
    texts = {name: rules.Passage.of(fields.pop(name, text)) for name, text in whole.items()}
    figures = {"prize_amount": Decimal(6000), "has_ip_terms": True, "maturity_from": 2, "days_open": 42}
    return rules.Brief(texts=texts, language=language, **{**figures, **fields})


def found(one: rules.Brief, language: str = "") -> list[tuple[str, str, bool]]:
    """Return code, field and weakness of everything that is found in a brief."""
    lexicon = queries.lexicon_in(language or one.language)
    return [(finding.code, finding.field, finding.is_weak) for finding in rules.findings_in(one, lexicon)]
