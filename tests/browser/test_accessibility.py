"""Every main page of the demo, to everybody who reads it, on a phone by day and on a desk by night.

No violation of WCAG 2.2 AA that axe-core finds, no sideways scrolling, one heading of the first rank, nothing the
console complains of; the same in German, and turned round for scripts that run from right to left.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.demo import IN_ENGLISH, IN_GERMAN, PAGES, Demo
from tests.browser.windows import PHONE, OpenWindow, Window, sign_in_link

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK = 1440
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
LOOKS: list[tuple[int, Any, dict[str, Any]]] = [(PHONE, "light", EVERYTHING), (DESK, "dark", COLOURS)]
MORE_LOOKS: list[tuple[int, Any, dict[str, Any]]] = [(PHONE, "dark", COLOURS), (DESK, "light", EVERYTHING)]
FIT: list[tuple[int, Any, dict[str, Any]]] = [(PHONE, "light", {})]
FIND = """async (options) => (await axe.run(options)).violations.map(
    (found) => `${found.id}: ${found.nodes.length} x ${found.nodes[0].html.slice(0, 160)}`)"""
COLOURS_SETTLED = """async () => {
  for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
  const passing = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(passing.map((one) => one.finished));
}"""
TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return "";
  const out = [...document.querySelectorAll("body *")].find((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1) && getComputedStyle(one).position !== "fixed";
  });
  return `${wide}px: ${out ? out.outerHTML.slice(0, 160) : "?"}`;
}"""


def faults_of(page: Page, looks: list[tuple[int, Any, dict[str, Any]]]) -> list[str]:
    """Return what is wrong with the page that is open, in each look."""
    faults = []
    if (n_headings := page.locator("h1").count()) != 1:
        faults.append(f"{n_headings} headings of the first rank")
    page.evaluate(AXE_SCRIPT)
    for width, scheme, options in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(COLOURS_SETTLED)
        if wide := page.evaluate(TOO_WIDE):
            faults.append(f"{width}: wider than its window by {wide}")
        if options:
            faults += [f"{width} {scheme}: {found}" for found in page.evaluate(FIND, options)]
    return faults


def visit(window: Window, addresses: list[str], looks: list[tuple[int, Any, dict[str, Any]]]) -> dict[str, list[str]]:
    """Open every page and return what is wrong with which."""
    wrong = {}
    for address in addresses:
        answer = window.page.goto(window.address + address)
        assert answer is not None
        faults = faults_of(window.page, looks)
        if answer.status != (404 if "nothing" in address else 200):
            faults.append(f"answered {answer.status}")
        if window.complaints:
            faults += window.complaints
            window.complaints.clear()
        if faults:
            wrong[address] = faults
    return wrong


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_open_to_everybody_on_a_phone_by_day_and_a_desk_by_night(
    open_window: OpenWindow, demo: Demo, who: str
) -> None:
    window = open_window(demo.site, expected="status of 404")
    if who in IN_ENGLISH:
        window.go(sign_in_link(demo.site, IN_ENGLISH[who]))

    assert visit(window, demo.pages(who), LOOKS) == {}


def test_the_first_pages_are_open_the_other_way_round_too(open_window: OpenWindow, demo: Demo) -> None:
    """Bar, rail and components are the same on all pages: a few show them by night on a phone, by day on a desk."""
    wrong = {}
    for who in ("owner", "owner of partnerships", "partner"):
        window = open_window(demo.site)
        window.go(sign_in_link(demo.site, IN_ENGLISH[who]))
        wrong |= visit(window, demo.pages(who)[:6], MORE_LOOKS)

    assert wrong == {}


@pytest.mark.parametrize("who", IN_GERMAN)
def test_pages_in_german_fit_a_phone(open_window: OpenWindow, demo: Demo, who: str) -> None:
    window = open_window(demo.site, locale="de-DE")
    window.go(sign_in_link(demo.site, IN_GERMAN[who]))
    assert window.page.locator("html").get_attribute("lang") == "de"

    assert visit(window, demo.pages(who, "de"), FIT) == {}


@pytest.mark.parametrize("who", ["owner", "owner of partnerships", "contributor", "partner"])
def test_pages_turned_round_do_not_scroll_sideways(open_window: OpenWindow, demo: Demo, who: str) -> None:
    window, wrong = open_window(demo.site, width=PHONE), {}
    window.go(sign_in_link(demo.site, IN_ENGLISH[who]))
    for address in demo.pages(who):
        page = window.go(address)
        page.evaluate("document.documentElement.dir = 'rtl'")
        if wide := page.evaluate(TOO_WIDE):
            wrong[address] = wide

    assert wrong == {}
