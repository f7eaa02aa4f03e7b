"""Wiring of dialogue."""

from permea.foundation.appconfig import StepConfig


class DialogueConfig(StepConfig):
    """The dialogue step."""

    name = "permea.dialogue"
    label = "dialogue"

    def ready(self) -> None:
        """Announce what waits on Today, what challenges show, and what this step holds about a person."""
        super().ready()
        from permea.dialogue import queries  # noqa: PLC0415 - models are loaded only now
        from permea.people import queries as people  # noqa: PLC0415 - same
        from permea.surface.registry import register_part, register_today  # noqa: PLC0415 - same

        register_today(queries.today_items)
        register_part("challenges:public", queries.challenge_part)
        people.register_personal_data(queries.personal_data)
        people.register_erasure_lines(queries.erasure_lines)
        people.register_needed(queries.needed_people)
