"""Writing as somebody of the circle: commenting, changing, taking back, reacting, following, choosing a name."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.dialogue import queries, rules
from permea.dialogue.models import (
    Comment,
    CommentVersion,
    EntryFollower,
    ModerationEntry,
    Participant,
    Reaction,
)
from permea.dialogue.queries import Standing
from permea.dialogue.services.common import entries_of, note
from permea.dialogue.services.threads import let_show, lock_talk, locked_comment, recount
from permea.foundation.refusals import Refusal, demand
from permea.ideas.models import Idea
from permea.people.models import Person


@transaction.atomic
def post_comment(
    *,
    idea_id: int,
    actor: Person,
    text: str,
    language: str,
    at: datetime,
    answers: Comment | None = None,
    is_suggestion: bool = False,
) -> Comment:
    """Comment on an entry, or answer a comment on it; what the rules of moderation hold waits and nobody hears of it.

    Only the first comment of a thread by somebody else than the entry's authors can be a suggestion. The same comment
    sent twice within the hour is written once. Raises RefusedError as `rules.why_not_talk`, `rules.why_not_said` and
    `rules.why_not_answer_to` say.
    """
    lock_talk(idea_id)
    idea = Idea.objects.select_related("challenge__organisation").get(pk=idea_id)
    standing = queries.standing_of(actor, idea, at)
    demand(standing.blocked)
    said = rules.tidy(text)
    demand(rules.why_not_said(said))
    again = queries.said_just_now(actor, idea, said, answers, at)
    if again is not None:
        return again
    if answers is not None:
        answers = locked_comment(answers.pk)
        demand(rules.why_not_answer_to(answers, idea_id))
    verdict = rules.judge_text(said, queries.circumstances_of_comment(actor, idea.challenge.organisation_id, at))
    comment = _new_comment(standing, actor, said, language, answers, at)
    if rules.is_suggestion(is_suggestion, is_answer=answers is not None, is_author=standing.is_author):
        comment.kind = Comment.Kind.SUGGESTION
    if verdict.is_held:
        comment.save()
        note(comment, ModerationEntry.Action.HELD, at=at, by=None, words=verdict.noted)
    else:
        let_show(comment, at=at)
    return comment


def _new_comment(
    standing: Standing, actor: Person, text: str, language: str, answers: Comment | None, at: datetime
) -> Comment:  # fmt: skip
    """Return a comment, not stored, in the voice its writer has on this entry."""
    idea, voice = standing.idea, rules.voice_of(is_author=standing.is_author, is_inside=standing.role is not None)
    is_participant = voice == Comment.Voice.PARTICIPANT
    return Comment(
        organisation_id=idea.organisation_id,
        challenge=idea.challenge,
        idea=idea,
        writer=actor,
        participant=_participant(idea.challenge, actor, at) if is_participant else None,
        voice=voice,
        house_name=actor.display_name if voice == Comment.Voice.HOUSE else "",
        thread_id=(answers.thread_id or answers.pk) if answers is not None else None,
        answers=answers,
        language=language,
        text=text,
        status=Comment.Status.HELD,
        salt=secrets.token_hex(16),
        written_at=at,
    )


def _participant(challenge: Challenge, actor: Person, at: datetime) -> Participant:
    """Return as whom somebody takes part in the talk about a challenge, from now on with the next number."""
    Challenge.objects.select_for_update(of=("self",)).get(pk=challenge.pk)
    found = Participant.objects.filter(challenge=challenge, person=actor).first()
    if found is not None:
        return found
    number = queries.last_number(challenge) + 1
    return Participant.objects.create(challenge=challenge, person=actor, number=number, since=at)


@transaction.atomic
def edit_comment(*, comment_id: int, actor: Person, text: str, at: datetime) -> Comment:
    """Change an own comment shortly after writing it; what it said is kept, and the new text is judged like any other.

    Raises RefusedError as `rules.why_not_edit` and `rules.why_not_said` say.
    """
    comment = locked_comment(comment_id)
    demand(rules.why_not_edit(comment, actor, at=at))
    said = rules.tidy(text)
    demand(rules.why_not_said(said))
    if said == comment.text:
        return comment
    CommentVersion.objects.create(comment=comment, text=comment.text, replaced_at=at)
    verdict = rules.judge_text(
        said, queries.circumstances_of_comment(actor, comment.organisation_id, at, but=comment.pk)
    )
    was_shown = comment.status == Comment.Status.SHOWN
    comment.text, comment.edited_at = said, at
    if verdict.is_held:
        comment.status = Comment.Status.HELD
        note(comment, ModerationEntry.Action.HELD, at=at, by=None, words=verdict.noted)
    comment.save()
    if was_shown and verdict.is_held:
        recount(comment)
    return comment


@transaction.atomic
def take_back_comment(*, comment_id: int, actor: Person, at: datetime) -> Comment:
    """Take an own comment back: its text and what it said before go, its place stays if it is answered.

    Raises RefusedError as `rules.why_not_take_back` says.
    """
    comment = locked_comment(comment_id)
    if comment.writer_id == actor.pk and comment.status == Comment.Status.WITHDRAWN:
        return comment
    demand(rules.why_not_take_back(comment, actor))
    comment.status = Comment.Status.WITHDRAWN
    empty(comment, at=at)
    return comment


def empty(comment: Comment, *, at: datetime) -> None:
    """Remove what a comment says and said, and what the log quotes of it."""
    comment.text, comment.salt, comment.text_removed_at, comment.reported_at = "", "", at, None
    comment.outcome, comment.outcome_words, comment.outcome_by, comment.outcome_at = "", "", None, None
    comment.save()
    comment.versions.all().delete()
    entries_of(comment).exclude(before="").update(before="")
    recount(comment)


@transaction.atomic
def react(*, comment_id: int, actor: Person, kind: str, is_wanted: bool, at: datetime) -> Comment:
    """Give a comment one of the reactions in place of an earlier one, or take it away again; twice is once.

    Raises RefusedError as `rules.why_not_talk` and `rules.why_not_react` say.
    """
    comment = locked_comment(comment_id)
    demand(queries.standing_of(actor, comment.idea, at).blocked)
    demand(rules.why_not_react(comment, actor, kind))
    given = Reaction.objects.filter(comment=comment, person=actor)
    if not is_wanted:
        _count(comment, given.filter(kind=kind))
    elif not given.filter(kind=kind).exists():
        _count(comment, given)
        Reaction.objects.create(comment=comment, person=actor, kind=kind, at=at)
        Comment.objects.filter(pk=comment.pk).update(**{f"n_{kind}": F(f"n_{kind}") + 1})
    comment.refresh_from_db(fields=[f"n_{name}" for name in Reaction.Kind.values])
    return comment


def _count(comment: Comment, gone: QuerySet[Reaction]) -> None:
    """Take reactions away from a comment and from its counts."""
    for kind in gone.values_list("kind", flat=True):
        Comment.objects.filter(pk=comment.pk).update(**{f"n_{kind}": F(f"n_{kind}") - 1})
    gone.delete()


@transaction.atomic
def follow_entry(*, idea_id: int, actor: Person, is_wanted: bool, at: datetime) -> None:
    """Begin or stop telling somebody of comments on an entry; its authors hear of them until they stop it."""
    EntryFollower.objects.update_or_create(
        idea_id=idea_id,
        person=actor,
        defaults={"is_wanted": is_wanted},
        create_defaults={"is_wanted": is_wanted, "since": at},
    )


@transaction.atomic
def choose_name(*, idea_id: int, actor: Person, name: str, at: datetime) -> Participant:
    """Go by a name in the talk about the challenge of an entry; without one by a number again.

    Raises RefusedError as `rules.why_not_talk` and `rules.why_not_name` say, and for a name that is taken.
    """
    idea = Idea.objects.select_related("challenge__organisation").get(pk=idea_id)
    demand(queries.standing_of(actor, idea, at).blocked)
    wanted = " ".join(name.split())
    if wanted:
        demand(rules.why_not_name(wanted, house=idea.challenge.organisation.name))
    participant = _participant(idea.challenge, actor, at)
    if wanted and queries.is_name_taken(participant, rules.fold(wanted)):
        demand(Refusal("comment.name_taken", _("Somebody goes by this name already.")))
    participant.name, participant.folded = wanted, rules.fold(wanted)
    participant.save(update_fields=["name", "folded"])
    return participant
