"""Where the line between the best `k` and the rest runs, and whom it is worth looking at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from permea_engine.checks import share, whole_number
from permea_engine.effort.beliefs import Floats, Indices
from permea_engine.errors import RangeError, ShapeError

SHARPNESS = 1.5  # chosen on simulations with other seeds than those reported: 1 to 2 differ little
CANDIDATES = 32  # ideas weighed against each other
Seed = int | np.random.Generator
SAME = 1e-6  # share of the value by which equals are told apart by chance


@dataclass(frozen=True, slots=True, eq=False)
class Reserve:
    """Ideas that may not be dropped before they were looked at: new ones, those from outside, those far from the core.

    An idea of ``ideas`` (n_ideas,) is owed a look as long as it has fewer than ``looks``, and fewer than ``share``
    times the mean number of looks an idea has had so far.
    """

    ideas: ArrayLike
    looks: int = 6
    share: float = 0.5

    def owed(self, looks: Indices, n_more: int) -> NDArray[np.bool_]:
        """Return who is owed a look, given the looks so far, before `n_more` are given out.

        Raises ShapeError or RangeError if the reserve does not fit.
        """
        mask = as_mask("reserve.ideas", self.ideas, len(looks))
        whole_number("reserve.looks", self.looks, minimum=1)
        if self.share != 1:
            share("reserve.share", self.share)
        due = self.share * (looks.sum() + n_more) / len(looks)
        return np.asarray(mask & (looks < self.looks) & (looks < due))


def line_weights(mean: Floats, variance: Floats, k: int) -> Floats:
    """Return what a fall of each idea's variance by one is worth for knowing the best `k`; 0 where all is known.

    To first order the chance that idea `l` is above the line has the variance ``density(z)**2 / variance`` times what
    an observation moves its mean by, with `z` the distance of its mean from the line in standard errors. The powers of
    the density that lie between 1 and 2 do alike; see `SHARPNESS`.
    """
    ordered = np.partition(mean, (len(mean) - k - 1, len(mean) - k))
    line = (ordered[-k - 1] + ordered[-k]) / 2
    known = variance <= 0
    safe = np.where(known, 1.0, variance)
    return np.where(known, 0.0, np.exp(-SHARPNESS * (mean - line) ** 2 / (2 * safe)) / safe)


def most_contested(urgency: Floats, allowed: NDArray[np.bool_], n_most: int, rng: np.random.Generator) -> Indices:
    """Return at most `n_most` allowed ideas with the highest `urgency`; chance decides between equals."""
    pool = np.flatnonzero(allowed)
    if len(pool) <= n_most:
        return pool
    key = urgency[pool] * (1 + SAME * rng.random(len(pool))) + 1e-300 * rng.random(len(pool))
    return np.asarray(pool[np.argpartition(-key, n_most)[:n_most]])


def pick(value: Floats, rng: np.random.Generator) -> int:
    """Return the position of the highest value, in the flattened array; chance decides between equals."""
    return int((value * (1 + SAME * rng.random(value.shape)) + 1e-300 * rng.random(value.shape)).argmax())


def checked_k(k: int, n_ideas: int) -> int:
    """Return `k` if some ideas are chosen and some are not. Raises ShapeError or RangeError."""
    if n_ideas < 2:  # noqa: PLR2004 (nothing to choose among one)
        raise RangeError(f"state: {n_ideas} idea given; at least 2 are needed to choose")
    return whole_number("k", k, minimum=1, maximum=n_ideas - 1)


def as_mask(name: str, values: ArrayLike | None, size: int) -> NDArray[np.bool_]:
    """Return a vector of yes and no, all yes by default. Raises ShapeError if it is none, or not of `size`."""
    if values is None:
        return np.ones(size, dtype=bool)
    array = np.asarray(values)
    if array.shape != (size,) or array.dtype != np.bool_:
        raise ShapeError(f"{name}: {size} times yes or no wanted, {array.shape} of {array.dtype} given")
    return array
