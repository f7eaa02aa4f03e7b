"""Who hears of what: each step's events, from the services that announce them to the mail."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from permea.challenges import services as challenges
from permea.challenges.rules import Step
from permea.evaluation import services as evaluation
from permea.foundation import duties
from permea.foundation.events import publish
from permea.ideas import services as ideas
from permea.notifications import services
from permea.notifications.models import Mail
from permea.people import services as people
from permea.people.models import Invitation
from permea.selection import services as selection
from permea.selection.events import AnswerSent
from permea.selection.models import Answer, Award, Clarification, Decision

pytestmark = [pytest.mark.django_db, pytest.mark.services]
DAY = timedelta(days=1)


def mails(kind: str) -> list[Mail]:
    return list(Mail.objects.filter(kind=kind).order_by("pk"))


def readers(kind: str) -> list[str]:
    return [mail.to for mail in mails(kind)]


@pytest.fixture
def idea(make_challenge, make_idea, solver):
    """Return an idea of Sam's, handed in to a challenge whose entries have closed."""
    return make_idea(challenge=make_challenge(closed=True, title="Soft fruit picker"), author=solver, title="Grip")


@pytest.fixture
def open_idea(make_challenge, make_idea, solver):
    """Return an idea of Sam's in a challenge that takes entries."""
    return make_idea(challenge=make_challenge(title="Soft fruit picker"), author=solver, title="Grip")


def test_the_invited_get_a_link_in_their_language(organisation, owner, make_person, at):
    berta = make_person("berta@firma.example", "Berta", language="de")
    for email in (berta.email, "new@elsewhere.example"):
        people.invite(organisation=organisation, email=email, role="member", actor=owner, at=at)
    known, new = mails("invitation")
    assert (known.language, new.language, known.organisation) == ("de", "en", organisation)
    assert "Hello," in new.text
    assert "Olga Owner asks you to join Lindenhof Robotics." in new.text
    assert "/invitations/" in new.html


def test_an_invitation_without_address_is_no_mail(at, db):
    people.first_owner_link(at=at)
    services.tell_invitation(invitation_id=Invitation.objects.get().pk, token="x", at=at)
    assert Mail.objects.count() == 0


def test_a_contributor_gets_a_signed_receipt_and_the_terms(open_idea, solver):
    (mail,) = mails("receipt")
    (attachment,) = mail.attachments
    document = json.loads(attachment["text"])
    assert (mail.to, mail.about, attachment["type"]) == (solver.email, open_idea.key, "application/json")
    assert ("signature" in json.dumps(document), "Grip" in mail.subject) == (True, True)
    assert f"/my/ideas/{open_idea.key}/" in mail.text
    assert all(mail.to == solver.email and mail.attachments for mail in mails("terms"))
    assert len(mails("terms")) == 2


def test_a_receipt_goes_to_its_holder_and_word_of_it_to_every_contributor(open_idea, solver_two, at):
    open_idea.contributors.create(person=solver_two, since=at)
    services.tell_receipt(
        idea_id=open_idea.pk, receipt_key=open_idea.versions.get().receipt_key, is_revision=False, at=at
    )
    to_sam, to_sina = mails("receipt")[1:]
    assert (len(to_sam.attachments), to_sina.to, to_sina.attachments) == (1, solver_two.email, [])
    assert "attached" not in to_sina.text


def test_a_revision_gets_its_own_receipt(open_idea, solver, at):
    ideas.save_draft(idea_id=open_idea.pk, actor=solver, at=at, title="Grip two")
    ideas.revise_idea(idea_id=open_idea.pk, actor=solver, at=at)
    first, second = mails("receipt")
    assert ("version 1" in first.subject, "version 2" in second.subject) == (True, True)
    assert "replaces the one before" in second.text
    assert first.attachments[0]["name"] != second.attachments[0]["name"]


def test_taking_an_idea_back_is_confirmed(open_idea, solver, at):
    ideas.withdraw_idea(idea_id=open_idea.pk, actor=solver, at=at)
    assert (readers("withdrawal"), "no longer part" in mails("withdrawal")[0].text) == ([solver.email], True)


