"""What challenges announce."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengePublished(Event):
    """A challenge went public."""

    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableChanged(Event):
    """A challenge was extended or closed early."""

    challenge_id: int
    change_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesClosed(Event):
    """The time for entries has passed; announced once a challenge."""

    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsOpened(Event):
    """The last step after the deadline is over and entries may be judged; announced once a challenge.

    Of a challenge without steps this is told with `EntriesClosed`.
    """

    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsChanged(Event):
    """The steps between deadline and reviews of a public challenge were changed."""

    challenge_id: int
    change_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeDecided(Event):
    """Every entry of a challenge has its decision and its answer."""

    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeArchived(Event):
    """A challenge was put away."""

    challenge_id: int
