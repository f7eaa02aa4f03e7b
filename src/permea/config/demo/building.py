"""What the demo's firm builds itself: something like an entry that two of its people had read before."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.ideas import services as ideas
from permea.selection import services
from permea.selection.models import Work

if TYPE_CHECKING:
    from permea.config.demo.story import Story


def build(story: Story) -> None:
    """Let some people read an entry, begin a work later, and answer one of the two matters."""
    plan = story.content.plan["work"]
    for number, name in enumerate(plan["people"]):
        story.on(plan["read"] + number / 10, partial(_read, story, name))
    story.on(plan["day"], partial(_begin, story))
    story.on(plan["day"] + 1, partial(_settle, story))


def _read(story: Story, name: str, at: datetime) -> None:
    """Let somebody of the firm read the entry."""
    entry = story.ideas[story.content.plan["work"]["entry"]]
    ideas.keep_readings(organisation_id=story.host.pk, keys=[entry.key], reader=story.persons[name], at=at)


def _begin(story: Story, at: datetime) -> None:
    """Enter the work, and put its people on it."""
    plan, words = story.content.plan["work"], story.content.words["work"]
    told: dict[str, Any] = {"actor": story.owner, "at": at}
    began_on = (at - timedelta(days=plan["began_before"])).date()
    made = services.enter_work(
        organisation=story.host, name=words["name"], words=words["words"], began_on=began_on, **told
    )
    for name in plan["people"]:
        services.put_on_work(work_id=made.pk, person=story.persons[name], since=began_on, **told)


def _settle(story: Story, at: datetime) -> None:
    """Prove that one of them had known it before, from the firm's own papers."""
    plan, words = story.content.plan["work"], story.content.words["work"]
    content = services.SettlementInput(
        person=story.persons[plan["knew"]],
        idea=story.ideas[plan["entry"]],
        kind="known",
        words=words["proof"],
        reference=words["reference"],
    )
    work = Work.objects.filter(organisation=story.host).earliest("pk")
    services.settle_matter(work_id=work.pk, content=content, actor=story.owner, at=at)
