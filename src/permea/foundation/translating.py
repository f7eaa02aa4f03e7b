"""Asking a machine translator: a service that speaks LibreTranslate's interface, or nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from django.conf import settings

PATIENCE, MOST_ANSWER = 30.0, 1 << 20


class TranslatorError(Exception):
    """The translator gave no translation; the text says why."""


class Translator(Protocol):
    """Says texts in another language."""

    @property
    def name(self) -> str:
        """Return who translates, empty if nobody does."""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Return each text in the target language, in order. Raises TranslatorError if that cannot be had."""


class NoTranslator:
    """Nobody translates."""

    name = ""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Raise TranslatorError."""
        del texts, source, target
        raise TranslatorError("no translator is set")


@dataclass(frozen=True, slots=True)
class LibreTranslator:
    """A service at `https://HOST/` or `https://:KEY@HOST/`, asked once for all texts, within `patience` seconds."""

    address: str
    patience: float = PATIENCE

    @property
    def name(self) -> str:
        """Return the host of the service."""
        return urlsplit(self.address).hostname or ""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Return each text in the target language, in order. Raises TranslatorError if that cannot be had."""
        parts = urlsplit(self.address)
        host, path = parts.netloc.rpartition("@")[2], parts.path.rstrip("/")
        place = urlunsplit((parts.scheme, host, f"{path}/translate", "", ""))
        asked = {"q": list(texts), "source": source, "target": target, "format": "text"}
        asked |= {"api_key": unquote(parts.password)} if parts.password else {}
        body = json.dumps(asked).encode()
        request = Request(place, data=body, headers={"Content-Type": "application/json"})  # noqa: S310 - by settings
        try:
            with urlopen(request, timeout=self.patience) as answer:  # noqa: S310 - the settings allow http(s) alone
                said = json.loads(answer.read(MOST_ANSWER))
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(error, HTTPError):
                error.close()
            raise TranslatorError(str(error) or type(error).__name__) from error
        translated = said.get("translatedText") if isinstance(said, dict) else None
        if not isinstance(translated, list) or len(translated) != len(texts):
            raise TranslatorError("it answered something else than a translation of each text")
        return [str(text) for text in translated]


def translator() -> Translator:
    """Return the translator that is set, or the one that is nobody."""
    return LibreTranslator(settings.TRANSLATOR) if settings.TRANSLATOR else NoTranslator()
