"""How far the challenges reach: who from outside came, from which countries and sources, and at which cost.

Only what people said themselves is read: the country of an entry or of a profile. Nobody is located or followed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db.models import Avg, QuerySet

from permea.challenges.models import Challenge
from permea.challenges.queries import challenges_visible_to
from permea.dialogue.models import Question
from permea.evaluation.models import Score
from permea.ideas.models import Idea, Posting
from permea.measures import rules
from permea.measures.rules import ENTRY, LEAST_PEOPLE, POSTING, QUESTION, Piece, Seat
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import MANAGING
from permea.selection.models import Decision, SelectionLimits

USUAL_BAR = Decimal(3)
Came = tuple[str, int, datetime]


@dataclass(frozen=True, slots=True)
class ReachView:
    """The reach report of one challenge or of all: numbers of people are None where they would point at somebody."""

    challenges: list[Challenge]
    chosen: Challenge | None
    is_managing: bool
    n_people: int | None
    n_new: int | None
    n_again: int | None
    n_entries: int
    n_inside: int
    n_questions: int
    n_postings: int
    countries: list[rules.Group]
    sources: list[rules.Group]
    languages: list[rules.Group]
    costs: list[rules.Cost]


def reached_challenges(actor: Person, organisation: Organisation, at: datetime) -> QuerySet[Challenge]:
    """Return the challenges the actor may see whose entries are no longer sealed, the latest first."""
    visible = challenges_visible_to(actor, organisation).exclude(status=Challenge.Status.DRAFT)
    return visible.filter(closes_at__lte=at).order_by("-closes_at", "-pk")


def reach_for(actor: Person, organisation: Organisation, chosen: Challenge | None, *, at: datetime) -> ReachView:
    """Return the reach report of one challenge, or of all that have closed.

    Whoever does not manage gets no number that stands for fewer than three people, and no costs.
    """
    challenges = list(reached_challenges(actor, organisation, at))
    wanted = [one for one in challenges if chosen is None or one.pk == chosen.pk]
    is_managing = role_in(actor, organisation.pk) in MANAGING
    least = 1 if is_managing else LEAST_PEOPLE
    seats = _seats(organisation)
    entries, came, n_inside = _entries(challenges, wanted, seats)
    pieces = [*entries, *_questions(wanted), *_postings(organisation, chosen, at, seats)]
    n_new, n_again = rules.came_again(came, chosen.pk if chosen else None)
    n_people = rules.shown_counts([n_new + n_again], least=least)[0]
    kinds = Counter(piece.kind for piece in pieces)
    shown = rules.shown_counts([n_new, n_again], least=least)
    return ReachView(
        challenges=challenges,
        chosen=chosen,
        is_managing=is_managing,
        n_people=n_people,
        n_new=shown[0],
        n_again=shown[1],
        n_entries=kinds[ENTRY],
        n_inside=n_inside,
        n_questions=kinds[QUESTION],
        n_postings=kinds[POSTING],
        countries=rules.grouped(pieces, "country", least=least),
        sources=rules.grouped([one for one in pieces if one.kind != QUESTION], "source", least=least),
        languages=rules.grouped(pieces, "language", least=least),
        costs=rules.costs(_spendings(wanted)) if is_managing else [],
    )


def _seats(organisation: Organisation) -> dict[int, list[Seat]]:
    """Return who belonged to the organisation from when until when."""
    seats: dict[int, list[Seat]] = defaultdict(list)
    rows = Membership.objects.filter(organisation=organisation).values_list("person_id", "since", "ended_at")
    for person_id, since, ended_at in rows:
        seats[person_id].append(Seat(since, ended_at))
    return seats


def _entries(
    challenges: Iterable[Challenge], wanted: Iterable[Challenge], seats: dict[int, list[Seat]]
) -> tuple[list[Piece], list[Came], int]:
    """Return the outside entries of the wanted challenges, who entered which challenge when, and how many were inside.

    Outside is who neither belonged to the organisation when they handed in nor says that they work there.
    """
    rows = Idea.objects.filter(
        challenge__in=[one.pk for one in challenges], status__in=[Idea.Status.SUBMITTED, Idea.Status.MERGED]
    ).values_list("challenge_id", "author_id", "submitted_at", "country", "author__country", "source", "language")
    keys = {one.pk for one in wanted}
    pieces: list[Piece] = []
    came: list[Came] = []
    n_inside = 0
    for challenge_id, author_id, handed_in, country, home, source, language in rows:
        submitted_at = cast("datetime", handed_in)  # the database holds that there is one
        who, is_wanted = f"person {author_id}", challenge_id in keys
        if source == Idea.Source.EMPLOYEE or rules.is_inside(seats.get(author_id, []), submitted_at):
            n_inside += is_wanted
            continue
        came.append((who, challenge_id, submitted_at))
        if is_wanted:
            pieces.append(Piece(ENTRY, who, country or home, source, language))
    return pieces, came, n_inside


def _questions(wanted: Iterable[Challenge]) -> list[Piece]:
    """Return the questions that were not taken back; people of the organisation cannot ask any."""
    rows = Question.objects.filter(challenge__in=[one.pk for one in wanted]).exclude(status=Question.Status.WITHDRAWN)
    return [
        Piece(QUESTION, f"person {asker_id}", country, "", language)
        for asker_id, country, language in rows.values_list("asker_id", "asker__country", "language")
    ]


def _postings(
    organisation: Organisation, chosen: Challenge | None, at: datetime, seats: dict[int, list[Seat]]
) -> list[Piece]:
    """Return what came through boxes from outside: all of it, or what a challenge was made of.

    Whoever stays unknown counts as somebody by themselves, from a country nobody knows.
    """
    rows = Posting.objects.filter(organisation=organisation, received_at__lte=at).exclude(
        status=Posting.Status.WITHDRAWN
    )
    rows = rows.filter(became_challenge=chosen) if chosen else rows
    found = rows.exclude(source=Idea.Source.EMPLOYEE).values_list(
        "pk", "is_anonymous", "sender_id", "received_at", "sender__country", "source", "language"
    )
    pieces = []
    for pk, is_anonymous, sender_id, received_at, country, source, language in found:
        is_known = sender_id is not None and not is_anonymous
        if is_known and rules.is_inside(seats.get(sender_id, []), received_at):
            continue
        who = f"person {sender_id}" if is_known else f"posting {pk}"
        pieces.append(Piece(POSTING, who, (country or "") if is_known else "", source, language))
    return pieces


def _spendings(wanted: list[Challenge]) -> list[rules.Spending]:
    """Return what the challenges took, and how many entries met the bar in their mean mark, and were adopted."""
    keys = [one.pk for one in wanted]
    bars = dict(SelectionLimits.objects.filter(challenge__in=keys).values_list("challenge_id", "bar"))
    marks = (
        Score.objects.filter(review__challenge__in=keys, review__superseded_at__isnull=True)
        .exclude(review__idea__status=Idea.Status.WITHDRAWN)
        .values("review__challenge_id", "review__idea_id")
        .annotate(mark=Avg("value"))
        .order_by()
    )
    n_met = Counter(
        row["review__challenge_id"]
        for row in marks
        if row["mark"] >= float(bars.get(row["review__challenge_id"], USUAL_BAR))
    )
    adopted = Decision.objects.filter(challenge__in=keys, outcome=Decision.Outcome.AWARD)
    n_adopted = Counter(adopted.values_list("challenge_id", flat=True))
    return [
        rules.Spending(
            currency=one.currency,
            money=one.money_spent,
            seconds=one.seconds_spent,
            n_met_bar=n_met[one.pk],
            n_adopted=n_adopted[one.pk],
        )
        for one in wanted
    ]
