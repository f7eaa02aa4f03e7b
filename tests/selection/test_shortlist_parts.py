"""What the shortlist says and draws, piece by piece."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from permea.selection import commands
from permea.selection.shortlist import wording
from permea.selection.shortlist.drawing import Dot, draw_dots
from permea.selection.shortlist.model import Certainty, Choice, Swap, Use
from permea.selection.shortlist.report import _bar

CHOICE = Choice(
    bar=3.0,
    value=4.5,
    bound=4.5,
    gap=0.0,
    status="optimal",
    is_proven=True,
    solver="HiGHS 1",
    uses=(Use("money", 900.0, 1000.0),),
    runner_up=Swap(4.25, ("A",), ("B",)),
    more_money=Swap(5.0, ("A", "B"), (), 100.0),
    is_compared=True,
    n_draws=200,
)


@pytest.mark.parametrize(
    ("status", "is_proven", "begins"),
    [
        ("optimal", True, "Proven best: 4.50 points above the bar of 3.00; no set"),
        ("within_gap", True, "Proven: 4.50 points above the bar of 3.00; no set within the limits has more than 2.000"),
        ("time_limit", False, "Best found in the time given: 4.50 points above the bar of 3.00; a better set"),
    ],
)
def test_the_certificate_claims_no_more_than_was_proven(status, is_proven, begins):
    said = wording.certificate(replace(CHOICE, status=status, is_proven=is_proven, gap=0.02))

    assert said.startswith(begins)


def test_alternatives_name_what_comes_and_goes():
    assert wording.alternatives(CHOICE) == [
        "The runner-up has 0.25 points less: A in, B out.",
        "100 more money would bring 0.50 more points: A + B in.",
    ]


def test_alternatives_say_when_there_are_none():
    nothing = replace(CHOICE, runner_up=None, more_money=Swap(4.5, (), (), 100.0))

    assert wording.alternatives(nothing) == [
        "No other set keeps the limits.",
        "100 more money would change nothing.",
    ]


@pytest.mark.parametrize(
    ("n_more", "then", "is_reached", "said"),
    [
        (3, 0.9, True, "3 more reviews in the right places would raise that chance to about 90\xa0%."),
        (90, 0.6, False, "Even 90 more reviews would raise that chance only to about 60\xa0%."),
        (90, 0.401, False, "More reviews would hardly raise that chance."),
        (0, 0.4, True, "Against the truly best choice, 0.10 points an idea are lost on average."),
        (None, None, False, "Against the truly best choice, 0.10 points an idea are lost on average."),
    ],
)
def test_what_more_reviews_would_bring_is_said_where_it_is_something(n_more, then, is_reached, said):
    sure = Certainty(5, 0.4, 0.9, 0.1, n_more, then, is_reached)

    assert wording.certainty(SimpleNamespace(certainty=sure))[-1] == said


def test_long_lists_of_ideas_are_cut():
    assert wording.swap(Swap(0.0, tuple("ABCDEFGHI"), ())) == "A + B + C + D + E + F and 3 more in"


def test_points_carry_their_sign():
    assert [wording.signed(value) for value in (0.5, -0.5, -0.004, None)] == ["+0.50", "−0.50", "±0.00", "–"]


def test_used_budgets_are_said_and_drawn():
    assert (wording.uses(CHOICE), _bar(Use("days", 3.0, 4.0)).length, _bar(Use("days", 0.0, 0.0)).length) == (
        ["900 of 1,000 money used."],
        75.0,
        0.0,
    )


def test_dots_stand_on_a_scale_that_holds_them():
    dots = [Dot("a", 2.0, 1.1, 2.9, is_marked=True, text=""), Dot("b" * 50, 4.0, 3.5, 4.4, is_marked=False, text="")]

    drawing = draw_dots(dots, rule=3.0)

    assert [tick.label for tick in drawing.ticks] == ["1", "2", "3", "4", "5"]
    assert [(row.x_lower < row.x < row.x_upper, len(row.label)) for row in drawing.rows] == [(True, 1), (True, 31)]
    assert drawing.rule == drawing.ticks[2].x


def test_dots_that_are_all_equal_are_drawn():
    drawing = draw_dots([Dot("a", 3.0, 3.0, 3.0, is_marked=False, text="")])

    assert drawing.ticks[0].x < drawing.ticks[-1].x


def test_progress_appears_on_a_terminal_after_a_second(monkeypatch, capsys):
    monkeypatch.setattr("rich.console.Console.is_terminal", property(bool))
    monkeypatch.setattr(commands, "DELAY", 0.0)

    with commands._progress(2) as step:
        step("Reading the tables")
        for _ in range(50):
            time.sleep(0.01)
        step("")

    assert "Reading the tables" in capsys.readouterr().err
