"""Digests: only when there is something, grouped, the newest first, once a period, batch by batch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.foundation import duties, outbox
from permea.foundation.models import OutboxEntry
from permea.notifications import queries, rules, services
from permea.notifications.models import Digest, Mail, Notice
from permea.notifications.services import digests
from permea.people.models import Membership, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.services]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def due(at):
    """Return when the notices of these tests are due."""
    return at + 8 * timedelta(hours=1)


@pytest.fixture
def fruit(make_challenge):
    return make_challenge(closed=True, title="Soft fruit picker")


@pytest.fixture
def wait(fruit, at, due):
    """Return a function that lets a notice wait for somebody's digest."""

    def wait(person, kind: str = "entries_closed", *, challenge=None, minutes: int = 0, **fields) -> Notice:
        ours = {"challenge": challenge or fruit, "at": at + minutes * MINUTE, "number": 1, "digest_at": due}
        return Notice.objects.create(person=person, kind=kind, **{**ours, **fields})

    return wait


def mails() -> list[Mail]:
    return list(Mail.objects.filter(kind="digest").order_by("pk"))


def test_nothing_comes_when_there_is_nothing(owner, fruit, due):
    services.queue_digests(at=due)
    services.build_digests(after=0, at=due)
    assert (mails(), Digest.objects.count(), OutboxEntry.objects.filter(kind=services.BUILD).count()) == ([], 0, 0)


def test_a_digest_is_grouped_by_challenge_the_newest_first(wait, owner, make_challenge, due):
    cold = make_challenge(closed=True, title="Cold chain")
    wait(owner, minutes=1)
    wait(owner, challenge=cold, minutes=2)
    wait(owner, "answers_near", minutes=3)

    services.build_digests(after=0, at=due)

    (mail,) = mails()
    lines = [line for line in mail.text.splitlines() if line.startswith(("Soft", "Cold", "- "))]
    assert lines[:5] == [
        "Soft fruit picker",
        "- Answers fall due: “Soft fruit picker”",
        "- “Soft fruit picker” is closed: 1 entry",
        "Cold chain",
        "- “Cold chain” is closed: 1 entry",
    ]
    assert (mail.subject, mail.to, mail.organisation) == ("3 pieces of news for you", owner.email, None)
    assert f"/challenges/{cold.key}/panel/" in mail.html
    assert str(Digest.objects.get()) == "3 notices"


def test_a_digest_speaks_its_readers_language_and_escapes(wait, owner, make_challenge, due):
    owner.language = "de"
    owner.save()
    wait(owner, challenge=make_challenge(closed=True, title="A & B <b>"))
    services.build_digests(after=0, at=due)
    (mail,) = mails()
    assert (mail.subject.startswith("1 Neuigkeit"), "geschlossen: 1 Beitrag" in mail.text) == (True, True)
    assert ("<b>" in mail.html, "A &amp; B &lt;b&gt;" in mail.html, "A & B <b>" in mail.text) == (False, True, True)


def test_a_digest_comes_once_however_often_the_worker_comes_by(wait, owner, due):
    notice = wait(owner)
    for _twice in range(2):
        duties.run_duties(due)
        outbox.drain(at=due)
        services.build_digests(after=0, at=due)
    notice.refresh_from_db()
    assert (len(mails()), Digest.objects.count(), notice.digest_at) == (1, 1, None)


def test_what_was_late_for_a_digest_waits_for_the_next_one(wait, owner, due):
    wait(owner)
    services.build_digests(after=0, at=due)
    late = wait(owner, "answers_near")

    services.build_digests(after=0, at=due + MINUTE)

    late.refresh_from_db()
    assert (len(mails()), late.digest_at > due + MINUTE, late.digest_at - due < DAY) == (1, True, True)
    services.build_digests(after=0, at=late.digest_at)
    assert len(mails()) == 2


def test_a_worker_that_was_away_for_days_sends_one_digest(wait, owner, due):
    wait(owner)
    wait(owner, "answers_near", digest_at=due + DAY)
    services.build_digests(after=0, at=due + 3 * DAY)
    assert ([mail.subject for mail in mails()], Digest.objects.get().ends_at) == (
        ["2 pieces of news for you"],
        due + DAY,
    )


