"""Writing ideas: drafts, handing in, files, taking over from spreadsheets, erasure."""

from permea.ideas.services import storage
from permea.ideas.services.adding import add_note
from permea.ideas.services.box import (
    BoxInput,
    Photo,
    PostingInput,
    change_box,
    create_box,
    keep_photo,
    leave_address,
    post,
    set_box_open,
    withdraw_posting,
)
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
from permea.ideas.services.files import attach_file, register_file_namer, remove_file, sweep_files
from permea.ideas.services.handing_in import revise_idea, submit_idea, withdraw_idea
from permea.ideas.services.imports import Imported, drop_staged, import_ideas, stage_table
from permea.ideas.services.inbox import (
    answer_posting,
    consider,
    draft_challenge_of,
    forget_old_senders,
    forget_sender,
    merge_posting,
    unmerge_posting,
)
from permea.ideas.services.merging import answer_merge, ask_to_merge, merge_ideas, take_back_question, undo_merge
from permea.ideas.services.pairing import find_pairs, keep_apart

__all__ = [
    "BoxInput",
    "Imported",
    "Photo",
    "PostingInput",
    "Saved",
    "add_note",
    "adopt_copy",
    "answer_merge",
    "answer_posting",
    "ask_to_merge",
    "attach_file",
    "change_box",
    "consider",
    "create_box",
    "discard_changes",
    "discard_copy",
    "draft_challenge_of",
    "drop_staged",
    "enter_challenge",
    "find_pairs",
    "forget_author",
    "forget_old_senders",
    "forget_sender",
    "import_ideas",
    "keep_apart",
    "keep_photo",
    "leave_address",
    "merge_ideas",
    "merge_posting",
    "post",
    "register_file_namer",
    "remove_file",
    "remove_text",
    "revise_idea",
    "save_draft",
    "set_box_open",
    "stage_table",
    "start_entry",
    "storage",
    "submit_idea",
    "sweep_files",
    "take_back_question",
    "undo_merge",
    "unmerge_posting",
    "withdraw_idea",
    "withdraw_posting",
]
