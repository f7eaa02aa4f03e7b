"""The clauses that come with the product, what they become, and for what an agreement opens rooms."""

from datetime import UTC, datetime

import pytest

from permea.agreements import queries, rules
from permea.agreements.models import Agreement, AgreementVersion
from tests.cast import AT

KINDS = [kind.value for kind in Agreement.Kind]
PARTIES = {"firm": "F", "party": "P", "law": "L"}


@pytest.mark.parametrize("language", queries.clause_languages())
@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_of_every_kind_gives_a_whole_text(kind, language):
    library = queries.library(language)
    choices = library.choices_of(kind)
    for name, values in choices.items():
        for value in values:
            text = library.draft(kind, {"subject": "a {b}\n## c", name: value}, **PARTIES)
            assert ("a {b} ## c" in text, library.texts["no_advice"] in text) == (True, True)
    assert (len(library.kinds[kind]) >= 8, "term_months" in choices) == (True, True)


def test_clauses_fall_back_to_english_and_choices_to_the_usual():
    french, english = queries.library("fr"), queries.library("en")
    odd = french.draft("nda_mutual", {"secrecy_years": "99", "subject": "x"}, **PARTIES)
    usual = english.draft("nda_mutual", {"subject": "x."}, **PARTIES)
    assert (french.language, odd, "until 3 years" in usual) == ("en", usual, True)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_country_has_something_to_look_at_and_to_ask(language):
    for country in ("DE", "AT", "CH", "FR", "ES", "IT", "GB", "US", "NL", "PL"):
        found = queries.checklist(country, language)
        assert (found.language, found.is_known, len(found.check) > 3, len(found.ask) > 3) == (
            language,
            True,
            True,
            True,
        )
    unknown = queries.checklist("CL", "fr")
    assert (unknown.language, unknown.is_known, len(unknown.check)) == ("en", False, 2)


def test_an_agreement_opens_rooms_for_what_its_kind_is_about():
    found = [rules.purposes_of(kind, {"direction": "we"}) for kind in ("nda_one_way", "research", "licence_in")]
    assert found == [["evaluate"], ["evaluate", "research"], ["evaluate", "use"]]
    assert rules.purposes_of("nda_one_way", {"direction": "they"}) == []


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [((2026, 1, 31), 1, (2026, 2, 28)), ((2026, 11, 5), 14, (2028, 1, 5)), ((2024, 2, 29), 12, (2025, 2, 28))],
)
def test_months_later_is_the_same_day_or_the_last(day, months, then):
    assert rules.add_months(datetime(*day, tzinfo=UTC), months) == datetime(*then, tzinfo=UTC)


def test_a_new_version_says_something_new():
    agreement = Agreement(status="offered")
    latest = AgreementVersion(body="One", options={"term_months": "6"})
    said = [("One\r\n", {"term_months": "6"}), (" ", {}), ("Two", {"term_months": "6"}), ("One", {})]
    codes = [getattr(rules.why_not_propose(agreement, latest, *each), "code", None) for each in said]
    assert codes == ["agreements.unchanged", "agreements.empty", None, None]


def test_notice_is_given_once():
    live = Agreement(status="signed", valid_from=AT, ended_at=rules.add_months(AT, 3))
    refusal = rules.why_not_end(live, at=AT)
    assert refusal is not None
    assert (refusal.code, rules.why_not_end(Agreement(status="signed", valid_from=AT), at=AT)) == (
        "agreements.ended",
        None,
    )
