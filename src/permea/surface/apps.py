"""Wiring of surface."""

from permea.foundation.appconfig import StepConfig


class SurfaceConfig(StepConfig):
    """The surface step."""

    name = "permea.surface"
    label = "surface"
