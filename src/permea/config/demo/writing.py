"""How entries are written: read up on before; by several people, with shares agreed and a second version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from permea.challenges import services as challenges
from permea.challenges.models import Challenge
from permea.ideas import services as ideas
from permea.ideas.models import Idea
from permea.people.models import Person

SOON = timedelta(hours=1)
READ_ON = ("university", "supplier")


def write_together(idea: Idea, others: Mapping[Person, int], at: datetime) -> None:
    """Let others write a draft too, and all agree on the per cents of the credit named for them."""
    texts = [terms.key for terms in (idea.challenge.participation_terms, idea.challenge.ip_terms) if terms]
    for person in others:
        asked = ideas.invite_coauthor(idea_id=idea.pk, actor=idea.author, email=str(person.email), at=at)
        ideas.join_entry(invitation_id=asked.pk, actor=person, accepted=texts, at=at)
    if others:
        shares = {idea.author.pk: 100 - sum(others.values()), **{one.pk: share for one, share in others.items()}}
        split = ideas.propose_shares(idea_id=idea.pk, actor=idea.author, per_cents=shares, at=at)
        for person in others:
            ideas.answer_shares(split_id=split.pk, actor=person, agrees=True, at=at)


def hand_in(idea: Idea, others: Mapping[Person, int], at: datetime) -> Idea:
    """Hand a draft in; written with others, its last sentence comes with a second version by one of them."""
    if not others:
        return ideas.submit_idea(idea_id=idea.pk, actor=idea.author, at=at)
    whole, later = idea.body, at + SOON
    *first, last = whole.rstrip().split(". ")
    ideas.save_draft(idea_id=idea.pk, actor=idea.author, at=at, seen=at, body=". ".join(first) + "." if last else whole)
    ideas.submit_idea(idea_id=idea.pk, actor=idea.author, at=at)
    ideas.save_draft(idea_id=idea.pk, actor=next(iter(others)), at=later, seen=at, body=whole)
    return ideas.submit_idea(idea_id=idea.pk, actor=next(iter(others)), at=later)


def read_on(challenge: Challenge, solver: Person, source: str, at: datetime) -> None:
    """Let some of those who enter read what the challenge keeps back: they agree to confidentiality first."""
    if challenge.room_fields and source in READ_ON:
        challenges.agree_to_confidentiality(challenge_key=challenge.key, person=solver, at=at)
        challenges.note_confidential_reading(challenge_key=challenge.key, reader=solver, channel="page", at=at)
