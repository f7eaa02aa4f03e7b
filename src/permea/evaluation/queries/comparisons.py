"""Reading comparisons: who compares, the pair shown to them, what they have answered so far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.http import Http404

from permea.challenges.models import Challenge
from permea.evaluation import rules
from permea.evaluation.models import Assignment, Comparison, Conflict, Panel, Panelist
from permea.evaluation.queries import pairing
from permea.evaluation.rules import Offer
from permea.foundation.ids import new_key
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.ideas.queries import MergedText, merged_texts, people_behind
from permea.people.models import Person
from permea.people.queries import role_in

SALT = "permea.evaluation.pair"
WEEK = timedelta(days=7)
OPEN = (Challenge.Status.PUBLISHED, Challenge.Status.DECIDED)
DECLARED = (Assignment.DeclineReason.CONFLICT, Assignment.DeclineReason.NOT_MY_FIELD)
LONG_AGO = timedelta(minutes=10)
TRIES = 3
# What comparing needs of a seat, its panel and challenge: every vote reads it, and a row in full has eighty columns.
NEEDED = (
    *("key", "label", "minutes_per_week", "left_at", "person_id"),
    *("panel__mode", "panel__n_shortlist", "panel__minutes_per_review"),
    *(f"panel__challenge__{name}" for name in ("key", "title", "teaser", "language", "status", "closes_at", "steps")),
    *(f"panel__challenge__{name}" for name in ("is_blind", "n_entries", "organisation_id", "public_compares")),
)


@dataclass(frozen=True, slots=True)
class Judge:
    """Who compares: an evaluator by their seat, with the ideas they gave back as not theirs to judge; or the public."""

    person: Person
    challenge: Challenge
    panel: Panel | None
    seat: Panelist | None
    declared: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """Return by what a shown pair knows whom it was shown to."""
        return f"seat-{self.seat.pk}" if self.seat else f"person-{self.person.pk}"

    @property
    def is_public(self) -> bool:
        """Say whether this is somebody of the public."""
        return self.seat is None

    @property
    def by(self) -> dict[str, Any]:
        """Return the fields of a comparison that say who made it."""
        return {"panelist": self.seat} if self.seat else {"person": self.person}


@dataclass(frozen=True, slots=True)
class Card:
    """One of the two ideas, as much of it as this judge reads; nothing of who wrote it where names are hidden."""

    key: str
    title: str
    summary: str
    body: str
    language: str
    contributors: list[str]
    merged: list[MergedText]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ideas side by side, and the token by which the pair is answered once."""

    first: Card
    second: Card
    token: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """What a judge sees while comparing: a pair or why there is none, and how far they are."""

    judge: Judge
    pair: Pair | None
    blocked: Refusal | None
    n_done: int
    n_week: int
    n_fit: int
    last_key: str

    @property
    def challenge(self) -> Challenge:
        """Return the challenge whose entries are compared."""
        return self.judge.challenge

    @property
    def in_full(self) -> list[str]:
        """Return the keys of the entries whose full text the judge has before them; the public has none."""
        cards = [self.pair.first, self.pair.second] if self.pair is not None and not self.judge.is_public else []
        return [key for card in cards for key in (card.key, *(one.idea.key for one in card.merged))]


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """What one judge has answered: the pairs seen, the pair to show again after an answer was taken back."""

    stamp: int
    n_done: int
    n_week: int
    last_key: str
    last_idea: int | None
    seen: frozenset[frozenset[int]]
    again: tuple[int, int] | None


def evaluating_judge(actor: Person, challenge_key: str) -> Judge:
    """Return the actor as evaluator of a panel that compares. Raises Http404 without a seat, or if it does not."""
    seat = (
        Panelist.objects.filter(person=actor, panel__challenge__key=challenge_key)
        .filter(joined_at__isnull=False, left_at__isnull=True)
        .exclude(panel__mode=Panel.Mode.REVIEWS)
        .select_related("panel__challenge")
        .only(*NEEDED)
        .first()
    )
    if seat is None:
        raise Http404
    return Judge(actor, seat.panel.challenge, seat.panel, seat, _declared_by(seat))


def _declared_by(seat: Panelist) -> frozenset[int]:
    """Return the ideas an evaluator has said they cannot judge, in one query."""
    declined = Assignment.objects.filter(panelist=seat, decline_reason__in=DECLARED)
    stated = Conflict.objects.filter(panelist=seat, status=Conflict.Status.DECLARED)
    return frozenset(declined.values_list("idea_id", flat=True).union(stated.values_list("idea_id", flat=True)))


