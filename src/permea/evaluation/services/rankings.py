"""Computing rankings from the judgements in force, and storing them with what they were computed from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from permea.challenges.models import Challenge
from permea.challenges.services import log_effort
from permea.evaluation.events import RankingComputed, RankingOutdated
from permea.evaluation.models import Comparison, Panel, Ranking, RankingState
from permea.evaluation.queries import ComparisonFacts, ReviewFacts, comparison_facts, latest_ranking, review_facts
from permea.evaluation.services import compared, joined, reviewed
from permea.evaluation.services.steering import steer_reviews
from permea.foundation.events import publish


@dataclass(frozen=True, slots=True)
class Computed:
    """What came out, from which facts, and what the next pair is chosen from."""

    reviews: ReviewFacts
    comparisons: ComparisonFacts
    result: dict[str, Any]
    state: dict[str, Any] | None

    @property
    def sha256(self) -> str:
        """Return a fingerprint of all inputs; without comparisons it is that of the reviews."""
        if not len(self.comparisons.first):
            return self.reviews.sha256
        both = f"{self.reviews.sha256}:{self.comparisons.sha256}"
        return hashlib.sha256(both.encode()).hexdigest()


def compute_ranking(*, challenge_id: int, at: datetime) -> Ranking | None:
    """Compute and store the ranking of a challenge; without reviews and comparisons there is none.

    With the same facts the stored one stays. The computation runs outside the transaction, so that evaluators go
    on saving meanwhile. Where there are reviews and comparisons, scores are joined from both, on the scale of marks.
    """
    challenge = Challenge.objects.get(pk=challenge_id)
    panel = Panel.objects.filter(challenge=challenge).first()
    count_comparing(challenge_id=challenge_id)
    if panel is None:
        return None
    facts, comparisons = review_facts(challenge), comparison_facts(challenge)
    measures: dict[str, Any] = {"n_shortlist": panel.n_shortlist, "certainty_wanted": panel.certainty_wanted / 100}
    ranked = compared.fit(comparisons) if len(comparisons.first) else None
    rated = reviewed.fit(facts) if len(facts.idea) else None
    if rated is not None and ranked is not None:
        evidence = joined.fit(facts, comparisons)
        result = joined.result_of(facts, comparisons, rated, evidence, **measures)
    elif rated is not None:
        result = reviewed.result_of(facts, rated, rated, **measures)
    elif ranked is not None:
        result = compared.result_of(comparisons, ranked, **measures)
    else:
        return None
    state = compared.state_of(comparisons, ranked) if ranked is not None else None
    ranking = _store(challenge, Computed(facts, comparisons, result, state), at=at)
    if rated is not None:
        steer_reviews(challenge_id=challenge_id, facts=facts, rated=rated, is_certain=_is_certain(result), at=at)
    return ranking


def _is_certain(result: dict[str, Any]) -> bool:
    """Say whether the choice is as certain as was asked for."""
    return bool((result["certainty"]["set_right"] or 0.0) >= result["certainty"]["wanted"])


@transaction.atomic
def count_comparing(*, challenge_id: int) -> int:
    """Count the time evaluators spent comparing since it was counted last, and return its seconds.

    It is done here and not with each answer: judges who answer at once would wait for one another at that row.
    """
    panel = Panel.objects.select_for_update(of=("self",)).filter(challenge_id=challenge_id).first()
    made = Comparison.objects.filter(challenge_id=challenge_id, panelist__isnull=False)
    spent = made.aggregate(total=Sum("seconds_spent"))["total"] or 0
    if panel is None or spent <= panel.seconds_comparing:
        return 0
    seconds = int(spent - panel.seconds_comparing)
    panel.seconds_comparing = spent
    panel.save(update_fields=["seconds_comparing"])
    log_effort(challenge_id=challenge_id, seconds=seconds)
    return seconds


def outdate_ranking(*, challenge_id: int, at: datetime) -> None:
    """Have the ranking computed anew: which entries are in the running has changed."""
    if Panel.objects.filter(challenge_id=challenge_id, ranking_is_due=False).update(ranking_is_due=True):
        publish(RankingOutdated(challenge_id=challenge_id, at=at))


def renew_ranking(*, challenge_id: int, at: datetime) -> Ranking | None:
    """Compute the ranking if a judgement came in since it was computed; many at once cost one computation."""
    if not Panel.objects.filter(challenge_id=challenge_id, ranking_is_due=True).update(ranking_is_due=False):
        return None
    return compute_ranking(challenge_id=challenge_id, at=at)


@transaction.atomic
def _store(challenge: Challenge, computed: Computed, *, at: datetime) -> Ranking:
    """Store a result unless it is what was stored last; of what the next pair is chosen from only the newest stays."""
    from permea_engine import ENGINE_VERSION  # noqa: PLC0415 - NumPy and SciPy load at first use

    former = latest_ranking(challenge)
    if former is not None and former.result == computed.result and former.input_sha256 == computed.sha256:
        return former
    ranking = Ranking.objects.create(
        challenge=challenge,
        computed_at=at,
        engine_version=ENGINE_VERSION,
        input_sha256=computed.sha256,
        n_ideas=len(computed.reviews.ideas),
        n_reviews=len(computed.reviews.idea),
        n_comparisons=len(computed.comparisons.first),
        result=computed.result,
    )
    RankingState.objects.filter(ranking__challenge=challenge).delete()
    if computed.state is not None:
        RankingState.objects.create(ranking=ranking, content=computed.state)
    publish(RankingComputed(challenge_id=challenge.pk, ranking_id=ranking.pk, at=at))
    return ranking
