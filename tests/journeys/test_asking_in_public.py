"""J2.3 in a real browser: somebody asks on a phone, the firm answers for everybody, and nobody learns who asked."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest

from tests import migrated, servers
from tests.browser.windows import PHONE, OpenWindow, Window, rows
from tests.journeys import firm, outside
from tests.servers import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAM = "sam@workshop.example"
PHONE_IN_HAND = {"width": PHONE, "has_touch": True, "is_mobile": True}
ASKED = "Sam Solver of Solver Works asks: may the fruit be wet?"
WORDING, ANSWER = "May the fruit be wet?", "It may drip when it is gripped."


def test_a_question_is_answered_for_everybody_and_its_asker_stays_unnamed(open_window: OpenWindow, tmp_path: Path):
    migrated.lay(tmp_path / "data" / migrated.NAME)
    with servers.product(tmp_path / "data") as site:
        olga = open_window(site, expected="status of 409")
        key = publish_a_challenge(site, olga)
        sam = open_window(site, **PHONE_IN_HAND, expected="status of 409")  # who sends at once is asked to read again
        ask(site, sam, key)
        answer(olga, key)
        read(site, open_window(site, width=PHONE, java_script_enabled=False), key)
        assert ANSWER in sam.go("/my/questions/").inner_text("main")
        leave_no_trace(site, olga, key)


def publish_a_challenge(site: Product, olga: Window) -> str:
    """Become the owner, set a goal, publish a challenge on it; return its key."""
    link = re.search(r"Become its owner: (\S+)", site.log.read_text())
    assert link
    firm.found_the_firm(olga, link.group(1))
    firm.set_a_goal(olga)
    key = firm.write_a_challenge(olga)
    firm.publish(olga, key)
    return key


def ask(site: Product, sam: Window, key: str) -> None:
    """Sign in with a mailed code and ask."""
    page = sam.go(f"/c/{key}/")
    sam.press("Ask a question")
    outside.sign_in(site, sam, SAM, name="Sam Solver")
    page.get_by_label("Your question").fill(ASKED)
    sam.press("Send the question")
    while page.get_by_text("That was very quick.").count():
        sam.press("Send the question")
    sam.told("Who asked is shown to nobody.")


def answer(olga: Window, key: str) -> None:
    """Find the question on Today, take the name out of it, and answer."""
    page = olga.go("/today/")
    olga.told("1 question waits for its answer.")
    olga.go(f"/challenges/{key}/questions/")
    page.get_by_label("The question as everybody will read it").fill(WORDING)
    page.get_by_label("Answer for everybody, in the language of the question").fill(ANSWER)
    page.get_by_label("This changes what is asked").check()
    olga.press("Publish the answer")
    olga.told("Published.")


def read(site: Product, phone: Window, key: str) -> None:
    """Read question and answer without signing in, by page and API; nothing there names whoever asked."""
    traces = ("Sam", SAM, rows(site, "select key from people_person where email = ?", SAM)[0]["key"])
    page = phone.go(f"/c/{key}/")
    section = page.locator("#questions")
    assert (WORDING in section.inner_text(), ANSWER in section.inner_text()) == (True, True)
    assert "changes what is asked" in section.inner_text()
    api = f"/api/challenges/{key}/questions"
    addresses = (f"/c/{key}/", f"/c/{key}/questions/", f"/api/challenges/{key}", api, "/c/feed.atom")
    read_by_anybody = {address: fetched(site, address) for address in addresses}
    assert [address for address, text in read_by_anybody.items() for trace in traces if trace in text] == []
    assert ANSWER in read_by_anybody[api]


def fetched(site: Product, address: str) -> str:
    """Return what anybody gets from an address."""
    with urllib.request.urlopen(site.address + address) as reply:
        return str(reply.read().decode())


def leave_no_trace(site: Product, olga: Window, key: str) -> None:
    """See that neither the firm's pages nor mails to others nor the ledger give away who asked, but in their words."""
    sam = rows(site, "select key from people_person where email = ?", SAM)[0]["key"]
    pages = [olga.go(address).content() for address in (f"/challenges/{key}/questions/", "/ledger/", "/today/")]
    assert [page for page in pages if sam in page or SAM in page] == []
    crossed = rows(site, "select body from ledger_crossing where kind like 'question.%'")
    told = rows(site, "select text, html from notifications_mail where [to] <> ?", SAM)
    assert len(crossed) == 2
    assert [row for row in [*crossed, *told] if sam in str(row) or "Sam" in str(row)] == []
