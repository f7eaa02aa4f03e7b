"""Trying the mail server out: a real message over a real connection, and a plain word for each way to fail."""

from __future__ import annotations

import pytest

from permea.foundation.refusals import RefusedError
from permea.notifications import queries, services
from permea.notifications.models import Mail
from permea.notifications.services import servers

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def send(organisation, owner, at):
    """Return a function that sends the owner a test message."""

    def send(role: str = "owner") -> services.Trial:
        return services.send_test(actor=owner, organisation=organisation, role=role, at=at)

    return send


def test_a_test_message_arrives_and_leaves_nothing_behind(mail_server, send, owner):
    trial = send()
    (sent,) = mail_server.mails
    assert (trial.to, trial.diagnosis, trial.said) == (owner.email, None, "")
    assert (sent["To"], sent["Subject"], sent["List-Unsubscribe"]) == (owner.email, "Test message", None)
    assert "This message shows that mail from this instance reaches you." in sent.get_content()
    assert Mail.objects.count() == 0


@pytest.mark.parametrize(
    ("verb", "answer", "code"),
    [
        ("MAIL", "553 5.7.1 not your sender", "sender"),
        ("RCPT", "554 5.7.1 relay access denied", "recipient"),
        ("DATA", "554 5.6.0 looks like spam", "answered"),
    ],
)
def test_what_the_server_says_is_shown_in_its_own_words_too(mail_server, send, verb, answer, code):
    mail_server.answers[verb] = answer
    trial = send()
    assert (trial.diagnosis.code, trial.said) == (code, answer)


def test_wrong_user_or_password(mail_server, send, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "permea", "wrong"
    mail_server.answers |= {"EHLO": "250-test\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 no such user or password"}
    trial = send()
    assert (trial.diagnosis.code, trial.said) == ("authentication", "535 5.7.8 no such user or password")


@pytest.mark.parametrize("way", ["EMAIL_USE_TLS", "EMAIL_USE_SSL"])
def test_a_server_without_tls(mail_server, send, settings, way):
    setattr(settings, way, True)
    assert send().diagnosis.code == "tls"


def test_a_server_that_hangs_up(mail_server, send):
    mail_server.hangs_up_at = "MAIL"
    assert send().diagnosis.code == "hung_up"


def test_a_silent_server(mail_server, send, monkeypatch):
    monkeypatch.setattr(servers, "PATIENCE", 0.2)
    mail_server.is_silent = True
    assert send().diagnosis.code == "timeout"


def test_a_closed_port(mail_server, send, settings):
    settings.EMAIL_PORT = 1
    assert send().diagnosis.code == "refused"


def test_a_name_nobody_knows(mail_server, send, settings):
    settings.EMAIL_HOST = "mail.invalid"
    assert send().diagnosis.code == "name"


def test_only_owners_try_the_server(mail_server, send):
    with pytest.raises(RefusedError) as refused:
        send("manager")
    assert (refused.value.refusal.code, mail_server.mails) == ("people.not_owner", [])


def test_where_mails_are_kept_there_is_nothing_to_try(send, settings):
    settings.MAIL_IS_KEPT = True
    with pytest.raises(RefusedError) as refused:
        send()
    assert (refused.value.refusal.code, queries.mail_server()) == ("notifications.no_server", None)


@pytest.mark.parametrize(
    ("starttls", "tls", "safety"), [(True, False, "starttls"), (False, True, "tls"), (False, False, "open")]
)
def test_what_is_set_is_told_without_the_password(mail_server, settings, starttls, tls, safety):
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL, settings.EMAIL_HOST_PASSWORD = starttls, tls, "secret"
    server = queries.mail_server()
    assert (server.host, server.safety, server.has_password, "secret" in repr(server)) == (
        "127.0.0.1",
        safety,
        True,
        False,
    )
