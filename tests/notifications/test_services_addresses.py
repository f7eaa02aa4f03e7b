"""Addresses without a mailbox: noted at sending, spared what is optional, trusted again once they take mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.foundation import outbox
from permea.foundation.models import OutboxEntry
from permea.notifications import queries, rules, services
from permea.notifications.models import Mail, Undeliverable
from permea.people import services as people

pytestmark = [pytest.mark.django_db, pytest.mark.services]
DAY = timedelta(days=1)


@pytest.fixture
def write(solver, at):
    """Return a function that writes Sam a mail of a kind; "timetable" is optional, "receipt" is not."""

    def write(kind: str) -> Mail:
        return services.write_mail(to=solver, kind=kind, subject="Hi", text="Hello.\n", at=at)

    return write


@pytest.fixture
def refusing(mail_server):
    """Return a mail server that says of every address that nobody is there."""
    mail_server.answers["RCPT"] = "550 5.1.1 no such user"
    return mail_server


def test_optional_mail_to_nobody_is_noted_and_not_tried_again(refusing, write, solver, at):
    mail = write("timetable")
    outbox.drain(at=at)
    mail.refresh_from_db()
    row = Undeliverable.objects.get()
    assert (row.email, str(row), row.failed_at, row.n_failures) == (solver.email, "550 5.1.1 no such user", at, 1)
    assert (mail.sent_at, "5.1.1" in mail.last_error, OutboxEntry.objects.get().done_at) == (None, True, at)


def test_an_address_without_a_mailbox_is_spared_what_is_optional(refusing, write, at):
    services.note_undeliverable(email="SAM@workshop.example", answer="550 gone", at=at)
    refusing.answers.clear()
    mail = write("timetable")
    outbox.drain(at=at)
    mail.refresh_from_db()
    assert (refusing.mails, mail.last_error, mail.sent_at) == ([], "550 gone", None)


def test_what_must_be_sent_is_tried_again_and_shows_its_failure(refusing, write, at):
    mail = write("receipt")
    outbox.drain(at=at)
    outbox.drain(at=at + DAY)
    mail.refresh_from_db()
    assert ("5.1.1" in mail.last_error, Undeliverable.objects.get().n_failures) == (True, 2)
    assert OutboxEntry.objects.get().done_at is None


def test_an_address_that_takes_mail_again_is_trusted_again(refusing, write, solver, at):
    write("receipt")
    outbox.drain(at=at)
    refusing.answers.clear()
    outbox.drain(at=at + DAY)
    assert (len(refusing.mails), queries.undeliverable_of(solver.email)) == (1, None)


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("RCPT", "550 5.7.1 relaying denied"),
        ("RCPT", "552 5.2.2 mailbox full"),
        ("RCPT", "450 4.2.0 try later"),
        ("MAIL", "550 5.1.8 bad sender"),
    ],
)
def test_a_policy_a_full_mailbox_or_a_bad_sender_says_nothing_about_an_address(mail_server, write, at, verb, answer):
    mail_server.answers[verb] = answer
    write("timetable")
    outbox.drain(at=at)
    assert (Undeliverable.objects.count(), OutboxEntry.objects.get().done_at) == (0, None)


def test_every_optional_mail_offers_one_click_unsubscribing_and_no_other_does(mail_server, write, solver, at):
    write("timetable")
    write("receipt")
    outbox.drain(at=at)
    optional, receipt = mail_server.mails
    link = queries.unsubscribe_link(solver, rules.topic_named("timetable"))
    assert (optional["List-Unsubscribe"].strip(), optional["List-Unsubscribe-Post"]) == (
        f"<{link}>",
        "List-Unsubscribe=One-Click",
    )
    assert (receipt["List-Unsubscribe"], receipt["List-Unsubscribe-Post"]) == (None, None)


def test_optional_mail_to_an_address_without_a_person_has_nothing_to_unsubscribe(mail_server, at):
    services.write_mail(to="a@b.example", kind="timetable", subject="Hi", text="Hello.\n", at=at)
    outbox.drain(at=at)
    assert mail_server.mails[0]["List-Unsubscribe"] is None


def test_owners_see_addresses_of_their_own_people_and_the_instances_owner_those_of_nobodys(
    organisation, other_organisation, owner, other_owner, manager, solver, at
):
    people.invite(organisation=other_organisation, email="Guest@out.example", role="member", actor=other_owner, at=at)
    for email in (manager.email, other_owner.email, solver.email, "guest@out.example", "nobody@world.example"):
        services.note_undeliverable(email=str(email), answer="550 no", at=at)

    def seen(person, firm) -> set[str]:
        return {row.email for row in queries.undeliverable_for(person, firm)}

    assert seen(owner, organisation) == {manager.email, solver.email}
    assert seen(other_owner, other_organisation) == {other_owner.email, "guest@out.example"}
    assert (seen(manager, organisation), seen(owner, other_organisation)) == (set(), set())
