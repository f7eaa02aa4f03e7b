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
    StartForm,
    StepForm,
)
from permea.challenges.forms.stages import MoveRuleForm, StepRows

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
