"""Do judges who compare at the same time wait for one another, and is a vote ever lost? Measured on a real server.

usage: python benchmarks/comparisons.py [--out FILE] [--ideas N] [--judges N] [--votes N] [--seconds S]

Builds a closed challenge with a panel that compares in a temporary folder, starts `permea serve` as people start it,
and lets every judge answer through the pages' own addresses. A vote is one request: it stores the answer and brings the
next pair. Three ways of asking: as fast as the server answers (how many votes a second it can do), at a steady 100
votes a second from all judges together (how long one waits then), and as people do who answer every three seconds.
What the database holds afterwards is counted against what was accepted.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]

from _load import _challenge, _cookie, _person, _row, _settle, prepare
from _served import Browser, at_once, cpu_seconds, spread, token_of
from product import yardstick
from rich.console import Console
from rich.table import Table

from tests.servers import Product, free_port

RESULTS = Path(__file__).parent / "results" / "comparisons.json"
PAIR = re.compile(r'name="token" value="([^"]+)"')
RATE = 100
HURRIED = 3  # seconds between the answers of somebody who hurries
WARM_UP = 3
TARGETS = {
    "votes a second, as fast as answered": (100, "1/s"),
    "next pair and vote in one request, p99 at 100 a second": (50, "ms"),
    "errors and retries": (0, ""),
    "votes lost": (0, ""),
}
PEERS = ("Gavel: 2.9 to 5.8 votes a second with 1 to 16 judges, falling as judges rise (measured on such a machine)",)
BY_SCRIPT = {"HX-Request": "true"}
OUTCOMES = ("first", "second", "tie", "first", "second", "cannot_judge")


class Voter:
    """One judge in one browser, with the pair shown to them now."""

    def __init__(self, site: Product, address: str, cookie: str) -> None:
        self.browser, self.address = Browser(site.port, cookie), address
        page = self.browser.get(address).body
        self.csrf, self.pair = token_of(page), self.shown(page)
        self.n, self.taken, self.statuses = 0, [], []

    @staticmethod
    def shown(page: str) -> str:
        """Return the token of the pair on a page, empty if none is left."""
        found = PAIR.search(page)
        return found.group(1) if found else ""

    def vote(self) -> bool:
        """Answer the pair shown and keep the next one; say whether there was one."""
        if not self.pair:
            return False
        body = {"csrfmiddlewaretoken": self.csrf, "token": self.pair, "outcome": OUTCOMES[self.n % len(OUTCOMES)]}
        answer = self.browser.ask("POST", self.address, urlencode(body), BY_SCRIPT)
        self.n += 1
        self.taken.append(1000 * answer.seconds)
        self.statuses.append(answer.status)
        self.pair = self.shown(answer.body)
        return True


def main() -> int:
    """Build, serve, measure, print and write."""
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        figures = run(options, Path(place))
    show(figures)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"written: {options.out.name}")
    return 0


def read_options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--ideas", type=int, default=100)
    parser.add_argument("--judges", type=int, default=16)
    parser.add_argument("--votes", type=int, default=60, help="votes each judge gives as fast as answered")
    parser.add_argument("--seconds", type=int, default=10, help="how long votes come at a steady rate")
    return parser.parse_args()


def run(options: argparse.Namespace, place: Path) -> dict:
    """Return all figures."""
    site = Product(place / "data", {"OPENBLAS_NUM_THREADS": "1"}, port=free_port())
    prepare(site.data_dir, site.address)
    key, cookies = build(options)
    loads, bare = [os.getloadavg()[0]], yardstick(200)
    site.start()
    try:
        voters = [Voter(site, f"/compare/{key}/", cookie) for cookie in cookies]
        for voter in voters:
            for _turn in range(WARM_UP):
                voter.vote()
        alone = measured(site, [voters[0]], lambda voter: fast(voter, options.votes))
        together = measured(site, voters, lambda voter: fast(voter, options.votes))
        steady = measured(site, voters, lambda voter: at_rate(voter, RATE / len(voters), options.seconds))
        people = measured(site, voters, lambda voter: at_rate(voter, 1 / HURRIED, 3 * options.seconds))
    finally:
        assert site.process is not None
        site.stop() if site.process.poll() is None else None
    loads.append(os.getloadavg()[0])
    accepted = sum(status == 200 for voter in voters for status in voter.statuses)
    wrong = sum(status != 200 for voter in voters for status in voter.statuses)
    kept = n_stored()
    rows = {"one judge, as fast as answered": alone, "all judges, as fast as answered": together,
            f"all judges, {RATE} votes a second": steady,
            f"all judges, a vote every {HURRIED} seconds each": people}  # fmt: skip
    return {
        "size": {"ideas": options.ideas, "judges": options.judges}, "cores": os.cpu_count(),
        "load_before_and_after": [round(one, 1) for one in loads],
        "yardstick": {name: bare[name] for name in ("n", "p50", "p99", "cpu")}, "measured": rows,
        "votes": {"accepted": accepted, "errors": wrong, "stored": kept, "lost": accepted - kept},
        "targets": verdicts(together, steady, wrong, accepted - kept),
    }  # fmt: skip


def build(options: argparse.Namespace) -> tuple[str, list[str]]:
    """Store a closed challenge with entries and a panel that compares; return its key and the judges' cookies."""
    import random

    from permea.evaluation import services as evaluation
    from permea.foundation.clock import now
    from permea.ideas import services as ideas
    from permea.people import services as people
    from permea.people.services.memberships import seat

    at, rng = now(), random.Random(7)
    owner = _person("olga@lindenhof.example", "Olga Owner", "Lindenhof Robotics", at)
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=at
    )
    judges = [_person(f"j{n}@d{n}.example", f"Judge {n}", f"Office {n}", at) for n in range(options.judges)]
    for judge in judges:
        seat(person=judge, organisation=house, role="evaluator", at=at)
    challenge = _challenge(house, owner, "Harvest without hands", at)
    told = {"challenge_id": challenge.pk, "actor": owner}
    rows = [_row(number, options.ideas, rng) for number in range(options.ideas)]
    ideas.import_ideas(**told, rows=rows, at=challenge.closes_at - timedelta(days=1))
    evaluation.set_panel(
        **told,
        mode="comparisons",
        reviews_per_idea=1,
        minutes_per_review=10,
        n_shortlist=10,
        certainty_wanted=90,
        at=at,
    )
    evaluation.seat_members(**told, persons=judges, at=at)
    _settle(at)
    return challenge.key, [_cookie(judge) for judge in judges]


