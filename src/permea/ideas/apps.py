"""Wiring of ideas."""

from permea.foundation.appconfig import StepConfig


class IdeasConfig(StepConfig):
    """The ideas step."""

    name = "permea.ideas"
    label = "ideas"

    def ready(self) -> None:
        """Announce what this step holds about a person, and what waits on Today."""
        super().ready()
        from permea.ideas.queries import (  # noqa: PLC0415 - models are loaded only now
            erasure_lines,
            needed_people,
            personal_data,
            today_items,
        )
        from permea.people.queries import (  # noqa: PLC0415 - models are loaded only now
            register_erasure_lines,
            register_needed,
            register_personal_data,
        )
        from permea.surface.registry import register_today  # noqa: PLC0415 - same

        register_personal_data(personal_data)
        register_erasure_lines(erasure_lines)
        register_needed(needed_people)
        register_today(today_items)
