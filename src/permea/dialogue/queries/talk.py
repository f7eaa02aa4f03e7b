"""What is said about an entry, as its reader sees it: threads with their latest answers, and what the reader may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from permea.challenges.models import Stage
from permea.challenges.queries import is_in_circle, stages_of
from permea.challenges.rules import stage_for
from permea.dialogue import rules
from permea.dialogue.models import Comment, EntryFollower, ModerationEntry, Participant, Reaction, Talk
from permea.dialogue.queries.facts import HAS_PLACE
from permea.dialogue.queries.own import TOLD
from permea.foundation.refusals import Refusal
from permea.ideas.models import Contributor, Idea
from permea.ideas.queries import ideas_visible_to, is_for_signed_in, shown_idea
from permea.ideas.queries.access import Actor
from permea.people.models import Person
from permea.people.queries import role_in
from permea.people.rules import MANAGING
from permea.surface.registry import PagePart

PAGE_SIZE, REPLIES_SHOWN, REPLIES_A_PAGE = 20, 8, 50
EXCERPT = 120
MOST_OWN = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands towards the talk on an entry: who they are there and whether they may write."""

    idea: Idea
    stage: Stage | None
    blocked: Refusal | None
    role: str | None = None
    is_author: bool = False
    is_following: bool = False
    name: str = ""
    label: str = ""
    n_comments: int = 0
    n_threads: int = 0


@dataclass(frozen=True, slots=True)
class ShownReaction:
    """A reaction under a comment: how many gave it, and whether the reader did."""

    kind: str
    label: str
    count: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as its reader sees it; one that is gone keeps its place without words or name."""

    key: str
    status: str
    voice: str
    who: str
    language: str
    text: str
    written_at: datetime
    is_edited: bool
    is_own: bool
    can_edit: bool
    is_suggestion: bool
    is_from_elsewhere: bool
    outcome: str
    outcome_label: str
    outcome_words: str
    quoted_who: str
    quoted_key: str
    quoted_text: str
    reactions: list[ShownReaction]

    @property
    def is_gone(self) -> bool:
        """Say whether only its place is left."""
        return self.status != Comment.Status.SHOWN


@dataclass(frozen=True, slots=True)
class Thread:
    """A first comment with the answers that are shown here; `n_more` are on a page of their own."""

    first: ShownComment
    replies: list[ShownComment]
    n_more: int = 0


@dataclass(frozen=True, slots=True)
class OwnComment:
    """An own comment: under which name it stands, what became of it, and whether its hiding can be objected to."""

    comment: Comment
    who: str
    told: list[ModerationEntry]
    can_object: bool


@dataclass(frozen=True, slots=True)
class TalkPage:
    """One page of the talk on an entry; with `is_one` a single thread, page by page."""

    standing: Standing
    threads: list[Thread] = field(default_factory=list)
    page: Page[Any] | None = None
    is_one: bool = False


def readable_idea(actor: Actor, key: str, at: datetime) -> tuple[Idea, list[Stage]]:
    """Return an entry the actor reads as one of a circle or manages, and the stages in force.

    Raises Http404 for all others. Entries taken over from a table are shown to no circle; what was said about them is
    read by those who manage.
    """
    found = get_object_or_404(Idea.objects.select_related("challenge"), key=key)
    managed = _managed(actor, found, at)
    if managed is not None:
        return managed, stages_of(managed.challenge)
    showing, idea = shown_idea(actor, found.challenge.key, key, at)
    return idea, showing.stages


def _managed(actor: Actor, idea: Idea, at: datetime) -> Idea | None:
    """Return the entry as those who manage its closed challenge read it, None for everybody else."""
    if role_in(actor, idea.organisation_id) not in MANAGING:
        return None
    handed_in = ideas_visible_to(actor, at).filter(status=Idea.Status.SUBMITTED, text_removed_at__isnull=True)
    return handed_in.filter(pk=idea.pk, challenge__closes_at__lte=at).first()


def is_talk_for_signed_in(key: str, at: datetime) -> bool:
    """Say whether a circle that takes signing in reads the entry with this key at `at`."""
    idea = Idea.objects.filter(key=key).select_related("challenge").first()
    return idea is not None and is_for_signed_in(idea.challenge.key, at)


def standing_of(actor: Actor, idea: Idea, at: datetime, stages: Iterable[Stage] | None = None) -> Standing:
    """Return how somebody stands towards the talk on an entry that they read."""
    stage = stage_for(stages_of(idea.challenge) if stages is None else stages, "comment", at=at)
    is_in = stage is not None and is_in_circle(actor, idea.challenge, stage.circle)
    blocked = rules.why_not_talk(is_running=stage is not None, is_in_circle=is_in)
    if not isinstance(actor, Person):
        talk = Talk.objects.filter(idea=idea).first() or Talk()
        return Standing(idea, stage, blocked, n_comments=talk.n_comments, n_threads=talk.n_threads)
    own = _own(actor, idea)
    is_author, number, name = own["is_author"], own["number"], own["name"] or ""
    role = role_in(actor, idea.organisation_id)
    return Standing(
        idea=idea,
        stage=stage,
        blocked=blocked,
        role=role,
        is_author=is_author,
        is_following=is_author if own["wish"] is None else own["wish"],
        name=name,
        label=_label(rules.voice_of(is_author=is_author, is_inside=role is not None), actor, number, name),
        n_comments=own["talk__n_comments"] or 0,
        n_threads=own["talk__n_threads"] or 0,
    )


def _own(actor: Person, idea: Idea) -> dict[str, Any]:
    """Return what is known of somebody's part in an entry and its talk, read at once."""
    part = Participant.objects.filter(challenge=idea.challenge_id, person=actor)
    rows = Idea.objects.filter(pk=idea.pk).annotate(
        is_author=Exists(Contributor.objects.filter(idea=OuterRef("pk"), person=actor)),
        wish=Subquery(EntryFollower.objects.filter(idea=OuterRef("pk"), person=actor).values("is_wanted")[:1]),
        number=Subquery(part.values("number")[:1]),
        name=Subquery(part.values("name")[:1]),
    )
    return dict(rows.values("is_author", "wish", "number", "name", "talk__n_comments", "talk__n_threads").get())


