"""Alliances with their parties and charters, and what each party puts in."""

from permea.alliances.models.alliances import Acceptance, Alliance, Charter, Party
from permea.alliances.models.contributions import Contribution, Word
from permea.alliances.models.pulse import Matter, PulseAnswer

__all__ = ["Acceptance", "Alliance", "Charter", "Contribution", "Matter", "Party", "PulseAnswer", "Word"]
