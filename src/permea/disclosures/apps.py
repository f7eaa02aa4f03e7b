"""Wiring of disclosures."""

from django.utils.translation import gettext_lazy as _

from permea.foundation.appconfig import StepConfig


class DisclosuresConfig(StepConfig):
    """The disclosures step."""

    name = "permea.disclosures"
    label = "disclosures"

    def ready(self) -> None:
        """Announce the entries in the rail, what this step holds about a person, and which files it names."""
        super().ready()
        from permea.agreements.queries import register_items  # noqa: PLC0415 - same
        from permea.disclosures import queries  # noqa: PLC0415 - models are loaded only now
        from permea.foundation.files.intake import register_file_namer  # noqa: PLC0415 - same
        from permea.people import queries as people  # noqa: PLC0415 - same
        from permea.people.models import Membership  # noqa: PLC0415 - same
        from permea.people.rules import MANAGING  # noqa: PLC0415 - same
        from permea.surface.registry import NavItem, register_nav  # noqa: PLC0415 - same

        inside, managing = (*sorted(MANAGING), Membership.Role.MEMBER.value), tuple(sorted(MANAGING))
        register_nav(NavItem("partners", _("What we show"), "disclosures:list", "layers", order=40, roles=inside))
        seen = NavItem("partners", _("Who has seen what"), "disclosures:seen", "scan-eye", order=50, roles=managing)
        register_nav(seen)
        people.register_personal_data(queries.personal_data)
        people.register_erasure_lines(queries.erasure_lines)
        register_items(queries.item_names)
        register_file_namer(is_named=queries.is_named_file)
