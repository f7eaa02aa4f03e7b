"""Wiring of agreements."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class AgreementsConfig(StepConfig):
    """The agreements step."""

    name = "permea.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Announce the pages in the rail, what waits, what is held of a person, and which files are named."""
        super().ready()
        from permea.agreements import queries  # noqa: PLC0415 - models are loaded only now
        from permea.foundation.files.intake import register_file_namer  # noqa: PLC0415 - same
        from permea.people import queries as people  # noqa: PLC0415 - same
        from permea.people.rules import MANAGING  # noqa: PLC0415 - models are loaded only now
        from permea.surface.registry import NavItem, register_nav, register_today, register_waiting  # noqa: PLC0415 - same

        roles, reading = tuple(sorted(MANAGING)), tuple(sorted(queries.READING))
        for label, page, icon, order, seen_by in (
            (_("Agreements"), "agreements:all", "signature", 20, reading),
            (_("Deadlines"), "agreements:deadlines", "calendar-clock", 22, reading),
            (_("Rights"), "agreements:rights", "shapes", 24, reading),
            (_("Terms"), "agreements:list", "scroll-text", 60, roles),
            (_("Choose an agreement"), "agreements:choosing", "scale", 70, reading),
        ):
            register_nav(NavItem("partners", label, page, icon, order=order, roles=seen_by))
        register_today(queries.today_items)
        register_waiting(queries.waiting)
        people.register_person_fact("has_agreements", queries.agreements_fact)
        people.register_person_fact("waiting_answer", queries.waiting_answer)
        people.register_person_fact("waiting_deadline", queries.waiting_deadline)
        people.register_personal_data(queries.personal_data)
        people.register_personal_data(queries.chooser_data)
        people.register_personal_data(queries.obligation_data)
        people.register_personal_data(queries.publication_data)
        people.register_personal_data(queries.ip_personal_data)
        people.register_personal_data(queries.scan_data)
        people.register_erasure_lines(queries.erasure_lines)
        people.register_erasure_lines(queries.obligation_erasure_lines)
        people.register_erasure_lines(queries.publication_erasure_lines)
        people.register_erasure_lines(queries.scan_erasure_lines)
        register_file_namer(is_named=queries.is_named_file)
        register_file_namer(is_named=queries.is_named_seal)
        register_file_namer(is_named=queries.is_named_scan)
