"""Wiring of agreements."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class AgreementsConfig(StepConfig):
    """The agreements step."""

    name = "permea.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Announce the terms in the rail."""
        super().ready()
        from permea.people.rules import MANAGING  # noqa: PLC0415 - models are loaded only now
        from permea.surface.registry import NavItem, register_nav  # noqa: PLC0415 - same

        roles = tuple(sorted(MANAGING))
        register_nav(NavItem("partners", _("Terms"), "agreements:list", "scroll-text", order=20, roles=roles))
