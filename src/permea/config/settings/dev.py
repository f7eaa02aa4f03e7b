"""Settings for working on Permea: errors in full, static files straight from the source."""

from permea.config.settings.base import *

DEBUG = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
