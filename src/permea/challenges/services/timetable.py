"""What happens to a public challenge: its dates move, entries close, it is decided and put away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import translation

from permea.challenges import queries, rules
from permea.challenges.events import ChallengeArchived, ChallengeDecided, EntriesClosed, ReviewsOpened, TimetableChanged
from permea.challenges.models import Challenge, TimetableChange
from permea.challenges.services.locking import lay_stages, locked
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.services import record_crossing
from permea.people.models import Person

NOTHING = Decimal(0)


@transaction.atomic
def extend(
    *,
    challenge_id: int,
    closes_at: datetime,
    reason: str,
    actor: Person,
    at: datetime,
    decide_by: datetime | None = None,
    answer_by: datetime | None = None,
) -> Challenge:
    """Keep entries open for longer, log it with its reason and tell it; the other dates stay unless they are given.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_extend` and `rules.why_not_steps` say.
    """
    challenge = locked(challenge_id, actor)
    demand(rules.why_not_change_dates(challenge, at=at))
    old = rules.dates_of(challenge)
    new = replace(old, closes_at=closes_at, decide_by=decide_by or old.decide_by, answer_by=answer_by or old.answer_by)
    demand(rules.why_not_extend(challenge, new, reason=reason, at=at))
    demand(rules.why_not_steps(rules.steps_of(challenge), new))
    _move(challenge, new, reason=reason, actor=actor, at=at)
    return challenge


@transaction.atomic
def close_early(*, challenge_id: int, reason: str, actor: Person, at: datetime) -> Challenge:
    """Close entries at `at`, log it with its reason and tell it.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_close_early` says.
    """
    challenge = locked(challenge_id, actor)
    demand(rules.why_not_close_early(challenge, reason=reason, at=at))
    _move(challenge, replace(rules.dates_of(challenge), closes_at=at), reason=reason, actor=actor, at=at)
    return challenge


@transaction.atomic
def move_by_rule(*, challenge_id: int, at: datetime) -> bool:
    """Keep a challenge open for longer if its own rule says so at `at`; return whether it did."""
    challenge = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)
    new = rules.moved_by_rule(challenge, is_extended=queries.is_extended_by_rule(challenge), at=at)
    if new is None:
        return False
    with translation.override(challenge.language):
        reason = rules.reason_of_rule(challenge)
    _move(challenge, new, reason=reason, actor=None, at=at)
    return True


def _move(challenge: Challenge, new: rules.Dates, *, reason: str, actor: Person | None, at: datetime) -> None:
    """Store new dates, the next version of the stages and the log entry; append the crossing and tell it.

    Without an actor it is the rule of the challenge that moves them.
    """
    before, old = rules.dates_as_facts(challenge), rules.dates_of(challenge)
    challenge.closes_at, challenge.decide_by, challenge.answer_by = new.closes_at, new.decide_by, new.answer_by
    challenge.save(update_fields=["closes_at", "decide_by", "answer_by"])
    lay_stages(challenge)
    change = TimetableChange.objects.create(
        challenge=challenge,
        closed_at_before=old.closes_at,
        closed_at_after=new.closes_at,
        decide_by_before=old.decide_by,
        decide_by_after=new.decide_by,
        answer_by_before=old.answer_by,
        answer_by_after=new.answer_by,
        reason=reason.strip(),
        changed_by=actor,
        changed_at=at,
    )
    record_crossing(
        organisation=challenge.organisation,
        kind="challenge.timetable_changed",
        direction="out",
        depth="public",
        subject_type="challenge",
        subject_key=challenge.key,
        at=at,
        actor=actor,
        challenge_key=challenge.key,
        facts={"before": before, "after": rules.dates_as_facts(challenge), "reason": change.reason},
    )
    publish(TimetableChanged(challenge_id=challenge.pk, change_id=change.pk, at=at))


@transaction.atomic
def tell_entries_closed(*, challenge_id: int, at: datetime) -> bool:
    """Announce once that entries have closed; return whether this call announced it.

    Where no step comes before them, the reviews begin with it.
    """
    challenge = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)
    if not rules.is_closing_untold(challenge, at=at):
        return False
    challenge.closing_told_at = at
    challenge.save(update_fields=["closing_told_at"])
    publish(EntriesClosed(challenge_id=challenge.pk, at=at))
    _open_reviews(challenge, at)
    return True


@transaction.atomic
def tell_reviews_opened(*, challenge_id: int, at: datetime) -> bool:
    """Announce once that the last step is over and entries may be judged; return whether this call announced it."""
    challenge = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)
    return _open_reviews(challenge, at)


def _open_reviews(challenge: Challenge, at: datetime) -> bool:
    """Announce that the reviews of a locked challenge have begun, if they have and nobody was told."""
    if not rules.is_reviews_untold(challenge, at=at):
        return False
    challenge.reviews_told_at = at
    challenge.save(update_fields=["reviews_told_at"])
    publish(ReviewsOpened(challenge_id=challenge.pk, at=at))
    return True


@transaction.atomic
def mark_decided(*, challenge_id: int, actor: Person, at: datetime) -> Challenge:
    """Record that every entry has its decision and answer.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_decide` says.
    """
    challenge = locked(challenge_id, actor)
    demand(rules.why_not_decide(challenge, at=at))
    challenge.status, challenge.decided_at = Challenge.Status.DECIDED, at
    challenge.save(update_fields=["status", "decided_at"])
    publish(ChallengeDecided(challenge_id=challenge.pk, at=at))
    return challenge


@transaction.atomic
def archive(*, challenge_id: int, actor: Person, at: datetime) -> Challenge:
    """Put a challenge away; only what was public leaves a crossing.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_archive` says.
    """
    challenge = locked(challenge_id, actor)
    demand(rules.why_not_archive(challenge, at=at))
    challenge.status, challenge.archived_at = Challenge.Status.ARCHIVED, at
    challenge.save(update_fields=["status", "archived_at"])
    _record_inside(challenge, "challenge.archived", actor=actor, at=at)
    publish(ChallengeArchived(challenge_id=challenge.pk, at=at))
    return challenge


@transaction.atomic
def restore(*, challenge_id: int, actor: Person, at: datetime) -> Challenge:
    """Undo the archiving of a challenge: it is again what it was before.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_restore` says.
    """
    challenge = locked(challenge_id, actor)
    demand(rules.why_not_restore(challenge))
    challenge.status, challenge.archived_at = rules.status_before_archive(challenge), None
    challenge.save(update_fields=["status", "archived_at"])
    _record_inside(challenge, "challenge.restored", actor=actor, at=at)
    return challenge


def _record_inside(challenge: Challenge, kind: str, *, actor: Person, at: datetime) -> None:
    """Append a crossing about a challenge that was public; nothing crossed the boundary with a draft."""
    if challenge.published_at is None:
        return
    record_crossing(
        organisation=challenge.organisation,
        kind=kind,
        direction="inside",
        depth="inside",
        subject_type="challenge",
        subject_key=challenge.key,
        at=at,
        actor=actor,
        challenge_key=challenge.key,
        facts={"n_entries": challenge.n_entries},
    )


@transaction.atomic
def count_entry(*, challenge_id: int, change: int) -> None:
    """Count an entry handed in (1) or withdrawn (-1)."""
    Challenge.objects.filter(pk=challenge_id).update(n_entries=F("n_entries") + change)


@transaction.atomic
def log_effort(*, challenge_id: int, seconds: int = 0, money: Decimal = NOTHING) -> None:
    """Count time worked (a review) or money paid (a prize) against the limits of a challenge."""
    Challenge.objects.filter(pk=challenge_id).update(
        seconds_spent=F("seconds_spent") + seconds, money_spent=F("money_spent") + money
    )
