"""What strategy announces."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSet(Event):
    """A goal was written down."""

    goal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalClosed(Event):
    """A goal is not pursued any more."""

    goal_id: int
