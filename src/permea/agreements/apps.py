"""Wiring of agreements."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class AgreementsConfig(StepConfig):
    """The agreements step."""

    name = "permea.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Announce agreements and terms in the rail, and what this step holds about a person."""
        super().ready()
        from permea.agreements import queries  # noqa: PLC0415 - models are loaded only now
        from permea.people import queries as people  # noqa: PLC0415 - same
        from permea.people.rules import MANAGING  # noqa: PLC0415 - models are loaded only now
        from permea.surface.registry import NavItem, register_nav  # noqa: PLC0415 - same

        roles = tuple(sorted(MANAGING))
        reading = tuple(sorted(queries.READING))
        register_nav(NavItem("partners", _("Agreements"), "agreements:all", "handshake", order=10, roles=reading))
        register_nav(NavItem("partners", _("Terms"), "agreements:list", "scroll-text", order=20, roles=roles))
        people.register_personal_data(queries.personal_data)
        people.register_erasure_lines(queries.erasure_lines)
