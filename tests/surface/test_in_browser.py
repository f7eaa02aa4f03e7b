"""The frame, the components and the small scripts in a real browser, under the real security policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from playwright.sync_api import Browser, Page, Route, sync_playwright

from permea.config.urls import urlpatterns as usual
from permea.people.models import Organisation, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]
MakePage = Callable[..., Page]
PATIENCE = 90_000


def draft(request: HttpRequest) -> HttpResponse:
    """Show a form that keeps its draft."""
    return HttpResponse(DRAFT)


@csrf_exempt
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what was sent, refuse the word 'late'."""
    if request.POST.get("title") == "late":
        return JsonResponse({"detail": "It closed at 18:00."}, status=409, content_type="application/problem+json")
    KEPT.append(request.POST.get("title", ""))
    return HttpResponse(status=204)


KEPT: list[str] = []
DRAFT = """<!doctype html><html lang="en" dir="ltr"><head><title>Draft</title><link rel="icon" href="data:,">
<script src="/static/permea/js/frame.js" defer></script>
<script src="/static/permea/js/keyboard.js" defer></script>
<script src="/static/permea/js/autosave.js" defer></script></head>
<body><form method="post" action="/keep/" data-autosave="/keep/" data-timer="seconds">
<label>Title <input name="title"></label>
<input type="hidden" name="seconds" value="40"><button type="submit">Hand in</button>
<input type="file" name="paper" aria-label="Paper"><output data-autosave-state data-saving="Saving" data-saved="Saved"
data-offline="Not saved yet" data-refused="Not saved." data-signed-out="Signed out"><span data-autosave-text></span>
</output>
</form></body></html>"""
urlpatterns = [path("draft/", draft), path("keep/", keep), *usual]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any, organisation: Organisation, owner: Person) -> Iterator[MakePage]:
    """Return a factory of browser windows in which Olga is signed in; no complaint of the console is overlooked."""
    contexts, complaints = [], []

    def make(
        address: str, *, width: int = 1280, scheme: str = "light", expected: str = "", clock: int = 0, **more: Any
    ) -> Page:
        client = Client()
        client.force_login(owner)
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB", **more
        )
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        if clock:
            page.clock.install(time=clock)
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type in {"error", "warning"} and not (expected and expected in message.text)
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(
    ("address", "width", "scheme"),
    [
        ("/gallery/", 390, "light"),
        ("/gallery/", 390, "dark"),
        ("/gallery/", 820, "light"),
        ("/gallery/", 1440, "dark"),
        ("/today/", 390, "light"),
        ("/account/2fa/", 390, "dark"),
        ("/account/2fa/totp/activate/", 390, "light"),
    ],
)
def test_a_page_has_no_violation_and_no_sideways_scrolling(
    open_page: MakePage, address: str, width: int, scheme: str
) -> None:
    page = open_page(address, width=width, scheme=scheme, bypass_csp=True)

    violations = [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page).response["violations"]]

    assert (violations, page.evaluate("document.documentElement.scrollWidth - innerWidth")) == ([], 0)


def test_a_page_turned_round_does_not_scroll_sideways_either(open_page: MakePage) -> None:
    page = open_page("/gallery/", width=390)

    page.evaluate("document.documentElement.dir = 'rtl'")

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_keys_give_scores_and_go_on_to_the_next_criterion(open_page: MakePage) -> None:
    page = open_page("/gallery/")
    page.locator("#id_technical_1").focus()

    page.keyboard.press("2")
    page.keyboard.press("5")

    chosen = page.evaluate("[...document.querySelectorAll('[data-score] :checked')].map((radio) => radio.value)")
    assert chosen == ["2", "5"]


def test_keys_typed_into_a_field_are_text(open_page: MakePage) -> None:
    page = open_page("/gallery/")
    page.locator("#id_title").fill("")

    page.locator("#id_title").press_sequentially("j?5")

    assert (page.input_value("#id_title"), page.locator("#keys-help").is_visible()) == ("j?5", False)


def test_a_question_mark_shows_the_keys_and_escape_hides_them(open_page: MakePage) -> None:
    page = open_page("/gallery/")

    page.keyboard.press("?")
    shown = page.locator("#keys-help").is_visible()
    page.keyboard.press("Escape")

    assert (shown, page.locator("#keys-help").is_visible()) == (True, False)


