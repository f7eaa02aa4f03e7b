"""What the clock sets off in dialogue."""

from __future__ import annotations

from datetime import datetime

from permea.dialogue import services
from permea.foundation.duties import duty


@duty
def tell_answers(at: datetime) -> None:
    """Announce answers that were published a while ago, those of a challenge together."""
    services.tell_answers(at=at)
