"""Choosing a template, searching for one and looking at an example."""

import pytest
from django.urls import reverse

from permea.challenges import queries
from permea.people.models import Person
from permea.surface.testing import assert_page_ok

NEW = "challenges:new"
KEYS = [template.key for template in queries.templates_in("en")]


@pytest.fixture
def browser(client_of, owner, organisation, clock):
    """Return Olga's browser."""
    return client_of(owner)


def offered(page):
    """Return the templates that can be chosen."""
    return [one.attributes["value"] for one in page.all("input") if one.attributes.get("name") == "template"]


def test_all_templates_are_offered_by_practice_and_by_trade(browser):
    page = assert_page_ok(browser.get(reverse(NEW)))
    legends = [legend.text for legend in page.all("legend") if legend.text != "Language"]
    assert (sorted(offered(page)), legends) == (
        sorted([*KEYS, "empty"]),
        ["By practice", "By trade", "Without a template"],
    )


def test_there_are_templates_for_each_practice_and_trade():
    templates = queries.templates_in("en")
    assert {template.practice for template in templates} == {key for key, _label in queries.practices()}
    assert {template.sector for template in templates if template.sector} == {key for key, _label in queries.sectors()}
    assert len(templates) >= 12


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("oven", ["bakery"]),
        ("ROBOT  mud", ["harvest_robot"]),
        ("Warehouse and transport", ["warehouse"]),
        ("cut cost scrap", ["cost_cutting"]),
        ("zebra", []),
    ],
)
def test_a_search_finds_the_templates_with_all_its_words(browser, words, expected):
    page = assert_page_ok(browser.get(reverse(NEW), {"q": words, "language": "en"}))
    assert (offered(page), "No template has all these words." in page.text) == (expected, not expected)


def test_a_search_in_german_reads_the_german_templates(browser):
    page = assert_page_ok(browser.get(reverse(NEW), {"q": "knetmaschine schlamm", "language": "de"}))
    assert offered(page) == []
    page = assert_page_ok(browser.get(reverse(NEW), {"q": "Schlamm", "language": "de"}))
    assert offered(page) == ["harvest_robot"]


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("es", "barro robot", "harvest_robot"),
        ("fr", "Boue robot", "harvest_robot"),
        ("fr", "l'usure roulements", "university"),
    ],
)
def test_a_search_reads_the_templates_of_the_language_and_takes_any_apostrophe(browser, language, words, expected):
    page = assert_page_ok(browser.get(reverse(NEW), {"q": words, "language": language}))
    assert offered(page) == [expected]


def test_an_unknown_language_is_the_readers_own(browser):
    page = assert_page_ok(browser.get(reverse(NEW), {"language": "xx"}))
    assert "Technical challenge" in page.text


def test_who_reads_a_language_without_templates_begins_with_the_english_ones(browser, owner):
    Person.objects.filter(pk=owner.pk).update(language="nl")
    page = assert_page_ok(browser.get(reverse(NEW)))

    chosen = {one.attributes["value"] for one in page.all("input") if one.attributes.get("name") == "language"}
    assert (chosen, "Français" in page.text) == ({"en"}, True)


@pytest.mark.parametrize("language", queries.LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_an_example_shows_the_brief_with_its_values_filled_in(browser, key, language):
    template = queries.template_named(key, language)
    page = assert_page_ok(browser.get(reverse("challenges:example", args=[key]), {"language": language}))
    start = [a.attributes["href"] for a in page.all("a") if a.text == "Start with this"]
    assert (len(queries.filled_brief(template)["problem"]) < len(template.brief["problem"]), "[" in page.text) == (
        True,
        False,
    )
    assert (start, template.invite[0] in page.text) == ([f"{reverse(NEW)}?template={key}&language={language}"], True)


def test_an_example_leads_to_its_template_being_chosen(browser):
    page = assert_page_ok(browser.get(reverse(NEW), {"template": "bakery"}))
    chosen = [one.attributes["value"] for one in page.all("input") if "checked" in one.attributes]
    assert chosen == ["bakery"]


def test_an_example_that_does_not_exist_is_404(browser):
    assert browser.get(reverse("challenges:example", args=["colour"])).status_code == 404


def test_what_a_template_suggests_is_shown_at_the_prize(browser, make_challenge):
    draft = make_challenge(status="draft", template="supplier")
    page = assert_page_ok(browser.get(reverse("challenges:edit", args=[draft.key, "prize"])))
    assert "A share of the saving instead of a sum" in page.text
