"""Deciding what counts as a drawn signature: strokes of whole points on a fixed grid, never an image."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal

GRID_WIDTH, GRID_HEIGHT = 600, 200
MOST_STROKES, MOST_POINTS, LONGEST_DRAWING = 60, 1500, 16_000  # the last in characters
Drawing = Sequence[Sequence[Sequence[int]]]
_NUMBER = "(?:0|[1-9][0-9]{0,2})"
_POINT = rf"\[{_NUMBER},{_NUMBER}\]"
_STROKE = rf"\[{_POINT}(?:,{_POINT})*\]"
_DRAWING = re.compile(rf"\[(?:{_STROKE}(?:,{_STROKE})*)?\]")


def drawing_of(sent: str) -> list[list[list[int]]]:
    """Return the strokes of a drawing as the pad sends it: ``[[[x, y], ...], ...]`` in units of the grid.

    Nothing sent, or a pad left empty, is no stroke. Raises ValueError for anything else, or for more than the bounds.
    """
    if not sent:
        return []
    if len(sent) > LONGEST_DRAWING or not _DRAWING.fullmatch(sent):
        raise ValueError("no drawing")
    strokes: list[list[list[int]]] = json.loads(sent)
    points = [point for stroke in strokes for point in stroke]
    if len(strokes) > MOST_STROKES or len(points) > MOST_POINTS:
        raise ValueError("too much for a signature")
    if any(x > GRID_WIDTH or y > GRID_HEIGHT for x, y in points):
        raise ValueError("beside the pad")
    return strokes


def why_not_drawing(sent: str) -> Refusal | None:
    """Return why what was sent is no drawn signature, or None if it is one or nothing was drawn."""
    try:
        drawing_of(sent)
    except ValueError:
        said = _("The drawing could not be taken. Your name and the code still count: draw again, or sign without it.")
        return Refusal("agreements.drawing", said)
    return None


def drawing_text(drawing: Drawing) -> str:
    """Return a drawing as the one text it is kept and hashed by."""
    return json.dumps([[[int(x), int(y)] for x, y in stroke] for stroke in drawing], separators=(",", ":"))


def drawing_facts(drawing: Drawing) -> dict[str, str]:
    """Return what the record of a signature says of its drawing; nothing where none was drawn."""
    return {"drawing_sha256": hashlib.sha256(drawing_text(drawing).encode()).hexdigest()} if drawing else {}


def drawing_path(drawing: Drawing) -> str:
    """Return the strokes as the path of an SVG picture as wide and high as the grid; a single point is a dot."""
    return "".join(_stroke_path([(int(x), int(y)) for x, y in stroke]) for stroke in drawing)


def _stroke_path(points: Sequence[tuple[int, int]]) -> str:
    """Return one stroke of a path."""
    (x, y), *others = points
    return f"M{x} {y}" + ("".join(f"L{x} {y}" for x, y in others) or "h0")


def drawing_svg(drawing: Drawing, *, ink: str) -> str:
    """Return a drawing as an SVG file in one colour, for paper."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID_WIDTH} {GRID_HEIGHT}">'
        f'<path d="{drawing_path(drawing)}" fill="none" stroke="{ink}" stroke-width="4" stroke-linecap="round" '
        'stroke-linejoin="round"/></svg>'
    )
