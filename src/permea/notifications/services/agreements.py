"""What is written about agreements: to the other side of whoever acted, and the code that proves who signs."""

from __future__ import annotations

from datetime import datetime

from permea.agreements import queries
from permea.agreements.models import Agreement, AgreementVersion, ChooserRun, IpVersion, SignedScan
from permea.notifications.services.mails import tell
from permea.people.models import Person


def tell_agreement(*, agreement_id: int, happened: str, to_firm: bool, to_parties: bool, at: datetime) -> None:
    """Tell the sides of an agreement what happened: what the mail `agreement_news` knows words for."""
    agreement = Agreement.objects.select_related("organisation").get(pk=agreement_id)
    readers = [(person, "agreements:guest") for person in queries.people_of(agreement, of_firm=False) if to_parties]
    readers += [(person, "agreements:agreement") for person in queries.people_of(agreement, of_firm=True) if to_firm]
    for person, page in readers:
        tell(
            to=person,
            kind="agreement_news",
            at=at,
            organisation=agreement.organisation,
            about=agreement.key,
            agreement=agreement,
            happened=happened,
            page=page,
        )


def tell_chooser(*, run_id: int, is_compared: bool, to_firm: bool, at: datetime) -> None:
    """Tell a side of a run of the chooser that its answers are asked for, or that both sides have handed in."""
    run = ChooserRun.objects.select_related("organisation", "partner").get(pk=run_id)
    for person in queries.people_in_chooser(run, of_firm=to_firm):
        tell(
            to=person,
            kind="chooser_news",
            at=at,
            organisation=run.organisation,
            about=run.key,
            run=run,
            is_compared=is_compared,
            other=(run.partner if to_firm else run.organisation).name,
            page="agreements:choosing_run" if to_firm else "agreements:choose",
        )


def tell_new_version(*, version_id: int, at: datetime) -> None:
    """Tell the other side that there is a new version of the text."""
    version = AgreementVersion.objects.get(pk=version_id)
    by_firm = version.by_party_id is None
    tell_agreement(
        agreement_id=version.agreement_id, happened="revised", to_firm=not by_firm, to_parties=by_firm, at=at
    )


def tell_scan(*, scan_id: int, is_answered: bool, at: datetime) -> None:
    """Tell the other side that a scan waits for them, or the side that sent it that it was not accepted."""
    scan = SignedScan.objects.select_related("version").get(pk=scan_id)
    to_firm = (scan.party_id is None) == is_answered
    happened = "scan_refused" if is_answered else "scan"
    tell_agreement(
        agreement_id=scan.version.agreement_id, happened=happened, to_firm=to_firm, to_parties=not to_firm, at=at
    )


def tell_signing_code(*, version_id: int, person_id: int, code: str, at: datetime) -> None:
    """Send the code that proves who signs."""
    version = AgreementVersion.objects.select_related("agreement__organisation").get(pk=version_id)
    tell(
        to=Person.objects.get(pk=person_id),
        kind="agreement_code",
        at=at,
        organisation=version.agreement.organisation,
        about=version.agreement.key,
        agreement=version.agreement,
        version=version,
        code=code,
    )


def tell_ip_entry(*, version_id: int, is_agreed: bool, at: datetime) -> None:
    """Tell the other side that something made together waits for them, or its author's that it holds."""
    version = IpVersion.objects.select_related("entry").get(pk=version_id)
    to_firm = (version.by_party_id is None) == is_agreed
    tell_agreement(
        agreement_id=version.entry.agreement_id,
        happened="ip_agreed" if is_agreed else "ip_proposed",
        to_firm=to_firm,
        to_parties=not to_firm,
        at=at,
    )
