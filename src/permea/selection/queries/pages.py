"""Reading selections and decisions for the people who decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from permea.challenges.models import Challenge
from permea.challenges.queries import criteria_of, managed_challenge
from permea.evaluation.models import Panelist, Ranking, Review
from permea.evaluation.queries import latest_ranking, open_work_of
from permea.evaluation.rules import why_not_see_ranking
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.people.models import Person
from permea.selection import rules
from permea.selection.models import Award, Clarification, Decision, Selection, SelectionChange, SelectionLimits
from permea.selection.queries.programs import Candidate, candidates_of, limits_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate on the selection page."""

    candidate: Candidate
    is_chosen: bool
    was_chosen: bool
    stability: float | None


@dataclass(frozen=True, slots=True)
class SelectionView:
    """The selection page: limits, the newest selection with its certificate, and what is refused."""

    challenge: Challenge
    ranking: Ranking | None
    limits: SelectionLimits | None
    selection: Selection | None
    rows: list[CandidateRow]
    page: Page[CandidateRow]
    changes: list[SelectionChange]
    select_blocked: Refusal | None

    @property
    def is_stale(self) -> bool:
        """Say whether the ranking has changed since the selection was computed."""
        return self.selection is not None and self.ranking is not None and self.selection.ranking_id != self.ranking.pk


def latest_selection(challenge: Challenge) -> Selection | None:
    """Return the newest selection, or None."""
    return (
        Selection.objects.filter(challenge=challenge)
        .select_related("ranking", "computed_by")
        .order_by("-computed_at", "-pk")
        .first()
    )


def withheld_from(actor: Person, challenge: Challenge) -> Refusal | None:
    """Return why a manager who also judges may not see results yet."""
    if challenge.status != Challenge.Status.PUBLISHED:
        return None
    n_judges = Panelist.objects.filter(panel__challenge=challenge, joined_at__isnull=False).count()
    return why_not_see_ranking(open_work_of(actor, challenge), n_judges)


def selection_for(actor: Person, challenge_key: str, *, at: datetime, page: int = 1) -> SelectionView:
    """Return the selection page for a manager. Raises Http404 for everybody else."""
    challenge = managed_challenge(actor, challenge_key)
    withheld = withheld_from(actor, challenge)
    sealed = challenge.is_sealed_at(at)
    ranking = None if withheld or sealed else latest_ranking(challenge)
    selection = latest_selection(challenge) if ranking else None
    candidates = candidates_of(challenge, ranking) if ranking else []
    rows = _rows(candidates, selection)
    return SelectionView(
        challenge=challenge,
        ranking=ranking,
        limits=limits_of(challenge),
        selection=selection,
        rows=rows,
        page=Paginator(rows, PAGE_SIZE).get_page(page),
        changes=list(
            SelectionChange.objects.filter(selection=selection).select_related("idea", "changed_by").order_by("pk")
        ),
        select_blocked=withheld
        or rules.why_not_select(
            challenge, len(candidates), is_compared=ranking is not None and ranking.is_from_comparisons, at=at
        ),
    )


def _rows(candidates: list[Candidate], selection: Selection | None) -> list[CandidateRow]:
    """Return the candidates with what the selection says of each."""
    certificate: dict[str, Any] = selection.certificate if selection else {}
    chosen = set(selection.chosen if selection else ())
    optimal, stability = set(certificate.get("chosen", ())), certificate.get("stability", {})
    return [CandidateRow(one, one.key in chosen, one.key in optimal, stability.get(one.key)) for one in candidates]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """An entry on the decision page: where it stands, what is suggested, what is decided."""

    idea: Idea
    rank: int | None
    score: float | None
    n_reviews: int
    is_chosen: bool
    suggested: tuple[str, str]
    decision: Decision | None
    reasons: list[str]


class DecisionPage(Page[Any]):
    """One page of the entries as rows; counted by their keys."""


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """The decision page: the entries page by page, how many are decided, and whether the answers may go out."""

    challenge: Challenge
    page: DecisionPage
    n_entries: int
    n_decided: int
    change_blocked: Refusal | None
    release_blocked: Refusal | None
    clarifications: list[Clarification]


