"""Writing risks."""

from permea.risks.services.register import (
    RiskInput,
    change_risk,
    confirm_risk,
    export_register,
    note_risk,
    pass_on_risks,
    settle_risk,
    take_starter,
)
from permea.risks.services.watching import end_watch, look_at_triggers, look_now, watch

__all__ = [
    "RiskInput",
    "change_risk",
    "confirm_risk",
    "end_watch",
    "export_register",
    "look_at_triggers",
    "look_now",
    "note_risk",
    "pass_on_risks",
    "settle_risk",
    "take_starter",
    "watch",
]
