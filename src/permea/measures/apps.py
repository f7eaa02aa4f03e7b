"""Wiring of measures."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig
from permea.surface.registry import NavItem, register_nav


class MeasuresConfig(StepConfig):
    """The measures step."""

    name = "permea.measures"
    label = "measures"

    def ready(self) -> None:
        """Announce the funnel and the reach report in the rail."""
        super().ready()
        register_nav(
            NavItem("learn", _("Measures"), "measures:funnel", "chart-bar", order=10, roles=("owner", "manager"))
        )
        register_nav(NavItem("learn", _("Reach"), "measures:reach", "globe", order=20))
