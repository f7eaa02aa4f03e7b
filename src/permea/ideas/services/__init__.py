"""Writing ideas: drafts, handing in, files, taking over from spreadsheets, erasure."""

from permea.foundation.files import storage
from permea.foundation.files.intake import demand_clean, register_file_namer
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
from permea.ideas.services.coauthors import (
    decline_invitation,
    forget_old_invitations,
    invite_coauthor,
    join_entry,
    leave_entry,
    remove_coauthor,
    take_invitation_back,
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
from permea.ideas.services.files import attach_file, remove_file, sweep_files
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
from permea.ideas.services.lineage import build_on, take_back_building_on
from permea.ideas.services.meaning import read_meanings
from permea.ideas.services.merging import answer_merge, ask_to_merge, merge_ideas, take_back_question, undo_merge
from permea.ideas.services.pairing import find_pairs, keep_apart
from permea.ideas.services.readings import keep_readings
from permea.ideas.services.saved import (
    delete_view,
    drop_views,
    forget_views,
    prefer_view,
    rename_view,
    restore_view,
    save_view,
)
from permea.ideas.services.shares import answer_shares, propose_shares
from permea.ideas.services.theme_changes import undo_theme_change
from permea.ideas.services.themes import (
    ask_for_themes,
    make_theme,
    merge_themes,
    move_entries,
    remove_theme,
    rename_theme,
    work_out_themes,
)
from permea.ideas.services.translating import translate_idea
from permea.ideas.services.voting import cast_vote, count_votes, forget_voter

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
    "answer_shares",
    "ask_for_themes",
    "ask_to_merge",
    "attach_file",
    "build_on",
    "cast_vote",
    "change_box",
    "consider",
    "count_votes",
    "create_box",
    "decline_invitation",
    "delete_view",
    "demand_clean",
    "discard_changes",
    "discard_copy",
    "draft_challenge_of",
    "drop_staged",
    "drop_views",
    "enter_challenge",
    "find_pairs",
    "forget_author",
    "forget_old_invitations",
    "forget_old_senders",
    "forget_sender",
    "forget_views",
    "forget_voter",
    "import_ideas",
    "invite_coauthor",
    "join_entry",
    "keep_apart",
    "keep_photo",
    "keep_readings",
    "leave_address",
    "leave_entry",
    "make_theme",
    "merge_ideas",
    "merge_posting",
    "merge_themes",
    "move_entries",
    "post",
    "prefer_view",
    "propose_shares",
    "read_meanings",
    "register_file_namer",
    "remove_coauthor",
    "remove_file",
    "remove_text",
    "remove_theme",
    "rename_theme",
    "rename_view",
    "restore_view",
    "revise_idea",
    "save_draft",
    "save_view",
    "set_box_open",
    "stage_table",
    "start_entry",
    "storage",
    "submit_idea",
    "sweep_files",
    "take_back_building_on",
    "take_back_question",
    "take_invitation_back",
    "translate_idea",
    "undo_merge",
    "undo_theme_change",
    "unmerge_posting",
    "withdraw_idea",
    "withdraw_posting",
    "work_out_themes",
]
