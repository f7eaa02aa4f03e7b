"""The form of a box in somebody else's page: shown and used where the site is listed, shown nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Frame, Page

from tests.browser.demo import Demo
from tests.browser.windows import OpenWindow, rows, sign_in_link
from tests.servers import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REFUSED = "frame-ancestors|Refused to (frame|display)|violates the following Content Security Policy"


class Site(ThreadingHTTPServer):
    """A website of somebody else: one page with the line of a widget in it."""

    page = ""


class Answer(BaseHTTPRequestHandler):
    """Answers every request with the page."""

    server: Site

    def do_GET(self) -> None:
        """Send the page."""
        body = self.server.page.encode()
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gives it
        """Keep quiet."""


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve somebody else's website on a port of its own."""
    server = Site(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def box_key(product: Product) -> str:
    """Return the key of the English firm's box."""
    return str(rows(product, "select key from ideas_ideabox where language = 'en'")[0]["key"])


def framed(page: Page) -> Frame:
    """Return the one frame of the page, once it is loaded."""
    frame = page.frames[1]
    frame.wait_for_load_state()
    return frame


@pytest.fixture
def listed(open_window: OpenWindow, demo: Demo, site: Site) -> Iterator[tuple[Product, str]]:
    """List the website under the name localhost, and put the widget's line into its page."""
    key, port = box_key(demo.site), site.server_address[1]
    window = open_window(demo.site)
    window.go(sign_in_link(demo.site, "(owner, en)"))
    page = window.go(f"/inbox/boxes/{key}/")
    before = page.locator("#id_origins").input_value()
    page.locator("#id_origins").fill(f"http://localhost:{port}")
    window.press("Save")
    line = window.go(f"/inbox/boxes/{key}/widget/").locator("#line").input_value()
    site.page = (
        f'<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Site</title><h1>Site</h1>{line}</html>'
    )
    yield demo.site, key
    window.go(f"/inbox/boxes/{key}/").locator("#id_origins").fill(before)
    window.press("Save")


def test_a_listed_site_shows_the_form_and_a_need_is_sent_without_cookies(
    open_window: OpenWindow, listed: tuple[Product, str], site: Site
) -> None:
    product, key = listed
    window = open_window(product)
    window.page.goto(f"http://localhost:{site.server_address[1]}/")
    window.page.locator("iframe").wait_for()
    frame = framed(window.page)
    title = window.page.locator("iframe").get_attribute("title")
    frame.get_by_label("A problem I see").check()
    frame.get_by_label("In your words").fill("Sent from the page of a customer.")
    window.page.wait_for_timeout(2100)  # sooner than two seconds after it was shown, a form is refused
    with frame.expect_navigation():
        frame.get_by_role("button", name="Send").click()
    private = frame.locator(".box-link a")

    assert (title, private.get_attribute("target"), window.context.cookies()) == (
        "What slows you down at our machines?", "_blank", [],
    )  # fmt: skip
    query = "select channel, status from ideas_posting where text = 'Sent from the page of a customer.'"
    assert rows(product, query) == [{"channel": "widget", "status": "new"}]
    assert key in frame.url


def test_a_site_that_is_not_listed_cannot_show_it_nor_any_other_page(
    open_window: OpenWindow, listed: tuple[Product, str], site: Site
) -> None:
    product, key = listed
    window = open_window(product, expected=REFUSED)
    shown = []
    for inside in (f"/box/{key}/embed/", f"/box/{key}/", "/account/login/"):
        site.page = f'<!doctype html><link rel="icon" href="data:,"><iframe src="{product.address}{inside}"></iframe>'
        for host in ("127.0.0.1", "localhost"):
            window.page.goto(f"http://{host}:{site.server_address[1]}/")
            shown.append((host, inside.endswith("embed/"), framed(window.page).locator("main").count()))

    assert shown == [
        ("127.0.0.1", True, 0), ("localhost", True, 1),
        ("127.0.0.1", False, 0), ("localhost", False, 0),
        ("127.0.0.1", False, 0), ("localhost", False, 0),
    ]  # fmt: skip