def test_new_closing_times_reach_all_entrants_drafts_included(
    open_idea, make_idea, owner, solver, solver_two, stranger, at
):
    challenge = open_idea.challenge
    make_idea(challenge=challenge, author=solver_two, submitted=False)
    gone = make_idea(challenge=challenge, author=stranger)
    ideas.withdraw_idea(idea_id=gone.pk, actor=stranger, at=at)
    challenges.extend(
        challenge_id=challenge.pk, closes_at=challenge.closes_at + DAY, reason="Harvest is late.", actor=owner, at=at
    )
    challenges.close_early(challenge_id=challenge.pk, reason="Enough came in.", actor=owner, at=at + DAY)
    later, sooner = mails("timetable")[:2], mails("timetable")[2:]
    assert [mail.to for mail in later] == [mail.to for mail in sooner] == [solver.email, solver_two.email]
    assert ("More time" in later[0].subject, "> Harvest is late." in later[0].text) == (True, True)
    assert ("close sooner" in sooner[0].subject, "> Enough came in." in sooner[0].text) == (True, True)


def test_changed_steps_reach_all_entrants_with_dates_readers_and_the_reason(open_idea, owner, solver, at):
    challenge, step = open_idea.challenge, Step("improve", 7, "contributors")
    for steps, reason in (([step], "Talk first."), ([], "No time.")):
        challenges.change_steps(challenge_id=challenge.pk, steps=steps, reason=reason, actor=owner, at=at)
    begun, ended = mails("steps")
    assert (begun.to, "read by: everybody who entered" in begun.text, "> Talk first." in begun.text) == (
        solver.email, True, True,
    )  # fmt: skip
    assert "no steps any more" in ended.text


def test_those_who_manage_hear_that_entries_are_closed_but_not_what_they_say(idea, manager, owner, member, at):
    challenges.tell_entries_closed(challenge_id=idea.challenge_id, at=at)
    assert sorted(readers("entries_closed")) == sorted([manager.email, owner.email])
    text = mails("entries_closed")[0].text
    assert ("with 1 entry" in text, "Grip" in text) == (True, False)


def test_somebody_new_is_asked_to_judge_once_with_a_link(idea, owner, at):
    evaluation.invite_panelist(challenge_id=idea.challenge_id, email="expert@uni.example", actor=owner, at=at)
    (mail,) = mails("panel_invitation")
    assert (mail.to, "/invitations/" in mail.text, "Soft fruit picker" in mail.subject) == (
        "expert@uni.example",
        True,
        True,
    )
    assert mails("invitation") == []


def test_a_member_is_asked_to_judge_and_pointed_to_the_queue(idea, owner, evaluator, at):
    evaluation.invite_panelist(challenge_id=idea.challenge_id, email=evaluator.email, actor=owner, at=at)
    (mail,) = mails("panel_invitation")
    assert (mail.to, "/reviews/" in mail.text, "/invitations/" in mail.text) == (evaluator.email, True, False)


def test_a_seat_without_a_person_or_invitation_is_told_nothing(idea, owner, evaluator, at):
    seat = evaluation.invite_panelist(challenge_id=idea.challenge_id, email=evaluator.email, actor=owner, at=at)
    seat.person = None
    seat.save()
    services.tell_panelist(panelist_id=seat.pk, token="", at=at)
    services.tell_assignments(challenge_id=idea.challenge_id, panelist_ids=(seat.pk,), at=at)
    assert (len(mails("panel_invitation")), mails("assignments")) == (1, [])


def test_evaluators_hear_how_much_waits_for_them(idea, owner, evaluator, evaluator_two, at):
    for person in (evaluator, evaluator_two):
        seat = evaluation.invite_panelist(challenge_id=idea.challenge_id, email=person.email, actor=owner, at=at)
    evaluation.deal_out(challenge_id=idea.challenge_id, actor=owner, at=at)
    assert sorted(readers("assignments")) == sorted([evaluator.email, evaluator_two.email])
    assert "1 entry to the challenge" in mails("assignments")[0].text
    assert "30 minutes a week" in mails("assignments")[0].text
    seat.assignments.all().delete()
    services.tell_assignments(challenge_id=idea.challenge_id, panelist_ids=(seat.pk,), at=at)
    assert len(mails("assignments")) == 2


WORDS = {
    "award": ("best_fit", "among the winners"),
    "reserve": ("close_runner_up", "in reserve"),
    "decline": ("below_bar", "do not take up"),
}


@pytest.fixture
def answered(idea, owner, at):
    """Return a function that decides on the idea and tells its contributors."""

    def tell(outcome: str = "award") -> Answer:
        decision = Decision.objects.create(
            challenge=idea.challenge,
            idea=idea,
            outcome=outcome,
            reason=WORDS[outcome][0],
            words="Your grip is gentle.\n\nIt costs more than we hoped.",
            decided_by=owner,
            decided_at=at,
        )
        answer = Answer.objects.create(idea=idea, decision=decision, profile=[], text=decision.words, sent_at=at)
        publish(AnswerSent(challenge_id=idea.challenge_id, idea_id=idea.pk, answer_id=answer.pk, at=at))
        return answer

    return tell


