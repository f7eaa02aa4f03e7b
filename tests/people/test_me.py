"""My own pages, and who a program acts for."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from permea.people import queries, services
from permea.people.models import AccessToken, Person
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db
PROFILE = {
    "name": "Samantha Solver",
    "affiliation": "New Works",
    "country": "FR",
    "language": "de",
    "time_zone": "America/New_York",
}


def texts(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/me/", "/me/tokens/", "/me/erase/"])
def test_my_pages_are_good_pages_inside_and_outside(client_of, organisation, owner, solver, path):
    assert_page_ok(client_of(solver).get(path))
    assert_page_ok(client_of(owner).get(path))


@pytest.mark.parametrize("path", ["/me/", "/me/data.json", "/me/tokens/", "/me/erase/"])
def test_my_pages_are_for_people_who_are_signed_in(db, path):
    assert Client().get(path).url == f"/account/login/?next={path}"


def test_the_profile_is_stored_and_spoken(client_of, solver):
    client = client_of(solver)
    answer = client.post("/me/", PROFILE)
    solver.refresh_from_db()
    stored = {name: getattr(solver, name) for name in PROFILE}
    assert (answer.url, stored) == ("/me/", PROFILE)
    assert client.get("/me/").headers["Content-Language"] == "de"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 121), ("language", "xx"), ("time_zone", "Mars/Base"), ("country", "XX")],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client_of, solver, field, value):
    answer = client_of(solver).post("/me/", {**PROFILE, field: value})
    assert_page_ok(answer, status=422)
    solver.refresh_from_db()
    assert ("New Works" in texts(answer), solver.affiliation) == (True, "Solver Workshop")


def test_signing_out_elsewhere_leaves_me_here(client_of, solver):
    here, there = client_of(solver), client_of(solver)
    answer = here.post("/me/sessions/", follow=True)
    assert ("1 other session was ended" in texts(answer), there.get("/me/").status_code) == (True, 302)


def test_my_data_is_a_file_with_what_is_mine(client_of, solver, stranger):
    answer = client_of(solver).get("/me/data.json")
    data = json.loads(answer.content)
    assert ("attachment" in answer.headers["Content-Disposition"], data["person"]["name"]) == (True, "Sam Solver")
    assert stranger.key not in texts(answer)


def test_a_token_is_shown_once_works_and_can_be_revoked(client_of, solver):
    client = client_of(solver)
    made = client.post("/me/tokens/", {"label": "import"})
    assert_page_ok(made)
    secret = texts(made).partition('<code class="secret">')[2].partition("<")[0]
    later = client.get("/me/tokens/")
    assert (secret.startswith("permea_"), secret in texts(later), "import" in texts(later)) == (True, False, True)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/me").json()["email"] == solver.email
    client.post(f"/me/tokens/{AccessToken.objects.get().key}/revoke/")
    assert program.get("/api/me").status_code == 401


def test_a_token_needs_to_be_for_something(client_of, solver):
    assert_page_ok(client_of(solver).post("/me/tokens/", {"label": ""}), status=422)


def test_too_many_tokens_are_refused_with_the_reason(client_of, solver, at):
    for number in range(10):
        services.issue_token(person=solver, label=str(number), at=at)
    answer = client_of(solver).post("/me/tokens/", {"label": "11"})
    assert (answer.status_code, "Revoke one" in texts(answer)) == (409, True)


def test_nobody_revokes_anothers_token(client_of, solver, stranger, at):
    token, _secret = services.issue_token(person=solver, label="mine", at=at)
    assert client_of(stranger).post(f"/me/tokens/{token.key}/revoke/").status_code == 404


def test_a_program_learns_whom_it_acts_for(client_of, organisation, owner, other_organisation):
    answer = client_of(owner).get("/api/me").json()
    assert (answer["key"], answer["roles"]) == (
        owner.key,
        [{"organisation": organisation.key, "name": "Lindenhof Robotics", "role": "owner"}],
    )


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic wrong"}])
def test_nobody_is_nobody_to_the_api(db, headers):
    answer = Client(headers=headers).get("/api/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "api.sign_in")


def test_a_session_that_writes_by_the_api_shows_the_forms_token(solver):
    client = Client(enforce_csrf_checks=True)
    client.force_login(solver)
    answers = [client.get("/api/me").status_code, client.post("/api/me").status_code]
    assert answers == [200, 405]


def test_erasing_takes_the_tick_and_then_everything_goes(client_of, solver):
    client = client_of(solver)
    without = client.post("/me/erase/", {})
    assert (without.status_code, Person.objects.get(pk=solver.pk).erased_at) == (200, None)
    done = client.post("/me/erase/", {"sure": "on"})
    assert_page_ok(done)
    solver.refresh_from_db()
    assert (solver.email, client.get("/me/").status_code) == (None, 302)


def test_the_last_owner_is_told_why_they_cannot_be_erased(client_of, organisation, owner):
    client = client_of(owner)
    page = client.get("/me/erase/")
    assert_page_ok(page)
    answer = client.post("/me/erase/", {"sure": "on"})
    assert ("only owner of Lindenhof Robotics" in texts(page), answer.status_code) == (True, 409)
    owner.refresh_from_db()
    assert (owner.erased_at, queries.has_owner()) == (None, True)
