"""Wiring of campus."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class CampusConfig(StepConfig):
    """The campus step."""

    name = "permea.campus"
    label = "campus"

    def ready(self) -> None:
        """Announce the entries in the rail, what waits for a side, and what this step holds about a person."""
        super().ready()
        from permea.campus import queries  # noqa: PLC0415 - models are loaded only now
        from permea.people import queries as people  # noqa: PLC0415 - same
        from permea.surface.registry import NavItem, register_nav, register_waiting  # noqa: PLC0415 - same

        roles = tuple(sorted(queries.READING))
        register_nav(NavItem("partners", _("Equipment"), "campus:list", "microscope", order=29, roles=roles))
        register_nav(NavItem("partners", _("Placements"), "campus:placements", "graduation-cap", order=29, roles=roles))
        people.register_person_fact("is_student", queries.student_fact)
        register_waiting(queries.waiting)
        people.register_personal_data(queries.personal_data)
        people.register_personal_data(queries.placement_data)
        people.register_erasure_lines(queries.placement_erasure_lines)
        people.register_needed(queries.needed_students)
        people.register_erasure_lines(queries.erasure_lines)
