"""Themes: planted ones are found, the order of texts changes nothing, what people hold stays, words tell them apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse

from permea_engine.errors import RangeError, ShapeError
from permea_engine.similarity import build_index
from permea_engine.themes import find_themes, grouping, match_themes, place_in_themes, telling_words

WORDS = {
    "water": "river flood pump valve basin rain storage canal leak meter",
    "light": "lamp street sensor shade window glass battery grid night dimmer",
    "food": "apple kitchen waste compost market farm seed harvest cooling crate",
}


def planted(n_each, seed=7):
    """Return texts of three themes, each of a theme's own words and some that all share, and which is which."""
    rng = np.random.default_rng(seed)
    texts, truth = [], []
    for number, words in enumerate(WORDS.values()):
        for _text in range(n_each):
            own = rng.choice(words.split(), 5, replace=False)
            texts.append((f"The {own[0]} idea", "with a plan for the town and " + " ".join(own[1:])))
            truth.append(number)
    return texts, np.array(truth)


def is_same_partition(one, other):
    """Say whether two labellings put the same together."""
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


@pytest.mark.parametrize("n_each", [4, 40, 150])
def test_planted_themes_are_found_with_their_words(n_each):
    texts, truth = planted(n_each)
    found = find_themes(build_index(texts).vectors)
    words = telling_words(texts, found.labels, n=10)

    assert is_same_partition(found.labels, truth)
    for number, said in enumerate(words):
        theme = list(WORDS.values())[truth[found.labels == number][0]]
        assert set(said) <= set(theme.split())
    assert (found.fits > 0.2).all()
    assert len(np.unique(found.places.round(6), axis=0)) == 3


@pytest.mark.parametrize("n_each", [20, 150])
def test_the_order_of_texts_changes_nothing_but_the_order(n_each):
    vectors = build_index(planted(n_each)[0]).vectors
    order = np.random.default_rng(3).permutation(3 * n_each)
    found, again, moved = find_themes(vectors), find_themes(vectors), find_themes(vectors[order])

    for name in ("labels", "fits", "directions"):
        assert_array_equal(getattr(found, name), getattr(again, name))
        assert_allclose(getattr(found, name)[order], getattr(moved, name), atol=1e-9)
    assert_allclose(found.places, moved.places, atol=1e-9)


def test_nothing_is_done_to_the_vectors_that_are_given():
    vectors = build_index(planted(5)[0]).vectors
    before = vectors.copy()
    find_themes(vectors)

    assert (vectors != before).nnz == 0
    assert_array_equal(vectors.indices, before.indices)


def test_themes_at_the_edges(monkeypatch):
    none = find_themes(sparse.csr_matrix((0, 5)))
    wordless = find_themes(np.zeros((2, 3)))
    one, two = find_themes([[1.0, 0.0]]), find_themes([[1.0, 0.0], [0.0, 1.0]])
    equal = [find_themes(np.tile(np.arange(1.0, width), (n, 1))) for n, width in ((9, 3), (450, 200), (450, 3))]
    monkeypatch.setattr(grouping, "ROUNDS", 1)
    flat = find_themes(np.random.default_rng(1).normal(size=(500, 3)), most=4)

    assert (none.labels.tolist(), none.places.shape, wordless.labels.tolist()) == ([], (0, 2), [-1, -1])
    assert (one.labels.tolist(), two.labels.tolist(), [set(found.labels) for found in equal]) == (
        [0],
        [0, 0],
        [{0}] * 3,
    )
    assert 1 < flat.labels.max() + 1 <= 4


def test_more_texts_than_are_joined_step_by_step_go_to_the_theme_they_are_like(monkeypatch):
    monkeypatch.setattr(grouping, "JOINED", 40)
    texts, truth = planted(50)

    assert is_same_partition(find_themes(build_index(texts).vectors).labels, truth)


@pytest.mark.parametrize("is_told", [True, False])
def test_a_tenth_more_texts_keep_their_themes(is_told):
    texts, truth = planted(44)
    before = np.array([number % 44 < 40 for number in range(len(texts))])
    first = find_themes(build_index([text for text, is_old in zip(texts, before, strict=True) if is_old]).vectors)
    earlier = np.full(len(texts), -1)
    earlier[before] = first.labels
    second = find_themes(build_index(texts).vectors, earlier=earlier if is_told else None)
    same = match_themes(first.labels, second.labels[before])
    renumbered = np.array([same[one] for one in second.labels])

    assert sorted(same.values()) == [0, 1, 2]
    assert_array_equal(renumbered[before], first.labels)
    assert is_same_partition(renumbered, truth)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n_texts=st.integers(6, 40), n_known=st.integers(0, 40))
