"""The pages of ideas: entering and editing outside, reading and importing inside; boxes, their inbox and widget."""

from permea.ideas.views import inbox
from permea.ideas.views.box import box, box_code, private
from permea.ideas.views.boxes import boxes, edit_box, new_box, open_or_close, poster, widget_page
from permea.ideas.views.coauthors import answer_shares, coauthors, invite, leave, propose, remove_coauthor, take_back
from permea.ideas.views.editing import autosave, discard, entry, erase, settle_copy, submit, version, withdraw
from permea.ideas.views.entering import enter, mine
from permea.ideas.views.files import attach, file, remove
from permea.ideas.views.importing import take_over, upload
from permea.ideas.views.inside import detail, entries, history
from permea.ideas.views.joining import decline, invitation
from permea.ideas.views.merging import answer, keep_apart, look, pair, similar, unmerge
from permea.ideas.views.saved import delete_view, prefer_view, rename_view, restore_view, saved_views
from permea.ideas.views.shown import build, shown, shown_entry, unbuild
from permea.ideas.views.themes import (
    find,
    merge_theme,
    move_to_theme,
    new_theme,
    remove_theme,
    rename_theme,
    theme,
    themes,
    undo_theme_change,
)
from permea.ideas.views.translating import translation
from permea.ideas.views.voting import vote, vote_result
from permea.ideas.views.widget import embed, widget_script

__all__ = [
    "answer",
    "answer_shares",
    "attach",
    "autosave",
    "box",
    "box_code",
    "boxes",
    "build",
    "coauthors",
    "decline",
    "delete_view",
    "detail",
    "discard",
    "edit_box",
    "embed",
    "enter",
    "entries",
    "entry",
    "erase",
    "file",
    "find",
    "history",
    "inbox",
    "invitation",
    "invite",
    "keep_apart",
    "leave",
    "look",
    "merge_theme",
    "mine",
    "move_to_theme",
    "new_box",
    "new_theme",
    "open_or_close",
    "pair",
    "poster",
    "prefer_view",
    "private",
    "propose",
    "remove",
    "remove_coauthor",
    "remove_theme",
    "rename_theme",
    "rename_view",
    "restore_view",
    "saved_views",
    "settle_copy",
    "shown",
    "shown_entry",
    "similar",
    "submit",
    "take_back",
    "take_over",
    "theme",
    "themes",
    "translation",
    "unbuild",
    "undo_theme_change",
    "unmerge",
    "upload",
    "version",
    "vote",
    "vote_result",
    "widget_page",
    "widget_script",
    "withdraw",
]
