"""What risks announces."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggersFired(Event):
    """Something that a risk is watched for has come to pass; each time it does it is announced once."""

    risk_id: int
    trigger_ids: tuple[int, ...]
