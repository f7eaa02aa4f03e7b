"""The linter: what it finds in vague briefs and not in good ones, rule by rule."""

from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea.challenges import queries, rules
from permea.challenges.models import SetAside
from permea.challenges.rules.lint_notes import NOTES
from permea.challenges.rules.lint_text import FORMULAS, n_measures, reading_ease, syllables
from tests.challenges.lint_cases import brief, brief_of, found, rows

VAGUE, GOOD = rows("vague"), rows("good")
TEMPLATES = [(code, template) for code in queries.LANGUAGES for template in queries.templates_in(code)]
EN, DE = queries.lexicon_in("en"), queries.lexicon_in("de")


@pytest.mark.parametrize(("language", "row"), VAGUE, ids=[f"{code} {row['name']}" for code, row in VAGUE])
def test_every_weakness_planted_in_a_vague_brief_is_found(language, row):
    weak = {code for code, _field, is_weak in found(brief_of(row, language)) if is_weak}
    assert (set(row["planted"]) - weak, bool(row["planted"])) == (set(), True)


@pytest.mark.parametrize(("language", "row"), GOOD, ids=[f"{code} {row['name']}" for code, row in GOOD])
def test_a_good_brief_has_no_weakness_and_few_hints(language, row):
    seen = found(brief_of(row, language))
    assert ([one for one in seen if one[2]], len(seen) <= 2) == ([], True)


def test_there_are_ten_briefs_of_each_kind_in_english_and_four_in_german():
    counts = [sum(code == language for code, _row in kind) for kind in (VAGUE, GOOD) for language in ("en", "de")]
    assert counts == [10, 4, 10, 4]


def test_each_weakness_is_planted_somewhere():
    planted = {code for _language, row in VAGUE for code in row["planted"]}
    hints = {
        "no_baseline",
        "test_thin",
        "prize_high",
        "ip_unsaid",
        "who_unsaid",
        "too_long",
        "title_long",
        "unit_price",
    }
    assert planted | hints == set(NOTES)


@pytest.mark.parametrize(("language", "template"), TEMPLATES, ids=[f"{code} {one.key}" for code, one in TEMPLATES])
def test_a_template_with_its_sample_values_has_no_weakness(language, template):
    row = {**queries.filled_brief(template), "ip": template.ip_kind, "days_open": template.days_open}
    seen = found(brief_of(row, language))
    assert ([one for one in seen if one[2]], len(seen) <= 3) == ([], True)


def test_a_brief_in_which_nothing_is_weak():
    assert found(brief()) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"problem": "", "title": "Fruit"}, []),
        ({"problem": "Fruits are bruised by our gripper. " * 9, "title": "Fruit"}, [("no_baseline", "problem", False)]),
        ({"acceptance_test": "Passed if we like it."}, [("test_unmeasured", "acceptance_test", True)]),
        ({"acceptance_test": "We pick 200 fruits."}, [("test_no_pass_mark", "acceptance_test", True)]),
        ({"acceptance_test": "Passed if 6 are bruised."}, [("test_thin", "acceptance_test", False)]),
        ({"constraints": "Your rights."}, [("constraints_thin", "constraints", True)]),
        ({"constraints": "It should fit nicely, and you have rights."}, []),
        ({"problem": "Of 100 fruits 18 are bruised. " * 7}, [("too_short", "problem", False)]),
        ({"problem": "Of 100 fruits 18 are bruised. " * 230}, [("too_long", "problem", False)]),
        ({"title": "pick " * 20}, [("title_long", "title", False)]),
        ({"constraints": "At most 2 kg of weight."}, [("ip_unsaid", "ip_terms", False)]),
        ({"teaser": "Fruit."}, [("who_unsaid", "teaser", False)]),
        ({"prize_amount": None}, [("prize_missing", "prize_amount", True)]),
        ({"prize_amount": None, "prize_note": "A pilot"}, []),
        ({"prize_amount": Decimal(300), "prize_note": "A pilot"}, [("prize_low", "prize_amount", False)]),
        ({"prize_amount": Decimal(300), "currency": "JPY"}, []),
        ({"prize_amount": Decimal(200_000)}, [("prize_high", "prize_amount", False)]),
        ({"days_open": None}, []),
        ({"days_open": 6.9}, [("time_short", "closes_at", True)]),
        ({"days_open": 13, "maturity_from": 6}, [("time_short", "closes_at", False)]),
    ],
)
def test_one_change_of_a_sound_brief_brings_one_finding(changed, expected):
    assert found(brief(**changed)) == expected


