"""The benchmarks run, in small: what they measure is not tested here, that they measure it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from permea.ideas.rules import MEANS_THE_SAME

ROOT = Path(__file__).resolve().parents[1]
SMALL = {
    "ideas": 12, "reviews": 24, "ranked-ideas": 8, "ranked-reviews": 24, "judges": 4, "evaluators": 2, "requests": 2,
    "saves": 2,
}  # fmt: skip
PARTS = {
    "evidence": {"simulated", "real", "seconds"},
    "languages": {"model", "sentences", "pages", "others", "catalan", "thresholds"},
    "similarity": {
        "encoder",
        "duplicates",
        "sentences",
        "districts",
        "titles",
        "fusion",
        "languages",
        "reports",
        "reading",
        "pairs",
        "speed",
    },
    "themes": {"agreement", "speed"},
    "ratings": {"coverage", "options", "accuracy", "held_out", "skating", "iclr", "seconds"},
}


def measured(name: str, folder: Path, *options: str) -> dict[str, Any]:
    """Run a benchmark and return its figures."""
    out = folder / f"{name}.json"
    done = subprocess.run(
        [sys.executable, f"benchmarks/{name}.py", "--out", str(out), *options],
        cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(out.read_text())  # type: ignore[no-any-return]


def test_the_benchmark_of_the_product_measures_every_target(tmp_path):
    options = [word for name, value in SMALL.items() for word in (f"--{name}", str(value))]

    figures = measured("product", tmp_path, *options)

    assert {"idea list of 50", "saving a review", "all evaluators saving at once"} <= set(figures["measured"])
    assert all(row["verdict"] for row in figures["targets"])


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_benchmark_of_the_engine_runs_in_small(name, tmp_path):
    figures = measured(name, tmp_path, "--quick")

    assert set(figures) >= PARTS[name]
    if name == "similarity":  # the product's threshold is the one that is measured
        assert {row["threshold"] for row in figures["languages"]} <= {MEANS_THE_SAME}


def test_the_benchmark_of_voting_loses_no_vote(tmp_path):
    figures = measured("voting", tmp_path, "--quick")

    told = {name: (one["votes"]["lost"], one["votes"]["doubled"]) for name, one in figures["databases"].items()}
    assert told == dict.fromkeys(told, (0, 0))
    assert "SQLite" in told


def test_every_policy_takes_part_in_the_benchmark_of_effort(tmp_path):
    figures = measured("effort", tmp_path, "--quick")

    policies = {row["policy"] for row in figures["50 items"]}
    assert policies == {"permea", "random", "Swiss", "ASAP-style", "Gavel's rule"}
    assert {"reviews", "replay", "stop rule", "milliseconds"} <= set(figures)


def test_the_benchmark_of_ranking_compares_with_whichever_peers_are_there(tmp_path):
    figures = measured("ranking", tmp_path, "--quick")

    assert all("seconds" in row or "note" in row for row in figures["speed"])
    assert {"permea", "Newton MAP", "choix ILSR"} <= {row["method"] for row in figures["speed"]}
    assert all(0 < row["rho"]["permea"] < 1 for row in figures["accuracy"])


def test_the_benchmark_of_selection_equals_all_sets_on_a_small_load(tmp_path):
    figures = measured("portfolio", tmp_path, "--quick")

    assert (figures["all_sets"][0]["cases"], figures["all_sets"][0]["equal"]) == (20, 20)
    assert {"losses", "or_library", "solvers", "seconds", "stability"} < set(figures)


def test_the_benchmark_of_crowd_budgets_compares_with_the_peer_if_there_is_one(tmp_path):
    figures = measured("crowd", tmp_path, "--elections", "3")

    assert not figures or all(
        row["times faster"] is None or row["equal"] == row["compared"] for row in figures["equal"]
    )


def test_the_benchmark_of_assignment_compares_every_method(tmp_path):
    rows = measured("assignment", tmp_path, "--quick")["compared"]

    mine, flow = ([row for row in rows if row["method"] == name] for name in ("permea", "flow, all pairs"))
    assert [row["missing"] for row in mine] == [0] * 8
    assert all(own["worst"] >= other["worst"] - 1e-6 for own, other in zip(mine, flow, strict=True))


def test_the_benchmark_of_comparisons_loses_no_vote(tmp_path):
    options = ("--ideas", "16", "--judges", "3", "--votes", "3", "--seconds", "1")

    figures = measured("comparisons", tmp_path, *options)

    assert (figures["votes"]["errors"], figures["votes"]["lost"]) == (0, 0)
    assert all(row["verdict"] for row in figures["targets"])


def test_the_benchmark_of_digests_builds_one_for_everybody(tmp_path):
    figures = measured("digests", tmp_path, "--people", "120")

    assert (figures["digests"], figures["mails"], figures["batches"]) == (120, 120, 3)
    assert [row["what"] for row in figures["targets"]] == ["seconds for 50,000", "memory gained"]


def test_the_benchmark_of_fit_asks_what_the_page_asks(tmp_path):
    figures = measured("fit", tmp_path, "--partners", "40", "--times", "1")

    assert (figures["page"]["compared"], figures["page"]["shown"]) == (40, 20)
    assert figures["engine"]["shared_of_first_five"] >= 3


def test_the_benchmark_of_the_ledger_appends_and_checks(tmp_path):
    figures = measured("ledger", tmp_path, "--crossings", "60", "--appends", "20", "--writers", "4")

    assert (figures["check"]["checked"], figures["check"]["problems"], figures["writers"]["errors"]) == (100, [], [])


def test_the_benchmark_of_intake_measures_every_page_on_every_database_there_is(tmp_path):
    figures = measured("intake", tmp_path, "--quick")

    assert "SQLite" in figures["databases"]
    for found in figures["databases"].values():
        assert (found["import"]["rows"], len(found["targets"]), len(found["pages"])) == (40, 12, 12)
        assert all(row["verdict"] for row in found["targets"])
