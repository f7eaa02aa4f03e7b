"""How the demo's judges mark: what an idea is worth, plus the judge's severity, plus repeatable chance."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LOWEST, HIGHEST = 1, 5


def chance(*parts: object) -> float:
    """Return a number from -1 to 1 that looks random and depends on the parts alone."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**47 - 1


def mark(quality: float, severity: float, *parts: object) -> int:
    """Return a mark from 1 to 5."""
    return max(LOWEST, min(HIGHEST, round(quality + severity + 0.45 * chance(*parts))))


def verdict(marks: Sequence[int]) -> str:
    """Return which of the prepared sentences fits the marks: good, middle or weak."""
    mean = sum(marks) / len(marks)
    return "good" if mean >= 3.8 else "middle" if mean >= 2.6 else "weak"  # noqa: PLR2004 - thirds of the scale
