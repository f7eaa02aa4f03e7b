"""What stays of a person's ideas: drafts go, personal fields go, handed-in contributions stay unless removed first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.models import (
    BuildsOn,
    CoauthorInvitation,
    Contributor,
    Idea,
    IdeaVector,
    KeptCopy,
    MergeStep,
    SimilarPair,
    Theme,
    ThemeEntry,
    Translation,
)
from permea.ideas.services.common import drop_splits, locked, release
from permea.ideas.services.theme_changes import forget_in_theme_changes
from permea.people.models import Person

ABOUT_AUTHOR = frozenset(("affiliation", "country"))
NO_TITLE = "–"  # what lists show of an idea whose text is gone


@transaction.atomic
def remove_text(*, idea_id: int, actor: Person, at: datetime) -> Idea:
    """Remove a withdrawn idea's or a draft's text and files for good; its versions keep only their fingerprints.

    Raises RefusedError as `rules.why_not_erase_text` and `rules.why_not_author` say.
    """
    idea = locked(idea_id)
    demand(rules.why_not_erase_text(idea, is_contributor=queries.is_contributor(actor, idea)))
    demand(rules.why_not_author(is_author=queries.acts_as_author(actor, idea)))
    _blank(idea, at)
    return idea


@transaction.atomic
def forget_author(*, person: Person, at: datetime, with_texts: bool = False) -> None:
    """Erase what is personal in a person's ideas.

    Drafts are deleted with their files. Withdrawn ideas lose their text. Handed-in ideas lose what the person said
    about themselves and keep the contribution, its versions and its checksums; `with_texts` they lose their text too.
    What others write with the person stays with those others, whose part in it is as it was; of what was handed in
    the person keeps their part too, without a name. What they wrote about merges of entries goes; that they agreed or
    refused stays.
    """
    MergeStep.objects.filter(person=person).exclude(words="").update(words="")
    KeptCopy.objects.filter(kept_by=person).delete()
    _forget_invitations(person, at)
    theirs = Contributor.objects.filter(person=person).values("idea_id")
    together = Contributor.objects.filter(idea__in=theirs, person__erased_at__isnull=True).exclude(person=person)
    shared = set(together.values_list("idea_id", flat=True))
    for idea in Idea.objects.select_for_update(of=("self",)).filter(pk__in=theirs).order_by("pk"):
        if idea.pk in shared:
            _leave_to_others(idea, person, at)
        elif idea.status == Idea.Status.DRAFT:
            _delete_draft(idea)
        elif with_texts or idea.status == Idea.Status.WITHDRAWN:
            _blank(idea, at)
        else:
            idea.affiliation, idea.country, idea.pending = "", "", None
            idea.save(update_fields=["affiliation", "country", "pending"])
            idea.kept_copies.all().delete()
    Idea.objects.filter(saved_by=person).update(saved_by=None)


def _leave_to_others(idea: Idea, person: Person, at: datetime) -> None:
    """Leave an entry to those who write it too; what its author said about themselves goes if the person is that."""
    if idea.status == Idea.Status.DRAFT and idea.author_id != person.pk:
        Contributor.objects.filter(idea=idea, person=person).delete()
        drop_splits(idea, at)
    drop_splits(idea, at, is_proposed=True)
    if idea.author_id != person.pk:
        return
    idea.affiliation = idea.country = ""
    idea.pending = _impersonal(idea.pending) if idea.pending else None
    idea.save(update_fields=["affiliation", "country", "pending"])
    for copy in idea.kept_copies.all():
        copy.content = _impersonal(copy.content)
        copy.save(update_fields=["content"])


def _impersonal(fields: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed without what its author says about themselves."""
    return {name: value for name, value in fields.items() if name not in ABOUT_AUTHOR}


def _forget_invitations(person: Person, at: datetime) -> None:
    """Take back what the person was asked and asked others, with the addresses."""
    to_them = Q(accepted_by=person) | Q(email__iexact=person.email or "-")
    theirs = CoauthorInvitation.objects.filter(to_them | Q(invited_by=person))
    theirs.filter(rules.UNSETTLED).update(taken_back_at=at, email="")


def _delete_draft(idea: Idea) -> None:
    """Delete a draft and the bytes of its files."""
    for attachment in idea.attachments.all():
        release(attachment)
    idea.delete()


def _blank(idea: Idea, at: datetime) -> None:
    """Empty the idea, its versions and its files; keep keys, times and checksums."""
    idea.summary = idea.body = idea.search_text = idea.affiliation = idea.country = ""
    idea.title = NO_TITLE
    idea.asked_money = idea.asked_days = idea.pending = None
    idea.text_removed_at = idea.text_removed_at or at
    idea.save()
    idea.versions.update(content={})
    KeptCopy.objects.filter(idea=idea).delete()
    IdeaVector.objects.filter(idea=idea).delete()
    BuildsOn.objects.filter(idea=idea).delete()
    Translation.objects.filter(idea=idea).delete()
    SimilarPair.objects.filter(Q(first=idea) | Q(second=idea)).delete()
    ThemeEntry.objects.filter(idea=idea).delete()
    forget_in_theme_changes(challenge_id=idea.challenge_id, idea_id=idea.pk)
    Theme.objects.filter(challenge=idea.challenge_id, named_at__isnull=True, entries__isnull=True).delete()
    for attachment in idea.attachments.exclude(path=""):
        release(attachment)
        attachment.name, attachment.removed_at = "", attachment.removed_at or at
        attachment.save(update_fields=["name", "path", "removed_at"])
