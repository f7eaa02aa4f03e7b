"""What the clock sets off in the ledger."""

from __future__ import annotations

from datetime import datetime

from permea.foundation.duties import duty
from permea.ledger import services


@duty
def sign_grown_chains(at: datetime) -> None:
    """Sign a head for each chain that grew, at most once an hour."""
    services.sign_due_heads(at=at)
