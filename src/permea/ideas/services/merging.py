"""Merging entries: proposed, agreed to or decided with a reason, told, undone. Nothing of an entry is changed by it.

Credit is never copied: who has credit for an entry is read from the entries merged into it, so that undoing a merge
restores everything there was.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.foundation.events import publish
from permea.foundation.refusals import Refusal, demand
from permea.ideas import queries, rules
from permea.ideas.events import IdeaMerged, IdeaUnmerged, MergeAsked
from permea.ideas.models import Idea, Merge, MergeStep
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Person
from permea.people.queries import role_in


@transaction.atomic
def merge_ideas(*, idea_id: int, lead_id: int, actor: Person, reason: str, at: datetime) -> Merge:
    """Merge an entry into another for an editor's reason, which its authors are told.

    Raises RefusedError as `rules.why_not_merge`, `rules.why_not_over_question` and `rules.why_not_reason` say.
    """
    idea, lead = _locked(idea_id, lead_id)
    _demand_mergeable(idea, lead, actor, at)
    demand(rules.why_not_reason(reason))
    _let_lapse(idea, actor, at)
    merge = Merge.objects.create(idea=idea, lead=lead, state=Merge.State.DONE, changed_at=at)
    _carry_out(merge, idea, lead, actor, reason, at)
    return merge


@transaction.atomic
def ask_to_merge(*, idea_id: int, lead_id: int, actor: Person, words: str, at: datetime) -> Merge:
    """Ask the author of an entry whether it may be merged into another; they have a week to answer.

    Raises RefusedError as `rules.why_not_merge`, `rules.why_not_over_question` and `rules.why_not_words` say.
    """
    idea, lead = _locked(idea_id, lead_id)
    _demand_mergeable(idea, lead, actor, at)
    demand(rules.why_not_words(words))
    _let_lapse(idea, actor, at)
    merge = Merge.objects.create(
        idea=idea, lead=lead, state=Merge.State.ASKED, answer_by=at + rules.ANSWER_WITHIN, changed_at=at
    )
    _note(merge, MergeStep.Kind.ASKED, actor, words, at)
    publish(MergeAsked(merge_id=merge.pk, challenge_id=idea.challenge_id, at=at))
    return merge


@transaction.atomic
def answer_merge(*, merge_id: int, actor: Person, agrees: bool, words: str, at: datetime) -> Merge:
    """Agree, as its contributor, that an entry is merged, or refuse; the same answer twice changes nothing.

    Raises RefusedError as `rules.why_not_answer` says, and as `rules.why_not_merge` if it cannot be merged any more.
    """
    asked = Merge.objects.get(pk=merge_id)
    idea, lead = _locked(asked.idea_id, asked.lead_id)
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge_id)
    kind = MergeStep.Kind.AGREED if agrees else MergeStep.Kind.REFUSED
    if merge.steps.filter(kind=kind, person=actor).exists():
        return merge
    demand(rules.why_not_answer(merge, is_contributor=queries.is_contributor(actor, idea), at=at))
    demand(rules.why_not_words(words))
    if not agrees:
        _note(merge, kind, actor, words, at, state=Merge.State.REFUSED)
        return merge
    asker = merge.steps.select_related("person").earliest("pk").person
    demand(_why_not(idea, lead, asker, at))
    _note(merge, kind, actor, words, at)
    _carry_out(merge, idea, lead, actor, "", at)
    return merge


@transaction.atomic
def take_back_question(*, merge_id: int, actor: Person, at: datetime) -> Merge:
    """Take back the question to an author; the second time changes nothing.

    Raises RefusedError as `rules.why_not_take_back` says.
    """
    asked = Merge.objects.get(pk=merge_id)
    idea, _lead = _locked(asked.idea_id, asked.lead_id)
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge_id)
    role = role_in(actor, idea.organisation_id)
    if merge.state == Merge.State.DROPPED and rules.why_not_look(idea.challenge, role=role, at=at) is None:
        return merge
    demand(rules.why_not_take_back(merge, role=role))
    _note(merge, MergeStep.Kind.DROPPED, actor, "", at, state=Merge.State.DROPPED)
    return merge


@transaction.atomic
def undo_merge(*, merge_id: int, actor: Person, reason: str, at: datetime) -> Merge:
    """Let a merged entry stand by itself again, with everything it had; the second time changes nothing.

    Raises RefusedError as `rules.why_not_undo` and `rules.why_not_words` say.
    """
    done = Merge.objects.get(pk=merge_id)
    idea, lead = _locked(done.idea_id, done.lead_id)
    merge = Merge.objects.select_for_update(of=("self",)).select_related("idea__challenge").get(pk=merge_id)
    role = role_in(actor, idea.organisation_id)
    if merge.state == Merge.State.UNDONE and rules.why_not_look(idea.challenge, role=role, at=at) is None:
        return merge
    demand(rules.why_not_undo(merge, role=role))
    demand(rules.why_not_words(reason))
    idea.status, idea.merged_into = Idea.Status.SUBMITTED, None
    lead.n_merged -= 1
    idea.save(update_fields=["status", "merged_into"])
    lead.save(update_fields=["n_merged"])
    _note(merge, MergeStep.Kind.UNDONE, actor, reason, at, state=Merge.State.UNDONE)
    _record("idea.unmerged", idea, lead, actor, reason, at)
    publish(IdeaUnmerged(merge_id=merge.pk, challenge_id=idea.challenge_id, at=at))
    return merge


def _locked(idea_id: int, lead_id: int) -> tuple[Idea, Idea]:
    """Return both entries; their challenge is locked first, so that two merges never wait for each other."""
    challenge_id = Idea.objects.values_list("challenge_id", flat=True).get(pk=idea_id)
    Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)
    rows = Idea.objects.select_for_update(of=("self",)).filter(pk__in=(idea_id, lead_id)).order_by("pk")
    found = {row.pk: row for row in rows.select_related("challenge__organisation", "author")}
    return found[idea_id], found[lead_id]


def _why_not(idea: Idea, lead: Idea, actor: Person, at: datetime) -> Refusal | None:
    """Return why the actor may not merge the two, or None if they may."""
    role = role_in(actor, idea.organisation_id)
    return rules.why_not_merge(idea, lead, role=role, barred=queries.barred(idea.pk, lead.pk), at=at)


def _demand_mergeable(idea: Idea, lead: Idea, actor: Person, at: datetime) -> None:
    """Go on if the actor may merge the two and no author can still answer. Raises RefusedError otherwise."""
    demand(_why_not(idea, lead, actor, at))
    demand(rules.why_not_over_question(queries.open_question_of(idea), at=at))


def _let_lapse(idea: Idea, actor: Person, at: datetime) -> None:
    """Close the question its author left unanswered."""
    question = queries.open_question_of(idea)
    if question is not None:
        _note(question, MergeStep.Kind.DROPPED, actor, "", at, state=Merge.State.DROPPED)


def _carry_out(merge: Merge, idea: Idea, lead: Idea, actor: Person, reason: str, at: datetime) -> None:
    """Let the lead stand for both from now on, record it and tell."""
    idea.status, idea.merged_into = Idea.Status.MERGED, lead
    lead.n_merged += 1
    lead.save(update_fields=["n_merged"])
    idea.save(update_fields=["status", "merged_into"])
    _note(merge, MergeStep.Kind.DONE, actor, reason, at, state=Merge.State.DONE)
    _record("idea.merged", idea, lead, actor, reason, at)
    publish(IdeaMerged(merge_id=merge.pk, challenge_id=idea.challenge_id, at=at))


def _note(merge: Merge, kind: str, person: Person, words: str, at: datetime, *, state: str = "") -> None:
    """Append what happened to the story of a merge, and what state it is in now."""
    MergeStep.objects.create(merge=merge, kind=kind, person=person, words=words.strip(), made_at=at)
    merge.state, merge.changed_at = state or merge.state, at
    merge.save(update_fields=["state", "changed_at"])


def _record(kind: str, idea: Idea, lead: Idea, actor: Person, reason: str, at: datetime) -> None:
    """Append to the ledger what the author of the merged entry is told: by fingerprint, not in words."""
    record_crossing(
        organisation=idea.challenge.organisation,
        kind=kind,
        direction=Crossing.Direction.OUT,
        depth=Crossing.Depth.INVITED,
        subject_type="idea",
        subject_key=idea.key,
        at=at,
        actor=actor,
        counterparty=idea.author,
        challenge_key=idea.challenge.key,
        facts={"lead": lead.key, "reason_sha256": hashlib.sha256(reason.strip().encode()).hexdigest()},
    )
