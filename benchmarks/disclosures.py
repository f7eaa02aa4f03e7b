"""Who has seen what among millions of readings, and what partners may read among very many items.

usage: python benchmarks/disclosures.py [--out FILE] [--items N] [--partners N] [--readings N]

Every item has one part in the room and is shared with one partner; every partner has twenty people and two agreements,
one about everything for another purpose, which is over for every second partner, and one about twenty items. Rows are
stored in bulk, as the services store one.
Each figure is the median of fifty calls of the query behind a page, with the page's first rows and its count.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]

from _load import _person, prepare
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results" / "disclosures.json"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE, SUBJECTS, CHUNK, CALLS = 20, 20, 2000, 50
READINGS = """
INSERT INTO disclosures_seen
    (house_id, item_id, version_id, reader_id, organisation_id, depth, first_at, last_at, crossed_at, n)
SELECT %s, part.item_id, version.id, person_id, organisation_id, 'invited', %s, %s, %s, 1
FROM disclosures_partversion version
JOIN disclosures_part part ON part.id = version.part_id
JOIN places ON place = (version.id + %s) %% %s
"""
TARGETS = {"seen by item": 50, "seen by person": 50, "seen by organisation": 50, "shared with a guest": 60}


def main() -> int:
    """Store the load, ask, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--partners", type=int, default=500)
    parser.add_argument("--readings", type=int, default=5_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="permea-bench-") as place:
        prepare(Path(place), "http://127.0.0.1:8000")
        house, owner = load(options.items, options.partners)
        n_readings = store_readings(options.readings, options.items, house)
        figures = {
            "items": options.items, "partners": options.partners, "agreements": 2 * options.partners,
            "readings": n_readings, "cores": os.cpu_count(), "load": os.getloadavg()[0], **measure(house, owner),
        }  # fmt: skip
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    show(figures)
    return 0


def load(n_items, n_partners):
    """Store a firm, its partners with people and agreements, and its items, each shared with one partner."""
    from permea.agreements.models import Agreement, AgreementParty, AgreementSubject
    from permea.disclosures.models import Item, Part, PartVersion, Share
    from permea.people import services as people
    from permea.people.models import Membership, Organisation, Person

    owner = _person("olga@lindenhof.example", "Olga Owner", "Lindenhof Robotics", AT)
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=AT
    )
    partners = Organisation.objects.bulk_create(
        Organisation(name=f"Partner {n}", kind="supplier", created_at=AT) for n in range(n_partners)
    )
    guests = Person.objects.bulk_create(
        [Person(email=f"guest{n}@example.org", name=f"Guest {n}", joined_at=AT) for n in range(n_partners * PEOPLE)],
        batch_size=CHUNK,
    )
    seats = [
        Membership(person=guest, organisation=partners[n % n_partners], role="member", since=AT)
        for n, guest in enumerate(guests)
    ]
    Membership.objects.bulk_create(seats, batch_size=CHUNK)
    texts = {"kind": "nda_mutual", "status": "signed", "valid_from": AT, "created_by": owner, "created_at": AT}
    agreements = Agreement.objects.bulk_create(
        Agreement(
            organisation=house, title=f"Agreement {n}", is_about_everything=n < n_partners,
            purposes=["supply" if n < n_partners else "evaluate"],
            ended_at=AT + timedelta(hours=1) if n < n_partners and n % 2 else None, **texts,
        )
        for n in range(2 * n_partners)
    )  # fmt: skip
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=row, organisation=partners[n % n_partners]) for n, row in enumerate(agreements)
    )
    for first in range(0, n_items, CHUNK):
        numbers = range(first, min(first + CHUNK, n_items))
        items = Item.objects.bulk_create(
            Item(
                organisation=house, title=f"Item {n}", teaser=f"Something {n}", kind="technology", owner=owner,
                sensitivity=1 + n % 5, created_at=AT, changed_at=AT + timedelta(seconds=n),
            )
            for n in numbers
        )  # fmt: skip
        parts = Part.objects.bulk_create(Part(item=item, position=1, depth="room") for item in items)
        versions = PartVersion.objects.bulk_create(
            PartVersion(part=part, number=1, label="How", text="So.", sha256="0" * 64, made_by=owner, made_at=AT)
            for part in parts
        )
        for part, version in zip(parts, versions, strict=True):
            part.current = version
        Part.objects.bulk_update(parts, ["current"])
        Share.objects.bulk_create(
            Share(
                item=item, organisation=partners[n % n_partners], depth="room" if n // n_partners % 2 else "invited",
                purpose="evaluate", opened_by=owner, opened_at=AT,
            )
            for n, item in zip(numbers, items, strict=True)
        )  # fmt: skip
        AgreementSubject.objects.bulk_create(
            AgreementSubject(agreement=agreements[n_partners + n % n_partners], subject_key=item.key)
            for n, item in zip(numbers, items, strict=True)
            if n // n_partners < SUBJECTS
        )
    return house, owner


