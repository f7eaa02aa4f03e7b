"""`permea shortlist` as a person with two tables uses it: what it says, writes and refuses."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from permea.selection import commands

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
IDEAS = "idea,title,cost\nA,Oven,10\nB,Mixer,20\nC,Tray,30\n"
NO_IDEA = "Line 2, column “idea”: this cell must not be empty."
NO_JUDGE = "column “judge”: this cell must not be empty."
NO_FIELD = (
    "There is no field “colour”; the fields are bucket, cost, criteria, criterion, days, idea, judge, score, title."
)
NO_LIMIT = (
    "“limits.toml”: there is no limit “gold”; the limits are money, days, n_most, bar, buckets, exclusions,"
    " dependencies, forced_in, forced_out, weights."
)
NO_DAYS = "The limits need the column “days”, but the table of ideas has none with numbers."
REVIEWS = "idea,judge,fit\nA,j,5\nA,k,4\nB,j,4\nB,k,2\nC,j,1\nC,k,1\n"


@pytest.fixture
def give(tmp_path):
    """Return a function that writes tables and runs the command on them: exit code, what was said, the folder."""

    def run(ideas=IDEAS, reviews=REVIEWS, *options, limits=None):
        paths = []
        for name, content in (("ideas.csv", ideas), ("reviews.csv", reviews)):
            path = content if isinstance(content, Path) else tmp_path / name
            if not isinstance(content, Path):
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(str(path))
        if limits is not None:
            (tmp_path / "limits.toml").write_text(limits, encoding="utf-8")
            options += ("--limits", str(tmp_path / "limits.toml"))
        out = tmp_path / "out"
        result = CliRunner().invoke(commands.shortlist, [*paths, "--out", str(out), *options], catch_exceptions=False)
        return result.exit_code, result.output, out

    return run


def result_of(out: Path) -> dict:
    return json.loads((out / "result.json").read_text(encoding="utf-8"))


def chosen_in(out: Path) -> list[str]:
    return [row["key"] for row in result_of(out)["ideas"] if row["is_chosen"]]


def test_the_examples_give_a_certified_shortlist(give):
    options = ("--limits", str(EXAMPLES / "limits.toml"))

    code, said, out = give(EXAMPLES / "ideas.csv", EXAMPLES / "reviews.csv", *options)

    choice = result_of(out)["choice"]
    assert (code, choice["status"], choice["is_proven"], choice["gap"]) == (0, "optimal", True, 0.0)
    assert all(use["used"] <= use["limit"] for use in choice["uses"])
    for words in (
        "Proven best:",
        "The runner-up has",
        "4,500 more money would",
        "Harsh beyond doubt: Bernd",
        "no review",
    ):
        assert words in said


def test_the_choice_of_the_examples_is_the_best_of_all_sets(give):
    _code, _said, out = give(
        EXAMPLES / "ideas.csv", EXAMPLES / "reviews.csv", "--limits", str(EXAMPLES / "limits.toml")
    )
    result = result_of(out)
    rows = [row for row in result["ideas"] if row["score"] is not None]
    best = 0.0
    for number in range(2 ** len(rows)):
        chosen = [row for place, row in enumerate(rows) if number >> place & 1]
        value = sum(row["score"] - 3 for row in chosen)
        best = max(best, value) if value > best and keeps_limits(chosen) else best

    assert result["choice"]["value"] == pytest.approx(best, abs=1e-4)


def keeps_limits(chosen) -> bool:
    keys = {row["key"] for row in chosen}
    buckets = [row["bucket"] for row in chosen]
    return (
        sum(row["cost"] for row in chosen) <= 45_000
        and sum(row["days"] for row in chosen) <= 125
        and len(keys) <= 8
        and not {"B03", "B04"} <= keys
        and ("B07" not in keys or "B05" in keys)
        and buckets.count("Energy") >= 1
        and buckets.count("Process") <= 2
    )


def test_without_limits_the_highest_scores_are_chosen(give):
    code, said, out = give(IDEAS, REVIEWS, "--top", "2")

    assert (code, chosen_in(out), result_of(out)["choice"]) == (0, ["A", "B"], None)
    assert "No limits were given: the 2 ideas with the highest scores are chosen." in said


def test_the_same_input_gives_the_same_files(give):
    _code, _said, out = give(limits="money = 30\n")
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    give(limits="money = 30\n")

    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert sorted(first) == ["report.html", "result.json", "shortlist.csv"]


def test_limits_that_cannot_hold_together_are_named_and_nothing_is_written(give):
    code, said, out = give(limits='money = 15\nforced_in = ["B"]\n')

    assert (code, out.exists()) == (1, False)
    assert said == "These limits cannot hold together: At most 15 money may be used. B must be chosen.\n"


def test_every_kind_of_limit_is_put_into_words(give):
    ideas = "idea,cost,bucket\nA,10,Oven\nB,20,Oven\nC,30,Hall\nD,5,Hall\n"
    clashes = {
        'forced_in = ["A", "B"]\nexclusions = [["A", "B"]]\n': "Only one of A, B may be chosen.",
        'forced_in = ["A"]\nforced_out = ["B"]\ndependencies = [["A", "B"]]\n': "A may be chosen only together with B.",
        'forced_in = ["A"]\nforced_out = ["A"]\n': "A must not be chosen.",
        'forced_in = ["D"]\n': "D cannot be chosen: it has no review or no price.",
        'n_most = 1\nforced_in = ["A", "B"]\n': "At most one idea may be chosen.",
        "n_most = 1\n[buckets.Oven]\nmin = 2\n": "At least 2 ideas must come from “Oven”.",
        'forced_in = ["A"]\n[buckets.Oven]\nmax = 0\n': "At most 0 ideas may come from “Oven”.",
        'forced_in = ["C"]\n[buckets.Hall]\nmoney = 5\n': "At most 5 money for “Hall” may be used.",
    }

    said = {limits: give(ideas, REVIEWS, limits=limits)[:2] for limits in clashes}

    assert [limits for limits, words in clashes.items() if said[limits][0] != 1 or words not in said[limits][1]] == []


def test_limits_bind(give):
    ideas = "idea,cost,days,bucket\nA,10,1,Oven\nB,20,1,Oven\nC,30,,Hall\n"
    chosen = {}
    for limits in (
        "bar = 0\nn_most = 2\n",
        "bar = 0\ndays = 1\n",
        "bar = 0\n[buckets.Oven]\nmax = 1\n",
        "bar = 4\nn_most = 3\n",
    ):
        _code, said, out = give(ideas, REVIEWS, limits=limits)
        chosen[limits] = (chosen_in(out), "One reviewed idea has no price for a limit" in said)

    assert list(chosen.values()) == [(["A", "B"], False), (["A"], True), (["A", "C"], False), (["A"], False)]


def test_top_is_the_most_that_are_chosen_unless_the_limits_say_more(give):
    _code, _said, first = give(IDEAS, REVIEWS, "--top", "1", limits="bar = 0\nmoney = 100\n")
    one = chosen_in(first)
    _code, _said, second = give(IDEAS, REVIEWS, "--top", "1", limits="bar = 0\nn_most = 2\n")

    assert (one, chosen_in(second)) == (["A"], ["A", "B"])


def test_weights_decide_which_criterion_counts(give):
    reviews = "idea,judge,fit,cost\nA,j,5,1\nA,k,5,2\nB,j,1,5\nB,k,1,4\n"
    ranks = []
    for weights in ("fit = 1", "cost = 2", "fit = 3\ncost = 1"):
        _code, _said, out = give("idea\nA\nB\n", reviews, limits=f"[weights]\n{weights}\n")
        ranks.append([row["key"] for row in result_of(out)["ideas"]])

    assert ranks == [["A", "B"], ["B", "A"], ["A", "B"]]


def test_wrong_rows_are_named_counted_and_not_used(give):
    ideas = IDEAS + "A,again,1\n,nameless,2\nD,dear,much\nE,minus,-5\n"
    reviews = REVIEWS + "Z,j,3\nA,j,bad\nC,l,\n" + "".join(f"Y{n},j,3\n" for n in range(30))

    code, said, out = give(ideas, reviews)

    faults = [(fault["file"], fault["line"], fault["column"]) for fault in result_of(out)["faults"]]
    assert (code, len(faults)) == (0, 36)
    assert faults[:6] == [
        ("ideas.csv", 5, "idea"),
        ("ideas.csv", 6, "idea"),
        ("ideas.csv", 7, "cost"),
        ("reviews.csv", 8, "idea"),
        ("reviews.csv", 9, "fit"),
        ("reviews.csv", 10, "fit"),
    ]
    assert "Warnings: 36 cells or rows were not used as they stand" in said
    assert "reviews.csv: Line 8, column “idea”: there is no such idea in the table of ideas. (found: “Z”)" in said
    assert "… and 16 more; result.json lists every one." in said
    assert "“ideas.csv”: the amounts of column “cost” below zero were not used." in said
    assert "2 ideas have no review: they are listed at the end and cannot be chosen." in said


def test_a_repeated_review_counts_once_and_is_counted(give):
    _code, said, out = give(IDEAS, REVIEWS + "A,j,1\n")

    assert "One score was given again by the same judge to the same idea; the later one counts." in said
    assert [row["plain_mean"] for row in result_of(out)["ideas"] if row["key"] == "A"] == [2.5]


def test_reviews_may_name_ideas_by_their_titles(give):
    _code, said, out = give(
        "id,title\n1,Oven\n2,Mixer\n3,Twin\n4,twin\n", "Idee;Juror;Punkte\nOVEN;j;4\nMixer;j;2\nTwin;j;1\n"
    )

    assert "2 reviews name their idea by the title." in said
    assert [fault["value"] for fault in result_of(out)["faults"]] == ["Twin"]


def test_ideas_need_only_a_title(give):
    code, _said, out = give("Title,Cost\nOven,1\nMixer,2\n", "idea,judge,score\nOven,j,4\nMixer,j,2\n")

    assert (code, [(row["key"], row["title"]) for row in result_of(out)["ideas"]]) == (
        0,
        [("Oven", "Oven"), ("Mixer", "Mixer")],
    )


def test_columns_are_chosen_for_both_tables_or_one(give):
    ideas, reviews = "Vorhaben,Preis X\nA,1\nB,2\n", "was,wer,egal,Wertung\nA,j,x,4\nB,j,x,2\n"

    apart = ("--ideas-map", "idea=Vorhaben", "--reviews-map", "idea=was", "--reviews-map", "judge=wer")
    one = give(ideas, reviews, "--map", "score=Wertung", *apart, "--map", "cost=preis x")
    both = give("was,id\nA,1\nB,2\n", reviews, "--map", "idea=was", "--map", "judge=wer", "--map", "criteria=Wertung")
    ideas_only = give("was,id\nA,1\nB,2\n", REVIEWS, "--map", "idea=was")
    reviews_only = give(
        "id,x\nA,1\nB,2\n", reviews, "--map", "idea=was", "--map", "judge=wer", "--map", "score=Wertung"
    )

    assert [run[0] for run in (one, both, ideas_only, reviews_only)] == [0, 0, 0, 0]
    assert result_of(one[2])["inputs"][1]["columns"] == {"idea": "was", "judge": "wer", "score": "Wertung"}


@pytest.mark.parametrize(
    ("ideas", "reviews", "options", "sentence"),
    [
        ("", REVIEWS, (), "“ideas.csv” is empty."),
        (Path("nowhere.csv"), REVIEWS, (), "There is no file “nowhere.csv”."),
        (IDEAS, "idea,judge,fit\nA,,3\n", (), "“reviews.csv” holds no usable review. reviews.csv: Line 2, " + NO_JUDGE),
        ("idea,cost\n,3\n", REVIEWS, (), "“ideas.csv” holds no usable idea. " + NO_IDEA),
        ("colour,size\nred,3\n", REVIEWS, (), "No column was found for “idea”; the columns are “colour”, “size”."),
        (IDEAS, REVIEWS, ("--map", "colour=x"), NO_FIELD),
        (IDEAS, REVIEWS, ("--map", "fit"), "“fit” does not say which column is meant: write field=column."),
        (IDEAS, REVIEWS, ("--limits", "nowhere.toml"), "“nowhere.toml” cannot be opened: No such file or directory."),
    ],
)  # fmt: skip
def test_what_cannot_be_used_ends_with_2_and_one_sentence(give, ideas, reviews, options, sentence):
    code, said, out = give(ideas, reviews, *options)

    assert (code, said, out.exists()) == (2, sentence + "\n", False)


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ("money = ", "“limits.toml” is neither TOML nor JSON: Invalid value (at end of document)."),
        ("gold = 3\n", NO_LIMIT),
        ("money = -3\n", "“limits.toml”: money must be a number, zero or more."),
        ("n_most = 1.5\n", "“limits.toml”: n_most must be a whole number, zero or more."),
        ("buckets = 3\n", "“limits.toml”: buckets must hold named values."),
        ("[buckets.Oven]\nleast = 3\n", "“limits.toml”: there is no limit “least”; the limits are min, max, money."),
        ("exclusions = 3\n", "“limits.toml”: exclusions must be a list."),
        ("exclusions = [[1]]\n", "“limits.toml”: exclusions must list ideas, as in the documentation."),
        ("dependencies = ['A']\n", "“limits.toml”: dependencies must list ideas, as in the documentation."),
        ("[buckets.Oven]\nmin = 1\n", "The limits name the bucket “Oven”, but no idea is in it."),
        ("forced_in = ['Z']\n", "The limits name the idea “Z”, but there is no such idea."),
        ("days = 3\n", NO_DAYS),
        ("[weights]\ncost = 1\n", "The limits weigh “cost”, but the criteria are fit."),
        ("[weights]\nfit = 0\n", "At least one criterion needs a weight above zero."),
    ],
)  # fmt: skip
def test_limits_that_say_nothing_sensible_end_with_2(give, limits, sentence):
    assert give(limits=limits)[:2] == (2, sentence + "\n")


def test_limits_may_be_json(give, tmp_path):
    path = tmp_path / "limits.json"
    path.write_text(json.dumps({"bar": 0, "money": 30, "exclusions": [["A", "C"]]}))

    _code, _said, out = give(IDEAS, REVIEWS, "--limits", str(path))

    assert chosen_in(out) == ["A", "B"]


def test_a_folder_that_cannot_be_written_ends_with_2(give, tmp_path):
    (tmp_path / "out").write_text("a file")

    code, said, _out = give()

    assert (code, said.startswith("Nothing was written to")) == (2, True)


def test_a_failed_write_leaves_the_old_files(give, monkeypatch):
    _code, _said, out = give()
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("permea.selection.shortlist.writing.os.fsync", full)
    code, said, _out = give(IDEAS, REVIEWS + "A,l,1\n")

    assert (code, said.endswith("No space left on device.\n")) == (2, True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_the_report_needs_nothing_else_and_hides_nothing(give):
    ideas = IDEAS.replace("Oven", "<script>alert(1)</script> 🚜")

    _code, _said, out = give(ideas, REVIEWS, limits="money = 40\n")
    html = (out / "report.html").read_text(encoding="utf-8")

    assert "&lt;script&gt;alert(1)" in html
    assert re.findall(r"<script|<link|<img|@import|url\(|https?://|style=", html) == []
    assert html.startswith("<!doctype html>")


def test_the_table_runs_no_formula_and_can_be_read_again(give):
    _code, _said, out = give(IDEAS.replace("Oven", "=HYPERLINK(1)"), REVIEWS)
    content = (out / "shortlist.csv").read_bytes()
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))

    assert [(row["rank"], row["idea"], row["title"], row["chosen"]) for row in rows] == [
        ("1", "A", "'=HYPERLINK(1)", "1"),
        ("2", "B", "Mixer", "1"),
        ("3", "C", "Tray", "1"),
    ]


def test_german_output_is_written_for_german_spreadsheets(give):
    _code, _said, out = give(IDEAS, REVIEWS, "--lang", "de")
    lines = (out / "shortlist.csv").read_text(encoding="utf-8-sig").splitlines()

    assert lines[0].startswith("rank;idea;title;score")
    assert re.fullmatch(r"1;A;Oven;\d,\d+;.*", lines[1])
    assert '<html lang="de">' in (out / "report.html").read_text(encoding="utf-8")


def test_german_excel_and_a_workbook_with_a_title_are_understood(give, tmp_path):
    ideas = "Ideen 2026;;\r\n;;\r\nNr.;Titel;Kosten in €\r\n1;„Ofen“;1.250,50\r\n2;Rührer;2.000\r\n".encode("cp1252")
    book = openpyxl.Workbook()
    head = ["Idee", "Gutachter", "Machbarkeit", "Markt"]
    for row in (["Jury"], [], head, [1, "Ä", 4, "3,5"], [2, "Ä", 3, None], [1, "Ö", 5, 4]):
        book.active.append(row)
    book.save(tmp_path / "reviews.xlsx")

    code, _said, out = give(ideas, tmp_path / "reviews.xlsx", limits="money = 1300\n")

    result = result_of(out)
    assert (code, [(row["key"], row["title"], row["cost"]) for row in result["ideas"]], result["criteria"]) == (
        0,
        [("1", "„Ofen“", 1250.5), ("2", "Rührer", 2000.0)],
        ["Machbarkeit", "Markt"],
    )


def test_criteria_on_different_scales_are_warned_of(give):
    _code, said, _out = give("idea\nA\nB\n", "idea,judge,fit,sales\nA,j,5,100\nA,k,4,80\nB,j,1,10\n")

    assert "The marks for “sales” lie much further apart than those for “fit”" in said


def test_many_ideas_and_judges_are_cut_to_what_can_be_read(give):
    ideas = "idea,cost,bucket\n" + "".join(f"I{n:03d},{n % 7 + 1},B{n % 23}\n" for n in range(600))
    lean = [0.0, 1.0, -1.0]
    rows = [
        f"I{n:03d},j{(n + 7 * k) % 45},{3 + lean[(n + k) % 3] + (n % 5) / 5 + (31 * n + 17 * k) % 7 / 9}\n"
        for n in range(600)
        for k in range(3)
    ]
    limits = "".join(f"[buckets.B{n}]\nmoney = 20\n" for n in range(23))

    code, said, out = give(ideas, "idea,judge,fit\n" + "".join(rows), limits=limits)

    html = (out / "report.html").read_text(encoding="utf-8")
    assert code == 0
    assert "more ideas in shortlist.csv" in said
    assert "With so many ideas and limits the runner-up was not looked for." in said
    assert "The first 60 ideas are drawn; the table holds all." in html
    assert "The harshest and the kindest judges; result.json holds all." in html
    assert html.count('<th class="idea" scope="row">') == 600


@pytest.mark.parametrize(
    ("reviews", "words"),
    [
        ("A,j,5\nB,j,4\nC,j,2\n", "with one judge nothing can be told about harshness"),
        ("A,j,5\nB,k,4\nC,j,2\n", "no idea has two judges"),
        ("A,j,5\nA,k,4\n", "with one idea nothing can be told about the judges"),
        ("A,j,5\nA,k,4\nB,j,3\n", "there are too few reviews"),
        ("A,j,3\nA,k,3\nB,j,3\nB,k,3\n", "all marks are equal"),
        ("A,j,5\nA,k,4\nA,l,3\nB,m,3\nB,n,4\nB,o,5\nC,m,1\nC,n,1\nC,o,2\n", "fall into 2 groups without"),
    ],
)  # fmt: skip
def test_what_the_reviews_cannot_tell_is_said(give, reviews, words):
    code, said, _out = give(IDEAS, "idea,judge,fit\n" + reviews)

    assert (code, words in " ".join(said.split())) == (0, True)


def test_the_wide_report_counts_one_idea_that_was_cut(give):
    ideas = "idea\n" + "".join(f"I{n}\n" for n in range(31))
    rows = "".join(f"I{n},{judge},{(n * k) % 5 + 1}\n" for n in range(31) for judge, k in (("j", 3), ("k", 7)))

    _code, said, _out = give(ideas, "idea,judge,fit\n" + rows)

    assert "… and one more idea in shortlist.csv" in said


def test_judges_who_agree_in_everything_are_believed(give):
    reviews = "".join(f"{idea},{judge},{mark}\n" for idea, mark in (("A", 5), ("B", 3), ("C", 2)) for judge in "jkl")

    code, _said, out = give(IDEAS, "idea,judge,fit\n" + reviews)

    assert (code, [round(row["score"], 2) for row in result_of(out)["ideas"]]) == (0, [5.0, 3.0, 2.0])


def test_it_runs_on_its_own_without_settings_or_a_database(tmp_path):
    code = "from permea.selection.commands import shortlist; shortlist()"
    arguments = [str(EXAMPLES / "ideas.csv"), str(EXAMPLES / "reviews.csv"), "--out", str(tmp_path / "out")]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}

    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--limits", str(EXAMPLES / "limits.toml")],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**environment, "PYTHONPATH": str(ROOT / "src")},
    )

    assert (done.returncode, done.stderr, done.stdout[:9]) == (0, "", "ideas.csv")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.html", "result.json", "shortlist.csv"]
