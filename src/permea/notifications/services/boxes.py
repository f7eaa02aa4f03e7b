"""What is written to those who put something into a box and left an address."""

from __future__ import annotations

from datetime import datetime

from permea.ideas.models import Posting
from permea.notifications.services.mails import tell


def tell_posting_received(*, posting_id: int, token: str, at: datetime) -> None:
    """Send the sender of a posting its private link; the mail repeats nothing of what was written.

    So nobody can have this instance send words of theirs to somebody else.
    """
    posting = _posting(posting_id)
    if not posting.sender_email:
        return
    tell(
        to=posting.sender_email,
        kind="posting_receipt",
        at=at,
        organisation=posting.organisation,
        about=posting.key,
        language=posting.language,
        posting=posting,
        token=token,
    )


def tell_posting_answer(*, posting_id: int, at: datetime) -> None:
    """Send the sender of a posting the answer, if they left an address."""
    posting = _posting(posting_id)
    if not posting.sender_email:
        return
    tell(
        to=posting.sender_email,
        kind="posting_answer",
        at=at,
        organisation=posting.organisation,
        about=posting.key,
        language=posting.language,
        posting=posting,
        main=posting.merged_into or posting,
    )


def _posting(posting_id: int) -> Posting:
    """Return the posting with what its letters speak of."""
    return Posting.objects.select_related("box", "organisation", "merged_into").get(pk=posting_id)
