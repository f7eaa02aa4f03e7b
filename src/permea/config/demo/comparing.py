"""Who compares what in the demo: each answer follows how good the entries are meant to be, with a little chance."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import fmean
from typing import TYPE_CHECKING, Any

from permea.config.demo.marks import chance
from permea.evaluation import queries, services

if TYPE_CHECKING:
    from permea.config.demo.story import Story

LOOK = timedelta(seconds=45)
NEARLY_EQUAL, ERRING = 0.25, 0.8


def compare(story: Story, name: str, person: str, at: datetime) -> None:
    """Let an evaluator compare the pair that is shown to them next, if there is one."""
    judge = queries.evaluating_judge(story.persons[person], story.challenges[name].key)
    pair = queries.compare_page(judge, at=at).pair
    if pair is None:
        return
    entries = {story.ideas[one["id"]].key: one for one in story.content.plan["challenges"][name]["entries"]
               if one["id"] in story.ideas}  # fmt: skip
    outcome = _outcome(entries[pair.first.key], entries[pair.second.key], person)
    services.compare(judge=judge, offer=queries.read_token(pair.token), outcome=outcome, at=at + LOOK)


def _outcome(first: dict[str, Any], second: dict[str, Any], person: str) -> str:
    """Return which of two entries somebody prefers."""
    seen = fmean(first["quality"]) - fmean(second["quality"]) + ERRING * chance(first["id"] + second["id"], person)
    if abs(seen) < NEARLY_EQUAL:
        return "tie"
    return "first" if seen > 0 else "second"
