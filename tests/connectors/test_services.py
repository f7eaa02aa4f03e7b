"""Reading the mailbox: each mail is taken once or left with a reason, and machines never talk to each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache

from permea.connectors import queries, services, tasks
from permea.connectors.models import Mailbox, ReceivedMail
from permea.foundation.refusals import RefusedError
from permea.foundation.scanning import TEST_FILE
from permea.ideas import services as ideas
from permea.ideas.models import Posting, PostingNote
from permea.ideas.queries.box import posting_data
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.notifications.services.mails import message_of
from tests import clamd
from tests.cast import AT
from tests.connectors.letters import letter, raw
from tests.ideas.pictures import jpeg

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def box(make_box):
    """Return the box that takes what comes in."""
    return make_box(title="What slows you down?", source="supplier", language="de")


def reasons():
    return list(ReceivedMail.objects.filter(outcome="refused").order_by("pk").values_list("reason", flat=True))


def photographed(**values):
    message = letter(**values)
    message.add_attachment(jpeg(6), maintype="image", subtype="jpeg", filename="belt.jpg")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
    return message.as_bytes()


# --- taken


def test_a_mail_becomes_a_posting_of_the_box_and_is_put_away(mailbox, box):
    mailbox.deliver(photographed(sender="Karin <Karin@Kundin.example>"))
    state = services.read_mailbox(at=AT)
    posting = Posting.objects.get()

    assert (state.problem, state.read_at, state.last_uid > 0) == ("", AT, True)
    assert (posting.title, posting.text) == ("Belt stops", "Belt stops\n\nThe belt stops twice a day.")
    assert (posting.box, posting.channel, posting.kind, posting.source, posting.language) == (
        box, "mail", "need", "supplier", "de",
    )  # fmt: skip
    assert (posting.sender, posting.sender_name, posting.sender_email) == (None, "Karin", "karin@kundin.example")
    assert (posting.photo_type, posting.is_anonymous) == ("image/jpeg", False)
    assert (mailbox.subjects(), mailbox.subjects("Taken")) == ([], ["Belt stops"])
    assert list(Crossing.objects.filter(subject_key=posting.key).values_list("kind", flat=True)) == ["posting.received"]


def test_the_address_of_somebody_with_an_account_proves_nothing(mailbox, box, solver):
    mailbox.deliver(raw(sender=str(solver.email)))
    services.read_mailbox(at=AT)

    assert Posting.objects.get().sender is None


def test_the_receipt_says_that_a_machine_answers_repeats_no_words_and_tells_what_was_left_out(mailbox, box):
    mailbox.deliver(photographed(subject="Buy pills"))
    services.read_mailbox(at=AT)
    mail = Mail.objects.get()
    message = message_of(mail)

    assert (mail.kind, mail.to) == ("posting_reply", "karin@kundin.example")
    assert (message.extra_headers["Auto-Submitted"], message.extra_headers["Reply-To"]) == (
        "auto-replied", "ideas@lindenhof.example",
    )  # fmt: skip
    assert ("pills" in mail.subject + mail.text + mail.html, "plan" in mail.text) == (False, False)
    assert "Anhang" in mail.text


def test_a_sender_gets_one_receipt_an_hour(mailbox, box):
    for number in range(3):
        mailbox.deliver(raw(number=str(number)))
    services.read_mailbox(at=AT)
    mailbox.deliver(raw(number="later"))
    services.read_mailbox(at=AT + HOUR)

    assert (Posting.objects.count(), Mail.objects.count()) == (4, 2)


def test_a_picture_that_cannot_be_read_is_left_out_and_the_words_are_taken(mailbox, box):
    message = letter()
    message.add_attachment(b"\xff\xd8\xff no picture", maintype="image", subtype="jpeg", filename="belt.jpg")
    mailbox.deliver(message.as_bytes())
    services.read_mailbox(at=AT)

    assert (Posting.objects.get().photo_path, "Anhang" in Mail.objects.get().text) == ("", True)


def test_a_long_mail_is_cut_and_the_sender_is_told(mailbox, box):
    mailbox.deliver(raw("The belt stops. " * 400))
    services.read_mailbox(at=AT)

    assert len(Posting.objects.get().text) <= 4000
    assert "zu lang" in Mail.objects.get().text


def test_a_plus_in_the_address_names_the_box(mailbox, box, make_box):
    other = make_box(title="Press 4")
    mailbox.deliver(raw(To=f"ideas+{other.key}@lindenhof.example"))
    mailbox.deliver(raw(To="ideas+nonsense@lindenhof.example", number="2"))
    services.read_mailbox(at=AT)

    assert [posting.box for posting in Posting.objects.order_by("pk")] == [other, box]


def test_the_setting_names_the_box_that_takes_what_names_none(mailbox, box, make_box, settings):
    settings.INBOX_BOX = make_box(title="Press 4").key
    mailbox.deliver(raw())
    services.read_mailbox(at=AT)

    assert Posting.objects.get().box.key == settings.INBOX_BOX


# --- once


def test_a_mail_is_taken_once_however_often_it_comes(mailbox, box):
    mailbox.deliver(raw())
    services.read_mailbox(at=AT)
    mailbox.deliver(raw())
    services.read_mailbox(at=AT + MINUTE)

    assert (Posting.objects.count(), ReceivedMail.objects.count()) == (1, 1)
    assert mailbox.subjects("Taken") == ["Belt stops"] * 2


def test_after_a_crash_before_the_mail_was_put_away_it_is_only_put_away(mailbox, box, monkeypatch):
    mailbox.deliver(raw())
    with monkeypatch.context() as broken:
        broken.setattr("permea.connectors.imap.client.Connection.put_away", _cut_off)
        failed = services.read_mailbox(at=AT)
    former = (failed.problem, failed.last_uid, mailbox.subjects())
    services.read_mailbox(at=AT + MINUTE)

    assert former == ("network", 0, ["Belt stops"])
    assert (Posting.objects.count(), mailbox.subjects(), mailbox.subjects("Taken")) == (1, [], ["Belt stops"])


def _cut_off(*_args):
    raise ConnectionResetError("cut off")


def test_even_when_the_memory_of_mails_is_gone_nothing_is_taken_twice(mailbox, box):
    mailbox.deliver(raw())
    services.read_mailbox(at=AT)
    kept = services.forget_old_mails(at=AT + timedelta(days=29))
    gone = services.forget_old_mails(at=AT + timedelta(days=31))
    mailbox.deliver(raw())
    services.read_mailbox(at=AT + timedelta(days=31))

    assert (kept, gone, Posting.objects.count()) == (0, 1, 1)


def test_numbers_of_another_validity_mean_nothing(mailbox, box):
    Mailbox.objects.create(address_hash=queries.address_hash(), uid_validity=7, last_uid=999_999)
    mailbox.deliver(raw())
    state = services.read_mailbox(at=AT)

    assert (Posting.objects.count(), state.uid_validity != 7, 0 < state.last_uid < 999_999) == (1, True, True)


def test_while_it_is_being_read_nobody_else_reads(mailbox, box):
    mailbox.deliver(raw())
    cache.add(services.LOCK, "yes", timeout=60)

    assert (services.read_mailbox(at=AT), Posting.objects.count()) == (None, 0)


# --- threads


def test_an_answer_to_our_mail_is_added_to_the_posting(mailbox, box, make_person):
    mailbox.deliver(raw())
    services.read_mailbox(at=AT)
    message_id = message_of(Mail.objects.get()).extra_headers["Message-ID"]
    mailbox.deliver(raw("It is worse.\n\nOn Monday Permea wrote:\n> Thank you", number="2", In_Reply_To=message_id))
    services.read_mailbox(at=AT + HOUR)
    posting, note = Posting.objects.get(), PostingNote.objects.get()

    assert (note.posting, note.text, Mail.objects.count()) == (posting, "It is worse.", 1)
    assert ReceivedMail.objects.filter(outcome="added").count() == 1
    kinds = Crossing.objects.filter(subject_key=posting.key).order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["posting.received", "posting.noted"]
    assert posting_data(make_person("karin@kundin.example"))[0]["notes"] == ["It is worse."]


def test_an_answer_to_something_that_waits_no_more_is_put_into_the_box_anew(mailbox, box, manager):
    mailbox.deliver(raw())
    services.read_mailbox(at=AT)
    message_id = message_of(Mail.objects.get()).extra_headers["Message-ID"]
    answered = Posting.objects.get()
    ideas.answer_posting(posting_id=answered.pk, outcome="taken_up", words="Yes.", actor=manager, at=AT)
    mailbox.deliver(raw("There is more.", number="2", References=f"<strange@example.org> {message_id}"))
    services.read_mailbox(at=AT + HOUR)

    assert (Posting.objects.count(), PostingNote.objects.count()) == (2, 0)


def test_a_note_is_added_once_only_while_the_posting_waits_and_goes_with_its_text(make_posting, manager):
    posting = make_posting()
    first = ideas.add_note(posting_id=posting.pk, text=" More. ", seed="s", at=AT)
    again = ideas.add_note(posting_id=posting.pk, text="More!", seed="s", at=AT)
    with pytest.raises(RefusedError) as empty:
        ideas.add_note(posting_id=posting.pk, text=" ", seed="t", at=AT)
    ideas.withdraw_posting(posting_id=posting.pk, at=AT)
    with pytest.raises(RefusedError) as gone:
        ideas.add_note(posting_id=posting.pk, text="More.", seed="u", at=AT)

    assert (first, first.text, PostingNote.objects.count()) == (again, "More.", 0)
    assert (empty.value.refusal.code, gone.value.refusal.code) == ("box.no_text", "box.is_withdrawn")


# --- loops


LOOPS = [
    ({"Auto_Submitted": "auto-replied"}, "automatic"),
    ({"Precedence": "bulk"}, "bulk"),
    ({"List_Id": "<all.kundin.example>"}, "bulk"),
    ({"Return_Path": "<>"}, "bounce"),
    ({"X_Auto_Response_Suppress": "All"}, "automatic"),
    ({"X_Spam_Flag": "YES"}, "spam"),
    ({"sender": "permea@lindenhof.example"}, "own"),
    ({"sender": "Ideas <IDEAS@lindenhof.example>"}, "own"),
    ({"sender": "nobody"}, "no_sender"),
    ({"text": "> only\n> quoted", "In_Reply_To": "<x@y.example>"}, "no_text"),
]


@pytest.mark.parametrize(("values", "reason"), LOOPS)
def test_what_a_machine_wrote_is_put_away_with_a_reason_and_never_answered(mailbox, box, values, reason):
    mailbox.deliver(raw(**values))
    services.read_mailbox(at=AT)

    assert (reasons(), Posting.objects.count(), Mail.objects.count()) == ([reason], 0, 0)
    assert (mailbox.subjects(), mailbox.subjects("Refused")) == ([], ["Belt stops"])


def test_our_own_receipt_that_comes_back_is_left_from_whatever_address(mailbox, box):
    mailbox.deliver(raw())
    services.read_mailbox(at=AT)
    returned = message_of(Mail.objects.get()).message()
    del returned["Auto-Submitted"]
    del returned["From"]
    returned["From"] = "forwarder@elsewhere.example"
    mailbox.deliver(returned.as_bytes())
    services.read_mailbox(at=AT + HOUR)

    assert (reasons(), Posting.objects.count(), Mail.objects.count()) == (["own"], 1, 1)


def test_two_machines_that_answer_each_other_without_saying_so_come_to_rest(mailbox, box):
    at, n_rounds, n_answered = AT, 0, -1
    mailbox.deliver(raw(number="0"))
    while Mail.objects.count() + Posting.objects.count() != n_answered and n_rounds < 30:
        n_rounds, n_answered = n_rounds + 1, Mail.objects.count() + Posting.objects.count()
        services.read_mailbox(at=at)
        at += MINUTE
        if Mail.objects.count():
            mailbox.deliver(raw("I am away.", number=f"away-{n_rounds}"))

    assert (n_rounds < 30, Mail.objects.count(), Posting.objects.count(), "too_many" in reasons()) == (
        True, 1, 10, True,
    )  # fmt: skip


def test_a_mail_that_is_too_big_or_none_at_all_is_put_away_unread(mailbox, box, monkeypatch):
    mailbox.deliver(b"\r\nno header at all\r\n")
    services.read_mailbox(at=AT)
    monkeypatch.setattr("permea.connectors.rules.MOST_BYTES", 100)
    mailbox.deliver(raw())
    services.read_mailbox(at=AT)

    assert (reasons(), Posting.objects.count(), mailbox.subjects()) == (["unreadable", "too_big"], 0, [])


def test_without_an_open_box_nothing_is_taken(mailbox, organisation):
    mailbox.deliver(raw())
    services.read_mailbox(at=AT)

    assert reasons() == ["no_box"]


# --- viruses


def infected(**values):
    message = letter(**values)
    message.add_attachment(jpeg(6) + TEST_FILE, maintype="image", subtype="jpeg", filename="belt.jpg")
    return message.as_bytes()


def test_a_picture_with_a_virus_is_left_out_and_the_words_are_taken(mailbox, box, settings):
    mailbox.deliver(infected())
    with clamd.running() as (_daemon, settings.CLAMAV):
        state = services.read_mailbox(at=AT)
    posting = Posting.objects.get()

    assert (posting.photo_path, posting.title, state.problem) == ("", "Belt stops", "")


def test_while_the_scanner_is_silent_a_mail_with_a_picture_waits(mailbox, box, settings):
    with clamd.running() as (daemon, settings.CLAMAV):
        daemon.raw = b"no database\0"
        mailbox.deliver(photographed())
        problem = services.read_mailbox(at=AT).problem
        waiting = (mailbox.subjects(), Posting.objects.count())
        daemon.raw = b""
        state = services.read_mailbox(at=AT + HOUR)

    assert (problem, waiting) == ("scanner", (["Belt stops"], 0))
    assert (state.problem, Posting.objects.get().photo_type, len(daemon.seen)) == ("", "image/jpeg", 2)


# --- servers


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [("secret", "wrong", "login"), ("/INBOX", "/Nowhere", "folder"), ("imap://", "imaps://", "tls")],
)
def test_what_the_server_said_is_kept_where_it_cannot_be_read(mailbox, box, settings, old, new, problem):
    settings.INBOX_URL = settings.INBOX_URL.replace(old, new)
    state = services.read_mailbox(at=AT)

    assert (state.problem, state.read_at, state.tried_at, state.said != "") == (problem, None, AT, True)


def test_the_clock_reads_every_two_minutes_where_a_mailbox_is_set(mailbox, box, settings):
    url, settings.INBOX_URL = settings.INBOX_URL, ""
    tasks.read_mailbox(AT)
    nothing = (Mailbox.objects.count(), services.read_mailbox(at=AT))
    settings.INBOX_URL = url
    mailbox.deliver(raw())
    tasks.read_mailbox(AT)
    mailbox.deliver(raw(number="2"))
    tasks.read_mailbox(AT)

    assert (nothing, Posting.objects.count(), mailbox.subjects()) == ((0, None), 1, ["Belt stops"])
