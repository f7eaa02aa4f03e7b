"""Reading the chain of title of what was chosen: a checklist for each idea, and what is in hand about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.foundation.clock import SENT_TWICE
from permea.ideas.models import BuildsOn, Idea, IdeaVersion
from permea.ledger.models import Crossing
from permea.ledger.rules import kind_words
from permea.people.models import Organisation
from permea.selection import rules
from permea.selection.models import Award, TitleEvidence
from permea.selection.queries.title_facts import facts_of
from permea.selection.rules import Check, TitlePerson, TitleState

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class TitleLine:
    """A chosen idea and its checklist."""

    idea: Idea
    people: list[TitlePerson]
    checks: list[Check]

    @property
    def award(self) -> Award:
        """Return what the idea was awarded."""
        return self.idea.decision.award

    @property
    def evidence(self) -> list[TitleEvidence]:
        """Return what is in hand about it, what was struck included."""
        return list(self.idea.title_evidence.all())

    @property
    def is_complete(self) -> bool:
        """Say whether nothing is open and nobody has to be asked."""
        return rules.is_complete(self.checks)

    @property
    def n_open(self) -> int:
        """Return how many lines are open."""
        return sum(check.state is TitleState.OPEN for check in self.checks)

    @property
    def n_ask(self) -> int:
        """Return how many lines somebody has to be asked about."""
        return sum(check.state is TitleState.ASK for check in self.checks)


@dataclass(frozen=True, slots=True)
class TitlesPage:
    """A page of the chosen ideas of a firm, and how many of all have a complete title."""

    page: Page[TitleLine]
    n_complete: int

    @property
    def n_chosen(self) -> int:
        """Return how many ideas the firm chose."""
        return self.page.paginator.count


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The chain of title of one chosen idea."""

    line: TitleLine
    crossings: list[tuple[Crossing, str]]

    @property
    def names(self) -> dict[str, str]:
        """Return the names of those who have a part in it, by their keys."""
        return {person.key: person.name for person in self.line.people}


def titles_page(organisation: Organisation, *, page: int, at: datetime) -> TitlesPage:
    """Return a page of what a firm chose, latest first, with the checklist of each."""
    lines = _lines(organisation, _chosen(organisation), at)
    return TitlesPage(Paginator(lines, PAGE_SIZE).get_page(page), sum(line.is_complete for line in lines))


def title_page(organisation: Organisation, idea_key: str, *, at: datetime) -> TitlePage:
    """Return the chain of title of a chosen idea. Raises Http404 if the firm chose no such one."""
    lines = _lines(organisation, _chosen(organisation).filter(key=idea_key), at)
    if not lines:
        raise Http404
    (line,) = lines
    about = [line.idea.key, line.award.key]
    crossings = Crossing.objects.filter(organisation=organisation, subject_key__in=about).order_by("number")
    return TitlePage(line, [(one, kind_words(one.kind)) for one in crossings])


def title_evidence_for(organisation: Organisation, idea_key: str, key: str) -> TitleEvidence:
    """Return evidence about a chosen idea. Raises Http404 if there is no such one."""
    return get_object_or_404(TitleEvidence, idea__organisation=organisation, idea__key=idea_key, key=key)


def recorded_just_now(made: TitleEvidence, at: datetime) -> TitleEvidence | None:
    """Return the evidence that says the same and was recorded by the same person just now, or None."""
    names = ("idea", "kind", "person", "words", "document_sha256", "recorded_by")
    same = {name: getattr(made, name) for name in names}
    rows = TitleEvidence.objects.filter(recorded_at__gt=at - SENT_TWICE, struck_at__isnull=True, **same)
    return rows.order_by("-pk").first()


def _chosen(organisation: Organisation) -> QuerySet[Idea]:
    """Return the ideas of a firm that were chosen, latest decision first, with all that `facts_of` needs of them."""
    evidence = TitleEvidence.objects.select_related("person", "recorded_by").order_by("pk")
    newest = IdeaVersion.objects.filter(idea=OuterRef("pk")).order_by("-number")
    return (
        Idea.objects.filter(organisation=organisation, decision__award__isnull=False)
        .annotate(
            version_number=Subquery(newest.values("number")[:1]),
            version_sha256=Subquery(newest.values("sha256")[:1]),
            is_further=Exists(BuildsOn.objects.filter(idea=OuterRef("pk"))),
        )
        .select_related("challenge__ip_terms", "challenge__participation_terms", "decision__award__rights_accepted_by")
        .prefetch_related(Prefetch("title_evidence", evidence))
        .defer("body", "search_text")
        .order_by("-decision__decided_at", "-pk")
    )


def _lines(organisation: Organisation, chosen: QuerySet[Idea], at: datetime) -> list[TitleLine]:
    """Return the checklist of each idea, with as many queries for one as for many."""
    ideas = list(chosen)
    found = zip(ideas, facts_of(organisation, ideas, at), strict=True)
    return [TitleLine(idea, list(facts.people), rules.title_checks(facts)) for idea, facts in found]
