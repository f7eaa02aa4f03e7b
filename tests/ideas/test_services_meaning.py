"""Meaning across languages: read in the background once entries may be, gone with the text, never merged by itself."""

from datetime import timedelta

import numpy as np
import pytest
from django_tasks_db.models import DBTaskResult

from permea.ideas import queries, rules, services
from permea.ideas.models import Idea, IdeaVector, Merge, SimilarPair
from permea.ideas.tasks import look_for_pairs
from permea.surface.meaning import NullEncoder, encoder
from tests.cast import AT

GRIPPER = {
    "de": {
        "title": "Weicher Greifer mit Vakuumpumpe",
        "summary": "Ein Greifer aus Silikon hält Erdbeeren sanft.",
        "body": "Die Finger schließen sich um die Beere, eine kleine Pumpe hält die Frucht fest.",
    },
    "en": {
        "title": "Soft gripper with a vacuum pump",
        "summary": "A silicone gripper holds strawberries gently.",
        "body": "The fingers close around the berry, a small pump holds it.",
    },
    "it": {
        "title": "Telecamera notturna",
        "summary": "Vede la frutta matura.",
        "body": "La luce infrarossa la mostra.",
    },
}
SHADE = "Plane trees along the main street give shade in summer and cool the houses of"


class Read:
    """An encoder that gives all texts one direction, counts them, and does something while it reads."""

    version = "test/1"

    def __init__(self, meanwhile=None):
        self.n_texts, self.meanwhile = 0, meanwhile

    def encode(self, texts):
        self.n_texts += len(texts)
        if self.meanwhile:
            self.meanwhile()
        return np.ones((len(texts), 4), dtype=np.float32)


@pytest.fixture
def challenge(make_challenge):
    """Return a challenge that closed a day ago."""
    return make_challenge(closed=True)


@pytest.fixture
def entries(challenge, make_idea, solver, solver_two):
    """Return an entry in German, one in English that says the same, and another one in Italian."""
    authors = {"de": solver, "en": solver_two, "it": solver_two}
    return [
        make_idea(challenge=challenge, author=authors[language], language=language, **text)
        for language, text in GRIPPER.items()
    ]


def test_the_same_thought_in_two_languages_is_proposed_and_nothing_is_merged(entries, challenge, owner, clock):
    without = services.find_pairs(challenge_id=challenge.pk, at=AT, actor=owner)
    before = queries.similar_page(owner, challenge, AT)
    look_for_pairs.call(challenge.pk)
    pair = SimilarPair.objects.get()
    after = queries.similar_page(owner, challenge, AT)

    assert (without, before.n_read, before.is_read, after.n_read, after.is_read) == (0, 0, False, 3, True)
    assert (pair.first, pair.second, pair.by) == (entries[0], entries[1], SimilarPair.By.MEANING)
    assert pair.score > 0.7
    assert (Merge.objects.count(), Idea.objects.filter(status="submitted").count()) == (0, 3)


def test_what_was_read_once_is_not_read_again_and_takes_a_kilobyte(entries, challenge):
    n_read = [services.read_meanings(challenge_id=challenge.pk, at=AT) for _ in range(2)]
    reader = Read()
    other_model = services.read_meanings(challenge_id=challenge.pk, at=AT, reader=reader)

    assert (n_read, other_model, reader.n_texts) == ([3, 0], 3, 6)
    assert set(IdeaVector.objects.values_list("encoder", "number")) == {("test/1", 1)}
    services.read_meanings(challenge_id=challenge.pk, at=AT)
    assert {len(bytes(row.values)) for row in IdeaVector.objects.all()} == {1024}


def test_sealed_entries_are_never_read_and_without_an_encoder_none_is(
    make_challenge, make_idea, entries, challenge, clock
):
    opened, reader = make_challenge(), Read()
    make_idea(challenge=opened)
    look_for_pairs.call(opened.pk)
    just_before = opened.closes_at - timedelta(microseconds=1)
    sealed = services.read_meanings(challenge_id=opened.pk, at=just_before, reader=reader)
    without = services.read_meanings(challenge_id=challenge.pk, at=AT, reader=NullEncoder())

    assert (sealed, without, reader.n_texts, IdeaVector.objects.count()) == (0, 0, 0, 0)
    assert services.find_pairs(challenge_id=challenge.pk, at=AT, reader=NullEncoder()) == 0