def test_what_is_not_due_yet_waits(wait, owner, due):
    wait(owner)
    services.build_digests(after=0, at=due - MINUTE)
    assert (mails(), Notice.objects.get().digest_at) == ([], due)


def test_what_a_person_may_no_longer_see_is_left_out_of_the_digest(wait, owner, manager, due):
    for person in (owner, manager):
        wait(person)
    Membership.objects.filter(person=manager).update(ended_at=due)
    services.build_digests(after=0, at=due)
    assert ([mail.to for mail in mails()], Notice.objects.filter(digest_at__isnull=False).count()) == (
        [owner.email],
        0,
    )


def test_what_is_read_for_many_at_once_is_only_what_each_of_them_may_see(
    wait, fruit, make_challenge, make_idea, owner, solver, solver_two, due
):
    mine, other = (make_idea(challenge=fruit, author=person) for person in (solver, solver_two))
    cold = make_challenge(title="Cold chain")
    for person, idea in ((solver, mine), (solver_two, mine)):
        wait(person, "receipt", idea=idea)
    wait(solver, "timetable", minutes=1)
    wait(solver_two, "timetable", challenge=cold)
    wait(solver_two, "timetable", digest_at=due + DAY)
    wait(solver_two, "receipt", idea=other, minutes=2, digest_at=due + DAY)
    wait(owner)

    services.build_digests(after=0, at=due)

    told = {mail.to: [line for line in mail.text.splitlines() if line.startswith("- ")] for mail in mails()}
    assert {to: len(lines) for to, lines in told.items()} == {owner.email: 1, solver.email: 2}
    assert told[solver.email][0] == "- More time: “Soft fruit picker”"


def test_no_digest_goes_to_an_address_without_a_mailbox(wait, owner, due):
    wait(owner)
    services.note_undeliverable(email=str(owner.email), answer="550 no such mailbox", at=due)
    services.build_digests(after=0, at=due)
    assert (mails(), Notice.objects.get().digest_at) == ([], None)


def test_an_instance_without_a_firm_sends_no_digest(wait, owner, due):
    wait(owner)
    Organisation.objects.update(is_host=False)
    services.build_digests(after=0, at=due)
    assert mails() == []


def test_a_very_long_digest_says_how_much_more_there_is(wait, owner, due, monkeypatch):
    monkeypatch.setattr(digests, "SHOWN_AT_MOST", 2)
    for minute in range(5):
        wait(owner, minutes=minute)
    services.build_digests(after=0, at=due)
    (mail,) = mails()
    assert (mail.subject, mail.text.count("- “Soft"), "3 more are on the page" in mail.text) == (
        "5 pieces of news for you",
        2,
        True,
    )


def test_one_job_builds_a_batch_and_queues_the_next_one(wait, owner, manager, due, monkeypatch):
    monkeypatch.setattr(digests, "BATCH", 1)
    for person in (owner, manager):
        wait(person)
    services.queue_digests(at=due)
    services.queue_digests(at=due)
    first = [entry.payload for entry in OutboxEntry.objects.filter(kind=services.BUILD)]

    outbox.drain(at=due)

    jobs = OutboxEntry.objects.filter(kind=services.BUILD).order_by("pk")
    assert first == [{"after": 0}]
    assert [job.payload["after"] for job in jobs] == [0, owner.pk, manager.pk]
    assert (len(mails()), queries.is_building(services.BUILD)) == (2, False)


def test_a_digest_carries_its_own_link_to_unsubscribe(mail_server, wait, owner, due):
    wait(owner)
    services.build_digests(after=0, at=due)
    outbox.drain(at=due)
    (sent,) = mail_server.mails
    link = queries.unsubscribe_link(owner, rules.topic_named("digest"))
    assert (sent["List-Unsubscribe"].strip(), sent["List-Unsubscribe-Post"]) == (
        f"<{link}>",
        "List-Unsubscribe=One-Click",
    )
    assert link in mails()[0].text
