"""The main job for somebody with two tables and no server: ideas and reviews in, a certified shortlist out.

Nothing here reads or writes the database; only gettext needs Django's settings.
"""

from permea.selection.shortlist.computing import compute_shortlist
from permea.selection.shortlist.inputs import Choices, read_inputs, share_out
from permea.selection.shortlist.limits import InfeasibleLimitsError, read_limits
from permea.selection.shortlist.model import Inputs, Limits, Shortlist
from permea.selection.shortlist.printing import print_shortlist
from permea.selection.shortlist.writing import write_results

__all__ = [
    "Choices",
    "InfeasibleLimitsError",
    "Inputs",
    "Limits",
    "Shortlist",
    "compute_shortlist",
    "print_shortlist",
    "read_inputs",
    "read_limits",
    "share_out",
    "write_results",
]
