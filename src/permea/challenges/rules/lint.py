"""Saying what is weak in a brief, where, and how to mend it. Nothing here keeps a brief from being published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge, SetAside
from permea.challenges.rules import lint_figures, lint_words
from permea.challenges.rules.lint_brief import Brief, Finding
from permea.challenges.rules.lint_text import Lexicon, Passage
from permea.foundation.refusals import Refusal

READ_FIELDS = ("title", "teaser", "problem", "why_now", "constraints", "acceptance_test", "prize_note")
LINT_STEPS = {
    "brief": ("title", "teaser", "problem", "why_now", "constraints", "acceptance_test"),
    "prize": ("prize_amount", "prize_note", "ip_terms"),
    "dates": ("closes_at",),
}
BY_WORD = frozenset({"vague", "jargon", "abbreviations", "solution", "contact_data", "company_named", "unit_price"})
CHECKS: tuple[Callable[[Brief, Lexicon], Iterator[Finding]], ...] = (
    lint_figures.check_target,
    lint_figures.check_test,
    lint_figures.check_constraints,
    lint_figures.check_length,
    lint_figures.check_prize,
    lint_figures.check_time,
    lint_words.check_rights,
    lint_words.check_eligibility,
    lint_words.check_vague,
    lint_words.check_jargon,
    lint_words.check_abbreviations,
    lint_words.check_solution,
    lint_words.check_reading,
    lint_words.check_confidential,
)


@dataclass(frozen=True, slots=True)
class Lint:
    """What the linter says of a brief: what is still to look at, and what was set aside, each with the word said."""

    findings: list[Finding]
    set_aside: list[tuple[Finding, str]]
    is_full: bool
    language: str

    def at(self, *fields: str) -> Lint:
        """Return what is said of some of the fields."""
        return replace(
            self,
            findings=[finding for finding in self.findings if finding.field in fields],
            set_aside=[(finding, word) for finding, word in self.set_aside if finding.field in fields],
        )


def brief_to_lint(challenge: Challenge) -> Brief:
    """Return what the linter reads of a challenge."""
    opens_at, closes_at = challenge.opens_at, challenge.closes_at
    return Brief(
        texts={field: Passage.of(getattr(challenge, field)) for field in READ_FIELDS},
        language=challenge.language,
        prize_amount=challenge.prize_amount,
        n_winners=challenge.n_winners,
        currency=challenge.currency,
        has_ip_terms=challenge.ip_terms_id is not None,
        maturity_from=challenge.maturity_from,
        days_open=None if opens_at is None or closes_at is None else (closes_at - opens_at).total_seconds() / 86_400,
        own_name=challenge.organisation.name,
    )


def findings_in(brief: Brief, lexicon: Lexicon) -> list[Finding]:
    """Return everything the linter finds in a brief, field by field, weaknesses before hints."""
    found = [finding for check in CHECKS for finding in check(brief, lexicon)]
    places = [field for fields in LINT_STEPS.values() for field in fields]
    return sorted(found, key=lambda finding: (places.index(finding.field), not finding.is_weak))


def lint(brief: Brief, lexicon: Lexicon, set_aside: Iterable[SetAside] = ()) -> Lint:
    """Return what is still to look at in a brief, and what its people have set aside."""
    words: Mapping[tuple[str, str], SetAside] = {(row.code, row.field): row for row in set_aside}
    left: list[Finding] = []
    aside: list[tuple[Finding, str]] = []
    for finding in findings_in(brief, lexicon):
        row = words.get((finding.code, finding.field))
        if row is not None and covers(row, finding):
            aside.append((finding, row.word))
        else:
            left.append(finding)
    return Lint(left, aside, lexicon.is_full, brief.language)


def covers(row: SetAside, finding: Finding) -> bool:
    """Say whether what was set aside is this finding: one that names words comes back once it names others."""
    return finding.code not in BY_WORD or set(finding.places) <= set(row.places)


def why_not_set_aside(finding: Finding | None, word: str) -> Refusal | None:
    """Return why a finding may not be set aside with this word, or None if it may."""
    if finding is None:
        return Refusal("challenges.no_finding", _("This has been mended already; there is nothing to set aside."))
    if not word.strip():
        return Refusal("challenges.no_word", _("Say in a word why it stays as it is; you will read it again later."))
    return None
