"""Writing challenges: the draft, its publication, its timetable and its end."""

from permea.challenges.services.brief import (
    draft_challenge,
    let_public_compare,
    publish_challenge,
    save_brief,
    save_criteria,
)
from permea.challenges.services.confidential import (
    agree_to_confidentiality,
    end_confidential_access,
    note_confidential_reading,
)
from permea.challenges.services.lint import set_aside_finding, take_up_finding
from permea.challenges.services.steps import change_steps
from permea.challenges.services.timetable import (
    archive,
    close_early,
    count_entry,
    extend,
    log_effort,
    mark_decided,
    move_by_rule,
    restore,
    tell_entries_closed,
    tell_reviews_opened,
)

__all__ = [
    "agree_to_confidentiality",
    "archive",
    "change_steps",
    "close_early",
    "count_entry",
    "draft_challenge",
    "end_confidential_access",
    "extend",
    "let_public_compare",
    "log_effort",
    "mark_decided",
    "move_by_rule",
    "note_confidential_reading",
    "publish_challenge",
    "restore",
    "save_brief",
    "save_criteria",
    "set_aside_finding",
    "take_up_finding",
    "tell_entries_closed",
    "tell_reviews_opened",
]
