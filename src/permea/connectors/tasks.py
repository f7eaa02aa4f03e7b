"""What the clock sets off: the mailbox is read."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from permea.connectors import rules, services
from permea.foundation.duties import duty

PAUSE_KEY = "connectors:mailbox-read"


@duty
def read_mailbox(at: datetime) -> None:
    """Read the mailbox every two minutes, and forget what is old."""
    if settings.INBOX_URL and cache.add(PAUSE_KEY, "yes", timeout=int(rules.PAUSE.total_seconds())):
        services.read_mailbox(at=at)
        services.forget_old_mails(at=at)
