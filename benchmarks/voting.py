"""Voting with a million votes in place: how long a vote takes, alone and of fifty at once; whether any is lost.

usage: python benchmarks/voting.py [--out FILE] [--votes N] [--clicks N] [--database NAME] [--quick]

A challenge of 500 entries has a vote with tokens that runs. Ballots and votes are stored in bulk, row by row as the
service stores one, fifty a person. Then fifty people vote through the service, as the page does, half of them for the
first time: one after the other, and all at once in threads of one process, as `permea serve` runs. Every second click
is a double one. At the end the votes are counted, and what was accepted is compared with what is stored and what was
counted. Once on SQLite and once on PostgreSQL, where its programs are found (there without fsync, as in tests).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]

from _load import CLOSED_DAYS_AGO, _challenge, _person, _row, prepare
from _served import at_once, spread
from rich.console import Console
from rich.table import Table

from tests.servers import find_postgresql, postgresql

RESULTS = Path(__file__).parent / "results" / "voting.json"
N_ENTRIES, A_PERSON, N_VOTERS, CHUNK = 500, 50, 50, 20_000
OPTIONS = {"method": "tokens", "tokens": 100, "most": 2}
TARGETS = {
    "a vote, p50": (10, "ms"),
    "votes a second, 50 voters at once": (150, "1/s"),
    "votes lost": (0, ""),
    "votes doubled": (0, ""),
}


def main() -> int:
    """Measure on every database there is, print and write."""
    options = read_options()
    if options.database:
        figures = measure(options)
    else:
        figures = {"votes": options.votes, "cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 1)}
        figures["databases"] = {"SQLite": apart(options, "sqlite", {})}
        if find_postgresql() is not None:
            with postgresql() as address:
                figures["databases"]["PostgreSQL"] = apart(options, "postgresql", {"DATABASE_URL": address})
        figures["load_after"] = round(os.getloadavg()[0], 1)
        show(figures)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def read_options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--votes", type=int, default=1_000_000, help="votes in place before the first click")
    parser.add_argument("--clicks", type=int, default=60, help="votes of each of the fifty voters at once")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="measure this one only, in this process")
    parser.add_argument("--quick", action="store_true", help="a small load, to see that it runs")
    options = parser.parse_args()
    if options.quick:
        options.votes, options.clicks = 3_000, 4
    return options


def apart(options: argparse.Namespace, name: str, more: dict[str, str]) -> dict:
    """Measure on one database in a process of its own and return the figures."""
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        out = Path(place) / "figures.json"
        sizes = [f"--votes={options.votes}", f"--clicks={options.clicks}", *(["--quick"] if options.quick else [])]
        command = [sys.executable, __file__, "--out", str(out), "--database", name, *sizes]
        subprocess.run(command, env={**os.environ, **more}, check=True)
        return json.loads(out.read_text())


def measure(options: argparse.Namespace) -> dict:
    """Return the figures of the database that the environment names."""
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        prepare(Path(place) / "data", "http://127.0.0.1:8000")
        from permea.foundation.clock import now
        from permea.ideas.services import count_votes

        challenge, entries, at = build(options.votes, now())
        people, rng = voters(challenge), random.Random(5)
        clicked = [Clicks(person, entries, rng) for person in people]
        alone = sorted(one for clicks in clicked for one in clicks.vote(max(1, options.clicks // 3), at))
        for clicks in clicked:
            clicks.taken.clear()
        seconds = at_once([lambda clicks=clicks: clicks.in_thread(options.clicks, at) for clicks in clicked])
        together = sorted(one for clicks in clicked for one in clicks.taken)
        began = time.perf_counter()
        count = count_votes(challenge_id=challenge.pk, at=at + timedelta(days=60))
        counting = time.perf_counter() - began
        rows = {"one voter": spread(alone), "50 voters at once": spread(together)}
        rows["50 voters at once"]["per_second"] = round(len(together) / seconds, 1)
        return {"measured": rows, "seconds to count": round(counting, 1), **checked(clicked, count)}


def build(n_votes: int, at):
    """Store a challenge with a vote that runs, its entries, people, ballots and votes; return what is voted on."""
    from django.db import connection

    from permea.challenges.models import Challenge
    from permea.challenges.services.locking import lay_stages
    from permea.ideas import services as ideas
    from permea.ideas.models import Idea
    from permea.people import services as people

    owner = _person("olga@lindenhof.example", "Olga Owner", "Lindenhof Robotics", at)
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=at
    )
    challenge = _challenge(house, owner, "Harvest without hands", at)
    step = {"name": "vote", "days": CLOSED_DAYS_AGO + 10, "circle": "everyone", "options": OPTIONS}
    Challenge.objects.filter(pk=challenge.pk).update(steps=[step])
    challenge.refresh_from_db()
    lay_stages(challenge)
    rows = [_row(number, N_ENTRIES, random.Random(number)) for number in range(N_ENTRIES)]
    ideas.import_ideas(challenge_id=challenge.pk, actor=owner, rows=rows, at=challenge.closes_at - timedelta(days=1))
    Idea.objects.filter(challenge=challenge).update(shown_to="everyone")
    entries = list(Idea.objects.filter(challenge=challenge).values_list("pk", flat=True))
    for first in range(0, n_votes // A_PERSON, CHUNK // A_PERSON):
        store(challenge, entries, range(first, min(first + CHUNK // A_PERSON, n_votes // A_PERSON)), at)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return challenge, entries, at


def store(challenge, entries, numbers, at):
    """Store some people with a ballot and fifty votes each."""
    from permea.ideas.models import Ballot, Vote
    from permea.people.models import Person

    people = Person.objects.bulk_create(
        Person(email=f"person{n}@example.org", name=f"Person {n}", language="en", joined_at=at) for n in numbers
    )
    ballots = Ballot.objects.bulk_create(Ballot(challenge=challenge, person=one, opened_at=at) for one in people)
    rng = random.Random(numbers[0])
    Vote.objects.bulk_create(
        Vote(ballot=ballot, idea_id=idea_id, value=1, cast_at=at)
        for ballot in ballots
        for idea_id in rng.sample(entries, A_PERSON)
    )


def voters(challenge):
    """Return fifty people: half have voted before, half open their ballot with the first click."""
    from permea.people.models import Person

    known = list(Person.objects.filter(email__startswith="person").order_by("pk")[: N_VOTERS // 2])
    return known + [_person(f"new{n}@d{n}.example", f"New {n}", "", challenge.created_at) for n in range(N_VOTERS // 2)]


class Clicks:
    """One voter: what they clicked, how long each click took, and what stands as accepted."""

    def __init__(self, person, entries, rng) -> None:
        from permea.ideas.models import Vote

        self.person, self.rng, self.taken = person, random.Random(rng.random()), []
        self.accepted = dict(Vote.objects.filter(ballot__person=person).values_list("idea_id", "value"))
        self.entries = list(entries)

    def vote(self, n, at):
        """Click n times; return the milliseconds each took."""
        from permea.foundation.refusals import RefusedError
        from permea.ideas.services import cast_vote

        for turn in range(n):
            idea_id, value = self.rng.choice(self.entries), self.rng.choice((1, 1, 2, None))
            for _click in range(1 + turn % 2):
                began = time.perf_counter()
                try:
                    cast_vote(idea_id=idea_id, actor=self.person, value=value, at=at)
                except RefusedError:
                    value = self.accepted.get(idea_id)
                self.taken.append(1000 * (time.perf_counter() - began))
            self.accepted.pop(idea_id, None)
            if value is not None:
                self.accepted[idea_id] = value
        return self.taken

    def in_thread(self, n, at) -> None:
        """Click n times in a thread of its own."""
        from django.db import connection

        try:
            self.vote(n, at)
        finally:
            connection.close()


def checked(clicked, count) -> dict:
    """Return how many votes were lost or doubled: accepted against stored, stored against counted."""
    from django.db.models import Count

    from permea.ideas.models import Vote, VoteTally

    lost = sum(
        len(set(clicks.accepted.items()) ^ set(Vote.objects.filter(ballot__person=clicks.person)
                                              .values_list("idea_id", "value")))
        for clicks in clicked
    )  # fmt: skip
    stored = Vote.objects.count()
    told = sum(VoteTally.objects.values_list("n_votes", flat=True))
    doubled = Vote.objects.values("ballot_id", "idea_id").annotate(n=Count("pk")).filter(n__gt=1).count()
    return {"votes": {"stored": stored, "counted": told, "lost": lost + abs(stored - told) + abs(told - count.n_votes),
                      "doubled": doubled}}  # fmt: skip


def verdicts(figures: dict) -> list[dict]:
    """Return for each target what was measured and whether it was met."""
    rows, votes = figures["measured"], figures["votes"]
    values = (rows["one voter"]["p50"], rows["50 voters at once"]["per_second"], votes["lost"], votes["doubled"])
    met = (values[0] <= 10, values[1] >= 150, values[2] == 0, values[3] == 0)
    return [
        {"what": name, "target": target, "unit": unit, "measured": value, "verdict": "met" if is_met else "missed"}
        for (name, (target, unit)), value, is_met in zip(TARGETS.items(), values, met, strict=True)
    ]


def show(figures: dict) -> None:
    """Print the tables."""
    console = Console(highlight=False)
    console.print(f"{figures['votes']} votes in place; load {figures['load_before']} before, {figures['load_after']} "
                  f"after on {figures['cores']} cores")  # fmt: skip
    table = Table("", "", "target", "measured", "")
    times = Table("a vote, milliseconds", "", "n", "p50", "p95", "p99", "max", "votes/s")
    for name, one in figures["databases"].items():
        one["targets"] = verdicts(one)
        for row in one["targets"]:
            table.add_row(name, row["what"], f"{row['target']} {row['unit']}", f"{row['measured']:g}", row["verdict"])
        for label, row in one["measured"].items():
            fields = ("n", "p50", "p95", "p99", "max", "per_second")
            times.add_row(name, label, *(str(row.get(key, "")) for key in fields))
        console.print(f"{name}: counting took {one['seconds to count']} s")
    console.print(table)
    console.print(times)


if __name__ == "__main__":
    sys.exit(main())
