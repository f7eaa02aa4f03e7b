"""Comments on entries: written in a step by its circle, in threads, under a number or a name; counted and told."""

from datetime import timedelta

import pytest
from django.http import Http404

from permea.dialogue import queries, services
from permea.dialogue.models import Comment, Participant, Talk
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail, Notice
from permea.people import services as people
from permea.people.queries import erasure_lines_of, personal_data_of
from tests.cast import AT

pytestmark = [pytest.mark.django_db, pytest.mark.services]
STEP = {"name": "discuss", "days": 7, "circle": "everyone", "options": {}}
SAID = "A hammer would bruise the soft ones; tap with a finger of rubber."


@pytest.fixture
def idea(make_challenge, make_idea, solver):
    """Return Sam's entry, which everybody may talk about."""
    return make_idea(challenge=make_challenge(closed=True, steps=[STEP]), author=solver, title="Tap it")


@pytest.fixture
def say(idea):
    """Return a function that comments on the entry."""

    def say(actor, text=SAID, *, answers=None, at=AT, on=None):
        return services.post_comment(
            idea_id=(on or idea).pk, actor=actor, text=text, language="en", at=at, answers=answers
        )

    return say


def refused(function, **given):
    with pytest.raises(RefusedError) as error:
        function(**given)
    return error.value.refusal.code


def told():
    """Return who was mailed about comments, in order."""
    return list(Mail.objects.filter(kind="comment_posted").order_by("pk").values_list("to", flat=True))


def test_a_comment_stands_under_a_number_is_counted_recorded_and_told_to_the_author(idea, say, solver, solver_two):
    comment, again = say(solver_two), say(solver_two)
    page = queries.talk_page(solver, idea.key, AT)

    assert (again, comment.status, queries.name_of(comment), comment.voice) == (
        comment, "shown", "Participant 1", "participant",
    )  # fmt: skip
    assert (page.standing.n_comments, [thread.first.text for thread in page.threads]) == (1, [SAID])
    assert (told(), Crossing.objects.filter(kind="comment.posted").count()) == ([solver.email], 1)
    assert "Participant 1" in Mail.objects.get(kind="comment_posted").text


def test_answers_stand_in_the_thread_and_tell_whom_they_answer(say, idea, solver, solver_two, member):
    first = say(solver_two)
    answer = say(solver, "Rubber it is, then.", answers=first)
    house = say(member, "We have rubber in the workshop.", answers=answer)
    (thread,) = queries.talk_page(member, idea.key, AT).threads
    alone = queries.talk_page(member, idea.key, AT, thread=first.key)

    assert [(one.who, one.voice) for one in thread.replies] == [
        ("Author of this entry", "author"), (member.display_name, "house"),
    ]  # fmt: skip
    assert (house.thread, thread.replies[1].quoted_text, len(alone.threads[0].replies)) == (
        first, "Rubber it is, then.", 2,
    )  # fmt: skip
    assert (told(), Crossing.objects.filter(kind="comment.posted").count()) == (
        [solver.email, solver_two.email, solver.email], 2,
    )  # fmt: skip


def test_followers_hear_once_a_day_and_who_is_named_each_time(say, idea, solver, solver_two, stranger):
    first = say(solver_two)
    services.follow_entry(idea_id=idea.pk, actor=stranger, is_wanted=True, at=AT)
    services.choose_name(idea_id=idea.pk, actor=solver_two, name="Ada  B", at=AT)
    before = len(told())
    for number, text in enumerate(("Much too slow for a line of trays.", "And what of wet fruit, @ada b?")):
        say(solver, text, at=AT + timedelta(hours=1 + number), answers=first if number else None)
    services.follow_entry(idea_id=idea.pk, actor=stranger, is_wanted=False, at=AT)
    say(solver, "It also works in the dark, by the way.", at=AT + timedelta(days=3))

    assert sorted(told()[before:]) == sorted([stranger.email, *3 * [solver_two.email]])
    assert Notice.objects.filter(kind="comment_posted", person=stranger).count() == 1


@pytest.mark.parametrize(
    ("who", "at", "expected"),
    [("stranger", AT, "comment.not_in_circle"), ("solver_two", AT + timedelta(days=90), "comment.not_now")],
)
def test_only_the_circle_of_the_step_writes_while_it_lasts(
    who, at, expected, make_challenge, make_idea, solver, solver_two, request
):
    everyone = {"name": "vote", "days": 7, "circle": "everyone", "options": {}}
    steps = [{**STEP, "circle": "contributors"}, everyone]
    idea = make_idea(challenge=make_challenge(closed=True, steps=steps), author=solver)
    make_idea(challenge=idea.challenge, author=solver_two)

    told = {"idea_id": idea.pk, "text": SAID, "language": "en", "actor": request.getfixturevalue(who), "at": at}
    assert refused(services.post_comment, **told) == expected


