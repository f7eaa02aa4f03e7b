import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.similarity import build_index, joined_vectors, vector_pairs, words_of
from permea_engine.similarity import index as index_module
from permea_engine.similarity import pairs as pairs_module
from permea_engine.similarity import vectors as vectors_module

WORDS = ["bike", "biker", "lane", "tree", "trees", "school", "straße", "año", "🙂", "a"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), min_size=1, max_size=8)
IDEAS = [
    "More bike lanes in the town",
    "Trees in the school yard",
    ("Bike lanes", "more of them, in town"),
    "",
    "!? 🙂",
]


def score(index, text, position):
    found = index.nearest(text, n=len(index), exact=True)
    return dict(zip(found.positions.tolist(), found.scores.tolist(), strict=True)).get(position, 0.0)


def test_words_are_compared_in_their_folded_form(similarity_answer):
    assert words_of(similarity_answer["text"]) == similarity_answer["words"]


def test_a_score_by_hand():
    index = build_index(["ab", "ab cd", "ef"])
    ab, cd = np.log1p(1.5 / 2.5), np.log1p(2.5 / 1.5)
    # " ab ", " ab" and "ab " are the pieces of "ab": three against three, so both cosines are alike
    assert score(index, "ab", 1) == pytest.approx(ab / np.hypot(ab, cd), rel=1e-5)


def test_the_nearest_come_first_and_what_shares_nothing_is_left_out():
    found = build_index(IDEAS).nearest("bike lane")
    assert (found.positions.tolist(), len(found.scores)) == ([2, 0], 2)


def test_what_the_title_says_counts_three_times():
    index = build_index([("bike lane", "tree school"), ("tree school", "bike lane"), "bike bike bike lane lane lane"])
    first, second, written_out = (score(index, "bike lane", position) for position in range(3))
    assert (first > second, written_out > first) == (True, True)
    assert build_index([("bike", "lane"), "a"]).vectors.toarray() == pytest.approx(
        build_index(["bike bike bike lane", "a"]).vectors.toarray(), abs=1e-6
    )


@settings(max_examples=15)
@given(TEXTS)
def test_scores_are_symmetric_and_one_for_the_same_text(texts):
    index = build_index(texts)
    for first, text in enumerate(texts):
        assert score(index, text, first) == pytest.approx(float(bool(words_of(text))), abs=1e-5)
        for second, other in enumerate(texts):
            assert score(index, text, second) == pytest.approx(score(index, other, first), abs=1e-5)


@settings(max_examples=15)
@given(TEXTS, st.text(max_size=30))
def test_the_order_of_texts_does_not_matter(texts, query):
    forth, back = build_index(texts), build_index(texts[::-1])
    for position in range(len(texts)):
        assert score(forth, query, position) == pytest.approx(score(back, query, len(texts) - 1 - position), abs=1e-5)


@settings(max_examples=15)
@given(TEXTS, st.sampled_from(WORDS))
def test_the_reasons_add_up_to_the_score(texts, word):
    index, query = build_index(texts), f"{word} bikes {word} new"
    reasons = index.explain(query, texts[0])
    assert sum(reasons.values()) == pytest.approx(score(index, query, 0), abs=1e-5)
    assert set(reasons) <= set(words_of(query))


def test_shared_words_come_the_rarest_first_new_ones_before_all():
    index = build_index(["the town square", "the town", "the"])
    assert index.shared(("The square", "of a town"), "town SQUARE, the quillwort of") == ["of", "square", "town", "the"]


def test_shared_words_are_told_as_the_first_text_spells_them():
    index = build_index(["Nächste Straße"])
    first, second = "Die NÄCHSTE Straße, x\u0304y", ("nachste", "Strasse xy")
    assert sorted(index.shared(first, second)) == ["nächste", "straße", "xy"]
    assert sorted(index.missing(first, "xy")) == ["die", "nächste", "straße"]


@settings(max_examples=15)
@given(TEXTS, TEXTS)
def test_adding_texts_leaves_the_scores_of_earlier_ones(texts, more):
    index = build_index(texts)
    larger = index.added(more)
    before = index.pairs(0.1, most=20)
    after = larger.pairs(0.1, most=20)
    old = after.second < len(texts)
    known = dict(zip(zip(after.first[old], after.second[old], strict=True), after.scores[old], strict=True))
    assert (len(larger), larger.n_built) == (len(texts) + len(more), len(texts))
    for pair, value in zip(zip(before.first, before.second, strict=True), before.scores, strict=True):
        assert known[pair] == pytest.approx(value, abs=1e-5)


