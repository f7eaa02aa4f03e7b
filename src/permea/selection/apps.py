"""Wiring of selection."""

from permea.foundation.appconfig import StepConfig
from permea.surface.registry import register_today


class SelectionConfig(StepConfig):
    """The selection step."""

    name = "permea.selection"
    label = "selection"

    def ready(self) -> None:
        """Announce what waits on Today."""
        super().ready()
        from permea.selection.queries import today_items  # noqa: PLC0415 - models are loaded only now

        register_today(today_items)
