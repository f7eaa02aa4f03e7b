"""What the demo lets people vote."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from permea.challenges.services import tell_entries_closed
from permea.ideas.services import cast_vote

if TYPE_CHECKING:
    from permea.config.demo.story import Story


def plan_votes(story: Story, name: str, plan: dict[str, Any]) -> None:
    """Plan who votes for what after the deadline of a challenge, if its entries are voted on."""
    if "votes" not in plan:
        return
    story.on(plan["closes"], partial(_close, story, name))
    begins = plan["closes"] + sum(step["days"] for step in plan["steps"] if step["name"] != "vote")
    for index, (person, given) in enumerate(plan["votes"].items()):
        day = begins * (1 - 0.9 * (index + 1) / len(plan["votes"]))
        story.on(day, partial(_vote, story, person, given))


def _close(story: Story, name: str, at: datetime) -> None:
    """Let the deadline pass."""
    tell_entries_closed(challenge_id=story.challenges[name].pk, at=at)


def _vote(story: Story, person: str, given: dict[str, int], at: datetime) -> None:
    """Let somebody vote on some entries."""
    for entry, value in given.items():
        cast_vote(idea_id=story.ideas[entry].pk, actor=story.persons[person], value=value, at=at)
