"""The page of the mailbox: for the owner of the instance alone."""

from __future__ import annotations

import pytest

from permea.ideas import rules, services
from permea.ideas.models import Posting
from permea.surface.testing import assert_page_ok
from tests.connectors.letters import raw

pytestmark = pytest.mark.django_db
PATH = "/settings/mailbox/"


def text(answer) -> str:
    return answer.content.decode()


def test_without_a_mailbox_the_page_says_how_to_set_one(client_of, organisation, owner, settings):
    settings.INBOX_URL = ""
    page = client_of(owner).get(PATH)
    assert_page_ok(page)
    assert "Set PERMEA_INBOX_URL" in text(page)


def test_the_owner_reads_the_mailbox_and_sees_what_came_of_it(client_of, mailbox, make_box, owner):
    make_box(title="What slows you down?")
    client = client_of(owner)
    before = client.get(PATH)
    mailbox.deliver(raw())
    mailbox.deliver(raw(number="2", Precedence="bulk"))
    page = client.post(PATH, follow=True)

    assert_page_ok(before)
    assert_page_ok(page)
    assert ("never" in text(before), "No mail came in." in text(before), "secret" in text(before)) == (
        True,
        True,
        False,
    )
    assert ("What slows you down?" in text(page), "It comes from a mailing list" in text(page)) == (True, True)
    assert Posting.objects.count() == 1


def test_a_failure_is_told_in_the_servers_own_words(client_of, mailbox, make_box, owner, settings):
    settings.INBOX_URL = settings.INBOX_URL.replace("secret", "wrong")
    page = client_of(owner).post(PATH, follow=True)
    assert_page_ok(page)
    assert ("does not accept user and password" in text(page), "AUTHENTICATIONFAILED" in text(page)) == (True, True)
    assert "There is no open box" in text(page)


def test_nobody_else_sees_it(client_of, organisation, manager, other_organisation, other_owner):
    assert [client_of(person).post(PATH).status_code for person in (manager, other_owner)] == [404, 404]


def test_a_note_is_shown_to_the_firm_and_to_its_sender(client_of, client, make_posting, manager, at):
    posting = make_posting(seed="some seed")
    services.add_note(posting_id=posting.pk, text="It is worse now.", seed="n", at=at)
    inside = client_of(manager).get(f"/inbox/{posting.key}/")
    outside = client.get(f"/box/p/{rules.private_token('some seed')}/")
    assert ("It is worse now." in text(inside), "It is worse now." in text(outside)) == (True, True)
