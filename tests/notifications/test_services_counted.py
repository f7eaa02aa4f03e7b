"""Telling that votes are counted: whom it concerns, once, after the end, and nothing of what came out."""

from __future__ import annotations

import pytest

from permea.dialogue.models import EntryFollower
from permea.foundation import outbox
from permea.foundation.models import OutboxEntry
from permea.ideas import services as ideas
from permea.notifications import queries, rules, services
from permea.notifications.models import Mail, Notice
from permea.notifications.services import counted
from tests.cast import AT, DAY

pytestmark = pytest.mark.services
END = AT + 6 * DAY
KIND = "votes_counted"


@pytest.fixture
def make_vote(make_challenge, make_idea, solver):
    """Return a factory of an entry of Sam's that one circle votes on for some more days."""

    def make(circle):
        step = {"name": "vote", "days": 7, "circle": circle, "options": {}}
        return make_idea(challenge=make_challenge(closed=True, title="Grip berries", steps=[step]), author=solver)

    return make


def told():
    """Return who was told by mail."""
    return set(Mail.objects.filter(kind=KIND).values_list("to", flat=True))


@pytest.mark.parametrize("size", [1, 50])
def test_who_voted_wrote_or_follows_is_told_once_after_the_end(
    make_vote, solver, solver_two, stranger, member, evaluator, owner, monkeypatch, size
):
    monkeypatch.setattr(counted, "BATCH", size)
    idea = make_vote("everyone")
    for person in (stranger, member, evaluator):
        ideas.cast_vote(idea_id=idea.pk, actor=person, value=1, at=AT)
    ideas.cast_vote(idea_id=idea.pk, actor=evaluator, value=None, at=AT)
    EntryFollower.objects.create(idea=idea, person=solver_two, is_wanted=True, since=AT)
    services.choose(person=member, ways={"votes": "digest"}, rhythm=rules.DEFAULT_RHYTHM, at=AT)
    ideas.count_votes(challenge_id=idea.challenge_id, at=END - DAY)
    outbox.drain(at=END - DAY)
    before = told()
    ideas.count_votes(challenge_id=idea.challenge_id, at=END)
    again = OutboxEntry.objects.get(kind=services.TELL_COUNTED).payload
    outbox.drain(at=END)
    services.tell_votes_counted(**again, at=END)
    mail = Mail.objects.get(kind=KIND, person=stranger)
    waiting = Notice.objects.get(kind=KIND, person=member)

    assert (before, told()) == (set(), {solver.email, solver_two.email, stranger.email})
    assert (Mail.objects.filter(kind=KIND).count(), Notice.objects.filter(kind=KIND).count()) == (3, 4)
    assert (waiting.digest_at is not None, queries.due_of_many([member], END + DAY)[member.pk]) == (True, [waiting])
    assert f"/read/{idea.challenge.key}/votes/" in mail.text
    assert queries.notice_row(waiting).text == "The votes are counted: “Grip berries”"
    assert not queries.mails_visible_to(owner, idea.organisation, END).filter(kind=KIND).exists()


@pytest.mark.parametrize("circle", ["members", "contributors"])
def test_who_does_not_see_the_result_is_not_told(make_vote, solver, stranger, member, circle):
    idea = make_vote(circle)
    ideas.cast_vote(idea_id=idea.pk, actor=member, value=1, at=AT)
    EntryFollower.objects.create(idea=idea, person=stranger, is_wanted=True, since=AT)
    ideas.count_votes(challenge_id=idea.challenge_id, at=END)
    outbox.drain(at=END)
    Notice.objects.create(person=stranger, kind=KIND, challenge=idea.challenge, at=END)
    seen = {
        person.email for person in (solver, stranger, member) if queries.notices_visible_to(person, END, kinds=[KIND])
    }

    assert told() == seen == ({member.email} if circle == "members" else {member.email, solver.email})
