"""Customer panels, and what is asked of them: concept tests and rounds with a prototype."""

from permea.trials.models.asking import Asking, Place
from permea.trials.models.concepts import Choice, ConceptTest, Rating, Respondent, ScaleQuestion, Variant, Verdict
from permea.trials.models.panels import ConsentText, CustomerPanel, PanelMember
from permea.trials.models.prototypes import Participant, Prototype, PrototypeRound, Suggestion

__all__ = [
    "Asking",
    "Choice",
    "ConceptTest",
    "ConsentText",
    "CustomerPanel",
    "PanelMember",
    "Participant",
    "Place",
    "Prototype",
    "PrototypeRound",
    "Rating",
    "Respondent",
    "ScaleQuestion",
    "Suggestion",
    "Variant",
    "Verdict",
]
