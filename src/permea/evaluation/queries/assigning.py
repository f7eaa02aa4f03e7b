"""Reading the page of a draft of assignments: who is to judge what, why, and what would help."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.challenges.queries import managed_challenge
from permea.evaluation import rules
from permea.evaluation.models import AssignmentDraft, DraftPair, Panel, Panelist
from permea.evaluation.queries.facts import Facts, Pair, assignment_facts, draft_pairs, person_of, planned
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.people.models import Person

PAGE_SIZE = 25
LISTED = 12


@dataclass(frozen=True, slots=True)
class JudgeOnIdea:
    """A judge of an idea: how it came to be, and whether they can be taken off."""

    panelist: Panelist
    state: str
    remove_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class OtherJudge:
    """A judge who does not have the idea, and what stands between them, if anything."""

    panelist: Panelist
    bar: str
    words: str
    load: int
    limit: int

    @property
    def is_dismissible(self) -> bool:
        """Return whether a manager may dismiss what stands between them."""
        return self.bar in rules.DISMISSIBLE


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """An idea, who is to judge it, and who could."""

    idea: Idea
    judges: list[JudgeOnIdea]
    others: list[OtherJudge]
    lacking: int

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return those who could be added, with their load, for a list to choose from."""
        told = _("%(name)s (%(load)s of %(limit)s)")
        return [
            (one.panelist.key, told % {"name": person_of(one.panelist), "load": one.load, "limit": one.limit})
            for one in self.others
        ]

    @property
    def everybody(self) -> list[tuple[str, str]]:
        """Return all judges, those with a conflict first, for a list to choose from."""
        order: list[OtherJudge | JudgeOnIdea] = [
            *self.barred,
            *self.judges,
            *(one for one in self.others if not one.bar),
        ]
        return [(one.panelist.key, person_of(one.panelist)) for one in order]

    @property
    def has_dismissible(self) -> bool:
        """Return whether there is a conflict that may be dismissed."""
        return any(one.is_dismissible for one in self.others)

    @property
    def barred(self) -> list[OtherJudge]:
        """Return those who may not."""
        return [one for one in self.others if one.bar]

    @property
    def n_free(self) -> int:
        """Return how many others could judge it as well."""
        return sum(not one.bar and one.load < one.limit for one in self.others)

    @property
    def n_full(self) -> int:
        """Return how many others have no time left."""
        return sum(not one.bar and one.load >= one.limit for one in self.others)


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A judge's load: what stands, what the draft adds, what they have time for."""

    panelist: Panelist
    n_given: int
    n_new: int
    limit: int
    n_barred: int
    is_new: bool

    @property
    def total(self) -> int:
        """Return how many reviews they would have."""
        return self.n_given + self.n_new


@dataclass(frozen=True, slots=True)
class Way:
    """A change of one limit that would be enough, and how the draft is computed again with it."""

    kind: str
    amount: int
    minutes: int
    n_judges: int
    pairs: list[tuple[str, str]]  # judge and title
    settings: dict[str, int | str]


@dataclass(frozen=True)
class AssigningView:
    """The page of a draft."""

    challenge: Challenge
    panel: Panel | None
    draft: AssignmentDraft | None
    draft_blocked: Refusal | None
    publish_blocked: Refusal | None = None
    is_stale: bool = False
    facts: Facts | None = None
    plan: dict[Pair, str] = field(default_factory=dict)
    lacking: dict[int, int] = field(default_factory=dict)  # reviews that each idea lacks
    loads: list[LoadRow] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    is_before_deadline: bool = False

    @cached_property
    def n_lacking(self) -> int:
        """Return how many reviews find no judge."""
        return sum(self.lacking.values())

    @cached_property
    def n_ideas_lacking(self) -> int:
        """Return how many ideas lack a judge."""
        return sum(lack > 0 for lack in self.lacking.values())

    @cached_property
    def n_fresh(self) -> int:
        """Return how many reviews publishing would give out."""
        return sum(load.n_new for load in self.loads)

    @cached_property
    def n_given(self) -> int:
        """Return how many reviews are given out already and stay."""
        return sum(load.n_given for load in self.loads)

    @property
    def is_lacking_by_hand(self) -> bool:
        """Return whether the draft was full before it was changed by hand."""
        return self.draft is not None and not self.draft.result.get("n_lacking")

    @property
    def can_set_dealing(self) -> bool:
        """Return whether the deadline is still to come."""
        return self.is_before_deadline and self.challenge.status in {"draft", "published"}

    @cached_property
    def _load_by_seat(self) -> dict[int, LoadRow]:
        return {load.panelist.pk: load for load in self.loads}

    def load_of(self, seat: Panelist) -> LoadRow:
        """Return a judge's load."""
        return self._load_by_seat[seat.pk]

    @property
    def n_told(self) -> int:
        """Return how many evaluators would be told."""
        return sum(load.n_new > 0 for load in self.loads)

    @property
    def settings(self) -> dict[str, int | bool]:
        """Return what the draft was computed with, or what the panel's measures say."""
        if self.draft is None:
            return {"reviews_per_idea": self.panel.reviews_per_idea if self.panel else 3, "extra_load": 0}
        names = ("reviews_per_idea", "extra_load", "needs_experience")
        return {name: getattr(self.draft, name) for name in names}

    @cached_property
    def _n_planned(self) -> Counter[int]:
        return Counter(panelist for panelist, _idea in self.plan)

    def page(self, number: int, *, is_lacking_only: bool = False) -> Page[Any]:
        """Return one page of the ideas, of all or of those that lack a judge; only their rows are made."""
        ideas = [pk for pk, lack in self.lacking.items() if lack or not is_lacking_only]
        page: Page[Any] = Paginator(ideas, PAGE_SIZE).get_page(number)
        page.object_list = [self._row(pk) for pk in page.object_list]
        return page

    def _row(self, idea: int) -> IdeaRow:
        facts, extra = self.facts, self.draft.extra_load if self.draft else 0
        assert facts is not None  # noqa: S101 - there is no idea without facts
        judges, others = [], []
        for number, seat in facts.seats.items():
            state = self.plan.get((number, idea))
            if state is not None:
                one = facts.given.get((number, idea))
                blocked = rules.why_not_take_apart(one.status, is_begun=one.is_begun) if one else None
                judges.append(JudgeOnIdea(seat, state, blocked))
            else:
                bar = facts.bars.get((number, idea), "")
                words = rules.words_of_bar(bar) if bar else ""
                others.append(OtherJudge(seat, bar, words, self._n_planned[number], facts.time[number] + extra))
        return IdeaRow(facts.ideas[idea], judges, others, self.lacking[idea])


