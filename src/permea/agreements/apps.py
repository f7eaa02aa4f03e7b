"""Wiring of agreements."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class AgreementsConfig(StepConfig):
    """The agreements step."""

    name = "permea.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Announce agreements, the chooser and terms in the rail, and what this step holds about a person."""
        super().ready()
        from permea.agreements import queries  # noqa: PLC0415 - models are loaded only now
        from permea.people import queries as people  # noqa: PLC0415 - same
        from permea.people.rules import MANAGING  # noqa: PLC0415 - models are loaded only now
        from permea.surface.registry import NavItem, register_nav  # noqa: PLC0415 - same

        roles, reading = tuple(sorted(MANAGING)), tuple(sorted(queries.READING))
        for label, page, icon, order, seen_by in (
            (_("Agreements"), "agreements:all", "handshake", 10, reading),
            (_("Terms"), "agreements:list", "scroll-text", 20, roles),
            (_("Choose an agreement"), "agreements:choosing", "scale", 30, reading),
        ):
            register_nav(NavItem("partners", label, page, icon, order=order, roles=seen_by))
        people.register_personal_data(queries.personal_data)
        people.register_personal_data(queries.chooser_data)
        people.register_erasure_lines(queries.erasure_lines)