def places(code: str, **fields) -> list[tuple[str, ...]]:
    """Return the words that are quoted by each finding of this code."""
    return [one.places for one in rules.findings_in(brief(**fields), EN) if one.code == code]


def test_a_vague_word_counts_only_without_a_measure_in_its_sentence():
    assert places("vague", why_now="It must be faster. It must be easier, in 5 seconds.") == [("faster",)]


def test_a_constraint_may_say_which_improvement_is_not_wanted():
    text = "At most 2 kg. Your rights stay. Not wanted: better cameras. Should be smart."
    assert places("vague", constraints=text) == [("smart",)]


def test_letters_are_explained_in_brackets_before_brackets_or_by_a_colon():
    text = (
        "The AOI finds 9. Testing (ICT) finds 3. FPY: first pass yield. MES (the plan). SPI = paste. Not EU, not X9AB."
    )
    assert places("abbreviations", why_now=text) == [("AOI",)]


def test_letters_are_pointed_out_once_and_not_in_a_text_of_capitals():
    texts = {"teaser": "Everybody: our QFN.", "why_now": "The QFN again.", "title": "PICK ALL 5 FRUITS NOW"}
    assert places("abbreviations", **texts) == [("QFN",)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We need an app for 5 people.", [("need an app",)]),
        ("We do not need an app, 5 people said.", []),
        ("We need more than six words before the app, 5 of them.", []),
        ("We need 5 more people.", []),
    ],
)
def test_a_solution_is_ordered_when_its_word_follows_soon(text, expected):
    assert places("solution", teaser=f"Everybody may enter. {text}") == expected


def test_other_firms_are_told_by_their_legal_form_and_ones_own_is_not():
    text = "Brunner Pumpen GmbH and Olga's Robots Ltd. asked. The AG met."
    named = places("company_named", why_now=text, own_name="Robots Ltd")
    assert named == [("Brunner Pumpen GmbH", "The AG")]


def test_a_price_is_pointed_out_when_it_is_for_a_piece():
    text = "It costs us 186 EUR a year. Each costs us 12.50 EUR. We pay 3 EUR per part."
    assert places("unit_price", why_now=text) == [("Each costs us 12.50 EUR.", "We pay 3 EUR per part.")]


def test_addresses_and_numbers_are_quoted_and_are_no_measures():
    text = "Ask olga@firm.example or +49 7141 555 0199."
    assert (places("contact_data", why_now=text), n_measures(text, EN)) == (
        [("olga@firm.example", "+49 7141 555 0199")],
        0,
    )


def test_a_long_place_is_cut_and_there_are_at_most_six():
    sentence = "implementation " * 60
    hard = places("hard_to_read", problem=f"{sentence} 5 of 9.")
    vague = places("vague", why_now="better simple fast smart robust reliable modern quick")
    assert (len(hard[0][0]) <= 120, hard[0][0].endswith("…"), len(vague[0])) == (True, True, 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 2026 nothing happened.", 0),
        ("It costs 2000 EUR.", 1),
        ("1. Write\n2) Read", 0),
        ("ISO 9409-1-50 and M6 and IP65", 0),
        ("at least 95 of 100 within 20-minute runs", 3),
        ("half as much, twice as fast", 2),
        ("12.5 % and 1,200", 2),
    ],
)
def test_what_counts_as_a_measure(text, expected):
    assert n_measures(text, EN) == expected


# Counted by hand: 4 words, 1 sentence, 8 syllables and so on, ten times over.
@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Paper letters follow money. ", 206.835 - 1.015 * 4 - 84.6 * 2),
        ("de", "Viele Leute lesen Briefe. ", 180 - 4 - 58.5 * 2),
        ("es", "Todos comen pocas cosas. ", 206.84 - 1.02 * 4 - 60 * 2),
        ("it", "Tutti mangiano poche cose. ", 89 + (300 * 10 - 10 * 220) / 40),
    ],
)
def test_reading_ease_is_what_the_formula_gives(language, text, expected):
    assert reading_ease(rules.Passage.of(text * 10), language) == pytest.approx(expected)


def test_a_silent_e_is_no_syllable_in_english_and_french():
    counted = [syllables("make", "en"), syllables("table", "en"), syllables("the", "en"), syllables("grande", "fr")]
    assert (counted, syllables("rhythm", "en"), syllables("grande", "es")) == ([1, 2, 1, 1], 1, 2)


