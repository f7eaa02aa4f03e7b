"""Facts announced by the ideas step."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaSubmitted(Event):
    """An idea was handed in (for the first time, or again after it was withdrawn)."""

    idea_id: int
    challenge_id: int
    receipt_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaRevised(Event):
    """A further version of a handed-in idea replaced the one before."""

    idea_id: int
    challenge_id: int
    receipt_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaWithdrawn(Event):
    """A contributor took a handed-in idea back before the deadline."""

    idea_id: int
    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeasImported(Event):
    """Ideas that had reached the firm another way were taken over from a spreadsheet."""

    challenge_id: int
    idea_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VotesCounted(Event):
    """The vote of a challenge is over and counted; whoever could vote sees what came out."""

    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingReceived(Event):
    """Something was put into a box. `token` opens its private page; the rest says what of it was not taken."""

    posting_id: int
    token: str
    n_left_out: int = 0
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingAddressAdded(Event):
    """The sender of a posting left an address for the answer. `token` opens its private page."""

    posting_id: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingAnswered(Event):
    """The sender of a posting has an answer: their own, or that of the posting theirs was merged with."""

    posting_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeAsked(Event):
    """The author of an entry is asked whether it may be merged into another."""

    merge_id: int
    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaMerged(Event):
    """An entry was merged into another, which leads from now on."""

    merge_id: int
    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaUnmerged(Event):
    """A merged entry stands by itself again."""

    merge_id: int
    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoauthorInvited(Event):
    """Somebody is asked to write an entry with its author. `token` opens the invitation."""

    invitation_id: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoauthorJoined(Event):
    """Somebody who was asked to writes an entry with its author now."""

    idea_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoauthorDeclined(Event):
    """An invitation to write an entry was declined."""

    invitation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoauthorLeft(Event):
    """Somebody does not write an entry any more: they left it, or its author took them out of the draft."""

    idea_id: int
    person_id: int
    is_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesProposed(Event):
    """The author of an entry proposes how its credit is shared; the others are asked whether they agree."""

    split_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesRefused(Event):
    """Somebody does not agree how the credit of an entry is shared, so the proposal is dropped."""

    split_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesAgreed(Event):
    """Everybody in an entry has agreed how its credit is shared."""

    split_id: int
