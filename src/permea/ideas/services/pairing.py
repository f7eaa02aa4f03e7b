"""Finding similar entries of a closed challenge, and remembering which are not the same."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.models import Idea, PairSearch, SimilarPair
from permea.people.models import Person
from permea.people.queries import role_in
from permea.surface.meaning import Encoder, encoder


def find_pairs(*, challenge_id: int, at: datetime, actor: Person | None = None, reader: Encoder | None = None) -> int:
    """Compare the entries of a closed challenge with each other, store the closest pairs, and return how many.

    By their words, and in two languages by what was read of their meaning so far. Pairs that somebody kept apart stay
    so. The comparison runs outside the transaction. Without an actor it is the clock that asks, and a sealed challenge
    is left alone. Raises RefusedError as `rules.why_not_look` says.
    """
    challenge = Challenge.objects.select_related("organisation").get(pk=challenge_id)
    if actor is not None:
        demand(rules.why_not_look(challenge, role=role_in(actor, challenge.organisation_id), at=at))
    if challenge.is_sealed_at(at):
        return 0
    n_entries = queries.n_comparable(challenge)
    found = queries.close_pairs(challenge, encoder=(reader or encoder()).version)
    with transaction.atomic():
        Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)
        SimilarPair.objects.filter(challenge=challenge, apart_at__isnull=True).delete()
        pairs = [
            SimilarPair(
                challenge=challenge,
                first_id=one.first_id,
                second_id=one.second_id,
                score=one.score,
                by=one.by,
                words=one.words,
                differs=one.differs,
                found_at=at,
            )
            for one in found
        ]
        SimilarPair.objects.bulk_create(pairs, batch_size=500, ignore_conflicts=True)
        PairSearch.objects.update_or_create(challenge=challenge, defaults={"n_entries": n_entries, "looked_at": at})
    return len(found)


@transaction.atomic
def keep_apart(*, first_id: int, second_id: int, actor: Person, at: datetime) -> SimilarPair:
    """Remember that two entries are not the same, so that they are not proposed again; said twice it stays as it was.

    Raises RefusedError as `rules.why_not_look` says.
    """
    first_id, second_id = sorted((first_id, second_id))
    first = Idea.objects.select_related("challenge").get(pk=first_id)
    demand(rules.why_not_look(first.challenge, role=role_in(actor, first.organisation_id), at=at))
    pair, _created = SimilarPair.objects.get_or_create(
        first_id=first_id,
        second_id=second_id,
        defaults={"challenge": first.challenge, "score": 0.0, "found_at": at},
    )
    if pair.apart_at is None:
        pair.apart_by, pair.apart_at = actor, at
        pair.save(update_fields=["apart_by", "apart_at"])
    return pair
