"""What the worker does for notifications: send mails, remind of answers."""

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


@duty
def remind_of_answers(at: datetime) -> None:
    """Remind managers of answers that fall due."""
    services.remind_of_answers(at=at)
