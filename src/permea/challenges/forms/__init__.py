"""What pages of challenges ask for: shape only."""

from permea.challenges.forms.editor import (
    BriefStep,
    CriterionForm,
    DatesStep,
    ExtendForm,
    GoalStep,
    HintForm,
    PrizeStep,
    ReasonForm,
    StepForm,
)
from permea.challenges.forms.stages import MoveRuleForm, StepRows
from permea.challenges.forms.start import StartForm

__all__ = [
    "BriefStep",
    "CriterionForm",
    "DatesStep",
    "ExtendForm",
    "GoalStep",
    "HintForm",
    "MoveRuleForm",
    "PrizeStep",
    "ReasonForm",
    "StartForm",
    "StepForm",
    "StepRows",
]
