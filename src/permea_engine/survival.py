"""How long things take when some are not finished yet: Kaplan-Meier."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from permea_engine.checks import not_negative, real_array, share
from permea_engine.errors import RangeError

Floats = NDArray[np.float64]
HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """The share of items still open after each time, and the median time.

    Attributes
    ----------
    times : ndarray of shape (n_times,)
        Times at which something finished, growing.
    open_share, lower, upper : ndarray of shape (n_times,)
        Share still open after that time, with its interval.
    at_risk, finished : ndarray of shape (n_times,)
        Items open just before that time, and finished at it.
    median, median_lower, median_upper : float or None
        Time after which at most half are open, with its interval; None where too few have finished to tell.
    n, n_finished : int
        Items, and finished ones.

    """

    times: Floats
    open_share: Floats
    lower: Floats
    upper: Floats
    at_risk: Floats
    finished: Floats
    median: float | None
    median_lower: float | None
    median_upper: float | None
    n: int
    n_finished: int


def time_to(durations: ArrayLike, is_finished: ArrayLike, *, level: float = 0.95) -> Survival:
    """Estimate how long items take to finish, counting unfinished ones for as long as they have been open.

    Uses the Kaplan-Meier estimate [1]_ with Greenwood's variance and the interval of the log of the cumulative hazard;
    the interval of the median is where the interval of the curve crosses one half [2]_.

    Parameters
    ----------
    durations : array_like of shape (n_items,)
        Time from start to finish, or to now for an unfinished item, in any unit, at least 0.
    is_finished : array_like of bool, shape (n_items,)
        Whether the item has finished.
    level : float, default 0.95
        Confidence level.

    Returns
    -------
    Survival
        The curve and its median; empty, with median None, if nothing has finished.

    Raises
    ------
    ShapeError, RangeError
        If lengths differ, a duration is negative, `is_finished` is not 0 or 1, or there is no item.

    References
    ----------
    .. [1] E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", J. Am. Statist. Assoc.
       53(282), 1958. doi:10.1080/01621459.1958.10501452
    .. [2] R. Brookmeyer and J. Crowley, "A confidence interval for the median survival time", Biometrics 38(1), 1982.
       doi:10.2307/2530286

    Examples
    --------
    >>> days = time_to([2, 3, 3, 5, 8], [True, True, False, True, False])
    >>> days.open_share.round(3), days.median
    (array([0.8, 0.6, 0.3]), 5.0)

    """
    share("level", level)
    duration = not_negative("durations", real_array("durations", durations, shape=(None,)))
    if not len(duration):
        raise RangeError("durations: there is no item")
    finished = real_array("is_finished", is_finished, shape=(len(duration),))
    if not np.isin(finished, (0.0, 1.0)).all():
        raise RangeError("is_finished: every entry must be true or false")
    times, counts = np.unique(duration[finished == 1], return_counts=True)
    at_risk = (len(duration) - np.searchsorted(np.sort(duration), times)).astype(np.float64)
    ended = counts.astype(np.float64)
    open_share: Floats = np.cumprod(1 - ended / at_risk, dtype=np.float64)
    lower, upper = _interval(open_share, at_risk, ended, level)
    return Survival(
        times=times,
        open_share=open_share,
        lower=lower,
        upper=upper,
        at_risk=at_risk,
        finished=ended,
        median=_crossing(times, open_share),
        median_lower=_crossing(times, lower),
        median_upper=_crossing(times, upper),
        n=len(duration),
        n_finished=int(ended.sum()),
    )


def _interval(open_share: Floats, at_risk: Floats, ended: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the interval of the curve; where nothing is left open, 0 and the upper end of the step before."""
    some = open_share > 0
    kept, risk, gone = open_share[some], at_risk[some], ended[some]
    spread = np.sqrt(np.cumsum(gone / (risk * (risk - gone)))) / np.abs(np.log(kept))
    reach = np.exp(-float(ndtri((1 - level) / 2)) * spread)
    lower, upper = np.zeros(len(open_share)), np.ones(len(open_share))
    lower[some], upper[some] = kept**reach, kept ** (1 / reach)
    if not some.all() and some.any():
        upper[-1] = upper[-2]
    return lower, upper


def _crossing(times: Floats, curve: Floats) -> float | None:
    below = np.flatnonzero(curve <= HALF + 1e-12)
    return float(times[below[0]]) if len(below) else None
