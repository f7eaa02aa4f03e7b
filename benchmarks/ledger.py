"""A long ledger: appending to it, alone and by many at once, and checking it from its first entry to its last.

usage: python benchmarks/ledger.py [--out FILE] [--crossings N] [--appends N] [--writers N]

The chain is stored in bulk, entry by entry as the service writes one, and then appended to by the service itself, each
crossing in a transaction of its own. The yardstick for checking is a bare loop that reads the same rows and hashes
their bodies, without looking at what they say. Memory is the resident set of this process. With DATABASE_URL it runs
on that server, else on SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]

from _load import _person, prepare
from _served import memory_mib
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results" / "ledger.json"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHUNK, SECOND = 5_000, timedelta(seconds=1)
ABOUT = {"kind": "idea.submitted", "direction": "in", "depth": "invited"}
TARGETS = {"checking 1,000,000": (60, "s"), "append, median": (3, "ms"), "broken chains": (0, "")}


def main() -> int:
    """Store the chain, append to it, check it, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--crossings", type=int, default=1_000_000)
    parser.add_argument("--appends", type=int, default=2_000)
    parser.add_argument("--writers", type=int, default=16)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        prepare(Path(place), "http://127.0.0.1:8000")
        house = load(options.crossings)
        figures = {"crossings": options.crossings, "cores": os.cpu_count(), "load": os.getloadavg()[0],
                   "database": database(), "append": append(house, options.appends)}  # fmt: skip
        figures |= {"writers": write_at_once(house, options.writers, options.appends), "check": check(house)}
    figures["targets"] = verdicts(figures)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def database():
    """Return what the chain is stored in."""
    from django.db import connection

    return connection.vendor


def load(n_crossings):
    """Store a firm with a chain of so many crossings, and return the firm."""
    from permea.ledger import verifier
    from permea.ledger.models import Chain, Crossing
    from permea.people import services as people

    owner = _person("olga@lindenhof.example", "Olga Owner", "Lindenhof Robotics", AT)
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=AT
    )
    head = verifier.GENESIS
    for first in range(1, n_crossings + 1, CHUNK):
        rows, head = made(house, range(first, min(first + CHUNK, n_crossings + 1)), head)
        Crossing.objects.bulk_create(rows)
    Chain.objects.update_or_create(organisation=house, defaults={"length": n_crossings, "head": head})
    return house


def made(house, numbers, head):
    """Return crossings that follow on `head`, and the last one's hash."""
    from permea.ledger import chain
    from permea.ledger.models import Crossing

    rows = []
    for number in numbers:
        subject, at = {"type": "idea", "key": f"idea{number % 100_000}"}, AT + number * SECOND
        body = chain.Body(organisation=house.key, number=number, subject=subject, at=chain.instant(at), previous=head,
                          facts={"version": 1, "sha256": "ab" * 32}, **ABOUT).text()  # fmt: skip
        previous, head = head, chain.hash_of(body)
        rows.append(Crossing(organisation=house, number=number, subject_type="idea", subject_key=subject["key"],
                             crossed_at=at, body=body, previous=previous, hash=head, **ABOUT))  # fmt: skip
    return rows, head


def record(house, number):
    """Append one crossing in a transaction of its own, and return how long that took in seconds."""
    from django.db import transaction

    from permea.ledger.services import record_crossing

    began = time.perf_counter()
    with transaction.atomic():
        record_crossing(organisation=house, subject_type="idea", subject_key=f"idea{number}", at=AT,
                        facts={"version": 1, "sha256": "ab" * 32}, **ABOUT)  # fmt: skip
    return time.perf_counter() - began


def append(house, n_appends):
    """Append one after the other."""
    took = sorted(record(house, number) for number in range(n_appends))
    return {"n": n_appends, "median_ms": round(1000 * statistics.median(took), 3),
            "p99_ms": round(1000 * took[int(0.99 * (len(took) - 1))], 3)}  # fmt: skip


def write_at_once(house, n_writers, n_appends):
    """Let many append at the same time, and return how many a second were appended."""
    from django.db import connections

    errors, each = [], max(1, n_appends // n_writers)

    def write(number):
        try:
            for turn in range(each):
                record(house, number * each + turn)
        except Exception as error:
            errors.append(repr(error))
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(n_writers)]
    began = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    seconds = time.perf_counter() - began
    return {"writers": n_writers, "appended": each * n_writers, "a_second": round(each * n_writers / seconds, 1),
            "errors": errors[:5]}  # fmt: skip


def check(house):
    """Check the stored chain, and let a bare loop read and hash the same rows."""
    from permea.ledger import chain, queries
    from permea.ledger.models import Crossing

    before, began = memory_mib(os.getpid())["rss"], time.perf_counter()
    (found,) = queries.check_chains({})
    seconds, after = time.perf_counter() - began, memory_mib(os.getpid())["rss"]
    began = time.perf_counter()
    rows = Crossing.objects.filter(organisation=house).order_by("number").values_list("body", "hash")
    n_wrong = sum(chain.hash_of(body) != hash_ for body, hash_ in rows.iterator(CHUNK))
    bare = time.perf_counter() - began
    return {"checked": found.checked, "problems": [problem.code for problem in found.problems[:5]],
            "seconds": round(seconds, 2), "bare_seconds": round(bare, 2), "bare_wrong": n_wrong,
            "ratio": round(seconds / bare, 2), "memory_gained_mib": round(after - before, 1)}  # fmt: skip


def verdicts(figures):
    """Return for each target what was measured and whether it was met."""
    checked = figures["check"]
    broken = len(checked["problems"]) + len(figures["writers"]["errors"])
    measured = {"checking 1,000,000": checked["seconds"] * 1_000_000 / checked["checked"],
                "append, median": figures["append"]["median_ms"], "broken chains": broken}  # fmt: skip
    return [
        {"what": name, "target": target, "unit": unit, "measured": round(measured[name], 2),
         "verdict": "met" if measured[name] <= target else "missed"}
        for name, (target, unit) in TARGETS.items()
    ]  # fmt: skip


def show(figures):
    """Print the tables."""
    console, checked = Console(highlight=False), figures["check"]
    console.print(f"{figures['crossings']} crossings on {figures['database']}, load {figures['load']:.1f} on "
                  f"{figures['cores']} cores; checked in {checked['seconds']} s, {checked['ratio']} times what reading "
                  f"and hashing alone takes, {checked['memory_gained_mib']} MiB more memory")  # fmt: skip
    console.print(f"appended alone: median {figures['append']['median_ms']} ms, p99 {figures['append']['p99_ms']} ms; "
                  f"{figures['writers']['writers']} at once: {figures['writers']['a_second']} a second")  # fmt: skip
    table = Table("", "target", "measured", "")
    for row in figures["targets"]:
        table.add_row(row["what"], f"{row['target']} {row['unit']}", f"{row['measured']:g}", row["verdict"])
    console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
