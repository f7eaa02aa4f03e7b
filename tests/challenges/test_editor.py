"""The guided editor."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from permea.agreements.services import publish_terms
from permea.challenges import queries, rules
from permea.challenges.models import Challenge, Criterion
from permea.strategy.services import close_goal
from permea.surface.testing import assert_page_ok

AUTOSAVE = {"HTTP_X_AUTOSAVE": "1"}


@pytest.fixture
def browser(client_of, owner, clock):
    """Return Olga's browser."""
    return client_of(owner)


@pytest.fixture
def draft(make_challenge):
    """Return a draft that lacks nothing."""
    return make_challenge(status="draft")


def step_of(challenge, step):
    return reverse("challenges:edit", args=[challenge.key, step])


def form_data(challenge, step, browser):
    """Return what a browser would send for the form of a step, as it is shown."""
    page = assert_page_ok(browser.get(step_of(challenge, step)))
    sent = {}
    for element in page.all("input"):
        kind, name = element.attributes.get("type", "text"), element.attributes.get("name", "")
        if name in {"aside", "take_up", "word"}:  # of the small forms beside the form of the step
            continue
        if kind in {"radio", "checkbox"} and "checked" not in element.attributes:
            continue
        sent.setdefault(name, []).append(element.attributes.get("value", "on" if kind == "checkbox" else ""))
    for element in page.all("textarea"):
        sent[element.attributes["name"]] = [element.text]
    for element in page.all("select"):
        chosen = [option for option in element.all("option") if "selected" in option.attributes]
        sent[element.attributes["name"]] = [option.attributes["value"] for option in chosen[:1]]
    return sent


def test_starting_from_a_template_leads_to_the_first_step(browser, organisation, make_goal):
    goal = make_goal()
    page = assert_page_ok(browser.get(reverse("challenges:new"), {"language": "de", "goal": goal.key}))
    answer = browser.post(
        reverse("challenges:new"), {"template": "technical", "language": "de", "goal": goal.key, "title": ""}
    )
    made = Challenge.objects.get()
    assert (answer.headers["Location"], made.goal, made.language) == (step_of(made, "goal"), goal, "de")
    assert "Technische Aufgabe" in page.text


def test_starting_from_an_empty_page(browser, organisation):
    browser.post(reverse("challenges:new"), {"template": "empty", "language": "en", "title": "Mine", "goal": ""})
    made = Challenge.objects.get()
    assert (made.title, made.template, made.problem) == ("Mine", "", "")


def test_starting_from_nothing_stays_with_the_form(browser, organisation):
    answer = browser.post(reverse("challenges:new"), {"template": "", "language": "en", "title": "Kept", "goal": ""})
    page = assert_page_ok(answer, status=422)
    assert ("Kept" in [field.attributes.get("value") for field in page.all("input")], Challenge.objects.count()) == (
        True,
        0,
    )


@pytest.mark.parametrize("step", rules.STEPS)
def test_each_step_of_a_whole_and_of_an_empty_draft_can_be_opened(browser, draft, make_challenge, organisation, step):
    browser.post(reverse("challenges:new"), {"template": "empty", "language": "en", "title": "", "goal": ""})
    empty = Challenge.objects.get(template="")
    assert_page_ok(browser.get(step_of(empty, step)))
    page = assert_page_ok(browser.get(step_of(draft, step)))
    lacks = [span for span in page.all("span") if span.attributes.get("class") == "wizard-missing"]
    assert (len(page.all("h1")), lacks) == (1, [])


@pytest.mark.parametrize("step", ["goal", "brief", "prize", "dates"])
def test_saving_a_step_as_shown_changes_nothing_and_goes_on(browser, draft, step):
    before = {field: getattr(draft, field) for field in rules.BRIEF_FIELDS}
    answer = browser.post(step_of(draft, step), form_data(draft, step, browser))
    draft = Challenge.objects.get(pk=draft.pk)
    after = rules.STEPS[rules.STEPS.index(step) + 1]
    changed = {field for field in rules.BRIEF_FIELDS if tidy(getattr(draft, field)) != tidy(before[field])}
    assert (answer.status_code, answer.headers["Location"], changed) == (302, step_of(draft, after), set())


