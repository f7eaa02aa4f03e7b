"""Wiring of ledger."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class LedgerConfig(StepConfig):
    """The ledger step."""

    name = "permea.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Register what hears and acts, and the ledger's place in the rail."""
        super().ready()
        from permea.people.rules import MANAGING  # noqa: PLC0415 - after all apps are loaded
        from permea.surface.registry import NavItem, register_nav  # noqa: PLC0415 - after all apps are loaded

        roles = tuple(sorted(MANAGING))
        register_nav(NavItem("learn", _("Ledger"), "ledger:list", "link-2", order=90, roles=roles))