def decisions_for(actor: Person, challenge_key: str, *, at: datetime, page: int = 1) -> DecisionsView:
    """Return the decision page for a manager. Raises Http404 for everybody else."""
    challenge = managed_challenge(actor, challenge_key)
    withheld = withheld_from(actor, challenge)
    blocked = withheld or rules.why_not_change_decisions(challenge, at=at)
    sealed = challenge.is_sealed_at(at) or challenge.status == Challenge.Status.DRAFT
    entries = Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)
    entries = entries.none() if sealed or withheld else entries
    decided = dict(entries.order_by("submitted_at", "pk").values_list("key", "decision__id"))
    n_decided = sum(decision is not None for decision in decided.values())
    shown = _decision_page(challenge, list(decided), page)
    return DecisionsView(
        challenge=challenge,
        page=shown,
        n_entries=len(decided),
        n_decided=n_decided,
        change_blocked=blocked,
        release_blocked=blocked or rules.why_not_release(challenge, len(decided), n_decided, at=at),
        clarifications=[] if challenge.status == Challenge.Status.PUBLISHED else _clarifications(challenge),
    )


def _clarifications(challenge: Challenge) -> list[Clarification]:
    """Return what contributors asked about their answers, oldest first."""
    asked = Clarification.objects.filter(answer__idea__challenge=challenge)
    return list(asked.select_related("answer__idea").order_by("asked_at"))


def _decision_page(challenge: Challenge, keys: list[str], number: int) -> DecisionPage:
    """Return one page of the entries by rank, those without a review last."""
    ranking, selection, limits = latest_ranking(challenge), latest_selection(challenge), limits_of(challenge)
    ranked = {row["key"]: row for row in ranking.result["ideas"]} if ranking else {}
    chosen = set(selection.chosen) if selection else set()
    bar = float(limits.bar) if limits else 3.0
    keys = sorted(keys, key=lambda key: ranked.get(key, {}).get("rank") or len(ranked) + 1)
    page = Paginator(keys, PAGE_SIZE).get_page(number)
    shown = Idea.objects.filter(key__in=page.object_list).select_related("decision", "author")
    ideas = {idea.key: idea for idea in shown}
    reasons = _review_reasons(list(ideas.values()))
    rows = []
    for key in page:
        idea, row = ideas[key], ranked.get(key, {})
        rows.append(
            DecisionRow(
                idea=idea,
                rank=row.get("rank"),
                score=row.get("score"),
                n_reviews=row.get("n_reviews", 0),
                is_chosen=idea.key in chosen,
                suggested=rules.suggested_outcome(is_chosen=idea.key in chosen, score=row.get("score"), bar=bar),
                decision=getattr(idea, "decision", None),
                reasons=reasons.get(idea.pk, []),
            )
        )
    return DecisionPage(rows, page.number, page.paginator)


def _review_reasons(ideas: list[Idea]) -> dict[int, list[str]]:
    """Return what the evaluators wrote for the contributors, by idea."""
    found: dict[int, list[str]] = {}
    rows = Review.objects.filter(idea__in=ideas, superseded_at__isnull=True).exclude(reason="")
    for idea, reason in rows.order_by("panelist__label").values_list("idea_id", "reason"):
        found.setdefault(idea, []).append(reason)
    return found


def awards_for(actor: Person, challenge_key: str) -> tuple[Challenge, list[Award]]:
    """Return a challenge and its awards for a manager. Raises Http404 for everybody else."""
    challenge = managed_challenge(actor, challenge_key)
    awards = (
        Award.objects.filter(decision__challenge=challenge)
        .select_related("decision__idea__author", "rights_accepted_by")
        .order_by("pk")
    )
    return challenge, list(awards)


def criteria_names(challenge: Challenge) -> list[tuple[str, str]]:
    """Return key and name of each criterion, in order."""
    return [(one.key, one.name) for one in criteria_of(challenge)]


def totals(rows: Sequence[CandidateRow]) -> dict[str, float]:
    """Return what the chosen ideas take together, and how many they are."""
    chosen = [row.candidate for row in rows if row.is_chosen]
    return {
        "n": len(chosen),
        "money": sum(one.money for one in chosen),
        "days": sum(one.days for one in chosen),
    }


def limits_text(limits: SelectionLimits | None) -> dict[str, Any]:
    """Return limits as the form shows them: lists as lines."""
    if limits is None:
        return {}
    return {
        "money": limits.money,
        "days": limits.days,
        "n_most": limits.n_most,
        "bar": limits.bar,
        "buckets": "\n".join(
            ", ".join(["" if part is None else str(part) for part in (one["name"], one["minimum"], one["maximum"])])
            for one in limits.buckets
        ),
        "exclusions": "\n".join(" ".join(link) for link in limits.exclusions),
        "dependencies": "\n".join(" ".join(link) for link in limits.dependencies),
    }
