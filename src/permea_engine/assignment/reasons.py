"""Why this judge for this idea."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from permea_engine.assignment.assign import Assignment
from permea_engine.assignment.problem import NEVER, Floats, Problem
from permea_engine.checks import real_array, whole_number
from permea_engine.errors import RangeError


@dataclass(frozen=True, slots=True)
class JudgeReason:
    """A judge of an idea, or one who could have been.

    Attributes
    ----------
    judge : int
        Who.
    status : str
        ``"assigned"``, ``"fixed"``, ``"free"`` (has room), ``"full"`` or ``"conflict"``.
    affinity : float
        Of the pair.
    parts : tuple of (str, float)
        What the affinity consists of, largest first; empty if no parts were given.
    rank : int
        1 for the judge who suits the idea best, conflicts not counted; 0 for a conflict.
    load, limit : int
        Reviews of this judge, and the most there may be.

    """

    judge: int
    status: str
    affinity: float
    parts: tuple[tuple[str, float], ...]
    rank: int
    load: int
    limit: int


def combined_affinity(parts: Mapping[str, ArrayLike], weights: Mapping[str, float]) -> Floats:
    """Compute an affinity from its parts, such as expertise and wishes.

    Parameters
    ----------
    parts : mapping of str to array_like of shape (n_ideas, n_judges)
        Each part in its own unit.
    weights : mapping of str to float
        Points of affinity for one unit of each part.

    Returns
    -------
    ndarray of shape (n_ideas, n_judges)
        The weighted sum.

    Raises
    ------
    ShapeError, RangeError
        If there is no part, a part lacks its weight, shapes differ or an entry is nan.

    Examples
    --------
    >>> combined_affinity({"expertise": [[1, 0]], "wish": [[0, 1]]}, {"expertise": 1, "wish": 0.5})
    array([[1. , 0.5]])

    """
    if not parts or parts.keys() != weights.keys():
        raise RangeError(f"weights: for {sorted(weights)}, the parts are {sorted(parts)}")
    arrays = [real_array(f"parts, {name}", part, shape=(None, None)) for name, part in parts.items()]
    total = np.zeros(arrays[0].shape)
    for name, array in zip(parts, arrays, strict=True):
        total += weights[name] * real_array(f"parts, {name}", array, shape=total.shape)
    return total


def explain_assignment(
    assignment: Assignment,
    idea: int,
    *,
    parts: Mapping[str, ArrayLike] | None = None,
    weights: Mapping[str, float] | None = None,
    n_alternatives: int = 3,
) -> tuple[JudgeReason, ...]:
    """Say why an idea has its judges, and who else could have been.

    Parameters
    ----------
    assignment : Assignment
        From `assign_reviews` or `adjust_assignment`.
    idea : int
        The idea.
    parts, weights : mapping, optional
        What the affinity was combined from, as for `combined_affinity`.
    n_alternatives : int, default 3
        How many others to name at most, best first; conflicts among them.

    Returns
    -------
    tuple of JudgeReason
        The idea's judges, best first, then the others.

    Raises
    ------
    ShapeError, RangeError
        If the idea does not exist, or the parts do not fit.

    Examples
    --------
    >>> from permea_engine.assignment import assign_reviews
    >>> found = assign_reviews([[9, 8, 1], [9, 1, 2]], reviews_per_idea=1, load=1)
    >>> [(one.judge, one.status, one.rank) for one in explain_assignment(found, 0)]
    [(1, 'assigned', 2), (0, 'full', 1), (2, 'free', 3)]

    """
    problem = assignment.problem
    whole_number("idea", idea, minimum=0, maximum=problem.n_ideas - 1)
    worth = _worth(problem, parts or {}, weights or {})
    affinity, status = _row(assignment, idea)
    known = [judge for judge in affinity if status[judge] != "conflict"]
    order = sorted(known, key=lambda judge: (-affinity[judge], judge))
    rank = {judge: place for place, judge in enumerate(order, start=1)}

    def reason(judge: int) -> JudgeReason:
        load, limit = int(assignment.load[judge]), int(problem.load[judge])
        return JudgeReason(
            judge, status[judge], affinity[judge], _parts(worth, idea, judge), rank.get(judge, 0), load, limit
        )

    by_affinity = sorted(affinity, key=lambda judge: (-affinity[judge], judge))
    own = [judge for judge in by_affinity if status[judge] in {"assigned", "fixed"}]
    others = [judge for judge in by_affinity if status[judge] not in {"assigned", "fixed"}]
    return tuple(map(reason, own + others[:n_alternatives]))


def _row(assignment: Assignment, idea: int) -> tuple[dict[int, float], dict[int, str]]:
    """Return the affinity and the status of every judge that the idea has, could have or must not have."""
    problem = assignment.problem
    affinity, status = {}, {}
    for value, judge in zip(problem.value[idea].tolist(), problem.judge[idea].tolist(), strict=True):
        if value > NEVER:
            affinity[judge] = value
            status[judge] = "free" if assignment.load[judge] < problem.load[judge] else "full"
    barred = problem.barred[:, 0] == idea
    for judge, value in zip(problem.barred[barred, 1].tolist(), problem.barred_value[barred].tolist(), strict=True):
        affinity[judge], status[judge] = value, "conflict"
    mine = assignment.idea == idea
    rows = zip(assignment.judge[mine], assignment.affinity[mine], assignment.is_fixed[mine], strict=True)
    for judge, value, is_fixed in rows:
        affinity[int(judge)], status[int(judge)] = float(value), "fixed" if is_fixed else "assigned"
    return affinity, status


def _worth(problem: Problem, parts: Mapping[str, ArrayLike], weights: Mapping[str, float]) -> dict[str, Floats]:
    """Return what each part adds to the affinity."""
    if parts.keys() != weights.keys():
        raise RangeError(f"weights: for {sorted(weights)}, the parts are {sorted(parts)}")
    shape = (problem.n_ideas, problem.n_judges)
    return {name: weights[name] * real_array(f"parts, {name}", part, shape=shape) for name, part in parts.items()}


def _parts(worth: Mapping[str, Floats], idea: int, judge: int) -> tuple[tuple[str, float], ...]:
    """Return what each part adds to the affinity of one pair, largest first."""
    return tuple(sorted(((name, float(part[idea, judge])) for name, part in worth.items()), key=lambda one: -one[1]))
