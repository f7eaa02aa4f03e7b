"""Prototypes for those who manage, and one place in a round for whoever has its private link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.foundation.refusals import Refusal
from permea.people.models import Organisation, Person
from permea.people.queries import managed_organisation_ids
from permea.trials import rules
from permea.trials.models import Participant, Prototype, PrototypeRound, Suggestion
from permea.trials.queries.concepts import state_of

PAGE_SIZE = 25
Outcome = Suggestion.Outcome


@dataclass(frozen=True, slots=True)
class PrototypeRow:
    """A prototype in the list."""

    prototype: Prototype
    n_rounds: int
    n_finished: int
    n_waiting: int


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as those who manage see it: result, what was said, every suggestion; no name but the credited."""

    round: PrototypeRound
    state: str
    n_asked: int
    result: rules.RoundResult
    feedback: list[Participant]
    suggestions: list[Suggestion]
    median_days: float | None
    close_blocked: Refusal | None
    tell_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class PrototypePage:
    """A prototype with its rounds, the latest first."""

    prototype: Prototype
    rounds: list[RoundView]
    new_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class Told:
    """What everybody hears of a round: what was changed, with whose credit, and why not the rest."""

    adopted: list[Suggestion]
    declined: list[Suggestion]


@dataclass(frozen=True, slots=True)
class Participation:
    """What somebody sees of a round: what is to be measured and said, or why nothing is."""

    participant: Participant
    round: PrototypeRound
    prototype: Prototype
    suggestion: Suggestion | None
    blocked: Refusal | None
    take_back_blocked: Refusal | None
    told: Told | None


def prototypes_of(organisation: Organisation, *, page: int = 1) -> Page[PrototypeRow]:
    """Return a page of an organisation's prototypes, the latest first."""
    rows = Prototype.objects.filter(organisation=organisation).annotate(
        n_rounds=Count("rounds", distinct=True),
        n_finished=Count(
            "rounds__participants", filter=Q(rounds__participants__finished_at__isnull=False), distinct=True
        ),
        n_waiting=Count(
            "rounds__participants__suggestion",
            filter=Q(rounds__participants__suggestion__outcome=Outcome.WAITING),
            distinct=True,
        ),
    )
    paged: Page[Any] = Paginator(rows.order_by("-created_at", "-pk"), PAGE_SIZE).get_page(page)
    paged.object_list = [PrototypeRow(one, one.n_rounds, one.n_finished, one.n_waiting) for one in paged.object_list]
    return paged


def managed_prototype(actor: Person, key: str) -> Prototype:
    """Return a prototype of an organisation the actor manages. Raises Http404 for all others."""
    rows = Prototype.objects.filter(organisation_id__in=managed_organisation_ids(actor)).select_related("organisation")
    return get_object_or_404(rows, key=key)


def managed_round(actor: Person, key: str) -> PrototypeRound:
    """Return a round of an organisation the actor manages. Raises Http404 for all others."""
    rows = PrototypeRound.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    return get_object_or_404(rows.select_related("prototype", "organisation"), key=key)


def managed_suggestion(actor: Person, key: str) -> Suggestion:
    """Return a suggestion to an organisation the actor manages. Raises Http404 for all others."""
    rows = Suggestion.objects.filter(participant__round__organisation_id__in=managed_organisation_ids(actor))
    return get_object_or_404(rows.select_related("participant__round__prototype"), key=key)


def last_round(prototype: Prototype) -> PrototypeRound | None:
    """Return the latest round, None before the first."""
    return PrototypeRound.objects.filter(prototype=prototype).order_by("-number").first()


def suggestion_counts(round_: PrototypeRound) -> dict[str, int]:
    """Return how many suggestions of a round wait, were adopted and declined."""
    rows = Suggestion.objects.filter(participant__round=round_)
    counted: dict[str, int] = rows.aggregate(
        **{str(outcome): Count("pk", filter=Q(outcome=outcome)) for outcome in Outcome}
    )
    return counted


def prototype_page(actor: Person, key: str, at: datetime) -> PrototypePage:
    """Return a prototype with all its rounds. Raises Http404 to who does not manage it."""
    prototype = managed_prototype(actor, key)
    rounds = list(
        prototype.rounds.annotate(
            n_asked=Count("participants", filter=Q(participants__form_hash__isnull=True))
        ).order_by("number")
    )  # fmt: skip
    done: dict[int, list[Participant]] = {round_.pk: [] for round_ in rounds}
    rows = Participant.objects.filter(round__in=rounds, finished_at__isnull=False).select_related("suggestion")
    for participant in rows.order_by("finished_at", "pk"):
        done[participant.round_id].append(participant)
    views: list[RoundView] = []
    former: list[tuple[float, float]] = []
    for round_ in rounds:
        views.append(_view(prototype, round_, done[round_.pk], former, at))
        former = _pairs(done[round_.pk])
    last = rounds[-1] if rounds else None
    blocked = rules.why_not_new_round(last, is_last_closed=last is not None and last.is_closed_at(at))
    return PrototypePage(prototype, views[::-1], blocked)


