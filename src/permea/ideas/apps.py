"""Wiring of ideas."""

from permea.foundation.appconfig import StepConfig


class IdeasConfig(StepConfig):
    """The ideas step."""

    name = "permea.ideas"
    label = "ideas"

    def ready(self) -> None:
        """Announce what this step holds about a person."""
        super().ready()
        from permea.ideas.queries import erasure_lines, needed_people, personal_data  # noqa: PLC0415 - only now
        from permea.people.queries import (  # noqa: PLC0415 - models are loaded only now
            register_erasure_lines,
            register_needed,
            register_personal_data,
        )

        register_personal_data(personal_data)
        register_erasure_lines(erasure_lines)
        register_needed(needed_people)
