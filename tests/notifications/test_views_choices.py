"""Choosing what comes by mail, and unsubscribing by a link."""

from __future__ import annotations

import pytest
from django.test import Client

from permea.notifications import queries, rules, services
from permea.people import services as people
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db
TIMETABLE = rules.topic_named("timetable")
PLAIN = {"every": "daily", "weekday": "0", "hour": "7"}


def texts(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def link(solver) -> str:
    """Return the path of Sam's link to unsubscribe from new closing times."""
    return "/" + queries.unsubscribe_link(solver, TIMETABLE).split("/", 3)[3]


def test_a_contributor_chooses_on_a_public_page(client_of, solver):
    client = client_of(solver)
    page = client.get("/me/notifications/")
    assert_page_ok(page)
    assert ("New times and steps" in texts(page), "Settled rights" in texts(page), "Receipts" in texts(page)) == (
        True,
        False,
        True,
    )
    weekly = {
        "every": "weekly",
        "weekday": "4",
        "hour": "12",
        "topic_timetable": "digest",
        "topic_built_on": "now",
        "topic_talk": "now",
        "topic_votes": "now",
    }
    answer = client.post("/me/notifications/", weekly)
    assert answer["Location"] == "/me/notifications/"
    assert (queries.ways_of(solver)["timetable"], queries.rhythm_of(solver)) == (
        "digest",
        rules.Rhythm("weekly", 12, 4),
    )


def test_the_day_of_a_daily_digest_does_not_matter(client_of, solver):
    client_of(solver).post("/me/notifications/", {**PLAIN, "weekday": "3", "topic_timetable": "now"})
    assert queries.rhythm_of(solver) == rules.DEFAULT_RHYTHM


def test_those_who_manage_choose_about_more(client_of, organisation, owner):
    page = client_of(owner).get("/me/notifications/")
    assert_page_ok(page)
    assert ("Settled rights" in texts(page), "Answers that fall due" in texts(page)) == (True, True)


@pytest.mark.parametrize("wrong", [{"hour": "24"}, {"every": "hourly"}, {"topic_timetable": "never"}, {"weekday": "9"}])
def test_what_makes_no_sense_is_not_stored(client_of, solver, wrong):
    answer = client_of(solver).post("/me/notifications/", {**PLAIN, "topic_timetable": "off", **wrong})
    assert (answer.status_code, queries.ways_of(solver)["timetable"]) == (422, "now")


def test_looking_at_a_link_to_unsubscribe_changes_nothing(client, link, solver):
    page = client.get(link)
    assert_page_ok(page)
    assert ("New times and steps" in texts(page), queries.ways_of(solver)["timetable"]) == (True, "now")


def test_one_click_unsubscribes_without_cookies_and_twice_is_as_good(link, solver):
    program = Client(enforce_csrf_checks=True)
    answers = [program.post(link, {"List-Unsubscribe": "One-Click"}) for _twice in range(2)]
    assert ([answer.status_code for answer in answers], queries.ways_of(solver)["timetable"]) == ([200, 200], "off")
    assert "No more mail comes about: New times and steps." in texts(answers[0])


def test_a_link_to_unsubscribe_tells_nothing_about_its_person(client, link, solver):
    page = texts(client.get(link))
    assert (solver.name in page, str(solver.email) in page) == (False, False)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_signature_is_404(client, link, solver, method):
    answer = getattr(client, method)(link.replace(":", ":x"))
    assert (answer.status_code, queries.ways_of(solver)["timetable"]) == (404, "now")


def test_mail_that_comes_back_is_told_at_the_next_sign_in_and_tried_again(client, solver, at, settings):
    services.note_undeliverable(email=str(solver.email), answer="550 no such <mailbox>", at=at)
    link = people.sign_in_link(person=solver, at=at, until=at.replace(year=at.year + 50))
    client.post(link)
    page = texts(client.get("/me/notifications/"))
    assert "Mail to sam@workshop.example comes back." in page
    assert ("550 no such &lt;mailbox&gt;" in page, "Try again" in page) == (True, True)

    client.post("/me/notifications/try-again/")

    assert queries.undeliverable_of(solver.email) is None


def test_who_gets_mail_signs_in_without_a_word_about_it(client, solver, at):
    link = people.sign_in_link(person=solver, at=at, until=at.replace(year=at.year + 50))
    client.post(link)
    assert "comes back" not in texts(client.get("/me/notifications/"))
