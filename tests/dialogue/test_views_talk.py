"""The pages of the talk on an entry: read by its circle, written by who signs in, looked after by who manages."""

from datetime import timedelta

import pytest
from django.test import Client

from permea.dialogue import services
from permea.dialogue.forms import began_token
from permea.dialogue.models import Comment
from tests.cast import AT

STEP = {"name": "discuss", "days": 7, "circle": "everyone", "options": {}}
SAID = "A hammer would bruise the soft ones; tap with a finger of rubber."


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def idea(make_challenge, make_idea, solver):
    """Return Sam's entry, which everybody may talk about."""
    return make_idea(challenge=make_challenge(closed=True, steps=[STEP]), author=solver, title="Tap it")


@pytest.fixture
def comment(idea, solver_two):
    """Return a comment on it by Sina."""
    return services.post_comment(idea_id=idea.pk, actor=solver_two, text=SAID, language="en", at=AT)


def said(person, **fields):
    """Return a form as a person sends it."""
    return {"text": SAID, "began": began_token(person.key, AT - timedelta(minutes=1)), **fields}


def test_anybody_reads_and_who_signs_in_writes(idea, solver_two, client_of):
    address, client = f"/talk/{idea.key}/", client_of(solver_two)
    before = Client().get(address).text
    wrong = [
        client.post(f"{address}say/", said(solver_two, **bad)).status_code
        for bad in ({"text": ""}, {"website": "x"}, {"began": "no"})
    ]
    sent = client.post(f"{address}say/", said(solver_two))
    (comment,) = Comment.objects.all()
    entry = Client().get(f"/read/{idea.challenge.key}/{idea.key}/").text
    answer = client.get(f"{address}?answer={comment.key}").text

    assert ("Sign in to join in" in before, wrong, sent.url) == (True, [422, 409, 409], f"{address}#c-{comment.key}")
    assert (SAID in Client().get(address).text, "1 comment" in entry, "Answer a comment" in answer) == (True,) * 3


def test_a_held_comment_is_seen_by_its_writer_alone(idea, solver_two, client_of):
    text = "Cheap rubber at https://rubber.example and https://more.example"
    client = client_of(solver_two)
    sent = client.post(f"/talk/{idea.key}/say/", said(solver_two, text=text))

    assert (sent.url, text in client.get("/my/comments/").text) == ("/my/comments/", True)
    assert "rubber.example" not in Client().get(f"/talk/{idea.key}/").text


def test_a_comment_is_answered_changed_reacted_to_reported_and_taken_back(comment, idea, solver, solver_two, client_of):
    author, writer = client_of(solver), client_of(solver_two)
    answered = author.post(f"/talk/{idea.key}/say/", said(solver, text="Rubber it is.", answers=comment.key))
    writer.post(f"/comments/{comment.key}/edit/", {"text": "Tap with rubber."})
    author.post(f"/comments/{comment.key}/react/", {"kind": "helpful", "wanted": "yes"})
    refused = author.post(f"/comments/{comment.key}/react/", {"kind": "love", "wanted": "yes"}, follow=True).text
    shown = author.get(f"/comments/{comment.key}/report/").status_code
    report = {"reason": "offensive", "words": "It insults rubber."}
    codes = [
        client.post(f"/comments/{comment.key}/report/", given).status_code
        for client, given in ((author, {"words": ""}), (writer, report), (author, report))
    ]
    page = author.get(f"/talk/{idea.key}/").text
    writer.post(f"/comments/{comment.key}/take-back/")

    assert f"?thread={comment.key}#c-" in answered.url
    assert ("Tap with rubber." in page, 'aria-pressed="true"' in page, "changed" in page) == (True, True, True)
    assert ("one of the reactions" in refused, shown, codes) == (True, 200, [422, 409, 302])
    assert "Its writer took this comment back." in author.get(f"/talk/{idea.key}/?thread={comment.key}").text


def test_following_and_choosing_a_name(idea, comment, solver_two, client_of):
    client = client_of(solver_two)
    for wanted in ("yes", "no"):
        client.post(f"/talk/{idea.key}/follow/", {"follow": wanted})
    client.post(f"/talk/{idea.key}/name/", {"name": "Ada"})
    wrong = client.post(f"/talk/{idea.key}/name/", {"name": "!"}, follow=True).text

    assert ('<strong dir="auto">Ada</strong>' in client.get(f"/talk/{idea.key}/").text, "A name has" in wrong) == (
        True, True,
    )  # fmt: skip


def test_those_who_manage_look_at_comments(comment, solver, solver_two, owner, client_of):
    client, writer = client_of(owner), client_of(solver_two)
    services.report_text(text=comment, actor=solver, reason="other", words="Look at it.", at=AT)
    waiting, today = client.get("/moderation/").text, client.get("/today/").text
    client.post(f"/comments/{comment.key}/dismiss/", {"words": "It is fine."})
    client.post(f"/comments/{comment.key}/hide/", {"reason": "other", "words": "On second thought."})
    wrong = writer.post(f"/my/comments/{comment.key}/object/", {"words": ""}, follow=True).text
    writer.post(f"/my/comments/{comment.key}/object/", {"words": "Please."})
    again = client.post(f"/comments/{comment.key}/release/", follow=True).text
    client.post(f"/comments/{comment.key}/decide/", {"words": "All right.", "is_accepted": "on"})
    comment.refresh_from_db()

    assert (SAID in waiting, "1 text waits for a look" in today, "Please say why" in wrong) == (True, True, True)
    assert ("not held" in again, comment.status) == (True, "shown")
    assert client_of(solver_two).post(f"/comments/{comment.key}/hide/").status_code == 404


def test_a_circle_of_people_who_sign_in_and_others(make_challenge, make_idea, solver, stranger, client_of):
    steps = [{**STEP, "circle": "contributors"}]
    idea = make_idea(challenge=make_challenge(closed=True, steps=steps), author=solver)
    address = f"/talk/{idea.key}/"

    assert (Client().get(address).status_code, client_of(stranger).get(address).status_code) == (302, 404)
    assert (client_of(solver).get(address).status_code, Client().get("/talk/nobody/").status_code) == (200, 404)


def test_after_the_step_it_is_read_and_not_written(comment, idea, solver, client_of, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + timedelta(days=90))
    client = client_of(solver)
    page = client.get(f"/talk/{idea.key}/").text
    late = client.post(
        f"/talk/{idea.key}/say/", said(solver, began=began_token(solver.key, AT + timedelta(days=90, seconds=-9)))
    )

    assert (SAID in page, "Say something" in page, late.status_code) == (True, False, 409)
