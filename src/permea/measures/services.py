"""Writing measures: that a report was taken along."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.foundation.refusals import demand
from permea.ledger.services import record_crossing
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
    content = table.encode()
    record_crossing(
        organisation=organisation,
        kind="reach.exported",
        direction="out",
        depth="inside",
        subject_type="challenge" if chosen else "organisation",
        subject_key=chosen.key if chosen else organisation.key,
        challenge_key=chosen.key if chosen else "",
        actor=actor,
        facts={"sha256": hashlib.sha256(content).hexdigest(), "rows": n_rows},
        at=at,
    )
    return content
