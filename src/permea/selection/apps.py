"""Wiring of selection."""

from permea.foundation.appconfig import StepConfig
from permea.surface.registry import register_today


class SelectionConfig(StepConfig):
    """The selection step."""

    name = "permea.selection"
    label = "selection"

    def ready(self) -> None:
        """Announce what waits on Today, and that what is decided is not merged."""
        super().ready()
        from permea.ideas.queries import register_bar  # noqa: PLC0415 - models are loaded only now
        from permea.selection.queries import today_items, why_not_merge  # noqa: PLC0415 - same

        register_today(today_items)
        register_bar(why_not_merge)
