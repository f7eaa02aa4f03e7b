"""The mails of an instance without a mail server."""

from __future__ import annotations

import pytest

from permea.notifications import queries, services
from permea.notifications.models import Mail
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.MAIL_IS_KEPT = True


@pytest.fixture
def write(at):
    def make(to, **fields) -> Mail:
        return services.write_mail(
            **{"to": to, "kind": "test", "subject": f"To {to}", "text": "Hello.\n", "at": at, **fields}
        )

    return make


def texts(answer) -> str:
    return answer.content.decode()


def test_without_mails_the_page_says_what_will_come(client_of, organisation, owner):
    page = client_of(owner).get("/mails/")
    assert_page_ok(page)
    assert ("No mail yet" in texts(page), "No mail server is set" in texts(page)) == (True, True)


def test_the_owner_reads_a_mail_and_its_links_work(client_of, organisation, owner, solver, write):
    html = '<p><a href="http://127.0.0.1:8000/invitations/x/">See</a></p>'
    receipt = {"name": "receipt.json", "type": "application/json", "text": "{}"}
    mail = write(str(solver.email), organisation=organisation, html=html, attachments=[receipt])
    client = client_of(owner)
    listed, page = client.get("/mails/"), client.get(f"/mails/{mail.key}/")
    assert_page_ok(listed)
    assert_page_ok(page)
    assert (f"/mails/{mail.key}/" in texts(listed), html in texts(page), "receipt.json" in texts(page)) == (True,) * 3


def test_a_mail_without_html_is_shown_as_text(client_of, organisation, owner, write):
    mail = write("a@b.example", organisation=organisation, text="1 < 2\n")
    assert "1 &lt; 2" in texts(client_of(owner).get(f"/mails/{mail.key}/"))


def test_three_hundred_mails_come_in_pages(client_of, organisation, owner, write):
    for number in range(51):
        write(f"a{number}@b.example", organisation=organisation)
    client = client_of(owner)
    first, second = client.get("/mails/"), client.get("/mails/?page=2")
    assert (texts(first).count("data-item"), texts(second).count("data-item")) == (50, 1)


def test_mails_are_nobodys_to_read_where_a_server_is_set(client_of, organisation, owner, write, settings):
    mail = write("a@b.example", organisation=organisation)
    settings.MAIL_IS_KEPT = False
    client = client_of(owner)
    assert [client.get(path).status_code for path in ("/mails/", f"/mails/{mail.key}/")] == [404, 404]


@pytest.mark.parametrize("who", ["manager", "evaluator", "member", "solver"])
def test_only_owners_read_them(client_of, organisation, write, request, who):
    mail = write("a@b.example", organisation=organisation)
    client = client_of(request.getfixturevalue(who))
    assert [client.get(path).status_code for path in ("/mails/", f"/mails/{mail.key}/")] == [404, 404]


def test_a_firm_does_not_read_anothers_mails_nor_the_codes_of_its_people(
    organisation, owner, other_organisation, other_owner, solver, manager, write, at
):
    sent = {
        "ours": write("x@y.example", organisation=organisation),
        "theirs": write("x@y.example", organisation=other_organisation),
        "our code": write(manager),
        "their code": write(other_owner),
        "outsider's code": write(solver),
        "nobody's": write("nobody@world.example"),
    }
    names = {mail.pk: name for name, mail in sent.items()}

    def seen(person, firm) -> list[str]:
        return sorted(names[mail.pk] for mail in queries.mails_visible_to(person, firm, at))

    assert seen(owner, organisation) == ["our code", "ours", "outsider's code"]
    assert seen(other_owner, other_organisation) == ["their code", "theirs"]
    assert (seen(owner, other_organisation), seen(manager, organisation)) == ([], [])
