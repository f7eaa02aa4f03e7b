"""What alliances announce."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AllianceChanged(Event):
    """Something happened in an alliance that its other parties should hear of.

    `happened`: offered, revised, live, written, disputed, proposed, settled, pulse, pulse_shown, milestone,
    split_proposed, split_agreed, closing, kept_open or closed; `by_party_id` is whose doing it was, `line_key` the line
    and `result_key` the joint result that it is about.
    """

    alliance_id: int
    happened: str
    by_party_id: int
    line_key: str = ""
    result_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRaised(Event):
    """A matter was put on the ladder of an alliance, or has climbed to its next step."""

    matter_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningMoved(Event):
    """Something happened with a further partner that joins an alliance.

    `happened`: joining, joining_shown, joining_refused, joining_withdrawn or joined.
    """

    joining_id: int
    happened: str
    by_organisation_id: int
