"""What the sender of a posting adds to it while it waits."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from permea.foundation.refusals import demand
from permea.ideas import rules
from permea.ideas.models import Posting, PostingNote, PostingStep
from permea.ideas.services.box import locked_posting
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing


@transaction.atomic
def add_note(*, posting_id: int, text: str, seed: str, at: datetime) -> PostingNote:
    """Add to a posting what its sender says later; the same seed twice is one note, the first.

    Who calls this has seen that it comes from the sender. Raises RefusedError as `rules.why_not_note` says.
    """
    posting = locked_posting(posting_id)
    former = PostingNote.objects.filter(form_hash=rules.form_hash(seed)).first()
    if former is not None:
        return former
    said = text.replace("\r\n", "\n").strip()
    demand(rules.why_not_note(posting, text=said))
    note = PostingNote.objects.create(posting=posting, text=said, form_hash=rules.form_hash(seed), at=at)
    PostingStep.objects.create(posting=posting, what=PostingStep.What.NOTED, at=at)
    _record_addition(posting, said, at)
    return note


def _record_addition(posting: Posting, said: str, at: datetime) -> None:
    """Append to the ledger that something was added: its salted fingerprint, not its content, and nobody's name."""
    record_crossing(
        organisation=posting.organisation,
        kind="posting.noted",
        direction=Crossing.Direction.IN,
        depth=Crossing.Depth.INVITED,
        subject_type="posting",
        subject_key=posting.key,
        at=at,
        facts={"sha256": hashlib.sha256(f"{posting.salt}:{said}".encode()).hexdigest()},
    )
