"""Settings of a running instance, the demo included."""

from permea.config.settings.base import *
