"""Writing comparisons: answers are only ever added, and taken back by a mark; judges never wait for one another."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from permea.evaluation import queries, rules
from permea.evaluation.events import ComparisonMade, ComparisonRetracted, RankingOutdated
from permea.evaluation.models import Assignment, Comparison, Panel
from permea.evaluation.queries import Judge
from permea.evaluation.rules import Offer
from permea.evaluation.services.dealing import decline_assignment
from permea.foundation.events import publish
from permea.foundation.refusals import Refusal, RefusedError, demand


def compare(*, judge: Judge, offer: Offer | None, outcome: str, note: str = "", at: datetime) -> Comparison:
    """Store the answer to a pair that was shown; the same pair answered again is stored once, as it was first.

    Nothing is locked before the answer is added. Raises RefusedError as `queries.why_not_compare`,
    `rules.why_not_answer` and `queries.why_not_count` say, and for a pair whose answer was taken back.
    """
    demand(queries.why_not_compare(judge, at=at))
    demand(rules.why_not_answer(offer, judge.name, outcome, note))
    assert offer is not None  # noqa: S101 - refused above
    demand(queries.why_not_count(judge, offer, at=at))
    comparison = Comparison(
        challenge=judge.challenge,
        first_id=offer.first,
        second_id=offer.second,
        outcome=outcome,
        note="" if judge.is_public else note.strip(),
        token=offer.token,
        seconds_spent=rules.seconds_on(offer, at=at),
        made_at=at,
        **judge.by,
    )
    try:
        with transaction.atomic():
            comparison.save(force_insert=True)
            _outdate(judge, at)
            publish(ComparisonMade(challenge_id=judge.challenge.pk, comparison_id=comparison.pk, at=at))
    except IntegrityError:
        return _answered(judge, offer)
    return comparison


def _answered(judge: Judge, offer: Offer) -> Comparison:
    """Return the answer this pair has already. Raises RefusedError if it was taken back."""
    mine = queries.answers_of(judge)
    pair = [offer.first, offer.second]
    found = mine.filter(retracted_at__isnull=True, first__in=pair, second__in=pair).first()
    if found is None:
        reason = _("You took the answer to that pair back. Please answer the pair shown now.")
        raise RefusedError(Refusal("evaluation.taken_back", reason))
    return found


def _outdate(judge: Judge, at: datetime) -> None:
    """Mark the ranking as due, and have it computed if it was not due before."""
    panel = judge.panel or Panel.objects.get_or_create(challenge=judge.challenge, defaults={"changed_at": at})[0]
    if Panel.objects.filter(pk=panel.pk, ranking_is_due=False).update(ranking_is_due=True):
        publish(RankingOutdated(challenge_id=judge.challenge.pk, at=at))


@transaction.atomic
def take_back(*, judge: Judge, key: str, at: datetime) -> Comparison:
    """Take one of the judge's own answers back: it stays, marked; taking it back twice changes nothing.

    Raises Comparison.DoesNotExist for somebody else's, RefusedError as `rules.why_not_judge_now` says.
    """
    comparison = queries.answers_of(judge).select_for_update(of=("self",)).get(key=key)
    if comparison.retracted_at is not None:
        return comparison
    demand(rules.why_not_judge_now(judge.challenge, at=at))
    comparison.retracted_at = at
    comparison.save(update_fields=["retracted_at"])
    _outdate(judge, at)
    publish(ComparisonRetracted(challenge_id=judge.challenge.pk, comparison_id=comparison.pk, at=at))
    return comparison


@transaction.atomic
def declare_conflict(*, judge: Judge, offer: Offer | None, side: str, at: datetime) -> Assignment:
    """Say that an evaluator has a conflict of interest with one side of a pair: it never comes up again anywhere.

    A review that waits for them goes to somebody else. Raises RefusedError as `queries.why_not_compare`,
    `rules.why_not_answer` and `rules.why_not_declare` say; `judge` must have a seat.
    """
    demand(queries.why_not_compare(judge, at=at))
    demand(rules.why_not_answer(offer, judge.name, Comparison.Outcome.CANNOT_JUDGE, ""))
    assert offer is not None  # noqa: S101 - refused above
    assert judge.seat is not None  # noqa: S101 - the public has no such button
    idea_id = offer.second if side == "second" else offer.first
    conflict = Assignment.DeclineReason.CONFLICT
    former = Assignment.objects.select_for_update(of=("self",)).filter(panelist=judge.seat, idea=idea_id).first()
    demand(rules.why_not_declare(former))
    if former is not None and former.status == Assignment.Status.OPEN:
        return decline_assignment(assignment_id=former.pk, reason=conflict, actor=judge.person, at=at)
    ended = {"status": Assignment.Status.DECLINED, "decline_reason": conflict, "ended_at": at}
    return Assignment.objects.update_or_create(
        panelist=judge.seat,
        idea_id=idea_id,
        defaults=ended,
        create_defaults={**ended, "position": 0, "assigned_at": at},
    )[0]
