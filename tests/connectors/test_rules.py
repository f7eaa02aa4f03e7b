"""Which mails are left, and why: those of machines, of many, of ourselves, and too many."""

from __future__ import annotations

import pytest

from permea.connectors.imap.mapping import letter_of
from permea.connectors.rules import MOST_AN_HOUR, reason_to_leave
from tests.connectors.letters import raw


def reason(*, is_own_message=False, n_lately=0, **values):
    found = letter_of(raw(**values))
    ours = {"permea@lindenhof.example"}
    return reason_to_leave(found, ours=ours, is_own_message=is_own_message, n_lately=n_lately)


def test_what_a_person_wrote_is_taken():
    assert [
        reason(),
        reason(Auto_Submitted="no", X_Auto_Response_Suppress="None", Precedence="normal", Return_Path="<a@b.example>"),
        reason(n_lately=MOST_AN_HOUR - 1, X_Spam_Status="No, score=0.1"),
    ] == ["", "", ""]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Auto_Submitted": "auto-generated; owner=x"}, "automatic"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"X_Autorespond": "x"}, "automatic"),
        ({"X_Loop": "x"}, "automatic"),
        ({"Precedence": "auto_reply"}, "automatic"),
        ({"X_Auto_Response_Suppress": "DR, AutoReply"}, "automatic"),
        ({"Precedence": "junk"}, "bulk"),
        ({"Precedence": "list"}, "bulk"),
        ({"List_Unsubscribe": "<https://x.example>"}, "bulk"),
        ({"sender": "MAILER-DAEMON@mail.example"}, "bounce"),
        ({"sender": "no-reply@shop.example"}, "bounce"),
        ({"X_Spam_Status": "Yes, score=9"}, "spam"),
        ({"Authentication_Results": "mx.example; dmarc=fail (p=reject)"}, "spam"),
        ({"text": " "}, "no_text"),
        ({"sender": "permea@lindenhof.example"}, "own"),
    ],
)
def test_what_machines_and_lists_send_is_left(headers, expected):
    assert reason(**headers) == expected


def test_a_report_of_a_mail_server_is_left():
    mail = raw().replace(b"Content-Type: text/plain", b"Content-Type: multipart/report; boundary=b; x=y")
    assert reason_to_leave(letter_of(mail), ours=(), is_own_message=False, n_lately=0) == "bounce"


def test_our_own_message_and_one_too_many_are_left():
    assert (reason(is_own_message=True), reason(n_lately=MOST_AN_HOUR)) == ("own", "too_many")
