"""Deciding about mails: what is still worth sending, what must not be kept, when a deadline calls for a word."""

from __future__ import annotations

from datetime import datetime, timedelta

from permea.notifications.models import Mail

CODE_KIND, SIGNING_KIND = "login_code", "agreement_code"
REPLY_KIND = "posting_reply"
POSTING_KINDS = frozenset({"posting_receipt", REPLY_KIND, "posting_answer"})
COAUTHOR_KIND = "coauthor_invitation"
TOGETHER_KINDS = (COAUTHOR_KIND, "coauthor_news", "shares_asked")
CODE_LIFE = timedelta(minutes=15)
TRIAL_KINDS = frozenset({"customer_panel_invitation", "concept_test", "prototype_round", "suggestions_answered"})
SECRET_KINDS = TRIAL_KINDS | frozenset(
    {CODE_KIND, SIGNING_KIND, "invitation", "panel_invitation", COAUTHOR_KIND, "posting_receipt", REPLY_KIND}
)
REMIND_BEFORE = timedelta(days=3)


def is_worth_sending(mail: Mail, *, at: datetime) -> bool:
    """Say whether a mail still has to go out: it says something to somebody, was not sent, and is no expired code."""
    if not mail.to or not mail.text or mail.sent_at is not None:
        return False
    return mail.kind not in {CODE_KIND, SIGNING_KIND} or at - mail.created_at < CODE_LIFE


def is_secret(mail: Mail) -> bool:
    """Say whether a mail opens a door, so that its text is not kept once it is sent."""
    return mail.kind in SECRET_KINDS


def reminder_kind(answer_by: datetime, *, at: datetime) -> str | None:
    """Return which reminder about answers is due at `at`: "answers_overdue", "answers_near" or None."""
    if at >= answer_by:
        return "answers_overdue"
    return "answers_near" if at >= answer_by - REMIND_BEFORE else None