def _pairs(rows: list[Participant]) -> list[tuple[float, float]]:
    """Return the figures before and after of those who finished."""
    return [(float(one.before), float(one.after)) for one in rows if one.before is not None and one.after is not None]


def _view(
    prototype: Prototype, round_: Any, done: list[Participant], former: list[tuple[float, float]], at: datetime
) -> RoundView:  # fmt: skip
    """Return a round with what was measured and said in it."""
    suggestions = [one.suggestion for one in done if hasattr(one, "suggestion")]
    n_waiting = sum(one.outcome == Outcome.WAITING for one in suggestions)
    days = sorted((one.answered_at - one.made_at).total_seconds() / 86400 for one in suggestions if one.answered_at)
    middle = len(days) // 2
    return RoundView(
        round=round_,
        state=state_of(round_, at),
        n_asked=round_.n_asked,
        result=rules.round_result(prototype, _pairs(done), ease=[one.ease for one in done if one.ease], former=former),
        feedback=[one for one in done if one.worked or one.failed],
        suggestions=suggestions,
        median_days=(days[middle] + days[-1 - middle]) / 2 if days else None,
        close_blocked=rules.why_not_close(round_, at=at),
        tell_blocked=rules.why_not_tell(round_, is_closed=round_.is_closed_at(at), n_waiting=n_waiting),
    )


def public_round(key: str) -> PrototypeRound:
    """Return a round that anybody with the link can take part in. Raises Http404 for all others."""
    rows = PrototypeRound.objects.filter(takes_anyone=True).select_related("prototype", "organisation")
    return get_object_or_404(rows, key=key)


def participant_by_token(token: str) -> Participant:
    """Return the place this private link opens. Raises Http404 for everything else."""
    key = rules.key_in(token, Participant)
    if key is None:
        raise Http404
    rows = Participant.objects.select_related("round__prototype", "round__organisation", "member", "suggestion")
    return get_object_or_404(rows, key=key)


def participation(participant: Participant, at: datetime) -> Participation:
    """Return what the holder of a place sees at `at`."""
    round_ = participant.round
    return Participation(
        participant=participant,
        round=round_,
        prototype=round_.prototype,
        suggestion=getattr(participant, "suggestion", None),
        blocked=rules.why_not_answer(round_, participant, at=at),
        take_back_blocked=rules.why_not_take_back(round_, participant, at=at),
        told=told_of(round_) if round_.told_at is not None and participant.finished_at is not None else None,
    )


def told_of(round_: PrototypeRound) -> Told:
    """Return what became of the suggestions of a round; those whose text was removed are left out."""
    rows = list(
        Suggestion.objects.filter(participant__round=round_)
        .exclude(text="")
        .select_related("participant")
        .order_by("made_at", "pk")
    )
    return Told(
        adopted=[one for one in rows if one.outcome == Outcome.ADOPTED],
        declined=[one for one in rows if one.outcome == Outcome.DECLINED],
    )


def participants_asked(ids: tuple[int, ...]) -> QuerySet[Participant]:
    """Return places with who has them and what they are asked to try."""
    rows = Participant.objects.filter(pk__in=ids, member__isnull=False)
    return rows.select_related("round__prototype", "round__organisation", "member").order_by("pk")


def participants_told(round_id: int) -> QuerySet[Participant]:
    """Return who took part in a round and left an address, themselves or in their panel."""
    rows = Participant.objects.filter(round_id=round_id, finished_at__isnull=False)
    reachable = ~Q(email="") | (Q(member__isnull=False) & ~Q(member__email=""))
    return rows.filter(reachable).select_related("round__prototype", "round__organisation", "member").order_by("pk")


def participants_at(email: str) -> QuerySet[Participant]:
    """Return every place with this address, none for no address."""
    rows = Participant.objects.filter(email__iexact=email)
    return rows if email else rows.none()


def participant_data(participant: Participant) -> dict[str, Any]:
    """Return everything that is held of a place, ready for JSON."""
    suggestion: Suggestion | None = getattr(participant, "suggestion", None)
    return {
        "prototype": participant.round.prototype.title,
        "round": participant.round.number,
        "begun_at": participant.begun_at.isoformat() if participant.begun_at else None,
        "finished_at": participant.finished_at.isoformat() if participant.finished_at else None,
        "before": str(participant.before) if participant.before is not None else None,
        "after": str(participant.after) if participant.after is not None else None,
        "ease": participant.ease,
        "worked": participant.worked,
        "failed": participant.failed,
        "suggestion": suggestion.text if suggestion else "",
        "credited_as": participant.name,
        "email": participant.email,
    }
