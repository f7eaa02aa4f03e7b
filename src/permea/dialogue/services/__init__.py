"""Writing dialogue: questions, answers, comments, moderation, erasure."""

from permea.dialogue.services.answering import answer_question, reword_and_answer, reword_question, tell_answers
from permea.dialogue.services.asking import ask_question, follow, withdraw_question
from permea.dialogue.services.commenting import (
    choose_name,
    edit_comment,
    follow_entry,
    post_comment,
    react,
    take_back_comment,
)
from permea.dialogue.services.erasure import forget_writer
from permea.dialogue.services.imports import (
    TakenOver,
    erase_voice,
    import_comments,
)
from permea.dialogue.services.moderating import (
    appeal,
    decide_appeal,
    dismiss_reports,
    hide_text,
    release_text,
    report_text,
)
from permea.dialogue.services.suggestions import settle_suggestion

__all__ = [
    "TakenOver",
    "answer_question",
    "appeal",
    "ask_question",
    "choose_name",
    "decide_appeal",
    "dismiss_reports",
    "edit_comment",
    "erase_voice",
    "follow",
    "follow_entry",
    "forget_writer",
    "hide_text",
    "import_comments",
    "post_comment",
    "react",
    "release_text",
    "report_text",
    "reword_and_answer",
    "reword_question",
    "settle_suggestion",
    "take_back_comment",
    "tell_answers",
    "withdraw_question",
]
