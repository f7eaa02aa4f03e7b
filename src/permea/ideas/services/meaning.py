"""Reading what the entries of a closed challenge mean, and storing it: of none before, and with its text it goes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.ideas import queries, rules
from permea.ideas.models import Idea, IdeaVector
from permea.surface.meaning import Encoder, encoder

READ_AT_ONCE = 64  # entries a transaction; how far the work has come shows after each


def read_meanings(*, challenge_id: int, at: datetime, reader: Encoder | None = None) -> int:
    """Store what the handed-in entries of a closed challenge mean, where that is not known yet, and return of how many.

    Of a sealed challenge, and without an encoder, nothing is read. The encoder works outside the transaction; an entry
    that was revised, withdrawn or emptied meanwhile is left alone.
    """
    reader = reader or encoder()
    challenge = Challenge.objects.get(pk=challenge_id)
    if not reader.version or challenge.is_sealed_at(at):
        return 0
    waiting = list(queries.unread(challenge, reader.version).values_list("pk", flat=True))
    return sum(
        _read(waiting[start : start + READ_AT_ONCE], reader, at) for start in range(0, len(waiting), READ_AT_ONCE)
    )


def _read(idea_ids: list[int], reader: Encoder, at: datetime) -> int:
    """Read some entries and store what they mean, if they still say the same; return how many do."""
    from permea_engine.similarity import joined_vectors  # noqa: PLC0415 - NumPy loads at first use

    ideas = list(Idea.objects.filter(pk__in=idea_ids).order_by("pk"))
    titles = reader.encode([idea.title for idea in ideas])
    texts = reader.encode([rules.text_read(idea.title, idea.summary, idea.body) for idea in ideas])
    vectors = joined_vectors(titles, texts)
    with transaction.atomic():
        locked = Idea.objects.select_for_update(of=("self",)).filter(pk__in=idea_ids, status__in=queries.IN_THE_RACE)
        now = dict(locked.filter(text_removed_at__isnull=True).values_list("pk", "n_versions"))
        rows = [
            IdeaVector(
                idea=idea, encoder=reader.version, number=idea.n_versions, values=rules.packed(vector), made_at=at
            )
            for idea, vector in zip(ideas, vectors, strict=True)
            if now.get(idea.pk) == idea.n_versions
        ]
        IdeaVector.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["idea"],
            update_fields=["encoder", "number", "values", "made_at"],
        )
    return len(rows)
