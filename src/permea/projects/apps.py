"""Wiring of projects."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class ProjectsConfig(StepConfig):
    """The projects step."""

    name = "permea.projects"
    label = "projects"

    def ready(self) -> None:
        """Announce the entry in the rail, what waits for a side, and what this step holds about a person."""
        super().ready()
        from permea.people import queries as people  # noqa: PLC0415 - models are loaded only now
        from permea.projects import queries  # noqa: PLC0415 - same
        from permea.surface.registry import NavItem, register_nav, register_waiting  # noqa: PLC0415 - same

        roles = tuple(sorted(queries.READING))
        register_nav(NavItem("partners", _("Transfers"), "projects:list", "package-check", order=28, roles=roles))
        register_waiting(queries.waiting)
        people.register_personal_data(queries.personal_data)
        people.register_erasure_lines(queries.erasure_lines)
