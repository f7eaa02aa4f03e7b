"""Advice under the fields of a brief follows what is typed, keeps what is open, and is set aside from the keyboard."""

from __future__ import annotations

import pytest

from tests.browser.demo import IN_ENGLISH, Demo
from tests.browser.windows import OpenWindow, sign_in_link

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_advice_follows_what_is_typed_and_is_set_aside_with_a_word(open_window: OpenWindow, own_demo: Demo) -> None:
    window = open_window(own_demo.site)
    window.go(sign_in_link(own_demo.site, IN_ENGLISH["owner"]))
    page = window.go(f"/challenges/{own_demo.keys('en')['draft']}/edit/brief/")

    page.get_by_role("textbox", name="Why now").fill("It must become faster.")
    advice = page.locator("#lint-why_now details")
    advice.get_by_text("faster", exact=True).wait_for()
    advice.locator("summary").click()
    page.get_by_label("Teaser").fill("Everybody may enter, also in teams.")
    page.locator("[data-autosave-state][data-state=saved]").wait_for()
    advice.get_by_label("Leave it, because").fill("Our readers know by how much.")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith("#lint-why_now")
    assert page.locator("#lint-why_now").get_by_text("Set aside: Our readers know by how much.").count() == 1
    page.get_by_role("textbox", name="Why now").fill("In May the season begins.")
    page.locator("#lint-why_now details").wait_for(state="detached")
