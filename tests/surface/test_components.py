"""The little reckoning behind components."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permea.surface import components

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "is_done", "tone"),
    [
        (timedelta(0), False, "past"),
        (timedelta(microseconds=1), False, "near"),
        (timedelta(days=3), False, "near"),
        (timedelta(days=3, seconds=1), False, "far"),
        (timedelta(days=-3), True, "done"),
    ],
)
def test_a_deadline_presses_more_the_nearer_it_is(left: timedelta, is_done: bool, tone: str) -> None:
    assert components.deadline_tone(AT + left, AT, is_done=is_done) == tone


def test_no_deadline_presses_nobody() -> None:
    assert components.deadline_tone(None, AT) == "none"


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Olga Lindenhof", "OL"),
        ("emil", "E"),
        ("Anna Maria von Berg", "AB"),
        ("", "·"),
        ("🙂", "·"),
        ("Øystein Å", "ØÅ"),
    ],
)
def test_initials_are_those_of_the_first_and_the_last_name(name: str, initials: str) -> None:
    assert components.initials(name) == initials


def test_a_diff_names_what_was_taken_out_and_put_in() -> None:
    pieces = components.word_diff("two red tomatoes", "two ripe tomatoes")

    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "two "),
        ("out", "red"),
        ("in", "ripe"),
        ("same", " tomatoes"),
    ]


def test_a_diff_of_equal_texts_is_one_piece() -> None:
    assert [piece.kind for piece in components.word_diff("same", "same")] == ["same"]


def test_a_very_long_text_is_compared_by_lines() -> None:
    lines = [f"line {number} of a long text" for number in range(400)]

    pieces = components.word_diff("\n".join(lines), "\n".join([*lines[:200], "new", *lines[200:]]))

    assert [piece.text for piece in pieces if piece.kind == "in"] == ["new\n"]


def changed(before: str, after: str) -> list[tuple[str, str]]:
    """Return what was taken out and put in."""
    return [(piece.kind, piece.text) for piece in components.word_diff(before, after) if piece.kind != "same"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("हिन्दी भाषा", "हिन्दू भाषा", [("out", "हिन्दी"), ("in", "हिन्दू")]),
        ("👩‍🌾 picks", "👨‍🌾 picks", [("out", "👩‍🌾"), ("in", "👨‍🌾")]),
        ("柔らかい手で取る", "柔らかい指で取る", [("out", "手"), ("in", "指")]),
        ("It holds.", "Wholly other words", [("out", "It holds."), ("in", "Wholly other words")]),
        ("One red. Two.", "One ripe. Two.", [("out", "red"), ("in", "ripe")]),
    ],
)
def test_words_of_any_script_stay_whole_and_unlike_sentences_are_not_cut_up(before, after, expected) -> None:
    assert changed(before, after) == expected


@pytest.mark.parametrize("unit", ["word ", "a\n", "a. ", "的"])
def test_long_texts_of_like_parts_are_compared_by_what_they_begin_and_end_with(unit: str) -> None:
    text = unit * (20_000 // len(unit))

    assert "".join(word for _kind, word in changed(text, f"{text[:9_000]}new{text[9_000:]}")).count("new") == 1


def test_a_long_text_with_a_word_changed_in_each_sentence_shows_just_these_words() -> None:
    sentences = [f"Sentence {number} of this text says what number {number} does. " for number in range(350)]
    before = "".join(sentences)

    pieces = changed(before, before.replace("says", "tells"))

    assert (len(before) > 18_000, set(pieces), len(pieces)) == (True, {("out", "says"), ("in", "tells")}, 700)


def test_texts_stand_side_by_side_each_with_its_own_words() -> None:
    before, after = components.diff_sides("two red tomatoes", "two ripe tomatoes")

    assert [[piece.text for piece in side] for side in (before, after)] == [
        ["two ", "red", " tomatoes"],
        ["two ", "ripe", " tomatoes"],
    ]


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_diff_gives_both_texts_back(before: str, after: str) -> None:
    pieces = components.word_diff(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != "in") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "out") == after
