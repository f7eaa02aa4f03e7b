"""Who may ask others to write an entry with them, join, go and be removed; how the credit is shared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.foundation.refusals import Refusal
from permea.ideas.models import CoauthorInvitation, CreditShare, CreditSplit, Idea
from permea.ideas.rules.entries import changeable_until, why_not_change, why_not_contributor, why_not_enter
from permea.people.models import Person

INVITATION_LIFE = timedelta(days=14)
INVITATION_KEPT = timedelta(days=30)  # the address, after the link has expired
UNSETTLED = Q(accepted_at__isnull=True, declined_at__isnull=True, taken_back_at__isnull=True)
MOST_WRITERS = 10
WHOLE = 100
IN_THE_RUNNING = (Idea.Status.DRAFT, Idea.Status.SUBMITTED, Idea.Status.MERGED)


def why_not_author(*, is_author: bool) -> Refusal | None:
    """Return a refusal to everybody but the author of the entry; once they are erased, their co-authors stand in."""
    if is_author:
        return None
    return Refusal("ideas.not_author", _("Only the author of this entry can do this."))


def why_not_invite(idea: Idea, *, is_author: bool, n_writers: int, is_in: bool, at: datetime) -> Refusal | None:
    """Return why an address may not be asked to write the idea too, or None if it may.

    `n_writers` counts the people who write it and those who are asked to; `is_in` says whether this one writes already.
    """
    refusal = why_not_author(is_author=is_author) or why_not_change(idea, is_contributor=True, at=at)
    if refusal is None and is_in:
        return Refusal("ideas.coauthor_already", _("This person writes this entry already."))
    if refusal is None and n_writers >= MOST_WRITERS:
        return Refusal(
            "ideas.too_many_coauthors",
            _("At most %(limit)d people can write one entry, those who are asked included.") % {"limit": MOST_WRITERS},
        )
    return refusal


def expires_at(idea: Idea, *, at: datetime) -> datetime:
    """Return until when an invitation made at `at` is good: two weeks, but no longer than the entry can be changed."""
    latest = at + INVITATION_LIFE
    return min(latest, changeable_until(idea, at=at) or latest)


def why_not_take_invitation_back(invitation: CoauthorInvitation, *, is_author: bool) -> Refusal | None:
    """Return why an invitation may not be taken back, or None if it may."""
    refusal = why_not_author(is_author=is_author)
    if refusal is None and invitation.accepted_at is not None:
        return Refusal("ideas.invitation_used", _("This invitation was accepted already."))
    return refusal


def why_not_open(invitation: CoauthorInvitation, *, at: datetime) -> Refusal | None:
    """Return why nobody can accept or decline an invitation any more, or None while somebody can."""
    if invitation.taken_back_at is not None:
        return Refusal("ideas.no_invitation", _("This invitation was taken back by its author."))
    if invitation.declined_at is not None:
        return Refusal("ideas.invitation_declined", _("This invitation was declined. Its author can send a new one."))
    if invitation.accepted_at is not None:
        return Refusal("ideas.invitation_used", _("This invitation was accepted already."))
    if at >= invitation.expires_at:
        return Refusal("ideas.invitation_expired", _("This invitation has expired. Its author can send a new one."))
    return None


def why_not_join(invitation: CoauthorInvitation, person: Person, *, at: datetime) -> Refusal | None:
    """Return why this person may not accept the invitation at `at`, or None if they may, terms aside."""
    refusal = why_not_open(invitation, at=at) or why_not_change(invitation.idea, is_contributor=True, at=at)
    if refusal is None and invitation.email.lower() != (person.email or "").lower():
        return Refusal(
            "ideas.other_address",
            _("This invitation was sent to another address. Sign in with the address it was sent to."),
        )
    return refusal


def why_not_remove(idea: Idea, person: Person, *, is_author: bool, at: datetime) -> Refusal | None:
    """Return why a co-author may not be removed, or None if they may: by the author, until the entry was handed in."""
    refusal = why_not_author(is_author=is_author) or why_not_change(idea, is_contributor=True, at=at)
    if refusal is None and person.pk == idea.author_id:
        return Refusal("ideas.author_stays", _("The author cannot be taken out of an entry."))
    if refusal is None and idea.n_versions:
        return Refusal(
            "ideas.coauthor_stays",
            _("This entry was handed in with them, so they keep their part in it. They can leave it themselves."),
        )
    return refusal


def why_not_leave(
    idea: Idea, person: Person, *, is_contributor: bool, has_others: bool, at: datetime
) -> Refusal | None:
    """Return why somebody may not leave an entry they write with others, or None if they may until the deadline."""
    refusal = why_not_contributor(is_contributor=is_contributor) or why_not_enter(idea.challenge, at=at)
    if refusal is None and (person.pk == idea.author_id or not has_others):
        return Refusal("ideas.author_stays", _("An entry needs its author. You can withdraw it, and remove its text."))
    return refusal


def why_not_share(idea: Idea, *, at: datetime) -> Refusal | None:
    """Return why the credit of an entry cannot be shared out at `at`, or None if it can: until the answers are out."""
    if idea.text_removed_at is not None or idea.status not in IN_THE_RUNNING:
        return Refusal("ideas.not_in_the_running", _("This entry is withdrawn, or its text was removed."))
    if idea.status == Idea.Status.DRAFT:
        return why_not_enter(idea.challenge, at=at)
    if idea.challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("ideas.shares_settled", _("The answers are out: the shares stay as they are."))
    return None


def why_not_propose(idea: Idea, *, is_author: bool, n_people: int, at: datetime) -> Refusal | None:
    """Return why somebody may not propose how the credit is shared, or None if they may."""
    refusal = why_not_author(is_author=is_author) or why_not_share(idea, at=at)
    if refusal is None and n_people == 1:
        return Refusal("ideas.nobody_to_share", _("As long as you write alone, all credit is yours."))
    return refusal


def why_not_shares(per_cents: Mapping[int, int], people: Mapping[int, bool], now: Mapping[int, int]) -> Refusal | None:
    """Return what is wrong with shares by person, or None if they can be proposed.

    `people` says of everybody in the entry whether they are still there to agree; whoever was erased keeps what they
    have `now`.
    """
    if set(per_cents) != set(people) or not all(0 <= share <= WHOLE for share in per_cents.values()):
        return Refusal("ideas.shares_for_all", _("Give everybody a share, in whole per cents from 0 to 100."))
    total = sum(per_cents.values())
    if total != WHOLE:
        return Refusal(
            "ideas.shares_not_whole",
            _("The shares make %(total)d %% together; they must make 100 %%.") % {"total": total},
        )
    if any(per_cents[person] != now[person] for person, is_there in people.items() if not is_there):
        return Refusal("ideas.shares_of_erased", _("The share of somebody who was erased stays as it is."))
    return None


def why_not_answer_shares(split: CreditSplit, share: CreditShare | None, *, at: datetime) -> Refusal | None:
    """Return why somebody with this share may not answer a proposal, or None if they may."""
    if share is None:
        return why_not_contributor(is_contributor=False)
    if split.agreed_at is not None or split.dropped_at is not None:
        return Refusal("ideas.shares_not_asked", _("This proposal is settled; there is nothing to answer any more."))
    return why_not_share(split.idea, at=at)


def equal_shares(n: int) -> list[int]:
    """Return equal shares in whole per cents that make 100: what is left over goes to the first ones, one each."""
    each, left = divmod(WHOLE, n)
    return [each + (place < left) for place in range(n)]