def _label(voice: str, actor: Person, number: int | None, name: str) -> str:
    """Return under what somebody writes; the number of whoever has none yet is not known."""
    if voice == Comment.Voice.AUTHOR:
        return _("Author of this entry")
    if voice == Comment.Voice.HOUSE:
        return actor.display_name
    return name or (rules.numbered(number) if number else "")


def comment_for(actor: Actor, key: str, at: datetime) -> Comment:
    """Return a comment that is shown on an entry the actor reads. Raises Http404 for all others."""
    rows = Comment.objects.filter(status=Comment.Status.SHOWN)
    comment = get_object_or_404(rows.select_related("idea__challenge__organisation", "participant"), key=key)
    shown_idea(actor, comment.idea.challenge.key, comment.idea.key, at)
    return comment


def answered_comment(idea: Idea, key: str) -> Comment | None:
    """Return the comment on an entry that is to be answered, None if no key is given. Raises Http404 for others."""
    if not key:
        return None
    shown = Comment.objects.filter(idea=idea, status=Comment.Status.SHOWN).select_related("participant")
    return get_object_or_404(shown, key=key)


def my_comment(actor: Person, key: str) -> Comment:
    """Return an own comment. Raises Http404 for all others."""
    return get_object_or_404(Comment.objects.filter(writer=actor).select_related("idea", "challenge"), key=key)


def name_of(comment: Comment) -> str:
    """Return under what a comment stands; its participant has to be read with it."""
    if comment.voice == Comment.Voice.AUTHOR:
        return _("Author of this entry")
    if comment.participant is not None:
        return rules.called(comment.participant)
    if comment.voice == Comment.Voice.IMPORTED:
        return _("Somebody from %(source)s") % {"source": comment.source}
    return comment.house_name or _("Member of the firm")


def talk_page(actor: Actor, key: str, at: datetime, *, page: int = 1, thread: str = "") -> TalkPage:
    """Return one page of the talk on an entry the actor reads, or of one thread. Raises Http404 for all others."""
    idea, stages = readable_idea(actor, key, at)
    standing = standing_of(actor, idea, at, stages)
    if thread:
        return _one_thread(actor, standing, thread, at, page)
    return _threads(actor, standing, at, page)


def talk_part(key: str, actor: Actor, at: datetime) -> PagePart | None:
    """Return what the page of an entry says of the talk on it: nothing while nobody may talk and nobody has."""
    idea = Idea.objects.select_related("challenge__organisation").get(key=key)
    standing = standing_of(actor, idea, at)
    if standing.stage is None and not standing.n_comments:
        return None
    return PagePart("dialogue/_talk.html", {"standing": standing, "at": at}, style="dialogue/dialogue.css")


def inside_talk_part(key: str, actor: Actor, at: datetime) -> PagePart | None:
    """Return what the page of an entry inside says of the talk on it to who manages, once somebody has talked."""
    idea = Idea.objects.select_related("challenge__organisation").get(key=key)
    if _managed(actor, idea, at) is None:
        return None
    standing = standing_of(actor, idea, at)
    context = {"standing": standing, "at": at}
    return PagePart("dialogue/_talk.html", context, style="dialogue/dialogue.css") if standing.n_comments else None


