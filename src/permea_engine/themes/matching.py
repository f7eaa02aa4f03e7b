"""Which themes of today are themes of before."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment

from permea_engine.themes.points import theme_numbers

SHARED = 1 / 3  # of the members of two themes together, from which on they are the same theme


def match_themes(before: ArrayLike, after: ArrayLike) -> dict[int, int]:
    """Tell which themes of `after` are themes of `before`: by the texts they share, as many as possible in all.

    Parameters
    ----------
    before, after : array_like of shape (n_texts,)
        The theme of the same texts then and now, -1 for none.

    Returns
    -------
    dict of int to int
        For themes of `after` that share a third or more of all texts of both, their number in `before`.

    Raises
    ------
    ShapeError, RangeError
        If they are not two vectors of whole numbers from -1, of one length.

    Examples
    --------
    >>> match_themes([0, 0, 1, 1], [1, 1, 0, 2])
    {0: 1, 1: 0}

    """
    old = theme_numbers("before", before, None)
    new = theme_numbers("after", after, len(old))
    both = (old >= 0) & (new >= 0)
    shared = np.zeros((int(new.max(initial=-1)) + 1, int(old.max(initial=-1)) + 1))
    np.add.at(shared, (new[both], old[both]), 1)
    sizes = np.bincount(new[both], minlength=len(shared))[:, None] + np.bincount(old[both], minlength=shared.shape[1])
    rows, columns = linear_sum_assignment(-shared)
    enough = shared >= SHARED * (sizes - shared)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {new_one: old_one for new_one, old_one in pairs if shared[new_one, old_one] and enough[new_one, old_one]}
