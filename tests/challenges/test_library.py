"""The starting points that come with the product."""

import re

import pytest

from permea.challenges import queries, rules, services
from permea.challenges.queries import library

TEMPLATES = {code: queries.templates_in(code) for code in queries.LANGUAGES}
OTHERS = [code for code in queries.LANGUAGES if code != "en"]


def test_each_template_has_a_key_of_its_own_and_there_are_at_least_six():
    keys = [template.key for template in TEMPLATES["en"]]
    assert (len(keys) >= 6, len(set(keys))) == (True, len(keys))


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_the_templates_and_criteria_of_the_english_one_in_other_words(language):
    keys = [[template.key for template in TEMPLATES[code]] for code in ("en", language)]
    criteria = [list(queries.criteria_in(code)) for code in ("en", language)]
    same = [key for key, one in queries.criteria_in(language).items() if one == queries.criteria_in("en")[key]]
    same += [one.key for one, english in zip(TEMPLATES[language], TEMPLATES["en"], strict=True) if one == english]
    assert (keys[0] == keys[1], criteria[0] == criteria[1], same) == (True, True, [])


def test_the_innovation_of_a_template_need_not_be_technical():
    kinds = {template.brief["innovation_type"] for template in TEMPLATES["en"]}
    assert {"product", "process", "marketing"} <= kinds


@pytest.mark.parametrize("language", OTHERS)
def test_figures_of_a_template_are_the_same_in_each_language(language):
    told = (
        "prize_amount",
        "n_winners",
        "maturity_from",
        "maturity_to",
        "hours_limit",
        "money_limit",
        "innovation_type",
    )
    plain = ("key", "practice", "sector", "icon", "goal_kind", "criteria", "ip_kind")
    plain += ("days_open", "days_to_decide", "days_to_answer")
    figures = [
        [
            (
                *(getattr(template, name) for name in plain),
                len(template.invite),
                *(template.brief[name] for name in told),
            )
            for template in TEMPLATES[code]
        ]
        for code in ("en", language)
    ]
    assert figures[0] == figures[1]


@pytest.mark.parametrize("language", queries.LANGUAGES)
def test_each_criterion_has_a_question_and_five_different_anchors(language):
    broken = [
        text.key
        for text in queries.criteria_in(language).values()
        if not rules.is_criterion_whole(text.name, text.question, text.anchors) or len(set(text.anchors)) != 5
    ]
    assert (broken, len(queries.criteria_in(language)) >= 3) == ([], True)


def test_the_usual_criteria_are_feasibility_market_and_strategy():
    names = [text.name for text in queries.standard_criteria("en")]
    assert names == ["Technical feasibility", "Market potential", "Strategic alignment"]


def test_a_language_without_templates_gets_the_english_ones():
    assert queries.templates_in("fi") == TEMPLATES["en"]


@pytest.mark.parametrize("language", queries.LANGUAGES)
@pytest.mark.parametrize("key", [template.key for template in TEMPLATES["en"]])
def test_each_template_can_be_published_once_goal_and_dates_are_set(make_challenge, key, language):
    challenge = make_challenge(template=key, language=language)
    assert (challenge.status, challenge.language) == ("published", language)


@pytest.mark.parametrize("language", queries.LANGUAGES)
@pytest.mark.parametrize("key", [template.key for template in TEMPLATES["en"]])
def test_each_template_lacks_nothing_but_goal_and_dates(organisation, owner, at, key, language):
    draft = services.draft_challenge(
        organisation=organisation, template=key, title="", goal=None, actor=owner, at=at, language=language
    )
    missing = rules.missing_for_publication(draft, queries.criteria_of(draft), at=at)
    assert [gap.code for gap in missing] == ["challenges.no_goal", "challenges.no_dates"]


@pytest.mark.parametrize("language", OTHERS)
def test_each_part_of_a_template_has_as_many_sample_values_in_each_language(language):
    counts = [
        [
            (template.key, *(len(rules.unfilled_places([template.brief[name]])) for name in rules.TEXT_FIELDS))
            for template in TEMPLATES[code]
        ]
        for code in ("en", language)
    ]
    assert (counts[0] == counts[1], min(sum(numbers) for _key, *numbers in counts[0]) >= 4) == (True, True)


def test_templates_that_need_it_bring_criteria_of_their_own():
    extra = {template.key: template.criteria for template in TEMPLATES["en"]}
    assert (extra["bakery"][0], extra["harvest_robot"][0], extra["concept_test"][-1]) == (
        "taste",
        "robustness",
        "learning",
    )


@pytest.mark.parametrize("name", ["templates", "criteria"])
def test_french_texts_have_no_plain_space_before_high_punctuation_and_inside_quotation_marks(name):
    text = (library.DATA / f"{name}.fr.json").read_text(encoding="utf-8").replace('": ', "")
    assert re.findall(r".{0,20} [;:!?»]|« .{0,20}|\w'\w", text) == []
