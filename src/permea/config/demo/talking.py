"""What is said in the demo about entries that a circle reads."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.dialogue.services import post_comment, settle_suggestion

if TYPE_CHECKING:
    from permea.config.demo.story import Story
    from permea.dialogue.models import Comment


def plan_talk(story: Story, name: str, plan: dict[str, Any]) -> None:
    """Plan who says what about which entry after the deadline of a challenge, if its entries are talked about."""
    said: dict[str, Comment] = {}
    for one in plan.get("talk", ()):
        story.on(one["day"], partial(_say, story, name, one, said))


def _say(story: Story, name: str, one: dict[str, Any], said: dict[str, Comment], at: datetime) -> None:
    """Let somebody comment, answer, or say what becomes of a suggestion."""
    words, actor = story.content.words["talk"][name][one["id"]], story.persons[one["by"]]
    if "settles" in one:
        settle_suggestion(comment_id=said[one["settles"]].pk, actor=actor, outcome=one["outcome"], words=words, at=at)
        return
    said[one["id"]] = post_comment(
        idea_id=story.ideas[one["entry"]].pk,
        actor=actor,
        text=words,
        language=story.content.language,
        at=at,
        answers=said.get(one.get("answers", "")),
        is_suggestion=one.get("is_suggestion", False),
    )
