"""What a shortlist is made of: ideas, marks and limits going in; ranks, judges and a certified choice coming out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from permea.surface.tables import RowError

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Idea:
    """One row of the table of ideas."""

    key: str
    title: str
    cost: float | None
    days: float | None
    bucket: str
    line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in one of the two files."""

    file: str
    error: RowError

    def __str__(self) -> str:
        """Return the file and what is wrong where."""
        return f"{self.file}: {self.error}"


@dataclass(frozen=True, slots=True)
class Source:
    """One of the files read: its name and hash, and how its columns were understood."""

    name: str
    sha256: str
    kind: str
    n_rows: int
    columns: dict[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Ideas and marks, joined, with everything that was wrong or guessed."""

    ideas: tuple[Idea, ...]
    judges: tuple[str, ...]
    criteria: tuple[str, ...]
    idea: Indices  # (n_reviews,)
    judge: Indices  # (n_reviews,)
    marks: Floats  # (n_reviews, n_criteria), nan where missing
    sources: tuple[Source, Source]
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many ideas of a bucket may be chosen, and what they may cost together."""

    minimum: int | None = None
    maximum: int | None = None
    money: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a choice must keep to, by idea keys and bucket names; None does not bind."""

    money: float | None = None
    days: float | None = None
    n_most: int | None = None
    bar: float | None = None
    buckets: dict[str, Bucket] = field(default_factory=dict)
    exclusions: tuple[tuple[str, ...], ...] = ()
    dependencies: tuple[tuple[str, str], ...] = ()
    forced_in: tuple[str, ...] = ()
    forced_out: tuple[str, ...] = ()
    weights: dict[str, float] = field(default_factory=dict)
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class RankedIdea:
    """An idea with what is known of it; all estimates are None where nobody has reviewed it."""

    idea: Idea
    rank: int | None
    score: float | None
    lower: float | None
    upper: float | None
    plain_mean: float | None
    n_reviews: int
    p_top: float | None
    group: int | None
    criterion_scores: tuple[float | None, ...]
    is_chosen: bool
    stability: float | None


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """How a judge marks against the panel's average, and what leaving them out would change."""

    name: str
    n_reviews: int
    severity: float | None
    lower: float | None
    upper: float | None
    n_changes: int | None

    @property
    def leaning(self) -> int:
        """1 for a kind judge, -1 for a harsh one, 0 where it cannot be told."""
        if self.lower is None or self.upper is None:
            return 0
        return int(self.lower > 0) - int(self.upper < 0)


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a budget the choice takes."""

    label: str
    used: float
    limit: float


@dataclass(frozen=True, slots=True)
class Swap:
    """Another choice: its value, and which ideas come in and go out."""

    value: float
    joining: tuple[str, ...]
    leaving: tuple[str, ...]
    extra: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen set and the proof that none is better."""

    bar: float
    value: float
    bound: float
    gap: float
    status: str
    is_proven: bool
    solver: str
    uses: tuple[Use, ...]
    runner_up: Swap | None
    more_money: Swap | None
    is_compared: bool  # whether a runner-up was looked for
    n_draws: int


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure the top `k` is, and what more reviews would bring."""

    k: int
    set_right: float
    share_right: float
    regret: float
    n_more: int | None
    certainty_then: float | None
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Method:
    """What was done with the marks."""

    is_corrected: bool
    reason: str
    n_components: int
    icc: float | None
    reliability: float | None
    reviews_needed: int | None
    alpha: float | None
    weights: tuple[float, ...]
    scale: tuple[float, float]
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Shortlist:
    """Everything that was found out; `choice` is None where no limits were given and the best `k` were taken."""

    inputs: Inputs
    limits: Limits
    ideas: tuple[RankedIdea, ...]
    judges: tuple[JudgeRow, ...]
    certainty: Certainty
    method: Method
    choice: Choice | None
    warnings: tuple[str, ...]

    @property
    def chosen(self) -> tuple[RankedIdea, ...]:
        """The chosen ideas, best first."""
        return tuple(row for row in self.ideas if row.is_chosen)
