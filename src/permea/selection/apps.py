"""Wiring of selection."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig
from permea.surface.registry import NavItem, register_nav, register_waiting


class SelectionConfig(StepConfig):
    """The selection step."""

    name = "permea.selection"
    label = "selection"

    def ready(self) -> None:
        """Announce what waits on Today, what became of a person's ideas, and that what is decided is not merged."""
        super().ready()
        from permea.ideas.queries import register_bar  # noqa: PLC0415 - models are loaded only now
        from permea.people.queries import (  # noqa: PLC0415 - same
            register_erasure_lines,
            register_personal_data,
        )
        from permea.people.rules import MANAGING  # noqa: PLC0415 - same
        from permea.selection.queries import (  # noqa: PLC0415 - same
            personal_data,
            title_data,
            waiting,
            why_not_merge,
            work_data,
            work_erasure_lines,
        )

        register_personal_data(personal_data)
        register_personal_data(title_data)
        register_personal_data(work_data)
        register_erasure_lines(work_erasure_lines)
        roles = tuple(sorted(MANAGING))
        register_nav(NavItem("decide", _("Chain of title"), "selection:titles", "scroll", order=60, roles=roles))
        register_nav(NavItem("decide", _("Own work"), "selection:works", "hammer", order=65, roles=roles))
        register_waiting(waiting)
        register_bar(why_not_merge)