def test_what_looks_like_advertising_is_held_mails_nobody_and_is_let_through(say, idea, owner, solver_two):
    held = say(solver_two, "Cheap rubber at https://rubber.example and https://more.example")
    (waiting,) = queries.comments_to_look_at(idea.challenge.organisation)
    page = queries.talk_page(solver_two, idea.key, AT)
    services.release_text(text=held, actor=owner, at=AT)

    assert (held.status, waiting.key, page.threads, len(told())) == ("held", held.key, [], 1)
    assert (Talk.objects.get(idea=idea).n_comments, queries.comments_to_look_at(idea.challenge.organisation)) == (1, [])


def test_what_waits_for_a_look_stands_on_today_and_is_counted_over_questions_and_comments(
    say, idea, owner, solver, solver_two, make_challenge
):
    firm = idea.challenge.organisation
    say(solver_two, "Cheap rubber at https://rubber.example and https://more.example")
    opened = make_challenge()
    ask = {"challenge_id": opened.pk, "language": "en", "at": AT}
    services.ask_question(actor=solver, text="Which plugs fit? See https://a.example and https://b.example", **ask)
    services.ask_question(actor=solver_two, text="How wet may the fruit be when it is picked?", **ask)
    items = {item.title: item.detail for item in queries.today_items(owner, firm, "owner", AT)}

    assert items == {
        "Held and reported texts": "2 texts wait for a look.",
        opened.title: "1 question waits for its answer.",
    }
    assert list(queries.today_items(solver, firm, "member", AT)) == []


def test_a_comment_is_changed_within_a_quarter_of_an_hour_and_judged_again(say, idea, solver_two):
    comment = say(solver_two)
    change = {"comment_id": comment.pk, "actor": solver_two}
    same = services.edit_comment(text=SAID, at=AT, **change)
    changed = services.edit_comment(text="Tap with rubber.", at=AT + timedelta(minutes=1), **change)
    late = refused(services.edit_comment, text="No.", at=AT + timedelta(hours=1), **change)
    held = services.edit_comment(text="www.a.example www.b.example", at=AT + timedelta(minutes=2), **change)
    held = services.edit_comment(text="www.a.example www.c.example", at=AT + timedelta(minutes=3), **change)

    assert (same.edited_at, changed.text, late, held.status) == (None, "Tap with rubber.", "comment.too_late", "held")
    assert Talk.objects.get(idea=idea).n_comments == 0


def test_what_is_taken_back_keeps_its_place_while_it_is_answered(say, idea, solver, solver_two):
    first = say(solver_two)
    answer = say(solver, "Rubber it is, then.", answers=first)
    for _twice in range(2):
        services.take_back_comment(comment_id=first.pk, actor=solver_two, at=AT)
    (thread,) = queries.talk_page(solver, idea.key, AT).threads
    services.take_back_comment(comment_id=answer.pk, actor=solver, at=AT)

    assert (thread.first.is_gone, thread.first.text, thread.first.who) == (True, "", "")
    assert queries.talk_page(solver, idea.key, AT).threads == []


def test_a_reaction_counts_once_and_can_be_taken_away(say, solver, solver_two):
    comment = say(solver_two)
    given = {"comment_id": comment.pk, "actor": solver, "kind": "helpful", "at": AT}
    counts = [services.react(is_wanted=wanted, **given).n_helpful for wanted in (True, True, False, False)]

    assert counts == [1, 1, 0, 0]
    assert refused(services.react, **{**given, "actor": solver_two}, is_wanted=True) == "moderation.own_text"


def test_names_are_taken_once_and_mean_nobody_else(say, idea, solver_two, stranger):
    name = {"idea_id": idea.pk, "at": AT}
    services.choose_name(actor=solver_two, name="Ada", **name)
    taken = refused(services.choose_name, actor=stranger, name="ADA", **name)
    misleading = refused(services.choose_name, actor=stranger, name="Participant 1", **name)
    services.choose_name(actor=solver_two, name="", **name)

    assert (taken, misleading) == ("comment.name_taken", "comment.name_misleads")
    assert list(Participant.objects.values_list("number", "name")) == [(1, "")]


