"""Comparisons by several criteria: one ranking each, and one of them together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from permea_engine.checks import index_array, not_negative, real_array, whole_number
from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.ranking.facts import Floats
from permea_engine.ranking.fit import LEVEL, Ranking, rank_from_comparisons


@dataclass(frozen=True, slots=True, eq=False)
class CriterionRankings:
    """One ranking for each criterion, and the weighted mean of their strengths; see `rank_by_criteria`."""

    rankings: tuple[Ranking | None, ...]
    weights: Floats
    strengths: Floats
    n_comparisons: Floats

    @property
    def centre(self) -> Floats:
        """Return the strengths, nan for items without comparison: what `permea_engine.decisions` ranks by."""
        return np.where(self.n_comparisons > 0, self.strengths, np.nan)

    @property
    def standard_errors(self) -> Floats:
        """Return the standard deviation of each mean strength, the criteria taken for independent."""
        variances = [weight**2 * found.standard_errors**2 for weight, found in self._used()]
        return np.asarray(np.sqrt(np.sum(variances, axis=0)))

    @property
    def lower(self) -> Floats:
        """Return the lower end of the 95 % interval of each mean strength."""
        return self.strengths + float(ndtri((1 - LEVEL) / 2)) * self.standard_errors

    @property
    def upper(self) -> Floats:
        """Return the upper end of the 95 % interval of each mean strength."""
        return self.strengths - float(ndtri((1 - LEVEL) / 2)) * self.standard_errors

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws of all mean strengths, of shape (n, n_items)."""
        return np.asarray(sum(weight * found.sample(n, rng) for weight, found in self._used()))

    def _used(self) -> list[tuple[float, Ranking]]:
        pairs = zip(self.weights, self.rankings, strict=True)
        return [(float(weight), found) for weight, found in pairs if weight and found is not None]


def rank_by_criteria(
    first: ArrayLike,
    second: ArrayLike,
    outcome: ArrayLike,
    criterion: ArrayLike,
    *,
    judge: ArrayLike | None = None,
    n_items: int | None = None,
    n_judges: int | None = None,
    criterion_weights: ArrayLike | None = None,
) -> CriterionRankings:
    """Rank items by each criterion on which they were compared, and by the weighted mean of their strengths.

    Judges are rated for each criterion apart: who knows markets well need not know machines.

    Parameters
    ----------
    first, second, outcome, judge, n_items, n_judges
        As for `rank_from_comparisons`.
    criterion : array_like of int, shape (n_comparisons,)
        By which criterion the comparison was made.
    criterion_weights : array_like of shape (n_criteria,), optional
        Weight of each criterion, normalised to sum 1; by default equal for those that occur.

    Returns
    -------
    CriterionRankings
        ``rankings``: one for each criterion, None where it has no comparison; ``weights`` (n_criteria,);
        ``strengths``, ``standard_errors``, ``lower``, ``upper`` and ``n_comparisons`` (n_items,): of the mean, in
        log-odds. An item without comparison by a criterion counts as average on it. It can be given to the functions of
        `permea_engine.decisions`.

    Raises
    ------
    ShapeError, RangeError, NotConvergedError
        As for `rank_from_comparisons`; if a weight is negative or all are zero.
    UndeterminedError
        If there is no comparison, or none by a criterion that has a weight.

    Examples
    --------
    >>> found = rank_by_criteria([0, 0, 1, 1], [1, 2, 2, 0], [1, 1, 1, 1], [0, 0, 0, 1], criterion_weights=[3, 1])
    >>> found.weights, found.strengths.round(1)
    (array([0.75, 0.25]), array([ 0.4,  0.1, -0.5]))

    """
    by = index_array("criterion", criterion)
    firsts, seconds = (index_array(name, one, length=len(by)) for name, one in (("first", first), ("second", second)))
    outcomes = real_array("outcome", outcome, shape=(len(by),))
    judges = None if judge is None else index_array("judge", judge, length=len(by))
    if not len(by):
        raise UndeterminedError("first: there is no comparison")
    counts = np.bincount(by)
    weights = _weights(criterion_weights, counts)
    n = int(max(firsts.max(), seconds.max())) + 1 if n_items is None else whole_number("n_items", n_items, minimum=1)
    seats = None if judges is None else (n_judges or int(judges.max()) + 1)
    rankings: list[Ranking | None] = []
    for number in range(len(weights)):
        own = by == number
        rankings.append(
            rank_from_comparisons(
                firsts[own], seconds[own], outcomes[own],
                judge=None if judges is None else judges[own], n_items=n, n_judges=seats,
            ) if own.any() else None
        )  # fmt: skip
    used = [(weight, found) for weight, found in zip(weights, rankings, strict=True) if weight and found is not None]
    return CriterionRankings(
        rankings=tuple(rankings),
        weights=weights,
        strengths=np.sum([weight * found.strengths for weight, found in used], axis=0),
        n_comparisons=np.sum([found.n_comparisons for _, found in used], axis=0),
    )


def _weights(criterion_weights: ArrayLike | None, counts: np.ndarray) -> Floats:
    """Return weights of sum 1 for the criteria that have comparisons, 0 for the others."""
    if criterion_weights is None:
        weights = np.ones(len(counts))
    else:
        weights = not_negative("criterion_weights", real_array("criterion_weights", criterion_weights, shape=(None,)))
        if len(weights) < len(counts):
            raise ShapeError(f"criterion_weights: {len(counts)} entries wanted, {len(weights)} given")
        if not weights.any():
            raise RangeError("criterion_weights: all are zero")
    weights[: len(counts)][counts == 0] = 0.0
    weights[len(counts) :] = 0.0
    if not weights.any():
        raise UndeterminedError("criterion: no comparison by a criterion that has a weight")
    return np.asarray(weights / weights.sum())
