"""What the rules of trials decide and say, without a database."""

from collections import Counter
from datetime import timedelta

import pytest

from permea.trials import rules
from permea.trials.models import ConceptTest, CustomerPanel, PanelMember, Prototype, Respondent
from tests.cast import AT

PANEL = CustomerPanel(key="panel")
FORMER, EVEN = [(9, 9), (8, 9), (7, 7)], [(1, 2), (2, 1), (3, 3)]


def test_slips_and_links_are_ours_or_nothing():
    slip = rules.sealed(PANEL, seed="s", at=AT)
    seal, member = rules.unsealed(slip), PanelMember(key="member")
    token = rules.private_token(member)

    assert (seal.seed, seal.key, rules.unsealed(slip + "x"), rules.unsealed("")) == ("s", "panel", None, None)
    assert rules.why_not_sealed(seal, PANEL, at=AT + timedelta(seconds=1)) is None
    codes = [
        rules.why_not_sealed(seal, CustomerPanel(key="other"), at=AT).code,
        rules.why_not_sealed(None, PANEL, at=AT).code,
        rules.why_not_sealed(seal, PANEL, at=AT).code,
        rules.why_not_sealed(seal, PANEL, at=AT + timedelta(hours=13)).code,
    ]
    assert codes == ["trials.other_form", "trials.other_form", "trials.too_fast", "trials.form_too_old"]
    assert (rules.why_not_human(""), rules.why_not_human("x").code) == (None, "trials.trap")
    assert (rules.key_in(token, PanelMember), rules.key_in(token, Respondent), rules.key_in("a.b", Respondent)) == (
        "member", None, None,
    )  # fmt: skip


def test_whom_lines_name():
    assert rules.invited_from(["Ada <a@b.example>", " ", "A@B.example"]) == [rules.Invited("Ada", "a@b.example")]
    assert [rules.invited_from(lines).code for lines in (["x"], [" "], [f"a{n}@b.example" for n in range(201)])] == [
        "trials.no_address", "trials.nobody_named", "trials.too_many_invited",
    ]  # fmt: skip
    assert (rules.address_hash(PANEL, ""), len(rules.address_hash(PANEL, "a@b.example"))) == ("", 64)


@pytest.mark.parametrize(
    ("kind", "n_pairs", "steps"), [("one", 1, 1), ("scales", 1, 4), ("pairs", 3, 3), ("pairs", 28, 6)]
)
def test_everybody_is_shown_about_as_much_of_everything(kind, n_pairs, steps):
    test = ConceptTest(kind=kind, n_pairs=n_pairs, salt="salt")
    plans = [rules.plan_for(test, n_variants=4, number=number) for number in range(8)]
    shown = Counter(tuple(sorted(step)) for plan in plans for step in plan)

    assert {len(plan) for plan in plans} == {steps}
    assert (len(set(shown.values())), plans[0]) == (1, rules.plan_for(test, n_variants=4, number=0))
    assert len({str(plan) for plan in plans}) > 1
    assert all(len(plan) == len({tuple(sorted(step)) for step in plan}) for plan in plans)


def test_questions_have_words_for_five_points():
    five = "a\nb\n\nc\nd\ne"
    assert rules.questions_from([("Q", five), (" ", "x")]) == [rules.QuestionInput("Q", tuple("abcde"))]
    assert rules.questions_from([("Q", "a\nb")]).code == "trials.five_points"
    test = ConceptTest(kind="scales")
    assert rules.why_not_add_variant(test, n_variants=8).code == "trials.too_many_variants"
    assert rules.why_not_ready(test, n_variants=2, n_questions=4) is None


def test_the_clear_one_is_told_from_the_unclear():
    clear = rules.wanted_measure(["A", "B"], [(0, True)] * 45 + [(0, False)] * 5 + [(1, True)] * 20 + [(1, False)] * 30)
    unclear = rules.wanted_measure(["A", "B"], [(0, True)] * 6 + [(1, True)] * 5 + [(1, False)])
    few = rules.wanted_measure(["A", "B", "C"], [(0, True)] * 6)

    assert (clear.is_clear, clear.is_share, clear.lines[0].value) == (True, True, 90)
    assert clear.verdict == "More want “A” than “B”, by 50 points [32, 64], n=100."
    assert unclear.verdict.startswith("Too few to tell “A” from “B”: 17 points apart [")
    assert (few.verdict, few.lines[1].value, [dot["label"] for dot in few.dots]) == (
        "Too few to tell: 6 answers.", None, ["A"],
    )  # fmt: skip


