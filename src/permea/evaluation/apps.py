"""Wiring of evaluation."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class EvaluationConfig(StepConfig):
    """The evaluation step."""

    name = "permea.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        """Announce the queue in the rail and the open reviews on Today."""
        super().ready()
        from permea.evaluation.queries import ideas_given_to, today_items  # noqa: PLC0415 - models are loaded only now
        from permea.ideas.queries import register_reading  # noqa: PLC0415 - models are loaded only now
        from permea.surface.registry import NavItem, register_nav, register_today  # noqa: PLC0415 - same

        register_nav(NavItem("decide", _("My reviews"), "evaluation:queue", "clipboard-check", order=10))
        register_today(today_items)
        register_reading(ideas_given_to)
