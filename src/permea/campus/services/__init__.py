"""Writing equipment."""

from permea.campus.services.bookings import (
    agree_hours,
    answer_booking,
    ask_booking,
    cancel_booking,
    say_hours,
)
from permea.campus.services.equipment import (
    EquipmentInput,
    change_equipment,
    enter_equipment,
    introduce,
    share_equipment,
)

__all__ = [
    "EquipmentInput",
    "agree_hours",
    "answer_booking",
    "ask_booking",
    "cancel_booking",
    "change_equipment",
    "enter_equipment",
    "introduce",
    "say_hours",
    "share_equipment",
]
