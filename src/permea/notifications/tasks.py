"""What the worker does for notifications: send mails, tell webhooks, remind of answers, build digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from permea.foundation.duties import duty
from permea.foundation.outbox import handles
from permea.notifications import services


@handles(services.SEND)
def send_mail(payload: dict[str, Any], at: datetime) -> None:
    """Send one mail."""
    services.send_mail(mail_id=payload["mail_id"], at=at)


@handles(services.DELIVER)
def deliver(payload: dict[str, Any], at: datetime) -> None:
    """Make one try of a message to a webhook."""
    services.deliver(delivery_id=payload["delivery_id"], replay=payload["replay"], attempt=payload["attempt"], at=at)


@handles(services.BUILD)
def build_digests(payload: dict[str, Any], at: datetime) -> None:
    """Build one batch of digests."""
    services.build_digests(after=payload["after"], at=at)


@handles(services.TELL_COUNTED)
def tell_votes_counted(payload: dict[str, Any], at: datetime) -> None:
    """Tell one batch of people that votes are counted."""
    services.tell_votes_counted(challenge_id=payload["challenge_id"], after=payload["after"], at=at)


@duty
def forget_old_secrets(at: datetime) -> None:
    """Erase secrets of webhooks that were replaced a day ago."""
    services.forget_old_secrets(at=at)


@duty
def queue_digests(at: datetime) -> None:
    """Have the digests built that are due."""
    services.queue_digests(at=at)


@duty
def remind_of_answers(at: datetime) -> None:
    """Remind managers of answers that fall due."""
    services.remind_of_answers(at=at)
