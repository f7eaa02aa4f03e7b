"""The pages of ideas: entering and editing outside, reading and importing inside."""

from permea.ideas.views.editing import autosave, discard, entry, erase, settle_copy, submit, version, withdraw
from permea.ideas.views.entering import enter, mine
from permea.ideas.views.files import attach, file, remove
from permea.ideas.views.importing import take_over, upload
from permea.ideas.views.inside import detail, entries
from permea.ideas.views.merging import answer, keep_apart, look, pair, similar, unmerge

__all__ = [
    "answer",
    "attach",
    "autosave",
    "detail",
    "discard",
    "enter",
    "entries",
    "entry",
    "erase",
    "file",
    "keep_apart",
    "look",
    "mine",
    "pair",
    "remove",
    "settle_copy",
    "similar",
    "submit",
    "take_over",
    "unmerge",
    "upload",
    "version",
    "withdraw",
]
