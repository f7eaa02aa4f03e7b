"""Wiring of evaluation."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class EvaluationConfig(StepConfig):
    """The evaluation step."""

    name = "permea.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        """Announce the queue in the rail, the open reviews on Today, and what judging has to do with merging."""
        super().ready()
        from permea.evaluation.queries import (  # noqa: PLC0415 - models are loaded only now
            ideas_given_to,
            n_judgements,
            today_items,
            why_not_merge,
        )
        from permea.ideas.queries import (  # noqa: PLC0415 - models are loaded only now
            register_bar,
            register_reading,
            register_review_count,
        )
        from permea.surface.registry import NavItem, register_nav, register_today  # noqa: PLC0415 - same

        register_nav(NavItem("decide", _("My reviews"), "evaluation:queue", "clipboard-check", order=10))
        register_today(today_items)
        register_reading(ideas_given_to)
        register_bar(why_not_merge)
        register_review_count(n_judgements)
