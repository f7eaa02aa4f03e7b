"""Browser windows in which people work with a running instance, and its data file for what no page shows."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.servers import Product

PHONE, DESK = 390, 1280
PATIENCE = 90_000
CODE = re.compile(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", re.MULTILINE)


class Window:
    """A window of one person's browser; what its console complains of is kept."""

    def __init__(self, context: BrowserContext, address: str, expected: str) -> None:
        self.context = context
        self.address = address
        self.expected = expected
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not (self.expected and re.search(self.expected, text)):
            self.complaints.append(text)

    def go(self, path: str) -> Page:
        """Open a page of the instance by its path or its whole address."""
        answer = self.page.goto(path if path.startswith("http") else self.address + path)
        assert answer is not None
        assert answer.status < 400, (path, answer.status, self.page.inner_text("body")[:400])
        return self.page

    def press(self, name: str, *, within: str = "body") -> None:
        """Press the button or follow the link of this name, and wait for the page it leads to."""
        control = self.page.locator(within).get_by_role("button", name=name, exact=True)
        link = self.page.locator(within).get_by_role("link", name=name, exact=True)
        with self.page.expect_navigation():
            control.or_(link).first.click()

    def headline(self) -> str:
        """Return the page's heading."""
        return self.page.locator("h1").inner_text()

    def told(self, text: str) -> None:
        """Wait until the page says this."""
        self.page.get_by_text(text).first.wait_for()

    def path(self) -> str:
        """Return the path of the page that is open."""
        return self.page.url.removeprefix(self.address)


OpenWindow = Callable[..., Window]


@contextlib.contextmanager
def chromium_browser(executable: str) -> Iterator[Browser]:
    """Start Chromium for the time of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def windows_of(browser: Browser) -> Iterator[OpenWindow]:
    """Give a factory of windows; at the end no console of theirs has complained of anything unexpected."""
    opened: list[Window] = []

    def open_window(
        site: Product, *, width: int = DESK, scheme: str = "light", expected: str = "", **more: Any
    ) -> Window:
        options = {"locale": "en-GB", "timezone_id": "Europe/Berlin", **more}
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        opened.append(Window(context, site.address, expected))
        return opened[-1]

    try:
        yield open_window
    finally:
        for window in opened:
            window.context.close()
    complaints = [complaint for window in opened for complaint in window.complaints]
    assert not complaints, complaints


def rows(site: Product, question: str, *values: Any) -> list[dict[str, Any]]:
    """Return what the instance's data file answers, read only; one mapping gives values by name."""
    named = values[0] if len(values) == 1 and isinstance(values[0], dict) else None
    with contextlib.closing(
        sqlite3.connect(f"file:{site.data_dir / 'permea.sqlite3'}?mode=ro", uri=True, timeout=60)
    ) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(question, named or values)]


def mails_to(site: Product, email: str) -> list[dict[str, Any]]:
    """Return the mails to an address, the newest first."""
    return rows(site, "select * from notifications_mail where lower([to]) = lower(?) order by id desc", email)


def awaited_mail(site: Product, email: str, subject: str, *, seconds: float = 90) -> dict[str, Any]:
    """Return the newest mail to an address whose subject holds this, once it is there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for mail in mails_to(site, email):
            if subject.lower() in mail["subject"].lower():
                return {**mail, "attachments": json.loads(mail["attachments"])}
        time.sleep(0.1)
    raise AssertionError(subject, [mail["subject"] for mail in mails_to(site, email)])


def code_mailed(site: Product, email: str) -> str:
    """Return the sign-in code that was mailed last to an address."""
    text = awaited_mail(site, email, "code")["text"]
    found = CODE.search(text)
    assert found, text
    return found.group(1)


def link_in(mail: dict[str, Any], pattern: str) -> str:
    """Return the first link of a mail that matches a pattern."""
    found = re.search(rf"https?://\S*{pattern}\S*", mail["text"])
    assert found, mail["text"]
    return found.group(0)


def sign_in_link(site: Product, who: str) -> str:
    """Return the link a demo printed for somebody, by the words that stand before it."""
    log = Path(site.log).read_text()
    found = re.search(rf"{re.escape(who)}\s+(http\S+)", log)
    assert found, log
    return found.group(1)
