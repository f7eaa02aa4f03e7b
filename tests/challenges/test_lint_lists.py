"""The Italian, French and Spanish word lists of the linter: what they find in briefs of these languages."""

import json
from collections import Counter

import pytest

from permea.challenges import queries, rules
from permea.challenges.queries.library import DATA, ChallengeTemplate
from permea.challenges.queries.lint import PLAIN
from permea.challenges.rules.lint_text import n_measures, words_of
from tests.challenges.lint_cases import FOLDER, brief_of

LANGUAGES = ("it", "fr", "es")
LISTS = {
    code: json.loads((DATA / f"lint.{code}.json").read_text(encoding="utf-8")) for code in ("en", "de", *LANGUAGES)
}
LONGEST_PHRASE = 4  # words; the linter looks at no longer ones


def lexicon(language: str) -> rules.Lexicon:
    """Return the lexicon of a stored word list, whether or not the language is offered."""
    rows = LISTS[language]
    return rules.Lexicon(
        language=language,
        is_full=True,
        words={name: rules.Vocabulary.of(entries) for name, entries in rows.items() if name not in PLAIN},
        abbreviations=frozenset(rows["known_abbreviations"]),
        deliverables=rows["deliverables"],
        legal_forms=frozenset(rows["legal_forms"]),
    )


LEXICONS = {code: lexicon(code) for code in LANGUAGES}


def stored(kind: str) -> list[tuple[str, dict]]:
    """Return the briefs of a kind, each with its language."""
    return [
        (code, row)
        for code in LANGUAGES
        for row in json.loads((FOLDER / f"{kind}.{code}.json").read_text(encoding="utf-8"))
    ]


VAGUE, GOOD = stored("vague"), stored("good")


@pytest.mark.parametrize(("language", "row"), VAGUE, ids=[f"{code} {row['name']}" for code, row in VAGUE])
def test_every_weakness_planted_in_a_vague_brief_is_found(language, row):
    found = rules.findings_in(brief_of(row, language), LEXICONS[language])
    weak = {one.code for one in found if one.is_weak}
    assert (set(row["planted"]) - weak, bool(row["planted"])) == (set(), True)


@pytest.mark.parametrize(("language", "row"), GOOD, ids=[f"{code} {row['name']}" for code, row in GOOD])
def test_a_good_brief_has_neither_weakness_nor_hint(language, row):
    assert rules.findings_in(brief_of(row, language), LEXICONS[language]) == []


def test_there_are_four_briefs_of_each_kind_in_each_language():
    assert [Counter(code for code, _row in kind) for kind in (VAGUE, GOOD)] == [dict.fromkeys(LANGUAGES, 4)] * 2


TEMPLATES = [ChallengeTemplate(**row) for row in json.loads((DATA / "templates.it.json").read_text(encoding="utf-8"))]


