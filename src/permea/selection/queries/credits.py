"""What became of somebody's ideas, and their part in them; who has credit for an award."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from permea.ideas.models import Idea
from permea.ideas.queries import Credit, CreditRow, built_on_by, credit_of, my_ideas, people_behind
from permea.people.models import Person
from permea.selection.models import Answer, Award, Decision

PAGE_SIZE = 50
HANDED_IN = (Idea.Status.SUBMITTED, Idea.Status.MERGED)


@dataclass(frozen=True, slots=True)
class AwardCredit:
    """Who has credit for an award: the people of the entry, and those of entries merged into it."""

    own: Credit
    others: list[Person]


@dataclass(frozen=True, slots=True)
class CreditedIdea:
    """A handed-in entry of somebody, their part in it, and what it came to."""

    idea: Idea
    part: CreditRow
    is_shared: bool
    is_agreed: bool
    answer: Answer | None
    award: Award | None
    n_built_on: int
    n_built_on_chosen: int

    @property
    def title(self) -> str:
        """Return the title, or the key of an entry whose text is gone."""
        return self.idea.key if self.idea.text_removed_at else self.idea.title

    @property
    def outcome(self) -> str:
        """Return one word for what it came to: chosen, reserve, declined, waiting."""
        if self.answer is None:
            return "waiting"
        by_outcome = {Decision.Outcome.AWARD: "chosen", Decision.Outcome.RESERVE: "reserve"}
        return by_outcome.get(Decision.Outcome(self.answer.decision.outcome), "declined")


def credits_of(awards: Iterable[Award]) -> dict[str, AwardCredit]:
    """Return for each award (by key) who has credit for it: its entry's people, and those of entries merged into it."""
    listed = list(awards)
    ideas = [award.decision.idea_id for award in listed]
    behind, own = people_behind(ideas), credit_of(ideas)
    return {
        award.key: AwardCredit(
            own[award.decision.idea_id],
            [one for one in behind[award.decision.idea_id] if own[award.decision.idea_id].part_of(one) is None],
        )
        for award in listed
    }


def my_credits(actor: Person, *, page: int, at: datetime) -> Page[CreditedIdea]:
    """Return a page of the entries somebody handed in, alone or with others, and what became of each."""
    ideas = my_ideas(actor).filter(status__in=HANDED_IN).defer("body", "search_text", "summary")
    shown = Paginator(ideas.order_by("-submitted_at", "-pk"), PAGE_SIZE).get_page(page)
    return _with_rows(shown, _credited(actor, list(shown), built_on_by([idea.pk for idea in shown], at)))


def _with_rows(page: Page[Any], rows: list[CreditedIdea]) -> Page[CreditedIdea]:
    """Return the page with these rows in place of what they were made of."""
    page.object_list = rows
    return page


def _credited(actor: Person, ideas: list[Idea], later: dict[int, frozenset[int]]) -> list[CreditedIdea]:
    """Return entries with the actor's part in each, what it came to, and what became of later ones built on it."""
    keys = [idea.pk for idea in ideas]
    shared, chosen = credit_of(keys), _chosen(later)
    answers = {one.idea_id: one for one in Answer.objects.filter(idea__in=keys).select_related("decision")}
    awards = {one.decision_id: one for one in Award.objects.filter(decision__answers__idea__in=keys).distinct()}
    rows = []
    for idea in ideas:
        credit, answer = shared[idea.pk], answers.get(idea.pk)
        part = next(row for row in credit.rows if row.person.pk == actor.pk)
        built = later.get(idea.pk, frozenset())
        award = awards.get(answer.decision_id) if answer else None
        rows.append(
            CreditedIdea(idea, part, credit.is_shared, credit.is_agreed, answer, award, len(built), len(chosen & built))
        )
    return rows


def personal_data(person: Person) -> dict[str, Any]:
    """Return what became of a person's ideas, and their part in them, ready for JSON."""
    return {"credits": [_credit_data(row) for row in _credited(person, _handed_in(person), {})]}


def _chosen(later: dict[int, frozenset[int]]) -> frozenset[int]:
    """Return which of these later entries were chosen and have been told so."""
    awarded = Answer.objects.filter(idea__in={pk for ideas in later.values() for pk in ideas}, sent_at__isnull=False)
    return frozenset(awarded.filter(decision__outcome=Decision.Outcome.AWARD).values_list("idea_id", flat=True))


def _handed_in(person: Person) -> list[Idea]:
    """Return all entries a person handed in, the newest first."""
    return list(my_ideas(person).filter(status__in=HANDED_IN).order_by("-submitted_at", "-pk"))


def _credit_data(row: CreditedIdea) -> dict[str, Any]:
    """Return one entry's part and outcome."""
    sent_at: datetime | None = row.answer.sent_at if row.answer else None
    return {
        "idea": row.idea.key,
        "role": "author" if row.part.is_author else "co-author",
        "per_cent": row.part.per_cent,
        "is_merged": row.idea.status == Idea.Status.MERGED,
        "outcome": row.outcome,
        "answered_at": sent_at.isoformat() if sent_at else None,
    }