def tidy(value):
    """Return a text with its blanks run together, as the parsed page shows it, and a moment to the minute."""
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    return " ".join(value.split()) if isinstance(value, str) else value


def test_half_a_step_is_kept_and_the_rest_stays_in_the_form(browser, draft):
    sent = {**form_data(draft, "prize", browser), "prize_amount": "much", "prize_note": "A trip"}
    page = assert_page_ok(browser.post(step_of(draft, "prize"), sent), status=422)
    draft.refresh_from_db()
    values = [field.attributes.get("value") for field in page.all("input")]
    assert (draft.prize_note, draft.prize_amount, "much" in values) == ("A trip", Decimal(15000), True)


def test_autosave_keeps_and_answers_without_a_page(browser, draft):
    sent = {**form_data(draft, "brief", browser), "title": "Typed so far"}
    answer = browser.post(step_of(draft, "brief"), sent, **AUTOSAVE)
    draft.refresh_from_db()
    assert (answer.status_code, answer.content, draft.title) == (204, b"", "Typed so far")


def test_autosave_says_what_it_could_not_keep(browser, draft):
    sent = {**form_data(draft, "goal", browser), "hours_limit": "many", "money_limit": "77"}
    answer = browser.post(step_of(draft, "goal"), sent, **AUTOSAVE)
    draft.refresh_from_db()
    assert (answer.status_code, answer["Content-Type"], "Limit for hours" in answer.json()["detail"]) == (
        409,
        "application/problem+json",
        True,
    )
    assert (draft.money_limit, draft.hours_limit) == (77, 60)


def test_autosave_of_what_has_become_public_is_refused(browser, draft, owner, make_challenge):
    sent = form_data(draft, "brief", browser)
    browser.post(reverse("challenges:publish", args=[draft.key]))
    saved = browser.post(step_of(draft, "brief"), {**sent, "title": "Too late"}, **AUTOSAVE)
    sent_plainly = browser.post(step_of(draft, "brief"), {**sent, "title": "Too late"})
    draft.refresh_from_db()
    assert (saved.status_code, saved.json()["code"], sent_plainly.status_code, draft.title == "Too late") == (
        409,
        "challenges.published",
        409,
        False,
    )


@pytest.mark.parametrize("reading", ["2026-03-29T02:30", "2026-10-25T02:30"])
def test_a_deadline_at_a_change_of_clocks_is_refused_with_a_sentence(browser, draft, reading):
    sent = {**form_data(draft, "dates", browser), "closes_at": reading}
    page = assert_page_ok(browser.post(step_of(draft, "dates"), sent), status=422)
    before = draft.closes_at
    draft.refresh_from_db()
    assert (reading.replace("T", " ") in page.text, "Europe/Berlin" in page.text, draft.closes_at) == (
        True,
        True,
        before,
    )


