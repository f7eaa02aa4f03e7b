"""Comments from a table: what each row means, and what is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from permea.challenges.models import Challenge
from permea.dialogue import rules
from permea.dialogue.models import Comment, Participant
from permea.surface.tables import ConvertedRow
from tests.cast import AT

KNOWN = rules.Known(
    entries={"7": 70, "key8": 80}, titles={"tap it": [70], "twice": [70, 80]}, comments={"c1": 70, "c2": 80}
)


def checked(*rows, known=KNOWN):
    converted = [ConvertedRow(line, {"text": "Good.", **row}) for line, row in enumerate(rows, start=2)]
    return rules.check_comments(converted, known, language="en", among=["en", "de"], zone=UTC, at=AT)


def test_rows_find_their_entry_their_thread_and_who_spoke():
    first = {"entry": "7", "comment": 1.0, "author": " Ada  B ", "person": "u1", "time": "22/02/2016 21:55:47"}
    rows = [
        {"entry": "key8", "comment": "5", "text": "Wer hat das schon einmal in einem nassen Garten ausprobiert?"},
        {"entry": "TAP  it", "comment": "3", "parent": "1/2", "author": "ada b"},
        {"entry": "7", "comment": "2", "parent": "1", "author": "Ada B"},
        first,
        {"entry": "7", "parent": "c1"},
        {"entry": "7", "parent": "99", "text": "Lost"},
    ]

    found = checked(*rows)

    alone, third, second, head, below, lost = found.rows
    assert (found.errors, found.n_orphans) == ([], 1)
    assert [row.depth for row in found.rows] == [0, 2, 1, 0, 0, 0]
    assert (head.external_id, head.name, head.written_at) == (
        "1",
        "Ada B",
        datetime(2016, 2, 22, 21, 55, 47, tzinfo=UTC),
    )
    assert (third.idea_id, third.mark == second.mark, second.mark == head.mark, alone.mark) == (70, True, False, "")
    assert (alone.language, alone.idea_id, below.parent, lost.parent) == ("de", 80, "c1", "")
    assert below.external_id.startswith("text-")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"entry": "nowhere"}, "entry"),
        ({"entry": "twice"}, "entry"),
        ({"entry": "7", "text": None}, "text"),
        ({"entry": "7", "text": "x" * 4001}, "text"),
        ({"entry": "7", "comment": "9" * 81}, "comment"),
        ({"entry": "7", "time": "yesterday"}, "time"),
        ({"entry": "7", "time": "2999-01-01"}, "time"),
        ({"entry": "7", "parent": "c2"}, "parent"),
    ],
)
def test_a_row_that_cannot_be_a_comment_is_named(row, column):
    found = checked(row)

    assert ([error.column for error in found.errors], found.rows, found.errors[0].line) == ([column], [], 2)


def test_rows_that_do_not_fit_together_are_named(monkeypatch):
    circle = checked(
        {"entry": "7", "comment": "a", "parent": "b"},
        {"entry": "7", "comment": "b", "parent": "a"},
        {"entry": "7", "comment": "d", "parent": "b"},
    )
    twice = checked({"entry": "7", "comment": "a"}, {"entry": "7", "comment": "a"})
    astray = checked({"entry": "7", "comment": "a"}, {"entry": "key8", "comment": "b", "parent": "a"})
    monkeypatch.setattr("permea.dialogue.rules.imports.MOST_COMMENTS_AT_ONCE", 1)
    many = checked({"entry": "7", "comment": "a"}, {"entry": "7", "comment": "b"})

    assert [(error.line, error.column) for error in circle.errors] == [(2, "parent"), (3, "parent"), (4, "parent")]
    assert [(error.line, error.column) for error in twice.errors] == [(3, "comment")]
    assert [(error.line, error.column) for error in astray.errors] == [(3, "parent")]
    assert [(error.line, error.column) for error in many.errors] == [(3, "")]


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-03-01T10:00:00+02:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("1403058803883", datetime(2014, 6, 18, 2, 33, 23, 883000, tzinfo=UTC)),
        ("1403058803", datetime(2014, 6, 18, 2, 33, 23, tzinfo=UTC)),
        ("01.03.2026", datetime(2026, 3, 1, tzinfo=UTC)),
        ("9" * 40, None),
        ("", None),
    ],
)
def test_a_moment_is_read_in_the_ways_tables_write_it(said, moment):
    assert rules.time_of(said, UTC) == moment


def test_who_speaks_is_called_by_name_and_number():
    people = [
        Participant(number=4, imported_name="Ada B"), Participant(number=5), Participant(number=6, name="Bee"),
    ]  # fmt: skip

    assert [rules.called(one) for one in people] == ["Ada B (Participant 4)", "Participant 5", "Bee"]
    assert (rules.source_of(" a  b ", "x.csv"), rules.source_of("", "talk.2016.csv"), rules.source_of("", "x")) == (
        "a b", "talk.2016", "x",
    )  # fmt: skip
    assert all(rules.comment_label(field.name) for field in rules.COMMENT_FIELDS)


def test_what_is_refused_and_why():
    draft, open_ = Challenge(status="draft"), Challenge(status="published")
    asked = [
        rules.why_not_take_over(open_, role="member"),
        rules.why_not_take_over(draft, role="owner"),
        rules.why_not_take_over(open_, role="manager"),
        rules.why_not_erase_voice(Comment(writer_id=1, written_at=AT - timedelta(days=1))),
        rules.why_not_erase_voice(Comment()),
    ]

    assert [one and one.code for one in asked][1:] == [
        "comment.import_not_published", None, "comment.has_writer", None,
    ]  # fmt: skip
    assert asked[0] is not None
