"""Forms of campus: shape only."""

from permea.campus.forms.equipment import (
    WEEKDAYS,
    AgreeForm,
    AnswerForm,
    BookingForm,
    EquipmentForm,
    HoursForm,
    IntroductionForm,
    NewForm,
    ShareForm,
    typed_of,
)
from permea.campus.forms.plain import (
    PairForm,
    PlainForm,
    ReasonForm,
)

__all__ = [
    "WEEKDAYS",
    "AgreeForm",
    "AnswerForm",
    "BookingForm",
    "EquipmentForm",
    "HoursForm",
    "IntroductionForm",
    "NewForm",
    "PairForm",
    "PlainForm",
    "ReasonForm",
    "ShareForm",
    "typed_of",
]
