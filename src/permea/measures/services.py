"""Writing measures: that a report was taken along."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.foundation.refusals import demand
from permea.ledger.services import record_export
from permea.measures import rules
from permea.people.models import Organisation, Person


@transaction.atomic
def export_reach(
    *, organisation: Organisation, chosen: Challenge | None, actor: Person, table: str, n_rows: int, at: datetime
) -> bytes:
    """Hand the reach report out as a file, and enter that in the ledger with the file's hash.

    Raises RefusedError as `rules.why_not_export` says.
    """
    demand(rules.why_not_export(n_rows))
    return record_export(
        organisation=organisation,
        kind="reach.exported",
        table=table,
        n_rows=n_rows,
        actor=actor,
        at=at,
        challenge_key=chosen.key if chosen else "",
    )
