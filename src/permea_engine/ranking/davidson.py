"""The likelihood of preferences and ties, averaged over what is not known of the strengths.

With ``d`` the difference of two strengths as a judge sees it, the three outcomes have chances in proportion to
``exp(d / 2)``, ``exp(-d / 2)`` and, for a tie, ``ties``. Averages over a normal ``d`` are taken at the three points
of Gauss and Hermite: its centre and `reach`, the square root of three times its variance, to both sides.
"""

from dataclasses import dataclass

import numpy as np

from permea_engine.ranking.facts import Floats, blocks

VAGUE = 2.0  # standard deviation of the normal prior of the logarithm of the tie propensity
MOST_TIES = 1e4
OFFSETS, SHARES, CERTAIN = np.array([0.0, 1.0, -1.0]), np.array([4.0, 1.0, 1.0]) / 6, np.ones(1)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Comparisons summed up by row, with the difference of strengths that is seen in each."""

    centre: Floats  # (n_rows,)
    reach: Floats | None  # None where strengths are taken for known
    net: Floats  # won minus lost
    total: Floats


def expected_log_likelihood(seen: Seen, ties: float) -> Floats:
    """Return the average of each row's log-likelihood, without what does not depend on the difference."""
    result = np.empty(len(seen.centre))
    for rows in blocks(len(result)):
        differences, shares = _points(seen, rows)
        size = np.abs(differences)
        decay = np.exp(-0.5 * size)
        spread = shares @ (np.log1p(decay * (decay + ties)) + 0.5 * size)
        result[rows] = 0.5 * seen.net[rows] * seen.centre[rows] - seen.total[rows] * spread
    return result


def expected_slope(seen: Seen, ties: float) -> tuple[Floats, Floats]:
    """Return the average of the log-likelihood's derivative in the difference, and of minus the second, by row."""
    gradient, curvature = np.empty(len(seen.centre)), np.empty(len(seen.centre))
    for rows in blocks(len(gradient)):
        differences, shares = _points(seen, rows)
        pull, bend = _with_ties(differences, ties) if ties else _without_ties(differences)
        gradient[rows] = 0.5 * (seen.net[rows] - seen.total[rows] * (shares @ pull))
        curvature[rows] = 0.25 * seen.total[rows] * (shares @ bend)
    return gradient, np.maximum(curvature, 1e-300)


def _without_ties(difference: Floats) -> tuple[Floats, Floats]:
    pull = np.tanh(0.5 * difference)
    return pull, 1 - pull * pull


def _with_ties(difference: Floats, ties: float) -> tuple[Floats, Floats]:
    decay = np.exp(-0.5 * np.abs(difference))
    square = decay * decay
    scale = 1 / (1 + square + ties * decay)
    return np.copysign((1 - square) * scale, difference), (4 * decay + ties * (1 + square)) * decay * scale * scale


def tie_propensity(seen: Seen, n_ties: float, ties: float) -> float:
    """Return the tie propensity that fits best when strengths are held, by a few steps from `ties`."""
    differences, shares = _points(seen, slice(len(seen.centre)))
    decisive = 2 * np.cosh(np.minimum(0.5 * np.abs(differences), 50.0))
    for _ in range(3):  # Newton's method for the logarithm of the propensity
        chance = 1 / (decisive + ties)
        expected, squared = float(shares @ (chance @ seen.total)), float(shares @ (chance * chance @ seen.total))
        uphill = n_ties - ties * expected - np.log(ties) / VAGUE**2
        step = uphill / (ties * (expected - ties * squared) + 1 / VAGUE**2)
        ties = min(MOST_TIES, ties * float(np.exp(np.clip(step, -2.0, 2.0))))
    return ties


def _points(seen: Seen, rows: slice) -> tuple[Floats, Floats]:
    """Return the differences at which some rows are looked at, of shape (n_points, n_rows), and the points' shares."""
    centre = seen.centre[rows][None]
    if seen.reach is None:
        return centre, CERTAIN
    return centre + OFFSETS[:, None] * seen.reach[rows], SHARES
