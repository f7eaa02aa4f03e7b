"""The Catalyst fund that the benchmarks use: proposals, reviews, votes and real budgets of Fund 8, by challenge."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from _data import NAME, data_folder
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
FUND = "F8"
CRITERIA = ("impact", "feasibility", "auditability")
Floats = NDArray[np.float64]


class NoDataError(Exception):
    """Say where the data set was looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Challenge:
    """One challenge: its budget, and which proposals belong to it."""

    key: int
    title: str
    budget: float
    members: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Fund:
    """All proposals and reviews of the fund as arrays."""

    proposals: tuple[int, ...]
    titles: tuple[str, ...]
    cost: Floats
    votes: Floats  # yes minus no stake, nan without a vote
    is_funded: NDArray[np.bool_]
    idea: NDArray[np.intp]
    judge: NDArray[np.intp]
    judges: tuple[str, ...]
    marks: Floats  # (n_reviews, n_criteria)
    challenges: tuple[Challenge, ...]


def folder() -> Path:
    """Return where the data set is. Raises NoDataError if it is not there."""
    place = data_folder() / "catalyst"
    if not (place / "assessments.parquet").exists():
        raise NoDataError(f"the Catalyst data set is not in {place}; {NAME} names the folder above it")
    return place


def read_fund(place: Path, *, only: int | None = None, fund: str = FUND) -> Fund:
    """Return the fund, or of its challenges only the first `only`."""
    calls = _rows(place, fund, "challenges", ["challenge_id", "title", "budget_usd"])[:only]
    names = ["proposal_id", "challenge_id", "title", "amount_usd", "outcome", "yes_stake_ada", "no_stake_ada"]
    wanted = {call["challenge_id"] for call in calls}
    proposals = [row for row in _rows(place, fund, "proposals", names) if row["challenge_id"] in wanted]
    numbers = {row["proposal_id"]: number for number, row in enumerate(proposals)}
    reviews = [
        row
        for row in _rows(place, fund, "assessments", ["proposal_id", "assessor", *CRITERIA])
        if row["proposal_id"] in numbers
    ]
    judges: dict[str, int] = {}
    judge = [judges.setdefault(row["assessor"], len(judges)) for row in reviews]
    owner = np.array([row["challenge_id"] for row in proposals])
    return Fund(
        proposals=tuple(row["proposal_id"] for row in proposals),
        titles=tuple(row["title"] for row in proposals),
        cost=np.array([row["amount_usd"] or 0.0 for row in proposals], dtype=np.float64),
        votes=np.array([_net(row) for row in proposals]),
        is_funded=np.array([row["outcome"] == "funded" for row in proposals]),
        idea=np.array([numbers[row["proposal_id"]] for row in reviews], dtype=np.intp),
        judge=np.array(judge, dtype=np.intp),
        judges=tuple(judges),
        marks=np.array([[row[name] for name in CRITERIA] for row in reviews], dtype=np.float64),
        challenges=tuple(
            Challenge(
                key=call["challenge_id"],
                title=call["title"].removeprefix(f"{fund}: "),
                budget=float(call["budget_usd"]),
                members=np.flatnonzero(owner == call["challenge_id"]),
            )
            for call in calls
        ),
    )


def _rows(place: Path, fund: str, name: str, columns: list[str]) -> list[dict]:
    table = pq.read_table(place / f"{name}.parquet", columns=["fund", *columns], filters=[("fund", "=", fund)])
    return table.to_pylist()


def _net(row: dict) -> float:
    yes, no = row["yes_stake_ada"], row["no_stake_ada"]
    return np.nan if yes is None or no is None else yes - no
