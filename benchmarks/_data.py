"""Where the real data sets are."""

import os
from pathlib import Path

NAME = "PERMEA_TEST_DATA"


def data_folder():
    """Return the folder of the data sets: the one the environment names, or the one beside the project."""
    named = os.environ.get(NAME)
    return Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
