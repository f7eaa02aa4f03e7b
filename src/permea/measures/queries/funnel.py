"""The funnel of the organisation's challenges, by stage and by source, and how long answers take."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery

from permea.challenges.models import Challenge
from permea.evaluation.models import Review
from permea.ideas.models import Idea
from permea.people.models import Organisation, Person
from permea.people.queries import managed_organisation_ids
from permea.selection.models import Answer, Decision

DAY = 86_400.0
STAGES = ("started", "handed_in", "reviewed", "answered", "kept", "awarded")


@dataclass(frozen=True, slots=True)
class Entry:
    """How far one entry came: `outcome` is empty until its answer is out."""

    source: str
    submitted_at: datetime | None
    is_handed_in: bool
    is_reviewed: bool
    outcome: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage of the funnel: how many reached it, and the share of those before with its 95 % interval."""

    code: str
    n: int
    share: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One kind of source: entries, awards, and the share awarded with its 95 % interval."""

    source: str
    n_entries: int
    n_awarded: int
    share: float | None
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """Days from handing in to the answer: the median with its interval; open entries count as long as they wait."""

    n: int
    n_open: int
    median: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class FunnelView:
    """The funnel page: of one challenge or of all."""

    challenges: list[Challenge]
    chosen: Challenge | None
    stages: list[StageRow]
    sources: list[SourceRow]
    answer_time: AnswerTime | None


def funnel_for(actor: Person, organisation: Organisation, challenge_key: str, *, at: datetime) -> FunnelView:
    """Return the funnel of one challenge ("" for all) of an organisation the actor manages.

    Entries of challenges that still take entries are not counted: their number by source stays sealed.
    """
    challenges = list(
        Challenge.objects.filter(organisation=organisation, organisation_id__in=managed_organisation_ids(actor))
        .exclude(status=Challenge.Status.DRAFT)
        .filter(closes_at__lte=at)
        .order_by("-closes_at", "-pk")
    )
    chosen = next((one for one in challenges if one.key == challenge_key), None)
    entries = _entries([chosen] if chosen else challenges)
    return FunnelView(challenges, chosen, _stages(entries), _sources(entries), _answer_time(entries, at))


def _entries(challenges: list[Challenge]) -> list[Entry]:
    """Return how far each entry of the challenges came, drafts included, in one query."""
    answered = Answer.objects.filter(idea=OuterRef("pk"))
    reviewed = Review.objects.filter(Q(idea=OuterRef("pk")) | Q(idea=OuterRef("merged_into")))
    rows = (
        Idea.objects.filter(challenge__in=challenges)
        .annotate(
            is_reviewed=Exists(reviewed),
            outcome=Subquery(answered.values("decision__outcome")[:1]),
        )
        .order_by("pk")
        .values_list("status", "source", "submitted_at", "is_reviewed", "outcome", "answer__sent_at")
    )
    return [
        Entry(
            source=source,
            submitted_at=submitted_at,
            is_handed_in=status in {Idea.Status.SUBMITTED, Idea.Status.MERGED},
            is_reviewed=bool(is_reviewed),
            outcome=outcome or "",
            answered_at=answered_at,
        )
        for status, source, submitted_at, is_reviewed, outcome, answered_at in rows
    ]


def _stages(entries: list[Entry]) -> list[StageRow]:
    """Return how many entries reached each stage, each a part of the one before."""
    from permea_engine.funnel import shares  # noqa: PLC0415 - SciPy loads at first use

    handed_in = [one for one in entries if one.is_handed_in]
    reviewed = [one for one in handed_in if one.is_reviewed]
    answered = [one for one in reviewed if one.outcome]
    kept = [one for one in answered if one.outcome in {Decision.Outcome.AWARD, Decision.Outcome.RESERVE}]
    awarded = [one for one in kept if one.outcome == Decision.Outcome.AWARD]
    counts = [len(stage) for stage in (entries, handed_in, reviewed, answered, kept, awarded)]
    passed = shares(counts[1:], counts[:-1])
    rows = [StageRow(STAGES[0], counts[0], None, None, None)]
    for index, code in enumerate(STAGES[1:]):
        share, lower, upper = (float(part[index]) for part in (passed.share, passed.lower, passed.upper))
        rows.append(StageRow(code, counts[index + 1], _or_none(share), lower, upper))
    return rows


def _sources(entries: list[Entry]) -> list[SourceRow]:
    """Return answered entries and awards by kind of source, the most entries first."""
    from permea_engine.funnel import shares  # noqa: PLC0415 - SciPy loads at first use

    answered = [one for one in entries if one.is_handed_in and one.outcome]
    if not answered:
        return []
    n_entries = Counter(one.source for one in answered)
    n_awarded = Counter(one.source for one in answered if one.outcome == Decision.Outcome.AWARD)
    names = sorted(n_entries, key=lambda name: (-n_entries[name], name))
    found = shares([n_awarded[name] for name in names], [n_entries[name] for name in names])
    return [
        SourceRow(
            source=str(dict(Idea.Source.choices).get(name, name)),
            n_entries=n_entries[name],
            n_awarded=n_awarded[name],
            share=_or_none(found.share[index]),
            lower=float(found.lower[index]),
            upper=float(found.upper[index]),
        )
        for index, name in enumerate(names)
    ]


def _answer_time(entries: list[Entry], at: datetime) -> AnswerTime | None:
    """Return how long contributors wait for an answer, None without entries."""
    from permea_engine.survival import time_to  # noqa: PLC0415 - SciPy loads at first use

    waits = [
        (((one.answered_at or at) - one.submitted_at).total_seconds() / DAY, one.answered_at is not None)
        for one in entries
        if one.is_handed_in and one.submitted_at is not None
    ]
    if not waits:
        return None
    days, done = [max(wait, 0.0) for wait, _is_done in waits], [is_done for _wait, is_done in waits]
    found = time_to(days, done)
    return AnswerTime(len(waits), done.count(False), found.median, found.median_lower, found.median_upper)


def _or_none(value: float) -> float | None:
    """Return a number, None for what is not one."""
    return None if math.isnan(value) else float(value)
