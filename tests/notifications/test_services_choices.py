"""What people choose about mails: at once, in the digest, not by mail; and unsubscribing by a link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.challenges import services as challenges
from permea.foundation.refusals import RefusedError
from permea.notifications import queries, rules, services
from permea.notifications.models import DigestRhythm, Mail, Notice, TopicChoice
from permea.people import services as people

pytestmark = [pytest.mark.django_db, pytest.mark.services]
DAY = timedelta(days=1)
WEEKLY = rules.Rhythm(rules.WEEKLY, 12, 4)
TIMETABLE = rules.topic_named("timetable")


@pytest.fixture
def choose(solver, at):
    """Return a function that stores a choice of Sam's."""

    def choose(way: str, *, topic: str = "timetable", rhythm: rules.Rhythm = rules.DEFAULT_RHYTHM) -> None:
        services.choose(person=solver, ways={topic: way}, rhythm=rhythm, at=at)

    return choose


@pytest.fixture
def move(make_challenge, make_idea, solver, owner, at):
    """Return a function that moves the closing time of a challenge Sam has entered."""
    challenge = make_challenge(title="Soft fruit picker")
    make_idea(challenge=challenge, author=solver)

    def move(days: int = 1) -> None:
        later = challenge.closes_at + days * DAY
        challenges.extend(challenge_id=challenge.pk, closes_at=later, reason="Late harvest.", actor=owner, at=at)

    return move


def told() -> tuple[int, int]:
    """Return how many mails and notices there are about a new closing time."""
    return Mail.objects.filter(kind="timetable").count(), Notice.objects.filter(kind="timetable").count()


@pytest.mark.parametrize(("way", "n_mails", "waits"), [("now", 1, False), ("digest", 0, True), ("off", 0, False)])
def test_a_choice_says_what_is_mailed_and_the_bell_has_it_anyway(choose, move, way, n_mails, waits):
    choose(way)
    move()
    assert (told(), Notice.objects.get(kind="timetable").digest_at is not None) == ((n_mails, 1), waits)


def test_only_what_differs_from_the_usual_is_stored(choose, solver):
    choose("off", rhythm=WEEKLY)
    stored = [str(row) for row in (*TopicChoice.objects.all(), *DigestRhythm.objects.all())]
    chosen = queries.rhythm_of(solver)
    choose("now")
    assert (stored, chosen) == (["timetable: off", "weekly 12"], WEEKLY)
    assert (TopicChoice.objects.count(), DigestRhythm.objects.count()) == (0, 0)
    assert (queries.ways_of(solver)["timetable"], queries.rhythm_of(solver)) == ("now", rules.DEFAULT_RHYTHM)


@pytest.mark.parametrize(("topic", "way"), [("answers", "off"), ("receipts", "digest"), ("timetable", "never")])
def test_what_must_be_sent_cannot_be_switched_off(choose, topic, way):
    with pytest.raises(RefusedError):
        choose(way, topic=topic)
    assert TopicChoice.objects.count() == 0


def test_a_receipt_comes_whatever_was_chosen(solver, make_idea, at):
    services.choose(person=solver, ways={topic.key: "off" for topic in rules.TOPICS}, rhythm=WEEKLY, at=at)
    make_idea(author=solver)
    assert set(Mail.objects.filter(person=solver).values_list("kind", flat=True)) == {"receipt", "terms"}


def test_what_waits_follows_a_new_rhythm(choose, move, at):
    choose("digest")
    move()
    daily = Notice.objects.get(kind="timetable").digest_at
    choose("digest", rhythm=WEEKLY)
    weekly = Notice.objects.get(kind="timetable").digest_at
    assert (daily - at < DAY, weekly.weekday(), weekly > daily) == (True, 4, True)


def test_what_waits_does_not_wait_any_more_once_its_topic_leaves_the_digest(choose, move):
    choose("digest")
    move()
    choose("off")
    assert Notice.objects.get(kind="timetable").digest_at is None


def test_people_see_the_topics_they_can_get_mail_about(organisation, owner, solver, evaluator, make_challenge, at):
    from permea.evaluation import services as evaluation

    challenge = make_challenge(closed=True)
    evaluation.invite_panelist(challenge_id=challenge.pk, email=evaluator.email, actor=owner, at=at)
    shown = {person.name: [topic.key for topic in queries.topics_for(person)] for person in (owner, solver, evaluator)}
    assert shown == {
        "Olga Owner": ["timetable", "talk", "votes", "built_on", "closed", "questions", "rights", "due", "deadlines"],
        "Sam Solver": ["timetable", "talk", "votes", "built_on"],
        "Emil Evaluator": ["timetable", "talk", "votes", "built_on", "reviews"],
    }


def test_reminders_are_told_once_however_they_are_told(make_challenge, make_idea, owner, at):
    challenge = make_challenge(closed=True)
    make_idea(challenge=challenge)
    services.choose(person=owner, ways={"due": "digest"}, rhythm=rules.DEFAULT_RHYTHM, at=at)
    for _twice in range(2):
        services.remind_of_answers(at=challenge.answer_by - DAY)
    assert (Notice.objects.filter(kind="answers_near").count(), Mail.objects.filter(kind="answers_near").count()) == (
        1,
        0,
    )


def test_a_link_to_unsubscribe_stands_in_optional_mails_only(move, solver):
    move()
    optional, receipt = Mail.objects.get(kind="timetable"), Mail.objects.get(kind="receipt")
    link = queries.unsubscribe_link(solver, TIMETABLE)
    assert (link in optional.text, link in optional.html) == (True, True)
    assert "You get this because you want mail about: New times and steps." in optional.text
    assert ("unsubscribe" in receipt.text.lower(), "unsubscribe" in receipt.html.lower()) == (False, False)


def test_a_link_to_unsubscribe_is_good_for_one_person_and_one_topic(solver, solver_two):
    token = queries.unsubscribe_link(solver, TIMETABLE).rstrip("/").rpartition("/")[2]
    assert queries.unsubscribe_target(token) == (solver, TIMETABLE)
    assert token not in queries.unsubscribe_link(solver_two, TIMETABLE)


@pytest.mark.parametrize("wrong", ["x", "WyJhIiwiYiJd:nonsense", "", "a:b:c"])
def test_a_link_not_written_here_is_nobodys(wrong):
    assert queries.unsubscribe_target(wrong) is None


def test_a_link_of_somebody_erased_is_nobodys(solver, at):
    token = queries.unsubscribe_link(solver, TIMETABLE).rstrip("/").rpartition("/")[2]
    people.erase_person(person=solver, actor=solver, at=at)
    assert queries.unsubscribe_target(token) is None


def test_unsubscribing_twice_is_as_good_as_once(choose, move, solver):
    choose("digest")
    move()
    for _twice in range(2):
        services.unsubscribe(person=solver, topic=TIMETABLE)
    move(2)
    assert (queries.ways_of(solver)["timetable"], told()) == ("off", (0, 2))
    assert set(Notice.objects.values_list("digest_at", flat=True)) == {None}


def test_unsubscribing_from_the_digest_switches_its_topics_off_and_no_others(owner, at):
    ways = {"timetable": "digest", "closed": "digest", "rights": "now", "due": "off"}
    services.choose(person=owner, ways=ways, rhythm=rules.DEFAULT_RHYTHM, at=at)
    services.unsubscribe(person=owner, topic=rules.topic_named("digest"))
    found = queries.ways_of(owner)
    assert [found[key] for key in ways] == ["off", "off", "now", "off"]
