"""Pages that set the steps of a draft and change those of a running challenge; plain forms, nothing lost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from permea.challenges import rules
from permea.challenges.rules import Step
from permea.surface.testing import assert_page_ok

DAY = timedelta(days=1)
FIRST, SECOND = Step("improve", 7, "contributors"), Step("improve", 3, "members")


@pytest.fixture
def browser(client_of, owner, clock):
    """Return Olga's browser."""
    return client_of(owner)


def sent(*steps, **more):
    """Return what a browser sends for these steps."""
    rows = {}
    for place, step in enumerate(steps):
        rows |= {f"s{place}-what": step.name, f"s{place}-days": step.days, f"s{place}-circle": step.circle}
    return {**rows, "fewer_than": "", "extend_days": "", **more}


def shown_days(page):
    """Return what stands in the fields for days."""
    fields = [field.attributes for field in page.all("input")]
    return [field.get("value") for field in fields if field.get("name", "").endswith("-days")]


def address(challenge, name="change_steps", *args):
    return reverse(f"challenges:{name}", args=[challenge.key, *args])


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ({"add": "1"}, [7, 3, 7]),
        ({"remove": "0"}, [3]),
        ({"up": "1"}, [3, 7]),
        ({"down": "0"}, [3, 7]),
        ({"down": "1"}, [7, 3]),
        ({"up": "x"}, [7, 3]),
        ({"stay": "1"}, [7, 3]),
    ],
)
def test_buttons_arrange_the_steps_of_a_draft_and_keep_them(browser, make_challenge, button, kept):
    draft = make_challenge(status="draft")
    answer = browser.post(address(draft, "edit", "stages"), sent(FIRST, SECOND, **button))
    draft.refresh_from_db()
    assert (answer["Location"], [step["days"] for step in draft.steps]) == (address(draft, "edit", "stages"), kept)


def test_steps_and_rule_are_kept_and_shown_with_their_dates_and_readers(browser, make_challenge):
    draft = make_challenge(status="draft")
    answer = browser.post(address(draft, "edit", "stages"), sent(FIRST, fewer_than="5", extend_days="3"))
    draft.refresh_from_db()
    page = assert_page_ok(browser.get(address(draft, "edit", "stages")))
    preview = assert_page_ok(browser.get(address(draft, "preview")))
    assert (answer["Location"], draft.steps, draft.auto_moves) == (
        address(draft, "edit", "check"), rules.written_steps([FIRST]), {"extend_days": 3, "fewer_than": 5},
    )  # fmt: skip
    assert "Read by: everybody who entered" in page.text
    assert all(text in preview.text for text in ("Read by: everybody who entered", "fewer than 5 entries"))


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (sent(FIRST, Step("improve", 0, "members"), up="1"), 422),
        (sent(FIRST, SECOND, fewer_than="5"), 409),
        (sent(*[FIRST] * 7), 409),
        (sent(Step("vote", 7, "members")), 422),
    ],
)
def test_what_cannot_be_kept_stays_in_the_form_as_arranged(browser, make_challenge, form, status):
    draft = make_challenge(status="draft")
    page = assert_page_ok(browser.post(address(draft, "edit", "stages"), form), status=status)
    draft.refresh_from_db()
    typed = [str(value) for name, value in form.items() if name.endswith("-days")]
    assert (draft.steps, sorted(shown_days(page))) == ([], sorted(typed))


def test_autosave_keeps_steps_in_passing_and_says_what_it_could_not(browser, make_challenge):
    draft = make_challenge(status="draft")
    kept = browser.post(address(draft, "edit", "stages"), sent(FIRST), headers={"X-Autosave": "1"})
    bad = browser.post(address(draft, "edit", "stages"), sent(FIRST, fewer_than="x"), headers={"X-Autosave": "1"})
    draft.refresh_from_db()
    assert (kept.status_code, bad.status_code, draft.steps) == (204, 409, rules.written_steps([FIRST]))


def test_steps_of_a_running_challenge_change_with_a_reason_that_everybody_reads(browser, make_challenge, client):
    shown = make_challenge(steps=rules.written_steps([FIRST]))
    arranged = assert_page_ok(browser.post(address(shown), sent(FIRST, add="1", reason="Typed so far")))
    unsaid = assert_page_ok(browser.post(address(shown), sent(FIRST, SECOND, reason="")), status=422)
    answer = browser.post(address(shown), sent(FIRST, SECOND, reason="Fair week"))
    again = assert_page_ok(browser.post(address(shown), sent(FIRST, SECOND, reason="Again")), status=409)
    assert (shown_days(arranged), shown_days(unsaid), shown_days(again)) == (["7", "7"], ["7", "3"], ["7", "3"])
    assert "Typed so far" in [field.attributes.get("value") for field in arranged.all("input")]
    assert answer["Location"] == address(shown, "overview")
    for page in (browser.get(address(shown, "overview")), client.get(address(shown, "public"))):
        assert "Fair week" in assert_page_ok(page).text


def test_the_running_step_keeps_what_it_is_for_whatever_is_sent(browser, make_challenge, clock):
    shown = make_challenge(steps=rules.written_steps([Step("improve", 1, "members"), FIRST, SECOND]), closed=True)
    clock.at = shown.closes_at + 2 * DAY
    page = assert_page_ok(browser.get(address(shown)))
    browser.post(address(shown), sent(Step("vote", 9, "everyone"), SECOND, up="1"))
    browser.post(address(shown), sent(Step("vote", 9, "everyone"), reason="More time"))
    shown.refresh_from_db()
    assert ("Over already: Improvement, 1 day" in page.text, shown_days(page)) == (True, ["7", "3"])
    assert shown.steps == rules.written_steps([Step("improve", 1, "members"), Step("improve", 9, "contributors")])


def test_once_reviews_have_begun_the_page_says_so(browser, make_challenge):
    page = assert_page_ok(browser.get(address(make_challenge(closed=True))))
    assert ("The reviews have begun" in page.text, shown_days(page)) == (True, [])
