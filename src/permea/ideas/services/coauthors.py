"""Writing an entry together: asked by mail, accepted with the challenge's terms, left again. Each is told and recorded.

Whoever joins or goes changes who has a part in the entry, so what was agreed about the credit falls with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.events import CoauthorDeclined, CoauthorInvited, CoauthorJoined, CoauthorLeft
from permea.ideas.models import CoauthorInvitation, Contributor, Idea
from permea.ideas.services.common import accept_texts, drop_splits, locked
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Person


@transaction.atomic
def invite_coauthor(*, idea_id: int, actor: Person, email: str, at: datetime) -> CoauthorInvitation:
    """Ask an address to write an entry with its author; asking again sends a new link, and the old one stops working.

    Raises RefusedError as `rules.why_not_invite` says.
    """
    idea, email = locked(idea_id), email.strip().lower()
    asked = queries.open_invitations(idea)
    invitation = asked.filter(email=email).first()
    n_writers = len(queries.contributors_of(idea)) + asked.exclude(email=email).count()
    demand(
        rules.why_not_invite(
            idea,
            is_author=queries.acts_as_author(actor, idea),
            n_writers=n_writers,
            is_in=Contributor.objects.filter(idea=idea, person__email__iexact=email).exists(),
            at=at,
        )
    )
    token = secrets.token_urlsafe(24)
    invitation = invitation or CoauthorInvitation(idea=idea, email=email)
    invitation.invited_by, invitation.invited_at = actor, at
    invitation.token_hash, invitation.expires_at = queries.invitation_hash(token), rules.expires_at(idea, at=at)
    invitation.save()
    publish(CoauthorInvited(invitation_id=invitation.pk, token=token, at=at))
    return invitation


@transaction.atomic
def take_invitation_back(*, invitation_id: int, actor: Person, at: datetime) -> CoauthorInvitation:
    """Take an invitation back: its link stops working. The second time changes nothing.

    Raises RefusedError as `rules.why_not_take_invitation_back` says.
    """
    invitation = _locked_invitation(invitation_id)
    is_author = queries.acts_as_author(actor, invitation.idea)
    demand(rules.why_not_take_invitation_back(invitation, is_author=is_author))
    if invitation.is_open:
        invitation.taken_back_at, invitation.email = at, ""
        invitation.save(update_fields=["taken_back_at", "email"])
    return invitation


@transaction.atomic
def join_entry(*, invitation_id: int, actor: Person, accepted: Collection[str], at: datetime) -> Idea:
    """Accept an invitation and the texts of the challenge whose keys are in `accepted`; twice changes nothing more.

    Raises RefusedError as `rules.why_not_join` and `rules.why_not_start` say; then nothing is accepted.
    """
    invitation = _locked_invitation(invitation_id)
    idea = invitation.idea
    if invitation.accepted_by_id == actor.pk and queries.is_contributor(actor, idea):
        return idea
    demand(rules.why_not_join(invitation, actor, at=at))
    accept_texts(idea.challenge, actor, accepted, at, method="coauthor")
    has_accepted = queries.has_accepted_terms(actor, idea.challenge)
    demand(rules.why_not_start(idea.challenge, has_accepted=has_accepted, at=at))
    invitation.accepted_at, invitation.accepted_by, invitation.email = at, actor, ""
    invitation.save(update_fields=["accepted_at", "accepted_by", "email"])
    _member, is_new = Contributor.objects.get_or_create(idea=idea, person=actor, defaults={"since": at})
    if is_new:
        drop_splits(idea, at)
        _record("idea.coauthor_joined", Crossing.Direction.IN, idea, actor, actor, at)
        publish(CoauthorJoined(idea_id=idea.pk, person_id=actor.pk, at=at))
    return idea


@transaction.atomic
def decline_invitation(*, invitation_id: int, at: datetime) -> CoauthorInvitation:
    """Decline an invitation, which whoever holds its link may do; the second time changes nothing.

    Raises RefusedError as `rules.why_not_open` says.
    """
    invitation = _locked_invitation(invitation_id)
    if invitation.declined_at is not None:
        return invitation
    demand(rules.why_not_open(invitation, at=at))
    invitation.declined_at = at
    invitation.save(update_fields=["declined_at"])
    publish(CoauthorDeclined(invitation_id=invitation.pk, at=at))
    invitation.email = ""
    invitation.save(update_fields=["email"])
    return invitation


@transaction.atomic
def forget_old_invitations(*, at: datetime) -> int:
    """Take invitations back that expired long ago, with the addresses they went to; return how many."""
    old = CoauthorInvitation.objects.filter(rules.UNSETTLED, expires_at__lte=at - rules.INVITATION_KEPT)
    return old.update(taken_back_at=at, email="")


@transaction.atomic
def remove_coauthor(*, idea_id: int, person_id: int, actor: Person, at: datetime) -> Idea:
    """Take a co-author out of a draft; the second time changes nothing.

    Raises RefusedError as `rules.why_not_remove` says.
    """
    idea = locked(idea_id)
    person = Person.objects.get(pk=person_id)
    demand(rules.why_not_remove(idea, person, is_author=queries.acts_as_author(actor, idea), at=at))
    return _let_go(idea, person, actor, at)


@transaction.atomic
def leave_entry(*, idea_id: int, actor: Person, at: datetime) -> Idea:
    """Leave an entry one writes with others. Raises RefusedError as `rules.why_not_leave` says."""
    idea = locked(idea_id)
    others = Contributor.objects.filter(idea=idea, person__erased_at__isnull=True).exclude(person=actor)
    is_contributor = queries.is_contributor(actor, idea)
    demand(rules.why_not_leave(idea, actor, is_contributor=is_contributor, has_others=others.exists(), at=at))
    return _let_go(idea, actor, actor, at)


def _let_go(idea: Idea, person: Person, actor: Person, at: datetime) -> Idea:
    """End a person's part in an entry, record it and tell."""
    n_gone, _rows = Contributor.objects.filter(idea=idea, person=person).delete()
    if n_gone:
        drop_splits(idea, at)
        _record("idea.coauthor_left", Crossing.Direction.OUT, idea, person, actor, at)
        is_removed = person.pk != actor.pk
        publish(CoauthorLeft(idea_id=idea.pk, person_id=person.pk, is_removed=is_removed, at=at))
    return idea


def _locked_invitation(invitation_id: int) -> CoauthorInvitation:
    """Return an invitation with its entry, both locked until the transaction ends, the entry first."""
    idea = locked(CoauthorInvitation.objects.values_list("idea_id", flat=True).get(pk=invitation_id))
    invitation = CoauthorInvitation.objects.select_for_update(of=("self",)).get(pk=invitation_id)
    invitation.idea = idea
    return invitation


def _record(kind: str, direction: str, idea: Idea, person: Person, actor: Person, at: datetime) -> None:
    """Append to the ledger that somebody came to an entry or went from it."""
    personal = {"email": person.email or "", "name": person.name} if direction == Crossing.Direction.IN else {}
    terms = idea.challenge.participation_terms
    record_crossing(
        organisation=idea.challenge.organisation,
        kind=kind,
        direction=direction,
        depth=Crossing.Depth.INVITED,
        subject_type="idea",
        subject_key=idea.key,
        at=at,
        actor=actor,
        counterparty=person,
        challenge_key=idea.challenge.key,
        terms_key=terms.key if terms else "",
        facts={"version": idea.n_versions},
        personal={name: value for name, value in personal.items() if value},
        person=person,
    )
