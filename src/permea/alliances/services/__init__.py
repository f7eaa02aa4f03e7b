"""Writing alliances."""

from permea.alliances.services.alliances import (
    AllianceInput,
    accept_charter,
    begin_alliance,
    export_alliance,
    offer_alliance,
    write_charter,
)
from permea.alliances.services.lines import LineInput, answer_line, write_line
from permea.alliances.services.pulse import answer_pulse, climb, raise_matter, solve_matter

__all__ = [
    "AllianceInput",
    "LineInput",
    "accept_charter",
    "answer_line",
    "answer_pulse",
    "begin_alliance",
    "climb",
    "export_alliance",
    "offer_alliance",
    "raise_matter",
    "solve_matter",
    "write_charter",
    "write_line",
]
