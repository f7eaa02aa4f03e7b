"""Sharing the credit for an entry: proposed by its author, in force once all have agreed, recorded without names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.events import SharesAgreed, SharesProposed, SharesRefused
from permea.ideas.models import CreditShare, CreditSplit, Idea
from permea.ideas.services.common import drop_splits, locked
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Person


@transaction.atomic
def propose_shares(*, idea_id: int, actor: Person, per_cents: Mapping[int, int], at: datetime) -> CreditSplit:
    """Propose each person's share (by row number), in place of what was proposed before; the same twice asks once.

    The proposer has agreed by it. Raises RefusedError as `rules.why_not_propose` and `rules.why_not_shares` say.
    """
    idea = locked(idea_id)
    people = {person.pk: person.erased_at is None for person in queries.contributors_of(idea)}
    is_author = queries.acts_as_author(actor, idea)
    demand(rules.why_not_propose(idea, is_author=is_author, n_people=len(people), at=at))
    now = {row.person.pk: row.per_cent for row in queries.credit_of([idea.pk])[idea.pk].rows}
    demand(rules.why_not_shares(per_cents, people, now))
    standing = _standing(idea, per_cents)
    if standing is not None:
        return standing
    drop_splits(idea, at, is_proposed=True)
    split = CreditSplit.objects.create(idea=idea, proposed_by=actor, proposed_at=at)
    CreditShare.objects.bulk_create(
        CreditShare(
            split=split, person_id=person, per_cent=per_cents[person], agreed_at=at if person == actor.pk else None
        )
        for person in people
    )
    if not _settle(split, idea, actor, at):
        publish(SharesProposed(split_id=split.pk, at=at))
    return split


def _standing(idea: Idea, per_cents: Mapping[int, int]) -> CreditSplit | None:
    """Return the newest split of the entry that is not dropped, if it says just this."""
    split = CreditSplit.objects.filter(idea=idea, dropped_at__isnull=True).order_by("-pk").first()
    if split is None or dict(split.shares.values_list("person_id", "per_cent")) != dict(per_cents):
        return None
    return split


@transaction.atomic
def answer_shares(*, split_id: int, actor: Person, agrees: bool, at: datetime) -> CreditSplit:
    """Agree to a proposal, or refuse it, which drops it; agreeing twice changes nothing.

    Raises RefusedError as `rules.why_not_answer_shares` says.
    """
    idea = locked(CreditSplit.objects.values_list("idea_id", flat=True).get(pk=split_id))
    split = CreditSplit.objects.select_for_update(of=("self",)).get(pk=split_id)
    split.idea = idea
    share = split.shares.filter(person=actor).first()
    if agrees and share is not None and share.agreed_at is not None:
        return split
    demand(rules.why_not_answer_shares(split, share, at=at))
    if agrees:
        split.shares.filter(person=actor).update(agreed_at=at)
        _settle(split, idea, actor, at)
        return split
    split.dropped_at = at
    split.save(update_fields=["dropped_at"])
    publish(SharesRefused(split_id=split.pk, person_id=actor.pk, at=at))
    return split


def _settle(split: CreditSplit, idea: Idea, actor: Person, at: datetime) -> bool:
    """Put a split in force if everybody who is still there has agreed; record it, tell, and return whether it is."""
    if split.shares.filter(agreed_at__isnull=True, person__erased_at__isnull=True).exists():
        return False
    drop_splits(idea, at, is_proposed=False)
    split.agreed_at, split.version = at, idea.n_versions
    split.save(update_fields=["agreed_at", "version"])
    record_crossing(
        organisation=idea.challenge.organisation,
        kind="idea.shares_agreed",
        direction=Crossing.Direction.IN,
        depth=Crossing.Depth.INVITED,
        subject_type="idea",
        subject_key=idea.key,
        at=at,
        actor=actor,
        counterparty=actor,
        challenge_key=idea.challenge.key,
        facts={"version": idea.n_versions, **queries.stated_credit(idea)},
    )
    publish(SharesAgreed(split_id=split.pk, at=at))
    return True
