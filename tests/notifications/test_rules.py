"""Deciding about mails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.notifications import rules
from permea.notifications.models import Mail

MINUTE = timedelta(minutes=1)


def mail(at, **fields) -> Mail:
    return Mail(**{"to": "sam@workshop.example", "text": "Hello", "kind": "receipt", "created_at": at, **fields})


@pytest.mark.parametrize(
    ("fields", "minutes", "is_worth"),
    [
        ({}, 9999, True),
        ({"to": ""}, 0, False),
        ({"text": ""}, 0, False),
        ({"kind": "login_code"}, 14, True),
        ({"kind": "login_code"}, 15, False),
    ],
)
def test_what_is_still_worth_sending(at, fields, minutes, is_worth):
    assert rules.is_worth_sending(mail(at, **fields), at=at + minutes * MINUTE) is is_worth


def test_what_was_sent_is_not_sent_again(at):
    assert rules.is_worth_sending(mail(at, sent_at=at), at=at) is False


def test_keys_are_not_kept():
    kinds = [
        kind for kind in ("login_code", "invitation", "panel_invitation", "receipt") if rules.is_secret(Mail(kind=kind))
    ]
    assert kinds == ["login_code", "invitation", "panel_invitation"]


def test_reminders_come_three_days_before_and_when_it_is_late(at):
    days = [timedelta(days=n) for n in (4, 3, 0)]
    kinds = [rules.reminder_kind(at + rest, at=at) for rest in days]
    assert kinds == [None, "answers_near", "answers_overdue"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Re: all\r\nBcc: everybody@world.example", "Re: all Bcc: everybody@world.example"),
        ("a\x00b\x0bc\u2028d", "a b c d"),
        ("  too   many   blanks ", "too many blanks"),
        ("مرحبا 🤖", "مرحبا 🤖"),
        ("x" * 201, "x" * 199 + "…"),
        ("x" * 200, "x" * 200),
    ],
)
def test_a_header_is_one_line(text, line):
    assert rules.one_line(text) == line
