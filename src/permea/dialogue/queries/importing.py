"""What taking comments over has to know: the entries of a challenge, its comments and voices by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404

from permea.challenges.models import Challenge
from permea.dialogue import rules
from permea.dialogue.models import Comment, Participant, Talk
from permea.dialogue.queries.facts import HAS_PLACE
from permea.ideas.models import Idea
from permea.people.models import Person
from permea.people.queries import managed_organisation_ids

READ = (Idea.Status.SUBMITTED, Idea.Status.MERGED)


def known_of(challenge: Challenge, at: datetime) -> rules.Known:
    """Return what rows of a table can refer to in a challenge: its entries that are handed in, and its comments.

    While entries are sealed only those count that came from a table, so that nobody finds out which others there are.
    """
    entries: dict[str, int] = {}
    titles: dict[str, list[int]] = {}
    rows = Idea.objects.filter(challenge=challenge, status__in=READ)
    if challenge.is_sealed_at(at):
        rows = rows.filter(channel=Idea.Channel.IMPORT)
    for pk, key, number, title in rows.values_list("pk", "key", "external_id", "title"):
        entries[key] = pk
        if number:
            entries[number] = pk
        titles.setdefault(rules.fold(title), []).append(pk)
    taken = Comment.objects.filter(challenge=challenge).exclude(external_id="")
    return rules.Known(entries, titles, dict(taken.values_list("external_id", "idea_id")))


def comments_taken_over(challenge: Challenge) -> dict[str, Comment]:
    """Return the comments that came from elsewhere, by the number they had there, without what they say."""
    rows = Comment.objects.filter(challenge=challenge).exclude(external_id="").defer("text")
    return {row.external_id: row for row in rows}


def voices_of(challenge: Challenge) -> dict[str, Participant]:
    """Return those who have spoken elsewhere, by their mark."""
    return {row.mark: row for row in Participant.objects.filter(challenge=challenge).exclude(mark="")}


def recounted(talks: Sequence[Talk]) -> Sequence[Talk]:
    """Return talks with their counts as the comments stand."""
    rows = Comment.objects.filter(idea__in=[talk.idea_id for talk in talks]).order_by().values("idea")
    counts = rows.annotate(
        n_comments=Count("pk", Q(status=Comment.Status.SHOWN)),
        n_threads=Count("pk", HAS_PLACE & Q(thread__isnull=True)),
    )
    by_idea = {row["idea"]: row for row in counts}
    for talk in talks:
        talk.n_comments, talk.n_threads = by_idea[talk.idea_id]["n_comments"], by_idea[talk.idea_id]["n_threads"]
    return talks


def counted_answers(ids: Sequence[int]) -> list[Comment]:
    """Return comments with how many others that are shown answer them, and stand below them in their thread."""
    shown = Comment.objects.filter(status=Comment.Status.SHOWN).order_by()
    answers = dict(shown.filter(answers__in=ids).values_list("answers").annotate(Count("pk")))
    replies = dict(shown.filter(thread__in=ids).values_list("thread").annotate(Count("pk")))
    rows = list(Comment.objects.filter(pk__in=ids).only("pk"))
    for row in rows:
        row.n_answers, row.n_replies = answers.get(row.pk, 0), replies.get(row.pk, 0)
    return rows


def voice_for(actor: Person, key: str) -> Comment:
    """Return a comment that still says something in an organisation the actor manages. Raises Http404 for others."""
    rows = Comment.objects.filter(organisation_id__in=managed_organisation_ids(actor), text_removed_at__isnull=True)
    return get_object_or_404(rows.select_related("idea", "challenge", "participant"), key=key)


def comments_of_voice(comment: Comment) -> list[int]:
    """Return the ids of the comments by the same voice that still say something; without one, of this comment."""
    rows = Comment.objects.filter(challenge=comment.challenge_id, text_removed_at__isnull=True)
    same = Q(pk=comment.pk) if comment.participant_id is None else Q(participant=comment.participant_id)
    return list(rows.filter(same).order_by("idea_id", "pk").values_list("pk", flat=True))
