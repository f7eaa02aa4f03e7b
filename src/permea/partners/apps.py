"""Wiring of partners."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class PartnersConfig(StepConfig):
    """The partners step."""

    name = "permea.partners"
    label = "partners"

    def ready(self) -> None:
        """Announce the entry in the rail, what waits on Today, and what this step holds about a person."""
        super().ready()
        from permea.partners import queries, rules  # noqa: PLC0415 - models are loaded only now
        from permea.people import queries as people  # noqa: PLC0415 - same
        from permea.surface.registry import NavItem, register_nav, register_today  # noqa: PLC0415 - same

        register_nav(NavItem("partners", _("Partners"), "partners:list", "handshake", order=10, roles=rules.READING))
        register_today(queries.today_items)
        people.register_person_fact("n_follow_ups", queries.follow_up_count)
        people.register_person_fact("next_follow_up_on", queries.follow_up_day)
        people.register_person_fact("is_guest", queries.guest_fact)
        people.register_personal_data(queries.personal_data)
        people.register_erasure_lines(queries.erasure_lines)