def store_readings(n_readings, n_items, house):
    """Store so many readings, each version read by as many people as it takes; return how many there are.

    Indexes are made anew behind the rows, which is faster and leaves the same ones.
    """
    from django.db import connection

    from permea.disclosures.models import Seen
    from permea.people.models import Membership

    readers = Membership.objects.exclude(organisation=house).count()
    rounds = min(-(-n_readings // n_items), readers)
    meta = Seen._meta  # noqa: SLF001 - Django's own name for it
    with connection.schema_editor() as editor:
        for index in meta.indexes:
            editor.remove_index(Seen, index)
        for constraint in meta.constraints:
            editor.remove_constraint(Seen, constraint)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE places AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, person_id, "
            "organisation_id FROM people_membership WHERE organisation_id <> %s",
            [house.pk],
        )
        cursor.execute("CREATE UNIQUE INDEX temp.by_place ON places (place)")
        for number in range(rounds):
            at = AT + timedelta(minutes=number)
            cursor.execute(READINGS, [house.pk, at, at, at, number * (readers // rounds), readers])
    with connection.schema_editor() as editor:
        for index in meta.indexes:
            editor.add_index(Seen, index)
        for constraint in meta.constraints:
            editor.add_constraint(Seen, constraint)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Seen.objects.count()


def measure(house, owner):
    """Return how long each question takes, in milliseconds, and how many queries the list of a guest takes."""
    from permea.agreements.models import Agreement
    from permea.disclosures import queries
    from permea.disclosures.models import Item
    from permea.people.models import Organisation, Person

    at = AT + timedelta(days=1)
    items = list(Item.objects.order_by("pk").values_list("key", flat=True)[:: max(1, Item.objects.count() // CALLS)])
    guests = list(Person.objects.filter(email__startswith="guest").order_by("pk")[:CALLS])
    firms = list(Organisation.objects.filter(is_host=False).order_by("pk")[:CALLS])
    agreements = list(Agreement.objects.order_by("pk")[:CALLS])

    def seen(**asked):
        filters = queries.SeenFilters(**asked)
        return list(queries.seen_page(owner, house, filters, at).page)

    times = {
        "seen by item": [timed(seen, item=key) for key in items],
        "seen by person": [timed(seen, person=guest.key) for guest in guests],
        "seen by organisation": [timed(seen, organisation=firm.key) for firm in firms],
        "seen by agreement": [timed(seen, agreement=row.key) for row in agreements],
        "seen, everything": [timed(seen) for _number in range(5)],
        "shared with a guest": [timed(queries.shared_page, guest, at) for guest in guests],
        "items inside": [timed(queries.items_page, owner, house, at) for _number in range(10)],
        "what is at stake": [timed(queries.exposure_of, owner, house, at)],
    }
    medians = {name: round(statistics.median(each) * 1000, 1) for name, each in times.items()}
    return {
        "milliseconds": medians,
        "met": {name: medians[name] <= limit for name, limit in TARGETS.items()},
        "queries_of_a_guest": n_queries(guests[0], at),
    }


def n_queries(guest, at):
    """Return how many queries the list of a guest takes with rooms among the shares, and without."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from permea.disclosures import queries
    from permea.disclosures.models import Share

    counts = {}
    for name in ("with rooms", "without rooms"):
        if name == "without rooms":
            Share.objects.update(depth="invited")
        with CaptureQueriesContext(connection) as asked:
            queries.shared_page(guest, at)
        counts[name] = len(asked)
    return counts


def timed(ask, *args, **kwargs):
    """Return how many seconds a call takes."""
    begin = time.perf_counter()
    ask(*args, **kwargs)
    return time.perf_counter() - begin


def show(figures):
    """Print the figures."""
    table = Table("question", "median (ms)", "at most (ms)")
    for name, value in figures["milliseconds"].items():
        table.add_row(name, f"{value:,.1f}", str(TARGETS.get(name, "")))
    console = Console()
    console.print(table)
    console.print(f"{figures['readings']:,} readings; queries of a guest's list: {figures['queries_of_a_guest']}")


if __name__ == "__main__":
    raise SystemExit(main())
