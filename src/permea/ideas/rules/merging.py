"""What merges may be proposed, agreed to and undone; what two alike entries have in common."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea, Merge
from permea.ideas.rules import content
from permea.ideas.rules.entries import exact_time, why_not_contributor
from permea.people import rules as people

CLOSE = 0.5  # from which score on two entries are proposed; a person decides
PAIRS_KEPT = 2_000
WORDS_NAMED = 12
ANSWER_WITHIN = timedelta(days=7)
REASON_AT_LEAST, REASON_AT_MOST = 20, 1_000
WORD = re.compile(r"(\W+|_)")
COMPARED_AT_ONCE = 2000  # entries that are compared while somebody waits; more are left to the background


def why_not_look(challenge: Challenge, *, role: str | None, at: datetime) -> Refusal | None:
    """Return why a person in this role may not compare the entries of the challenge at `at`, or None if they may."""
    refusal = people.why_not_manage(role)
    if refusal is None and challenge.is_sealed_at(at):
        return Refusal("ideas.sealed", _("Entries are sealed until the challenge closes."))
    return refusal


def why_not_merge(
    idea: Idea, lead: Idea, *, role: str | None, barred: Refusal | None = None, at: datetime
) -> Refusal | None:
    """Return why `idea` may not be merged into `lead` at `at`, or None if it may.

    `barred` is what later steps have against it (a decision is taken, say).
    """
    refusal = why_not_look(idea.challenge, role=role, at=at) or _why_not_these(idea, lead)
    if refusal is None and idea.challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("ideas.merge_decided", _("The answers are out: entries cannot be merged any more."))
    return refusal or barred


def _why_not_these(idea: Idea, lead: Idea) -> Refusal | None:
    """Return why these two cannot become one: another challenge, not in the running, or it leads others."""
    if idea.pk == lead.pk or idea.challenge_id != lead.challenge_id:
        return Refusal("ideas.merge_elsewhere", _("Choose two different entries of one challenge."))
    if Idea.Status.MERGED in {idea.status, lead.status}:
        return Refusal("ideas.merged_already", _("One of the two is merged with another entry already."))
    if {idea.status, lead.status} != {Idea.Status.SUBMITTED}:
        return Refusal("ideas.not_submitted", _("This idea is not handed in."))
    if idea.n_merged:
        return Refusal(
            "ideas.merge_leads",
            _("Other entries are merged into this one. Let it lead, or undo those merges first."),
        )
    return None


def why_not_over_question(merge: Merge | None, *, at: datetime) -> Refusal | None:
    """Return that the author was asked about this entry and may still answer, or None if nothing is open."""
    if merge is None or is_lapsed(merge, at=at):
        return None
    return Refusal(
        "ideas.merge_asked", _("Its author has been asked and can still answer. Take the question back first.")
    )


def why_not_reason(reason: str) -> Refusal | None:
    """Return what is missing or wrong in an editor's reason for a merge, or None if it will do."""
    if len(reason.strip()) < REASON_AT_LEAST:
        return Refusal(
            "ideas.merge_reason", _("Say why, in a sentence of 20 characters or more: the authors are told it.")
        )
    return why_not_words(reason)


def why_not_words(words: str) -> Refusal | None:
    """Return that words are too many, or None if they are not."""
    if len(words) > REASON_AT_MOST:
        return Refusal("ideas.merge_words_too_long", _("Please keep it under 1,000 characters."))
    return None


def is_lapsed(merge: Merge, *, at: datetime) -> bool:
    """Say whether the author was asked and the time to answer is over."""
    return merge.state == Merge.State.ASKED and merge.answer_by is not None and at >= merge.answer_by


def why_not_answer(merge: Merge, *, is_contributor: bool, at: datetime) -> Refusal | None:
    """Return why a person may not answer whether their entry may be merged, or None if they may."""
    refusal = why_not_contributor(is_contributor=is_contributor)
    if refusal is not None:
        return refusal
    if merge.state != Merge.State.ASKED or merge.answer_by is None:
        return Refusal("ideas.merge_not_asked", _("This question is settled; there is nothing to answer any more."))
    if at >= merge.answer_by:
        return Refusal(
            "ideas.merge_too_late",
            _("The time to answer ended on %(ended)s. Nothing was changed.") % {"ended": exact_time(merge.answer_by)},
        )
    return None


def why_not_undo(merge: Merge, *, role: str | None) -> Refusal | None:
    """Return why a merge may not be undone, or None if it may: until the answers are out."""
    refusal = people.why_not_manage(role)
    if refusal is not None:
        return refusal
    if merge.state != Merge.State.DONE:
        return Refusal("ideas.merge_not_done", _("These entries are not merged."))
    if merge.idea.challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("ideas.merge_decided", _("The answers are out: merges cannot be undone any more."))
    return None


def why_not_take_back(merge: Merge, *, role: str | None) -> Refusal | None:
    """Return why the question to an author may not be taken back, or None if it may."""
    refusal = people.why_not_manage(role)
    if refusal is None and merge.state != Merge.State.ASKED:
        return Refusal("ideas.merge_not_asked", _("This question is settled; there is nothing to answer any more."))
    return refusal


def is_same_title(first: Idea, second: Idea) -> bool:
    """Say whether two entries have one title, small and capital letters and spaces aside."""
    titles = [content.search_text_of(idea.title, "") for idea in (first, second)]
    return titles[0] == titles[1]


def marked(text: str, words: Collection[str]) -> list[tuple[str, bool]]:
    """Return the text in parts, each with whether it is one of the words (in their folded form)."""
    from permea_engine.similarity import words_of  # noqa: PLC0415 - NumPy loads at first use

    wanted, parts = set(words), list[tuple[str, bool]]()
    for part in WORD.split(text):
        is_word = bool(wanted.intersection(words_of(part))) if part else False
        if parts and parts[-1][1] == is_word:
            parts[-1] = (parts[-1][0] + part, is_word)
        elif part:
            parts.append((part, is_word))
    return parts
