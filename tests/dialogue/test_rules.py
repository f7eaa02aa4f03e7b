"""Rules of questions and of moderation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from permea.challenges.models import Challenge
from permea.dialogue import rules
from permea.dialogue.models import Question
from permea.people.models import Person

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KNOWN = rules.Circumstances(is_new_account=False, n_today=0, n_by_new_accounts=0, recent_texts=())
NEW = rules.Circumstances(is_new_account=True, n_today=0, n_by_new_accounts=1, recent_texts=())
TEXT = "How wet may the fruit be when it is gripped?"


def code(refusal):
    return refusal.code if refusal else None


def challenge(**fields) -> Challenge:
    return Challenge(**{"status": "published", "closes_at": AT + 28 * DAY, **fields})


def question(**fields) -> Question:
    return Question(**{"status": "waiting", "asker_id": 1, **fields})


@pytest.mark.parametrize(
    ("fields", "given", "expected"),
    [
        ({}, {}, None),
        ({"closes_at": AT}, {}, "question.closed"),
        ({"status": "decided"}, {}, "question.closed"),
        ({}, {"is_inside": True}, "question.own_house"),
        ({}, {"n_open": 5}, "question.too_many"),
        ({}, {"n_open": 4}, None),
    ],
)
def test_who_may_ask_until_entries_close(fields, given, expected):
    asked = rules.why_not_ask(challenge(**fields), **{"is_inside": False, "n_open": 0, "at": AT, **given})

    assert code(asked) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [(TEXT, None), ("What?", "question.empty"), ("x" * 2001, "question.too_long")]
)
def test_a_question_is_a_sentence_and_not_an_essay(text, expected):
    assert code(rules.why_not_wording(text)) == expected


def test_lines_end_one_way_whatever_was_sent():
    assert rules.tidy(" one\r\ntwo\rthree\n ") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("status", "actor", "expected"),
    [
        ("waiting", 1, None),
        ("held", 1, None),
        ("answered", 1, "question.settled"),
        ("waiting", 2, "question.not_yours"),
    ],
)
def test_who_may_take_a_question_back(status, actor, expected):
    assert code(rules.why_not_withdraw(question(status=status), Person(pk=actor))) == expected


@pytest.mark.parametrize(
    ("fields", "text", "expected"),
    [
        ({}, TEXT, None),
        ({"status": "held"}, TEXT, None),
        ({"status": "answered"}, TEXT, None),
        ({"status": "hidden"}, TEXT, "question.not_shown"),
        ({"text_removed_at": AT}, TEXT, "question.not_shown"),
        ({}, "", "question.empty"),
    ],
)
def test_when_a_question_may_be_reworded(fields, text, expected):
    assert code(rules.why_not_reword(question(**fields), text)) == expected


@pytest.mark.parametrize(
    ("status", "about", "text", "changes", "expected"),
    [
        ("waiting", {}, "It may drip.", True, None),
        ("answered", {"closes_at": AT}, "It may drip.", False, None),
        ("waiting", {"closes_at": AT}, "It may drip.", True, "question.changes_too_late"),
        ("held", {}, "It may drip.", False, "question.not_open"),
        ("waiting", {"status": "archived"}, "It may drip.", False, "question.not_open"),
        ("waiting", {}, "", False, "question.no_answer"),
        ("waiting", {}, "x" * 4001, False, "question.answer_too_long"),
    ],
)
def test_when_a_question_may_be_answered(status, about, text, changes, expected):
    refusal = rules.why_not_answer(question(status=status), challenge(**about), text, changes_brief=changes, at=AT)

    assert code(refusal) == expected


@pytest.mark.parametrize(
    ("asked_at", "closes_at", "due_at"),
    [
        (AT, AT + 28 * DAY, AT + 3 * DAY),  # Monday to Thursday
        (AT + 3 * DAY, AT + 28 * DAY, AT + 8 * DAY),  # Thursday to Tuesday: no answer is due on a weekend
        (AT, AT + 2 * DAY, AT + DAY),  # half way to the closing
        (AT, AT - DAY, AT),  # let through after the closing: at once
    ],
)
def test_an_answer_is_due_in_three_working_days_or_half_way_to_the_closing(asked_at, closes_at, due_at):
    assert rules.answer_due(asked_at, closes_at) == due_at


@pytest.mark.parametrize(
    ("minutes", "expected"), [([], False), ([9], False), ([10], True), ([59, 1], False), ([60, 1], True)]
)
def test_answers_are_told_after_ten_quiet_minutes_or_an_hour(minutes, expected):
    published = [AT - timedelta(minutes=ago) for ago in minutes]

    assert rules.is_time_to_tell(published, at=AT) is expected


@pytest.mark.parametrize(
    ("text", "known", "signs"),
    [
        (TEXT, KNOWN, []),
        (TEXT, NEW, [("new_account", 1)]),
        ("See https://www.site.com/a please.", KNOWN, [("links", 1)]),
        ("See https://site.example and www.other.example now", KNOWN, [("links", 2)]),
        ("Buy at cheap-fruit.shop today", NEW, [("links", 1), ("new_account", 1)]),
        ("word " * 300, KNOWN, [("long", 1)]),
        (TEXT, rules.Circumstances(is_new_account=False, n_today=3, n_by_new_accounts=0, recent_texts=()),
         [("many", 2)]),
        (TEXT, rules.Circumstances(is_new_account=True, n_today=0, n_by_new_accounts=10, recent_texts=()),
         [("new_account", 1), ("flood", 2)]),
        (TEXT, rules.Circumstances(is_new_account=False, n_today=0, n_by_new_accounts=10, recent_texts=()), []),
        (TEXT, rules.Circumstances(is_new_account=False, n_today=0, n_by_new_accounts=0, recent_texts=[TEXT.upper()]),
         [("repeated", 2)]),
    ],
)  # fmt: skip
def test_each_sign_counts_its_points_and_two_hold_a_text(text, known, signs):
    verdict = rules.judge_text(text, known)

    assert [(sign.code, sign.points) for sign in verdict.signs] == signs
    assert verdict.is_held is (sum(points for _code, points in signs) >= 2)


def test_the_reasons_are_said_in_the_readers_words():
    noted = rules.judge_text("Buy at https://cheap.example now", NEW).noted
    with translation.override("de"):
        german = rules.reasons_in(noted)

    assert rules.reasons_in(noted) == "It holds 1 link.\nIts writer has been known here for less than a day."
    assert german.splitlines()[0] == "Er enthält 1 Link."


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Order 17 now and save much money with us", "order 99 NOW and save much money with us!", True),
        ("How wet may the fruit be?", "How heavy may the gripper be?", False),
        ("Price please", "price, please?", True),
        ("123", "123", False),
    ],
)
def test_texts_are_much_the_same_whatever_their_digits_and_case(first, second, same):
    assert rules.is_much_the_same(first, second) is same


@pytest.mark.parametrize(
    ("trap", "began_at", "expected"),
    [
        (False, AT - timedelta(seconds=3), None),
        (True, AT - HOUR, "moderation.trap"),
        (False, None, "moderation.old_form"),
        (False, AT - 13 * HOUR, "moderation.old_form"),
        (False, AT - timedelta(seconds=2), "moderation.too_fast"),
    ],
)
def test_forms_that_programs_fill_in_come_back(trap, began_at, expected):
    assert code(rules.why_not_form(is_trap_filled=trap, began_at=began_at, at=AT)) == expected


def test_only_a_held_text_is_let_through():
    assert [code(rules.why_not_release(question(status=status))) for status in ("held", "waiting")] == [
        None,
        "moderation.not_held",
    ]


@pytest.mark.parametrize(
    ("status", "reason", "words", "expected"),
    [
        ("answered", "spam", "Advertising.", None),
        ("hidden", "spam", "Advertising.", "moderation.not_shown"),
        ("withdrawn", "spam", "Advertising.", "moderation.not_shown"),
        ("held", "mood", "Advertising.", "moderation.no_reason"),
        ("held", "spam", "", "moderation.no_words"),
        ("held", "spam", "x" * 1001, "moderation.words_too_long"),
    ],
)
def test_hiding_takes_a_reason_and_words(status, reason, words, expected):
    assert code(rules.why_not_hide(question(status=status), reason, words)) == expected


@pytest.mark.parametrize(
    ("fields", "actor", "expected"),
    [
        ({}, 1, None),
        ({}, 2, "moderation.not_yours"),
        ({"status": "held"}, 1, "moderation.not_hidden"),
        ({"appealed_at": AT}, 1, "moderation.appealed"),
    ],
)
def test_an_asker_objects_once(fields, actor, expected):
    hidden = question(**{"status": "hidden", **fields})

    assert code(rules.why_not_appeal(hidden, Person(pk=actor), "It is about it.")) == expected


def test_an_objection_is_decided_once_with_a_reason():
    objected, settled = question(appealed_at=AT), question(appealed_at=AT, appeal_decided_at=AT)

    assert [code(rules.why_not_decide_appeal(one, words)) for one, words in [
        (objected, "You are right."), (objected, ""), (settled, "Again."), (question(), "None.")
    ]] == [None, "moderation.no_words", "moderation.no_appeal", "moderation.no_appeal"]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "actor", "reason", "words", "expected"),
    [
        ("answered", 2, "spam", "Advertising.", None),
        ("waiting", 2, "spam", "Advertising.", "moderation.not_shown"),
        ("answered", 1, "spam", "Advertising.", "moderation.own_text"),
        ("answered", 2, "", "Advertising.", "moderation.no_reason"),
        ("answered", 2, "spam", "", "moderation.no_words"),
    ],
)
def test_readers_report_what_is_published(status, actor, reason, words, expected):
    assert code(rules.why_not_report(question(status=status), Person(pk=actor), reason, words)) == expected


def test_reports_are_set_aside_with_a_reason():
    assert [code(rules.why_not_dismiss(one, words)) for one, words in [
        (question(reported_at=AT), "Fair."), (question(reported_at=AT), ""), (question(), "Fair.")
    ]] == [None, "moderation.no_words", "moderation.no_report"]  # fmt: skip