def assigning_for(actor: Person, challenge_key: str, *, at: datetime) -> AssigningView:
    """Return the assignment page for the challenge's manager. Raises Http404 for everybody else."""
    challenge = managed_challenge(actor, challenge_key)
    panel = Panel.objects.filter(challenge=challenge).select_related("draft").first()
    if panel is None or rules.why_not_begun(challenge, at=at):
        blocked = rules.why_not_deal_out(challenge, 0, at=at)
        is_before = rules.why_not_begun(challenge, at=at) is not None
        return AssigningView(challenge, panel, None, draft_blocked=blocked, is_before_deadline=is_before)
    facts = assignment_facts(challenge, panel, at=at)
    blocked = rules.why_not_deal_out(challenge, len(facts.seats), at=at)
    draft: AssignmentDraft | None = getattr(panel, "draft", None)
    pairs = draft_pairs(draft)
    plan = planned(facts, pairs)
    is_stale = draft is not None and draft.basis != facts.basis
    n_changes = _n_changes(facts, pairs)
    return AssigningView(
        challenge,
        panel,
        draft,
        draft_blocked=blocked,
        publish_blocked=blocked or rules.why_not_publish(n_pairs=n_changes, is_stale=is_stale),
        is_stale=is_stale,
        facts=facts,
        plan=plan,
        lacking=_lacking(facts, draft, plan),
        loads=_load_rows(facts, draft, plan),
        ways=_ways(facts, draft),
    )


def _n_changes(facts: Facts, pairs: dict[Pair, str]) -> int:
    """Return how many assignments publishing would make or release."""
    return sum((origin == DraftPair.Origin.REMOVED) == (pair in facts.given) for pair, origin in pairs.items())


def _lacking(facts: Facts, draft: AssignmentDraft | None, plan: dict[Pair, str]) -> dict[int, int]:
    """Return how many reviews each idea lacks."""
    wanted = draft.reviews_per_idea if draft else facts.panel.reviews_per_idea
    n_planned = Counter(idea for _panelist, idea in plan)
    return {idea: max(wanted - n_planned[idea] - facts.left[idea], 0) for idea in facts.ideas}


def _load_rows(facts: Facts, draft: AssignmentDraft | None, plan: dict[Pair, str]) -> list[LoadRow]:
    extra = draft.extra_load if draft else 0
    stands = Counter(pair[0] for pair in plan if pair in facts.given)
    fresh = Counter(pair[0] for pair in plan if pair not in facts.given)
    barred = Counter(pair[0] for pair, bar in facts.bars.items() if bar != "had" and pair[1] in facts.ideas)
    return [
        LoadRow(seat, stands[pk], fresh[pk], facts.time[pk] + extra, barred[pk], pk in facts.newcomers)
        for pk, seat in facts.seats.items()
    ]


def _ways(facts: Facts, draft: AssignmentDraft | None) -> list[Way]:
    """Return the ways out that were found with the draft, with names for numbers."""
    if draft is None:
        return []
    now: dict[str, int | str] = {
        "reviews_per_idea": draft.reviews_per_idea,
        "extra_load": draft.extra_load,
        "needs_experience": "on" if draft.needs_experience else "",
    }
    ways = []
    for kind, amount, pairs in draft.result.get("ways", []):
        then: dict[str, int | str] = {
            "load": {"extra_load": draft.extra_load + amount},
            "reviews": {"reviews_per_idea": draft.reviews_per_idea - amount},
            "newcomers": {"needs_experience": ""},
        }.get(kind, {})
        named = [
            (person_of(facts.seats[panelist]), facts.ideas[idea].title)
            for panelist, idea in pairs[:LISTED]
            if panelist in facts.seats and idea in facts.ideas
        ]
        minutes = amount * facts.panel.minutes_per_review
        ways.append(Way(kind, amount, minutes, len(facts.seats), named, {**now, **then}))
    return ways
