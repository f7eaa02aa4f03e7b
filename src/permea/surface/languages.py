"""In which language a text is written, found out on this machine: nothing is downloaded, and nothing leaves it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from threading import Lock
from typing import Protocol

from django.conf import settings

# What other thresholds would do is measured in benchmarks/languages.py.
SURE = 0.8  # of what is likely among the languages in question, so much must fall on one of them
KNOWN = 0.2  # of what is likely among all languages there are, so much must fall on the ones in question
FEWEST_LETTERS = 16
MOST_READ = 1000  # characters; a language shows in the first sentences
NO_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|`[^`]*`")
_loading = Lock()


class Detector(Protocol):
    """Something that knows languages."""

    def rank(self, text: str) -> Sequence[tuple[str, float]]:
        """Return every language it knows with how likely `text` is written in it; together they make one."""


def offered_and(*accepted: str) -> list[str]:
    """Return the languages pages are offered in and those a challenge or a box accepts, once each."""
    return list(dict.fromkeys([*dict(settings.LANGUAGES), *accepted]))


def language_of(text: str, among: Iterable[str], *, detector: Detector | None = None) -> str:
    """Return which of the languages `among` a text is written in, nothing if it is too short or not clear.

    A text in none of them is not clear either. The model is read into memory with the first text that is long enough.
    """
    said = NO_WORDS.sub(" ", text[:MOST_READ])
    if sum(letter.isalpha() for letter in said) < FEWEST_LETTERS:
        return ""
    likely = dict((detector or _model()).rank(said))
    shares = {code: likely.get(code.partition("-")[0].lower(), 0.0) for code in among}
    total = sum(shares.values())
    best = max(shares, key=lambda code: shares[code], default="")
    return best if total >= KNOWN and shares[best] >= SURE * total else ""


def _model() -> Detector:
    """Return the model; of two requests at once, one reads it and the other waits."""
    with _loading:
        return _loaded()


@cache
def _loaded() -> Detector:
    """Read the model that comes with its package, once in a process: a second or two, 80 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - not before it is needed

    identifier: Detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier
