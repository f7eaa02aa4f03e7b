"""Wiring of risks."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class RisksConfig(StepConfig):
    """The risks step."""

    name = "permea.risks"
    label = "risks"

    def ready(self) -> None:
        """Announce the entry in the rail, and what this step holds about a person."""
        super().ready()
        from permea.people import queries as people  # noqa: PLC0415 - models are loaded only now
        from permea.people.rules import MANAGING  # noqa: PLC0415 - same
        from permea.risks import queries  # noqa: PLC0415 - same
        from permea.surface.registry import NavItem, register_nav  # noqa: PLC0415 - same

        roles = tuple(sorted(MANAGING))
        register_nav(NavItem("learn", _("Risks"), "risks:list", "shield-alert", order=50, roles=roles))
        people.register_personal_data(queries.personal_data)
        people.register_erasure_lines(queries.erasure_lines)
