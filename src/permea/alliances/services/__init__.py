"""Writing alliances."""

from permea.alliances.services.alliances import (
    AllianceInput,
    accept_charter,
    begin_alliance,
    export_alliance,
    export_book,
    offer_alliance,
    write_charter,
)
from permea.alliances.services.closing import (
    RatingInput,
    ask_to_close,
    close_alliance,
    confirm_milestone,
    rate_success,
    reach_milestone,
    take_back_closing,
)
from permea.alliances.services.joining import (
    agree_to_joining,
    enter,
    propose_joining,
    refuse_joining,
    withdraw_joining,
)
from permea.alliances.services.lines import LineInput, answer_line, write_line
from permea.alliances.services.pulse import answer_pulse, climb, raise_matter, solve_matter
from permea.alliances.services.results import accept_split, name_result, propose_split

__all__ = [
    "AllianceInput",
    "LineInput",
    "RatingInput",
    "accept_charter",
    "accept_split",
    "agree_to_joining",
    "answer_line",
    "answer_pulse",
    "ask_to_close",
    "begin_alliance",
    "climb",
    "close_alliance",
    "confirm_milestone",
    "enter",
    "export_alliance",
    "export_book",
    "name_result",
    "offer_alliance",
    "propose_joining",
    "propose_split",
    "raise_matter",
    "rate_success",
    "reach_milestone",
    "refuse_joining",
    "solve_matter",
    "take_back_closing",
    "withdraw_joining",
    "write_charter",
    "write_line",
]
