"""Which points make a theme: as many themes as are nearly as clear as any, or those there were before."""

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from permea_engine.themes.points import SAME, Floats, Indices, middles_of

NEARLY_AS_CLEAR = 0.05
JOINED = 3_000  # texts joined step by step; the others go to the theme they are most like
ROUNDS = 20
KNOWN = 1 / 2  # of the texts must have been in an earlier theme for those themes to say something about all
STAYS = 4 / 5  # as clear as new ones are earlier themes clear enough to stay


def grouped(points: Floats, most: int, earlier: Indices) -> Indices:
    """Return the theme of each point: that of the earlier ones (-1 for none) if they are clear enough, or a new one."""
    labels, clarity = _found(points, most)
    used, numbers = np.unique(earlier[earlier >= 0], return_inverse=True)
    if len(used) > 1 and len(numbers) >= KNOWN * len(points):
        kept, as_clear = _settled(points, middles_of(points[earlier >= 0], numbers, len(used)))
        labels = kept if as_clear >= STAYS * clarity else labels
    return _largest_first(labels)


def _found(points: Floats, most: int) -> tuple[Indices, float]:
    """Return the theme of each text for the largest number of themes that is nearly as clear as any, and how clear."""
    one = np.zeros(len(points), dtype=np.intp)
    if most <= 1 or np.abs(points).max() <= SAME:
        return one, 0.0
    some = np.unique(np.linspace(0, len(points) - 1, min(len(points), JOINED)).astype(np.intp))
    tree = linkage(points[some], "ward")
    cuts = [fcluster(tree, wanted, "maxclust").astype(np.intp) - 1 for wanted in range(2, most + 1)]
    settled = [_settled(points, middles_of(points[some], cut, cut.max() + 1)) for cut in cuts]
    tried: list[tuple[Indices, float]] = [(one, 0.0), *settled]
    clearest = max(clarity for _labels, clarity in tried)
    return next(found for found in reversed(tried) if found[1] >= clearest - NEARLY_AS_CLEAR)


def _settled(points: Floats, middles: Floats) -> tuple[Indices, float]:
    """Return each text's theme once it is the one whose middle it is most like, and how clear that is in the mean."""
    labels = (points @ middles.T).argmax(axis=1)
    for _round in range(ROUNDS):
        middles = middles_of(points, labels, len(middles))
        moved = (points @ middles.T).argmax(axis=1)
        if (moved == labels).all():
            break
        labels = moved
    near = np.sort(1 - points @ middles.T, axis=1)
    return labels, float(((near[:, 1] - near[:, 0]) / np.maximum(near[:, 1], SAME)).mean())


def _largest_first(labels: Indices) -> Indices:
    """Return themes numbered by how many texts they have, then by their first; numbers without texts go."""
    used, first, places, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(used), dtype=np.intp)
    rank[np.lexsort((first, -sizes))] = np.arange(len(used))
    return rank[places] if len(labels) else labels
