"""What a mail server's answer means: whether an address is dead, and what an owner can do about a failure."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal

PERMANENT = range(500, 600)
NO_MAILBOX_CODES = frozenset({550, 551, 553})
ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
DISABLED = ("2", "1")


def why_not_test(*, is_kept: bool) -> Refusal | None:
    """Return why no test message can be sent, or None if it can."""
    if not is_kept:
        return None
    return Refusal("notifications.no_server", _("No mail server is set. Set PERMEA_MAIL_URL first and restart."))


class Diagnosis(NamedTuple):
    """Why a mail did not go out, and what to do."""

    code: str
    reason: str
    advice: str


def is_no_mailbox(code: int, answer: str) -> bool:
    """Say whether a server's answer about a recipient means that nobody is there, now or later.

    Where the answer carries an enhanced status (RFC 3463) it decides: 5.1.x is a wrong address, 5.2.1 a mailbox that
    is switched off; a full mailbox (5.2.2) and a policy (5.7.x) say nothing about the address.
    """
    if code not in PERMANENT:
        return False
    found = ENHANCED.search(answer)
    if found is None:
        return code in NO_MAILBOX_CODES
    return found[1] == "1" or found.groups() == DISABLED


def said_by(error: Exception) -> str:
    """Return what the server said, or what the network did, in the words they used."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(_answer(code, said) for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {text}".strip()


def diagnose(error: Exception) -> Diagnosis:
    """Return in plain words why a test message did not go out and what to do about it."""
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        return _timeout()
    for kinds, tell in _CAUSES:
        if isinstance(error, kinds):
            return tell()
    return _other()


def _name() -> Diagnosis:
    return Diagnosis(
        "name",
        _("No machine is known under the name of the mail server."),
        _("Look for a typing error in the host of PERMEA_MAIL_URL, and whether this machine can look names up (DNS)."),
    )


def _timeout() -> Diagnosis:
    return Diagnosis(
        "timeout",
        _("The mail server did not answer in time."),
        _("Look at host and port of PERMEA_MAIL_URL, and whether a firewall here or at your provider closes the port."),
    )


def _refused() -> Diagnosis:
    return Diagnosis(
        "refused",
        _("The machine is there, but nothing takes mail on this port."),
        _("Look at the port in PERMEA_MAIL_URL: usual are 587 with smtp+starttls://, 465 with smtps://, 25 inside."),
    )


def _tls() -> Diagnosis:
    return Diagnosis(
        "tls",
        _("No safe connection came about: the two sides did not agree on TLS, or the certificate is not good."),
        _("Use smtp+starttls:// for port 587 and smtps:// for port 465, and the name on the certificate."),
    )


def _authentication() -> Diagnosis:
    return Diagnosis(
        "authentication",
        _("The server does not accept user and password."),
        _(
            "Look at both in PERMEA_MAIL_URL; signs such as @, : and / in them have to be percent-encoded. "
            "Some providers want a password of its own for programs."
        ),
    )


def _sender() -> Diagnosis:
    return Diagnosis(
        "sender",
        _("The server does not let this instance send under its sender."),
        _("Set PERMEA_MAIL_FROM to an address that belongs to the user in PERMEA_MAIL_URL."),
    )


def _recipient() -> Diagnosis:
    return Diagnosis(
        "recipient",
        _("The server does not take mail for your address."),
        _("If the address is right, the server passes nothing on for this instance: it may want user and password."),
    )


def _hung_up() -> Diagnosis:
    return Diagnosis(
        "hung_up",
        _("The server ended the conversation before it took the message."),
        _("Often the wrong kind of connection: use smtps:// for port 465 and smtp+starttls:// for port 587."),
    )


def _answered() -> Diagnosis:
    return Diagnosis(
        "answered",
        _("The server answered with an error."),
        _("Its own words, below, say more; your provider's help pages explain the number."),
    )


def _network() -> Diagnosis:
    return Diagnosis(
        "network",
        _("The mail server cannot be reached over the network."),
        _("Look at host and port of PERMEA_MAIL_URL, and at the connection of this machine."),
    )


def _other() -> Diagnosis:
    return Diagnosis(
        "other",
        _("Something unexpected happened while sending."),
        _("The words below say what; the server's log may say more."),
    )


_CAUSES: tuple[tuple[tuple[type[Exception], ...], Callable[[], Diagnosis]], ...] = (
    ((smtplib.SMTPAuthenticationError,), _authentication),
    ((smtplib.SMTPSenderRefused,), _sender),
    ((smtplib.SMTPRecipientsRefused,), _recipient),
    ((ssl.SSLError, smtplib.SMTPNotSupportedError), _tls),
    ((smtplib.SMTPServerDisconnected,), _hung_up),
    ((smtplib.SMTPResponseException,), _answered),
    ((socket.gaierror,), _name),
    ((TimeoutError,), _timeout),
    ((ConnectionRefusedError,), _refused),
    ((OSError,), _network),
)
