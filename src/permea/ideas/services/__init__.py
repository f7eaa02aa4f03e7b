"""Writing ideas: drafts, handing in, files, taking over from spreadsheets, merging, erasure."""

from permea.ideas.services import storage
from permea.ideas.services.drafts import (
    Saved,
    adopt_copy,
    discard_changes,
    discard_copy,
    enter_challenge,
    save_draft,
    start_entry,
)
from permea.ideas.services.erasure import forget_author, remove_text
from permea.ideas.services.files import attach_file, remove_file, sweep_files
from permea.ideas.services.handing_in import revise_idea, submit_idea, withdraw_idea
from permea.ideas.services.imports import Imported, drop_staged, import_ideas, stage_table
from permea.ideas.services.merging import answer_merge, ask_to_merge, merge_ideas, take_back_question, undo_merge
from permea.ideas.services.pairing import find_pairs, keep_apart

__all__ = [
    "Imported",
    "Saved",
    "adopt_copy",
    "answer_merge",
    "ask_to_merge",
    "attach_file",
    "discard_changes",
    "discard_copy",
    "drop_staged",
    "enter_challenge",
    "find_pairs",
    "forget_author",
    "import_ideas",
    "keep_apart",
    "merge_ideas",
    "remove_file",
    "remove_text",
    "revise_idea",
    "save_draft",
    "stage_table",
    "start_entry",
    "storage",
    "submit_idea",
    "sweep_files",
    "take_back_question",
    "undo_merge",
    "withdraw_idea",
]
