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
from permea.campus.forms.placements import (
    AcceptForm,
    OfferForm,
    OutcomeForm,
    PlacementForm,
    RemarkForm,
    ReportForm,
    StudentAnswerForm,
    StudentForm,
    typed_placement,
)
from permea.campus.forms.plain import (
    PairForm,
    PlainForm,
    ReasonForm,
)

__all__ = [
    "WEEKDAYS",
    "AcceptForm",
    "AgreeForm",
    "AnswerForm",
    "BookingForm",
    "EquipmentForm",
    "HoursForm",
    "IntroductionForm",
    "NewForm",
    "OfferForm",
    "OutcomeForm",
    "PairForm",
    "PlacementForm",
    "PlainForm",
    "ReasonForm",
    "RemarkForm",
    "ReportForm",
    "ShareForm",
    "StudentAnswerForm",
    "StudentForm",
    "typed_of",
    "typed_placement",
]
