"""What contributors see of their own ideas: the list, the editor, their data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import Challenge
from permea.foundation.refusals import Refusal
from permea.ideas import rules
from permea.ideas.models import (
    Attachment,
    CoauthorInvitation,
    Contributor,
    Idea,
    IdeaVersion,
    KeptCopy,
    MergeStep,
    SavedView,
)
from permea.ideas.queries import access, box, coauthors, credit, saved, voting
from permea.people.models import Person
from permea.people.queries import ErasureLines


@dataclass(frozen=True, slots=True)
class MyEntry:
    """An own idea in the list: what it is now and what is next; `is_asked` if its shares wait for the reader."""

    idea: Idea
    title: str
    has_changes: bool
    is_open: bool
    until: datetime | None
    is_coauthor: bool
    is_asked: bool

    @property
    def state(self) -> str:
        """Return one word for where the idea stands."""
        if self.idea.text_removed_at is not None:
            return "removed"
        if self.idea.status == Idea.Status.DRAFT and not self.is_open:
            return "missed"
        return "changed" if self.has_changes and self.until else str(self.idea.status)

    @property
    def is_answered(self) -> bool:
        """Return whether the answer has gone out: a challenge is decided when everybody has theirs."""
        return self.state in {"submitted", "merged"} and self.idea.challenge.decided_at is not None


@dataclass(frozen=True, slots=True)
class Editor:
    """The entry page: what is typed, what is attached, what was kept apart, and what may be done."""

    idea: Idea
    fields: dict[str, Any]
    files: list[Attachment]
    copies: list[KeptCopy]
    latest: IdeaVersion | None
    people: list[Person]
    is_author: bool
    is_asked: bool
    has_changes: bool
    changes_blocked: Refusal | None
    submit_blocked: Refusal | None
    withdraw_blocked: Refusal | None
    attach_blocked: Refusal | None
    until: datetime | None

    @property
    def is_improving(self) -> bool:
        """Say whether entries have closed and this one may still be improved."""
        return self.until is not None and self.until != self.idea.challenge.closes_at


def my_ideas(actor: Person) -> QuerySet[Idea]:
    """Return the actor's own ideas, the last one saved first."""
    own = Contributor.objects.filter(person=actor).values("idea_id")
    related = ("challenge", "challenge__organisation", "author", "saved_by")
    return Idea.objects.filter(pk__in=own).select_related(*related).order_by("-saved_at", "-pk")


def my_idea(actor: Person, key: str) -> Idea:
    """Return an own idea. Raises Http404 for all others."""
    return get_object_or_404(my_ideas(actor), key=key)


def my_entries(actor: Person, at: datetime) -> list[MyEntry]:
    """Return the actor's own ideas with what is next for each."""
    return _my_entries(actor, my_ideas(actor), at)


def my_entries_in(actor: Person, challenge: Challenge, at: datetime) -> list[MyEntry]:
    """Return the actor's own ideas in one challenge."""
    return _my_entries(actor, my_ideas(actor).filter(challenge=challenge), at)


def _my_entries(actor: Person, ideas: QuerySet[Idea], at: datetime) -> list[MyEntry]:
    """Return the rows of own ideas."""
    found = list(ideas.defer("body", "search_text"))
    asked = coauthors.asked_about_shares(actor, [idea.pk for idea in found])
    return [
        MyEntry(
            idea=idea,
            title=str((idea.pending or {}).get("title", idea.title)),
            has_changes=idea.pending is not None,
            is_open=idea.challenge.is_open_at(at),
            until=rules.changeable_until(idea, at=at),
            is_coauthor=idea.author_id != actor.pk,
            is_asked=idea.pk in asked,
        )
        for idea in found
    ]


