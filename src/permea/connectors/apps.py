"""Wiring of the connectors."""

from permea.foundation.appconfig import StepConfig


class ConnectorsConfig(StepConfig):
    """The connectors to other systems."""

    name = "permea.connectors"
    label = "connectors"
