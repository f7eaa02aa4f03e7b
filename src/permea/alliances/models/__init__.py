"""Alliances with their parties and charters, what each puts in, how results are divided, and how it ends."""

from permea.alliances.models.alliances import Acceptance, Alliance, Charter, Party
from permea.alliances.models.closing import Closing, SuccessRating
from permea.alliances.models.contributions import Contribution, Word
from permea.alliances.models.joining import Joining, JoiningAnswer
from permea.alliances.models.pulse import Matter, PulseAnswer
from permea.alliances.models.results import Reached, Result, Split, SplitAcceptance

__all__ = [
    "Acceptance",
    "Alliance",
    "Charter",
    "Closing",
    "Contribution",
    "Joining",
    "JoiningAnswer",
    "Matter",
    "Party",
    "PulseAnswer",
    "Reached",
    "Result",
    "Split",
    "SplitAcceptance",
    "SuccessRating",
    "Word",
]
