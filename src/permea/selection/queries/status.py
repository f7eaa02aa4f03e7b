"""Reading for contributors: what became of their idea."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge, TimetableChange
from permea.challenges.queries import shown_stages_of, timetable_changes_of
from permea.challenges.rules import ShownStage
from permea.ideas.models import Idea, Merge
from permea.ideas.queries import (
    Credit,
    MergeRow,
    acts_as_author,
    credit_of,
    credited,
    is_contributor,
    merge_of,
    open_question_of,
)
from permea.ledger.models import Receipt
from permea.people.models import Person
from permea.selection.models import Answer, Award, Clarification

AWAITED = (Idea.Status.SUBMITTED, Idea.Status.MERGED)


@dataclass(frozen=True, slots=True)
class StatusView:
    """The status page of an idea for those who contributed it; nothing here comes before the answers are out."""

    idea: Idea
    challenge: Challenge
    receipts: list[Receipt]
    answer: Answer | None
    clarification: Clarification | None
    award: Award | None
    merge: MergeRow | None
    lead_title: str
    question: Merge | None
    credit: Credit
    is_author: bool
    n_sharing: int
    stages: list[ShownStage]
    latest_change: TimetableChange | None
    at: datetime

    @property
    def is_overdue(self) -> bool:
        """Say whether the answer should have come by now."""
        due = self.challenge.answer_by
        return self.answer is None and due is not None and self.at >= due and self.idea.status in AWAITED


def status_for(actor: Person, idea_key: str, *, at: datetime) -> StatusView:
    """Return the status page of an idea for one of its contributors. Raises Http404 for everybody else."""
    idea = (
        Idea.objects.filter(Q(author=actor) | Q(contributors__person=actor), key=idea_key)
        .select_related("challenge__organisation", "challenge__ip_terms", "author")
        .distinct()
        .first()
    )
    if idea is None:
        raise Http404
    answer = Answer.objects.filter(idea=idea).select_related("decision").first()
    award = Award.objects.filter(decision__idea=idea).first() if answer else None
    merge = merge_of(idea)
    credit = credit_of([idea.pk])[idea.pk]
    others = [one for one in credited(merge.merge.lead if merge else idea) if credit.part_of(one) is None]
    is_lead_theirs = merge is not None and is_contributor(actor, merge.merge.lead)
    return StatusView(
        idea=idea,
        challenge=idea.challenge,
        receipts=list(
            Receipt.objects.filter(person=actor, crossing__subject_key=idea.key)
            .select_related("crossing")
            .order_by("issued_at", "pk")
        ),
        answer=answer,
        clarification=Clarification.objects.filter(answer=answer).first() if answer else None,
        award=award,
        merge=merge,
        lead_title=merge.merge.lead.title if merge is not None and is_lead_theirs else "",
        question=open_question_of(idea),
        credit=credit,
        is_author=acts_as_author(actor, idea),
        n_sharing=len(others),
        stages=shown_stages_of(idea.challenge, at),
        latest_change=next(reversed(timetable_changes_of(idea.challenge)), None),
        at=at,
    )


def steps_of(view: StatusView) -> list[dict[str, object]]:
    """Return what happened and what will happen, as rows of a timeline in the order of time."""
    idea, challenge = view.idea, view.challenge
    dated = [
        (idea.submitted_at, _("Handed in"), "ok"),
        (idea.withdrawn_at, _("Withdrawn"), "neutral"),
        (view.merge.merge.changed_at if view.merge else None, _("Merged with another entry"), "accent"),
        (challenge.closes_at, _("Entries close; until then nobody can open them"), "accent"),
        (challenge.decide_by, _("Decision due"), "accent"),
        (challenge.answer_by, _("Answer promised"), "accent"),
        (view.answer.sent_at if view.answer else None, _("Answer sent"), "ok"),
        (view.award.rights_accepted_at if view.award else None, _("Rights text accepted"), "ok"),
        (view.award.paid_at if view.award else None, _("Prize paid"), "ok"),
    ]
    steps = sorted(((when, title, tone) for when, title, tone in dated if when is not None), key=lambda step: step[0])
    return [{"at": when, "title": title, "tone": tone} for when, title, tone in steps]
