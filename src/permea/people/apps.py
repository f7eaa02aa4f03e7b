"""Wiring of people."""

from permea.foundation.appconfig import StepConfig


class PeopleConfig(StepConfig):
    """The people step."""

    name = "permea.people"
    label = "people"
