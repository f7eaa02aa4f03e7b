"""Wiring of trials."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class TrialsConfig(StepConfig):
    """The trials step."""

    name = "permea.trials"
    label = "trials"

    def ready(self) -> None:
        """Announce the entry in the rail, what this step holds about a person, and which files it names."""
        super().ready()
        from permea.ideas.services import register_file_namer  # noqa: PLC0415 - models are loaded only now
        from permea.people import queries as people  # noqa: PLC0415 - same
        from permea.people.rules import MANAGING  # noqa: PLC0415 - same
        from permea.surface.registry import NavItem, register_nav  # noqa: PLC0415 - same
        from permea.trials import queries  # noqa: PLC0415 - same

        roles = tuple(sorted(MANAGING))
        register_nav(NavItem("inbound", _("Customer trials"), "trials:list", "flask-conical", order=30, roles=roles))
        people.register_personal_data(queries.personal_data)
        people.register_erasure_lines(queries.erasure_lines)
        register_file_namer(is_named=queries.is_named_picture)
