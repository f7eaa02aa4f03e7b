"""Finding themes, anew or from those there were, and placing texts in themes that stay."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from permea_engine.checks import whole_number
from permea_engine.errors import RangeError, ShapeError
from permea_engine.similarity.terms import n_rows
from permea_engine.themes.grouping import grouped
from permea_engine.themes.points import main_points, middles_of, said_rows, theme_numbers, unit_rows
from permea_engine.themes.standing import Themes, standing

MOST = 12  # themes that people can keep apart on a page


def find_themes(
    vectors: sparse.csr_matrix | ArrayLike, *, most: int = MOST, earlier: ArrayLike | None = None
) -> Themes:
    r"""Find the themes of texts.

    Vectors are brought to their 50 main dimensions [1]_, centred and brought to length one, and joined step by step so
    that the spread within themes grows least (Ward [2]_). For each number of themes, from 2 to the root of the number
    of texts and no more than `most`, each text then moves to the theme whose middle it is most like, and it is asked
    how clearly texts are more like their own theme than the next: with distances :math:`a` and :math:`b` to both
    middles, the mean of :math:`(b - a) / \max(a, b)`, the simplified silhouette. The largest number is taken that is
    at most 0.05 below the clearest: real texts fall into two halves about as clearly as into ten themes, and ten say
    more.

    Parameters
    ----------
    vectors : sparse matrix or array_like of shape (n_texts, n_dimensions)
        One vector a text, of `Index.vectors` or of an encoder; only directions count, and a zero one is in no theme.
    most : int, default 12
        The largest number of new themes.
    earlier : array_like of shape (n_texts,), optional
        The theme each text was in before, -1 for none. If half of the texts or more were in one, these themes, each
        text moved to the one it is most like, are taken instead as long as they are at least 0.8 times as clear.

    Returns
    -------
    Themes
        The same for the same texts and earlier themes, in whatever order they stand.

    Raises
    ------
    ShapeError, RangeError
        If `vectors` is no table of finite numbers, `most` not a whole number from 1, or `earlier` has not one entry
        from -1 for each text.

    References
    ----------
    .. [1] S. Deerwester et al., "Indexing by latent semantic analysis", J. Am. Soc. Inf. Sci. 41(6), 1990.
       doi:10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9
    .. [2] J. H. Ward, "Hierarchical grouping to optimize an objective function", J. Am. Stat. Assoc. 58(301), 1963.
       doi:10.1080/01621459.1963.10500845

    Examples
    --------
    >>> find_themes([[1, 0], [1, 0.1], [0, 1], [0.1, 1], [0.2, 1]]).labels
    array([1, 1, 0, 0, 0])

    """
    whole_number("most", most, minimum=1)
    table = unit_rows(vectors)
    rows = said_rows(table)
    points = main_points(table[rows])
    before = np.full(n_rows(table), -1) if earlier is None else theme_numbers("earlier", earlier, n_rows(table))
    labels = np.full(n_rows(table), -1, dtype=np.intp)
    labels[rows] = grouped(points, min(most, math.isqrt(len(points))), before[rows])
    return standing(labels, rows, points, int(labels.max(initial=-1)) + 1)


def place_in_themes(
    vectors: sparse.csr_matrix | ArrayLike, labels: ArrayLike, *, n_themes: int, fixed: ArrayLike | None = None
) -> Themes:
    """Place texts in themes that stay as they are.

    The middle of a theme is that of the texts it has; each text that is not `fixed` goes to the theme whose middle it
    is most like. A theme without texts stays without.

    Parameters
    ----------
    vectors : sparse matrix or array_like of shape (n_texts, n_dimensions)
        As for `find_themes`.
    labels : array_like of shape (n_texts,)
        The theme each text has so far, -1 for none.
    n_themes : int
        How many themes there are.
    fixed : array_like of shape (n_texts,), optional
        Which texts stay where they are.

    Returns
    -------
    Themes
        The themes under their numbers.

    Raises
    ------
    ShapeError, RangeError
        If `vectors` is no table of finite numbers, `labels` or `fixed` has not one entry a text, or a label is not
        between -1 and `n_themes` - 1.

    Examples
    --------
    >>> place_in_themes([[1, 0], [0, 1], [0.2, 1]], [0, 1, -1], n_themes=2).labels
    array([0, 1, 1])

    """
    table = unit_rows(vectors)
    before = theme_numbers("labels", labels, n_rows(table))
    if (before >= n_themes).any():
        raise RangeError(f"labels: {before.max()} given; there are {n_themes} themes")
    stays = np.zeros(len(before), dtype=bool) if fixed is None else np.array(fixed, dtype=bool)
    if stays.shape != before.shape:
        raise ShapeError(f"fixed: {len(before)} entries wanted, shape {stays.shape} given")
    rows = said_rows(table)
    points = main_points(table[rows])
    after = before.copy()
    held = np.unique(before[rows][before[rows] >= 0])
    if len(held):
        middles = middles_of(points, before[rows], n_themes)[held]
        moves = rows[~stays[rows]]
        after[moves] = held[(points @ middles.T).argmax(axis=1)][~stays[rows]]
    return standing(after, rows, points, n_themes)
