"""What of an entry is read for its meaning, how that is stored, and from where on two mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

MEANS_THE_SAME = 0.6  # from which cosine on two entries in different languages are proposed; see benchmarks/similarity
TEXT_READ = 1_000  # characters of title and text; the meaning of an entry shows in its first sentences
STORED = "<f2"  # half precision: a kilobyte an entry, and no cosine moves by more than 0.001


def text_read(title: str, summary: str, body: str) -> str:
    """Return what is read for its meaning beside the title."""
    return f"{title}\n{summary}\n{body}"[:TEXT_READ]


def packed(vector: ArrayLike) -> bytes:
    """Return a vector as it is stored."""
    import numpy as np  # noqa: PLC0415 - NumPy loads at first use

    return np.asarray(vector).astype(STORED).tobytes()


def unpacked(rows: Sequence[bytes]) -> NDArray[np.float64]:
    """Return stored vectors as a table, one row each."""
    import numpy as np  # noqa: PLC0415 - same

    return np.array([np.frombuffer(row, dtype=STORED) for row in rows], dtype=np.float64)


def language_family(code: str) -> str:
    """Return the language of a code that may name a country too: "de" for "de-CH"."""
    return code.partition("-")[0].lower()
