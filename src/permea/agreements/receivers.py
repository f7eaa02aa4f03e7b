"""What agreements do when they hear of other steps, and of their own being signed or ended."""

from __future__ import annotations

from permea.agreements import services
from permea.agreements.events import AgreementEnded, AgreementSigned
from permea.foundation.events import hears
from permea.people.events import PersonErased


@hears(AgreementSigned)
def lay_obligations(event: AgreementSigned) -> None:
    """Lay what follows from the agreement that holds from now on; a renewal takes over what was owed before."""
    services.follow_renewal(agreement_id=event.agreement_id, at=event.at)
    services.lay_obligations(agreement_id=event.agreement_id, at=event.at)


@hears(AgreementEnded)
def follow_notice(event: AgreementEnded) -> None:
    """Count the days of what is owed from the end that the notice brings."""
    services.follow_notice(agreement_id=event.agreement_id, at=event.at)


@hears(PersonErased)
def forget(event: PersonErased) -> None:
    """Drop what nobody signed with the person, with its text, and their calendar; what was signed stays as proof."""
    services.forget_party(person_id=event.person_id)
    services.drop_calendar_link(person_id=event.person_id)
    services.forget_ip_tables(person_id=event.person_id)


@hears(AgreementSigned)
def seal(event: AgreementSigned) -> None:
    """Have the paper sealed that all sides have signed."""
    services.ask_for_seal(agreement_id=event.agreement_id, at=event.at)
