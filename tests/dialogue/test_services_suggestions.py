"""Suggestions and their outcome, one reaction each, following by commenting, and who a comment is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from permea.dialogue import queries, rules, services
from permea.dialogue.forms import began_token
from permea.dialogue.models import Comment, EntryFollower
from permea.foundation.refusals import RefusedError
from permea.notifications.models import Mail
from permea.people.queries import personal_data_of
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db
STEP = {"name": "discuss", "days": 7, "circle": "everyone", "options": {}}


@pytest.fixture
def clock(monkeypatch):
    """Hold the clock at the time of the cast."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def idea(make_challenge, make_idea, solver, clock):
    """Return an entry that everybody may talk about."""
    cache.clear()
    return make_idea(challenge=make_challenge(closed=True, steps=[STEP]), author=solver, title="Suction ring")


@pytest.fixture
def known(make_person, at):
    """Return a function that makes somebody who has been known for long."""

    def make(name):
        person = make_person(f"{name.lower()}@talk.example", name)
        person.joined_at = at.replace(year=2025)
        person.save()
        return person

    return make


@pytest.fixture
def say(idea, at):
    """Return a function that comments on the entry."""

    def make(actor, text, **given):
        fields = {"idea_id": idea.pk, "actor": actor, "language": "en", "at": at, **given}
        return services.post_comment(text=text, **fields)

    return make


def told():
    return sorted(Mail.objects.filter(kind="comment_posted").values_list("to", flat=True))


@pytest.mark.parametrize(
    ("wanted", "is_answer", "is_author", "is_one"),
    [(True, False, False, True), (False, False, False, False), (True, True, False, False), (True, False, True, False)],
)
def test_only_the_first_comment_of_a_thread_by_a_reader_is_a_suggestion(wanted, is_answer, is_author, is_one):
    assert rules.is_suggestion(wanted, is_answer=is_answer, is_author=is_author) == is_one


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"is_author": False}, "suggestion.not_yours"),
        ({"kind": "comment"}, "suggestion.not_shown"),
        ({"status": "hidden"}, "suggestion.not_shown"),
        ({"outcome": "maybe"}, "suggestion.no_outcome"),
        ({"words": ""}, "suggestion.no_words"),
        ({"words": "x" * 301}, "suggestion.too_long"),
        ({}, None),
    ],
)
def test_what_became_of_a_suggestion_is_said_by_authors_with_a_reason(given, code):
    fields = {"kind": "suggestion", "status": "shown", "outcome": "taken_up", "words": "Good.", "is_author": True}
    fields |= given
    comment = Comment(kind=fields["kind"], status=fields["status"])

    refusal = rules.why_not_settle(comment, fields["outcome"], fields["words"], is_author=fields["is_author"])

    assert (refusal.code if refusal else None) == code


def test_a_suggestion_is_settled_on_the_page_of_the_entry_and_read_in_the_talk(
    idea, known, solver, client_of, django_assert_max_num_queries, at
):
    rita, token = known("Rita"), at - timedelta(minutes=1)
    form = {"text": "Use a softer lip.", "is_suggestion": "on", "began": began_token(rita.key, token)}
    client_of(rita).post(reverse("dialogue:say", args=[idea.key]), form)
    comment = Comment.objects.get()
    page = assert_page_ok(client_of(solver).get(reverse("ideas:entry", args=[idea.key])))
    assert ("Use a softer lip." in page.text, "Rita" in page.text) == (True, False)

    address = reverse("dialogue:settle_suggestion", args=[comment.key])
    refused = client_of(rita).post(address, {"outcome": "taken_up", "words": "Mine"})
    client_of(solver).post(address, {"outcome": "maybe", "words": "?"})
    client_of(solver).post(address, {"outcome": "taken_up", "words": "The new lip is in version 2."})

    reader = client_of(known("Rolf"))
    with django_assert_max_num_queries(12):
        talk = reader.get(reverse("dialogue:talk", args=[idea.key]))
    assert (refused.status_code, Comment.objects.get().outcome) == (404, "taken_up")
    assert "The new lip is in version 2." in talk.content.decode()


def test_the_words_about_a_suggestion_are_their_authors_data(idea, say, known, solver, at):
    comment = say(known("Rita"), "Use a softer lip.", is_suggestion=True)
    services.settle_suggestion(comment_id=comment.pk, actor=solver, outcome="not", words="It wears off.", at=at)
    data = queries.personal_data(solver)["said_of_suggestions"]

    services.forget_writer(person_id=solver.pk, at=at)

    kept = Comment.objects.get()
    assert ([row["words"] for row in data], kept.outcome, kept.outcome_words) == (["It wears off."], "not", "")
    assert personal_data_of(solver)


def test_somebody_has_one_reaction_to_a_comment_and_can_change_it(idea, say, known, at):
    comment, rolf = say(known("Rita"), "Mind the juice."), known("Rolf")
    counts = []
    for kind, is_wanted in zip(
        ["helpful", "helpful", "doubt", "helpful", "doubt"], [True] * 3 + [False] * 2, strict=True
    ):
        row = services.react(comment_id=comment.pk, actor=rolf, kind=kind, is_wanted=is_wanted, at=at)
        counts.append((row.n_helpful, row.n_doubt))

    assert counts == [(1, 0), (1, 0), (0, 1), (0, 1), (0, 0)]


def test_commenting_follows_unless_somebody_does_not_want_to(idea, say, known, at):
    rita, rolf = known("Rita"), known("Rolf")
    services.follow_entry(idea_id=idea.pk, actor=rolf, is_wanted=False, at=at)
    say(rita, "Mind the juice.")
    say(rolf, "And the stalks of the fruit.")

    assert dict(EntryFollower.objects.values_list("person__name", "is_wanted")) == {"Rita": True, "Rolf": False}


def test_only_who_spoke_in_the_thread_can_be_named(idea, say, known, solver, at):
    rita, rolf, ruth = known("Rita"), known("Rolf"), known("Ruth")
    for person in (rita, rolf, ruth):
        services.choose_name(idea_id=idea.pk, actor=person, name=f"{person.display_name} Reader", at=at)
    first = say(rita, "Mind the juice.")
    say(ruth, "Here is another matter: what does it weigh?")
    answer = say(rolf, "It drips off by itself.", answers=first)

    named = say(known("Rosa"), "@Rita Reader and @Ruth Reader should look at this drip.", answers=answer)

    meant, others = queries.people_to_tell_of(named, at)
    assert [person.display_name for person in meant] == ["Rita", "Rolf"]
    assert ["Ruth" in [person.display_name for person in others], solver in others] == [True, True]


def test_who_reads_the_entry_no_more_hears_of_no_comment(make_challenge, make_idea, known, member, solver, at, clock):
    challenge = make_challenge(closed=True, steps=[{**STEP, "circle": "members"}])
    idea = make_idea(challenge=challenge, author=solver, title="Net")
    left = known("Lea")
    services.follow_entry(idea_id=idea.pk, actor=left, is_wanted=True, at=at)

    services.post_comment(idea_id=idea.pk, actor=member, text="Is a net cheaper?", language="en", at=at)

    assert left.email not in told()
    assert solver.email in told()


def test_a_stranger_cannot_settle(idea, say, known, at):
    comment = say(known("Rita"), "Use a softer lip.", is_suggestion=True)
    with pytest.raises(RefusedError):
        services.settle_suggestion(comment_id=comment.pk, actor=known("Rolf"), outcome="not", words="No.", at=at)
