"""What the demo's agreements ask by a day: reports and returns added by hand, publications to be looked at first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.agreements import services

if TYPE_CHECKING:
    from permea.config.demo.story import Story

Signed = dict[str, Any]  # the agreement and the contact, once both sides have signed


def keep(story: Story, signed: Signed, plan: dict[str, Any], words: dict[str, Any]) -> None:
    """Plan what is owed under an agreement once it is signed, and what its partner wants to publish."""
    for row, title in zip(plan.get("deadlines", ()), words.get("deadlines", ()), strict=True):
        owed: dict[str, int] = {}
        story.on(row["day"], partial(_owe, story, signed, row, title, owed))
        if "said" in row:
            story.on(row["said"], partial(_say, signed, owed))
            story.on(row["confirmed"], partial(_confirm, story, owed))
    for row, said in zip(plan.get("publications", ()), words.get("publications", ()), strict=True):
        planned: dict[str, int] = {}
        story.on(row["day"], partial(_hand_in, story, signed, row, said, planned))
        if "answer" in row:
            story.on(row["answered"], partial(_answer, story, row["answer"], said["text"], planned))


def _day(story: Story, number: int) -> date:
    """Return the day so many days from the demo's present."""
    return (story.start + timedelta(days=number)).date()


def _owe(story: Story, signed: Signed, row: dict[str, Any], title: str, owed: dict[str, int], at: datetime) -> None:
    """Write down what somebody owes."""
    content = services.ObligationInput(
        kind=row["kind"], title=title, side=row["side"], on=_day(story, row["due"]), reminder_days=(14, 3)
    )
    made = services.add_obligation(agreement_id=signed["agreement"].pk, said=content, actor=story.owner, at=at)
    owed["id"] = made.pk


def _say(signed: Signed, owed: dict[str, int], at: datetime) -> None:
    """Let the partner say that it is done."""
    services.say_done(obligation_id=owed["id"], note="", actor=signed["contact"], at=at)


def _confirm(story: Story, owed: dict[str, int], at: datetime) -> None:
    """Let the firm confirm it."""
    services.confirm_done(obligation_id=owed["id"], note="", actor=story.owner, at=at)


def _hand_in(
    story: Story, signed: Signed, row: dict[str, Any], said: dict[str, Any], planned: dict[str, int], at: datetime
) -> None:
    """Hand a planned publication in."""
    content = services.PublicationInput(
        title=said["title"], note=said["note"], planned_on=_day(story, row["planned"])
    )  # fmt: skip
    told = {"agreement_id": signed["agreement"].pk, "actor": signed["contact"], "at": at}
    made = services.submit_publication(said=content, **told)
    planned["id"] = made.pk


def _answer(story: Story, answer: str, text: str, planned: dict[str, int], at: datetime) -> None:
    """Let the firm answer it."""
    said: dict[str, Any] = {"answer": answer, "text": text, "days": 0}
    services.answer_publication(publication_id=planned["id"], **said, actor=story.owner, at=at)