def editor(actor: Person, idea: Idea, at: datetime) -> Editor:
    """Return the entry page of an own idea."""
    files = list(access.live_attachments(idea))
    fields = rules.edited(idea)
    latest = idea.versions.order_by("-number").first()
    accepted = access.has_accepted_terms(actor, idea.challenge)
    people, is_author = contributors_of(idea), access.acts_as_author(actor, idea)
    withdraw_blocked = rules.why_not_withdraw(idea, is_contributor=True, at=at)
    return Editor(
        idea=idea,
        fields=fields,
        files=files,
        copies=list(idea.kept_copies.select_related("kept_by").order_by("-kept_at", "-pk")),
        latest=latest,
        people=people,
        is_author=is_author,
        is_asked=len(people) > 1 and bool(coauthors.asked_about_shares(actor, [idea.pk])),
        has_changes=latest is not None and access.has_changes(idea, files),
        changes_blocked=rules.why_not_change(idea, is_contributor=True, at=at),
        submit_blocked=rules.why_not_submit(idea, fields, is_contributor=True, has_accepted=accepted, at=at),
        withdraw_blocked=withdraw_blocked or rules.why_not_author(is_author=is_author),
        attach_blocked=rules.why_not_attach(idea, is_contributor=True, n_files=len(files), at=at),
        until=rules.changeable_until(idea, at=at),
    )


def my_attachment(actor: Person, key: str) -> Attachment:
    """Return a file of an own idea that is still attached. Raises Http404 for all others."""
    own = my_ideas(actor).values("pk")
    return get_object_or_404(Attachment.objects.select_related("idea"), key=key, idea__in=own)


def kept_copy(actor: Person, idea: Idea, copy_id: int) -> KeptCopy:
    """Return a text kept beside an own idea. Raises Http404 for all others."""
    return get_object_or_404(KeptCopy.objects.filter(idea=idea, idea__in=my_ideas(actor).values("pk")), pk=copy_id)


def contributors_of(idea: Idea) -> list[Person]:
    """Return the people who have a part in the idea, its author first."""
    rows = Contributor.objects.filter(idea=idea).select_related("person").order_by("since", "pk")
    return sorted((row.person for row in rows), key=lambda person: person.pk != idea.author_id)


