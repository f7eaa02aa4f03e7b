"""The page on which an entry's people see each other, who is asked, and how the credit is shared."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from permea.foundation.refusals import Refusal
from permea.ideas import rules
from permea.ideas.models import CoauthorInvitation, Contributor, CreditShare, CreditSplit, Idea
from permea.ideas.queries import access, credit
from permea.ideas.queries.credit import Credit, CreditRow
from permea.people.models import Person


@dataclass(frozen=True, slots=True)
class WriterRow:
    """Somebody who writes an entry: their share now, what is proposed, and whether they may be removed."""

    part: CreditRow
    is_reader: bool
    proposed: CreditShare | None
    remove_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An open invitation and whether its link still works."""

    invitation: CoauthorInvitation
    is_expired: bool


@dataclass(frozen=True, slots=True)
class CoauthorsPage:
    """The people of an entry as one of them sees it; addresses of those who are asked are shown to the author alone."""

    idea: Idea
    credit: Credit
    rows: list[WriterRow]
    invitations: list[InvitationRow]
    n_invited: int
    proposal: CreditSplit | None
    is_author: bool
    asks_reader: bool
    invite_blocked: Refusal | None
    propose_blocked: Refusal | None
    leave_blocked: Refusal | None


def invitation_hash(token: str) -> str:
    """Return what is stored of an invitation's link."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitations(idea: Idea) -> QuerySet[CoauthorInvitation]:
    """Return invitations that nobody has accepted, declined or taken back, the newest first."""
    return CoauthorInvitation.objects.filter(rules.UNSETTLED, idea=idea).order_by("-invited_at", "-pk")


def invitation_by_link(token: str) -> CoauthorInvitation:
    """Return the invitation a link belongs to, settled or not. Raises Http404 for what is no such link."""
    related = ("invited_by", "idea__author", "idea__challenge__organisation", "idea__challenge__participation_terms")
    invitations = CoauthorInvitation.objects.select_related(*related, "idea__challenge__ip_terms")
    return get_object_or_404(invitations, token_hash=invitation_hash(token))


def my_invitation(actor: Person, idea: Idea, key: str) -> CoauthorInvitation:
    """Return an open invitation of an own entry, for its author. Raises Http404 for all others."""
    shown = open_invitations(idea) if access.acts_as_author(actor, idea) else CoauthorInvitation.objects.none()
    return get_object_or_404(shown, key=key)


def my_coauthor(actor: Person, idea: Idea, person_key: str) -> Person:
    """Return somebody who writes an own entry too. Raises Http404 for all others."""
    theirs = Contributor.objects.filter(person=actor).values("idea_id")
    together = Contributor.objects.filter(idea=idea, idea__in=theirs).select_related("person")
    return get_object_or_404(together, person__key=person_key).person


def my_split(actor: Person, idea: Idea, key: str) -> CreditSplit:
    """Return a split in which the actor has a share. Raises Http404 for all others."""
    return get_object_or_404(CreditSplit.objects.filter(idea=idea, shares__person=actor), key=key)


def coauthors_page(actor: Person, idea: Idea, at: datetime) -> CoauthorsPage:
    """Return the people of an own entry, who is asked to join, and how the credit is shared."""
    shared = credit.credit_of([idea.pk])[idea.pk]
    proposal = CreditSplit.objects.filter(idea=idea, agreed_at__isnull=True, dropped_at__isnull=True).first()
    proposed = {share.person_id: share for share in proposal.shares.all()} if proposal else {}
    is_author = access.acts_as_author(actor, idea)
    asked = list(open_invitations(idea))
    mine = proposed.get(actor.pk)
    n_writers = len(shared.rows) + len(asked)
    has_others = any(row.person.erased_at is None and row.person.pk != actor.pk for row in shared.rows)
    return CoauthorsPage(
        idea=idea,
        credit=shared,
        rows=[
            WriterRow(
                part=row,
                is_reader=row.person.pk == actor.pk,
                proposed=proposed.get(row.person.pk),
                remove_blocked=rules.why_not_remove(idea, row.person, is_author=is_author, at=at),
            )
            for row in shared.rows
        ],
        invitations=[InvitationRow(one, is_expired=at >= one.expires_at) for one in asked if is_author],
        n_invited=len(asked),
        proposal=proposal,
        is_author=is_author,
        asks_reader=mine is not None and mine.agreed_at is None,
        invite_blocked=rules.why_not_invite(idea, is_author=is_author, n_writers=n_writers, is_in=False, at=at),
        propose_blocked=rules.why_not_propose(idea, is_author=is_author, n_people=len(shared.rows), at=at),
        leave_blocked=rules.why_not_leave(idea, actor, is_contributor=True, has_others=has_others, at=at),
    )


def asked_about_shares(actor: Person, ideas: Collection[int]) -> set[int]:
    """Return those of the entries (by row number) in which the actor is asked whether they agree to their share."""
    open_ones = CreditShare.objects.filter(
        person=actor,
        agreed_at__isnull=True,
        split__idea__in=ideas,
        split__agreed_at__isnull=True,
        split__dropped_at__isnull=True,
    )
    return set(open_ones.values_list("split__idea_id", flat=True))
