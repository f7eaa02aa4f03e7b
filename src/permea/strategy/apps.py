"""Wiring of strategy."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class StrategyConfig(StepConfig):
    """The strategy step."""

    name = "permea.strategy"
    label = "strategy"

    def ready(self) -> None:
        """Announce the goals in the rail."""
        super().ready()
        from permea.surface.registry import NavItem, register_nav  # noqa: PLC0415 - models are loaded only now

        register_nav(NavItem("plan", _("Goals"), "strategy:goals", "target", order=10))
