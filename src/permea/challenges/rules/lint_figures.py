"""Checks of a brief that need no words of its language but few: figures, lengths, prize and time."""

from __future__ import annotations

from collections.abc import Iterator

from permea.challenges.rules.lint_brief import Brief, Finding, finding
from permea.challenges.rules.lint_text import Lexicon, n_measures
from permea.challenges.rules.prize import USUAL

SHORT, TOO_SHORT, LONG = 40, 25, 900  # words of a problem
TITLE_LONG = 18  # words
THIN_CONSTRAINTS = 4  # words
# Hours that an entry takes, by the least readiness that is asked for: our own rough figures, said to be such.
HOURS_BY_MATURITY = {None: 2, 1: 4, 2: 8, 3: 16}
HOURS_FOR_READY = 24
HOURS_A_WEEK = 10
LEAST_DAYS = 7
LOW, HIGH = 1 / 8, 20  # of the hours asked, that the prize pays
COMPARABLE = frozenset({"EUR", "USD", "GBP", "CHF"})


def check_target(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find a brief in which no figure says what is to be reached, or where one stands today."""
    if not brief["problem"].text.strip():
        return
    if n_measures(brief.joined("title", "teaser", "problem").text, lexicon):
        return
    in_test = n_measures(brief["acceptance_test"].text, lexicon)
    yield finding("no_baseline", "problem", is_weak=False) if in_test else finding("target_missing", "problem")


def check_test(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find a test that somebody else could not carry out."""
    test = brief["acceptance_test"]
    measures = n_measures(test.text, lexicon)
    if not test.text.strip():
        yield finding("test_missing", "acceptance_test")
    elif not measures:
        yield finding("test_unmeasured", "acceptance_test")
    elif lexicon.is_full and not lexicon["pass_mark"].found(test.words):
        yield finding("test_no_pass_mark", "acceptance_test")
    elif measures == 1:
        yield finding("test_thin", "acceptance_test", is_weak=False)


def check_constraints(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find constraints that are missing, or hold nothing that could be kept or broken."""
    constraints = brief["constraints"]
    if not constraints.text.strip():
        yield finding("constraints_missing", "constraints")
        return
    binds = n_measures(constraints.text, lexicon) or not lexicon.is_full or lexicon["limits"].found(constraints.words)
    if not binds or len(constraints.words) < THIN_CONSTRAINTS:
        yield finding("constraints_thin", "constraints")


def check_length(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find a problem told in too few or too many words, and a title that is a paragraph."""
    del lexicon
    n_words = len(brief["problem"].words)
    if 0 < n_words < SHORT:
        yield finding("too_short", "problem", is_weak=n_words < TOO_SHORT)
    elif n_words > LONG:
        yield finding("too_long", "problem", is_weak=False)
    if len(brief["title"].words) > TITLE_LONG:
        yield finding("title_long", "title", is_weak=False)


def hours_asked(brief: Brief, lexicon: Lexicon) -> int:
    """Return about how many hours an entry takes, from the readiness and the things that are asked for."""
    asked = brief.joined("teaser", "problem", "constraints")
    named = [lexicon.deliverables[word.lower()] for word in asked.words if word.lower() in lexicon.deliverables]
    return max([HOURS_BY_MATURITY.get(brief.maturity_from, HOURS_FOR_READY), *named])


def check_prize(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find a prize that is missing, or out of line with the work that is asked for."""
    note = brief["prize_note"].text.strip()
    if not brief.prize_amount:
        if not note:
            yield finding("prize_missing", "prize_amount")
        return
    if brief.currency not in COMPARABLE:
        return
    from permea_engine import prizes  # noqa: PLC0415 - SciPy loads at first use

    prize, hours = float(brief.prize_amount), hours_asked(brief, lexicon)
    paid = prizes.hours_paid(prize, USUAL["hour_worth"], USUAL["entries"], winners=brief.n_winners)
    if paid < hours * LOW:
        yield finding("prize_low", "prize_amount", is_weak=not note)
    elif paid > hours * HIGH:
        yield finding("prize_high", "prize_amount", is_weak=False)


def check_time(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find a deadline that leaves too little time for the work that is asked for."""
    if brief.days_open is None:
        return
    needed = hours_asked(brief, lexicon) / HOURS_A_WEEK * 7
    if brief.days_open < max(LEAST_DAYS, needed / 2):
        yield finding("time_short", "closes_at")
    elif brief.days_open < needed:
        yield finding("time_short", "closes_at", is_weak=False)