def public_judge(actor: Person, challenge_key: str) -> Judge:
    """Return the actor as somebody of the public. Raises Http404 where the public does not compare."""
    challenge = (
        Challenge.objects.filter(key=challenge_key, public_compares=True, status__in=OPEN)
        .select_related("organisation", "panel")
        .first()
    )
    if challenge is None:
        raise Http404
    return Judge(actor, challenge, getattr(challenge, "panel", None), None)


def judge_for(actor: Person, challenge_key: str) -> Judge:
    """Return the actor as evaluator if they are one, else as one of the public. Raises Http404 where neither may be."""
    try:
        return evaluating_judge(actor, challenge_key)
    except Http404:
        return public_judge(actor, challenge_key)


def why_not_compare(judge: Judge, *, at: datetime) -> Refusal | None:
    """Return why this judge may not compare at `at`, or None if they may."""
    if judge.seat is not None:
        return rules.why_not_compare(judge.seat, judge.challenge, at=at)
    seats = Panelist.objects.filter(panel__challenge=judge.challenge, person=judge.person, left_at__isnull=True)
    return rules.why_not_compare_publicly(
        judge.challenge,
        is_member=role_in(judge.person, judge.challenge.organisation_id) is not None,
        is_panelist=seats.exists(),
        at=at,
    )


def compare_page(judge: Judge, *, at: datetime) -> ComparePage:
    """Return the pair that this judge is to compare next, and how far they are."""
    blocked = why_not_compare(judge, at=at)
    own = own_answers(judge, at=at)
    return ComparePage(
        judge=judge,
        pair=None if blocked else _next_pair(judge, own, at=at),
        blocked=blocked,
        n_done=own.n_done,
        n_week=own.n_week,
        n_fit=_n_fit(judge.seat, at=at) if judge.seat else 0,
        last_key=own.last_key,
    )


def _n_fit(seat: Panelist, *, at: datetime) -> int:
    """Return how many pairs fit into what is left of the evaluator's week after their reviews."""
    if not seat.panel.is_reviewing:
        return rules.comparisons_that_fit(seat.minutes_per_week)
    reviewed = seat.assignments.filter(status=Assignment.Status.DONE, ended_at__gt=at - WEEK).count()
    return rules.comparisons_that_fit(seat.minutes_per_week, minutes_reviewing=reviewed * seat.panel.minutes_per_review)


def answers_of(judge: Judge) -> QuerySet[Comparison]:
    """Return everything the judge has answered in this challenge, taken back or not."""
    return Comparison.objects.filter(challenge=judge.challenge, **judge.by)


def own_answers(judge: Judge, *, at: datetime) -> OwnAnswers:
    """Return what the judge has answered so far: every vote reads it, so times are compared in the database."""
    told = {"is_recent": Q(made_at__gt=at - WEEK), "is_taken_back": Q(retracted_at__isnull=False)}
    columns = ("key", "first_id", "second_id", *told)
    rows = list(answers_of(judge).annotate(**told).order_by("made_at", "pk").values_list(*columns))
    kept = [row for row in rows if not row[4]]
    last = kept[-1] if kept else None
    seen = frozenset(frozenset((row[1], row[2])) for row in kept)
    n_taken_back = len(rows) - len(kept)
    again = _taken_back_last(judge) if n_taken_back else None
    return OwnAnswers(
        stamp=len(rows) + n_taken_back,
        n_done=len(kept),
        n_week=sum(row[3] for row in kept),
        last_key=last[0] if last else "",
        last_idea=last[2] if last else None,
        seen=seen,
        again=None if again is None or frozenset(again) in seen else again,
    )


def _taken_back_last(judge: Judge) -> tuple[int, int] | None:
    """Return the pair whose answer was taken back last, None if the judge has answered another one since."""
    mine = answers_of(judge)
    columns = ("first_id", "second_id", "retracted_at")
    taken_back = mine.filter(retracted_at__isnull=False).order_by("-retracted_at", "pk").values_list(*columns)
    first, second, since = taken_back[0]
    return None if mine.filter(retracted_at__isnull=True, made_at__gt=since).exists() else (first, second)


def _next_pair(judge: Judge, own: OwnAnswers, *, at: datetime) -> Pair | None:
    """Return a pair that was checked afresh; what the choice is made from may be some moments old."""
    chosen = own.again
    for turn in range(TRIES):
        seed = f"{judge.challenge.key}:{judge.name}:{own.stamp}:{turn}"
        if chosen is None:
            request = pairing.Request(
                judge.challenge, judge.panel, judge.person, judge.name, own.stamp, own.seen, own.last_idea,
                judge.declared, at, seed,
            )  # fmt: skip
            chosen = pairing.choose(request)
        if chosen is None:
            return None
        ideas, refusal = pair_now(judge, chosen)
        if refusal is None:
            first, second = chosen if own.again == chosen else rules.sides(chosen, seed=seed)
            return _pair(judge, ideas[first], ideas[second], at=at)
        pairing.forget(judge.challenge)
        chosen = None
    return None


