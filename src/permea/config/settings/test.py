"""Settings of the test run: no throttling by default, static files straight from the source."""

import atexit
import os
import shutil
import tempfile

if "PERMEA_DATA_DIR" not in os.environ:
    os.environ["PERMEA_DATA_DIR"] = tempfile.mkdtemp(prefix="permea-test-")
    atexit.register(shutil.rmtree, os.environ["PERMEA_DATA_DIR"], ignore_errors=True)

from permea.config.settings.base import *

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # as `permea` does; threads of two workers would spin for the same cores

RATE_LIMITS = False
ACCOUNT_RATE_LIMITS = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "permea.foundation.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
