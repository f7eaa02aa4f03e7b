"""Wiring of dialogue."""

from permea.foundation.appconfig import StepConfig


class DialogueConfig(StepConfig):
    """The dialogue step."""

    name = "permea.dialogue"
    label = "dialogue"

    def ready(self) -> None:
        """Announce that entries can be talked about, what waits on Today, and what this step holds about a person."""
        super().ready()
        from permea.challenges.queries import register_step  # noqa: PLC0415 - models are loaded only now
        from permea.dialogue import queries  # noqa: PLC0415 - same
        from permea.people import queries as people  # noqa: PLC0415 - same
        from permea.surface.registry import register_part, register_reader_part, register_today  # noqa: PLC0415 - same

        register_step("discuss")
        register_today(queries.today_items)
        register_part("challenges:public", queries.challenge_part)
        register_reader_part("ideas:shown_entry", queries.talk_part)
        register_reader_part("ideas:detail", queries.inside_talk_part)
        register_reader_part("ideas:entry", queries.suggestions_part)
        people.register_personal_data(queries.personal_data)
        people.register_erasure_lines(queries.erasure_lines)
        for needed in (queries.needed_people, queries.needed_writers, queries.needed_participants):
            people.register_needed(needed)