def own_comments(actor: Person) -> list[OwnComment]:
    """Return the actor's own comments, the latest first, with what was done about each."""
    told = ModerationEntry.objects.filter(action__in=TOLD).order_by("at", "pk")
    rows = Comment.objects.filter(writer=actor).select_related("challenge", "idea", "participant")
    return [
        OwnComment(row, name_of(row), list(row.moderation.all()), rules.can_object(row))
        for row in rows.prefetch_related(Prefetch("moderation", told)).order_by("-written_at", "-pk")[:MOST_OWN]
    ]


def _threads(actor: Actor, standing: Standing, at: datetime, number: int) -> TalkPage:
    """Return one page of threads, the oldest first, each with its first answers."""
    page = Paginator(range(standing.n_threads), PAGE_SIZE).get_page(number)
    if not standing.n_threads:
        return TalkPage(standing, [], page)
    heads = _rows(actor, Comment.objects.filter(HAS_PLACE, idea=standing.idea, thread__isnull=True))
    shown = list(heads[page.start_index() - 1 : page.end_index()])
    place = Window(RowNumber(), partition_by=F("thread"), order_by=("written_at", "pk"))
    replies = Comment.objects.filter(HAS_PLACE, thread__in=[head.pk for head in shown])
    few = replies.annotate(place=place).filter(place__lte=REPLIES_SHOWN)
    by_thread: dict[int | None, list[Comment]] = {}
    for reply in _rows(actor, few):
        by_thread.setdefault(reply.thread_id, []).append(reply)
    threads = []
    for head in shown:
        answers = by_thread.get(head.pk, [])
        n_shown = sum(answer.status == Comment.Status.SHOWN for answer in answers)
        first = _shown(head, actor, at)
        threads.append(Thread(first, [_shown(row, actor, at) for row in answers], max(head.n_replies - n_shown, 0)))
    return TalkPage(standing, threads, page)


def _one_thread(actor: Actor, standing: Standing, key: str, at: datetime, number: int) -> TalkPage:
    """Return one page of the answers in a thread. Raises Http404 if the entry has no such thread."""
    heads = _rows(actor, Comment.objects.filter(HAS_PLACE, idea=standing.idea, thread__isnull=True, key=key))
    head = heads.first()
    if head is None:
        raise Http404
    page = Paginator(_rows(actor, Comment.objects.filter(HAS_PLACE, thread=head)), REPLIES_A_PAGE).get_page(number)
    replies = [_shown(row, actor, at) for row in page.object_list]
    return TalkPage(standing, [Thread(_shown(head, actor, at), replies)], page, is_one=True)


def _rows(actor: Actor, rows: QuerySet[Comment]) -> QuerySet[Comment]:
    """Return comments, the oldest first, with the names they stand under and the reader's own reactions."""
    if isinstance(actor, Person):
        mine = Reaction.objects.filter(comment=OuterRef("pk"), person=actor)
        rows = rows.annotate(**{f"has_{kind}": Exists(mine.filter(kind=kind)) for kind in Reaction.Kind.values})
    return rows.select_related("participant", "answers__participant").order_by("written_at", "pk")


def _shown(row: Comment, actor: Actor, at: datetime) -> ShownComment:
    """Return a comment as its reader sees it."""
    is_shown = row.status == Comment.Status.SHOWN
    quoted = row.answers if is_shown and row.answers_id != row.thread_id else None
    is_quotable = quoted is not None and quoted.status == Comment.Status.SHOWN
    is_own = isinstance(actor, Person) and row.writer_id == actor.pk
    return ShownComment(
        key=row.key,
        status=row.status,
        voice=row.voice,
        who=name_of(row) if is_shown else "",
        language=row.language,
        text=row.text if is_shown else "",
        written_at=row.written_at,
        is_edited=row.edited_at is not None,
        is_own=is_own,
        can_edit=is_own and isinstance(actor, Person) and rules.why_not_edit(row, actor, at=at) is None,
        is_from_elsewhere=row.writer_id is None,
        is_suggestion=row.kind == Comment.Kind.SUGGESTION,
        outcome=row.outcome,
        outcome_label=str(row.get_outcome_display()),
        outcome_words=row.outcome_words,
        quoted_who=name_of(quoted) if quoted is not None and is_quotable else "",
        quoted_key=quoted.key if quoted is not None and is_quotable else "",
        quoted_text=_excerpt(quoted.text) if quoted is not None and is_quotable else "",
        reactions=[
            ShownReaction(kind, str(label), getattr(row, f"n_{kind}"), getattr(row, f"has_{kind}", False))
            for kind, label in Reaction.Kind.choices
        ],
    )


def _excerpt(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"
