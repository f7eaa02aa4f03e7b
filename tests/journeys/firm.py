"""What the people of a firm do: found it, ask, close, invite judges, choose, decide, answer."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from permea.foundation.clock import now
from tests.browser.windows import Window

GOAL = "Produce at lower cost"
TITLE = "Pick soft fruit without bruising it"


def found_the_firm(window: Window, first_owner_link: str) -> None:
    """Become the owner of an empty instance."""
    page = window.go(first_owner_link)
    page.get_by_label("Your e-mail address").fill("olga@lindenhof.example")
    page.get_by_label("Your name").fill("Olga Owner")
    page.get_by_label("Name of your firm").fill("Lindenhof Robotics")
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("I have read the privacy notice").check()
    window.press("Start")


def set_a_goal(window: Window) -> str:
    """Set a goal; without where the metric stands it is refused, with the reason and with all that was typed."""
    page = window.go("/plan/goals/new/")
    page.get_by_label("What do you want to reach?").fill(GOAL)
    page.locator("[name=kind][value=process]").check()
    page.get_by_label("Metric").fill("Cost per unit")
    page.get_by_label("Unit", exact=True).fill("EUR")
    page.get_by_label("Target").fill("170")
    page.get_by_label("To be reached by").fill("2028-12-31")
    window.press("Save the goal")
    refusal = page.locator(".alert, .field-error").first.inner_text()
    assert page.get_by_label("What do you want to reach?").input_value() == GOAL
    page.get_by_label("Baseline").fill("200")
    page.get_by_label("Measured on").fill("2026-01-01")
    window.press("Save the goal")
    assert window.headline() == GOAL
    return refusal


def write_a_challenge(window: Window) -> str:
    """Go from a template through every step of the editor, and return the key of the challenge."""
    page = window.go("/challenges/new/")
    page.locator("[name=template][value=technical]").check()
    page.get_by_label("Working title").fill(TITLE)
    window.press("Start with this")
    key = page.url.split("/challenges/")[1].split("/")[0]
    page.get_by_label(GOAL).check()
    page.get_by_label("Limit for hours").fill("80")
    page.get_by_label("Limit for money").fill("60000")
    window.press("Save and go on")
    write_the_brief(window)
    window.press("Save and go on")
    assert page.locator("fieldset.criterion").count() >= 3
    window.press("Save and go on")
    page.locator("[name=prize_amount]").fill("15000")
    page.locator("[name=ip_terms]").first.check()
    window.press("Save and go on")
    yesterday = now() - timedelta(days=1)
    page.get_by_label("Entries open").fill(f"{yesterday:%Y-%m-%dT12:00}")
    page.locator("[name=entry_languages][value=en]").check()
    window.press("Save and go on")
    assert window.headline() == "Steps before the reviews"
    window.press("Save and go on")
    window.told("Nothing is missing.")
    return key


def write_the_brief(window: Window) -> None:
    """Put the firm's own values where the template leaves a place for them; the draft is kept meanwhile."""
    page = window.page
    for name in ("teaser", "problem", "why_now", "constraints", "acceptance_test"):
        field = page.locator(f"[name={name}]")
        field.fill(re.sub(r"\[[^\]]*\]", "20", field.input_value()) or "Bruised fruit below 2 % in 500 picks.")
    page.locator("output[data-state=saved]").wait_for()


def publish(window: Window, key: str) -> None:
    """Look at the preview, then make the challenge public."""
    page = window.go(f"/challenges/{key}/preview/")
    assert window.headline() == TITLE
    page.go_back()
    window.press("Publish")
    window.told("The challenge is public.")


def see_only_a_count(window: Window, key: str, *, secrets: tuple[str, ...]) -> str:
    """Look everywhere entries could be before the deadline; return how many are said to be handed in."""
    for path in (f"/challenges/{key}/", f"/challenges/{key}/ranking/", "/today/", "/ledger/", "/measures/", "/mails/"):
        window.go(path)
        assert not [secret for secret in secrets if secret in window.page.content()], path
    page = window.go(f"/challenges/{key}/ideas/")
    assert not [secret for secret in secrets if secret in page.content()]
    return page.locator(".stat", has_text="Handed in").first.locator(".stat-value").inner_text()


def close_early(window: Window, key: str) -> None:
    """Close the entries now, with a reason for everybody who entered."""
    page = window.go(f"/challenges/{key}/timetable/")
    page.locator("[name=close-reason]").fill("The field trial was moved forward to next week.")
    window.press("Close entries")
    window.told("The timetable is changed")


def invite_judges(window: Window, key: str, *emails: str) -> None:
    """Invite evaluators by mail and take a seat oneself."""
    page = window.go(f"/challenges/{key}/panel/")
    page.get_by_label("E-mail addresses").fill("\n".join(emails))
    window.press("Send invitations")
    window.told("on their way" if len(emails) > 1 else "on its way")
    page.get_by_label("Olga Owner").check()
    window.press("Add to the panel")


def deal_out(window: Window, key: str) -> None:
    """Deal the reviews out."""
    window.go(f"/challenges/{key}/panel/")
    window.press("Deal reviews out")


def choose(window: Window, key: str) -> None:
    """Say what each idea would take, set limits, and take the best set as the basis of the decisions."""
    page = window.go(f"/challenges/{key}/selection/")
    for row in page.locator("#estimates tbody tr").all():
        row.locator("[name^=money-]").fill("20000")
        row.locator("[name^=days-]").fill("15")
    window.press("Save figures")
    page.get_by_label("Money at most").fill("25000")
    page.get_by_label("Person-days at most").fill("60")
    window.press("Compute the best set")
    window.told("Proven best")
    window.press("Settle and decide")


def decide(window: Window, key: str, winner: str) -> None:
    """Decide on every entry, in one's own words; before that no answer can go out."""
    page = window.go(f"/challenges/{key}/decisions/")
    assert page.get_by_role("button", name="Send all answers").is_disabled()
    for card in page.locator("fieldset.decision").all():
        is_winner = winner in card.locator("legend").inner_text()
        card.locator("[name^=outcome-]").select_option("award" if is_winner else "decline")
        reason = card.locator("[name^=reason-] optgroup").nth(0 if is_winner else 2).locator("option").first
        card.locator("[name^=reason-]").select_option(reason.get_attribute("value"))
        words = "Your gripper did best in every test." if is_winner else "The hand bruised one fruit in ten."
        card.locator("[name^=words-]").fill(words)
    window.press("Save decisions")
    window.press("Send all answers")
    window.told("answers are on their way")


def reply(window: Window, key: str, text: str) -> None:
    """Reply to what a contributor asked about an answer."""
    page = window.go(f"/challenges/{key}/decisions/")
    page.locator("#questions [name=text]").fill(text)
    window.press("Send the reply")
    window.told(text)


def download(window: Window, path: str, to: Path) -> dict[str, Any]:
    """Keep a file the instance gives out, and return the document in it."""
    answer = window.context.request.get(window.address + path)
    assert answer.ok, (path, answer.status)
    to.write_bytes(answer.body())
    return dict(json.loads(answer.body()))
