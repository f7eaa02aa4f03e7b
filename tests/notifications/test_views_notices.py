"""The bell and its list."""

from __future__ import annotations

import pytest

from permea.notifications import queries
from permea.notifications.models import Notice
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db


def texts(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def idea(make_challenge, make_idea, solver):
    """Return an idea of Sam's, whose receipt stands under his bell."""
    return make_idea(challenge=make_challenge(title="Soft fruit picker"), author=solver, title="Grip")


def test_without_notices_the_page_says_what_will_come(client_of, stranger):
    page = client_of(stranger).get("/notices/")
    assert_page_ok(page)
    assert ("Nothing new" in texts(page), "Mark all as read" in texts(page)) == (True, False)


def test_a_contributor_reads_on_a_public_page_and_a_member_inside(client_of, idea, solver, owner):
    outside, inside = client_of(solver).get("/notices/"), client_of(owner).get("/notices/")
    assert_page_ok(outside)
    assert_page_ok(inside)
    assert "Receipt: “Grip”, version 1" in texts(outside)
    assert ("is-public" in texts(outside), "has-rail" in texts(inside)) == (True, True)


def test_the_bell_counts_what_is_unread_on_every_page_without_a_query_of_its_own(
    client_of, idea, solver, django_assert_num_queries
):
    client = client_of(solver)
    assert "1 unread notice" in texts(client.get("/my/"))
    with django_assert_num_queries(3) as asked:
        client.get("/me/erase/done/")
    assert sum("notifications_notice" in query["sql"] for query in asked.captured_queries) == 1


def test_very_many_unread_notices_do_not_burst_the_bell(client_of, idea, solver, at):
    rows = [Notice(person=solver, kind="answer", challenge=idea.challenge, idea=idea, at=at) for _ in range(120)]
    Notice.objects.bulk_create(rows)
    client = client_of(solver)
    first, third = client.get("/notices/"), client.get("/notices/?page=3")
    assert ("99+" in texts(first), texts(first).count("data-item"), texts(third).count("data-item")) == (True, 50, 21)


def test_reading_one_as_a_plain_form_goes_back_to_the_list(client_of, idea, solver):
    notice = Notice.objects.get(person=solver)
    answer = client_of(solver).post(f"/notices/{notice.key}/read/?page=2")
    assert (answer.status_code, answer["Location"], queries.count_unread(solver)) == (302, "/notices/?page=2", 0)


def test_reading_one_by_htmx_answers_with_the_list(client_of, idea, solver):
    notice = Notice.objects.get(person=solver)
    answer = client_of(solver).post(f"/notices/{notice.key}/read/", headers={"HX-Request": "true"})
    text = texts(answer)
    assert ("<html" in text, 'id="notices"' in text, "Grip" in text, "notice-unread" in text) == (
        False,
        True,
        True,
        False,
    )


def test_nobody_reads_anothers_notice(client_of, idea, solver, solver_two):
    notice = Notice.objects.get(person=solver)
    answer = client_of(solver_two).post(f"/notices/{notice.key}/read/")
    assert (answer.status_code, queries.count_unread(solver)) == (404, 1)


def test_looking_changes_nothing(client_of, idea, solver):
    client = client_of(solver)
    statuses = [client.get(path).status_code for path in ("/notices/", "/notices/read/")]
    assert (statuses, queries.count_unread(solver)) == ([200, 405], 1)


def test_what_became_invisible_shows_no_title_and_leaves_with_reading_all(client_of, idea, solver):
    idea.contributors.all().delete()
    client = client_of(solver)
    page = texts(client.get("/notices/"))
    assert ("Grip" in page, "1 unread notice is about something you can no longer open." in page) == (False, True)
    client.post("/notices/read/")
    assert ("unread" in texts(client.get("/notices/")), queries.count_unread(solver)) == (False, 0)
