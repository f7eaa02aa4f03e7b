"""Writing projects."""

from permea.projects.services.filling import (
    ItemSaid,
    Measured,
    PointSaid,
    add_criterion,
    add_item,
    add_point,
    hold_sessions,
    measure,
    plan_session,
    say_items,
    say_points,
)
from permea.projects.services.moving import drop, judge, move, promise_support, remind, show_transfer, state_level
from permea.projects.services.transfers import (
    ChangeInput,
    TransferInput,
    begin_transfer,
    change_transfer,
    export_transfers,
)

__all__ = [
    "ChangeInput",
    "ItemSaid",
    "Measured",
    "PointSaid",
    "TransferInput",
    "add_criterion",
    "add_item",
    "add_point",
    "begin_transfer",
    "change_transfer",
    "drop",
    "export_transfers",
    "hold_sessions",
    "judge",
    "measure",
    "move",
    "plan_session",
    "promise_support",
    "remind",
    "say_items",
    "say_points",
    "show_transfer",
    "state_level",
]