def test_a_text_that_is_short_or_of_another_language_has_no_reading_ease():
    long = rules.Passage.of("Viele Leute lesen Briefe. " * 20)
    assert (reading_ease(rules.Passage.of("Few words."), "en"), reading_ease(long, "pl")) == (None, None)
    assert sorted(FORMULAS) == ["de", "en", "es", "fr", "it"]


def test_a_language_without_word_lists_keeps_to_figures_and_says_so():
    vague = brief(
        "nl",
        title="Un titre",
        teaser="",
        problem="Tout doit aller mieux, simplement. " * 9,
        constraints="Beau et bon et bien.",
    )
    said = rules.lint(vague, queries.lexicon_in("nl"))
    codes = [finding.code for finding in said.findings]
    assert (codes, said.is_full, said.language) == (["no_baseline"], False, "nl")


def test_weaknesses_stand_before_hints_and_fields_in_the_order_of_the_editor():
    seen = found(brief(problem="We need an app. Too few words.", title="Fruit", constraints="", prize_amount=None))
    assert [field for _code, field, _weak in seen] == [
        "problem",
        "problem",
        "problem",
        "constraints",
        "prize_amount",
        "ip_terms",
    ]
    assert [weak for _code, field, weak in seen if field == "problem"] == [True, True, False]


def test_square_brackets_of_a_template_are_read_as_filled():
    assert (rules.Passage.of("[95] of 100, see [here](x)").text) == "95 of 100, see [here](x)"


def aside(code: str, field: str, *words: str) -> SetAside:
    return SetAside(code=code, field=field, places=list(words), word="We mean it.")


def test_what_is_set_aside_is_told_apart_with_its_word():
    vague = brief(why_now="It must be faster.")
    said = rules.lint(vague, EN, [aside("vague", "why_now", "faster"), aside("vague", "title", "faster")])
    assert (said.findings, [(one.key, word) for one, word in said.set_aside]) == (
        [],
        [("vague:why_now", "We mean it.")],
    )


def test_a_finding_about_words_comes_back_with_other_words_and_one_about_something_missing_does_not():
    vague = brief(why_now="It must be faster and smarter.", constraints="")
    said = rules.lint(vague, EN, [aside("vague", "why_now", "faster"), aside("constraints_missing", "constraints")])
    assert ([one.code for one in said.findings], [one.code for one, _word in said.set_aside]) == (
        ["vague", "ip_unsaid"],
        ["constraints_missing"],
    )


def test_findings_of_some_fields_are_those_alone():
    vague = brief(why_now="It must be faster.", constraints="", prize_amount=None)
    said = rules.lint(vague, EN, [aside("constraints_missing", "constraints")])
    part = said.at("constraints", "prize_amount")
    assert ([one.code for one in part.findings], [one.code for one, _word in part.set_aside]) == (
        ["prize_missing"],
        ["constraints_missing"],
    )


def test_why_a_finding_may_not_be_set_aside():
    finding = rules.Finding("vague", "title", is_weak=True)
    refused = [rules.why_not_set_aside(None, "word"), rules.why_not_set_aside(finding, " ")]
    assert ([one.code for one in refused], rules.why_not_set_aside(finding, "word")) == (
        ["challenges.no_finding", "challenges.no_word"],
        None,
    )


def test_each_finding_says_why_and_how_in_words():
    assert [code for code, note in NOTES.items() if not (str(note.title) and str(note.why) and str(note.mend))] == []


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=400), st.text(max_size=400), st.sampled_from(["en", "de", "fr", "it", "xx"]))
def test_any_text_can_be_read(one, other, language):
    odd = brief(language, problem=one * 3, acceptance_test=other, constraints=one, title=other, why_now=one + other)
    for finding in rules.findings_in(odd, queries.lexicon_in(language)):
        assert finding.code in NOTES
        assert finding.anchor.startswith("finding-")


HOSTILE = ["a", "A ", "1", "1.", "1-", "[", "a@", "a.", "+49 ", "need ", "EUR 1 ", "GmbH ", "better. ", "A-"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_reading_takes_time_in_line_with_the_length(piece):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        odd = rules.Brief(texts=dict.fromkeys(("problem", "title"), rules.Passage(text)), language="en")
        began = process_time()
        rules.findings_in(odd, EN)
        return process_time() - began

    short, long = min(seconds(2_000) for _try in range(3)), min(seconds(8_000) for _try in range(3))
    assert long <= 10 * max(short, 0.02)  # four times the length; a square would be sixteen times
