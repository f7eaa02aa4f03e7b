"""Which of very many partners fit: the engine alone, and the whole question as a page asks it.

usage: python benchmarks/fit.py [--out FILE] [--partners N] [--times N]

Partners of one firm are stored in bulk, each with three of sixty capabilities; half said how they work. The question
wants four capabilities, a language and a stance on results. The yardstick is the same count of draws as a plain loop
over NumPy arrays, draw by draw; the first five of both are compared. Times are processor seconds, the best of a few.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]

import numpy as np
from _load import _person, prepare
from rich.console import Console
from rich.table import Table

from permea_engine.fit import DRAWS, SWAY, fit, team

RESULTS = Path(__file__).parent / "results" / "fit.json"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHUNK, TARGET, CRITERIA = 2_000, 1.0, 5
SKILLS = [f"{how} {what}" for how in ("Laser", "Cold", "Micro", "Rapid", "Clean", "Green")
          for what in ("welding", "casting", "coating", "sensing", "testing", "moulding", "milling", "printing",
                       "sorting", "packing")]  # fmt: skip
WANTED = ("laser welding", "cold casting", "micro sensing", "green packing")


def main() -> int:
    """Store the partners, ask, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--partners", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    figures = {"partners": options.partners, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    figures["engine"] = engine(options.partners, options.times)
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        prepare(Path(place), "http://127.0.0.1:8000")
        figures["page"] = page(options.partners, options.times)
    figures["target_seconds"], figures["met"] = TARGET, figures["page"]["seconds"] <= TARGET
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def engine(n: int, times: int) -> dict:
    """Return how long the engine and the loop take for the same draws, and how many of the first five they share."""
    rng = np.random.default_rng(3)
    low = rng.random((n, CRITERIA)) * 0.7
    high = low + rng.random((n, CRITERIA)) * 0.3
    weights = np.array([4, 2, 2, 1, 1])
    ours, found = quickest(lambda: fit(low, high, weights), times)
    plain, wins = quickest(lambda: looped(low, high, weights / weights.sum()), times)
    both = set(found.order[:5].tolist()) & set(np.argsort(-wins)[:5].tolist())
    levels = rng.random((n, 6)) * (rng.random((n, 6)) < 0.1)
    together, _team = quickest(lambda: team(levels, np.ones(6)), times)
    return {"seconds": ours, "loop_seconds": plain, "ratio": round(plain / ours, 2), "shared_of_first_five": len(both),
            "team_seconds": together}  # fmt: skip


def looped(low, high, shares):
    """Return how often each option is among the first five, drawn one after the other."""
    rng, wins = np.random.default_rng(4), np.zeros(len(low))
    for _draw in range(DRAWS):
        scores = rng.uniform(low, high) @ rng.dirichlet(SWAY * shares)
        wins[np.argsort(scores)[-5:]] += 1
    return wins


def page(n: int, times: int) -> dict:
    """Return how long the question takes that the page asks, rows read and reasons given."""
    from permea.partners import queries
    from permea.partners.rules import Wish

    house, owner = load(n)
    wish = Wish(wanted=WANTED, language="en", ip_stance="shared")
    weights = {"capabilities": 4, "goals": 0, "style": 2, "stance": 2, "record": 1}
    seconds, found = quickest(lambda: queries.fit_of(owner, house, wish, weights), times)
    return {"seconds": seconds, "compared": found.n_compared, "shown": len(found.candidates), "team": len(found.team)}


def load(n: int):
    """Store a firm and its partners."""
    from permea.partners.models import Capability, Partner, WorkingPreferences
    from permea.people import services as people
    from permea.people.models import Organisation

    rng = random.Random(5)
    owner = _person("olga@lindenhof.example", "Olga Owner", "Lindenhof Robotics", AT)
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=AT
    )
    parties = Organisation.objects.bulk_create(
        [Organisation(name=f"Partner {k}", kind="startup", country="DE", created_at=AT) for k in range(n)],
        batch_size=CHUNK,
    )
    partners = Partner.objects.bulk_create(
        [Partner(organisation=house, party=party, owner=owner, created_at=AT) for party in parties], batch_size=CHUNK
    )
    Capability.objects.bulk_create(
        [
            Capability(
                partner=partner, organisation=house, kind="offers", name=name, level=rng.randint(1, 5), made_at=AT
            )
            for partner in partners
            for name in rng.sample(SKILLS, 3)
        ],
        batch_size=CHUNK,
    )
    WorkingPreferences.objects.bulk_create(
        [
            WorkingPreferences(
                partner=partner, organisation=house, is_stated=False, language=rng.choice(("en", "de")),
                ip_stance=rng.choice(("open", "shared", "own", "exclusive")), said_by=owner, said_at=AT,
            )
            for partner in partners[::2]
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    return house, owner


def quickest(ask, times: int):
    """Return the fewest processor seconds of a few calls, and what the last returned."""
    taken = []
    for _turn in range(times):
        began = time.process_time()
        found = ask()
        taken.append(time.process_time() - began)
    return round(min(taken), 3), found


def show(figures: dict) -> None:
    """Print the figures."""
    one = figures["engine"]
    table = Table(f"{figures['partners']:,} partners", "CPU seconds", "")
    table.add_row("engine, 400 draws", f"{one['seconds']}", f"{one['ratio']} times as fast as the loop")
    table.add_row(
        "loop over the draws", f"{one['loop_seconds']}", f"{one['shared_of_first_five']} of the first 5 alike"
    )
    table.add_row("team of three", f"{one['team_seconds']}", "")
    table.add_row("the page's question", f"{figures['page']['seconds']}", f"at most {TARGET} s")
    Console().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