@pytest.mark.parametrize("outcome", ["award", "reserve", "decline"])
def test_every_contributor_gets_the_answer_with_its_reason(answered, solver, solver_two, idea, at, outcome):
    idea.contributors.create(person=solver_two, since=at)
    answered(outcome)
    assert readers("answer") == [solver.email, solver_two.email]
    text = mails("answer")[0].text
    assert (WORDS[outcome][1] in text, "> It costs more than we hoped." in text) == (True, True)
    assert "<blockquote><p>Your grip is gentle.</p><p>" in mails("answer")[0].html


def test_a_question_goes_to_those_who_manage_and_the_reply_to_who_asked(answered, solver, owner, manager, at):
    answer = answered("decline")
    asked = selection.ask_clarification(answer_id=answer.pk, actor=solver, question="Which criterion was it?", at=at)
    assert sorted(readers("question")) == sorted([owner.email, manager.email])
    assert "Which criterion" not in mails("question")[0].text
    selection.reply_clarification(clarification_id=asked.pk, actor=owner, reply="Feasibility.", at=at)
    (reply,) = mails("reply")
    assert (reply.to, "> Feasibility." in reply.text, "> Which criterion was it?" in reply.text) == (
        solver.email,
        True,
        True,
    )
    assert Clarification.objects.get().reply == "Feasibility."


def test_rights_and_payment_are_told_to_the_other_side(answered, solver, owner, at):
    answer = answered("award")
    award = Award.objects.create(decision=answer.decision, prize_amount=5000, currency="EUR")
    selection.accept_rights(award_id=award.pk, actor=solver, at=at)
    selection.record_payment(award_id=award.pk, actor=owner, payment="paid", note="Bank transfer", at=at)
    (rights,), (payment,) = mails("rights"), mails("payment")
    assert (rights.to, payment.to) == (owner.email, solver.email)
    assert "Bank transfer" in payment.text
    assert "EUR" in payment.text
    assert "5,000" in payment.text


def test_managers_are_reminded_of_answers_once_before_and_once_when_late(idea, owner, at):
    challenge = idea.challenge
    calls = [challenge.answer_by + rest for rest in (-4 * DAY, -3 * DAY, -2 * DAY, timedelta(0), DAY)]
    counts = []
    for when in calls:
        services.remind_of_answers(at=when)
        counts.append((len(mails("answers_near")), len(mails("answers_overdue"))))
    assert counts == [(0, 0), (1, 0), (1, 0), (1, 1), (1, 1)]
    assert readers("answers_near") == readers("answers_overdue") == [owner.email]


def test_nobody_is_reminded_of_answers_nobody_waits_for(make_challenge, owner, idea):
    empty = make_challenge(closed=True)
    idea.challenge.status = "decided"
    idea.challenge.decided_at = idea.challenge.answer_by
    idea.challenge.save()
    services.remind_of_answers(at=empty.answer_by + DAY)
    assert Mail.objects.filter(kind__startswith="answers").count() == 0


def test_the_worker_keeps_the_reminders(idea, owner):
    duties.run_duties(idea.challenge.answer_by - DAY)
    assert readers("answers_near") == [owner.email]


def test_who_was_erased_gets_no_mail(idea, solver, answered, at):
    people.erase_person(person=solver, actor=solver, at=at)
    answered("decline")
    assert readers("answer") == []


def test_what_comes_from_outside_is_escaped_in_html_and_plain_in_text(make_challenge, make_idea, solver):
    make_idea(challenge=make_challenge(title="A & B <b>"), author=solver, title='<img src="x"> & more')
    (mail,) = mails("receipt")
    assert ("<img" in mail.html, "&lt;img" in mail.html) == (False, True)
    assert ("<img" in mail.text, "&amp;" in mail.text) == (True, False)


def test_times_are_in_the_readers_zone(make_challenge, make_idea, make_person):
    far = make_person("far@away.example", "Fay", time_zone="Asia/Tokyo")
    odd = make_person("odd@away.example", "Odd", time_zone="Mars/Base")
    challenge = make_challenge()
    for person in (far, odd):
        make_idea(challenge=challenge, author=person)
    in_tokyo, in_utc = mails("receipt")
    assert ("17:10 JST" in in_tokyo.text, "08:10 UTC" in in_utc.text) == (True, True)
