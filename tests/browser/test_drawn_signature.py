"""Somebody draws their signature with the mouse, signs with the mailed code, and sees the drawing."""

from __future__ import annotations

import re

import pytest

from tests.browser.demo import IN_ENGLISH, Demo
from tests.browser.test_accessibility import EVERYTHING, faults_of
from tests.browser.windows import PHONE, OpenWindow, Window, rows, sign_in_link

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOOKS = [(PHONE, "dark", EVERYTHING)]


def draw(window: Window, *points: tuple[float, float]) -> None:
    """Draw one stroke on the pad, by shares of its width and height."""
    pad = window.page.locator("svg.signature-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    window.page.mouse.move(*places[0])
    window.page.mouse.down()
    for place in places[1:]:
        window.page.mouse.move(*place, steps=4)
    window.page.mouse.up()


def test_a_signature_is_drawn_cleared_drawn_anew_and_shown(open_window: OpenWindow, demo: Demo) -> None:
    site = demo.site
    window = open_window(site)
    window.go(sign_in_link(site, IN_ENGLISH["owner of partnerships"]))
    window.go(f"/agreements/{demo.keys('en')['offered']}/")
    window.press("Sign: send me a code")
    (mail,) = rows(site, "select text from notifications_mail where kind = 'agreement_code' order by id desc limit 1")
    found = re.search(r"\b\d{6}\b", mail["text"])
    assert found
    field = window.page.locator("[name=drawing]")
    draw(window, (0.1, 0.5), (0.9, 0.5))
    window.page.get_by_role("button", name="Clear the drawing").click()
    assert field.input_value() == ""
    draw(window, (0.2, 0.2), (0.5, 0.8), (0.8, 0.2))
    draw(window, (0.5, 0.1))
    assert re.fullmatch(r"\[\[(\[\d+,\d+\],?){3,}\],\[\[\d+,\d+\]\]\]", field.input_value())
    faults = faults_of(window.page, LOOKS)
    window.page.get_by_label("Code from the mail").fill(found.group())
    window.page.locator("form:has([name=drawing]) button[type=submit]").click()
    window.told("You have signed for your side.")
    path = window.page.locator("svg.drawn-signature path").get_attribute("d")
    assert (re.match(r"M1[12]\d \d+L", str(path)) is not None, faults) == (True, []), path
