"""What people inside the organisation may read of its challenges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from permea.agreements.models import Acceptance
from permea.challenges import rules
from permea.challenges.models import Challenge, Circle, Criterion, Stage, TimetableChange
from permea.challenges.queries.steps import ShownStepChange, step_changes_in
from permea.foundation.refusals import Refusal
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import MANAGING

ORDERS = {
    "deadline": ("closes_at", "pk"),
    "-deadline": ("-closes_at", "-pk"),
    "entries": ("n_entries", "pk"),
    "-entries": ("-n_entries", "-pk"),
}


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """A challenge in a list: where it stands and which date comes next."""

    challenge: Challenge
    phase: str
    due_at: datetime | None
    due_kind: str

    @property
    def group(self) -> str:
        """Return under which tab of the list it stands."""
        if self.phase in rules.STEP_PHASES:
            return "review"
        return "open" if self.phase == "upcoming" else self.phase


OriginFinder = Callable[[Challenge], Iterable[tuple[str, str]]]
_origin_finders: list[OriginFinder] = []
EntrantFinder = Callable[[Person, Challenge], bool]
_entrant_finders: list[EntrantFinder] = []


def register_origins(finder: OriginFinder) -> None:
    """Let a later step say what a challenge was made of: title and address of each."""
    if finder not in _origin_finders:
        _origin_finders.append(finder)


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Everything the page of one challenge shows inside."""

    at: datetime
    phase: str
    is_managing: bool
    shown_stages: list[rules.ShownStage]
    changes: list[TimetableChange]
    step_changes: list[ShownStepChange]
    rule: str
    criteria: list[Criterion]
    missing: list[rules.Missing]
    next_step: str
    due_at: datetime | None
    due_kind: str
    dates_blocked: Refusal | None
    steps_blocked: Refusal | None
    archive_blocked: Refusal | None
    hours_share: float
    money_share: float
    promised_share: float
    origins: list[tuple[str, str]]

    @property
    def latest_change(self) -> TimetableChange | None:
        """Return how the timetable moved last, or None if it never did."""
        return self.changes[-1] if self.changes else None


def challenges_visible_to(actor: Person, organisation: Organisation) -> QuerySet[Challenge]:
    """Return the organisation's challenges: all for owner and managers, the public ones for other members."""
    role = role_in(actor, organisation.pk)
    if role is None:
        return Challenge.objects.none()
    rows = Challenge.objects.filter(organisation=organisation).select_related("goal", "owner")
    return rows if role in MANAGING else rows.exclude(status=Challenge.Status.DRAFT)


def challenges_of(actor: Person, organisation: Organisation, at: datetime, *, order: str = "") -> list[ChallengeRow]:
    """Return the organisation's challenges by deadline or entries, or else what needs attention first."""
    rows = challenges_visible_to(actor, organisation).order_by(*ORDERS.get(order, ("-created_at", "-pk")))
    listed = [challenge_row(challenge, at) for challenge in rows]
    if order not in ORDERS:
        places = {"review": 0, "open": 1, "upcoming": 2, "draft": 3, "decided": 4, "archived": 5}
        listed.sort(key=lambda row: (places.get(row.phase, 0), row.due_at is None, row.due_at or at))
    return listed


def challenge_row(challenge: Challenge, at: datetime) -> ChallengeRow:
    """Return a challenge with its phase and the next of its dates."""
    phase = rules.phase_of(challenge, at=at)
    due_at, kind = rules.next_date(challenge, at=at)
    return ChallengeRow(challenge, phase, due_at, kind)


def _found(key: str) -> Challenge:
    """Return a challenge by its key, whoever asks. Raises Http404 if there is none."""
    challenge = (
        Challenge.objects.select_related("organisation", "goal", "owner", "ip_terms", "participation_terms")
        .filter(key=key)
        .first()
    )
    if challenge is None:
        raise Http404
    return challenge


def managed_challenge(actor: Person, key: str) -> Challenge:
    """Return a challenge to an owner or manager of its organisation. Raises Http404 for everybody else."""
    challenge = _found(key)
    if role_in(actor, challenge.organisation_id) not in MANAGING:
        raise Http404
    return challenge


def challenge_for_member(actor: Person, key: str) -> Challenge:
    """Return a challenge to anybody inside its organisation, drafts to who manages. Raises Http404 for others."""
    challenge = _found(key)
    role = role_in(actor, challenge.organisation_id)
    if role is None or (challenge.status == Challenge.Status.DRAFT and role not in MANAGING):
        raise Http404
    return challenge


