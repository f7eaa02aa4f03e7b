"""The demo's idea box: needs and ideas that came in, some merged, some answered, some waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from permea.foundation.ids import new_key
from permea.ideas import services as ideas

if TYPE_CHECKING:
    from permea.config.demo.story import Story

SEED_KEYS = 3


def open_box(story: Story) -> None:
    """Open the firm's box, put everything in on its day, and let Mara deal with it."""
    plan, words = story.content.plan["box"], story.content.words["box"]

    def opening(at: datetime) -> None:
        content = ideas.BoxInput(
            title=words["title"], welcome=words["welcome"], language=story.content.language, origins=plan["origins"]
        )
        story.boxes["box"] = ideas.create_box(organisation=story.host, content=content, actor=story.owner, at=at)

    story.on(plan["day"], opening)
    for name, row in plan["postings"].items():
        story.on(row["day"], _putting(story, name, row))
        if "considered" in row:
            story.on(row["considered"], _considering(story, name))
        if "merged" in row:
            story.on(row["merged"], _merging(story, name, row))
        if "answered" in row:
            story.on(row["answered"], _answering(story, name, row))


def _putting(story: Story, name: str, row: dict[str, Any]) -> Callable[[datetime], None]:
    def put_in(at: datetime) -> None:
        said = ideas.PostingInput(
            kind=row["kind"],
            text=story.content.words["box"]["postings"][name],
            source=row["source"],
            channel=row["channel"],
            place=row.get("place", {}).get(story.content.language, ""),
            language=story.content.language,
        )
        seed = "".join(new_key() for _number in range(SEED_KEYS))
        story.postings[name] = ideas.post(box_id=story.boxes["box"].pk, content=said, seed=seed, at=at)

    return put_in


def _considering(story: Story, name: str) -> Callable[[datetime], None]:
    def consider(at: datetime) -> None:
        ideas.consider(posting_id=story.postings[name].pk, actor=story.persons["mara"], at=at)

    return consider


def _merging(story: Story, name: str, row: dict[str, Any]) -> Callable[[datetime], None]:
    def merge(at: datetime) -> None:
        ideas.merge_posting(
            posting_id=story.postings[name].pk,
            main_id=story.postings[row["into"]].pk,
            why=story.content.words["box"]["why"],
            actor=story.persons["mara"],
            at=at,
        )

    return merge


def _answering(story: Story, name: str, row: dict[str, Any]) -> Callable[[datetime], None]:
    def answer(at: datetime) -> None:
        ideas.answer_posting(
            posting_id=story.postings[name].pk,
            outcome=row["outcome"],
            reason=row.get("reason", ""),
            words=story.content.words["box"]["answers"][name],
            actor=story.persons["mara"],
            at=at,
        )

    return answer