@settings(max_examples=15)
@given(TEXTS, st.floats(0.05, 0.95))
def test_pairs_are_those_above_the_threshold(texts, threshold):
    index = build_index(texts)
    found = index.pairs(threshold, most=len(texts))
    expected = {
        (first, second)
        for second in range(len(texts))
        for first in range(second)
        if score(index, texts[first], second) >= threshold + 1e-5
    }
    got = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert expected <= got
    assert all(score(index, texts[first], second) >= threshold - 1e-5 for first, second in got)
    assert (np.diff(found.scores) <= 0).all()


def test_blocks_do_not_change_the_pairs(monkeypatch):
    index = build_index(IDEAS * 3)
    whole = index.pairs(0.2, most=20)
    monkeypatch.setattr(pairs_module, "CELLS", 20)
    parts = index.pairs(0.2, most=20)
    assert sorted(zip(whole.first, whole.second, strict=True)) == sorted(zip(parts.first, parts.second, strict=True))


@settings(max_examples=15)
@given(TEXTS, st.integers(0, 200))
def test_with_less_work_allowed_pairs_may_be_missing_but_none_is_wrong(texts, work):
    index = build_index(texts)
    whole = index.pairs(0.3, most=len(texts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs_module, "WORK", work)
        few = index.pairs(0.3, most=len(texts))
    scores = dict(zip(zip(whole.first, whole.second, strict=True), whole.scores, strict=True))
    for pair, value in zip(zip(few.first, few.second, strict=True), few.scores, strict=True):
        assert scores[pair] == pytest.approx(value, abs=1e-5)


def test_texts_that_share_a_rare_term_are_paired_whatever_else_is_left_out(monkeypatch):
    index = build_index(["the town quillwort", "the town quillwort", *["the town"] * 20])
    monkeypatch.setattr(pairs_module, "WORK", 200)
    found = index.pairs(0.5)
    assert list(zip(found.first, found.second, strict=True)) == [(0, 1)]
    assert found.scores[0] == pytest.approx(1, abs=1e-5)


def test_of_many_alike_only_the_nearest_few_are_proposed():
    found = build_index(["Clean the square"] * 6).pairs(0.9, most=1)
    assert list(zip(found.first, found.second, strict=True)) == [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5)]


def test_texts_of_different_groups_are_not_paired():
    index = build_index(["Clean the square"] * 3)
    found = index.pairs(0.9, groups=[4, 7, 4])
    assert list(zip(found.first, found.second, strict=True)) == [(0, 2)]


def test_a_quick_search_reads_the_rarest_terms_and_its_scores_are_exact(monkeypatch):
    index = build_index([f"the town number{one}" for one in range(50)])
    full = index.nearest("town number7", n=3, exact=True)
    monkeypatch.setattr(index_module, "POSTINGS", 5)
    quick = index.nearest("town number7", n=3)
    assert (quick.positions[0], quick.scores[0]) == (7, pytest.approx(full.scores[0]))
    monkeypatch.setattr(index_module, "POSTINGS", 0)
    assert len(index.nearest("town number7").positions) == 0


def test_a_text_unlike_the_others_is_furthest_from_the_core():
    distances = build_index([*IDEAS, "Zqx"]).distances_from_core(neighbours=2)
    assert (np.nanargmax(distances), np.isnan(distances).tolist()) == (5, [False, False, False, True, True, False])


def test_the_same_text_many_times_is_no_distance_apart():
    assert build_index(["Clean the square"] * 4).distances_from_core() == pytest.approx(np.zeros(4), abs=1e-5)


@pytest.mark.parametrize("texts", [[], [""], ["", "..."], ["🙂"]])
def test_without_words_nothing_is_similar(texts):
    index = build_index(texts)
    assert (len(index.nearest("bike").positions), len(index.pairs(0.1).first), len(index)) == (0, 0, len(texts))
    assert index.explain("bike", "...") == {}
    assert index.added(["bike"]).nearest("bike").positions.tolist() == [len(texts)]


