"""Real entries with what was said about them, taken over by the commands that people run.

usage: python benchmarks/import_talk.py [--out FILE] [--only-barcelona]

Barcelona 2016: 10,860 proposals, then the 18,192 comments on them in their threads. Beside them the calls of British
funders and the statements of each Polis conversation, each into a challenge of its own. Everything goes through
`config.transfer`, the way of `permea import` and `permea import-comments`, on SQLite; the same comments are sent twice.
A table of Polis is one conversation cut out of the whole; an empty statement in it is left out and counted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]

from _data import data_folder
from _load import _challenge, _person, prepare
from _served import memory_mib
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results" / "import_talk.json"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWNER = "olga@lindenhof.example"
TARGETS = {"proposals and comments": (60, "s"), "longest without a word": (10, "s")}


def main() -> int:
    """Take everything over, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--only-barcelona", action="store_true")
    options = parser.parse_args()
    if not (data_folder() / "decidim_bcn_2016").exists():
        print(f"The data set decidim_bcn_2016 is not in {data_folder()}.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        prepare(Path(place), "http://127.0.0.1:8000")
        figures = {"cores": os.cpu_count(), "load": os.getloadavg()[0], "runs": runs(Path(place), options)}
        figures["counts"] = counts()
    figures["targets"] = verdicts(figures)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def runs(place, options):
    """Take the tables over one after the other; return what each took and said."""
    house, owner = firm()
    barcelona, folder = _challenge(house, owner, "Barcelona 2016", AT), data_folder()
    comments = folder / "decidim_bcn_2016" / "comments.parquet"
    found = [
        entries("proposals", barcelona, folder / "decidim_bcn_2016" / "proposals.parquet"),
        talk("comments", barcelona, comments),
        talk("comments again", barcelona, comments),
    ]
    if not options.only_barcelona:
        calls = _challenge(house, owner, "Calls", AT)
        found.append(entries("calls of British funders", calls, folder / "uk_challenges" / "challenges.parquet"))
        for name, table, n_empty in conversations(folder / "polis" / "comments.parquet", place):
            asked = _challenge(house, owner, name[:80], AT)
            found.append(entries(f"Polis: {name}", asked, table) | {"left_out": n_empty})
    return found


def firm():
    """Return a firm and its owner."""
    from permea.people import services as people

    owner = _person(OWNER, "Olga Owner", "Lindenhof Robotics", AT)
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=AT - timedelta(days=90)
    )
    return house, owner


def conversations(path, place):
    """Yield the name of each conversation, its statements as a table of their own, and how many were empty."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    whole = pq.read_table(path)
    for number, name in enumerate(sorted(set(whole["conversation"].to_pylist()))):
        rows = whole.filter(pc.equal(whole["conversation"], name))
        full = rows.filter([bool((text or "").strip()) for text in rows["body"].to_pylist()])
        table = place / f"conversation-{number}.parquet"
        pq.write_table(full, table)
        yield name, table, rows.num_rows - full.num_rows


def entries(what, challenge, table):
    """Take entries over."""
    from permea.config.transfer import import_files

    def run(tell):
        return " ".join(
            import_files(challenge_key=challenge.key, ideas=table, reviews=None, email=OWNER, at=AT, tell=tell)
        )

    return timed(what, run)


def talk(what, challenge, table):
    """Take comments over."""
    from permea.config.transfer import import_talk

    given = {"challenge_key": challenge.key, "comments": table, "source": "Decidim Barcelona", "email": OWNER}
    return timed(what, lambda tell: import_talk(**given, at=AT, tell=tell))


def timed(what, run):
    """Return what an import said, what it took, and the longest time it told nothing."""
    heard = [time.perf_counter()]
    used = time.process_time()
    try:
        said = run(lambda *_told: heard.append(time.perf_counter()))
    except Exception as error:
        said = f"refused: {error}"[:600]
    heard.append(time.perf_counter())
    return {
        "what": what, "said": said, "seconds": round(heard[-1] - heard[0], 2),
        "cpu_seconds": round(time.process_time() - used, 2),
        "silent": round(max(after - before for before, after in pairwise(heard)), 2),
        "memory": memory_mib(os.getpid())["rss"],
    }  # fmt: skip


def counts():
    """Return what is stored in the end."""
    from django.db.models import Max, Sum

    from permea.dialogue.models import Comment, Participant, Talk
    from permea.ideas.models import Idea

    shown = Talk.objects.aggregate(comments=Sum("n_comments"), threads=Sum("n_threads"), most=Max("n_comments"))
    return {"entries": Idea.objects.count(), "comments": Comment.objects.count(),
            "answers": Comment.objects.filter(answers__isnull=False).count(),
            "voices": Participant.objects.count(), **shown}  # fmt: skip


def verdicts(figures):
    """Return for each target what was measured, by wall clock and by processor time, and whether it was met."""
    both = figures["runs"][:2]
    measured = {
        "proposals and comments": (sum(run["seconds"] for run in both), sum(run["cpu_seconds"] for run in both)),
        "longest without a word": (max(run["silent"] for run in both), None),
    }
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
    for run in figures["runs"]:
        console.print(f"{run['what']}: {run['said']} {run['seconds']} s ({run['cpu_seconds']} CPU), "
                      f"at most {run['silent']} s silent, {run['memory']} MiB")  # fmt: skip
    console.print(figures["counts"])
    table = Table("", "target", "measured", "CPU", "")
    for row in figures["targets"]:
        cpu = "" if row["cpu"] is None else f"{row['cpu']:g}"
        table.add_row(row["what"], f"{row['target']} {row['unit']}", f"{row['measured']:g}", cpu, row["verdict"])
    console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
