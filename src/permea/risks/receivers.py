"""What risks do when they hear of people."""

from __future__ import annotations

from permea.foundation.events import hears
from permea.people.events import PersonLeft
from permea.risks import services


@hears(PersonLeft)
def pass_on(event: PersonLeft) -> None:
    """Give what somebody looked after to an owner of the firm; erasing a person ends their memberships first."""
    services.pass_on_risks(person_id=event.person_id, organisation_id=event.organisation_id, at=event.at)
