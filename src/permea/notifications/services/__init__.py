"""Writing mails."""

from permea.notifications.services.answers import (
    remind_of_answers,
    tell_answer,
    tell_payment,
    tell_question,
    tell_reply,
    tell_rights,
)
from permea.notifications.services.entries import (
    tell_entries_closed,
    tell_new_timetable,
    tell_receipt,
    tell_terms,
    tell_withdrawal,
)
from permea.notifications.services.judging import tell_assignments, tell_panelist
from permea.notifications.services.mails import SEND, MailNotSentError, forget_person, send_mail, tell, write_mail
from permea.notifications.services.merges import tell_merge_question, tell_merged, tell_unmerged
from permea.notifications.services.team import tell_invitation

__all__ = [
    "SEND",
    "MailNotSentError",
    "forget_person",
    "remind_of_answers",
    "send_mail",
    "tell",
    "tell_answer",
    "tell_assignments",
    "tell_entries_closed",
    "tell_invitation",
    "tell_merge_question",
    "tell_merged",
    "tell_new_timetable",
    "tell_panelist",
    "tell_payment",
    "tell_question",
    "tell_receipt",
    "tell_reply",
    "tell_rights",
    "tell_terms",
    "tell_unmerged",
    "tell_withdrawal",
    "write_mail",
]
