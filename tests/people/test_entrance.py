"""Coming in: an address, a code, a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from permea.foundation.clock import now
from permea.notifications.models import Mail
from permea.people import queries, services
from permea.people.adapters import AccountAdapter
from permea.people.models import Person
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db
LOGIN, CONFIRM = "/account/login/", "/account/login/code/"
PENDING = "account_login"


@pytest.fixture
def visitor() -> Client:
    return Client()


def signed_in_as(client: Client) -> Person | None:
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


def ask_for_code(client: Client, email: str, following: str = "") -> None:
    answer = client.post(LOGIN, {"email": email, "next": following})
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, CONFIRM)


def texts(answer) -> str:
    return answer.content.decode()


def test_the_sign_in_page_is_a_good_page(visitor):
    assert_page_ok(visitor.get(LOGIN))


def test_a_known_person_comes_in_by_code_and_goes_on(visitor, solver, code_for):
    ask_for_code(visitor, str(solver.email), "/me/")
    assert_page_ok(visitor.get(CONFIRM))
    answer = visitor.post(CONFIRM, {"code": code_for(solver.email), "next": "/me/"})
    assert (answer.status_code, answer.url, signed_in_as(visitor)) == (302, "/me/", solver)


def test_the_code_may_be_typed_without_dash_and_in_any_case(visitor, solver, code_for):
    ask_for_code(visitor, str(solver.email))
    visitor.post(CONFIRM, {"code": code_for(solver.email).replace("-", " ").lower()})
    assert signed_in_as(visitor) == solver


def test_the_address_may_be_typed_in_any_case(visitor, solver, code_for):
    ask_for_code(visitor, " Sam@WORKSHOP.example ")
    visitor.post(CONFIRM, {"code": Mail.objects.get().text.split("\n")[2]})
    assert (signed_in_as(visitor), Person.objects.count()) == (solver, 1)


def test_a_newcomer_is_asked_for_name_and_consent_once_then_goes_on(visitor, code_for):
    ask_for_code(visitor, "new@world.example", "/me/")
    answer = visitor.post(CONFIRM, {"code": code_for("new@world.example"), "next": "/me/"})
    assert answer.url == "/welcome/?next=%2Fme%2F"
    page = visitor.get(answer.url)
    assert_page_ok(page)
    fields = {"name": "Nia", "affiliation": "", "country": "KE", "language": "de", "next": "/me/"}
    without = visitor.post("/welcome/", fields)
    assert (without.status_code, "Without your agreement" in texts(without)) == (422, True)
    done = visitor.post("/welcome/", {**fields, "consent": "on"})
    person = Person.objects.get()
    assert (done.url, person.name, person.country, person.language) == ("/me/", "Nia", "KE", "de")
    assert (queries.is_proven(person), person.consents.get().purpose) == (True, "privacy")
    assert (visitor.get("/me/").headers["Content-Language"], person.time_zone) == ("de", "Africa/Nairobi")


def test_without_consent_every_page_but_ones_own_data_leads_back_to_the_question(visitor, code_for):
    ask_for_code(visitor, "new@world.example")
    visitor.post(CONFIRM, {"code": code_for("new@world.example")})

    asked = [visitor.get("/my/?page=2"), visitor.post(reverse("surface:preview")), visitor.get("/today/")]

    assert [answer["Location"] for answer in asked] == [
        "/welcome/?next=/my/%3Fpage%3D2", "/welcome/?next=", "/welcome/?next=/today/",
    ]  # fmt: skip
    assert [visitor.get(path).status_code for path in ("/api/me", "/me/data.json", "/me/erase/", "/me/tokens/")] == [
        401, 200, 200, 302,
    ]  # fmt: skip
    visitor.post("/welcome/", {"name": "Nia", "language": "en", "consent": "on"})
    assert [visitor.get(path).status_code for path in ("/api/me", "/my/")] == [200, 200]


def test_going_on_leads_nowhere_else(visitor, code_for):
    ask_for_code(visitor, "new@world.example", "https://evil.example/")
    answer = visitor.post(CONFIRM, {"code": code_for("new@world.example"), "next": "https://evil.example/"})
    fields = {"name": "Nia", "language": "en", "consent": "on", "next": "https://evil.example/"}
    assert "evil" not in answer.url
    assert visitor.post("/welcome/", fields).url == "/my/"


def test_known_and_unknown_addresses_get_the_same_answers(solver):
    answers = []
    for email in (str(solver.email), "unknown@world.example"):
        client = Client()
        first = client.post(LOGIN, {"email": email})
        page = texts(client.get(CONFIRM)).replace(email, "ADDRESS")
        wrong = texts(client.post(CONFIRM, {"code": "AAAA-AAAA"})).replace(email, "ADDRESS")
        answers.append((first.status_code, first.url, without_csrf(page), without_csrf(wrong)))
    assert answers[0] == answers[1]
    kinds = list(Mail.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["login_code", "login_code"]


def without_csrf(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf" not in line)


def test_a_wrong_code_is_said_to_be_wrong_and_how_many_tries_are_left(visitor, solver):
    ask_for_code(visitor, str(solver.email))
    answer = visitor.post(CONFIRM, {"code": "AAAA-AAAA"})
    assert ("not the code we sent" in texts(answer), "3 tries left" in texts(answer)) == (True, True)
    assert signed_in_as(visitor) is None


def test_the_fourth_wrong_code_ends_it_and_the_right_one_is_too_late(visitor, solver, code_for):
    ask_for_code(visitor, str(solver.email))
    for _try in range(3):
        assert visitor.post(CONFIRM, {"code": "AAAA-AAAA"}).status_code == 200
    last = visitor.post(CONFIRM, {"code": "AAAA-AAAA"})
    assert last.url == LOGIN
    assert "tried too often" in texts(visitor.get(LOGIN))
    visitor.post(CONFIRM, {"code": code_for(solver.email)})
    assert signed_in_as(visitor) is None


def age(client: Client, seconds: int) -> None:
    """Let the pending sign-in be `seconds` older than it is."""
    session = client.session
    pending = session[PENDING]
    pending["state"]["stages"]["login_by_code"]["data"]["at"] -= seconds
    pending["initiated_at"] -= seconds
    session[PENDING] = pending
    session.save()


@pytest.mark.parametrize(("seconds", "comes_in"), [(15 * 60 - 5, True), (15 * 60 + 1, False), (31 * 60, False)])
def test_a_code_counts_for_fifteen_minutes_and_says_so_afterwards(visitor, solver, code_for, seconds, comes_in):
    ask_for_code(visitor, str(solver.email))
    age(visitor, seconds)
    answer = visitor.post(CONFIRM, {"code": code_for(solver.email)})
    assert (signed_in_as(visitor) == solver) is comes_in
    if not comes_in:
        assert answer.url == LOGIN
        assert "expired or was used already" in texts(visitor.get(LOGIN))


def test_a_code_works_once_and_a_double_click_does_no_harm(visitor, solver, code_for):
    ask_for_code(visitor, str(solver.email))
    code = code_for(solver.email)
    first = visitor.post(CONFIRM, {"code": code})
    second = visitor.post(CONFIRM, {"code": code})
    assert (first.status_code, second.status_code, signed_in_as(visitor)) == (302, 302, solver)
    other = Client()
    answer = other.post(CONFIRM, {"code": code})
    assert (answer.url, signed_in_as(other)) == (LOGIN, None)


def test_a_code_works_only_in_the_window_that_asked_for_it(visitor, solver, stranger, code_for):
    ask_for_code(visitor, str(solver.email))
    thief = Client()
    ask_for_code(thief, str(stranger.email))
    thief.post(CONFIRM, {"code": code_for(solver.email)})
    assert signed_in_as(thief) is None


def test_asking_for_the_code_twice_makes_one_person(visitor):
    for _twice in range(2):
        ask_for_code(visitor, "new@world.example")
    assert Person.objects.count() == 1


def test_a_new_code_replaces_the_one_before(visitor, solver, code_for):
    ask_for_code(visitor, str(solver.email))
    old = code_for(solver.email)
    visitor.post(CONFIRM, {"action": "resend"})
    new = code_for(solver.email)
    assert visitor.post(CONFIRM, {"code": old}).status_code == 200
    visitor.post(CONFIRM, {"code": new})
    assert signed_in_as(visitor) == solver


def test_the_code_mail_is_in_the_readers_language(visitor, make_person):
    person = make_person("berta@firma.example", "Berta", language="de")
    ask_for_code(visitor, str(person.email))
    assert Mail.objects.get().language == "de"


@pytest.fixture
def limits(settings):
    settings.RATE_LIMITS = True
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key"}
    cache.clear()
    yield
    cache.clear()


def test_codes_to_one_address_are_limited(limits, solver):
    answers = [Client().post(LOGIN, {"email": str(solver.email)}).status_code for _try in range(4)]
    refused = Client().post(LOGIN, {"email": str(solver.email)})
    assert (answers, "tried too often" in texts(refused)) == ([302, 302, 302, 200], True)
    assert Mail.objects.count() == 3


def test_codes_to_many_addresses_from_one_place_are_limited(limits):
    answers = [Client().post(LOGIN, {"email": f"a{n}@world.example"}).status_code for n in range(22)]
    assert (answers[:20], answers[20:], Mail.objects.count()) == ([302] * 20, [200] * 2, 20)
    assert Person.objects.count() == 20


def test_what_is_no_address_makes_nobody(visitor):
    evil = "a@b.example\r\nBcc: everybody@world.example"
    answers = [visitor.post(LOGIN, {"email": email}).status_code for email in ("", "nobody", evil)]
    assert (answers, Person.objects.count(), Mail.objects.count()) == ([200, 200, 200], 0, 0)


def test_signing_out_takes_a_press_of_the_button(client_of, solver):
    client = client_of(solver)
    assert_page_ok(client.get("/account/logout/"))
    still = signed_in_as(client)
    client.post("/account/logout/")
    assert (still, signed_in_as(client)) == (solver, None)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_who_set_up_an_authenticator_needs_it_after_the_code(visitor, solver, code_for):
    secret = generate_totp_secret()
    TOTP.activate(solver, secret)
    ask_for_code(visitor, str(solver.email))
    answer = visitor.post(CONFIRM, {"code": code_for(solver.email)})
    assert (answer.url, signed_in_as(visitor)) == ("/account/2fa/authenticate/", None)
    assert_page_ok(visitor.get(answer.url))
    visitor.post(answer.url, {"code": code_of(secret)})
    assert signed_in_as(visitor) == solver


def test_an_authenticator_and_recovery_codes_are_set_up_and_work(client_of, solver, visitor, code_for):
    client = client_of(solver)
    assert_page_ok(client.get("/account/2fa/"))
    page = client.get("/account/2fa/totp/activate/")
    assert_page_ok(page)
    secret = client.session["mfa.totp.secret"]
    client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert queries.second_factors_of(solver) == {"totp", "recovery_codes"}
    cache.clear()  # the same authenticator code is not taken twice
    again = client.get("/account/2fa/recovery-codes/")
    assert_page_ok(client.get(again.url))
    client.post(again.url, {"code": code_of(secret)})
    assert_page_ok(client.get("/account/2fa/recovery-codes/"))
    codes = client.get("/account/2fa/recovery-codes/download/").content.decode().split()
    ask_for_code(visitor, str(solver.email))
    visitor.post(CONFIRM, {"code": code_for(solver.email)})
    visitor.post("/account/2fa/authenticate/", {"code": codes[-1]})
    assert signed_in_as(visitor) == solver


def test_passkeys_are_offered_and_can_be_added(client_of, solver, visitor):
    options = visitor.get("/account/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    assert "challenge" in options.json()["request_options"]["publicKey"]
    page = client_of(solver).get("/account/2fa/webauthn/add/")
    assert_page_ok(page)


def link_for(person: Person) -> str:
    at = now()
    return services.sign_in_link(person=person, at=at, until=at + timedelta(minutes=15))


def test_a_sign_in_link_signs_in_at_the_press_of_a_button(visitor, solver):
    path = link_for(solver)
    page = visitor.get(path)
    assert_page_ok(page)
    before = signed_in_as(visitor)
    answer = visitor.post(path)
    assert (before, answer.url, signed_in_as(visitor)) == (None, "/my/", solver)
    assert Client().get(path).status_code == 404


def test_in_the_demo_a_sign_in_link_signs_in_at_once(visitor, solver, settings):
    settings.DEMO = True
    path = link_for(solver)
    for _again in range(2):
        visitor.get(path)
        assert signed_in_as(visitor) == solver


def test_a_sign_in_link_does_not_get_round_the_second_factor(visitor, solver):
    TOTP.activate(solver, generate_totp_secret())
    answer = visitor.post(link_for(solver))
    assert (answer.url, signed_in_as(visitor)) == ("/account/2fa/authenticate/", None)


def test_members_land_where_decisions_wait(visitor, owner, organisation, code_for):
    ask_for_code(visitor, str(owner.email))
    answer = visitor.post(CONFIRM, {"code": code_for(owner.email)})
    assert answer.url == "/today/"


def test_who_agreed_to_the_privacy_notice_is_not_asked_again_in_another_language(
    visitor, owner, organisation, code_for
):
    Person.objects.filter(pk=owner.pk).update(language="fr")
    ask_for_code(visitor, str(owner.email))
    answer = visitor.post(CONFIRM, {"code": code_for(owner.email)})
    assert (answer.url, queries.privacy_notice("fr")[1]) == ("/today/", "fr")


def test_the_privacy_notice_is_public_and_in_the_readers_language(visitor, organisation):
    page = visitor.get("/privacy/")
    assert_page_ok(page)
    german = visitor.get("/privacy/", HTTP_ACCEPT_LANGUAGE="de")
    french = visitor.get("/privacy/", HTTP_ACCEPT_LANGUAGE="fr")
    assert ("Lindenhof Robotics" in texts(page), "Was gespeichert wird" in texts(german)) == (True, True)
    spanish = visitor.get("/privacy/", HTTP_ACCEPT_LANGUAGE="es")
    assert ("Ce qui est conservé" in texts(french), "Qué se guarda" in texts(spanish)) == (True, True)
    assert queries.privacy_notice("xx")[1] == "en"


def test_the_welcome_page_is_for_people_only(visitor):
    assert visitor.get("/welcome/").url == "/account/login/?next=/welcome/"


def test_there_is_no_other_way_of_signing_up(rf):
    assert AccountAdapter().is_open_for_signup(rf.get("/")) is False
    assert Client().get("/account/signup/").status_code == 404
