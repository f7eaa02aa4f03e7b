"""The page of the mail server."""

from __future__ import annotations

import pytest

from permea.notifications import services
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db
PATH = "/settings/mail/"


def texts(answer) -> str:
    return answer.content.decode()


def test_the_owner_sees_what_is_set_but_no_password(client_of, organisation, owner, mail_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "post", "geheimnis"
    page = client_of(owner).get(PATH)
    assert_page_ok(page)
    assert ("127.0.0.1" in texts(page), "geheimnis" in texts(page), "set, not shown" in texts(page)) == (
        True,
        False,
        True,
    )


def test_a_test_message_goes_to_the_owner_who_asks_for_it(client_of, organisation, owner, mail_server):
    page = client_of(owner).post(PATH, {"to": "everybody@world.example"})
    assert_page_ok(page)
    assert "The mail server took the message to olga@lindenhof.example." in texts(page)
    assert [mail["To"] for mail in mail_server.mails] == [owner.email]


def test_a_failure_is_told_with_what_to_do(client_of, organisation, owner, mail_server):
    mail_server.answers["MAIL"] = "553 5.7.1 <not> yours"
    page = texts(client_of(owner).post(PATH))
    assert ("Set PERMEA_MAIL_FROM to an address" in page, "553 5.7.1 &lt;not&gt; yours" in page) == (True, True)


def test_where_mails_are_kept_the_page_says_so(client_of, organisation, owner, settings):
    settings.MAIL_IS_KEPT = True
    client = client_of(owner)
    page, answer = client.get(PATH), client.post(PATH)
    assert_page_ok(page)
    assert ("mails are kept" in texts(page), answer.status_code) == (True, 409)


def test_the_owner_sees_which_addresses_take_no_mail(client_of, organisation, owner, solver, at):
    client = client_of(owner)
    assert "Every address that was written to has taken its mail." in texts(client.get(PATH))
    services.note_undeliverable(email=str(solver.email), answer="550 no such mailbox", at=at)
    page = texts(client.get(PATH))
    assert (str(solver.email) in page, "550 no such mailbox" in page) == (True, True)


def test_the_owner_of_another_firm_neither_sees_nor_tries_the_instances_server(
    client_of, other_organisation, other_owner, mail_server
):
    client = client_of(other_owner)
    page, answer = client.get(PATH), client.post(PATH)
    assert_page_ok(page)
    assert ("127.0.0.1" in texts(page), answer.status_code, mail_server.mails) == (False, 404, [])


@pytest.mark.parametrize("who", ["manager", "evaluator", "member", "solver"])
def test_only_owners_come_here(client_of, organisation, request, who):
    client = client_of(request.getfixturevalue(who))
    assert [client.get(PATH).status_code, client.post(PATH).status_code] == [404, 404]
