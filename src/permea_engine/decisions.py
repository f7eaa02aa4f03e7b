"""What an estimate means for a choice of the best `k`: order, chances, ties, certainty, whatever it was made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from permea_engine.checks import share, whole_number

Floats = NDArray[np.float64]
Seed = int | np.random.Generator
N_SAMPLES = 4000
BLOCK = 20_000_000  # cells drawn at once, 160 MB
FEWEST = 400  # draws that groups are told from, however many items there are: a chance of 0.9 is then right to 0.015


class Estimate(Protocol):
    """What is known of many items at once: `permea_engine.ratings.Ratings`, `permea_engine.ranking.Ranking`."""

    @property
    def centre(self) -> Floats:
        """Return the estimate of each item, of shape (n_items,); nan where nothing was observed."""
        ...

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws from the posterior, of shape (n, n_items), those without observation included."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class TopKCertainty:
    """How far the `k` highest estimates can be trusted to be the best `k` items.

    ``chosen`` holds the items, best first; ``set_right`` is the chance that it is exactly the right set;
    ``share_right`` is the expected share of it that belongs there; ``expected_regret`` is what is lost on average, per
    chosen item, against the right set, in the unit of the estimate.
    """

    chosen: NDArray[np.intp]
    set_right: float
    share_right: float
    expected_regret: float


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """An estimate with its joint draws, of shape (n_samples, n_items), so that several questions share them."""

    centre: Floats
    draws: Floats

    def sample(self, n: int, rng: np.random.Generator) -> Floats:  # noqa: ARG002 (an `Estimate` draws anew)
        """Return the first `n` of the draws. Raises RangeError if there are fewer."""
        return self.draws[: whole_number("n_samples", n, minimum=1, maximum=len(self.draws))]


def drawn(estimate: Estimate, *, n_samples: int = N_SAMPLES, seed: Seed = 0) -> Estimate:
    """Draw once what several functions of this module are to be asked about.

    Parameters
    ----------
    estimate : Estimate
        From `rate_ideas` or `rank_from_comparisons`.
    n_samples, seed
        As for `top_k_probabilities`; the other functions can be asked for as many draws and no more.

    Returns
    -------
    Estimate
        The estimate with its draws, or as it was where those would be more than 20 million numbers.

    Raises
    ------
    ShapeError, RangeError
        If `n_samples` is not a whole number above 0.

    Examples
    --------
    >>> from permea_engine.ratings import rate_ideas
    >>> known = drawn(rate_ideas([0, 0, 1, 1], [0, 1, 0, 1], [[1], [2], [4], [5]]))
    >>> top_k_probabilities(known, 1).round(1), tie_groups(known)
    (array([0., 1.]), array([1, 0]))

    """
    if whole_number("n_samples", n_samples, minimum=1) * len(estimate.centre) > BLOCK:
        return estimate
    return Drawn(estimate.centre, next(_draws(estimate, n_samples, seed)))


def rank_order(estimate: Estimate) -> NDArray[np.intp]:
    """Return the items that were observed, highest estimate first; equal ones in order of their number.

    Parameters
    ----------
    estimate : Estimate
        From `rate_ideas` or `rank_from_comparisons`.

    Returns
    -------
    ndarray of int, shape (n_observed,)
        Numbers of items.

    Examples
    --------
    >>> from permea_engine.ratings import rate_ideas
    >>> rank_order(rate_ideas([0, 1, 1], [0, 0, 1], [[1], [4], [5]], n_ideas=3))
    array([1, 0])

    """
    centre = estimate.centre
    return np.argsort(-centre, kind="stable")[: _n_observed(centre)].astype(np.intp)


def top_k_probabilities(estimate: Estimate, k: int, *, n_samples: int = N_SAMPLES, seed: Seed = 0) -> Floats:
    """Estimate each item's chance of being among the best `k`.

    Parameters
    ----------
    estimate : Estimate
        From `rate_ideas` or `rank_from_comparisons`.
    k : int
        How many are chosen, ``1 <= k <= n_items``.
    n_samples : int, default 4000
        Joint draws from the posterior; the error of a chance of one half is about ``0.5 / sqrt(n_samples)``.
    seed : int or numpy.random.Generator, default 0
        Source of the draws.

    Returns
    -------
    ndarray of shape (n_items,)
        Chances; they sum to `k`. An item without observation has the chance of one about which nothing is known.

    Raises
    ------
    ShapeError, RangeError
        If `k` is not a whole number, or not in range.

    Examples
    --------
    >>> from permea_engine.ratings import rate_ideas
    >>> ratings = rate_ideas([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [[1], [2], [3], [4], [5], [5]])
    >>> top_k_probabilities(ratings, 1).round(1)
    array([0. , 0.1, 0.9])

    """
    n_items = len(estimate.centre)
    whole_number("k", k, minimum=1, maximum=n_items)
    hits = np.zeros(n_items)
    for draws in _draws(estimate, n_samples, seed):
        hits += in_top(draws, k).sum(axis=0)
    return hits / n_samples


def tie_groups(
    estimate: Estimate, *, certainty: float = 0.9, n_samples: int = N_SAMPLES, seed: Seed = 0
) -> NDArray[np.intp]:
    """Group items that cannot be told from the first of their group.

    Going down the ranking, a new group begins with the first item that the head of the current group is better than
    with a chance of at least `certainty`. Two items of one group may differ by more than either does from its head:
    a group says only that its head is not certainly better.

    Parameters
    ----------
    estimate : Estimate
        From `rate_ideas` or `rank_from_comparisons`.
    certainty : float, default 0.9
        Chance wanted of a step.
    n_samples, seed
        As for `top_k_probabilities`; above 5,000 items fewer draws are used, so that 20 million numbers are enough.

    Returns
    -------
    ndarray of int, shape (n_items,)
        Number of the group, 0 the best; -1 for an item without observation.

    Raises
    ------
    RangeError
        If `certainty` does not lie between 0 and 1.

    Examples
    --------
    >>> from permea_engine.ratings import rate_ideas
    >>> ratings = rate_ideas([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [[1], [1], [5], [4], [4], [5]])
    >>> tie_groups(ratings)
    array([1, 0, 0])

    """
    share("certainty", certainty)
    order, labels = rank_order(estimate), np.full(len(estimate.centre), -1, dtype=np.intp)
    n_kept = min(whole_number("n_samples", n_samples, minimum=1), max(FEWEST, BLOCK // max(1, len(order))))
    ranked = np.empty((len(order), n_kept), dtype=np.float32)
    n_drawn = 0
    for draws in _draws(estimate, n_kept, seed):
        ranked[:, n_drawn : n_drawn + len(draws)] = draws[:, order].T
        n_drawn += len(draws)
    head, group = 0, 0
    while head < len(order):
        after = _first_below(ranked, head, certainty)
        labels[order[head:after]] = group
        head, group = after, group + 1
    return labels


def _first_below(ranked: NDArray[np.float32], head: int, certainty: float) -> int:
    """Return the first row after `head` that it is above with this certainty, or the number of rows."""
    start, width = head + 1, 16
    while start < len(ranked):
        below = (ranked[head] > ranked[start : start + width]).mean(axis=1) >= certainty
        if below.any():
            return start + int(np.argmax(below))
        start, width = start + width, 2 * width
    return len(ranked)


def top_k_certainty(estimate: Estimate, k: int, *, n_samples: int = N_SAMPLES, seed: Seed = 0) -> TopKCertainty:
    """Estimate how far the `k` highest estimates can be trusted to be the best `k` items.

    Parameters
    ----------
    estimate : Estimate
        From `rate_ideas` or `rank_from_comparisons`.
    k : int
        How many are chosen, at most the number of observed items.
    n_samples, seed
        As for `top_k_probabilities`.

    Returns
    -------
    TopKCertainty
        The chosen items, the chance that the set is right, the expected share of it that is right, and the expected
        regret in the unit of the estimate.

    Raises
    ------
    ShapeError, RangeError
        If `k` is not a whole number, or not in range.

    Examples
    --------
    >>> from permea_engine.ratings import rate_ideas
    >>> ratings = rate_ideas([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [[1], [1], [1], [2], [5], [5]])
    >>> certainty = top_k_certainty(ratings, 1)
    >>> certainty.chosen, certainty.set_right > 0.9
    (array([2]), True)

    """
    whole_number("k", k, minimum=1, maximum=_n_observed(estimate.centre))
    chosen = rank_order(estimate)[:k]
    n_right = n_sets = 0
    regret = 0.0
    for draws in _draws(estimate, n_samples, seed):
        hits = in_top(draws, k)[:, chosen].sum(axis=1)
        best = np.partition(draws, draws.shape[1] - k, axis=1)[:, -k:]
        n_right, n_sets = n_right + int(hits.sum()), n_sets + int((hits == k).sum())
        regret += float((best.mean(axis=1) - draws[:, chosen].mean(axis=1)).sum())
    return TopKCertainty(chosen, n_sets / n_samples, n_right / (n_samples * k), max(0.0, regret / n_samples))


def in_top(draws: Floats, k: int) -> NDArray[np.bool_]:
    """Mark in each draw the `k` highest items, and those equal to the lowest of them.

    Parameters
    ----------
    draws : ndarray of shape (n_draws, n_items)
        Joint draws.
    k : int
        How many, ``1 <= k <= n_items``.

    Returns
    -------
    ndarray of bool, shape (n_draws, n_items)
        Whether the item is among them.

    Raises
    ------
    ShapeError, RangeError
        If `k` is not a whole number, or not in range.

    Examples
    --------
    >>> in_top(np.array([[0.1, 0.5, 0.3]]), 2)
    array([[False,  True,  True]])

    """
    position = draws.shape[1] - whole_number("k", k, minimum=1, maximum=draws.shape[1])
    return np.asarray(draws >= np.partition(draws, position, axis=1)[:, position : position + 1])


def _draws(estimate: Estimate, n_samples: int, seed: Seed) -> Iterator[Floats]:
    """Yield the draws in blocks, so that many items need little memory."""
    left = whole_number("n_samples", n_samples, minimum=1)
    rng = np.random.default_rng(seed)
    rows = max(1, BLOCK // len(estimate.centre))
    while left:
        draws = estimate.sample(min(rows, left), rng)
        left -= len(draws)
        # all equal: chance decides
        yield draws if np.ptp(draws) else draws + 1e-9 * rng.standard_normal(draws.shape)


def _n_observed(centre: Floats) -> int:
    return int(np.count_nonzero(~np.isnan(centre)))
