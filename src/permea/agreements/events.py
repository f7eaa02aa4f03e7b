"""What agreements announce."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsPublished(Event):
    """A new version of a terms text is in force."""

    terms_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsAccepted(Event):
    """A person accepted a terms text for one subject, for the first time."""

    acceptance_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementOffered(Event):
    """A draft was shown to the other side."""

    agreement_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRevised(Event):
    """One side proposed a new version of the text to the other."""

    version_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSigned(Event):
    """Every side has signed the same version: the agreement holds."""

    agreement_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSent(Event):
    """One side sent the scan of a paper it signed by hand."""

    scan_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanAnswered(Event):
    """The scan of a paper signed by hand was not accepted."""

    scan_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementEnded(Event):
    """One side gave notice; `by_firm` says which."""

    agreement_id: int
    by_firm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDropped(Event):
    """The firm does not go on with an agreement the other side had seen."""

    agreement_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningCodeSent(Event):
    """Somebody who wants to sign a version asked for a code; the code stands in no table."""

    version_id: int
    person_id: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationTold(Event):
    """Something about an obligation that people have to know; `what` says it.

    It is `near`, due `today` or `missed`, was `added` by hand, `said` to be done, `confirmed`, `denied` or `waived`.
    """

    obligation_id: int
    what: str
    by_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationTold(Event):
    """Something about a planned publication: it was `submitted`, `answered`, or is free because of `silence`."""

    publication_id: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementProlonged(Event):
    """Nobody gave notice, so an agreement goes on by itself."""

    agreement_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalProposed(Event):
    """One side proposed that an agreement goes on; `agreement_id` is the new one, `by_firm` says which side."""

    agreement_id: int
    by_firm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooserStarted(Event):
    """A firm began to look for the right agreement with a partner, whose answers it asks for."""

    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooserCompared(Event):
    """Both sides have handed in their answers; `by_firm` says which side was the last."""

    run_id: int
    by_firm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IpProposed(Event):
    """One side said what was made together and who owns it; it waits for the other side."""

    version_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IpAgreed(Event):
    """Everybody asked has accepted what was said of something made together: it holds."""

    version_id: int
