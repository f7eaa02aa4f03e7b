"""The digests of very many people: how long they take to build, and whether memory stays where it is.

usage: python benchmarks/digests.py [--out FILE] [--people N]

Everybody has an entry in one of twenty challenges and three notices that wait. The digests are built as the worker
builds them, batch by batch, mails included; nothing is sent. People and notices are stored in bulk, row by row as the
services store one. Memory is the resident set of this process, read after every batch.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]

from _load import _challenge, _person, prepare
from _served import memory_mib
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results" / "digests.json"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE = AT + timedelta(hours=21)
N_CHALLENGES, N_NOTICES, CHUNK = 20, 3, 2000
TARGETS = {"seconds for 50,000": (300, "s"), "memory gained": (100, "MiB")}


def main() -> int:
    """Store the load, build all digests, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--people", type=int, default=50_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        prepare(Path(place), "http://127.0.0.1:8000")
        load(options.people)
        figures = {"people": options.people, "cores": os.cpu_count(), "load": os.getloadavg()[0], **measure()}
    figures["targets"] = verdicts(figures)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def load(n_people):
    """Store a firm, its challenges, and so many people with an entry and notices that wait."""
    from permea.people import services as people

    owner = _person("olga@lindenhof.example", "Olga Owner", "Lindenhof Robotics", AT)
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=AT
    )
    asked = [_challenge(house, owner, f"Challenge {number}", AT) for number in range(N_CHALLENGES)]
    for first in range(0, n_people, CHUNK):
        store(house, asked, range(first, min(first + CHUNK, n_people)))


def store(house, asked, numbers):
    """Store some people with an entry each, and their notices."""
    from permea.ideas.models import Contributor, Idea
    from permea.notifications.models import Notice
    from permea.people.models import Person

    people = Person.objects.bulk_create(
        Person(email=f"person{n}@example.org", name=f"Person {n}", language=("en", "de")[n % 2], joined_at=AT)
        for n in numbers
    )
    entries = Idea.objects.bulk_create(
        Idea(organisation=house, challenge=asked[n % len(asked)], author=person, created_at=AT, saved_at=AT)
        for n, person in zip(numbers, people, strict=True)
    )
    Contributor.objects.bulk_create(Contributor(idea=entry, person=entry.author, since=AT) for entry in entries)
    Notice.objects.bulk_create(
        Notice(
            person=entry.author, kind="timetable", challenge=entry.challenge, at=AT + timedelta(minutes=n),
            digest_at=DUE, variant=("", "sooner")[n % 2],
        )
        for entry in entries for n in range(N_NOTICES)
    )  # fmt: skip


def measure():
    """Build all digests batch by batch and return time, memory and how many there are."""
    from permea.notifications import services
    from permea.notifications.models import Digest, Mail

    before = peak = resident()
    after, began, used, batches = 0, time.perf_counter(), time.process_time(), []
    while after is not None:
        batch = time.perf_counter()
        after = services.build_digests(after=after, at=DUE)
        batches.append(time.perf_counter() - batch)
        peak = max(peak, resident())
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    return {
        "digests": Digest.objects.count(), "mails": Mail.objects.filter(kind="digest").count(),
        "batches": len(batches), "longest_batch": round(max(batches), 3),
        "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2),
        "memory_before": before, "memory_peak": peak,
    }  # fmt: skip


def resident():
    """Return the resident memory of this process in MiB."""
    return memory_mib(os.getpid())["rss"]


def verdicts(figures):
    """Return for each target what was measured, by wall clock and by processor time, and whether it was met."""
    scale = 50_000 / figures["people"]
    wall, cpu = figures["seconds"] * scale, figures["cpu_seconds"] * scale
    gained = figures["memory_peak"] - figures["memory_before"]
    measured = {"seconds for 50,000": (wall, cpu), "memory gained": (gained, None)}
    rows = []
    for name, (target, unit) in TARGETS.items():
        value, by_cpu = measured[name]
        within = by_cpu is not None and by_cpu <= target and figures["load"] > figures["cores"]
        verdict = "met" if value <= target else "within by CPU" if within else "missed"
        rows.append({"what": name, "target": target, "unit": unit, "measured": round(value, 1),
                     "cpu": by_cpu and round(by_cpu, 1), "verdict": verdict})  # fmt: skip
    return rows


def show(figures):
    """Print the tables."""
    console = Console(highlight=False)
    console.print(f"{figures['digests']} digests for {figures['people']} people in {figures['batches']} batches, "
                  f"{figures['seconds']} s ({figures['cpu_seconds']} CPU), the longest batch "
                  f"{figures['longest_batch']} s; load {figures['load']:.1f} on {figures['cores']} cores")  # fmt: skip
    table = Table("", "target", "measured", "CPU", "")
    for row in figures["targets"]:
        cpu = "" if row["cpu"] is None else f"{row['cpu']:g}"
        table.add_row(row["what"], f"{row['target']} {row['unit']}", f"{row['measured']:g}", cpu, row["verdict"])
    console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
