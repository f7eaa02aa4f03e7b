"""Deciding what may be changed in a draft of assignments, and when it may be published."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from permea.evaluation.models import Assignment, Conflict
from permea.foundation.refusals import Refusal

DISMISSIBLE = frozenset({"house", "declared"})  # what stands between a judge and an idea until a manager dismisses it


def why_gone() -> Refusal:
    """Return the refusal where a judge or an idea is not there any more."""
    return Refusal("evaluation.gone", _("This judge does not have this idea, has left the panel, or it was withdrawn."))


def why_not_without_draft(draft: object | None) -> Refusal | None:
    """Return why nothing can be changed where there is no draft, or None if there is one."""
    return None if draft else Refusal("evaluation.no_draft", _("There is no draft; compute one first."))


def why_not_undo(steps: Sequence[object]) -> Refusal | None:
    """Return why nothing can be undone, or None if something can."""
    return None if steps else Refusal("evaluation.nothing_to_undo", _("Nothing was changed by hand."))


def why_not_this_pair(*, bar: str, is_there: bool, load: int, limit: int) -> Refusal | None:
    """Return why a judge cannot be given an idea by hand, or None if they can; `bar` is what stands between them."""
    if is_there:
        return Refusal("evaluation.there_already", _("This judge has this idea already."))
    if bar:
        return Refusal(f"evaluation.{bar}", words_of_bar(bar))
    if load >= limit:
        told = _("This judge has time for %(limit)s reviews until the decision is due, and has them already.")
        return Refusal("evaluation.no_time", told % {"limit": limit})
    return None


def words_of_bar(bar: str) -> str:
    """Return in words what stands between a judge and an idea."""
    return {
        "own": _("It is their own idea."),
        "house": _("The idea comes from their own organisation."),
        "declared": _("A conflict of interest was declared."),
        "had": _("They gave it back, or it was taken from them."),
    }[bar]


def why_not_take_apart(status: str, *, is_begun: bool) -> Refusal | None:
    """Return why a judge may not be taken off an idea, or None if they may; `status` is that of the assignment."""
    if status == Assignment.Status.DONE:
        return Refusal("evaluation.handed_in_stays", _("This review is handed in; it counts and stays."))
    if is_begun:
        return Refusal("evaluation.begun", _("This review is begun; only who writes it can give it back."))
    return None


def why_not_state_conflict(bar: str, status: str, reason: str) -> Refusal | None:
    """Return why a conflict may not be declared or dismissed, or None if it may."""
    if status not in Conflict.Status.values:
        return Refusal("evaluation.no_such_status", _("A conflict is declared or dismissed."))
    if not reason.strip():
        return Refusal("evaluation.conflict_reason", _("Please write why; the reason is kept with the conflict."))
    if status == Conflict.Status.DECLARED:
        return None
    if bar in DISMISSIBLE:
        return None
    return Refusal(
        "evaluation.no_conflict", _("There is no conflict here that could be dismissed; nobody judges their own idea.")
    )


def why_not_publish(*, n_pairs: int, is_stale: bool) -> Refusal | None:
    """Return why a draft may not be published, or None if it may."""
    if is_stale:
        return Refusal(
            "evaluation.draft_stale",
            _("People, ideas or conflicts have changed since. Compute again; what you changed by hand is kept."),
        )
    return None if n_pairs else Refusal("evaluation.draft_empty", _("This draft changes nothing."))
