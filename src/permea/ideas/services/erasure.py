"""What stays of a person's ideas: drafts go, personal fields go, handed-in contributions stay unless removed first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.models import Contributor, Idea, IdeaVector, KeptCopy, MergeStep, SimilarPair
from permea.ideas.services.common import locked, release
from permea.people.models import Person

NO_TITLE = "–"  # what lists show of an idea whose text is gone


@transaction.atomic
def remove_text(*, idea_id: int, actor: Person, at: datetime) -> Idea:
    """Remove a withdrawn idea's or a draft's text and files for good; its versions keep only their fingerprints.

    Raises RefusedError as `rules.why_not_erase_text` says.
    """
    idea = locked(idea_id)
    demand(rules.why_not_erase_text(idea, is_contributor=queries.is_contributor(actor, idea)))
    _blank(idea, at)
    return idea


@transaction.atomic
def forget_author(*, person: Person, at: datetime, with_texts: bool = False) -> None:
    """Erase what is personal in a person's ideas.

    Drafts are deleted with their files. Withdrawn ideas lose their text. Handed-in ideas lose what the person said
    about themselves and keep the contribution, its versions and its checksums; `with_texts` they lose their text too.
    What they wrote about merges of entries goes; that they agreed or refused stays.
    """
    MergeStep.objects.filter(person=person).exclude(words="").update(words="")
    shared = Contributor.objects.filter(person=person).values("idea_id")
    for idea in Idea.objects.select_for_update(of=("self",)).filter(pk__in=shared, author=person).order_by("pk"):
        if idea.status == Idea.Status.DRAFT:
            _delete_draft(idea)
        elif with_texts or idea.status == Idea.Status.WITHDRAWN:
            _blank(idea, at)
        else:
            idea.affiliation, idea.country, idea.pending = "", "", None
            idea.save(update_fields=["affiliation", "country", "pending"])
            idea.kept_copies.all().delete()


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
    SimilarPair.objects.filter(Q(first=idea) | Q(second=idea)).delete()
    for attachment in idea.attachments.exclude(path=""):
        release(attachment)
        attachment.name, attachment.removed_at = "", attachment.removed_at or at
        attachment.save(update_fields=["name", "path", "removed_at"])
