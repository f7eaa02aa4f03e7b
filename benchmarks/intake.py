"""Measure whether pages stay quick with 100,000 ideas in one challenge, and how long taking ideas over lasts.

usage: python benchmarks/intake.py [--out FILE] [--ideas N] [--postings N] [--requests N] [--database NAME] [--quick]

Builds the load in a temporary folder, runs `permea import` as people run it on the 10,860 real proposals of Barcelona
(a made-up table of 2,000 where the data are missing), starts `permea serve`, and asks for its pages over HTTP on one
connection, one after the other: what is timed is the whole answer as a browser gets it, sign-in, rights and drawing
included. Once on SQLite and once on PostgreSQL, where its programs are found.

The 100,000 texts join halves of two real titles and summaries each (Catalan and Spanish), or are made of thirty words.
They enter through the service that imports, 5,000 at a time. Two comments and two votes an entry are stored in bulk.
PostgreSQL is told to ANALYZE afterwards, as its own housekeeping does sooner or later. Reading by meaning is off
(`PERMEA_SEMANTIC=no`), and so is comparing all entries with each other, a quarter of an hour of one core for 100,000:
both go on in the background, and no page waits for them. No peers run beside it. "Similar" holds
the 50,000 entries handed in last, the product's own limit.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
os.environ["PERMEA_SEMANTIC"] = "no"
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]

from _data import data_folder
from _load import WORDS, _challenge, _cookie, _person, _settle, prepare
from _served import Browser, memory_mib, times
from rich.console import Console
from rich.table import Table

from tests.servers import Product, find_postgresql, free_port, postgresql

RESULTS = Path(__file__).parent / "results" / "intake.json"
OWNER, N_MADE_UP, BATCH, PER_PAGE = "olga@lindenhof.example", 2000, 5000, 50
LIST_TARGET, SIMILAR_TARGET, IMPORT_TARGET, N_IMPORTED = 60, 50, 60, 10_860


def main() -> int:
    """Measure on every database there is, print and write."""
    options = read_options()
    if options.database:
        figures = measure(options)
    else:
        figures = {"ideas": options.ideas, "cores": os.cpu_count(), "data": proposals().exists()}
        figures["load_before"] = round(os.getloadavg()[0], 1)
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
    parser.add_argument("--ideas", type=int, default=100_000)
    parser.add_argument("--postings", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=30, help="how often each page is asked for")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="measure this one only, in this process")
    parser.add_argument("--quick", action="store_true", help="a small load, to see that it runs")
    options = parser.parse_args()
    if options.quick:
        options.ideas, options.postings, options.requests = 300, 60, 2
    return options


def apart(options: argparse.Namespace, name: str, more: dict[str, str]) -> dict:
    """Measure on one database in a process of its own and return the figures."""
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        out = Path(place) / "figures.json"
        sizes = [f"--{key}={getattr(options, key)}" for key in ("ideas", "postings", "requests")]
        quick = ["--quick"] if options.quick else []
        command = [sys.executable, __file__, "--out", str(out), "--database", name, *sizes, *quick]
        subprocess.run(command, env={**os.environ, **more}, check=True)
        return json.loads(out.read_text())


def measure(options: argparse.Namespace) -> dict:
    """Return the figures of the database that the environment names."""
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        site = Product(Path(place) / "data", {"OPENBLAS_NUM_THREADS": "1", "PERMEA_SEMANTIC": "no"}, port=free_port())
        prepare(site.data_dir, site.address)
        from permea.foundation.clock import now

        big, small, owner, words = build(options)
        taken_over = import_real(site, Path(place), small, quick=options.quick)
        leave_out_comparing()
        _settle(now())
        site.start()
        try:
            return {"import": taken_over, "words": words, **served(site, big, owner, words, options.requests)}
        finally:
            site.stop()


def leave_out_comparing() -> None:
    """Take the jobs off that compare all entries and find their themes: the worker would do nothing else meanwhile."""
    from django_tasks_db.models import DBTaskResult

    from permea.foundation import duties, outbox
    from permea.foundation.clock import now

    duties.run_duties(now())  # closes the challenge, which is what sets them off
    while outbox.drain(at=now()):
        pass
    DBTaskResult.objects.filter(task_path__startswith="permea.ideas.tasks.").delete()


def build(options: argparse.Namespace) -> tuple[str, str, str, dict]:
    """Store the load; return the large challenge, an empty one, the owner's cookie, and words with their counts."""
    from django.db import connection

    from permea.foundation.clock import now
    from permea.ideas import services as ideas
    from permea.people import services as people

    at = now()
    owner = _person(OWNER, "Olga Owner", "Lindenhof Robotics", at)
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=at
    )
    big, small = (_challenge(house, owner, title, at) for title in ("A hundred thousand", "Barcelona"))
    seen: Counter[str] = Counter()
    make = maker(random.Random(11), seen)
    for first in range(0, options.ideas, BATCH):
        rows = [make(number) for number in range(first, min(first + BATCH, options.ideas))]
        ideas.import_ideas(
            challenge_id=big.pk, actor=owner, rows=rows, at=big.closes_at - timedelta(minutes=first // BATCH)
        )
    talk_and_vote(big, owner, at)
    post(house, options.postings, at)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return big.key, small.key, _cookie(owner), chosen_words(seen, options.ideas)


def chosen_words(seen: Counter[str], n_ideas: int) -> dict[str, list]:
    """Return a rare, a middling and a common word of the texts, each with how many hold it."""
    long = [(word, n) for word, n in seen.most_common() if len(word) > 3]
    wanted = {"rare": n_ideas // 10_000, "middling": n_ideas // 100, "common": n_ideas}
    return {name: list(min(long, key=lambda one: abs(one[1] - near))) for name, near in wanted.items()}


def maker(rng: random.Random, seen: Counter[str]):
    """Return what makes the row of a number, and counts the words in it."""
    from permea.ideas.rules import ImportRow, clean_fields, search_text_of

    texts = real_texts() or made_up(rng, N_MADE_UP)

    def row(number):
        (title, summary), (other, more) = rng.choice(texts), rng.choice(texts)
        fields = clean_fields({
            "title": f"{half(title, 0)} {half(other, 1)}"[:150], "summary": f"{half(summary, 0)} {half(more, 1)}"[:500],
            "body": f"{summary}\n\n{more}", "affiliation": "", "country": ("ES", "FR", "")[number % 3],
            "source": ("customer", "supplier", "university", "startup", "other")[number % 5],
            "language": "es" if number % 10 == 0 else "ca",
            "asked_money": Decimal(rng.randrange(5, 80) * 1000), "asked_days": None,
        })  # fmt: skip
        seen.update(set(re.findall(r"\w+", search_text_of(fields["title"], fields["summary"]))))
        return ImportRow(line=number, external_id=f"N{number}", author_name=f"Author {number // 20}", fields=fields)

    return row


def half(text, second):
    """Return the first or the second half of a text, cut between words."""
    words = text.split()
    middle = -(-len(words) // 2)
    return " ".join(words[middle:] if second else words[:middle])


def proposals() -> Path:
    """Return where the real proposals are, if they are there."""
    return data_folder() / "decidim_bcn_2016" / "proposals.parquet"


def real_texts() -> list[tuple[str, str]]:
    """Return titles and summaries of the real proposals, none where the data are missing."""
    if not proposals().exists():
        return []
    from pyarrow import parquet

    columns = parquet.read_table(proposals(), columns=["title", "summary"]).to_pydict()
    return [(title, summary or title) for title, summary in zip(columns["title"], columns["summary"], strict=True)]


def made_up(rng, n):
    """Return made-up titles and summaries; a number in each makes some words rare."""
    return [
        (" ".join([*rng.choices(WORDS, k=7), f"type{k}"]), " ".join(rng.choices(WORDS, k=40)).capitalize() + ".")
        for k in range(n)
    ]


def post(house, n, at) -> None:
    """Put so many postings into a box, row by row as the service stores one."""
    from permea.ideas.models import IdeaBox, Posting

    texts, rng = real_texts() or made_up(random.Random(5), N_MADE_UP), random.Random(5)
    box = IdeaBox.objects.create(organisation=house, title="Anything", created_at=at)
    Posting.objects.bulk_create(
        (
            Posting(
                organisation=house, box=box, kind="idea", title=title[:160], text=text, search_text=text.casefold(),
                source=("customer", "employee")[k % 2], channel="page", token_hash=f"t{k}", form_hash=f"f{k}",
                received_at=at - timedelta(hours=k), answer_due_at=at + timedelta(hours=k + 1),
            )
            for k, (title, text) in enumerate(rng.choices(texts, k=n))
        ),
        batch_size=500,
    )  # fmt: skip


def talk_and_vote(challenge, owner, at) -> None:
    """Put two comments and two votes to every entry, row by row as the services store one, with what they count."""
    from permea.dialogue.models import Comment, Talk
    from permea.ideas.models import Ballot, Idea, Vote

    ideas = list(Idea.objects.filter(challenge=challenge).values_list("pk", flat=True))
    ballots = Ballot.objects.bulk_create(Ballot(challenge=challenge, opened_at=at) for _number in range(200))
    for first in range(0, len(ideas), BATCH):
        some = ideas[first : first + BATCH]
        Talk.objects.bulk_create(Talk(idea_id=idea, n_comments=2, n_threads=2) for idea in some)
        Comment.objects.bulk_create(
            Comment(
                organisation_id=challenge.organisation_id, challenge=challenge, idea_id=idea, writer=owner,
                voice="house", house_name="Lindenhof Robotics",
                status="shown", text=f"Remark {number} on this: who has tried it in the field?", written_at=at,
                came_in_at=at,
            )
            for idea in some for number in (1, 2)
        )  # fmt: skip
        Vote.objects.bulk_create(
            Vote(ballot=ballots[(idea + number) % len(ballots)], idea_id=idea, value=1, cast_at=at)
            for idea in some for number in (0, 1)
        )  # fmt: skip


def import_real(site: Product, place: Path, challenge: str, *, quick: bool) -> dict:
    """Run `permea import` on the real table, or a made-up one, and return rows, seconds and the memory it took."""
    table = proposals()
    if quick or not table.exists():
        table = place / "made-up.csv"
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title", "summary", "author"])
            writer.writerows(
                [k, *said, f"A{k % 300}"]
                for k, said in enumerate(made_up(random.Random(3), 40 if quick else N_MADE_UP))
            )
    command = [sys.executable, "-c", "from permea.config.cli import main; main()"]
    began = time.perf_counter()
    done = subprocess.run(
        [*command, "import", challenge, str(table), "--as", OWNER],
        cwd=ROOT, env=site.settings(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    found = re.search(r"(\d+) ideas imported", done.stdout)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "rows": int(found[1]) if found else 0, "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1), "peak_mib": round(used.ru_maxrss / 1024, 1),
    }  # fmt: skip


def served(site: Product, big: str, owner: str, words: dict, n: int) -> dict:
    """Return what a browser sees of the running server."""
    assert site.process is not None
    pid, browser = site.process.pid, Browser(site.port, owner)
    for path in ("/today/", f"/challenges/{big}/ideas/"):
        browser.get(path)
    found: dict = {"memory_before": memory_mib(pid)}
    list_page = f"/challenges/{big}/ideas/"
    last = max(map(int, re.findall(r"page=(\d+)", browser.get(list_page).body)), default=1)
    pages = {
        "list, page 1": list_page,
        "list, page 50": f"{list_page}?page={min(50, last)}",
        f"list, page {last:,}, the last": f"{list_page}?page={last}",
        "list by source": f"{list_page}?source=supplier",
        "list by language": f"{list_page}?language=es",
        "list by both, page 20": f"{list_page}?source=other&language=ca&page=20",
        **{f"search, {name} word": f"{list_page}?{urlencode({'q': word})}" for name, (word, _n) in words.items()},
        "search, two words and a source": f"{list_page}?"
        + urlencode({"q": f"{words['common'][0]} {words['middling'][0]}", "source": "other"}),
        "inbox": "/inbox/",
    }
    found["pages"] = {}
    for name, path in pages.items():
        size = len(browser.get(path).body.encode())
        timed = times(pid, n, lambda _turn, path=path: browser.get(path).seconds)
        found["pages"][name] = {**timed, "kib": size // 1024}
    found["pages"]["similar search"] = similar(site, browser, big, n)
    found["memory_after"] = memory_mib(pid)
    return found


def similar(site: Product, browser: Browser, big: str, n: int) -> dict:
    """Return the times of searching by meaning while typing: the block the page asks for, another text each time."""
    assert site.process is not None
    rng = random.Random(9)
    texts = real_texts() or made_up(rng, N_MADE_UP)
    asked = [f"/challenges/{big}/similar/?{urlencode({'q': rng.choice(texts)[0]})}" for _turn in range(n + 1)]
    began = time.perf_counter()
    ask = {"HX-Request": "true", "HX-Target": "found"}
    browser.connection.timeout = 600
    browser.ask("GET", asked[0], more=ask)
    first = time.perf_counter() - began
    timed = times(site.process.pid, n, lambda turn: browser.ask("GET", asked[turn + 1], more=ask).seconds)
    return {**timed, "first_seconds": round(first, 1)}


def verdicts(figures: dict, *, busy: bool) -> list[dict]:
    """Return for each target what was measured, by wall clock and by processor time, and whether it was met.

    On a machine that others keep busy a time over by the clock but within by processor time counts as "within by CPU".
    The import's seconds are scaled to the stated number of rows.
    """
    rows = []
    for name, one in figures["pages"].items():
        if name == "inbox":
            continue
        field, target = ("p95", SIMILAR_TARGET) if name == "similar search" else ("p50", LIST_TARGET)
        rows.append({"what": f"{name}, {field}", "target": target, "unit": "ms", "measured": one[field],
                     "cpu": one["cpu"]})  # fmt: skip
    scale = N_IMPORTED / max(1, figures["import"]["rows"])
    rows.append({"what": f"import of {N_IMPORTED:,}", "target": IMPORT_TARGET, "unit": "s",
                 "measured": round(figures["import"]["seconds"] * scale, 1),
                 "cpu": round(figures["import"]["cpu_seconds"] * scale, 1)})  # fmt: skip
    for row in rows:
        over = "within by CPU" if busy and row["cpu"] <= row["target"] else "missed"
        row["verdict"] = "met" if row["measured"] <= row["target"] else over
    return rows


def show(figures: dict) -> None:
    """Work out the verdicts of each database and print them."""
    console = Console(highlight=False)
    texts, loads = "real" if figures["data"] else "made-up", (figures["load_before"], figures["load_after"])
    console.print(f"{figures['ideas']:,} ideas in one challenge, {texts} texts; "
                  f"load {loads[0]} before, {loads[1]} after, on {figures['cores']} cores")  # fmt: skip
    for name, found in figures["databases"].items():
        found["targets"] = verdicts(found, busy=max(loads) > figures["cores"])
        table = Table(name, "target", "measured", "CPU", "")
        for row in found["targets"]:
            target, values = f"{row['target']} {row['unit']}", (f"{row[name]:g}" for name in ("measured", "cpu"))
            table.add_row(row["what"], target, *values, row["verdict"])
        console.print(table)
        inbox, words = found["pages"]["inbox"], found["words"]
        console.print(f"inbox {inbox['p50']} ms; server {found['memory_before']['rss']} MiB, "
                      f"{found['memory_after']['rss']} MiB with the index of similar entries; import "
                      f"{found['import']['peak_mib']} MiB; words {words}")  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
