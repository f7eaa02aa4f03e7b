"""Keeping the talk clean: releasing, hiding, objecting, reporting; everything is logged.

Questions and comments are treated alike; a text is given as the row the caller read, and read again under a lock.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.dialogue import rules
from permea.dialogue.events import AppealSettled, HidingDecided
from permea.dialogue.models import Comment, ModerationEntry, Question
from permea.dialogue.services.common import Text, entries_of, let_wait, locked_text, managed_text, note
from permea.dialogue.services.threads import let_show, recount
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person

Action = ModerationEntry.Action


@transaction.atomic
def release_text(*, text: Text, actor: Person, at: datetime) -> Text:
    """Let a held text through: a question waits for its answer from now on, a comment is shown.

    Raises RefusedError to non-managers and as `rules.why_not_release` says.
    """
    found = managed_text(text, actor)
    demand(rules.why_not_release(found))
    note(found, Action.RELEASED, at=at, by=actor)
    _let_stand(found, at)
    return found


def _let_stand(text: Question | Comment, at: datetime) -> None:
    """Let a text stand where it belongs: a comment in its thread, a question with its answers or among the waiting."""
    if isinstance(text, Comment):
        let_show(text, at=at)
    elif text.n_answers:
        text.status = Question.Status.ANSWERED
        text.save()
    else:
        let_wait(text, at=at)


@transaction.atomic
def hide_text(*, text: Text, actor: Person, reason: str, words: str, at: datetime) -> Text:
    """Hide a text for a reason; its writer is told, unless it is spam: spam mails nobody.

    Raises RefusedError to non-managers and as `rules.why_not_hide` says.
    """
    found = managed_text(text, actor)
    said = rules.tidy(words)
    demand(rules.why_not_hide(found, reason, said))
    found.status, found.hidden_at, found.reported_at = found.HIDDEN, at, None
    found.save()
    if isinstance(found, Comment):
        recount(found)
    entry = note(found, Action.HIDDEN, at=at, by=actor, reason=reason, words=said)
    if reason != ModerationEntry.Reason.SPAM:
        publish(HidingDecided(challenge_id=found.challenge_id, entry_id=entry.pk, at=at))
    return found


@transaction.atomic
def appeal(*, text: Text, actor: Person, words: str, at: datetime) -> Text:
    """Object, once, to the hiding of one's text. Raises RefusedError as `rules.why_not_appeal` says."""
    found = locked_text(text)
    said = rules.tidy(words)
    demand(rules.why_not_appeal(found, actor, said))
    found.appealed_at = at
    found.save(update_fields=["appealed_at"])
    note(found, Action.APPEALED, at=at, by=actor, words=said)
    return found


@transaction.atomic
def decide_appeal(*, text: Text, actor: Person, is_accepted: bool, words: str, at: datetime) -> Text:
    """Decide an objection, with a reason: the text is shown again, or stays hidden.

    Raises RefusedError to non-managers and as `rules.why_not_decide_appeal` says.
    """
    found = managed_text(text, actor)
    said = rules.tidy(words)
    demand(rules.why_not_decide_appeal(found, said))
    found.appeal_decided_at = at
    entry = note(found, Action.OVERTURNED if is_accepted else Action.UPHELD, at=at, by=actor, words=said)
    if is_accepted:
        found.hidden_at = None
        _let_stand(found, at)
    found.save()
    publish(AppealSettled(challenge_id=found.challenge_id, entry_id=entry.pk, at=at))
    return found


@transaction.atomic
def report_text(*, text: Text, actor: Person, reason: str, words: str, at: datetime) -> Text:
    """Report a text that others read for a look; one person reports it once.

    Raises RefusedError as `rules.why_not_report` says.
    """
    found = locked_text(text)
    said = rules.tidy(words)
    if entries_of(found).filter(by=actor, action=Action.REPORTED).exists():
        return found
    demand(rules.why_not_report(found, actor, reason, said))
    note(found, Action.REPORTED, at=at, by=actor, reason=reason, words=said)
    found.reported_at = found.reported_at or at
    found.save(update_fields=["reported_at"])
    return found


@transaction.atomic
def dismiss_reports(*, text: Text, actor: Person, words: str, at: datetime) -> Text:
    """Set the reports about a text aside, with a reason.

    Raises RefusedError to non-managers and as `rules.why_not_dismiss` says.
    """
    found = managed_text(text, actor)
    said = rules.tidy(words)
    demand(rules.why_not_dismiss(found, said))
    found.reported_at = None
    found.save(update_fields=["reported_at"])
    note(found, Action.DISMISSED, at=at, by=actor, words=said)
    return found