def test_earlier_themes_are_a_start_whatever_their_numbers_and_few_of_them_say_nothing(seed, n_texts, n_known):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n_texts, 6)) + 3 * np.eye(6)[rng.integers(3, size=n_texts)]
    anew = find_themes(vectors)
    some = np.where(np.arange(n_texts) < n_known, rng.integers(4, size=n_texts), -1)
    order = rng.permutation(n_texts)
    from_some = find_themes(vectors, earlier=some)
    renamed = np.where(some < 0, -1, (7 - some) % 5)

    assert_array_equal(find_themes(vectors, earlier=anew.labels).labels, anew.labels)
    assert_array_equal(find_themes(vectors, earlier=renamed).labels, from_some.labels)
    assert is_same_partition(find_themes(vectors[order], earlier=some[order]).labels, from_some.labels[order])
    if n_known < n_texts / 2:
        assert_array_equal(from_some.labels, anew.labels)


def test_earlier_themes_stay_where_new_ones_are_hardly_clearer_and_go_where_they_are_far():
    texts, truth = planted(20)
    vectors = build_index(texts).vectors
    halves, mixed = np.minimum(truth, 1), np.arange(60) % 2

    assert is_same_partition(find_themes(vectors, earlier=halves).labels, halves)
    assert is_same_partition(find_themes(vectors, earlier=mixed).labels, truth)


def test_a_theme_is_the_same_only_if_it_shares_a_third():
    assert match_themes([0, 0, 0, 0, 1, 1], [0, 0, 2, 2, 1, -1]) == {0: 0, 1: 1}
    assert match_themes([0] * 10, [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]) == {}
    assert match_themes([], []) == {}
    assert match_themes([-1, -1], [0, 0]) == {}


def test_texts_are_placed_in_themes_that_are_held():
    texts, truth = planted(6)
    vectors = build_index(texts).vectors
    labels = np.where(np.arange(18) % 6 < 4, truth, -1)
    labels[0] = 2
    placed = place_in_themes(vectors, labels, n_themes=4)
    fixed = place_in_themes(vectors, labels, n_themes=4, fixed=np.arange(18) == 0)
    nothing = place_in_themes(vectors, np.full(18, -1), n_themes=1)

    assert_array_equal(placed.labels, truth)
    assert_array_equal(fixed.labels, np.where(np.arange(18) == 0, 2, truth))
    assert np.isnan(placed.places[3]).all()
    assert (set(nothing.labels), np.isnan(nothing.fits).all()) == ({-1}, True)


def test_words_are_as_people_wrote_them_and_those_that_begin_alike_are_named_once():
    texts = [
        "Straße für Räder",
        "STRASSE ohne Räder",
        "Straße ohne Rad",
        "Spiel, Spiele im Park",
        "Spiele, Spiel, Park 24",
        "",
    ]
    named = telling_words(texts, [0, 0, 0, 1, 1, -1])

    assert named == [["Straße", "ohne", "Räder"], ["Park", "Spiel"]]
    assert telling_words(["only this", "only this"], [0, 0]) == [["only", "this"]]
    assert telling_words([("A title", "and text")], [0], n=2) == [["and", "text"]]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: find_themes([1.0, 2.0]), ShapeError),
        (lambda: find_themes([[np.nan]]), RangeError),
        (lambda: find_themes(sparse.csr_matrix([[np.inf]])), RangeError),
        (lambda: find_themes([[1.0]], most=0), RangeError),
        (lambda: find_themes([[1.0]], earlier=[0, 1]), ShapeError),
        (lambda: find_themes([[1.0]], earlier=[-2]), RangeError),
        (lambda: place_in_themes([[1.0]], [0, 1], n_themes=2), ShapeError),
        (lambda: place_in_themes([[1.0]], [2], n_themes=2), RangeError),
        (lambda: place_in_themes([[1.0]], [0], n_themes=1, fixed=[True, False]), ShapeError),
        (lambda: match_themes([0.5], [0]), ShapeError),
        (lambda: match_themes([0], [-2]), RangeError),
        (lambda: telling_words(["a"], [0], n=0), RangeError),
    ],
)
def test_what_is_no_vector_or_label_is_refused(call, error):
    with pytest.raises(error):
        call()
