"""Where texts stand in their themes, and themes next to each other."""

from dataclasses import dataclass

import numpy as np

from permea_engine.themes.points import Floats, Indices, middles_of

AXES = 2  # of the map


@dataclass(frozen=True, slots=True, eq=False)
class Themes:
    """Which theme each text belongs to, the largest theme first, and where texts and themes stand.

    `labels` has -1 for texts without words. `fits` are cosines to the middle of the theme, nan without one.
    `directions` are angles in radians: to which side a text leans, next to
    the others of its theme. `places` has a row of two coordinates
    for each theme, near where themes are alike; nan for a theme without texts.
    """

    labels: Indices
    fits: Floats
    directions: Floats
    places: Floats


def standing(labels: Indices, rows: Indices, points: Floats, n_themes: int) -> Themes:
    """Return where the texts of themes, and the themes, stand; `rows` are the texts that `points` belong to."""
    own = labels[rows]
    middles = middles_of(points, own, n_themes)
    has_texts = np.isin(np.arange(n_themes), own)
    seen = middles[has_texts] if has_texts.sum() > AXES else points
    axes = _axes(seen)
    fits, directions = np.full(len(labels), np.nan), np.zeros(len(labels))
    inside = own >= 0
    theirs, group = points[inside], own[inside]
    fits[rows[inside]] = (theirs * middles[group]).sum(axis=1).clip(-1, 1)
    seen_from = np.zeros((n_themes, 2))
    np.add.at(seen_from, group, theirs @ axes)
    across, down = (theirs @ axes - seen_from[group] / np.bincount(group, minlength=n_themes)[group][:, None]).T
    directions[rows[inside]] = np.arctan2(down, across)
    centre = seen.mean(axis=0) if len(seen) else 0.0
    places = np.where(has_texts[:, None], (middles - centre) @ axes, np.nan)
    return Themes(labels, fits, directions, places)


def _axes(points: Floats) -> Floats:
    """Return the two directions in which points differ most; zero where there are fewer."""
    axes = np.zeros((points.shape[1], AXES))
    if len(points):
        centred = points - points.mean(axis=0)
        found = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :AXES]
        largest = np.abs(found).argmax(axis=0)
        axes[:, : found.shape[1]] = found * np.where(found[largest, np.arange(found.shape[1])] < 0, -1, 1)
    return axes