def personal_data(person: Person) -> dict[str, Any]:
    """Return what the ideas step holds about a person, ready for JSON."""
    ideas = list(my_ideas(person).prefetch_related("versions", "attachments", "builds_on__earlier"))
    shared = credit.credit_of([idea.pk for idea in ideas])
    to_them = Q(accepted_by=person) | Q(email__iexact=person.email or "-")
    asked = CoauthorInvitation.objects.filter(to_them).order_by("pk")
    said = MergeStep.objects.filter(person=person).select_related("merge__idea").order_by("pk")
    return {
        "ideas": [{**_idea_data(idea), "credit": _credit_data(shared[idea.pk], person)} for idea in ideas],
        "coauthor_invitations": [
            {
                "invited_at": one.invited_at.isoformat(),
                "accepted_at": one.accepted_at.isoformat() if one.accepted_at else None,
                "declined_at": one.declined_at.isoformat() if one.declined_at else None,
            }
            for one in asked
        ],
        "postings": box.posting_data(person),
        "saved_views": saved.view_data(person),
        "votes": voting.vote_data(person),
        "merges": [
            {"idea": step.merge.idea.key, "step": step.kind, "words": step.words, "at": step.made_at.isoformat()}
            for step in said
        ],
    }


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to the ideas of a person who is erased."""
    theirs = Contributor.objects.filter(person=person).values("idea_id")
    others = Contributor.objects.filter(person__erased_at__isnull=True).exclude(person=person)
    is_shared = Q(pk__in=others.filter(idea__in=theirs).values("idea_id"))
    own = Idea.objects.filter(pk__in=theirs)
    states = list(own.exclude(is_shared).values_list("status", flat=True))
    n_shared = own.filter(is_shared).count()
    n_drafts, n_withdrawn = states.count(Idea.Status.DRAFT), states.count(Idea.Status.WITHDRAWN)
    n_submitted = len(states) - n_drafts - n_withdrawn
    goes, stays = [], []
    if n_drafts:
        drafts = ngettext("Your %(count)d draft with its files.", "Your %(count)d drafts with their files.", n_drafts)
        goes.append(drafts % {"count": n_drafts})
    if n_withdrawn:
        withdrawn = ngettext(
            "What your %(count)d withdrawn idea said, with its files.",
            "What your %(count)d withdrawn ideas said, with their files.",
            n_withdrawn,
        )
        goes.append(withdrawn % {"count": n_withdrawn})
    if n_submitted:
        handed_in = ngettext(
            "The %(count)d idea you handed in, without your name, unless you have its text removed as well.",
            "The %(count)d ideas you handed in, without your name, unless you have their texts removed as well.",
            n_submitted,
        )
        stays.append(handed_in % {"count": n_submitted})
    if n_shared:
        stays.append(_together_line(n_shared))
    if n_postings := box.n_postings_of(person):
        put_in = ngettext(
            "The %(count)d need or idea you put into a box, without your name, unless its text goes as well.",
            "The %(count)d needs and ideas you put into boxes, without your name, unless their texts go as well.",
            n_postings,
        )
        stays.append(put_in % {"count": n_postings})
    votes_go, votes_stay = voting.vote_lines(person)
    return ErasureLines(goes=[*goes, *_beside_entries(person), *votes_go], stays=[*stays, *votes_stay])


def _beside_entries(person: Person) -> list[str]:
    """Return what goes beside the entries of a person who is erased."""
    goes = []
    if MergeStep.objects.filter(person=person).exclude(words="").exists():
        goes.append(_("What you wrote about merging entries."))
    if SavedView.objects.filter(person=person).exists():
        goes.append(_("The views of lists you saved, those you share as well."))
    return goes


def _together_line(n_shared: int) -> str:
    """Return what happens to entries somebody writes with others."""
    told = ngettext(
        "The %(count)d entry you write with others: it stays with them, and your part in it, without your name.",
        "The %(count)d entries you write with others: they stay with them, and your part in them, without your name.",
        n_shared,
    )
    return told % {"count": n_shared}


def needed_people() -> QuerySet[Contributor, int]:
    """Return the ids of everybody who has a part in what was handed in, imported entries included."""
    return Contributor.objects.exclude(idea__status=Idea.Status.DRAFT).values_list("person_id", flat=True)


def _credit_data(shared: credit.Credit, person: Person) -> dict[str, Any]:
    """Return the person's part in an entry, not that of others."""
    mine = shared.part_of(person)
    return {
        "role": "author" if mine and mine.is_author else "co-author",
        "per_cent": mine.per_cent if mine else None,
        "agreed_at": shared.agreed_at.isoformat() if shared.agreed_at else None,
    }


def _idea_data(idea: Idea) -> dict[str, Any]:
    """Return one own idea with its versions and the names of its files."""
    return {
        "key": idea.key,
        "challenge": idea.challenge.title,
        "status": idea.status,
        **rules.edited(idea),
        "created_at": idea.created_at.isoformat(),
        "submitted_at": idea.submitted_at.isoformat() if idea.submitted_at else None,
        "withdrawn_at": idea.withdrawn_at.isoformat() if idea.withdrawn_at else None,
        "versions": [
            {
                "number": version.number,
                "made_at": version.made_at.isoformat(),
                "sha256": version.sha256,
                "content": version.content,
            }
            for version in sorted(idea.versions.all(), key=lambda version: version.number)
        ],
        "files": [
            {"name": file.name, "size": file.size, "sha256": file.sha256, "added_at": file.added_at.isoformat()}
            for file in sorted(idea.attachments.all(), key=lambda file: file.pk)
        ],
        "builds_on": sorted(said.earlier.key for said in idea.builds_on.all()),
    }
