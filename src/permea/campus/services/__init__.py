"""Writing equipment and placements."""

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
from permea.campus.services.placement_ends import (
    close_placement,
    end_placement,
    forget_student,
    hand_in_report,
    remark_on_report,
    say_outcome,
)
from permea.campus.services.placements import (
    PlacementInput,
    accept_placement,
    answer_student,
    change_placement,
    decline_placement,
    name_student,
    offer_placement,
)

__all__ = [
    "EquipmentInput",
    "PlacementInput",
    "accept_placement",
    "agree_hours",
    "answer_booking",
    "answer_student",
    "ask_booking",
    "cancel_booking",
    "change_equipment",
    "change_placement",
    "close_placement",
    "decline_placement",
    "end_placement",
    "enter_equipment",
    "forget_student",
    "hand_in_report",
    "introduce",
    "name_student",
    "offer_placement",
    "remark_on_report",
    "say_hours",
    "say_outcome",
    "share_equipment",
]
