"""Keeping the talk clean: held, released, hidden, objected to, reported; and spam that mails nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.dialogue import rules, services
from permea.dialogue.models import ModerationEntry, Question
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = "It is about this very gripper."


def log() -> list[tuple[str, str | None, str]]:
    rows = ModerationEntry.objects.select_related("by").order_by("pk")
    return [(row.action, row.by.name if row.by else None, row.reason) for row in rows]


def refused_code(action, **given) -> str:
    with pytest.raises(RefusedError) as refused:
        action(**given)
    return refused.value.refusal.code


@pytest.fixture
def mails_before(challenge, db):
    """Return how many mails there are before anything is asked."""
    return Mail.objects.count()


def test_spam_never_mails_anybody(mails_before, challenge, make_idea, solver, held, hide, asker, owner, at):
    hide(held, "spam", "Advertising.")
    services.tell_answers(at=at + DAY)

    assert Mail.objects.count() == mails_before
    assert (held.status, Crossing.objects.filter(kind__startswith="question").count()) == ("held", 0)
    assert log() == [("held", None, ""), ("hidden", "Olga Owner", "spam")]


def test_a_held_text_says_why_it_is_held(held):
    assert rules.reasons_in(ModerationEntry.objects.get().words) == "It holds 2 links."


def test_letting_through_makes_the_question_wait_from_then_on(mails_before, held, owner, at):
    later = at + DAY
    services.release_text(text=held, actor=owner, at=later)

    held.refresh_from_db()
    assert (held.status, held.due_at, held.asked_at) == ("waiting", later + 3 * DAY, at)
    assert Mail.objects.count() == mails_before + 1
    assert refused_code(services.release_text, text=held, actor=owner, at=later) == "moderation.not_held"


def test_only_those_who_manage_let_through(held, evaluator, at):
    assert refused_code(services.release_text, text=held, actor=evaluator, at=at) == "people.not_manager"


def test_who_asked_is_told_why_it_is_hidden(ask, hide, asker):
    hide(ask())

    mail = Mail.objects.get(kind="question_hidden")
    assert (mail.to, "Not about this challenge" in mail.text, "This is about another machine." in mail.text) == (
        asker.email, True, True,
    )  # fmt: skip


def test_hiding_without_words_writes_nothing(ask, hide):
    question = ask()

    assert refused_code(hide, question=question, words=" ") == "moderation.no_words"
    question.refresh_from_db()
    assert (question.status, log()) == ("waiting", [])


def test_an_accepted_objection_shows_the_question_again(ask, answer, hide, asker, owner, at):
    waiting, answered = ask(), ask("May the gripper leave a mark on the skin of the fruit?")
    answer(answered)
    for question in (waiting, answered):
        hide(question)
        services.appeal(text=question, actor=asker, words=WORDS, at=at)
        services.decide_appeal(text=question, actor=owner, is_accepted=True, words="You are right.", at=at)

    assert sorted(Question.objects.values_list("status", "hidden_at")) == [("answered", None), ("waiting", None)]
    assert Crossing.objects.filter(kind="question.asked").count() == 2
    letters = Mail.objects.filter(kind="appeal_decided")
    assert {(mail.to, "accepted" in mail.text) for mail in letters} == {(asker.email, True)}


def test_a_refused_objection_keeps_it_hidden_and_there_is_no_second(ask, hide, asker, owner, at):
    question = hide(ask())
    told = {"text": question, "at": at}
    services.appeal(actor=asker, words=WORDS, **told)
    services.decide_appeal(actor=owner, is_accepted=False, words="It is not.", **told)

    question.refresh_from_db()
    assert question.status == "hidden"
    assert "refused" in Mail.objects.get(kind="appeal_decided").text
    assert refused_code(services.appeal, actor=asker, words=WORDS, **told) == "moderation.appealed"
    assert refused_code(services.decide_appeal, actor=owner, is_accepted=True, words="Yes.", **told) == (
        "moderation.no_appeal"
    )
    assert [row[0] for row in log()] == ["hidden", "appealed", "upheld"]


def test_a_reader_reports_once_and_the_report_is_looked_at(ask, answer, solver, solver_two, owner, at):
    question = ask()
    answer(question)
    told = {"text": question, "at": at}
    for reader in (solver, solver, solver_two):
        services.report_text(actor=reader, reason="offensive", words="It insults growers.", **told)
    question.refresh_from_db()
    assert question.reported_at == at

    services.dismiss_reports(actor=owner, words="It does not.", **told)

    question.refresh_from_db()
    assert (question.status, question.reported_at) == ("answered", None)
    assert [row[:2] for row in log()] == [
        ("reported", "Sam Solver"), ("reported", "Sina Solver"), ("dismissed", "Olga Owner"),
    ]  # fmt: skip
    assert refused_code(services.dismiss_reports, actor=owner, words="Again.", **told) == "moderation.no_report"


def test_nobody_reports_their_own_question(ask, answer, asker, at):
    question = ask()
    answer(question)

    given = {"text": question, "actor": asker, "reason": "spam", "words": "Mine.", "at": at}
    assert refused_code(services.report_text, **given) == "moderation.own_text"


def test_hiding_a_reported_question_settles_the_report(ask, answer, hide, solver, at):
    question = ask()
    answer(question)
    services.report_text(text=question, actor=solver, reason="spam", words="Advertising.", at=at)

    assert hide(question).reported_at is None
