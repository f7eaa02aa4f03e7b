"""Talking to IMAP servers that offer little."""

from __future__ import annotations

import pytest

from permea.connectors.imap import client
from tests.connectors import imap_server
from tests.connectors.letters import raw


def test_a_server_that_cannot_move_and_keeps_all_folders_below_the_inbox_is_served(dovecot):
    with imap_server.running(prefix="INBOX/", more="imap_capability = IMAP4rev1") as server:
        server.deliver(raw())
        with client.opened(client.access_of(server.url)) as box:
            uid = box.waiting(after=0)[0]
            box.put_away(uid, "Taken")
            left = box.waiting(after=0)
        assert (left, server.subjects("INBOX/Taken")) == ([], ["Belt stops"])


def test_a_mail_that_cannot_be_put_away_is_marked(mailbox):
    mailbox.deliver(raw())
    with client.opened(client.access_of(mailbox.url)) as box:
        uid = box.waiting(after=0)[0]
        box.put_away(uid, "a//b")
        assert (box.waiting(after=0), box.waiting(after=uid)) == ([uid], [])
    assert ("\\Seen" in mailbox.flags()[0], "\\Flagged" in mailbox.flags()[0]) == (True, True)


def test_of_a_mail_that_is_gone_there_is_nothing(mailbox):
    with client.opened(client.access_of(mailbox.url)) as box:
        assert (box.size_of(999_999), box.fetch(999_999)) == (0, b"")


@pytest.mark.parametrize(
    ("url", "problem"),
    [("imap://a:b@127.0.0.1:1/INBOX", "refused"), ("imaps://a:b@no-such-host.invalid/INBOX", "name")],
)
def test_a_server_that_is_not_there_is_named_as_such(url, problem):
    with pytest.raises(client.MailboxError) as error, client.opened(client.access_of(url)):
        pass
    assert error.value.problem == problem
