"""Advice beside the fields of the editor, and setting it aside."""

import pytest
from django.urls import reverse

from permea.challenges import queries, services
from permea.challenges.models import Challenge, SetAside
from permea.foundation.refusals import RefusedError
from permea.surface.testing import assert_page_ok

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def browser(client_of, owner, clock):
    """Return Olga's browser."""
    return client_of(owner)


@pytest.fixture
def draft(make_challenge):
    """Return a draft with one weakness: nothing says what a solution must respect."""
    return make_challenge(status="draft", template="contest", constraints="")


def step_of(challenge, step="brief"):
    return reverse("challenges:edit", args=[challenge.key, step])


def findings_of(challenge, step="brief"):
    return reverse("challenges:findings", args=[challenge.key, step])


def under(page, field):
    """Return what stands under a field."""
    return next(one.text for one in page.all("div") if one.attributes.get("id") == f"lint-{field}")


def test_a_weakness_stands_under_its_field_with_the_way_to_mend_it(browser, draft):
    page = assert_page_ok(browser.get(step_of(draft)))
    assert ("Nothing says what a solution must respect." in under(page, "constraints"), under(page, "problem")) == (
        True,
        "",
    )
    assert ("For example:" in under(page, "constraints"), "1 thing could be mended" in page.text) == (True, True)


def test_a_step_without_anything_to_mend_says_so_quietly(browser, make_challenge):
    draft = make_challenge(status="draft", template="contest")
    pages = [assert_page_ok(browser.get(step_of(draft, step))) for step in ("brief", "prize", "dates", "check")]
    assert ["Nothing to mend" in page.text for page in pages] == [True, True, True, True]


def test_the_last_step_lists_everything_with_a_link_and_may_publish(browser, draft):
    page = assert_page_ok(browser.get(step_of(draft, "check")))
    links = [one.attributes["href"] for one in page.all("a") if one.text == "Go to this field"]
    publish = next(button for button in page.all("button") if button.text == "Publish")
    assert (f"{step_of(draft)}#lint-constraints" in links, "disabled" in publish.attributes) == (True, False)


def test_a_language_without_word_lists_is_said(browser, draft):
    Challenge.objects.filter(pk=draft.pk).update(language="nl")
    assert "There are no word lists" in assert_page_ok(browser.get(step_of(draft, "check"))).text


def test_after_an_automatic_saving_only_the_findings_are_sent(browser, draft):
    answer = browser.get(findings_of(draft), **HTMX)
    content = answer.content.decode()
    assert (answer.status_code, "<h1" in content, 'id="lint-constraints" hx-swap-oob="true"' in content) == (
        200,
        False,
        True,
    )
    services.save_brief(
        challenge_id=draft.pk, actor=draft.owner, at=draft.created_at, constraints="At most 2 kg. Your rights stay."
    )
    assert "Nothing to mend here." in browser.get(findings_of(draft), **HTMX).content.decode()


def test_without_htmx_or_once_public_the_step_is_shown_instead(browser, draft, make_challenge):
    answers = [browser.get(findings_of(draft)), browser.get(findings_of(make_challenge()), **HTMX)]
    assert ([answer.status_code for answer in answers], answers[0].headers["Location"]) == ([302, 302], step_of(draft))


def test_findings_of_a_step_without_any_are_404(browser, draft):
    assert [browser.get(findings_of(draft, step)).status_code for step in ("goal", "check", "colour")] == [404] * 3


@pytest.mark.parametrize("step", ["brief", "check"])
def test_a_finding_is_set_aside_with_a_word_and_taken_up_again(browser, draft, step):
    key = "constraints_missing:constraints"
    answer = browser.post(step_of(draft, step), {"aside": key, "word": "Everything goes."})
    page = assert_page_ok(browser.get(step_of(draft, step)))
    assert (answer.status_code, "Set aside: Everything goes." in page.text) == (302, True)
    assert answer.headers["Location"].endswith("#lint-constraints" if step == "brief" else "#lint")
    browser.post(step_of(draft, step), {"take_up": key})
    page = assert_page_ok(browser.get(step_of(draft, step)))
    assert ("Set aside: Everything goes." in page.text, SetAside.objects.count()) == (False, 0)


@pytest.mark.parametrize("step", ["brief", "check"])
def test_setting_aside_without_a_word_is_refused_with_the_reason(browser, draft, step):
    answer = browser.post(step_of(draft, step), {"aside": "constraints_missing:constraints", "word": " "})
    assert "Say in a word why" in assert_page_ok(answer, status=409).text
    assert SetAside.objects.count() == 0


@pytest.mark.parametrize("who", ["member", "stranger", "other_owner"])
def test_findings_do_not_exist_for_others(request, client_of, clock, draft, other_organisation, who):
    browser = client_of(request.getfixturevalue(who))
    answers = [
        browser.get(findings_of(draft), **HTMX),
        browser.post(step_of(draft), {"aside": "vague:title", "word": "x"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_reading_findings_takes_one_question_more(browser, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        browser.get(step_of(draft))
    assert queries.lint_of(draft).findings[0].code == "constraints_missing"


def test_pages_of_the_linter_hide_nothing_from_the_reader_of_another_language(browser, draft, owner):
    services.save_brief(challenge_id=draft.pk, actor=owner, at=draft.created_at, why_now="It must be faster.")
    quotes = [q for q in assert_page_ok(browser.get(step_of(draft))).all("q") if q.text == "faster"]
    assert [quote.attributes["lang"] for quote in quotes] == ["en"]


def refused(act, **values):
    with pytest.raises(RefusedError) as error:
        act(**values)
    return error.value.refusal.code


def test_a_public_challenge_has_nothing_to_set_aside(make_challenge, owner, at):
    known = {"challenge_id": make_challenge().pk, "finding": "vague:title", "actor": owner, "at": at}
    codes = [refused(services.set_aside_finding, word="x", **known), refused(services.take_up_finding, **known)]
    assert codes == ["challenges.published", "challenges.published"]
