"""In which language a text is written: told when it is clear, never guessed, never looked up elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import LazySettings

from permea.surface import languages
from permea.surface.languages import language_of, offered_and

SRC = Path(__file__).resolve().parents[2] / "src"
FIVE = ("en", "de", "es", "fr", "it")
SAID = {
    "en": "The conveyor stops twice a day because the sensor gets dirty.",
    "de": "Das Förderband bleibt zweimal am Tag stehen, weil der Sensor verschmutzt.",
    "es": "La cinta se para dos veces al día porque el sensor se ensucia.",
    "fr": "Le convoyeur s’arrête deux fois par jour parce que le capteur se salit.",
    "it": "Il nastro si ferma due volte al giorno perché il sensore si sporca.",
}
CATALAN = "La cinta transportadora s’atura dues vegades al dia perquè el sensor s’embruta amb la pols."


class Likely:
    """A detector that finds what it was told, and counts how often it was asked."""

    def __init__(self, **shares: float) -> None:
        self.shares = shares
        self.heard: list[str] = []

    def rank(self, text: str) -> Sequence[tuple[str, float]]:
        self.heard.append(text)
        return list(self.shares.items())


@pytest.mark.parametrize("language", FIVE)
def test_a_sentence_is_told_without_asking_anybody(language: str) -> None:
    assert language_of(SAID[language], FIVE) == language


@pytest.mark.parametrize(("among", "told"), [(FIVE, ""), ((*FIVE, "ca"), "ca"), ((), "")])
def test_a_language_nobody_accepts_is_not_taken_for_one_of_the_others(among: tuple[str, ...], told: str) -> None:
    assert language_of(CATALAN, among) == told


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ({"en": 0.18, "de": 0.04, "nl": 0.78}, "en"),
        ({"en": 0.15, "de": 0.04, "nl": 0.81}, ""),
        ({"en": 0.5, "de": 0.5}, ""),
        ({"en": 0.79, "de": 0.21}, ""),
        ({"nl": 1.0}, ""),
    ],
)
def test_what_is_not_clear_is_not_told(shares: dict[str, float], told: str) -> None:
    assert language_of("sixteen letters or more", ("en", "de"), detector=Likely(**shares)) == told


@pytest.mark.parametrize(
    "text", ["", "Gripper", "123 456 789 012 345 678", "see https://example.org/a/long/address now"]
)
def test_a_short_text_is_not_told_and_needs_no_model(text: str) -> None:
    detector = Likely(en=1.0)

    assert (language_of(text, FIVE, detector=detector), detector.heard) == ("", [])


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    detector = Likely(en=1.0)
    language_of("word " * 10_000, FIVE, detector=detector)

    assert [len(text) for text in detector.heard] == [languages.MOST_READ]


def test_a_language_with_its_country_is_known_by_the_language() -> None:
    assert language_of("sixteen letters or more", ("pt-BR", "en"), detector=Likely(pt=1.0)) == "pt-BR"


def test_the_languages_in_question_are_those_of_the_pages_and_those_accepted(settings: LazySettings) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]

    assert offered_and("ca", "de") == ["en", "de", "ca"]


def test_starting_reads_no_model() -> None:
    code = "import django; django.setup(); import permea.config.urls, sys; print('py3langid' in sys.modules)"
    environ = {"DJANGO_SETTINGS_MODULE": "permea.config.settings.test", "PYTHONPATH": str(SRC), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)

    assert done.stdout.split()[-1:] == ["False"], done.stderr[-2000:]
