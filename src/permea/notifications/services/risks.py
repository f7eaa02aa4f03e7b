"""What is written about risks: that something a risk is watched for has come to pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from permea.notifications.services.mails import tell
from permea.people.queries import managers_of, role_in
from permea.risks import rules
from permea.risks.models import Risk, Trigger


def tell_triggers(*, risk_id: int, trigger_ids: Sequence[int], at: datetime) -> None:
    """Tell who looks after a risk what has come to pass; those who manage, if that person may no longer read it."""
    risk = Risk.objects.select_related("organisation", "owner").get(pk=risk_id)
    triggers = list(Trigger.objects.filter(pk__in=trigger_ids).order_by("pk"))
    may_read = rules.why_not_review(risk, risk.owner, role_in(risk.owner, risk.organisation_id)) is None
    for person in [risk.owner] if may_read else managers_of(risk.organisation):
        tell(
            to=person,
            kind="risk_trigger",
            at=at,
            organisation=risk.organisation,
            about=risk.key,
            risk=risk,
            triggers=triggers,
            watched_for=rules.watched_for,
            finding=rules.finding,
        )
