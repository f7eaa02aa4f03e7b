"""Wiring of ideas."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class IdeasConfig(StepConfig):
    """The ideas step."""

    name = "permea.ideas"
    label = "ideas"

    def ready(self) -> None:
        """Announce what this step holds about a person, and what waits on Today."""
        super().ready()
        from permea.ideas.queries import (  # noqa: PLC0415 - models are loaded only now
            erasure_lines,
            needed_people,
            personal_data,
            reading_data,
            reading_erasure_lines,
            today_items,
        )
        from permea.people.queries import (  # noqa: PLC0415 - models are loaded only now
            register_erasure_lines,
            register_needed,
            register_personal_data,
        )
        from permea.surface.registry import register_today  # noqa: PLC0415 - same

        register_personal_data(personal_data)
        register_personal_data(reading_data)
        register_erasure_lines(erasure_lines)
        register_erasure_lines(reading_erasure_lines)
        register_needed(needed_people)
        register_today(today_items)
        self._show_boxes()
        self._show_entries()

    def _show_entries(self) -> None:
        """Say who entered a challenge, that entries can be improved, and on the public page where they are read."""
        from permea.challenges.queries import register_entrants, register_step  # noqa: PLC0415 - models are loaded only now
        from permea.ideas.queries import has_entered, shown_part, vote_ways  # noqa: PLC0415 - same
        from permea.surface.registry import register_part  # noqa: PLC0415 - same

        register_entrants(has_entered)
        register_step("improve")
        register_step("vote", vote_ways)
        register_part("challenges:public", shown_part)

    def _show_boxes(self) -> None:
        """Announce the inbox in the rail and on Today, open boxes on the first page, and what challenges came from."""
        from permea.challenges.queries import register_origins  # noqa: PLC0415 - models are loaded only now
        from permea.ideas.queries import origins_of, public_doors, today_postings  # noqa: PLC0415 - same
        from permea.people.rules import MANAGING  # noqa: PLC0415 - same
        from permea.surface.registry import (  # noqa: PLC0415 - same
            NavItem,
            register_doors,
            register_nav,
            register_today,
        )

        roles = tuple(sorted(MANAGING))
        register_nav(NavItem("inbound", _("Inbox"), "ideas:inbox", "messages-square", order=20, roles=roles))
        register_today(today_postings)
        register_doors(public_doors)
        register_origins(origins_of)
