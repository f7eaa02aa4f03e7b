"""What every write to a comment needs: the locked talk and row, its counts, and showing it."""

from __future__ import annotations

from datetime import datetime

from permea.dialogue import queries, rules
from permea.dialogue.events import CommentPosted
from permea.dialogue.models import Comment, EntryFollower, Talk
from permea.foundation.events import publish
from permea.ledger.services import record_crossing


def lock_talk(idea_id: int) -> Talk:
    """Return what is counted about the talk on an entry, locked until the transaction ends: all writes pass here."""
    Talk.objects.get_or_create(idea_id=idea_id)
    return Talk.objects.select_for_update(of=("self",)).get(idea_id=idea_id)


def locked_comment(comment_id: int) -> Comment:
    """Return the comment with its entry and challenge, locked, after the talk it belongs to."""
    lock_talk(Comment.objects.values_list("idea_id", flat=True).get(pk=comment_id))
    return (
        Comment.objects.select_for_update(of=("self",))
        .select_related("challenge__organisation", "idea", "writer")
        .get(pk=comment_id)
    )


def recount(comment: Comment) -> None:
    """Put right what is counted around a comment that came or went: answers, replies, threads and comments."""
    if comment.answers_id is not None:
        Comment.objects.filter(pk=comment.answers_id).update(n_answers=queries.count_answers(comment.answers_id))
    if comment.thread_id is not None:
        Comment.objects.filter(pk=comment.thread_id).update(n_replies=queries.count_replies(comment.thread_id))
    n_comments, n_threads = queries.count_talk(comment.idea_id)
    Talk.objects.filter(idea_id=comment.idea_id).update(n_comments=n_comments, n_threads=n_threads)


def let_show(comment: Comment, *, at: datetime) -> None:
    """Show a comment from `at` on; the first time it has come in, and whoever it concerns hears of it.

    Its writer follows the entry from then on, unless they have said that they do not want to.

    What somebody from outside says crosses the boundary: the ledger gets its fingerprint, not who said it.
    """
    is_new = comment.came_in_at is None
    comment.status, comment.came_in_at = Comment.Status.SHOWN, comment.came_in_at or at
    comment.save()
    recount(comment)
    if not is_new or comment.writer is None:
        return
    wish = {"is_wanted": True, "since": at}
    EntryFollower.objects.get_or_create(idea=comment.idea, person=comment.writer, defaults=wish)
    if not queries.is_from_inside(comment):
        record_crossing(
            organisation=comment.challenge.organisation,
            kind="comment.posted",
            direction="in",
            depth="invited",
            subject_type="comment",
            subject_key=comment.key,
            challenge_key=comment.challenge.key,
            at=at,
            facts={
                "idea": comment.idea.key,
                "language": comment.language,
                "sha256": rules.fingerprint(comment.text, comment.salt),
            },
        )
    publish(
        CommentPosted(challenge_id=comment.challenge_id, idea_id=comment.idea_id, comment_id=comment.pk, at=at)
    )  # fmt: skip
