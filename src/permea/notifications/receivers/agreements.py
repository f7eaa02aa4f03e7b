"""Who has to hear of it: what agreements, their texts, their deadlines and their IP tables announce."""

from __future__ import annotations

from permea.agreements.events import (
    AgreementDropped,
    AgreementEnded,
    AgreementOffered,
    AgreementProlonged,
    AgreementRevised,
    AgreementSigned,
    ChooserCompared,
    ChooserStarted,
    IpAgreed,
    IpProposed,
    ObligationTold,
    PublicationTold,
    RenewalProposed,
    ScanAnswered,
    ScanSent,
    SigningCodeSent,
    TermsAccepted,
)
from permea.foundation.events import hears
from permea.notifications import services


@hears(TermsAccepted)
def on_terms(event: TermsAccepted) -> None:
    """Send the text that was agreed to."""
    services.tell_terms(acceptance_id=event.acceptance_id, at=event.at)


@hears(AgreementOffered)
def on_offer(event: AgreementOffered) -> None:
    """Tell the other side that a text waits for them."""
    services.tell_agreement(
        agreement_id=event.agreement_id, happened="offered", to_firm=False, to_parties=True, at=event.at
    )


@hears(AgreementRevised)
def on_new_version(event: AgreementRevised) -> None:
    """Tell the side that did not write it."""
    services.tell_new_version(version_id=event.version_id, at=event.at)


@hears(AgreementSigned)
def on_signing(event: AgreementSigned) -> None:
    """Tell everybody that the agreement holds."""
    services.tell_agreement(
        agreement_id=event.agreement_id, happened="signed", to_firm=True, to_parties=True, at=event.at
    )


@hears(AgreementEnded)
def on_notice_given(event: AgreementEnded) -> None:
    """Tell the side that did not give notice."""
    sides = {"to_firm": not event.by_firm, "to_parties": event.by_firm}
    services.tell_agreement(agreement_id=event.agreement_id, happened="ended", at=event.at, **sides)


@hears(AgreementDropped)
def on_dropping(event: AgreementDropped) -> None:
    """Tell the other side that the firm does not go on."""
    services.tell_agreement(
        agreement_id=event.agreement_id, happened="dropped", to_firm=False, to_parties=True, at=event.at
    )


@hears(ObligationTold)
def on_obligation(event: ObligationTold) -> None:
    """Tell those whom it concerns what is near, missed, or was said of an obligation."""
    services.tell_obligation(obligation_id=event.obligation_id, what=event.what, by_id=event.by_id, at=event.at)


@hears(PublicationTold)
def on_publication(event: PublicationTold) -> None:
    """Tell the side that did not act, and both where the days went by without an answer."""
    services.tell_publication(publication_id=event.publication_id, what=event.what, at=event.at)


@hears(AgreementProlonged)
def on_prolonging(event: AgreementProlonged) -> None:
    """Tell both sides that it goes on."""
    sides = {"to_firm": True, "to_parties": True}
    services.tell_agreement(agreement_id=event.agreement_id, happened="prolonged", at=event.at, **sides)


@hears(RenewalProposed)
def on_renewal(event: RenewalProposed) -> None:
    """Tell the side that did not propose it."""
    sides = {"to_firm": not event.by_firm, "to_parties": event.by_firm}
    services.tell_agreement(agreement_id=event.agreement_id, happened="renewal", at=event.at, **sides)


@hears(IpProposed)
def on_ip_proposal(event: IpProposed) -> None:
    """Tell the other side that something made together waits for them."""
    services.tell_ip_entry(version_id=event.version_id, is_agreed=False, at=event.at)


@hears(IpAgreed)
def on_ip_agreed(event: IpAgreed) -> None:
    """Tell who proposed it that everybody asked has accepted."""
    services.tell_ip_entry(version_id=event.version_id, is_agreed=True, at=event.at)


@hears(ChooserStarted)
def on_chooser(event: ChooserStarted) -> None:
    """Ask the partner's people to answer."""
    services.tell_chooser(run_id=event.run_id, is_compared=False, to_firm=False, at=event.at)


@hears(ChooserCompared)
def on_chooser_compared(event: ChooserCompared) -> None:
    """Tell the side that handed in first what can be read now."""
    services.tell_chooser(run_id=event.run_id, is_compared=True, to_firm=not event.by_firm, at=event.at)


@hears(ScanSent)
def on_scan(event: ScanSent) -> None:
    """Tell the side that has to look at it."""
    services.tell_scan(scan_id=event.scan_id, is_answered=False, at=event.at)


@hears(ScanAnswered)
def on_scan_turned_down(event: ScanAnswered) -> None:
    """Tell the side that sent it."""
    services.tell_scan(scan_id=event.scan_id, is_answered=True, at=event.at)


@hears(SigningCodeSent)
def on_signing_code(event: SigningCodeSent) -> None:
    """Send the code."""
    services.tell_signing_code(version_id=event.version_id, person_id=event.person_id, code=event.code, at=event.at)
