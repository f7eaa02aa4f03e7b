"""Terms everybody accepts, and agreements between named parties."""

from permea.agreements.models.agreements import Agreement, AgreementParty, AgreementSubject
from permea.agreements.models.chooser import ChooserAnswers, ChooserRun
from permea.agreements.models.ip import IpAcceptance, IpEntry, IpGrant, IpShare, IpVersion
from permea.agreements.models.obligations import CalendarLink, Obligation, ObligationStep
from permea.agreements.models.publications import Publication
from permea.agreements.models.renewals import Renewal
from permea.agreements.models.scans import SignedScan
from permea.agreements.models.sealing import AgreementSeal, SealCertificate
from permea.agreements.models.signing import AgreementSignature, AgreementVersion, SigningCode
from permea.agreements.models.terms import Acceptance, Terms

__all__ = [
    "Acceptance",
    "Agreement",
    "AgreementParty",
    "AgreementSeal",
    "AgreementSignature",
    "AgreementSubject",
    "AgreementVersion",
    "CalendarLink",
    "ChooserAnswers",
    "ChooserRun",
    "IpAcceptance",
    "IpEntry",
    "IpGrant",
    "IpShare",
    "IpVersion",
    "Obligation",
    "ObligationStep",
    "Publication",
    "Renewal",
    "SealCertificate",
    "SignedScan",
    "SigningCode",
    "Terms",
]