def test_means_and_scales_are_told_with_their_difference():
    fit = rules.fit_measure(["A", "B"], [(0, 2)] * 5 + [(0, 1)] * 5 + [(1, 5)] * 5 + [(1, 4)] * 5)
    scale = rules.scale_measure("Light?", ["A", "B"], [{0: 5, 1: 2}] * 5 + [{0: 4, 1: 3}] * 5 + [{0: 3}])
    even = rules.scale_measure("Light?", ["A", "B"], [{0: 5, 1: 4}] * 3 + [{0: 4, 1: 5}] * 3)
    nobody = rules.scale_measure("Light?", ["A", "B"], [{0: 3}])

    assert (fit.lines[0].label, fit.is_clear, fit.is_share) == ("B", True, False)
    assert fit.verdict.startswith("“B” stands 3.0 above “A” [")
    assert (scale.differences[0].n, scale.n, scale.lines[0].n) == (10, 11, 11)
    assert even.verdict.startswith("Too few to tell “A” from “B”: 0.0 apart [")
    assert (nobody.lines[0].lower, nobody.lines[1].n, nobody.verdict) == (None, 0, "Too few to tell: 1 answer.")


def test_a_preference_among_many_is_told_against_the_closest():
    picks = [(0, 1, -1)] * 30 + [(1, 2, 1)] * 20 + [(1, 2, -1)] * 3 + [(0, 2, 0)] * 4 + [(0, 2, -1)] * 6
    measure = rules.preference_measure(["A", "B", "C"], picks, n_people=30)
    unclear = rules.preference_measure(["A", "B"], [(0, 1, 1)] * 6 + [(0, 1, -1)] * 4, n_people=10)
    nobody = rules.preference_measure(["A", "B"], [], n_people=0)

    assert (measure.lines[0].label, measure.is_clear) == ("B", True)
    assert "“B” is ahead of all others. “B” is preferred to “C” by 87 % [" in measure.verdict
    assert {row.n_even for row in measure.differences} == {0, 4}
    assert unclear.verdict.startswith("Too few to tell “A” from “B”: 60 % [")
    assert (nobody.verdict, nobody.dots) == ("Too few to tell: 0 answers.", [])


@pytest.mark.parametrize(
    ("pairs", "former", "is_more_better", "verdict", "step"),
    [
        ([], [], True, "Too few to tell: 0 people measured.", ""),
        ([(1, 2)], [], True, "Too few to tell: 1 person measured.", ""),
        ([(10, 20), (10, 21), (10, 19)], [], True, "Speed: better by 10.0 u [", ""),
        ([(10, 20), (10, 21), (10, 19)], FORMER, False, "Speed: worse by 10.0 u [", "A step back"),
        ([(20, 10), (21, 10), (19, 10)], FORMER, False, "Speed: better by 10.0 u [", "A step forward"),
        (EVEN, EVEN, True, "Too few to tell whether it helps.", "Too few to tell it"),
    ],
)  # fmt: skip
def test_what_a_round_says(pairs, former, is_more_better, verdict, step):
    prototype = Prototype(measure="Speed", unit="u", is_more_better=is_more_better)
    found = rules.round_result(prototype, pairs, ease=[4] * len(pairs), former=former)

    assert (found.verdict.startswith(verdict), found.step_verdict.startswith(step), found.n) == (True, True, len(pairs))
    assert bool(found.step_verdict) == bool(step)
    assert len(found.dots) == (len(pairs) + 1 if pairs else 0)


def test_what_lies_far_off_is_marked_and_counts():
    pairs = [(10, 11), (10, 12), (10, 11), (10, 12), (10, 90)]
    found = rules.round_result(Prototype(measure="Speed", unit="u"), pairs, ease=[])

    assert (found.n_outliers, found.n, found.ease, [dot["tone"] for dot in found.dots][-2:]) == (
        1, 5, None, ["muted", "warn"],
    )  # fmt: skip
