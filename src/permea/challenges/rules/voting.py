"""How the vote of a challenge goes: the ways there are, their numbers, and how they are told to people.

A step named vote says in its options how people vote: `{"method": "tokens", "tokens": 10, "most": 5}`. Without a word
it is one vote an entry, for as many entries as one likes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import VoteMethod
from permea.foundation.refusals import Refusal

TOKENS, MOST_TOKENS = 10, 100
STARS = range(1, 6)
AGREEING = range(-1, 2)


@dataclass(frozen=True, slots=True)
class Voting:
    """A way of voting: its method, and with tokens how many a person has and may give one entry."""

    method: str
    tokens: int = 0
    most: int = 0

    @property
    def values(self) -> range:
        """Return what may be said about an entry."""
        if self.method == VoteMethod.STARS:
            return STARS
        if self.method == VoteMethod.AGREE:
            return AGREEING
        return range(1, 2) if self.method == VoteMethod.APPROVAL else range(1, self.most + 1)


def voting_of(options: Mapping[str, Any]) -> Voting:
    """Return the way of voting that the options of a step say."""
    method = str(options.get("method") or VoteMethod.APPROVAL)
    if method != VoteMethod.TOKENS:
        return Voting(method)
    tokens = options.get("tokens", TOKENS)
    return Voting(method, tokens, options.get("most", tokens))


def why_not_voting(options: Mapping[str, Any]) -> Refusal | None:
    """Return why people cannot vote as the options of a step say, or None if they can."""
    voting = voting_of(options)
    known = {"method", "tokens", "most"} if voting.method == VoteMethod.TOKENS else {"method"}
    if voting.method not in VoteMethod.values or not known.issuperset(options):
        return Refusal("challenges.vote_unknown", _("Choose how people vote."))
    if voting.method == VoteMethod.TOKENS and not _is_whole(voting):
        return Refusal(
            "challenges.vote_tokens",
            _("Give each person from 1 to %(number)d tokens, and let them give one entry at least one.")
            % {"number": MOST_TOKENS},
        )
    return None


def _is_whole(voting: Voting) -> bool:
    """Say whether the numbers of a budget make sense."""
    numbers = (voting.most, voting.tokens, MOST_TOKENS)
    return all(type(number) is int for number in numbers) and 1 <= voting.most <= voting.tokens <= MOST_TOKENS


def voting_note(options: Mapping[str, Any]) -> str:
    """Return in a sentence or two how people vote."""
    voting = voting_of(options)
    if voting.method == VoteMethod.TOKENS:
        budget = ngettext(
            "Each person has %(num)d token to give to entries.",
            "Each person has %(num)d tokens to spread over the entries.",
            voting.tokens,
        ) % {"num": voting.tokens}
        limit = _("Of these, an entry gets at most %(num)d from one person.") % {"num": voting.most}
        return budget if voting.most == voting.tokens else f"{budget} {limit}"
    notes = {
        VoteMethod.APPROVAL: _("Each person has one vote for each entry they are for, for as many as they like."),
        VoteMethod.STARS: _("Each person gives an entry from one to five stars."),
        VoteMethod.AGREE: _("Each person agrees with an entry, disagrees or passes."),
    }
    return notes[VoteMethod(voting.method)]
