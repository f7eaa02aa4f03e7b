"""Two people write one entry on their phones: asked by mail, joined, credit shared, handed in."""

from __future__ import annotations

import pytest

from tests.browser.demo import Demo
from tests.browser.test_accessibility import EVERYTHING, faults_of
from tests.browser.windows import PHONE, OpenWindow, Window, awaited_mail, link_in, rows
from tests.journeys.outside import enter, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADA, BEN = "ada@workshop.example", "ben@campus.example"
LOOKS = [(PHONE, "light", EVERYTHING)]


def start_and_ask(ada: Window, demo: Demo) -> None:
    """Begin an entry and ask somebody to write it too."""
    ada.go(f"/c/{demo.keys('en')['open']}/enter/")
    sign_in(demo.site, ada, ADA, name="Ada Archer")
    enter(ada)
    ada.page.get_by_label("Title").fill("A shelf that counts itself")
    ada.press("Save")
    ada.press("Write it with others")
    ada.page.get_by_label("E-mail address").fill(BEN)
    ada.press("Send the link")
    ada.told("A link is on its way")


def test_two_people_write_one_entry_on_their_phones(open_window: OpenWindow, demo: Demo) -> None:
    site, faults = demo.site, list[str]()
    ada, ben = (open_window(site, width=PHONE) for _ in range(2))
    start_and_ask(ada, demo)
    ben.go(link_in(awaited_mail(site, BEN, "asks you to write an entry"), "/coauthor/"))
    faults += faults_of(ben.page, LOOKS)
    ben.press("Sign in and go on")
    sign_in(site, ben, BEN, name="Ben Bowman")
    for box in ben.page.locator("form [type=checkbox]").all():
        box.check()
    ben.press("Accept and write with Ada Archer")
    assert ben.page.get_by_label("Title").input_value() == "A shelf that counts itself"
    ben.page.get_by_label("Summary").fill("Scales under each box say what is left.")
    ben.page.get_by_label("Description").fill("Four scales were tried for a month in a bicycle workshop.")
    ben.press("Save")
    ben.told("Only those who write it can read it.")
    ben.press("Co-authors and credit")

    ada.page.reload()
    ada.page.get_by_label("Ada Archer").fill("60")
    ada.page.get_by_label("Ben Bowman").fill("40")
    ada.press("Propose these shares")
    faults += faults_of(ada.page, LOOKS)
    ben.page.reload()
    faults += faults_of(ben.page, LOOKS)
    ben.press("I agree")
    ben.told("Everybody has agreed")
    (entry,) = rows(site, "select key from ideas_idea where title = ?", "A shelf that counts itself")
    ben.go(f"/my/ideas/{entry['key']}/edit/")
    ben.press("Hand in")
    ben.told("Handed in. Your receipt is below")
    ada.go(f"/ideas/{entry['key']}/")
    ada.told("60")

    assert faults == []
    assert "Ben Bowman" in ada.page.locator("main").inner_text()
    assert "Scales under each box" in ada.page.locator("main").inner_text()
