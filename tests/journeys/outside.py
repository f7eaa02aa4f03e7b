"""What people outside the firm do: sign in by a mailed code, enter, judge, read their answer, leave."""

from __future__ import annotations

from pathlib import Path

from tests.browser.windows import Window, awaited_mail, code_mailed, link_in
from tests.servers import Product


def sign_in(site: Product, window: Window, email: str, *, name: str = "") -> None:
    """Enter the address, then the code that was mailed; who is new says who they are."""
    page = window.page
    page.get_by_label("Your e-mail address").fill(email)
    window.press("Send me a code")
    page.get_by_label("Code").fill(code_mailed(site, email))
    window.press("Sign in")
    if name:
        introduce_oneself(window, name)


def introduce_oneself(window: Window, name: str) -> None:
    """Say one's name and agree to the privacy notice."""
    page = window.page
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Where you work").fill(f"{name.split(maxsplit=1)[-1]} Works")
    page.get_by_label("I have read the privacy notice").check()
    window.press("Go on")


def enter(window: Window) -> None:
    """Accept every text of the challenge and start writing."""
    for box in window.page.locator("form [type=checkbox]").all():
        box.check()
    window.press("Accept and start writing")
    assert window.headline() == "Your entry"


def write(window: Window, title: str, body: str) -> None:
    """Type an entry and see that it is kept without a click."""
    page = window.page
    page.get_by_label("Title").fill(title)
    page.get_by_label("Summary").fill("A gripper of soft fingers that feel the fruit.")
    page.get_by_label("Description").fill("")
    with page.expect_response(lambda answer: answer.url.endswith("/autosave/") and body in answer.request.post_data):
        page.get_by_label("Description").press_sequentially(body)
    page.locator("output[data-state=saved]").wait_for()
    page.reload()
    assert page.get_by_label("Description").input_value() == body


def attach(window: Window, file: Path) -> None:
    """Attach a file."""
    window.page.locator("[type=file]").set_input_files(file)
    window.press("Attach")
    window.told("The file is attached.")


def hand_in(window: Window) -> str:
    """Hand the entry in and return the path of the receipt."""
    window.press("Hand in")
    window.told("Handed in. Your receipt is below")
    path = window.page.get_by_role("link", name="Receipt").get_attribute("href")
    assert path
    return path


def join_the_panel(site: Product, window: Window, email: str, name: str) -> None:
    """Follow the link of the invitation and accept it."""
    window.go(link_in(awaited_mail(site, email, "will you judge"), "/invitations/"))
    window.press("Accept and join")
    introduce_oneself(window, name)


def judge_by_keys(window: Window, marks: dict[str, str]) -> int:
    """Judge everything in the queue without touching the mouse, and return how many reviews that were."""
    page, done = window.go("/reviews/"), 0
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    while page.locator("[data-score]").count():
        mark = next(mark for title, mark in marks.items() if title in window.headline())
        first = page.locator("[data-score] input").first
        while not first.evaluate("(radio) => radio === document.activeElement"):
            page.keyboard.press("Tab")
        for _criterion in range(page.locator("[data-score]").count()):
            page.keyboard.press(mark)
        while page.evaluate("document.activeElement.name") != "recommendation":
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("Well thought out; the test with ripe fruit is missing.")
        page.locator("output[data-state=saved]").wait_for()
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        done += 1
        assert done < 20, "the queue does not end"
    return done


def ask_once(window: Window, question: str) -> None:
    """Ask about the answer; there is no second time."""
    window.page.get_by_label("You can ask once").fill(question)
    window.press("Ask")
    window.told(question)
    assert window.page.get_by_label("You can ask once").count() == 0


def erase_oneself(window: Window) -> None:
    """Leave for good."""
    page = window.go("/me/erase/")
    page.get_by_label("Yes, erase me.").check()
    window.press("Erase me for good")
    assert window.headline() == "You are erased"
