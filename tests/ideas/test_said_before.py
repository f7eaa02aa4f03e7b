"""What was said before is told to who writes: only what they may read, nothing sealed, and nobody waits for it."""

import json
from datetime import timedelta

import pytest

from permea.ideas import queries, rules
from permea.ideas.models import Idea
from permea.ideas.queries import before as module
from tests.cast import AT

GRIPPER = {
    "title": "Soft gripper with a vacuum pump",
    "summary": "A silicone gripper holds strawberries gently.",
    "body": "The silicone fingers close around strawberries; a vacuum pump holds them.",
}
CAMERA = {"title": "Night camera", "summary": "Sees ripe fruit.", "body": "Infrared light shows what is ripe."}


@pytest.fixture(autouse=True)
def forgotten():
    """Begin with nothing in memory."""
    queries.similar._held.clear()
    module._looked.clear()
    module._threads.clear()


@pytest.fixture
def make_told(make_challenge, make_idea, solver_two):
    """Return a factory of closed challenges with two entries that a circle reads."""

    def make(circle="everyone"):
        steps = [{"name": "discuss", "days": 7, "circle": circle, "options": {}}] if circle else []
        challenge = make_challenge(closed=True, steps=steps)
        return [make_idea(challenge=challenge, author=solver_two, **said) for said in (GRIPPER, CAMERA)]

    return make


@pytest.fixture
def draft(make_idea, solver):
    """Return a draft of Sam's that says much the same as one of the entries."""
    return make_idea(author=solver, submitted=False, **GRIPPER | {"body": "A pump holds the strawberries softly."})


def found(actor, draft, at=AT):
    return [row.idea for row in queries.said_before(actor, draft, rules.edited(draft), at)]


@pytest.mark.parametrize(
    ("circle", "is_told"), [("everyone", True), ("contributors", False), ("members", False), ("", False)]
)
def test_only_what_the_writer_may_read_is_told(circle, is_told, make_told, draft, solver):
    gripper, _camera = make_told(circle)

    assert found(solver, draft) == ([gripper] if is_told else [])


def test_sealed_entries_and_ones_own_are_never_told(make_idea, make_told, draft, solver, solver_two):
    make_idea(challenge=draft.challenge, author=solver_two, **GRIPPER)
    make_told()

    assert (found(solver_two, draft), [row.author for row in found(solver, draft)]) == ([], [solver_two])


def test_two_words_are_too_few_to_tell(make_told, draft, solver):
    make_told()
    Idea.objects.filter(pk=draft.pk).update(title="Soft gripper", summary="", body="")
    draft.refresh_from_db()

    assert found(solver, draft) == []


def test_it_says_by_which_words(make_told, draft, solver):
    make_told()
    (told,) = queries.said_before(solver, draft, rules.edited(draft), AT)

    assert {"gripper", "strawberries", "pump"} <= set(told.words)


def test_what_was_taken_back_meanwhile_is_not_told(make_told, draft, solver):
    gripper, _camera = make_told()
    before = found(solver, draft)
    Idea.objects.filter(pk=gripper.pk).update(status="withdrawn", withdrawn_at=AT)

    assert (before, found(solver, draft), found(solver, draft, AT + timedelta(minutes=2))) == ([gripper], [], [])


@pytest.mark.django_db(transaction=True)
def test_a_large_challenge_is_indexed_in_the_background(make_told, draft, solver, monkeypatch):
    monkeypatch.setattr(module, "INDEXED_AT_ONCE", 1)
    begun = []
    monkeypatch.setattr(module, "Thread", lambda target, args, daemon: begun.append((target, args)) or Begun())
    gripper, _camera = make_told()
    first, second = found(solver, draft), found(solver, draft)
    (target, args), *others = begun
    target(*args)

    assert (first, second, others, found(solver, draft), module._threads) == ([], [], [], [gripper], {})


class Begun:
    """A thread that was begun and has not got its turn yet."""

    def start(self) -> None:
        """Begin."""


def test_the_page_and_its_script_are_told(make_told, draft, solver, client_of, clock):
    gripper, _camera = make_told()
    page = client_of(solver).get(f"/my/ideas/{draft.key}/edit/").text
    form = rules.edited(draft) | {"asked_money": "", "asked_days": "", "window": "", "seen": ""}
    saved = client_of(solver).post(f"/my/ideas/{draft.key}/autosave/", form)
    address = f"/read/{gripper.challenge.key}/{gripper.key}/"

    assert (address in page, [row["href"] for row in json.loads(saved.content)["lists"]["said_before"]]) == (
        True, [address],
    )  # fmt: skip
