"""Sixteen evaluators hand their reviews in at the same moment: nobody is refused, nothing is lost."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.browser.windows import rows
from tests.journeys import programs
from tests.servers import Product

pytestmark = pytest.mark.slow
N_JUDGES, N_IDEAS = 16, 6


def judge(site: Product, seat: dict[str, Any], criteria: list[str], mark: int) -> list[tuple[int, Any]]:
    """Hand all reviews of one judge in, each twice, as impatient programs do."""
    answers = []
    for sheet in seat["sheets"]:
        marks = dict.fromkeys(criteria, mark)
        review = {"scores": marks, "recommendation": "maybe", "reason": f"Judged with {mark}: sound, but not tested."}
        answers += [programs.call(site, "POST", f"/api/reviews/{sheet}", seat["token"], review) for _time in range(2)]
    return answers


def awaited_ranking(site: Product, n_reviews: int, *, seconds: float = 180) -> dict[str, Any]:
    """Return the newest ranking once it holds that many reviews."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = rows(site, "select * from evaluation_ranking order by id desc limit 1")
        if found and found[0]["n_reviews"] == n_reviews:
            return found[0]
        time.sleep(0.2)
    raise AssertionError(found)


def test_reviews_of_sixteen_evaluators_at_once_are_all_stored(tmp_path: Path) -> None:
    site = servers.Product(tmp_path / "data")
    made = programs.prepare(site, "reviews", N_JUDGES, N_IDEAS)
    seats = list(enumerate(made["judges"]))
    site.start()
    try:
        answers = programs.at_once(lambda seat: judge(site, seat[1], made["criteria"], 1 + seat[0] % 5), seats)
        assert {status for seat in answers for status, _answer in seat} == {200}
        stored = rows(site, "select key, reason from evaluation_review where superseded_at is null")
        marks = rows(site, "select value from evaluation_score")
        result = json.loads(awaited_ranking(site, N_JUDGES * N_IDEAS)["result"])
        spent = programs.call(site, "GET", f"/api/challenges/{made['challenge']}/ranking", made["owner_token"])
    finally:
        site.stop()

    assert sum(map(len, answers)) == 2 * N_JUDGES * N_IDEAS
    assert {answer["key"] for seat in answers for _status, answer in seat} == {review["key"] for review in stored}
    assert (len(stored), len(marks)) == (N_JUDGES * N_IDEAS, N_JUDGES * N_IDEAS * len(made["criteria"]))
    assert [idea["n_reviews"] for idea in result["ideas"]] == [N_JUDGES] * N_IDEAS
    assert spent[0] == 200
    assert "locked" not in site.log.read_text()
