"""What anybody may read of a challenge without signing in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404

from permea.agreements.models import Terms
from permea.challenges import rules
from permea.challenges.models import Challenge, Criterion, Stage, TimetableChange

PUBLIC = (Challenge.Status.PUBLISHED, Challenge.Status.DECIDED)
COPIED = (
    "key",
    "language",
    "title",
    "teaser",
    "problem",
    "why_now",
    "constraints",
    "acceptance_test",
    "maturity_from",
    "maturity_to",
    "innovation_type",
    "prize_amount",
    "currency",
    "prize_note",
    "n_winners",
    "ip_terms",
    "participation_terms",
    "opens_at",
    "closes_at",
    "decide_by",
    "answer_by",
    "is_blind",
    "public_compares",
    "n_entries",
)


@dataclass(frozen=True, slots=True)
class PublicCriterion:
    """What entries are judged by, as the public reads it."""

    key: str
    name: str
    question: str
    weight: Decimal
    share: float
    anchors: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChallenge:
    """A challenge as the public reads it; nothing else of it leaves the house."""

    key: str
    phase: str
    organisation_name: str
    organisation_about: str
    language: str
    title: str
    teaser: str
    problem: str
    why_now: str
    constraints: str
    acceptance_test: str
    maturity_from: int | None
    maturity_to: int | None
    innovation_type: str
    innovation_label: str
    prize_amount: Decimal | None
    currency: str
    prize_note: str
    n_winners: int
    ip_terms: Terms | None
    participation_terms: Terms | None
    opens_at: datetime | None
    closes_at: datetime | None
    decide_by: datetime | None
    answer_by: datetime | None
    entry_languages: list[str]
    is_blind: bool
    public_compares: bool
    n_entries: int
    criteria: list[PublicCriterion]
    changes: list[TimetableChange]
    step_ends_at: datetime | None
    move_rule: str
    has_moved: bool
    confidential: list[str]
    kept_back: list[str]
    standing: str

    @property
    def readiness(self) -> str:
        """Return the range of technology readiness asked for, nothing if it does not matter."""
        if self.maturity_from is None or self.maturity_to is None:
            return ""
        levels = sorted({self.maturity_from, self.maturity_to})
        return f"TRL {'–'.join(str(level) for level in levels)}"

    @property
    def is_open(self) -> bool:
        """Say whether somebody may enter now."""
        return self.phase == "open"


def public_rows() -> QuerySet[Challenge]:
    """Return published challenges with what their pages need."""
    return (
        Challenge.objects.filter(status__in=PUBLIC)
        .select_related("organisation", "ip_terms", "participation_terms", "nda_terms")
        .prefetch_related(
            Prefetch("criteria", Criterion.objects.order_by("position")),
            Prefetch("timetable_changes", TimetableChange.objects.order_by("changed_at", "pk")),
        )
    )


def public_challenges(at: datetime, *, only_current: bool = True) -> list[PublicChallenge]:
    """Return what is public at `at`: open ones by deadline, then upcoming ones, then the closed ones if asked."""
    rows = public_rows()
    if only_current:
        rows = rows.filter(Q(status=Challenge.Status.PUBLISHED, closes_at__gt=at))
    listed = [read_public(row, at) for row in rows]
    order = {"open": 0, "upcoming": 1, "review": 2, "decided": 3}
    return sorted(listed, key=lambda row: (order.get(row.phase, order["review"]), row.closes_at or at, row.key))


def public_challenge(key: str, at: datetime) -> PublicChallenge:
    """Return one challenge as the public reads it. Raises Http404 for drafts, archived ones and unknown keys."""
    return read_public(public_row(key), at)


def public_stages(key: str, at: datetime) -> list[rules.ShownStage]:
    """Return the stages in force of a public challenge as its page shows them; none of any other."""
    in_force = Stage.objects.filter(
        challenge__key=key, challenge__status__in=PUBLIC, version=F("challenge__timetable_version")
    )
    stages = list(in_force.select_related("challenge").order_by("position"))
    return rules.shown_stages(stages[0].challenge, stages, at=at) if stages else []


def public_row(key: str) -> Challenge:
    """Return one of `public_rows`. Raises Http404 for drafts, archived ones and unknown keys."""
    row = public_rows().filter(key=key).first()
    if row is None:
        raise Http404
    return row


def read_public(row: Challenge, at: datetime) -> PublicChallenge:
    """Return one of `public_rows` as the public reads it."""
    return as_public(row, *criteria_and_changes(row), at)


def criteria_and_changes(row: Challenge) -> tuple[list[Criterion], list[TimetableChange]]:
    """Return what one of `public_rows` was read with."""
    return list(row.criteria.all()), list(row.timetable_changes.all())


def as_public(
    challenge: Challenge,
    criteria: Sequence[Criterion],
    changes: Iterable[TimetableChange],
    at: datetime,
    *,
    standing: str = "public",
) -> PublicChallenge:
    """Return how somebody who stands at this depth reads this challenge, or would read it if it were published."""
    running = rules.running_step(challenge, at=at)
    hidden = rules.kept_back(challenge, standing)
    return PublicChallenge(
        **_copied(challenge, hidden),
        confidential=rules.kept_back(challenge, "public"),
        kept_back=hidden,
        standing=standing,
        phase=rules.phase_of(challenge, at=at),
        organisation_name=challenge.organisation.name,
        organisation_about=challenge.organisation.about,
        innovation_label=challenge.get_innovation_type_display(),
        entry_languages=list(challenge.entry_languages),
        criteria=_public_criteria(criteria),
        changes=list(changes),
        step_ends_at=running.closes_at if running else None,
        has_moved=challenge.timetable_version > 1,
        move_rule=rules.rule_in_words(rules.auto_moves_of(challenge)),
    )


def _copied(challenge: Challenge, hidden: Collection[str]) -> dict[str, Any]:
    """Return what is taken over as it stands, the hidden texts empty."""
    return {name: "" if name in hidden else getattr(challenge, name) for name in COPIED}


def _public_criteria(criteria: Sequence[Criterion]) -> list[PublicCriterion]:
    """Return the criteria with each one's share of all weights."""
    total = sum((criterion.weight for criterion in criteria), Decimal(0)) or Decimal(1)
    return [
        PublicCriterion(
            criterion.key,
            criterion.name,
            criterion.question,
            criterion.weight,
            float(criterion.weight / total),
            list(criterion.anchors),
        )
        for criterion in criteria
    ]
