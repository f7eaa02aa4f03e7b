"""Deciding about votes: who may vote on what and when, and what all votes together came to.

Nobody votes on their own entries, nobody sees counts before the vote is over, and a figure of fewer than five people is
not told: it would say how single people voted, and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import Challenge, Circle, Stage, VoteMethod
from permea.challenges.rules import Voting, covers, voting_note
from permea.foundation.clock import within
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea, VoteTally

FEW, MOST_BUTTONS = 5, 6


@dataclass(frozen=True, slots=True)
class Figure:
    """What the votes on an entry came to: its place, a share or a mean, and of how many people; no value of too few."""

    method: str
    place: int
    value: float | None
    n: int


def vote_stage(stages: Iterable[Stage]) -> Stage | None:
    """Return the stage in which entries are voted on, None if there is none."""
    return next((stage for stage in stages if stage.circle and "vote" in stage.allows), None)


def why_not_vote(challenge: Challenge, stage: Stage | None, *, is_in_circle: bool, at: datetime) -> Refusal | None:
    """Return why somebody may not vote in a challenge at `at`, or None if they may."""
    if stage is None:
        return Refusal("ideas.no_vote", _("Entries of this challenge are not voted on."))
    if at < stage.opens_at:
        return Refusal("ideas.vote_not_open", _("The vote has not begun."))
    if not within(at, stage.opens_at, stage.closes_at) or challenge.status != Challenge.Status.PUBLISHED:
        return why_not_after_count(is_counted=True)
    if not is_in_circle:
        circle = {"circle": Circle(stage.circle).label}
        return Refusal("ideas.vote_not_yours", _("This vote is for %(circle)s.") % circle)
    return None


def why_not_after_count(*, is_counted: bool) -> Refusal | None:
    """Return why a vote comes too late once votes are counted, or None if they are not."""
    if not is_counted:
        return None
    return Refusal("ideas.vote_closed", _("The vote is over: votes cannot be given, changed or taken back any more."))


def why_not_entry(idea: Idea, stage: Stage, *, is_own: bool) -> Refusal | None:
    """Return why somebody may not vote on an entry, or None if they may."""
    if idea.status != Idea.Status.SUBMITTED or idea.text_removed_at is not None:
        return Refusal("ideas.vote_merged", _("This entry is not read by itself any more. Its votes do not count."))
    if not covers(idea.shown_to, stage.circle):
        return Refusal("ideas.vote_not_shown", _("Not everybody who votes may read this entry, so nobody votes on it."))
    return Refusal("ideas.vote_own", _("You have a part in this entry. Others vote on it.")) if is_own else None


def why_not_value(voting: Voting, value: int, *, left: int) -> Refusal | None:
    """Return why `value` may not be said of an entry, or None if it may; `left` tokens could go to it."""
    if value not in voting.values:
        return Refusal("ideas.vote_value", _("That cannot be said of an entry in this vote."))
    if voting.method == VoteMethod.TOKENS and value > left:
        told = ngettext(
            "You have only %(num)d token for this entry. Take some back from another entry first.",
            "You have only %(num)d tokens for this entry. Take some back from another entry first.",
            left,
        )
        return Refusal("ideas.vote_no_tokens", told % {"num": left})
    return None


def is_due_to_count(challenge: Challenge, stage: Stage | None, *, is_counted: bool, at: datetime) -> bool:
    """Say whether the vote of a public challenge has ended by `at` and is not counted yet."""
    is_public = challenge.status in {Challenge.Status.PUBLISHED, Challenge.Status.DECIDED}
    return is_public and stage is not None and at >= stage.closes_at and not is_counted


def guarantees(stage: Stage) -> list[str]:
    """Return what is promised about a vote, and what is not, in plain sentences."""
    one = _("One person, one vote an entry: you sign in with a code that is mailed to you, and a second vote replaces "
            "the first.")  # fmt: skip
    if stage.circle == Circle.EVERYONE:
        loose = _("Whoever has several addresses could vote with each of them.")
        one = f"{one} {loose}"
    return [
        voting_note(stage.options),
        one,
        _("Nobody votes on an entry they have a part in."),
        _("Until the vote ends you can change your vote or take it back. Only the last one counts."),
        _("Nobody sees counts before the end: no page shows them. Whoever runs the server could look up in its "
          "database who voted how; no page shows that, before or afterwards."),
        _("Afterwards everybody who may vote sees what came out, in figures of %(number)d people or more, and the "
          "count goes into the ledger.") % {"number": FEW},
    ]  # fmt: skip


def vote_choices(voting: Voting) -> list[tuple[int, str]]:
    """Return what can be said of an entry, as buttons; none where there are too many for that."""
    if voting.method == VoteMethod.APPROVAL:
        return [(1, _("Vote for it"))]
    if voting.method == VoteMethod.AGREE:
        return [(1, _("Agree")), (0, _("Pass")), (-1, _("Disagree"))]
    if len(voting.values) > MOST_BUTTONS:
        return []
    if voting.method == VoteMethod.STARS:
        return [(n, ngettext("%(num)d star", "%(num)d stars", n) % {"num": n}) for n in voting.values]
    return [(n, ngettext("%(num)d token", "%(num)d tokens", n) % {"num": n}) for n in voting.values]


def figure_of(method: str, tally: VoteTally, *, n_voters: int) -> Figure:
    """Return what the votes on an entry came to.

    One vote an entry: the share of all who voted. Tokens: the mean of what all who voted gave. Stars: the mean of those
    who rated it. Agreeing: the share of those who agreed or disagreed.
    """
    n, total = _counted(method, tally, n_voters)
    return Figure(method, tally.place, total / n if n >= FEW else None, n)


def _counted(method: str, tally: VoteTally, n_voters: int) -> tuple[int, int]:
    """Return of how many people a figure is, and what they gave together."""
    if method == VoteMethod.AGREE:
        return tally.n_for + tally.n_against, tally.n_for
    return (tally.n_votes if method == VoteMethod.STARS else n_voters), tally.total


def score_of(method: str, tally: VoteTally, *, n_voters: int) -> float:
    """Return by what entries are put in order; one that too few voted on stands behind all that enough did."""
    n, total = _counted(method, tally, n_voters)
    return total / n if n >= FEW else -1.0


def give_places(method: str, tallies: Sequence[VoteTally], *, n_voters: int) -> list[VoteTally]:
    """Return the tallies in the order of what they came to, each with its place; equal ones share theirs."""
    scores = {tally.idea_id: score_of(method, tally, n_voters=n_voters) for tally in tallies}
    ordered = sorted(tallies, key=lambda tally: (-scores[tally.idea_id], tally.idea_id))
    place, before = 0, None
    for number, tally in enumerate(ordered, start=1):
        score = scores[tally.idea_id]
        if score != before:
            place, before = number, score
        tally.place = place
    return ordered


def digest_of(keys: dict[int, str], tallies: Iterable[VoteTally]) -> str:
    """Return the SHA-256 over all tallies of a vote, in the order of the keys of their entries."""
    lines = sorted(f"{keys[one.idea_id]} {one.n_votes} {one.total} {one.n_for} {one.n_against}\n" for one in tallies)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def crossing_of(circle: str) -> tuple[str, str]:
    """Return in which direction and how far the count of a vote goes that a circle sees."""
    return {"members": ("inside", "inside"), "contributors": ("out", "invited")}.get(circle, ("out", "public"))
