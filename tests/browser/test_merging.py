"""Near-duplicates are proposed; a manager merges for a reason and undoes it, an author agrees on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.demo import IN_ENGLISH, Demo
from tests.browser.windows import PHONE, OpenWindow, Window, awaited_mail, link_in, rows, sign_in_link
from tests.journeys.outside import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD, OTHER = "When the robot is unsure", "If the robot is unsure"
REASON = "Both let a person decide from afar and the robot learn from it."


@pytest.fixture
def manager(open_window: OpenWindow, own_demo: Demo) -> Window:
    """Return the owner's window with the similar entries of the challenge that is being judged."""
    window = open_window(own_demo.site)
    window.go(sign_in_link(own_demo.site, IN_ENGLISH["owner"]))
    window.go(f"/challenges/{own_demo.keys('en')['judged']}/similar/")
    return window


def choose(window: Window, way: str, words: str) -> Page:
    """Go from the list to the two side by side, let the first one lead, and say how."""
    with window.page.expect_navigation():
        window.page.locator(".pair-line").get_by_role("link", name="Side by side").first.click()
    page = window.page
    page.get_by_role("radio", name=LEAD).check()
    page.get_by_role("radio", name=way).check()
    page.get_by_label("Your reason, or a word to the author").fill(words)
    window.press("Merge or ask")
    return page


def test_the_pair_is_proposed_merged_for_a_reason_and_undone(manager: Window) -> None:
    page = manager.page
    proposed = page.locator(".pair-line").first.inner_text()
    page.get_by_label("Find entries that say something like").fill("remote helper one click")
    page.locator("#found .entry-line").first.wait_for()
    found = page.locator("#found .entry-line").count()
    choose(manager, "Merge now, for a reason", REASON)
    manager.told("The two are one entry now.")
    merged = page.locator("main").inner_text()
    page.get_by_role("button", name="Undo").click()
    manager.told("Undone: both entries stand by themselves again.")

    assert (LEAD in proposed, OTHER in proposed, "helper" in proposed, found >= 2) == (True, True, True, True)
    assert (REASON in merged, "No two entries share enough" in merged) == (True, True)
    assert "1 pair says nearly the same" in page.locator("main").inner_text()


def test_its_author_agrees_on_a_phone(manager: Window, open_window: OpenWindow, own_demo: Demo) -> None:
    site = own_demo.site
    choose(manager, "Ask the author of the other entry", "They look like one idea to us.")
    manager.told("The author is asked by mail.")
    (author,) = rows(
        site,
        "select p.email from people_person p join ideas_idea i on i.author_id = p.id where i.title like ?",
        f"{OTHER}%",
    )
    phone = open_window(site, width=PHONE)
    phone.go(link_in(awaited_mail(site, author["email"], "May your entry"), "/my/ideas/"))
    sign_in(site, phone, author["email"])
    phone.told("They look like one idea to us.")
    wide = phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.press("I agree")
    phone.told("The author agreed")
    manager.go(f"/challenges/{own_demo.keys('en')['judged']}/similar/")
    (state,) = rows(site, "select status, merged_into_id from ideas_idea where title like ?", f"{OTHER}%")
    merged = manager.page.locator("#merged").locator("..").inner_text()
    manager.page.get_by_role("button", name="Undo").click()
    manager.told("Undone: both entries stand by themselves again.")

    assert wide
    assert (state["status"], bool(state["merged_into_id"])) == ("merged", True)
    assert LEAD in merged
