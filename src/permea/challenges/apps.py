"""Wiring of challenges."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class ChallengesConfig(StepConfig):
    """The challenges step."""

    name = "permea.challenges"
    label = "challenges"

    def ready(self) -> None:
        """Announce the challenges in the rail and on Today."""
        super().ready()
        from permea.challenges.queries import today_items  # noqa: PLC0415 - models are loaded only now
        from permea.surface.registry import NavItem, register_nav, register_today  # noqa: PLC0415 - same

        register_nav(NavItem("inbound", _("Challenges"), "challenges:list", "megaphone", order=10))
        register_today(today_items)
