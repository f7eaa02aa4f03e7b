"""Who may enter, change, hand in, withdraw, read and import what, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel.dates import format_date, format_datetime
from django.utils import timezone
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge, Stage
from permea.challenges.rules import improving, laid_steps
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.ideas.rules import content
from permea.people import rules as people
from permea.people.models import Person
from permea.surface.formats import reader_locale


def exact_time(value: datetime) -> str:
    """Return a time in the reader's zone, to the second and, where there are any, to the microsecond."""
    local = timezone.localtime(value)
    seconds = "HH:mm:ss.SSSSSS" if local.microsecond else "HH:mm:ss"
    zone = "'UTC'xxx" if local.utcoffset() else "'UTC'"
    day = format_date(local.date(), "long", locale=reader_locale())
    return f"{day}, {format_datetime(local, f'{seconds} {zone}', locale=reader_locale())}"


def why_not_enter(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why nothing can be entered, changed or handed in at `at`, or None if it can."""
    if challenge.is_open_at(at):
        return None
    if challenge.status == Challenge.Status.DRAFT or challenge.opens_at is None or challenge.closes_at is None:
        return Refusal("ideas.not_published", _("This challenge is not published."))
    if at < challenge.opens_at:
        return Refusal(
            "ideas.not_open_yet",
            _("This challenge opens on %(opens)s. It is now %(now)s.")
            % {"opens": exact_time(challenge.opens_at), "now": exact_time(at)},
        )
    if at < challenge.closes_at:
        return Refusal("ideas.closed", _("This challenge does not take entries any more."))
    return Refusal(
        "ideas.too_late",
        _("This challenge closed on %(closed)s. Your attempt came on %(attempt)s, so nothing was changed.")
        % {"closed": exact_time(challenge.closes_at), "attempt": exact_time(at)},
    )


def why_not_contributor(*, is_contributor: bool) -> Refusal | None:
    """Return a refusal to everybody who has no part in the idea."""
    if is_contributor:
        return None
    return Refusal("ideas.not_contributor", _("Only the people who wrote this idea can do this."))


def why_not_start(challenge: Challenge, *, has_accepted: bool, at: datetime) -> Refusal | None:
    """Return why a person may not start an entry at `at`, or None if they may."""
    return why_not_enter(challenge, at=at) or _why_no_terms(has_accepted=has_accepted)


def _why_no_terms(*, has_accepted: bool) -> Refusal | None:
    """Return a refusal until the terms of the challenge are accepted."""
    if has_accepted:
        return None
    return Refusal("ideas.terms_not_accepted", _("Read and accept the terms of this challenge first."))


def changeable_until(idea: Idea, *, at: datetime) -> datetime | None:
    """Return until when the idea may be changed at `at`, None if it may not be.

    Until the deadline anything may be; in a step for improving, what was handed in and stands by itself.
    """
    if idea.challenge.is_open_at(at):
        return idea.challenge.closes_at
    step = improving(idea.challenge, at=at) if idea.status == Idea.Status.SUBMITTED else None
    return step.closes_at if step else None


def _why_not_write(idea: Idea, *, at: datetime) -> Refusal | None:
    """Return why the idea takes no changes at `at`, or None if it does."""
    refusal = why_not_enter(idea.challenge, at=at)
    if refusal is None or changeable_until(idea, at=at) is not None:
        return None
    if improving(idea.challenge, at=at) is not None:
        return Refusal(
            "ideas.only_improving", _("Only entries that were handed in by the deadline can be improved now.")
        )
    steps = [laid for laid in laid_steps(idea.challenge) if laid.step.name == Stage.Name.IMPROVE]
    is_published = idea.challenge.status == Challenge.Status.PUBLISHED
    if idea.status != Idea.Status.SUBMITTED or not steps or not is_published:
        return refusal
    coming = next((laid for laid in steps if at < laid.opens_at), None)
    if coming is not None:
        return Refusal(
            "ideas.not_improving_yet",
            _("Entries have closed. You can improve yours from %(opens)s to %(closes)s.")
            % {"opens": exact_time(coming.opens_at), "closes": exact_time(coming.closes_at)},
        )
    return Refusal(
        "ideas.too_late",
        _("Entries could be improved until %(closed)s. Your attempt came on %(attempt)s, so nothing was changed.")
        % {"closed": exact_time(steps[-1].closes_at), "attempt": exact_time(at)},
    )


def why_not_change(idea: Idea, *, is_contributor: bool, at: datetime) -> Refusal | None:
    """Return why a person may not change the idea's text or files at `at`, or None if they may."""
    refusal = why_not_contributor(is_contributor=is_contributor) or _why_not_write(idea, at=at)
    if refusal is None and idea.text_removed_at is not None:
        return Refusal("ideas.text_removed", _("The text of this idea was removed for good."))
    return refusal


def why_not_submit(
    idea: Idea, fields: dict[str, Any], *, is_contributor: bool, has_accepted: bool, at: datetime
) -> Refusal | None:
    """Return why a person may not hand the idea in, saying `fields`, at `at`; None if they may."""
    refusal = why_not_change(idea, is_contributor=is_contributor, at=at) or _why_no_terms(has_accepted=has_accepted)
    if refusal is not None:
        return refusal
    missing = content.missing_from(fields)
    if missing:
        return Refusal(
            "ideas.incomplete",
            _("Still missing: %(fields)s. Everything else is kept.") % {"fields": ", ".join(missing)},
        )
    return None


def why_not_withdraw(idea: Idea, *, is_contributor: bool, at: datetime) -> Refusal | None:
    """Return why a person may not take the idea back at `at`, or None if they may."""
    refusal = why_not_contributor(is_contributor=is_contributor)
    if refusal is not None:
        return refusal
    if idea.status == Idea.Status.DRAFT:
        return Refusal("ideas.not_submitted", _("This idea is a draft: it has not been handed in."))
    return why_not_enter(idea.challenge, at=at)


def why_not_read(idea: Idea, *, is_contributor: bool, role: str | None, at: datetime) -> Refusal | None:
    """Return why a person in this role may not read the idea at `at`: before the deadline only contributors may."""
    if is_contributor:
        return None
    if idea.challenge.is_sealed_at(at):
        return Refusal("ideas.sealed", _("Entries are sealed until the challenge closes."))
    if idea.status not in {Idea.Status.SUBMITTED, Idea.Status.MERGED}:
        return Refusal("ideas.not_submitted", _("This idea is not handed in."))
    return people.why_not_manage(role)


def why_not_import(challenge: Challenge, *, role: str | None) -> Refusal | None:
    """Return why a person in this role may not take ideas over into the challenge, or None if they may."""
    refusal = people.why_not_manage(role)
    if refusal is None and challenge.status != Challenge.Status.PUBLISHED:
        return Refusal(
            "ideas.import_not_published",
            _("Ideas can be taken over once the challenge is published and until it is decided."),
        )
    return refusal


def why_not_erase_text(idea: Idea, *, is_contributor: bool) -> Refusal | None:
    """Return why a person may not remove the text of the idea for good, or None if they may."""
    refusal = why_not_contributor(is_contributor=is_contributor)
    if refusal is None and idea.status in {Idea.Status.SUBMITTED, Idea.Status.MERGED}:
        return Refusal("ideas.still_submitted", _("Withdraw the idea before you remove its text."))
    return refusal


def why_not_alone(*, is_kept_apart: bool) -> Refusal | None:
    """Return that a text was kept beside the draft instead of over it, or None if it was not."""
    if not is_kept_apart:
        return None
    return Refusal(
        "ideas.kept_apart",
        _("This entry was saved from elsewhere meanwhile. Your text is kept beside it: see both on the entry page."),
    )


def is_stale(idea: Idea, actor: Person, *, window: str, seen: datetime | None) -> bool:
    """Say whether the idea was saved from another window, or by another person, after this window last saw it.

    Who does not say what they saw has seen what they saved last themselves, and nothing of others.
    """
    is_theirs = idea.saved_by_id in {None, actor.pk}
    if seen is None:
        return not is_theirs
    return seen < idea.saved_at and not (is_theirs and bool(window) and window == idea.saved_window)


def why_not_revise(idea: Idea) -> Refusal | None:
    """Return why there is nothing to revise, or None if the idea is handed in."""
    if idea.status == Idea.Status.SUBMITTED:
        return None
    return Refusal("ideas.not_submitted", _("This idea is not handed in, so there is nothing to revise."))
