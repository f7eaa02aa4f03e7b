"""Checks of a brief that read its words: vague ones, jargon, unexplained letters, ordered solutions, private things."""

from __future__ import annotations

import re
from collections.abc import Iterator

from permea.challenges.rules.lint_brief import Brief, Finding, finding
from permea.challenges.rules.lint_text import FORMULAS, Lexicon, n_measures, reading_ease, words_of

OPEN_FIELDS = ("title", "teaser", "problem", "why_now", "constraints", "acceptance_test")
STORY_FIELDS = ("title", "teaser", "problem", "why_now")
ALL_FIELDS = (*OPEN_FIELDS, "prize_note")
MANY_VAGUE, MANY_JARGON, MANY_LETTERS = 2, 3, 3
REACH = 5  # words between "we need" and the thing
NEAR_PRICE = 25  # characters on either side of a price
LONGEST_FIRM = 4  # words before the legal form
SHOUTING = 0.6  # share of capital words from which a text says nothing about abbreviations

_LETTERS = re.compile(r"(?<![\w-])[A-ZÄÖÜ]{2,6}(?![\w-])")
_MONEY = r"(?:EUR|USD|GBP|CHF|[€$£])"
_PRICE = re.compile(rf"(?:{_MONEY} ?\d[\d.,]{{0,12}}|\d[\d.,]{{0,12}} ?{_MONEY})")
_PIECE = re.compile(r"[\w&'’.-]+")


def check_rights(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find a brief that does not settle, or does not say, what becomes of the rights."""
    if not brief.has_ip_terms:
        yield finding("ip_missing", "ip_terms")
    elif lexicon.is_full and not lexicon["rights"].found(brief.joined(*ALL_FIELDS).words):
        yield finding("ip_unsaid", "ip_terms", is_weak=False)


def check_eligibility(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find a brief that does not say who may enter."""
    text = brief.joined(*ALL_FIELDS)
    if lexicon.is_full and text.words and not lexicon["eligibility"].found(text.words):
        yield finding("who_unsaid", "teaser", is_weak=False)


def check_vague(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find adjectives without a measure in the same sentence."""
    for field in OPEN_FIELDS:
        vague: dict[str, None] = {}
        for sentence in brief[field].sentences:
            words = words_of(sentence)
            if not n_measures(sentence, lexicon) and not (field == "constraints" and _denies(words, lexicon)):
                vague.update(dict.fromkeys(lexicon["vague"].found(words)))
        if vague:
            yield finding("vague", field, vague, is_weak=len(vague) >= MANY_VAGUE or field == "acceptance_test")


def _denies(words: list[str], lexicon: Lexicon) -> bool:
    """Say whether a sentence says what is not the case, or not wanted."""
    return not lexicon["negations"].exact.isdisjoint(word.lower() for word in words)


def check_jargon(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find words of the trade of consultants."""
    for field in OPEN_FIELDS:
        if jargon := lexicon["jargon"].found(brief[field].words):
            yield finding("jargon", field, jargon, is_weak=len(jargon) >= MANY_JARGON)


def check_abbreviations(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find capital letters that are explained nowhere in the brief."""
    if not lexicon.is_full:
        return
    whole = brief.joined(*ALL_FIELDS).text
    explained = _explained(whole)
    seen: set[str] = set()
    for field in OPEN_FIELDS:
        if _is_shouting(brief[field].words):
            continue
        letters = dict.fromkeys(_LETTERS.findall(brief[field].text))
        unknown = [one for one in letters if one not in lexicon.abbreviations | explained | seen]
        seen.update(unknown)
        if unknown:
            yield finding("abbreviations", field, unknown, is_weak=len(unknown) >= MANY_LETTERS)


def _is_shouting(words: list[str]) -> bool:
    """Say whether most of a text stands in capital letters."""
    return bool(words) and sum(word.isupper() for word in words) / len(words) > SHOUTING


def _explained(text: str) -> set[str]:
    """Return the letters that stand in brackets after what they mean, or before brackets or a colon that say it."""
    found = set()
    for match in _LETTERS.finditer(text):
        start = match.start()
        before, after = text[max(0, start - 1) : start], text[match.end() : match.end() + 2]
        if before == "(" or after.startswith((" (", ":", " =")):
            found.add(match.group())
    return found


def check_solution(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find a solution that is ordered where a problem should be told."""
    for field in ("title", "teaser", "problem"):
        ordered = [place for sentence in brief[field].sentences if (place := _ordered(sentence, lexicon))]
        if ordered:
            yield finding("solution", field, dict.fromkeys(ordered))


def _ordered(sentence: str, lexicon: Lexicon) -> str:
    """Return the words that order a solution, "" if none do."""
    words = words_of(sentence)
    if _denies(words, lexicon):
        return ""
    low = [word.lower() for word in words]
    wants, things = lexicon["solution_wants"].exact, lexicon["solution_things"].exact
    for start, word in enumerate(low):
        if word in wants:
            for end in range(start + 1, min(start + 1 + REACH, len(low))):
                if low[end] in things:
                    return " ".join(words[start : end + 1])
    return ""


def check_reading(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find a problem that is harder to read than it need be, with its longest sentence."""
    del lexicon
    problem = brief["problem"]
    ease = reading_ease(problem, brief.language)
    if ease is None:
        return
    formula = FORMULAS[brief.language]
    if ease < formula.hard:
        longest = max(problem.sentences, key=len)
        yield finding("hard_to_read", "problem", [longest], is_weak=ease < formula.too_hard)


def check_confidential(brief: Brief, lexicon: Lexicon) -> Iterator[Finding]:
    """Find what looks as if it were not meant for the public."""
    for field in ALL_FIELDS:
        if contacts := brief[field].contacts:
            yield finding("contact_data", field, contacts)
    for field in STORY_FIELDS:
        text = brief[field].text
        if firms := _firms(text, brief.own_name, lexicon):
            yield finding("company_named", field, firms)
        prices = [sentence for sentence in brief[field].sentences if _tells_unit_price(sentence, lexicon)]
        if prices:
            yield finding("unit_price", field, prices, is_weak=False)


def _tells_unit_price(sentence: str, lexicon: Lexicon) -> bool:
    """Say whether a price stands near a word such as "each" or "per"."""
    for match in _PRICE.finditer(sentence):
        near = sentence[max(0, match.start() - NEAR_PRICE) : match.end() + NEAR_PRICE]
        if lexicon["per_unit"].found(words_of(near)):
            return True
    return False


def _firms(text: str, own_name: str, lexicon: Lexicon) -> list[str]:
    """Return names of other firms, told by their legal form."""
    pieces = [match.group().rstrip(".") for match in _PIECE.finditer(text)]
    found: dict[str, None] = {}
    for place, piece in enumerate(pieces):
        start = place
        while start > max(0, place - LONGEST_FIRM) and (pieces[start - 1][:1].isupper() or pieces[start - 1] == "&"):
            start -= 1
        if piece in lexicon.legal_forms and start < place:
            found.setdefault(" ".join(pieces[start : place + 1]))
    return [name for name in found if not own_name or own_name not in name]
