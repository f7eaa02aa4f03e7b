"""The pages of ideas: entering and editing outside, reading and importing inside."""

from permea.ideas.views.editing import autosave, discard, entry, erase, settle_copy, submit, version, withdraw
from permea.ideas.views.entering import enter, mine
from permea.ideas.views.files import attach, file, remove
from permea.ideas.views.importing import take_over, upload
from permea.ideas.views.inside import detail, entries

__all__ = [
    "attach",
    "autosave",
    "detail",
    "discard",
    "enter",
    "entries",
    "entry",
    "erase",
    "file",
    "mine",
    "remove",
    "settle_copy",
    "submit",
    "take_over",
    "upload",
    "version",
    "withdraw",
]