def test_a_text_of_a_megabyte_is_searched_for():
    long = " ".join(f"w{number % 5000}" for number in range(180_000))
    found = build_index([*IDEAS, long]).nearest(long)
    assert (len(long) > 10**6, found.positions[0]) == (True, 5)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: build_index("text"), ShapeError, "texts: a sequence"),
        (lambda: build_index(5), ShapeError, "texts: a sequence"),
        (lambda: build_index([None]), ShapeError, "text: a text"),
        (lambda: build_index([("a", "b", "c")]), ShapeError, "text: a text"),
        (lambda: build_index([("a", 1)]), ShapeError, "text: a text"),
        (lambda: build_index(["a"]).added("a"), ShapeError, "texts: a sequence"),
        (lambda: build_index(["a"]).nearest("a", n=0), RangeError, "n: 0"),
        (lambda: build_index(["a"]).nearest(3), ShapeError, "text: a text"),
        (lambda: build_index(["a"]).shared("a", 3), ShapeError, "text: a text"),
        (lambda: build_index(["a"]).pairs(1.0), RangeError, "threshold"),
        (lambda: build_index(["a"]).pairs(0.5, most=0), RangeError, "most"),
        (lambda: build_index(["a"]).pairs(0.5, groups=[1, 2]), ShapeError, "groups"),
        (lambda: build_index(["a"]).distances_from_core(), UndeterminedError, "1 given"),
        (lambda: build_index(["a", "b"]).distances_from_core(0), RangeError, "neighbours"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_vectors_pair_texts_of_different_groups_alone_and_the_closest_come_first():
    vectors = [[1, 0], [2, 0.2], [0, 1], [0, 0], [1, 0.4]]
    everybody, across = vector_pairs(vectors, 0.5), vector_pairs(vectors, 0.5, across=[0, 0, 1, 1, 2])

    assert list(zip(everybody.first.tolist(), everybody.second.tolist(), strict=True)) == [(0, 1), (1, 4), (0, 4)]
    assert list(zip(across.first.tolist(), across.second.tolist(), strict=True)) == [(1, 4), (0, 4)]
    assert across.scores.tolist() == pytest.approx([2.08 / np.sqrt(4.04 * 1.16), 1 / np.sqrt(1.16)])
    assert [len(vector_pairs(np.empty((0, 2)), 0.5).first), len(vector_pairs([[1, 0]], 0.5).first)] == [0, 0]


def test_each_text_is_paired_with_its_nearest_alone():
    found = vector_pairs([[1, 0], [1, 0.1], [1, 0.2]], 0.1, most=1)
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(1, 2), (0, 1)]


@settings(max_examples=15)
@given(st.lists(st.tuples(*3 * [st.integers(-3, 3)]), min_size=1, max_size=7), st.integers(1, 9))
def test_pairs_of_vectors_are_those_of_the_whole_table_in_blocks_of_any_size(vectors, cells):
    table = np.array(vectors, dtype=float)
    length = np.sqrt((table**2).sum(axis=1))
    cosine = table @ table.T / np.maximum(length[:, None] * length, 1e-12)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vectors_module, "CELLS", cells)
        found = vector_pairs(table, 0.4, most=len(table))
    wanted = {(a, b) for b in range(len(table)) for a in range(b) if cosine[a, b] > 0.4 + 1e-9}

    assert wanted <= set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert all(cosine[a, b] > 0.4 - 1e-9 for a, b in zip(found.first, found.second, strict=True))


def test_parts_count_the_same_whatever_their_length():
    joined = joined_vectors([[3, 0], [0, 0]], [[0, 0.1], [0, 5]])
    assert joined == pytest.approx(np.array([[np.sqrt(0.5)] * 2, [0, 1]]))


def test_words_that_only_one_text_has_come_rarest_first():
    index = build_index(["bike lane town", "bike lane", "lane"])
    assert (index.missing("lane bike newt", "lane"), index.missing("lane", "lane bike")) == (["newt", "bike"], [])


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (joined_vectors, ShapeError),
        (lambda: joined_vectors([[1, 2]], [[1, 2, 3]]), ShapeError),
        (lambda: vector_pairs([1, 2], 0.5), ShapeError),
        (lambda: vector_pairs([[1, np.inf]], 0.5), RangeError),
        (lambda: vector_pairs([[1, 2]], 1.5), RangeError),
        (lambda: vector_pairs([[1, 2]], 0.5, most=0), RangeError),
        (lambda: vector_pairs([[1, 2]], 0.5, across=[0, 1]), ShapeError),
    ],
)
def test_wrong_vectors_are_refused(call, error):
    with pytest.raises(error):
        call()
