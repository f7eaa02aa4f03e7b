"""Signing in and the keys one signs in with: in the frame, without inline script, without passwords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from permea.people.models import Person
from permea.surface.testing import Element, assert_page_ok

Browser = Callable[[Person], Client]


def heading(page: Element) -> str:
    return page.all("h1")[0].text


def kinds(page: Element) -> set[str]:
    return {element.attributes.get("type", "text") for element in page.all("input")}


def passkeys(page: Element) -> list[str]:
    return [part.attributes["data-passkey"] for part in page.walk() if "data-passkey" in part.attributes]


@pytest.fixture
def key(solver: Person, monkeypatch: pytest.MonkeyPatch) -> Authenticator:
    """Give Sam a passkey; what a real one signs is left out."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda _user: [])
    return Authenticator.objects.create(
        user=solver,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Office laptop", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}},
    )


@pytest.fixture
def phone(solver: Person) -> str:
    """Give Sam an authenticator app and recovery codes; return the secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(solver, secret)
    RecoveryCodes.activate(solver)
    return secret


def test_one_page_asks_for_an_address_and_for_nothing_else(client: Client, db: None) -> None:
    page = assert_page_ok(client.get("/account/login/?next=/my/"))

    assert (heading(page), "password" in kinds(page)) == ("Sign in", False)
    following = [field.attributes["value"] for field in page.all("input") if field.attributes["name"] == "next"]
    assert following[1:] == ["/my/", "/my/"]


@pytest.mark.parametrize("address", ["sam@workshop.example", "somebody.new@elsewhere.example"])
def test_known_and_new_addresses_get_the_same_second_page(client: Client, solver: Person, address: str) -> None:
    page = assert_page_ok(client.post("/account/login/", {"email": address}, follow=True))

    assert heading(page) == "We sent you a code"
    assert f"It is in the mail to {address}" in page.all("main")[0].text


def test_a_wrong_code_says_how_many_tries_are_left(client: Client, solver: Person) -> None:
    client.post("/account/login/", {"email": "sam@workshop.example"})

    page = assert_page_ok(client.post("/account/login/code/", {"code": "WRONG1"}))

    words = page.all("main")[0].text
    assert ("3 tries left." in words, "This is not the code we sent." in words) == (True, True)


def test_an_address_that_is_none_is_named_at_its_field(client: Client, db: None) -> None:
    page = assert_page_ok(client.post("/account/login/", {"email": "olga@"}))

    field = next(field for field in page.all("input") if field.attributes.get("name") == "email")
    assert (field.attributes["aria-invalid"], "id_email-error" in field.attributes["aria-describedby"]) == (
        "true",
        True,
    )


def test_the_policy_of_the_pages_with_passkeys_allows_no_inline_script(client: Client, db: None) -> None:
    policy = client.get("/account/login/").headers["Content-Security-Policy"]

    assert ("script-src 'self'" in policy, "unsafe" in policy) == (True, False)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/account/logout/", "Sign out?"),
        ("/account/2fa/", "How you sign in"),
        ("/account/2fa/totp/activate/", "Set up an authenticator app"),
        ("/account/2fa/webauthn/", "Passkeys"),
        ("/account/2fa/webauthn/add/", "Add a passkey"),
        ("/account/2fa/recovery-codes/generate/", "Make new recovery codes?"),
    ],
)
def test_pages_of_somebody_with_a_mailed_code_only(
    solver: Person, client_of: Browser, path: str, expected: str
) -> None:
    page = assert_page_ok(client_of(solver).get(path))

    assert (heading(page), "password" in kinds(page)) == (expected, False)


@pytest.mark.django_db(transaction=True)
def test_an_authenticator_app_is_set_up_with_a_square_and_a_code(solver: Person, client_of: Browser) -> None:
    browser = client_of(solver)
    page = assert_page_ok(browser.get("/account/2fa/totp/activate/"))
    secret = page.all("code")[0].text

    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    codes = assert_page_ok(browser.post("/account/2fa/totp/activate/", {"code": code}, follow=True))

    assert (page.all("img")[0].attributes["src"][:26], heading(codes)) == (
        "data:image/svg+xml;base64,",
        "Recovery codes",
    )
    assert [len(part.all("li")) for part in codes.all("ol")] == [10]


@pytest.mark.parametrize(
    ("host", "is_told"), [("127.0.0.1:8000", True), ("[::1]", True), ("localhost:8000", False), ("[::1", False)]
)
def test_who_opened_the_page_by_a_number_is_told_that_passkeys_need_a_name(
    client_of: Browser, solver: Person, settings: Any, host: str, is_told: bool
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    answer = client_of(solver).get("/account/2fa/webauthn/add/", headers={"host": host}, follow=True)
    assert ("No passkey can be added here." in answer.content.decode()) == is_told


@pytest.mark.usefixtures("phone", "key")
def test_the_second_step_asks_for_the_app_or_a_passkey(client: Client, solver: Person) -> None:
    client.post("/account/login/", {"email": solver.email})
    code = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]["code"]
    page = assert_page_ok(client.post("/account/login/code/", {"code": code}, follow=True))

    assert (heading(page), passkeys(page)) == ("One more step", ["authenticateForm"])


@pytest.mark.usefixtures("phone")
def test_before_keys_are_changed_the_app_is_asked_again(solver: Person, client_of: Browser) -> None:
    browser = client_of(solver)

    page = assert_page_ok(browser.get("/account/2fa/totp/deactivate/", follow=True))

    assert heading(page) == "Is it you?"


def test_before_keys_are_changed_a_passkey_is_asked_again(
    solver: Person, key: Authenticator, client_of: Browser
) -> None:
    page = assert_page_ok(client_of(solver).get(f"/account/2fa/webauthn/keys/{key.pk}/edit/", follow=True))

    assert (heading(page), passkeys(page)) == ("Is it you?", ["authenticateForm"])


@pytest.mark.usefixtures("key")
def test_keys_are_listed_by_name_and_kind(solver: Person, client_of: Browser) -> None:
    page = assert_page_ok(client_of(solver).get("/account/2fa/webauthn/"))

    assert [cell.text for cell in page.all("tbody")[0].all("th")] == ["Office laptop"]
    assert "passkey" in page.all("tbody")[0].text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/account/2fa/totp/deactivate/", "Turn off the authenticator app?"),
        ("/account/2fa/recovery-codes/", "Recovery codes"),
        ("/account/2fa/webauthn/keys/{pk}/edit/", "Rename the key"),
        ("/account/2fa/webauthn/keys/{pk}/remove/", "Remove “Office laptop”?"),
    ],
)
@pytest.mark.usefixtures("phone")
def test_pages_of_somebody_with_keys(
    solver: Person, key: Authenticator, client_of: Browser, monkeypatch: pytest.MonkeyPatch, path: str, expected: str
) -> None:
    monkeypatch.setattr("permea.people.adapters.AccountAdapter.is_reauthentication_required", lambda *_a, **_k: False)

    page = assert_page_ok(client_of(solver).get(path.format(pk=key.pk)))

    assert heading(page) == expected
