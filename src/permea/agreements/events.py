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
