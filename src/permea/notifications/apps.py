"""Wiring of notifications."""

from permea.foundation.appconfig import StepConfig


class NotificationsConfig(StepConfig):
    """The notifications step."""

    name = "permea.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Add mails and notices to downloads and to what erasing tells, and the bell's count to who is signed in."""
        super().ready()
        from permea.notifications import queries  # noqa: PLC0415 - after all models are there
        from permea.people.queries import (  # noqa: PLC0415 - same
            register_erasure_lines,
            register_person_fact,
            register_personal_data,
        )

        register_personal_data(queries.personal_data_of)
        register_erasure_lines(queries.erasure_lines_of)
        register_person_fact("n_unread", queries.unread_count)
