"""Wiring of notifications."""

from permea.foundation.appconfig import StepConfig


class NotificationsConfig(StepConfig):
    """The notifications step."""

    name = "permea.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Add mails to what people can download and to what erasing tells."""
        super().ready()
        from permea.notifications import queries  # noqa: PLC0415 - after all models are there
        from permea.people.queries import register_erasure_lines, register_personal_data  # noqa: PLC0415 - same

        register_personal_data(queries.personal_data_of)
        register_erasure_lines(queries.erasure_lines_of)