def pair_now(judge: Judge, pair: tuple[int, int]) -> tuple[dict[int, Idea], Refusal | None]:
    """Return the two ideas as they are now, and why this judge may not see them, or None if they may."""
    ideas = {
        idea.pk: idea
        for idea in Idea.objects.filter(pk__in=pair, challenge=judge.challenge, status=Idea.Status.SUBMITTED).only(
            "key", "title", "summary", "body", "language", "n_merged"
        )
    }
    barred = judge.declared | barred_for(judge.person, pair)
    return ideas, rules.why_not_show(pair, ideas, barred)


def why_not_count(judge: Judge, offer: Offer, *, at: datetime) -> Refusal | None:
    """Return why the answer to a pair that was shown is not counted, or None if it is.

    Who is behind the two was checked when the pair was shown; it is checked anew where that was a while ago.
    """
    pair = (offer.first, offer.second)
    entries = Idea.objects.filter(pk__in=pair, challenge=judge.challenge, status=Idea.Status.SUBMITTED)
    behind = barred_for(judge.person, pair) if at - offer.shown_at > LONG_AGO else set()
    return rules.why_not_show(pair, set(entries.values_list("pk", flat=True)), judge.declared | behind)


def barred_for(person: Person, ideas: Collection[int]) -> set[int]:
    """Return which of these ideas are the person's own, or of their own organisation."""
    return rules.conflicts_of([person], people_behind(ideas))[person.pk]


def _pair(judge: Judge, first: Idea, second: Idea, *, at: datetime) -> Pair:
    """Return two ideas as this judge reads them, with a signed token."""
    shows_names = judge.seat is not None and not judge.challenge.is_blind
    behind = people_behind([first.pk, second.pk]) if shows_names else {}
    cards = [
        Card(
            key=idea.key,
            title=idea.title,
            summary=idea.summary,
            body="" if judge.is_public else idea.body,
            language=idea.language,
            contributors=[person.display_name for person in behind.get(idea.pk, [])],
            merged=[] if judge.is_public else merged_texts(idea, with_names=shows_names),
        )
        for idea in (first, second)
    ]
    return Pair(cards[0], cards[1], token_for(judge, first.pk, second.pk, at=at))


def token_for(judge: Judge, first: int, second: int, *, at: datetime) -> str:
    """Return a signed token that says which pair was shown to whom, and when."""
    shown = [judge.challenge.pk, judge.name, first, second, new_key(), round(at.timestamp())]
    return signing.dumps(shown, salt=SALT)


def read_token(token: str) -> Offer | None:
    """Return the pair a token stands for, None for one that was not given out here."""
    try:
        challenge_id, judge, first, second, name, shown_at = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Offer(challenge_id, judge, first, second, name, datetime.fromtimestamp(shown_at, UTC))


def n_compared(challenge: Challenge) -> tuple[int, int, int]:
    """Return how many comparisons evaluators and the public have made, and how many people of the public."""
    counts = Comparison.objects.filter(challenge=challenge, retracted_at__isnull=True).aggregate(
        inside=Count("pk", filter=Q(panelist__isnull=False)),
        public=Count("pk", filter=Q(person__isnull=False)),
        people=Count("person", distinct=True),
    )
    return counts["inside"], counts["public"], counts["people"]


def comparison_rows(challenge: Challenge) -> list[dict[str, Any]]:
    """Return every answer, taken back or not, as rows to be written as data; the public is numbered, not named."""
    columns = ("key", "first__key", "second__key", "outcome", "note", "panelist__label", "person_id")
    rows = Comparison.objects.filter(challenge=challenge).order_by("made_at", "pk")
    numbers: dict[int, int] = {}
    found = []
    for row in rows.values(*columns, "seconds_spent", "made_at", "retracted_at"):
        number = numbers.setdefault(row["person_id"], len(numbers) + 1) if row["person_id"] else 0
        found.append({
            "key": row["key"],
            "first": row["first__key"],
            "second": row["second__key"],
            "outcome": row["outcome"],
            "judge": row["panelist__label"] or f"public-{number}",
            "seconds_spent": row["seconds_spent"],
            "made_at": row["made_at"].isoformat(),
            "retracted_at": row["retracted_at"].isoformat() if row["retracted_at"] else "",
            "note": row["note"],
        })  # fmt: skip
    return found
