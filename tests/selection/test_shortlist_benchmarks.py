"""The benchmarks on real challenges run, say so where they cannot, and reckon right."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture(scope="module")
def catalyst():
    sys.path.insert(0, str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location("catalyst_benchmark", BENCHMARKS / "catalyst.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(BENCHMARKS))


def run(script: str, shared: Path, *options: str) -> str:
    return subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *options],
        capture_output=True,
        text=True,
        timeout=1200,
        check=True,
        env={**os.environ, "PERMEA_TEST_DATA": str(shared)},
    ).stdout


def test_catalyst_runs_on_a_few_challenges(shared_data, tmp_path):
    out = tmp_path / "catalyst.json"

    said = run(
        "catalyst.py", shared_data("catalyst").parent, "--challenges", "3", "--resamples", "40", "--out", str(out)
    )

    document = json.loads(out.read_text(encoding="utf-8"))
    figures = [
        one for row in document["challenges"] for by_method in row["figures"].values() for one in by_method.values()
    ]
    assert (len(document["challenges"]), len(figures)) == (3, 36)
    assert all(one["lower"] <= one["value"] <= one["upper"] or one["value"] == 1 for one in figures)
    assert all(sentence in said for sentence in document["verdicts"])


@pytest.mark.parametrize("script", ["catalyst.py", "shortlist.py"])
def test_without_data_the_benchmark_says_so(script, tmp_path):
    assert run(script, tmp_path, "--out", str(tmp_path / "x.json")).startswith(
        "skipped: the Catalyst data set is not in"
    )
    assert not (tmp_path / "x.json").exists()


def test_funding_goes_down_the_list_and_passes_over_what_does_not_fit(catalyst):
    chosen = catalyst.down_the_list(np.array([3.0, 5.0, 4.0, 1.0]), np.array([20.0, 60.0, 50.0, 20.0]), 100.0)

    assert chosen.tolist() == [True, True, False, True]


def test_figures_are_those_done_by_hand(catalyst):
    score = np.array([[1.0, 2.0, 3.0, 4.0, 9.0]])
    votes = np.array([[10.0, 30.0, 20.0, 40.0, np.nan]])
    funded = np.array([[False, True, False, True, False]])
    chosen = np.array([[False, True, True, False, False]])

    found = [catalyst.spearman(score, votes)[0], catalyst.auc(score, funded)[0], catalyst.jaccard(chosen, funded)[0]]

    assert found == pytest.approx([0.8, 3 / 6, 1 / 3])


def test_z_scores_take_each_judges_level_and_spread_out(catalyst):
    judge, marks = np.array([0, 0, 1, 1, 2]), np.array([1.0, 2.0, 2.0, 6.0, 4.0])

    found = catalyst.z_scores(judge, marks)

    assert (found[0] == pytest.approx(found[2]), found[1] == pytest.approx(found[3]), found[4]) == (
        True,
        True,
        marks.mean(),
    )


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((0.01, 0.1), "Permea is better than the plain mean by 0.050, beyond chance."),
        ((-0.1, -0.01), "Permea is worse than the plain mean by 0.050, beyond chance."),
        ((-0.1, 0.1), "no difference from the plain mean beyond chance"),
    ],
)
def test_the_benchmark_says_what_the_interval_allows(catalyst, ends, words):
    gain = -0.05 if ends[1] < 0 else 0.05

    assert words in catalyst.verdict("auc", "plain mean", gain, ends)


def test_the_benchmark_says_where_correction_hurts(catalyst):
    ends = {"spearman": (-0.1, -0.01), "auc": (-0.1, 0.1), "jaccard_list": (0.01, 0.1), "jaccard_portfolio": (0.0, 0.1)}
    overall = {name: {"permea minus plain mean": catalyst.figure(0.0, both)} for name, both in ends.items()}

    assert catalyst.conclusion(overall) == (
        "Correcting for harsh and kind judges, against the plain mean: it helps on: Jaccard, down the list;"
        " it does not help on: AUC for funded, Jaccard, best portfolio; it hurts on: Spearman with the votes."
    )
