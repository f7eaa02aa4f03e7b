"""An evaluator compares with the keyboard alone; on a phone the answers stay within reach of the thumb."""

from __future__ import annotations

import pytest

from tests.browser.demo import IN_ENGLISH, Demo
from tests.browser.windows import PHONE, OpenWindow, sign_in_link

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KEYS = ["ArrowLeft", "=", "x", "u", "ArrowRight", "Backspace"]


def test_the_keyboard_answers_and_takes_back_and_focus_stays_at_the_top(
    open_window: OpenWindow, own_demo: Demo
) -> None:
    window = open_window(own_demo.site)
    window.go(sign_in_link(own_demo.site, IN_ENGLISH["evaluator"]))
    page = window.go(f"/compare/{own_demo.keys('en')['judged']}/")
    count = page.locator("#compare-count")
    first = int(count.inner_text().split()[-1])
    for step, key in zip((1, 2, 3, 2, 3, 2), KEYS, strict=True):
        page.keyboard.press(key)
        page.get_by_role("heading", name=f"Pair {first + step}", exact=True).wait_for()
        page.locator("#compare-count:focus").wait_for()


def test_on_a_phone_answers_stay_in_reach(open_window: OpenWindow, own_demo: Demo) -> None:
    window = open_window(own_demo.site, width=PHONE)
    window.go(sign_in_link(own_demo.site, IN_ENGLISH["evaluator"]))
    page = window.go(f"/compare/{own_demo.keys('en')['judged']}/")

    bottoms = page.evaluate(
        "[...document.querySelectorAll('.compare-answers button')].map((one) => one.getBoundingClientRect().bottom)"
    )

    assert len(bottoms) == 4
    assert all(0 < bottom <= 900 for bottom in bottoms)