@pytest.mark.parametrize(
    ("reading", "stored"),
    [
        ("2026-03-28T18:00", datetime(2026, 3, 28, 17, tzinfo=UTC)),
        ("2026-03-29T18:00", datetime(2026, 3, 29, 16, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_stored_in_utc_on_either_side_of_the_change_of_clocks(browser, draft, reading, stored):
    sent = {**form_data(draft, "dates", browser), "closes_at": reading}
    browser.post(step_of(draft, "dates"), sent)
    draft.refresh_from_db()
    assert (draft.closes_at, form_data(draft, "dates", browser)["closes_at"]) == (stored, [reading])


def test_a_time_that_is_none_and_an_empty_one_are_told_apart(browser, draft):
    sent = {**form_data(draft, "dates", browser), "closes_at": "tomorrow", "answer_by": ""}
    assert_page_ok(browser.post(step_of(draft, "dates"), sent), status=422)
    kept = draft.closes_at
    draft.refresh_from_db()
    assert (draft.closes_at, draft.answer_by) == (kept, None)


def test_a_new_draft_is_offered_dates_from_its_template(browser, organisation):
    browser.post(reverse("challenges:new"), {"template": "technical", "language": "en", "title": "", "goal": ""})
    made = Challenge.objects.get()
    sent = form_data(made, "dates", browser)
    assert (sent["opens_at"], sent["closes_at"], sent["decide_by"], sent["answer_by"], made.opens_at) == (
        ["2026-03-03T09:00"],
        ["2026-04-28T18:00"],
        ["2026-05-26T18:00"],
        ["2026-06-02T18:00"],
        None,
    )


def test_criteria_saved_as_shown_stay_the_same(browser, draft):
    before = list(Criterion.objects.order_by("position").values_list("key", "name", "weight", "anchors"))
    answer = browser.post(step_of(draft, "criteria"), criteria_data(draft, browser))
    after = list(Criterion.objects.order_by("position").values_list("key", "name", "weight", "anchors"))
    assert (answer.headers["Location"], after == before) == (step_of(draft, "prize"), True)


def criteria_data(draft, browser):
    sent = form_data(draft, "criteria", browser)
    return {name: value for name, value in sent.items() if name not in {"add", "remove"}}


def test_a_criterion_is_added_from_the_library_written_anew_and_taken_away(browser, draft):
    names = []
    for action in ({"add": "novelty"}, {"add": "own"}, {"remove": "0"}, {"remove": "99"}):
        answer = browser.post(step_of(draft, "criteria"), {**criteria_data(draft, browser), **action})
        names.append(list(Criterion.objects.order_by("position").values_list("name", flat=True)))
        assert answer.headers["Location"] == step_of(draft, "criteria")
    usual = ["Technical feasibility", "Market potential", "Strategic alignment", "Evidence"]
    assert names == [
        [*usual, "Scientific novelty"],
        [*usual, "Scientific novelty", ""],
        [*usual[1:], "Scientific novelty", ""],
        [*usual[1:], "Scientific novelty", ""],
    ]


def test_a_weight_that_is_no_number_stays_in_the_form(browser, draft):
    sent = {**criteria_data(draft, browser), "c0-weight": "heavy"}
    assert_page_ok(browser.post(step_of(draft, "criteria"), sent), status=422)
    saved = browser.post(step_of(draft, "criteria"), sent, **AUTOSAVE)
    assert (saved.status_code, "Weight" in saved.json()["detail"]) == (409, True)


def test_criteria_are_saved_in_passing(browser, draft):
    sent = {**criteria_data(draft, browser), "c0-name": "Doable"}
    saved = browser.post(step_of(draft, "criteria"), sent, **AUTOSAVE)
    assert (saved.status_code, Criterion.objects.order_by("position").first().name) == (204, "Doable")


def test_criteria_of_a_public_challenge_are_refused(browser, draft):
    sent = criteria_data(draft, browser)
    browser.post(reverse("challenges:publish", args=[draft.key]))
    assert_page_ok(browser.post(step_of(draft, "criteria"), sent), status=409)


def test_a_closed_goal_and_an_old_version_of_the_terms_stay_chosen(browser, draft, owner, organisation, at):
    close_goal(goal_id=draft.goal.pk, actor=owner, at=at)
    publish_terms(organisation=organisation, kind="ip_licence", language="en", title="T", body="B", actor=owner, at=at)
    goals, terms = form_data(draft, "goal", browser), form_data(draft, "prize", browser)
    assert (goals["goal"], terms["ip_terms"]) == ([draft.goal.key], [draft.ip_terms.key])


def test_what_is_missing_links_to_its_step(browser, make_challenge):
    draft = make_challenge(status="draft", teaser="", hours_limit=None)
    page = assert_page_ok(browser.get(step_of(draft, "check")))
    links = [a.attributes["href"] for a in page.all("a") if a.text == "Put it right"]
    publish = next(button for button in page.all("button") if button.text == "Publish")
    wanted = [step_of(draft, "goal"), step_of(draft, "brief")]
    assert (links, "disabled" in publish.attributes) == (wanted, True)


def test_example_values_of_the_template_are_pointed_out(browser, draft):
    page = assert_page_ok(browser.get(step_of(draft, "check")))
    assert ("[95]" in page.text, "[square brackets]" in page.text) == (True, True)


def test_the_preview_is_the_public_page(browser, client, draft):
    preview = assert_page_ok(browser.get(reverse("challenges:preview", args=[draft.key])))
    browser.post(reverse("challenges:publish", args=[draft.key]))
    shown = assert_page_ok(client.get(reverse("challenges:public", args=[draft.key])))
    body = [next(d for d in page.all("div") if d.attributes.get("class") == "ask-body") for page in (preview, shown)]
    said = [[section.text for section in part.all("section") if "Timetable" not in section.text] for part in body]
    sections = [[text for text in texts if "Questions and answers" not in text] for texts in said]
    assert (sections[0] == sections[1], "Nobody outside sees it yet" in preview.text) == (True, True)


def test_the_preview_says_when_entries_will_open_and_works_without_any_dates(browser, organisation, make_challenge, at):
    later = make_challenge(status="draft", opens_at=datetime(2026, 3, 10, 8, tzinfo=UTC))
    browser.post(reverse("challenges:new"), {"template": "empty", "language": "en", "title": "", "goal": ""})
    empty = Challenge.objects.get(template="")
    pages = [assert_page_ok(browser.get(reverse("challenges:preview", args=[row.key]))) for row in (later, empty)]
    assert ["Entries open on" in page.text for page in pages] == [True, False]


def test_publishing_by_a_double_click_publishes_once_and_shows_the_challenge(browser, draft, heard):
    address = reverse("challenges:publish", args=[draft.key])
    answers = [browser.post(address) for _click in range(2)]
    overview = reverse("challenges:overview", args=[draft.key])
    assert ([answer.headers["Location"] for answer in answers], len(heard)) == ([overview, overview], 1)
    assert_page_ok(browser.get(overview))


def test_publishing_what_lacks_something_says_what(browser, make_challenge):
    draft = make_challenge(status="draft", teaser="")
    page = assert_page_ok(browser.post(reverse("challenges:publish", args=[draft.key])), status=409)
    assert "no teaser" in page.text


def test_the_editor_of_a_public_challenge_leads_to_its_page(browser, make_challenge):
    shown = make_challenge()
    answer = browser.get(step_of(shown, "brief"))
    assert answer.headers["Location"] == reverse("challenges:overview", args=[shown.key])


def test_a_step_that_does_not_exist_is_404(browser, draft):
    assert browser.get(step_of(draft, "colour")).status_code == 404


@pytest.mark.parametrize("who", ["member", "evaluator", "solver", "stranger", "other_owner"])
def test_the_editor_does_not_exist_for_others(request, client_of, clock, draft, other_organisation, who):
    browser = client_of(request.getfixturevalue(who))
    answers = [browser.get(step_of(draft, step)) for step in rules.STEPS]
    answers += [browser.post(step_of(draft, step)) for step in rules.STEPS]
    answers += [browser.get(reverse("challenges:preview", args=[draft.key]))]
    answers += [browser.post(reverse("challenges:publish", args=[draft.key]))]
    draft.refresh_from_db()
    assert ({answer.status_code for answer in answers}, draft.status) == ({404}, "draft")


def test_the_goal_step_without_any_goal_teaches_to_set_one(browser, organisation):
    browser.post(reverse("challenges:new"), {"template": "technical", "language": "en", "title": "", "goal": ""})
    page = assert_page_ok(browser.get(step_of(Challenge.objects.get(), "goal")))
    assert "There is no goal yet" in page.text


def test_an_unknown_goal_is_not_taken(browser, draft):
    sent = {**form_data(draft, "goal", browser), "goal": "unknown", "owner": ""}
    assert_page_ok(browser.post(step_of(draft, "goal"), sent), status=422)
    draft.refresh_from_db()
    assert queries.challenge_for_member(draft.owner, draft.key).goal is not None
