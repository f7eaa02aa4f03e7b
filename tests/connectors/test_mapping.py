"""Reading mails: own words only, nothing rendered, and whatever comes in, nothing is raised."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permea.connectors.imap.client import access_of
from permea.connectors.imap.mapping import MOST_TEXT, letter_of
from permea.connectors.imap.words import own_words
from permea.ideas.rules import box as box_rules
from tests.connectors.letters import letter, raw

MAILS = Path(__file__).parent / "mails"


def read(name):
    return letter_of((MAILS / f"{name}.eml").read_bytes())


def test_a_german_answer_is_read_without_history_and_signature():
    found = read("german")
    assert (found.name, found.sender, found.subject) == (
        "Jürgen Müller", "juergen@kundin.example", "Förderband hält",
    )  # fmt: skip
    assert found.text == "Das Förderband hält zweimal am Tag, und niemand weiß warum.\n\nGruß"
    assert (found.answers, found.tags) == (("<abc@lindenhof.example>",), ("abc234",))


def test_of_a_page_only_the_visible_words_are_taken():
    assert read("html_only").text == "The belt & the press stop.\n\nTwice\na day."


def test_a_charset_nobody_knows_stays_readable():
    assert read("broken_charset").text == "Förderband steht."


def test_of_nested_parts_the_text_and_the_first_photo_are_taken_and_the_rest_is_counted():
    found = read("nested")
    assert (found.subject, found.text, found.picture.name, len(found.picture.content)) == (
        "Belt", "See the photo.", "photo.jpg", 20003,
    )  # fmt: skip
    assert found.n_left_out == 2


def test_what_outlook_packs_is_counted_as_left_out():
    found = read("winmail")
    assert (found.text, found.n_left_out) == ("From Outlook.", 1)


def test_nothing_in_a_header_becomes_a_line_of_its_own():
    found = read("injection")
    assert (found.subject, found.text) == ("Belt Bcc: everybody@world.example", "Words with signs.")


def test_a_huge_text_is_cut_at_a_space():
    found = letter_of(raw("word " * 100_000))
    assert (found.is_cut, len(found.whole_text) <= MOST_TEXT, found.text.endswith("word…")) == (True, True, True)
    assert MOST_TEXT == box_rules.MAX_POSTING


def test_a_thousand_layers_of_parts_are_no_problem():
    message = "Content-Type: text/plain\n\nin the middle\n"
    for number in range(1000):
        message = f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n{message}\n--b{number}--\n"
    found = letter_of(f"From: a@b.example\nMIME-Version: 1.0\n{message}".encode())
    assert found is None or found.text in {"", "in the middle"}


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 2 Mar 2026 at 09:00, Permea <permea@lindenhof.example> wrote:",
        "Am 02.03.26 um 09:00 schrieb Permea:",
        "Le lun. 2 mars 2026 à 09:00, Permea a écrit :",
        "El lun, 2 mar 2026 a las 09:00, Permea escribió:",
        "Il giorno lun 2 mar 2026, 09:00 Permea ha scritto:",
        "-----Ursprüngliche Nachricht-----",
        "-- ",
    ],
)
def test_history_ends_what_somebody_wrote(line):
    assert own_words(f"Mine.\n\n{line}\n\nTheirs.") == "Mine."


def test_an_answer_below_the_quoted_lines_is_kept():
    assert own_words("On Monday Permea wrote:\n> What stops?\n\nThe belt.") == "The belt."


def test_a_forwarded_mail_without_own_words_is_taken_whole_but_an_empty_answer_is_not():
    quoted = "> The belt stops."
    assert letter_of(raw(quoted)).text == quoted
    assert letter_of(raw(quoted, In_Reply_To="<x@y.example>")).text == ""


def test_a_mail_without_text_has_none():
    message = letter()
    message.clear_content()
    message.add_attachment(b"x", maintype="application", subtype="zip", filename="a.zip")
    found = letter_of(message.as_bytes())
    assert (found.text, found.n_left_out) == ("", 1)


def test_a_sender_who_cannot_be_answered_is_none():
    senders = ("nobody", "a@localhost@x", "x" * 250 + "@kundin.example")
    assert [letter_of(raw(sender=sender)).sender for sender in senders] == ["", "", ""]


def test_two_mails_without_a_message_id_are_told_apart_by_what_they_say():
    one, other = letter("One."), letter("Other.")
    del one["Message-ID"], other["Message-ID"]
    assert letter_of(one.as_bytes()).fingerprint != letter_of(other.as_bytes()).fingerprint


def test_an_address_of_a_mailbox_is_taken_apart_and_hides_its_password():
    found = access_of("imaps://ideas%40x.example:p%2Fw@mail.example/Ideas")
    assert (found.host, found.port, found.user, found.password, found.folder, found.is_tls) == (
        "mail.example", 993, "ideas@x.example", "p/w", "Ideas", True,
    )  # fmt: skip
    assert ("p/w" in repr(found), access_of("imap://a:b@127.0.0.1").port) == (False, 143)


HEADERS = st.sampled_from(
    ["From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding",
     "Content-Disposition", "Return-Path", "Auto-Submitted", "MIME-Version"]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["multipart/mixed; boundary=b", "text/html; charset=utf-16", "image/jpeg", "base64", "quoted-printable",
         "=?utf-8?q?=FF?= <a@b.example>", "=?x?b?!?=", "a@b.example", "<a@b.example>", "attachment; filename*=x''%",
         ";;"]
    ),
)  # fmt: skip


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.binary(max_size=300))
def test_whatever_comes_in_is_read_or_refused_and_never_raises(headers, body):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("utf-8", "surrogatepass")
    found = letter_of(lines + b"\r\n" + body + b"\r\n--b\r\n" + body + b"\r\n--b--")
    if found is not None:
        assert box_rules._FORBIDDEN.search(found.whole_text) is None
        assert len(found.whole_text) <= MOST_TEXT
        assert "\n" not in found.subject + found.sender + found.name


@given(st.binary(max_size=400))
def test_bytes_that_are_no_mail_raise_nothing(content):
    found = letter_of(content)
    assert found is None or found.fingerprint