def test_hiding_telling_objecting_and_showing_again(say, idea, owner, solver, solver_two):
    comment = say(solver_two)
    services.report_text(text=comment, actor=solver, reason="offensive", words="It insults rubber.", at=AT)
    hidden = services.hide_text(text=comment, actor=owner, reason="offensive", words="It insults.", at=AT)
    gone = queries.talk_page(solver, idea.key, AT).threads
    services.appeal(text=hidden, actor=solver_two, words="It does not.", at=AT)
    services.decide_appeal(text=hidden, actor=owner, is_accepted=True, words="Right.", at=AT)
    (own,) = queries.own_comments(solver_two)

    assert (gone, own.comment.status, [entry.action for entry in own.told], own.can_object) == (
        [], "shown", ["hidden", "overturned"], False,
    )  # fmt: skip
    kinds = Mail.objects.filter(to=solver_two.email, kind__in=("question_hidden", "appeal_decided")).order_by("pk")
    assert ["comment" in mail.subject for mail in kinds] == [True, True]
    assert Talk.objects.get(idea=idea).n_comments == 1


def test_a_comment_refused_again_stays_hidden_and_reports_are_set_aside(say, owner, solver, solver_two):
    comment, other = say(solver_two), say(solver_two, "Or listen to it with a microphone, that is what I would do.")
    services.report_text(text=other, actor=solver, reason="other", words="Hm.", at=AT)
    services.dismiss_reports(text=other, actor=owner, words="It is fine.", at=AT)
    hidden = services.hide_text(text=comment, actor=owner, reason="spam", words="Spam.", at=AT)
    services.appeal(text=hidden, actor=solver_two, words="No.", at=AT)
    services.decide_appeal(text=hidden, actor=owner, is_accepted=False, words="Yes.", at=AT)

    assert list(Comment.objects.order_by("pk").values_list("status", "reported_at")) == [
        ("hidden", None), ("shown", None),
    ]  # fmt: skip


def test_an_erased_writer_leaves_an_empty_place_and_no_reaction(say, idea, owner, solver, solver_two):
    comment = say(solver_two)
    say(solver_two, "And mind that the belt does not stop for it, at no time.")
    answer = say(solver, "Rubber it is, then.", answers=comment)
    services.react(comment_id=answer.pk, actor=solver_two, kind="helpful", is_wanted=True, at=AT)
    services.follow_entry(idea_id=idea.pk, actor=solver_two, is_wanted=True, at=AT)
    hidden = services.hide_text(text=comment, actor=owner, reason="other", words="Look.", at=AT)
    services.appeal(text=hidden, actor=solver_two, words="Why?", at=AT)
    data, lines = personal_data_of(solver_two), erasure_lines_of(solver_two)
    people.erase_person(person=solver_two, actor=solver_two, at=AT)
    (thread,) = queries.talk_page(solver, idea.key, AT).threads

    assert (data["comments"][0]["text"], [row["kind"] for row in data["reactions"]]) == (
        SAID, ["helpful"],
    )  # fmt: skip
    assert (data["names_in_talks"][0]["number"], len(data["followed_entries"])) == (1, 1)
    assert [row["about"] for row in data["objections_and_reports"]] == [comment.key]
    assert any("comment" in line for line in lines.goes)
    assert (thread.first.is_gone, thread.replies[0].reactions[0].count) == (True, 0)
    assert list(Comment.objects.filter(pk=comment.pk).values_list("text", "status")) == [("", "withdrawn")]


def test_long_talks_come_in_pages_and_long_threads_on_a_page_of_their_own(idea, solver, solver_two, stranger):
    comments = [
        Comment(
            organisation=idea.organisation, challenge=idea.challenge, idea=idea, writer=solver, voice="author",
            text=f"{number}", status="shown", written_at=AT + timedelta(minutes=number),
        )
        for number in range(25)
    ]  # fmt: skip
    Comment.objects.bulk_create(comments)
    first = Comment.objects.order_by("pk").first()
    answers = [
        Comment(
            organisation=idea.organisation, challenge=idea.challenge, idea=idea, writer=solver, voice="author",
            text="yes", status="shown", written_at=AT + timedelta(hours=1), thread=first, answers=first,
        )
        for _number in range(12)
    ]  # fmt: skip
    Comment.objects.bulk_create(answers)
    Comment.objects.filter(pk=first.pk).update(n_replies=12, n_answers=12)
    Talk.objects.create(idea=idea, n_comments=37, n_threads=25)
    one, two = (queries.talk_page(stranger, idea.key, AT, page=page) for page in (1, 2))

    assert (len(one.threads), len(two.threads), len(one.threads[0].replies), one.threads[0].n_more) == (20, 5, 8, 4)
    with pytest.raises(Http404):
        queries.talk_page(stranger, idea.key, AT, thread="nobody")
    with pytest.raises(Http404):
        queries.answered_comment(idea, "nobody")