def test_a_slash_goes_to_the_filter(open_page: MakePage) -> None:
    page = open_page("/gallery/")

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.name") == "q"


def test_a_menu_closes_at_a_click_elsewhere(open_page: MakePage) -> None:
    page = open_page("/gallery/")
    menu = page.locator(".topbar-tools details:last-of-type")

    menu.locator("summary").click()
    opened = menu.evaluate("(menu) => menu.open")
    page.locator("h1").click()

    assert (opened, menu.evaluate("(menu) => menu.open")) == (True, False)


def test_a_dialog_opens_without_any_script(open_page: MakePage) -> None:
    page = open_page("/gallery/", java_script_enabled=False)

    page.get_by_role("button", name="Open a dialog").click()

    assert page.locator("#specimen-dialog").is_visible()


def test_what_needs_script_is_not_shown_without(open_page: MakePage) -> None:
    page = open_page("/gallery/", java_script_enabled=False)

    assert page.locator("[data-needs-script]:visible").count() == 0


def test_a_preview_is_fetched_under_the_strict_policy(open_page: MakePage) -> None:
    page = open_page("/gallery/")
    page.locator("#id_problem").fill("It is **red**.")

    page.get_by_role("button", name="Preview").click()

    assert page.locator("#id_problem-preview strong").inner_text() == "red"


def test_chosen_files_are_named(open_page: MakePage, tmp_path: Path) -> None:
    page = open_page("/gallery/")
    file = tmp_path / "gripper.pdf"
    file.write_bytes(b"x" * 2500)

    page.locator("#id_paper").set_input_files(file)

    assert page.locator("[data-file-names]").inner_text() == "gripper.pdf (2.5 kB)"


def test_a_draft_is_kept_a_moment_after_the_last_change(open_page: MakePage) -> None:
    KEPT.clear()
    page = open_page("/draft/")

    page.locator("[name=title]").press_sequentially("Soft gripper")
    page.locator("output[data-state=saved]").wait_for()

    assert (KEPT, page.locator("output").inner_text()[:5]) == (["Soft gripper"], "Saved")


def test_a_refused_draft_says_why(open_page: MakePage) -> None:
    page = open_page("/draft/", expected="409")

    page.locator("[name=title]").fill("late")
    page.locator("output[data-state=refused]").wait_for()

    assert page.locator("output").inner_text() == "Not saved. It closed at 18:00."


def test_a_draft_without_connection_stays_in_the_window_and_goes_when_it_is_back(open_page: MakePage) -> None:
    KEPT.clear()
    page = open_page("/draft/", expected="net::ERR")

    def cut(route: Route) -> None:
        route.abort("internetdisconnected")

    page.route("**/keep/", cut)
    page.locator("[name=title]").fill("Kept")
    page.locator("output[data-state=offline]").wait_for()
    words = page.locator("output").inner_text()
    page.unroute("**/keep/", cut)
    page.locator("output[data-state=saved]").wait_for()

    assert (words, KEPT, page.input_value("[name=title]")) == ("Not saved yet", ["Kept"], "Kept")


def test_a_passkey_is_added_and_opens_the_door_again(open_page: MakePage) -> None:
    page = open_page("/account/2fa/webauthn/add/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    finger = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = {**finger, "isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    address = page.url
    page.context.clear_cookies()
    page.goto(address.replace("/account/2fa/recovery-codes/", "/account/login/"))
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Today").wait_for()

    assert page.url.endswith("/today/")


def test_control_and_enter_hand_in_what_one_is_writing_once(open_page: MakePage) -> None:
    KEPT.clear()
    page = open_page("/draft/")
    page.locator("[name=title]").fill("Done")

    with page.expect_response("**/keep/") as answered:
        page.keyboard.press("Control+Enter")
        page.keyboard.press("Control+Enter")
    page.wait_for_timeout(1200)

    assert (answered.value.request.headers.get("x-autosave"), KEPT) == (None, ["Done"])


def test_the_seconds_a_page_is_looked_at_are_counted(open_page: MakePage) -> None:
    page = open_page("/draft/", clock=1_000_000)
    page.clock.pause_at(1_003_600)
    before = int(page.input_value("[name=seconds]"))

    page.clock.run_for(3000)

    assert (before >= 40, page.input_value("[name=seconds]")) == (True, str(before + 3))