@pytest.mark.parametrize("template", TEMPLATES, ids=[template.key for template in TEMPLATES])
def test_an_italian_template_with_its_sample_values_has_no_weakness(template):
    row = {**queries.filled_brief(template), "ip": template.ip_kind, "days_open": template.days_open}
    found = rules.findings_in(brief_of(row, "it"), LEXICONS["it"])
    assert ([one for one in found if one.is_weak], len(found) <= 3) == ([], True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_list_has_the_same_parts_as_the_english_one_and_none_is_empty(language):
    rows = LISTS[language]
    assert (list(rows), [name for name, entries in rows.items() if not entries]) == (list(LISTS["en"]), [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_stands_twice_or_is_written_so_that_it_could_never_be_met(language):
    broken = []
    for name, entries in LISTS[language].items():
        if name in PLAIN:
            continue
        broken += [(name, entry) for entry, times in Counter(entries).items() if times > 1]
        for entry in entries:
            words = words_of(entry.removesuffix("*"))
            if " ".join(words).lower() != entry.removesuffix("*") or len(words) > LONGEST_PHRASE:
                broken.append((name, entry))
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_looked_up_word_by_word_is_one_word_without_a_star(language):
    rows = LISTS[language]
    single = [*rows["solution_wants"], *rows["solution_things"], *rows["negations"], *rows["deliverables"]]
    assert [entry for entry in single if words_of(entry) != [entry]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_with_an_apostrophe_stands_in_both_ways_of_writing_it(language):
    lone = [
        (name, entry)
        for name, entries in LISTS[language].items()
        for entry in entries
        if ("'" in entry and entry.replace("'", "’") not in entries)
        or ("’" in entry and entry.replace("’", "'") not in entries)
    ]
    assert lone == []


SOUND = {
    "it": {
        "title": "Cogliere frutta in 5 secondi",
        "teaser": "Possono partecipare tutti.",
        "problem": "Oggi 18 frutti su 100 sono ammaccati. Cerchiamo un modo per averne al massimo 3. " * 4,
        "why_now": "La stagione comincia a maggio.",
        "constraints": "Al massimo 2 kg. I diritti restano a lei.",
        "acceptance_test": "Cogliamo 200 frutti. Superata se al massimo 6 sono ammaccati.",
    },
    "fr": {
        "title": "Cueillir un fruit en 5 secondes",
        "teaser": "Tout le monde peut participer.",
        "problem": "Aujourd’hui, 18 fruits sur 100 sont tachés. Nous cherchons comment en tacher 3 au plus. " * 4,
        "why_now": "La saison commence en mai.",
        "constraints": "Au plus 2 kg. Les droits restent à vous.",
        "acceptance_test": "Nous cueillons 200 fruits. Réussi si au plus 6 sont tachés.",
    },
    "es": {
        "title": "Recoger una fruta en 5 segundos",
        "teaser": "Todo el mundo puede participar.",
        "problem": "Hoy 18 frutas de cada 100 salen golpeadas. Buscamos cómo golpear 3 como máximo. " * 4,
        "why_now": "La temporada empieza en mayo.",
        "constraints": "Como máximo 2 kg. Los derechos siguen siendo suyos.",
        "acceptance_test": "Recogemos 200 frutas. Superada si como máximo 6 salen golpeadas.",
    },
}


def found_with(language: str, **changed: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return code and words of what is found in a sound brief with some texts changed."""
    row = {"prize_note": "", "prize_amount": "6000", "n_winners": 1, "maturity_from": 2, "days_open": 42, "ip": "yes"}
    one = brief_of({**row, **SOUND[language], **changed}, language)
    return [(finding.code, finding.places) for finding in rules.findings_in(one, LEXICONS[language])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_in_which_nothing_is_weak(language):
    assert found_with(language) == []


@pytest.mark.parametrize(
    ("language", "changed", "expected"),
    [
        ("it", {"teaser": "Frutta."}, ("who_unsaid", ())),
        ("fr", {"teaser": "Fruits."}, ("who_unsaid", ())),
        ("es", {"teaser": "Fruta."}, ("who_unsaid", ())),
        ("it", {"constraints": "Al massimo 2 kg di peso."}, ("ip_unsaid", ())),
        ("fr", {"constraints": "Un poids de 2 kg."}, ("ip_unsaid", ())),
        ("es", {"constraints": "Un peso de 2 kg."}, ("ip_unsaid", ())),
        ("it", {"acceptance_test": "Cogliamo 200 frutti in 2 giorni."}, ("test_no_pass_mark", ())),
        ("fr", {"acceptance_test": "Nous cueillons 200 fruits en 2 jours."}, ("test_no_pass_mark", ())),
        ("es", {"acceptance_test": "Recogemos 200 frutas en 2 días."}, ("test_no_pass_mark", ())),
        ("it", {"why_now": "Costano 12 EUR ciascuno."}, ("unit_price", ("Costano 12 EUR ciascuno.",))),
        ("fr", {"why_now": "Cela coûte 12 EUR l’unité."}, ("unit_price", ("Cela coûte 12 EUR l’unité.",))),
        ("es", {"why_now": "Cuesta 12 EUR por unidad."}, ("unit_price", ("Cuesta 12 EUR por unidad.",))),
        ("it", {"why_now": "Vogliamo sinergie."}, ("jargon", ("sinergie",))),
        ("fr", {"why_now": "C’est l’écosystème qui change."}, ("jargon", ("l’écosystème",))),
        ("es", {"why_now": "Queremos poner en valor la fruta."}, ("jargon", ("poner en valor",))),
        ("it", {"why_now": "Lo chiede l’AUSL, non l’UE."}, ("abbreviations", ("AUSL",))),
        ("fr", {"why_now": "L’exigence vient de la DDT, pas de l’UE."}, ("abbreviations", ("DDT",))),
        ("es", {"why_now": "Lo pide la OAC, no la UE."}, ("abbreviations", ("OAC",))),
        ("it", {"title": "Cerchiamo un’app in 5 secondi"}, ("solution", ("Cerchiamo un’app",))),
        ("fr", {"title": "Créer l’appli des 5 secondes"}, ("solution", ("Créer l’appli",))),
        ("es", {"title": "Crear una aplicación de 5 segundos"}, ("solution", ("Crear una aplicación",))),
    ],
)
def test_one_change_of_a_sound_brief_brings_one_finding(language, changed, expected):
    assert found_with(language, **changed) == [expected]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("it", "Non serve un’app, bastano 5 secondi"),
        ("fr", "Il ne faut pas d’appli"),
        ("es", "No hace falta crear una app"),
    ],
)
def test_a_solution_that_is_not_wanted_is_not_ordered(language, title):
    assert found_with(language, title=title) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("it", "metà degli scarti in due giorni"), ("fr", "la moitié en deux jours"), ("es", "la mitad en dos días")],
)
def test_numbers_in_words_are_measures(language, text):
    assert n_measures(text, LEXICONS[language]) == 2