def test_the_meaning_goes_with_the_text(entries, challenge, solver, solver_two):
    services.read_meanings(challenge_id=challenge.pk, at=AT)
    services.forget_author(person=solver, at=AT, with_texts=True)
    read = Read()
    services.read_meanings(challenge_id=challenge.pk, at=AT, reader=read)

    assert (sorted(IdeaVector.objects.values_list("idea_id", flat=True)), read.n_texts) == (
        [entries[1].pk, entries[2].pk],
        4,
    )


def test_an_entry_withdrawn_before_the_deadline_is_moved_leaves_no_meaning(entries, challenge, solver):
    services.read_meanings(challenge_id=challenge.pk, at=AT)
    services.withdraw_idea(idea_id=entries[0].pk, actor=solver, at=challenge.closes_at - timedelta(hours=1))

    assert not IdeaVector.objects.filter(idea=entries[0]).exists()


def test_a_text_emptied_while_it_is_read_leaves_nothing(entries, challenge, solver):
    reader = Read(meanwhile=lambda: services.forget_author(person=solver, at=AT, with_texts=True))
    n_read = services.read_meanings(challenge_id=challenge.pk, at=AT, reader=reader)

    assert (n_read, IdeaVector.objects.filter(idea=entries[0]).exists()) == (2, False)


def test_a_meaning_of_an_earlier_version_or_another_encoder_counts_for_nothing(entries, challenge):
    services.read_meanings(challenge_id=challenge.pk, at=AT)
    Idea.objects.filter(pk=entries[0].pk).update(n_versions=2)
    stale = services.find_pairs(challenge_id=challenge.pk, at=AT)
    IdeaVector.objects.filter(idea=entries[0]).update(number=2)
    current = services.find_pairs(challenge_id=challenge.pk, at=AT)
    other = services.find_pairs(challenge_id=challenge.pk, at=AT, reader=Read())

    assert (stale, current, other) == (0, 1, 0)


def test_copies_for_several_places_are_proposed_with_what_differs_and_none_is_merged(
    entries, challenge, make_idea, solver, solver_two
):
    places = [("Gràcia", solver), ("Sants", solver_two), ("Sants", solver)]
    copies = [
        make_idea(challenge=challenge, author=author, title="More trees", summary="Shade", body=f"{SHADE} {place}")
        for place, author in places
    ]
    services.find_pairs(challenge_id=challenge.pk, at=AT)
    pairs = {(pair.first_id, pair.second_id): pair for pair in SimilarPair.objects.all()}
    first, second, third = (idea.pk for idea in copies)

    assert {key: pair.differs for key, pair in pairs.items()} == {
        (first, second): [["gràcia"], ["sants"]],
        (first, third): [["gràcia"], ["sants"]],
        (second, third): [[], []],
    }
    assert (Idea.objects.filter(status="submitted").count(), Merge.objects.count()) == (6, 0)


def test_comparing_by_hand_has_unread_entries_read_in_the_background(entries, challenge, client_of, owner, clock):
    client = client_of(owner)
    address = f"/challenges/{challenge.key}/similar/"
    client.post(f"{address}look/")
    waiting, page = DBTaskResult.objects.count(), client.get(address).content.decode()
    services.read_meanings(challenge_id=challenge.pk, at=AT)
    client.post(f"{address}look/")
    read = client.get(address).content.decode()
    side = client.get(f"{address}{entries[0].key}/{entries[1].key}/").content.decode()

    assert (waiting, DBTaskResult.objects.count(), "Read for their meaning" in page) == (1, 1, True)
    assert ["Same meaning in another language" in shown for shown in (page, read, side)] == [False, True, True]
    assert "Read for their meaning" not in read


def test_half_precision_moves_no_likeness_that_matters():
    vectors = encoder().encode([text["summary"] for text in GRIPPER.values()])
    stored = rules.unpacked([rules.packed(vector) for vector in vectors])

    assert stored @ stored.T == pytest.approx(vectors @ vectors.T, abs=1e-3)
    assert [rules.language_family(code) for code in ("de-CH", "DE", "")] == ["de", "de", ""]
