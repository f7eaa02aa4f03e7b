"""Writing drafts: nothing typed is lost, not even what was typed in a second window."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from permea.challenges.models import Challenge
from permea.foundation.ids import new_key
from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.models import Contributor, Idea, KeptCopy
from permea.ideas.services.common import accept_texts, apply, drop, locked
from permea.people.models import Person

MAX_COPIES = 5


@dataclass(frozen=True, slots=True)
class Saved:
    """How a save went: `is_kept_apart` if the draft had been saved elsewhere meanwhile and both texts are kept."""

    idea: Idea
    saved_at: datetime
    is_kept_apart: bool


@transaction.atomic
def start_entry(*, challenge_id: int, actor: Person, at: datetime, channel: str = Idea.Channel.FORM) -> Idea:
    """Return the actor's open draft for the challenge, a new one if there is none.

    Raises RefusedError as `rules.why_not_start` says.
    """
    challenge = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)
    demand(rules.why_not_start(challenge, has_accepted=queries.has_accepted_terms(actor, challenge), at=at))
    draft = Idea.objects.filter(challenge=challenge, author=actor, status=Idea.Status.DRAFT).first()
    if draft is not None:
        return draft
    languages = challenge.entry_languages or [challenge.language]
    draft = Idea.objects.create(
        organisation_id=challenge.organisation_id,
        challenge=challenge,
        author=actor,
        affiliation=actor.affiliation,
        country=actor.country,
        channel=channel,
        language=actor.language if actor.language in languages else languages[0],
        created_at=at,
        saved_at=at,
        saved_by=actor,
    )
    Contributor.objects.create(idea=draft, person=actor, since=at)
    return draft


@transaction.atomic
def enter_challenge(
    *, challenge_id: int, actor: Person, accepted: Collection[str], at: datetime, channel: str = Idea.Channel.FORM
) -> Idea:
    """Accept the challenge's texts whose keys are in `accepted`, and return the actor's open draft, maybe a new one.

    Raises RefusedError as `rules.why_not_start` says; then nothing is accepted.
    """
    challenge = Challenge.objects.select_related("participation_terms", "ip_terms").get(pk=challenge_id)
    accept_texts(challenge, actor, accepted, at, method=channel)
    return start_entry(challenge_id=challenge_id, actor=actor, at=at, channel=channel)


@transaction.atomic
def save_draft(
    *,
    idea_id: int,
    actor: Person,
    at: datetime,
    window: str = "",
    seen: datetime | None = None,
    **fields: Any,
) -> Saved:
    """Keep what its contributor typed; of a handed-in idea it waits until it is handed in as the next version.

    `window` names the page the text was typed in and `seen` when that page last saw the draft saved. If it was saved
    from another window or by another person since, the text is kept beside the draft instead of over it.
    Raises RefusedError as `rules.why_not_change` and `rules.why_not_text` say.
    """
    idea = locked(idea_id)
    demand(rules.why_not_change(idea, is_contributor=queries.is_contributor(actor, idea), at=at))
    cleaned = rules.clean_fields(fields)
    demand(rules.why_not_text(cleaned))
    if not rules.differs(idea, cleaned):
        return Saved(idea, idea.saved_at, is_kept_apart=False)
    if rules.is_stale(idea, actor, window=window, seen=seen):
        _keep_apart(idea, actor, window, cleaned, at)
        return Saved(idea, idea.saved_at, is_kept_apart=True)
    _write(idea, cleaned, actor, window, at)
    return Saved(idea, at, is_kept_apart=False)


def _keep_apart(idea: Idea, actor: Person, window: str, cleaned: Mapping[str, Any], at: datetime) -> None:
    """Keep the text beside the draft, one copy a window, the newest few windows of each person."""
    told = {"content": dict(cleaned), "kept_at": at}
    KeptCopy.objects.update_or_create(idea=idea, kept_by=actor, window=window, defaults=told)
    theirs = KeptCopy.objects.filter(idea=idea, kept_by=actor)
    newest = theirs.order_by("-kept_at", "-pk").values_list("pk", flat=True)[:MAX_COPIES]
    theirs.exclude(pk__in=list(newest)).delete()


def _write(idea: Idea, cleaned: Mapping[str, Any], actor: Person, window: str, at: datetime) -> None:
    """Store the fields: a draft's in the idea itself, a handed-in idea's in `pending`."""
    idea.saved_at, idea.saved_by, idea.saved_window = at, actor, window
    if idea.status == Idea.Status.DRAFT:
        apply(idea, cleaned)
        idea.save(update_fields=[*cleaned, "saved_at", "saved_by", "saved_window"])
        return
    now = rules.stored(idea)
    changed = {name: value for name, value in {**rules.edited(idea), **cleaned}.items() if now[name] != value}
    idea.pending = changed or None
    idea.save(update_fields=["pending", "saved_at", "saved_by", "saved_window"])


@transaction.atomic
def adopt_copy(*, copy_id: int, actor: Person, window: str, at: datetime) -> Idea:
    """Put a text that was kept apart in place of the draft's, and keep the draft's text apart in turn.

    Raises RefusedError as `rules.why_not_change` says.
    """
    copy = KeptCopy.objects.select_related("idea").get(pk=copy_id)
    idea = locked(copy.idea_id)
    demand(rules.why_not_change(idea, is_contributor=queries.is_contributor(actor, idea), at=at))
    before, by = rules.edited(idea), idea.saved_by
    _write(idea, copy.content, actor, window, at)
    copy.content, copy.kept_by, copy.window, copy.kept_at = before, by, new_key(), at
    copy.save(update_fields=["content", "kept_by", "window", "kept_at"])
    return idea


@transaction.atomic
def discard_copy(*, copy_id: int, actor: Person, at: datetime) -> Idea:
    """Delete a text that was kept apart. Raises RefusedError as `rules.why_not_change` says."""
    copy = KeptCopy.objects.select_related("idea").get(pk=copy_id)
    idea = locked(copy.idea_id)
    demand(rules.why_not_change(idea, is_contributor=queries.is_contributor(actor, idea), at=at))
    copy.delete()
    return idea


@transaction.atomic
def discard_changes(*, idea_id: int, actor: Person, at: datetime) -> Idea:
    """Go back to what was handed in last: forget changed texts, added and removed files.

    Raises RefusedError as `rules.why_not_change` says.
    """
    idea = locked(idea_id)
    demand(rules.why_not_change(idea, is_contributor=queries.is_contributor(actor, idea), at=at))
    if idea.n_versions:
        _restore_files(idea, at)
        idea.pending, idea.saved_at, idea.saved_by, idea.saved_window = None, at, actor, ""
        idea.save(update_fields=["pending", "saved_at", "saved_by", "saved_window"])
    return idea


def _restore_files(idea: Idea, at: datetime) -> None:
    """Make the idea's files those of its latest version again."""
    handed_in = set(queries.handed_in_keys(idea))
    for attachment in idea.attachments.all():
        if attachment.key in handed_in and attachment.removed_at is not None:
            attachment.removed_at = None
            attachment.save(update_fields=["removed_at"])
        elif attachment.key not in handed_in and attachment.removed_at is None:
            drop(attachment, at)
