"""Asking, answering, telling, and what stays of an erased asker."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.dialogue import queries, services
from permea.dialogue.events import AnswersPublished
from permea.dialogue.models import Follower, ModerationEntry, PublishedAnswer, Question
from permea.foundation import events
from permea.foundation.duties import run_duties
from permea.foundation.refusals import RefusedError
from permea.ideas import services as ideas
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.notifications.queries import mails_visible_to
from permea.people import services as people
from permea.people.queries import erasure_lines_of, never_proven_before, personal_data_of
from tests.dialogue.conftest import TEXT

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def readers(kind: str) -> list[str]:
    return sorted(Mail.objects.filter(kind=kind).values_list("to", flat=True))


def crossings() -> list[tuple[str, str, str, str, str]]:
    rows = Crossing.objects.filter(kind__startswith="question.").order_by("number")
    return [(row.kind, row.direction, row.depth, row.actor_key, row.counterparty_key) for row in rows]


@pytest.fixture
def heard(monkeypatch):
    """Return the list of batches that are announced."""
    batches = []
    told = {AnswersPublished: [*events.receivers_of(AnswersPublished), batches.append]}
    monkeypatch.setattr(events, "_receivers", {**events._receivers, **told})
    return batches


def test_a_question_waits_without_its_askers_name_in_ledger_and_mail(ask, asker, owner, at):
    question = ask()

    assert (question.status, question.due_at) == ("waiting", at + 3 * DAY)
    assert crossings() == [("question.asked", "in", "invited", "", "")]
    assert readers("question_asked") == [owner.email]
    traces = [*Mail.objects.filter(to=owner.email).values_list("text", "html"), *Crossing.objects.values_list("body")]
    assert [trace for trace in traces if asker.key in str(trace) or "Asta" in str(trace)] == []


def test_managers_are_mailed_of_the_first_question_that_waits_only(ask, owner):
    ask()
    ask("May the gripper leave a mark on the skin of the fruit?")

    assert readers("question_asked") == [owner.email]


def test_the_same_question_twice_is_asked_once(ask):
    assert ask().pk == ask(f"  {TEXT}\r\n").pk


def test_what_another_firm_was_asked_by_somebody_else_tells_nothing_here(
    ask, challenge, make_challenge, other_organisation, other_owner, solver, solver_two, at
):  # fmt: skip
    from permea.agreements.services import ensure_standard_terms

    ensure_standard_terms(organisation=other_organisation, at=at)
    elsewhere = make_challenge(house=other_organisation, actor=other_owner)
    told = {"text": TEXT, "language": "en", "at": at}
    services.ask_question(challenge_id=elsewhere.pk, actor=solver, **told)
    here = services.ask_question(challenge_id=challenge.pk, actor=solver_two, **told)
    again = services.ask_question(challenge_id=challenge.pk, actor=solver, **told)

    assert (here.status, again.status) == ("waiting", "held")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": "Why?"}, "question.empty"),
        ({"late": 28 * DAY}, "question.closed"),
        ({"inside": True}, "question.own_house"),
    ],
)
def test_a_refused_question_writes_nothing(ask, asker, member, at, given, code):
    who = member if given.get("inside") else asker
    with pytest.raises(RefusedError) as refused:
        ask(given.get("text", TEXT), actor=who, at=at + given.get("late", timedelta(0)))

    assert (refused.value.refusal.code, Question.objects.count()) == (code, 0)


def test_a_new_account_that_only_asks_is_not_held(ask, stranger):
    assert ask(actor=stranger).status == "waiting"


def test_a_fourth_question_within_a_day_is_held(ask, at):
    texts = ["How heavy may it be?", "Which fruit is picked first?", "Who owns the drawings?", "What is the budget?"]

    asked = [ask(text, at=at + number * timedelta(hours=2)).status for number, text in enumerate(texts)]

    assert asked == ["waiting"] * 3 + ["held"]


def test_much_the_same_text_by_another_is_held(ask, solver):
    ask()

    assert ask(TEXT.lower(), actor=solver).status == "held"


def test_a_flood_by_new_accounts_is_held_and_who_is_known_for_long_still_gets_through(ask, make_person):
    words = ("belt", "motor", "blade", "lamp", "wheel", "crate", "valve", "cable", "screw", "hinge", "spring")

    asked = [ask(f"Which {word} holds the {word} when it is wet?", actor=make_person()).status for word in words]

    assert (asked[:10], asked[10], ask().status) == (["waiting"] * 10, "held", "waiting")


def test_taking_back_removes_the_text_and_its_former_wordings(ask, asker, owner, at):
    question = ask()
    services.reword_question(question_id=question.pk, actor=owner, text="How wet may fruit be?", at=at)

    for _turn in range(2):
        services.withdraw_question(question_id=question.pk, actor=asker, at=at)

    question.refresh_from_db()
    entry = ModerationEntry.objects.get()
    assert (question.status, question.text, question.asked_text, entry.before) == ("withdrawn", "", "", "")


def test_nobody_takes_back_what_somebody_else_asked(ask, solver, at):
    question = ask()
    with pytest.raises(RefusedError) as refused:
        services.withdraw_question(question_id=question.pk, actor=solver, at=at)

    assert refused.value.refusal.code == "question.not_yours"


def test_rewording_keeps_what_was_asked_and_is_logged_once(ask, owner, at):
    question = ask("I am Asta of Asta Lab: how wet may the fruit be?")

    for _turn in range(2):
        services.reword_question(question_id=question.pk, actor=owner, text=TEXT, at=at)

    question.refresh_from_db()
    logged = ModerationEntry.objects.values_list("action", "by_id", "before")
    assert (question.text, question.asked_text.startswith("I am Asta")) == (TEXT, True)
    assert list(logged) == [("reworded", owner.pk, question.asked_text)]


def test_an_answer_goes_out_to_everybody_and_into_the_ledger(ask, answer, owner):
    question = ask()

    for _turn in range(2):
        answer(question, " It may drip. ", changes_brief=True)

    question.refresh_from_db()
    published = PublishedAnswer.objects.get()
    assert (question.status, question.n_answers, published.text, published.changes_brief) == (
        "answered", 1, "It may drip.", True,
    )  # fmt: skip
    assert crossings()[1:] == [("question.answered", "out", "public", owner.key, "")]


def test_a_correction_is_a_further_version_and_the_old_one_stays(challenge, ask, answer, at):
    question = ask()
    answer(question)
    answer(question, "It may be moist, not more.", at=at + DAY)

    shown = queries.read_answered(queries.answered_of(challenge))[0]
    assert (shown.answer.text, [version.text for version in shown.earlier], shown.is_corrected) == (
        "It may be moist, not more.", ["It may drip."], True,
    )  # fmt: skip


def test_an_answer_and_the_wording_are_published_both_or_neither(ask, owner, at):
    question = ask()
    given = {"question_id": question.pk, "actor": owner, "changes_brief": False, "at": at}
    with pytest.raises(RefusedError) as refused:
        services.reword_and_answer(wording="How wet may fruit be?", text="", **given)
    question.refresh_from_db()
    assert (refused.value.refusal.code, question.text) == ("question.no_answer", TEXT)

    services.reword_and_answer(wording="How wet may fruit be?", text="It may drip.", **given)
    services.reword_and_answer(wording="How wet may fruit be?", text="It may drip.", **given)
    question.refresh_from_db()
    assert (question.text, question.n_answers) == ("How wet may fruit be?", 1)


def test_only_those_who_manage_answer(ask, answer, evaluator):
    with pytest.raises(RefusedError) as refused:
        answer(ask(), actor=evaluator)

    assert refused.value.refusal.code == "people.not_manager"


def test_answers_published_close_together_make_one_letter_a_person(
    heard, challenge, make_idea, solver, solver_two, stranger, make_person, ask, answer, asker, at
):
    make_idea(challenge=challenge, author=solver)
    make_idea(challenge=challenge, author=solver_two, submitted=False)
    services.follow(challenge_id=challenge.pk, actor=stranger, is_wanted=True, at=at)
    gone = make_person()
    ideas.withdraw_idea(idea_id=make_idea(challenge=challenge, author=gone).pk, actor=gone, at=at)
    first, second = ask(), ask("May the gripper leave a mark on the skin of the fruit?")
    answer(first)
    answer(first, "It may be moist, not more.", at=at + MINUTE)
    answer(second, "No mark.", at=at + 5 * MINUTE)

    done = [services.tell_answers(at=at + wait * MINUTE) for wait in (14, 15, 16)]

    assert (done, len(heard)) == ([0, 2, 0], 1)
    assert readers("answers_published") == sorted(
        person.email for person in (asker, solver, solver_two, stranger)
    )  # fmt: skip
    letters = set(Mail.objects.filter(kind="answers_published").values_list("subject", flat=True))
    assert letters == {"2 questions about “Soft fruit picker” are answered"}
    text = Mail.objects.get(kind="answers_published", to=solver.email).text
    assert ("It may drip." in text, "It may be moist" in text, "Asta" in text) == (False, True, False)


def test_the_asker_reads_the_same_letter_as_everybody_else(challenge, make_idea, solver, ask, answer, asker, at):
    make_idea(challenge=challenge, author=solver)
    answer(ask())
    services.tell_answers(at=at + DAY)

    texts = {mail.to: mail.text.replace(mail.person.name, "") for mail in Mail.objects.filter(kind="answers_published")}
    assert texts[asker.email] == texts[solver.email]


def test_a_correction_is_told_again(ask, answer, asker, at):
    question = ask()
    answer(question)
    services.tell_answers(at=at + DAY)
    answer(question, "It may be moist, not more.", at=at + DAY)

    services.tell_answers(at=at + 2 * DAY)

    assert "Corrected answer" in Mail.objects.filter(kind="answers_published").order_by("pk").last().text


def test_what_was_hidden_before_it_was_told_is_not_told(ask, answer, hide, at):
    question = ask()
    answer(question)
    hide(question, "spam", "Advertising.")

    assert (services.tell_answers(at=at + DAY), readers("answers_published")) == (0, [])


def test_the_worker_tells_answers(ask, answer, asker, at):
    answer(ask())
    run_duties(at + DAY)

    assert readers("answers_published") == [asker.email]


def test_the_owner_of_a_house_without_mail_server_reads_no_letter_that_tells_who_asked(
    ask, answer, hide, organisation, owner, at
):
    answer(ask())
    services.tell_answers(at=at + DAY)
    hide(ask("May the gripper leave a mark on the skin of the fruit?"))
    services.follow(challenge_id=Question.objects.first().challenge_id, actor=owner, is_wanted=True, at=at)

    visible = set(mails_visible_to(owner, organisation, at).values_list("kind", flat=True))

    assert ("answers_published" in visible, "question_hidden" in visible, "question_asked" in visible) == (
        False, False, True,
    )  # fmt: skip


def test_who_follows_reads_their_own_letter_in_a_house_without_mail_server(
    challenge, ask, answer, organisation, owner, at
):
    services.follow(challenge_id=challenge.pk, actor=owner, is_wanted=True, at=at)
    answer(ask())
    services.tell_answers(at=at + DAY)

    visible = mails_visible_to(owner, organisation, at).filter(kind="answers_published")
    assert [mail.to for mail in visible] == [owner.email]


def test_following_begins_once_and_ends(challenge, stranger, at):
    counts = []
    for is_wanted in (True, True, False, False):
        services.follow(challenge_id=challenge.pk, actor=stranger, is_wanted=is_wanted, at=at)
        counts.append(Follower.objects.count())

    assert counts == [1, 1, 0, 0]


def test_an_erased_asker_leaves_the_public_wording_only(challenge, ask, answer, held, hide, asker, owner, at):
    answered = ask("I am Asta of Asta Lab: how wet may the fruit be?")
    services.reword_question(question_id=answered.pk, actor=owner, text=TEXT, at=at)
    answer(answered)
    hidden = hide(ask("May the gripper leave a mark on the skin of the fruit?"))
    services.appeal(text=hidden, actor=asker, words="I am Asta and it is about it.", at=at)
    services.follow(challenge_id=challenge.pk, actor=asker, is_wanted=True, at=at)
    told = erasure_lines_of(asker)

    people.erase_person(person=asker, actor=asker, at=at)
    services.tell_answers(at=at + DAY)

    rows = list(Question.objects.order_by("asked_at", "pk").values_list("status", "text", "asked_text"))
    assert sorted(rows) == [("answered", TEXT, ""), ("hidden", "", ""), ("withdrawn", "", "")]
    entries = list(ModerationEntry.objects.values_list("before", "words"))
    assert [entry for entry in entries if "Asta" in str(entry)] == []
    assert (Follower.objects.count(), readers("answers_published")) == (0, [])
    assert not Question.objects.get(pk=hidden.pk).is_appeal_open
    assert "Your 2 questions that have no public answer." in told.goes
    assert any("your 1 answered question" in line for line in told.stays)


def test_an_erased_asker_may_have_the_wording_removed_too(ask, answer, asker, at):
    question = ask()
    answer(question)

    people.erase_person(person=asker, actor=asker, at=at, with_texts=True)

    question.refresh_from_db()
    assert (question.status, question.text, question.text_removed_at) == ("answered", "", at)


def test_what_dialogue_holds_about_a_person_can_be_downloaded(challenge, ask, answer, asker, solver, at):
    question = ask()
    answer(question)
    services.report_text(text=question, actor=solver, reason="other", words="Not clear.", at=at)
    services.follow(challenge_id=challenge.pk, actor=solver, is_wanted=True, at=at)

    asked, reported = personal_data_of(asker)["questions"], personal_data_of(solver)
    assert [(row["asked"], row["answers"]) for row in asked] == [(TEXT, ["It may drip."])]
    assert [row["words"] for row in reported["objections_and_reports"]] == ["Not clear."]
    assert [row["challenge"] for row in reported["followed_questions"]] == ["Soft fruit picker"]


def test_who_asked_is_kept_even_if_they_never_proved_their_address(ask, challenge, at):
    people.register_person(email="new@elsewhere.example", name="New", language="en", at=at)
    kept = people.register_person(email="kept@elsewhere.example", name="Kept", language="en", at=at)
    ask(actor=kept)

    assert [person.email for person in never_proven_before(at)] == ["new@elsewhere.example"]
