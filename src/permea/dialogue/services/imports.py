"""Taking comments over from a table: all rows or none, the same table twice adds nothing; erasing who spoke there."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction

from permea.challenges.models import Challenge
from permea.dialogue import queries, rules
from permea.dialogue.models import Comment, Participant, Talk
from permea.dialogue.services.commenting import empty
from permea.dialogue.services.common import managed_text
from permea.dialogue.services.threads import locked_comment
from permea.foundation.refusals import demand
from permea.ideas.models import StagedTable
from permea.ideas.rules import import_digest
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Person
from permea.people.queries import role_in

BATCH = 500
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many comments were added, how many were there already, and how many people spoke whom nobody knew."""

    n_added: int
    n_present: int
    n_voices: int


def _untold(done: int, total: int) -> None:
    """Tell nobody how far it is."""
    del done, total


@transaction.atomic
def import_comments(
    *,
    challenge_id: int,
    actor: Person,
    rows: Sequence[rules.CommentRow],
    source: str,
    at: datetime,
    source_sha256: str = "",
    tell: Tell = _untold,
) -> TakenOver:
    """Let every row stand as a comment of somebody without an account, unless its number is there; all or nothing.

    Nobody is told of them. One crossing tells of all, with one digest over their fingerprints. `tell` hears how many
    are stored so far. Raises RefusedError as `rules.why_not_take_over` says.
    """
    idea_ids = sorted({row.idea_id for row in rows})
    Talk.objects.bulk_create([Talk(idea_id=pk) for pk in idea_ids], ignore_conflicts=True, batch_size=BATCH)
    talks = list(_locked_talks(idea_ids))
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    demand(rules.why_not_take_over(challenge, role=role_in(actor, challenge.organisation_id)))
    known = queries.comments_taken_over(challenge)
    new = [row for row in rows if row.external_id not in known]
    if not new:
        return TakenOver(0, len(rows), 0)
    voices, n_voices = _voices(challenge, new, at)
    made: list[Comment] = []
    for _depth, level in groupby(sorted(new, key=lambda row: row.depth), key=lambda row: row.depth):
        below = list(level)
        for first in range(0, len(below), BATCH):
            batch = [_comment(challenge, row, known, voices, source, at) for row in below[first : first + BATCH]]
            made += Comment.objects.bulk_create(batch)
            known |= {comment.external_id: comment for comment in batch}
            tell(len(made), len(new))
    _count(made, talks)
    StagedTable.objects.filter(challenge=challenge, uploaded_by=actor).delete()
    _record(challenge, actor, made, source_sha256, at)
    return TakenOver(len(made), len(rows) - len(new), n_voices)


def _locked_talks(idea_ids: Sequence[int]) -> Iterator[Talk]:
    """Yield what is counted about the talk on entries, locked in the order of the entries."""
    for first in range(0, len(idea_ids), BATCH):
        chosen = Talk.objects.select_for_update(of=("self",)).filter(idea_id__in=idea_ids[first : first + BATCH])
        yield from chosen.order_by("idea_id")


def _voices(
    challenge: Challenge, rows: Sequence[rules.CommentRow], at: datetime
) -> tuple[dict[str, Participant], int]:  # fmt: skip
    """Return by their marks those who speak in the rows, and how many have not before; these get the next numbers."""
    voices = queries.voices_of(challenge)
    new = {row.mark: row.name for row in rows if row.mark and row.mark not in voices}
    last = queries.last_number(challenge)
    made = [
        Participant(challenge=challenge, number=number, imported_name=name, mark=mark, since=at)
        for number, (mark, name) in enumerate(new.items(), start=last + 1)
    ]
    Participant.objects.bulk_create(made, batch_size=BATCH)
    return voices | {one.mark: one for one in made}, len(made)


def _comment(
    challenge: Challenge, row: rules.CommentRow, known: dict[str, Comment], voices: dict[str, Participant],
    source: str, at: datetime,
) -> Comment:  # fmt: skip
    """Return a comment, not stored, in its thread."""
    above = known.get(row.parent)
    return Comment(
        organisation_id=challenge.organisation_id,
        challenge=challenge,
        idea_id=row.idea_id,
        participant=voices.get(row.mark),
        voice=Comment.Voice.IMPORTED,
        source=source,
        external_id=row.external_id,
        thread_id=(above.thread_id or above.pk) if above is not None else None,
        answers=above,
        language=row.language,
        text=row.text,
        status=Comment.Status.SHOWN,
        salt=secrets.token_hex(16),
        written_at=row.written_at or at,
        came_in_at=at,
    )


def _count(made: Sequence[Comment], talks: Sequence[Talk]) -> None:
    """Put right what is counted around comments that came: answers, replies, threads and comments."""
    above = {comment.answers_id for comment in made} | {comment.thread_id for comment in made}
    ids = sorted(pk for pk in above if pk is not None)
    for first in range(0, len(ids), BATCH):
        heads = queries.counted_answers(ids[first : first + BATCH])
        Comment.objects.bulk_update(heads, ["n_answers", "n_replies"])
    for first in range(0, len(talks), BATCH):
        counted = queries.recounted(talks[first : first + BATCH])
        Talk.objects.bulk_update(counted, ["n_comments", "n_threads"])


def _record(
    challenge: Challenge, actor: Person, made: Sequence[Comment], source_sha256: str, at: datetime
) -> None:  # fmt: skip
    """Write the one crossing that tells of all that was taken over."""
    digest = import_digest([(one.key, rules.fingerprint(one.text, one.salt)) for one in made])
    record_crossing(
        organisation=challenge.organisation,
        kind="comments.imported",
        direction=Crossing.Direction.IN,
        depth=Crossing.Depth.INVITED,
        subject_type="challenge",
        subject_key=challenge.key,
        at=at,
        actor=actor,
        challenge_key=challenge.key,
        facts={"comments": len(made), "digest": digest, "file_sha256": source_sha256},
    )


@transaction.atomic
def erase_voice(*, comment_id: int, actor: Person, at: datetime) -> int:
    """Erase what somebody without an account said in a challenge, and their name; return how many comments it was.

    Their places stay where others answered, and the same table does not bring them back. Raises RefusedError to
    non-managers and as `rules.why_not_erase_voice` says.
    """
    comment = managed_text(Comment.objects.get(pk=comment_id), actor)
    demand(rules.why_not_erase_voice(comment))
    Participant.objects.filter(comments=comment).update(imported_name="", mark="", name="", folded="")
    ids = queries.comments_of_voice(comment)
    for one_id in ids:
        one = locked_comment(one_id)
        one.status, one.hidden_at, one.house_name = Comment.Status.WITHDRAWN, None, ""
        empty(one, at=at)
    return len(ids)
