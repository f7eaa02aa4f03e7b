"""Forms of alliances."""

from permea.alliances.forms.alliances import (
    AllianceForm,
    AnswerForm,
    CharterForm,
    CloseForm,
    LineForm,
    MatterForm,
    PulseForm,
    ResultForm,
    SplitForm,
    SuccessForm,
    begin_of,
    begin_of_split,
)
from permea.alliances.forms.joining import JoiningForm

__all__ = [
    "AllianceForm",
    "AnswerForm",
    "CharterForm",
    "CloseForm",
    "JoiningForm",
    "LineForm",
    "MatterForm",
    "PulseForm",
    "ResultForm",
    "SplitForm",
    "SuccessForm",
    "begin_of",
    "begin_of_split",
]