def fast(voter: Voter, n: int) -> None:
    """Vote n times, each as soon as the one before is answered."""
    for _turn in range(n):
        if not voter.vote():
            return


def at_rate(voter: Voter, rate: float, seconds: float) -> None:
    """Vote at a steady rate; who is late does not hurry afterwards, and waiting in line counts as waiting."""
    began = time.perf_counter() + (hash(voter.browser.cookies.get("sessionid", "")) % 100) / 100 / rate
    for turn in range(int(rate * seconds)):
        wait = began + turn / rate - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        if not voter.vote():
            return


def measured(site: Product, voters: list[Voter], work: Callable[[Voter], None]) -> dict:
    """Return what some voters at once saw: times of each vote, votes a second, processor time a vote."""
    assert site.process is not None
    before = [len(voter.taken) for voter in voters]
    used = cpu_seconds(site.process.pid)
    seconds = at_once([lambda voter=voter: work(voter) for voter in voters])
    cpu = cpu_seconds(site.process.pid) - used
    taken = sorted(one for voter, n in zip(voters, before, strict=True) for one in voter.taken[n:])
    if not taken:
        raise SystemExit("every pair is compared: it takes more --ideas for so many votes")
    return {**spread(taken), "cpu": round(1000 * cpu / len(taken), 2), "per_second": round(len(taken) / seconds, 1)}


def n_stored() -> int:
    """Return how many comparisons the database holds."""
    from permea.evaluation.models import Comparison

    return Comparison.objects.count()


def verdicts(together: dict, steady: dict, wrong: int, lost: int) -> list[dict]:
    """Return for each target what was measured and whether it was met."""
    values = (together["per_second"], steady["p99"], wrong, lost)
    met = (values[0] >= RATE, values[1] <= 50, wrong == 0, lost == 0)
    return [
        {"what": name, "target": target, "unit": unit, "measured": value, "verdict": "met" if is_met else "missed"}
        for (name, (target, unit)), value, is_met in zip(TARGETS.items(), values, met, strict=True)
    ]


def show(figures: dict) -> None:
    """Print the tables."""
    console = Console(highlight=False)
    size, loads = figures["size"], figures["load_before_and_after"]
    console.print(f"{size['ideas']} entries, {size['judges']} judges, SQLite; load {loads[0]} before, {loads[1]} after "
                  f"on {figures['cores']} cores"
                  + (": others keep it busy, see the CPU column" if max(loads) > figures["cores"] else ""))  # fmt: skip
    table = Table("", "target", "measured", "")
    for row in figures["targets"]:
        table.add_row(row["what"], f"{row['target']} {row['unit']}", f"{row['measured']:g}", row["verdict"])
    console.print(table)
    everything = Table("a vote, milliseconds", "n", "p50", "p95", "p99", "max", "CPU", "votes/s")
    for name, row in figures["measured"].items():
        fields = ("n", "p50", "p95", "p99", "max", "cpu", "per_second")
        everything.add_row(name, *(str(row[one]) for one in fields))
    bare = figures["yardstick"]
    everything.add_row("a bare Django view", *(str(bare.get(one, "")) for one in fields))
    console.print(everything)
    console.print("For orientation, measured separately on such a machine: " + "; ".join(PEERS))


if __name__ == "__main__":
    threading.stack_size(1 << 20)
    sys.exit(main())
