"""Wiring of agreements."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class AgreementsConfig(StepConfig):
    """The agreements step."""

    name = "permea.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Announce the chooser and the terms in the rail, and what the chooser holds about a person."""
        super().ready()
        from permea.agreements.queries import chooser_data  # noqa: PLC0415 - models are loaded only now
        from permea.people.queries import register_personal_data  # noqa: PLC0415 - same
        from permea.people.rules import MANAGING  # noqa: PLC0415 - models are loaded only now
        from permea.surface.registry import NavItem, register_nav  # noqa: PLC0415 - same

        roles = tuple(sorted(MANAGING))
        register_nav(NavItem("partners", _("Terms"), "agreements:list", "scroll-text", order=20, roles=roles))
        readers = (*roles, "member")
        register_nav(
            NavItem("partners", _("Choose an agreement"), "agreements:choosing", "scale", order=30, roles=readers)
        )
        register_personal_data(chooser_data)
