"""The method of equal shares on real elections: whether it equals pabutools, how long it takes, what a crowd gets.

usage: python benchmarks/crowd.py [--elections N] [--out FILE]

The elections are those of Pabulib in the shared data; nothing is tuned on them, so all that are there are used.
Compared are the sets that are funded, with the same rule for ties (the key of the project): by votes and by cost for
approvals, by points for cumulative ballots, and by Borda's points for ordinal ones, of which pabutools gives the last
project on a ballot none. Raising all shares by one is compared where few raises are enough. Times are CPU seconds of
one thread without reading the files. The last table says how many voters get none of their projects, by equal shares
and by funding the most voted.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
import zipfile
from collections import defaultdict
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from _data import NAME, data_folder
from rich.console import Console
from rich.table import Table

from permea_engine.portfolio import equal_shares, read_pabulib

RESULTS = Path(__file__).parent / "results" / "crowd.json"
MOST_RAISES = 60  # more are left out of the comparison of raised shares, for the sake of the peer
MEASURES = {
    "approval": ("votes", "cost"),
    "choose-1": ("votes", "cost"),
    "cumulative": ("points",),
    "ordinal": ("Borda",),
}


def main() -> int:
    """Run all tables, print them and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--elections", type=int, default=None, help="only the first so many")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = elections(Path(folder))[: options.elections]
        figures = {"elections": len(files), "equal": compare(files), "outcomes": outcomes(files)} if files else {}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def elections(folder):
    """Return the files of the elections, unpacked; none without the data set."""
    place = data_folder() / "pabulib" / "instances.zip"
    if not place.exists():
        return []
    with zipfile.ZipFile(place) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".pb"))
        return [Path(archive.extract(name, folder)) for name in names]


def pabutools():
    """Return a function that funds a file with pabutools, or None if it is not installed."""
    try:
        from pabutools import election, rules
    except ImportError:
        return None
    measures = {"votes": election.Cardinality_Sat, "cost": election.Cost_Sat,
                "points": election.Additive_Cardinal_Sat, "Borda": election.Additive_Borda_Sat}  # fmt: skip

    def fund(file, measure, raises):
        instance, profile = election.parse_pabulib(str(file))
        began = time.process_time()
        bought = rules.method_of_equal_shares(
            instance, profile, sat_class=measures[measure], voter_budget_increment=1 if raises else None
        )
        return {project.name for project in bought}, time.process_time() - began

    return fund


def ours(election, measure, completion):
    """Return the funded projects, seconds, raises and ties."""
    order = np.argsort(np.array(election.projects, dtype=object))
    priority = np.empty(len(order), dtype=int)
    priority[order] = np.arange(len(order))
    began = time.process_time()
    utilities = election.utilities("points" if measure == "Borda" else measure)
    if measure == "Borda":
        utilities.data = utilities.data - 1
    found = equal_shares(
        utilities,
        election.costs,
        election.budget,
        completion=completion,
        step=1,
        priority=priority,
        most_raises=MOST_RAISES + 1,
    )
    spent = time.process_time() - began
    return {election.projects[project] for project in np.flatnonzero(found.chosen)}, spent, found.n_raises, found.n_ties


def compare(files):
    """Return for each kind of ballot in how many elections the same set is funded, and the times."""
    peer, rows = pabutools(), defaultdict(lambda: defaultdict(float))
    for file in files:
        election = read_pabulib(file)
        for measure in MEASURES[election.vote_type]:
            for completion in ("none", "add_one"):
                chosen, spent, n_raises, n_ties = ours(election, measure, completion)
                if completion == "add_one" and n_raises > MOST_RAISES:
                    rows[election.vote_type, measure, completion]["left out"] += 1
                    continue
                row = rows[election.vote_type, measure, completion]
                row["compared"] += 1
                row["with ties"] += n_ties > 0
                row["permea s"] += spent
                if peer is not None:
                    theirs, lasted = peer(file, measure, completion == "add_one")
                    row["equal"] += theirs == chosen
                    row["pabutools s"] += lasted
    names = ("compared", "left out", "equal", "with ties", "permea s", "pabutools s")
    return [
        {"ballots": kind, "utility": measure, "rest": completion}
        | {name: row[name] if name.endswith(" s") else int(row[name]) for name in names}
        | {"times faster": row["pabutools s"] / row["permea s"] if peer and row["permea s"] else None}
        for (kind, measure, completion), row in sorted(rows.items())
    ]


def outcomes(files):
    """Return, over the elections, the mean share of voters without any of their projects, and of money spent."""
    rows = defaultdict(list)
    for file in files:
        election = read_pabulib(file)
        votes, costs = election.utilities("votes"), np.array([float(cost) for cost in election.costs])
        shares = equal_shares(
            election.utilities("cost"), election.costs, election.budget, most_raises=MOST_RAISES
        ).chosen
        most_voted, left = np.zeros(len(costs), dtype=bool), float(election.budget)
        for project in np.argsort(-votes.sum(axis=0), kind="stable"):
            if costs[project] <= left:
                most_voted[project], left = True, left - costs[project]
        voted = np.diff(votes.indptr) > 0
        for name, chosen in (("equal shares", shares), ("most voted", most_voted)):
            empty = (votes @ chosen.astype(float) == 0)[voted].mean()
            rows[name].append((empty, costs[chosen].sum() / float(election.budget)))
    return [
        {"rule": name, "voters with nothing": float(np.mean(values, axis=0)[0]),
         "budget spent": float(np.mean(values, axis=0)[1])}
        for name, values in rows.items()
    ]  # fmt: skip


def show(figures):
    """Print the tables."""
    console = Console()
    if not figures:
        console.print(f"The elections of Pabulib are missing; {NAME} names the folder above them.")
        return
    if pabutools() is None:
        console.print("pabutools is not installed: nothing to compare with.")
    for name, title in (("equal", "Equal shares beside pabutools"), ("outcomes", "What voters get")):
        table = Table(*figures[name][0], title=title)
        for row in figures[name]:
            table.add_row(*(f"{value:.3g}" if isinstance(value, float) else str(value) for value in row.values()))
        console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
