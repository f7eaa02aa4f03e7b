"""Mails are written with their cause and sent by the worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives

from permea.foundation import outbox
from permea.foundation.models import OutboxEntry
from permea.notifications import services
from permea.notifications.backend import MailBackend
from permea.notifications.models import Mail
from permea.people import services as people

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def write(to, at, **fields) -> Mail:
    return services.write_mail(**{"to": to, "kind": "test", "subject": "Hi", "text": "Hello.\n", "at": at, **fields})


def parts_of(message) -> dict[str, str]:
    return {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}


def test_a_mail_to_a_person_waits_for_the_worker(solver, at):
    mail = write(solver, at)
    assert (mail.to, mail.person, outbox.due(at).get().payload) == (solver.email, solver, {"mail_id": mail.pk})
    assert str(mail) == "test"


def test_a_mail_to_an_address_finds_its_person(solver, at):
    mails = [write(str(solver.email), at), write("nobody@world.example", at)]
    assert [mail.person for mail in mails] == [solver, None]


def test_there_is_no_mail_to_the_erased(solver, organisation, at):
    people.erase_person(person=solver, actor=solver, at=at)
    solver.refresh_from_db()
    with pytest.raises(ValueError, match="test"):
        write(solver, at)
    assert services.tell(to=solver, kind="terms", at=at, organisation=organisation) is None


def test_the_worker_sends_text_and_html_with_attachments(mail_server, solver, organisation, at):
    receipt = {"name": "receipt.json", "type": "application/json", "text": '{"größe": 1}'}
    mail = write(
        solver, at, html="<p>Hello &amp; welcome.</p>", organisation=organisation, attachments=[receipt], language="de"
    )
    assert outbox.drain(at=at) == 1
    mail.refresh_from_db()
    (sent,) = mail_server.mails
    parts = parts_of(sent)
    assert (sent["To"], sent["Subject"], mail.sent_at) == (solver.email, "Hi", at)
    assert str(sent["From"]) == "Lindenhof Robotics <permea@lindenhof.example>"
    assert (sent["Message-ID"], sent["Auto-Submitted"]) == (f"<{mail.key}@lindenhof.example>", "auto-generated")
    assert parts["text/plain"].strip() == "Hello."
    assert "<p>Hello &amp; welcome.</p>" in parts["text/html"]
    assert '<html lang="de">' in parts["text/html"]
    assert parts["application/json"].decode() == '{"größe": 1}'


def test_without_a_firm_the_sender_is_the_instance(mail_server, solver, at):
    write(solver, at)
    outbox.drain(at=at)
    assert str(mail_server.mails[0]["From"]) == "Permea <permea@lindenhof.example>"


def test_a_mail_is_sent_once_however_often_the_worker_comes_by(mail_server, solver, at):
    mail = write(solver, at)
    for _twice in range(2):
        services.send_mail(mail_id=mail.pk, at=at)
    services.send_mail(mail_id=0, at=at)
    assert len(mail_server.mails) == 1


def test_where_no_server_is_set_mails_are_kept(solver, at, settings):
    settings.MAIL_IS_KEPT = True
    mail = write(solver, at)
    outbox.drain(at=at)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.text, OutboxEntry.objects.get().done_at) == (None, "Hello.\n", at)


@pytest.mark.parametrize("kind", ["login_code", "invitation", "panel_invitation"])
def test_what_opens_a_door_is_not_kept_once_it_is_sent(mail_server, solver, at, kind):
    mail = write(solver, at, kind=kind, subject="ABCD-EFGH", html="<p>ABCD-EFGH</p>")
    outbox.drain(at=at)
    mail.refresh_from_db()
    assert (mail.subject, mail.text, mail.html, mail.to) == ("", "", "", solver.email)
    assert mail_server.mails[0]["Subject"] == "ABCD-EFGH"


def test_a_refused_mail_is_tried_again_later_and_says_why(mail_server, solver, at):
    mail = write(solver, at)
    mail_server.refuses = True
    assert outbox.drain(at=at) == 0
    mail.refresh_from_db()
    entry = OutboxEntry.objects.get()
    assert ("550" in mail.last_error, mail.sent_at, entry.attempts) == (True, None, 1)
    assert str(solver.email) not in entry.last_error
    mail_server.refuses = False
    too_early = outbox.drain(at=at)
    assert (too_early, outbox.drain(at=entry.due_at)) == (0, 1)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.last_error, len(mail_server.mails)) == (entry.due_at, "", 1)


def test_a_server_that_is_away_loses_no_mail(mail_server, solver, at, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    write(solver, at)
    later = at
    for _try in range(3):
        outbox.drain(at=later)
        later = OutboxEntry.objects.get().due_at
    settings.EMAIL_PORT = port
    assert (outbox.drain(at=later), len(mail_server.mails)) == (1, 1)


def test_an_expired_code_is_not_sent(mail_server, solver, at):
    write(solver, at, kind="login_code")
    outbox.drain(at=at + timedelta(minutes=15))
    assert mail_server.mails == []


def test_nothing_slips_into_the_headers(mail_server, solver, organisation, at):
    evil = "Hi\r\nBcc: everybody@world.example\r\n\r\nfalse body"
    organisation.name = evil
    write(solver, at, subject=evil, organisation=organisation)
    write(solver, at, subject=evil)
    Mail.objects.update(subject=evil)
    outbox.drain(at=at)
    assert [(mail["Bcc"], mail["To"], mail["Subject"]) for mail in mail_server.mails] == [
        (None, solver.email, "Hi Bcc: everybody@world.example false body")
    ] * 2


def test_the_library_sends_through_rows(solver):
    code = EmailMultiAlternatives(
        "Code", "ABCD", to=[str(solver.email)], headers={"X-Permea-Kind": "login_code", "Content-Language": "de"}
    )
    code.attach_alternative("<p>ABCD</p>", "text/html")
    plain = EmailMessage("Other", "Hello", to=["a@b.example"], cc=["c@d.example"])
    assert MailBackend().send_messages([code, plain]) == 2
    rows = list(Mail.objects.order_by("pk").values_list("to", "kind", "language", "html"))
    assert rows == [
        (solver.email, "login_code", "de", "<p>ABCD</p>"),
        ("a@b.example", "other", "en", ""),
        ("c@d.example", "other", "en", ""),
    ]


def test_forgetting_a_person_empties_what_was_written_to_them_and_names_them(organisation, owner, solver, at):
    invitation, _token = people.invite(
        organisation=organisation, email="friend@of.example", role="member", actor=owner, at=at
    )
    theirs, early, other = write(owner, at), write("OLGA@lindenhof.example", at), write(solver, at)
    Mail.objects.filter(pk=early.pk).update(person=None)
    services.forget_person(person_id=owner.pk, email=str(owner.email))
    rows = {row.pk: row for row in Mail.objects.all()}
    assert [(rows[mail.pk].to, rows[mail.pk].text, rows[mail.pk].person) for mail in (theirs, early)] == [
        ("", "", None)
    ] * 2
    assert (rows[other.pk].text, Mail.objects.get(about=invitation.key).text) == ("Hello.\n", "")


def test_forgetting_somebody_without_address_empties_their_own_only(solver, at):
    other = write("nobody@world.example", at)
    services.forget_person(person_id=solver.pk, email="")
    other.refresh_from_db()
    assert other.to == "nobody@world.example"
