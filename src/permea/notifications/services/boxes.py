"""What is written to those who put something into a box and left an address."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from permea.ideas.models import Posting
from permea.notifications import queries, rules
from permea.notifications.services.mails import tell

REPLY_PAUSE = timedelta(hours=1)


def tell_posting_received(
    *, posting_id: int, token: str, at: datetime, n_left_out: int = 0, is_cut: bool = False
) -> None:
    """Send the sender of a posting its private link; the mail repeats nothing of what was written.

    So nobody can have this instance send words of theirs to somebody else. What came by mail is answered at most once
    an hour: two machines that answer each other come to rest.
    """
    posting = _posting(posting_id)
    is_by_mail = posting.channel == Posting.Channel.MAIL
    if not posting.sender_email or (is_by_mail and queries.was_replied(posting.sender_email, since=at - REPLY_PAUSE)):
        return
    tell(
        to=posting.sender_email,
        kind=rules.REPLY_KIND if is_by_mail else "posting_receipt",
        at=at,
        organisation=posting.organisation,
        about=posting.key,
        language=posting.language,
        posting=posting,
        token=token,
        n_left_out=n_left_out,
        is_cut=is_cut,
        takes_answers=bool(settings.INBOX_ADDRESS),
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
