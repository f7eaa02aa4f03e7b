"""What a mail server's answer means."""

from __future__ import annotations

import smtplib
import socket
import ssl

import pytest

from permea.notifications import rules


@pytest.mark.parametrize(
    ("code", "answer", "is_dead"),
    [
        (550, "5.1.1 no such user", True),
        (554, "5.1.1 no such user", True),
        (550, "5.2.1 mailbox disabled", True),
        (552, "5.2.2 mailbox full", False),
        (550, "5.7.1 relaying denied", False),
        (554, "5.7.26 unauthenticated sender", False),
        (550, "no such mailbox", True),
        (551, "user not local", True),
        (554, "transaction failed", False),
        (450, "4.1.1 try later", False),
        (250, "ok", False),
    ],
)
def test_an_address_is_dead_only_if_the_server_says_so_of_the_address(code, answer, is_dead):
    assert rules.is_no_mailbox(code, answer) is is_dead


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "name", "[Errno -2] Name or service not known"),
        (ConnectionRefusedError(111, "Connection refused"), "refused", "[Errno 111] Connection refused"),
        (TimeoutError("timed out"), "timeout", "timed out"),
        (TimeoutError(), "timeout", "TimeoutError"),
        (ssl.SSLError("wrong version"), "tls", "('wrong version',)"),
        (smtplib.SMTPNotSupportedError("no STARTTLS"), "tls", "no STARTTLS"),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 no"), "authentication", "535 5.7.8 no"),
        (smtplib.SMTPSenderRefused(553, b"not yours", "a@b.example"), "sender", "553 not yours"),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no")}), "recipient", "550 no"),
        (smtplib.SMTPServerDisconnected("closed"), "hung_up", "closed"),
        (smtplib.SMTPDataError(554, "spam"), "answered", "554 spam"),
        (OSError(101, "Network is unreachable"), "network", "[Errno 101] Network is unreachable"),
        (ValueError("odd"), "other", "odd"),
    ],
)
def test_every_way_to_fail_is_told_in_plain_words_and_in_the_servers_own(error, code, said):
    diagnosis = rules.diagnose(error)

    assert (diagnosis.code, rules.said_by(error)) == (code, said)
    assert diagnosis.reason.endswith(".")
    assert diagnosis.advice.endswith(".")


def test_without_a_server_no_test_is_sent():
    assert (rules.why_not_test(is_kept=True).code, rules.why_not_test(is_kept=False)) == (
        "notifications.no_server",
        None,
    )
