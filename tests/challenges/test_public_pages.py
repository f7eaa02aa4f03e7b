"""What the world reads."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from permea.challenges import services
from permea.people.models import Membership, Organisation
from permea.surface.testing import assert_page_ok

TICK, DAY = timedelta(microseconds=1), timedelta(days=1)


def public(client, challenge):
    return client.get(reverse("challenges:public", args=[challenge.key]))


def test_anybody_reads_brief_prize_terms_dates_criteria_and_number_of_entrants(client, clock, make_challenge):
    shown = make_challenge()
    for _entry in range(7):
        services.count_entry(challenge_id=shown.pk, change=1)
    text = assert_page_ok(public(client, shown)).text
    wanted = [
        shown.title,
        "bruises [18] of 100",
        "EUR 15,000",
        "Winners grant a licence",
        "Mar 30, 2026, 10:00",
        "Technical feasibility",
        "25 %",
        "Entrants so far7",
        "Enter this challenge",
    ]
    squeezed = text.replace("\N{NO-BREAK SPACE}", " ").replace("Entrants so far 7", "Entrants so far7")
    assert [part for part in wanted if part not in squeezed] == []


def test_the_page_tells_search_engines_and_messengers_what_it_is_about(client, clock, make_challenge):
    shown = make_challenge()
    page = assert_page_ok(public(client, shown))
    metas = {
        meta.attributes.get("name") or meta.attributes.get("property"): meta.attributes.get("content")
        for meta in page.all("meta")
    }
    assert (metas["description"], metas["og:title"], metas["og:url"].endswith(f"/c/{shown.key}/")) == (
        shown.teaser,
        shown.title,
        True,
    )


def test_the_page_and_all_it_loads_weigh_less_than_100_kb(client, clock, make_challenge):
    html = public(client, make_challenge()).content.decode()
    loaded = re.findall(r'(?:href|src)="/static/([^"?]+)"', html)
    weight = len(html.encode()) + sum(Path(str(finders.find(name))).stat().st_size for name in loaded)
    assert (len(loaded) > 5, weight < 100_000) == (True, True), weight


def test_the_page_needs_no_script(client, clock, make_challenge):
    page = assert_page_ok(public(client, make_challenge()))
    actions = [a.attributes["href"] for a in page.all("a") if a.text == "Enter this challenge"]
    assert [action.endswith("/enter/") for action in actions] == [True]


def test_at_the_closing_instant_the_page_says_closed_with_the_exact_time(client, clock, make_challenge):
    shown = make_challenge()
    texts = []
    for clock.at in (shown.closes_at - TICK, shown.closes_at):
        texts.append(assert_page_ok(public(client, shown)).text)
    said = "Entries closed on Mar 30, 2026, 10:00"
    assert [(said in text, "Enter this challenge" in text) for text in texts] == [(False, True), (True, False)]


def test_before_it_opens_the_page_says_when(client, clock, make_challenge, at):
    text = assert_page_ok(public(client, make_challenge(opens_at=at + DAY))).text
    assert ("Entries open on Mar 3, 2026, 10:00" in text, "Enter this challenge" in text) == (True, False)


def test_a_decided_challenge_stays_readable(client, clock, make_challenge, owner, at):
    shown = make_challenge(closed=True)
    services.mark_decided(challenge_id=shown.pk, actor=owner, at=at)
    assert "It is decided" in assert_page_ok(public(client, shown)).text


def test_a_moved_deadline_is_shown_with_its_reason(client, clock, make_challenge, owner, at):
    shown = make_challenge()
    services.extend(challenge_id=shown.pk, closes_at=shown.closes_at + DAY, reason="Bad weather", actor=owner, at=at)
    text = assert_page_ok(public(client, shown)).text
    assert ("Bad weather" in text, "Mar 31, 2026, 11:00" in text) == (True, False)
    assert "Mar 31, 2026, 10:00" in text


def test_the_timetable_says_what_may_be_done_now_and_until_when(client, clock, make_challenge):
    shown = make_challenge()
    current = []
    for clock.at in (shown.closes_at - TICK, shown.closes_at):
        page = assert_page_ok(public(client, shown))
        current.append([step.text for step in page.all("li") if step.attributes.get("aria-current") == "step"])

    (entry,), (review,) = current
    assert ("until Mar 30, 2026, 10:00" in entry, "handed in, changed and withdrawn" in entry) == (True, True)
    assert ("Review and decision" in review, "now" in review) == (True, True)


def test_the_text_keeps_its_language_in_a_page_of_another(client, clock, make_challenge):
    shown = make_challenge(language="de", template="supplier")
    page = assert_page_ok(public(client, shown))
    assert (page.all("h1")[0].attributes["lang"], page.all("html")[0].attributes["lang"]) == ("de", "en")


@pytest.mark.parametrize("who", [None, "solver", "owner", "other_owner"])
def test_drafts_are_404_for_everybody(request, client, client_of, clock, make_challenge, other_organisation, who):
    browser = client_of(request.getfixturevalue(who)) if who else client
    draft = make_challenge(status="draft")
    answers = [public(browser, draft), browser.get(reverse("challenges:qr", args=[draft.key]))]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_code_to_scan_is_a_small_drawing(client, clock, make_challenge):
    answer = client.get(reverse("challenges:qr", args=[make_challenge().key]))
    assert (answer.status_code, answer["Content-Type"], b"<path" in answer.content, len(answer.content) < 20_000) == (
        200,
        "image/svg+xml",
        True,
        True,
    )


def test_what_a_person_wrote_is_never_taken_for_markup(client, clock, make_challenge):
    nasty = '<script>alert("x")</script> & "quotes"'
    html = public(client, make_challenge(title=nasty, teaser=nasty, problem=nasty)).content.decode()
    assert ("<script>alert" in html, "&lt;script&gt;alert" in html) == (False, True)


def test_home_lists_what_is_open_and_what_was(client, clock, make_challenge):
    opened, closed = make_challenge(title="Still open"), make_challenge(closed=True, title="Over now")
    make_challenge(status="draft", title="Secret")
    page = assert_page_ok(client.get("/"))
    hrefs = [a.attributes["href"] for a in page.all("a")]
    assert ([f"/c/{row.key}/" in hrefs for row in (opened, closed)], "Secret" in page.text) == ([True, True], False)


def test_home_says_when_nothing_is_open(client, clock, organisation):
    assert "Nothing is open just now" in assert_page_ok(client.get("/")).text


def test_home_of_a_new_instance_says_how_to_begin(client, db):
    Membership.objects.all().delete()
    Organisation.objects.all().delete()
    assert "first-owner link" in assert_page_ok(client.get("/")).text


def test_home_sends_members_to_what_waits_for_them_and_others_not(client_of, clock, member, solver, organisation):
    answers = [client_of(person).get("/") for person in (member, solver)]
    assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [
        (302, "/today/"),
        (200, None),
    ]
