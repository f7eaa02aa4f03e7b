"""Writing dialogue: questions, answers, moderation, erasure."""

from permea.dialogue.services.answering import answer_question, reword_and_answer, reword_question, tell_answers
from permea.dialogue.services.asking import ask_question, follow, withdraw_question
from permea.dialogue.services.erasure import forget_asker
from permea.dialogue.services.moderating import (
    appeal,
    decide_appeal,
    dismiss_reports,
    hide_question,
    release_question,
    report_question,
)

__all__ = [
    "answer_question",
    "appeal",
    "ask_question",
    "decide_appeal",
    "dismiss_reports",
    "follow",
    "forget_asker",
    "hide_question",
    "release_question",
    "report_question",
    "reword_and_answer",
    "reword_question",
    "tell_answers",
    "withdraw_question",
]