def has_entrants(challenge: Challenge) -> bool:
    """Say whether anybody has entered: handed something in, or accepted the terms of taking part."""
    return challenge.n_entries > 0 or Acceptance.objects.filter(subject_key=challenge.key).exists()


def criteria_of(challenge: Challenge) -> list[Criterion]:
    """Return a challenge's criteria in their order."""
    return list(Criterion.objects.filter(challenge=challenge).order_by("position"))


def stages_of(challenge: Challenge) -> list[Stage]:
    """Return the stages in force, in their order."""
    return list(Stage.objects.filter(challenge=challenge, version=challenge.timetable_version).order_by("position"))


def stage_for(challenge: Challenge, action: str, at: datetime) -> Stage | None:
    """Return the stage that lets a circle do something with the entries of a challenge at `at`, None if none does."""
    return rules.stage_for(stages_of(challenge), action, at=at)


def is_in_circle(actor: Person | AnonymousUser, challenge: Challenge, circle: str) -> bool:
    """Say whether somebody belongs to a circle of a challenge; members of its organisation belong to each."""
    if circle == Circle.EVERYONE:
        return True
    if not circle or not isinstance(actor, Person):
        return False
    if role_in(actor, challenge.organisation_id) is not None:
        return True
    return circle == Circle.CONTRIBUTORS and any(finder(actor, challenge) for finder in _entrant_finders)


def register_entrants(finder: EntrantFinder) -> EntrantFinder:
    """Let a later step say who entered a challenge."""
    if finder not in _entrant_finders:
        _entrant_finders.append(finder)
    return finder


def shown_stages_of(challenge: Challenge, at: datetime) -> list[rules.ShownStage]:
    """Return the stages in force as a page shows them; of a draft those its dates would give, none while one lacks."""
    if challenge.status != Challenge.Status.DRAFT:
        return rules.shown_stages(challenge, stages_of(challenge), at=at)
    if not all((challenge.opens_at, challenge.closes_at, challenge.decide_by, challenge.answer_by)):
        return []
    return rules.shown_stages(challenge, rules.planned_stages(challenge), at=at)


def timetable_changes_of(challenge: Challenge) -> list[TimetableChange]:
    """Return how the timetable moved, oldest first."""
    changes = TimetableChange.objects.filter(challenge=challenge).select_related("changed_by")
    return list(changes.order_by("changed_at", "pk"))


def past_deadline(at: datetime) -> QuerySet[Challenge]:
    """Return published challenges whose entries have closed without anybody having been told yet."""
    return Challenge.objects.filter(
        status=Challenge.Status.PUBLISHED, closes_at__lte=at, closing_told_at__isnull=True
    ).order_by("closes_at", "pk")


def past_steps(at: datetime) -> QuerySet[Challenge]:
    """Return closed challenges with steps of whose reviews nobody has been told yet."""
    told = Challenge.objects.filter(status=Challenge.Status.PUBLISHED, closes_at__lte=at, closing_told_at__lte=at)
    return told.filter(reviews_told_at__isnull=True).exclude(steps=[]).order_by("closes_at", "pk")


def overview_page(actor: Person, challenge: Challenge, at: datetime) -> OverviewPage:
    """Return what the page of a challenge shows to somebody inside."""
    is_managing = role_in(actor, challenge.organisation_id) in MANAGING
    criteria = criteria_of(challenge)
    is_draft = challenge.status == Challenge.Status.DRAFT
    due_at, due_kind = rules.next_date(challenge, at=at)
    return OverviewPage(
        at=at,
        phase=rules.phase_of(challenge, at=at),
        is_managing=is_managing,
        shown_stages=shown_stages_of(challenge, at),
        changes=timetable_changes_of(challenge),
        step_changes=[] if is_draft else step_changes_in(challenge.key),
        rule=rules.rule_in_words(rules.auto_moves_of(challenge)),
        criteria=criteria,
        missing=rules.missing_for_publication(challenge, criteria, at=at) if is_draft else [],
        next_step=rules.next_step(challenge, at=at),
        due_at=due_at,
        due_kind=due_kind,
        dates_blocked=rules.why_not_change_dates(challenge, at=at),
        steps_blocked=rules.why_no_steps_to_change(challenge, at=at),
        archive_blocked=rules.why_not_archive(challenge, at=at),
        hours_share=rules.share_used(challenge.hours_spent, challenge.hours_limit),
        money_share=rules.share_used(challenge.money_spent, challenge.money_limit),
        promised_share=rules.share_used(challenge.prize_total, challenge.money_limit),
        origins=[origin for finder in _origin_finders for origin in finder(challenge)] if is_managing else [],
    )
