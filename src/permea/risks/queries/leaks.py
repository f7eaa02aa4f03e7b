"""What may leak: who outside has read what without an agreement that binds them now, by item and by organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from permea.disclosures.models import Item
from permea.disclosures.queries import uncovered
from permea.people.models import Organisation
from permea_engine.exposure import leak_exposure


@dataclass(frozen=True, slots=True)
class LeakRow:
    """An item or an organisation (None for people without one), its readers not covered now, and its points."""

    item: Item | None
    organisation: Organisation | None
    n_readers: int
    points: int


@dataclass(frozen=True, slots=True)
class LeakPage:
    """What may leak, most first; both lists add up to the points in all."""

    points: int
    by_item: list[LeakRow]
    by_organisation: list[LeakRow]


def leak_page(organisation: Organisation, at: datetime) -> LeakPage:
    """Return what may leak from a firm, in the figures of what is at stake."""
    rows = uncovered(organisation, at).order_by("last_at", "pk").values_list("item_id", "reader_id", "organisation_id")
    readings = list(rows)
    items = list(dict.fromkeys(item for item, _reader, _firm in readings))
    firms = list(dict.fromkeys(firm for _item, _reader, firm in readings))
    item_rows, firm_rows = ({pk: row for row, pk in enumerate(every)} for every in (items, firms))
    readers: dict[int | None, set[int]] = {firm: set() for firm in firms}
    for (_item, reader), firm in {(item, reader): firm for item, reader, firm in readings}.items():
        readers[firm].add(reader)
    known, named = Item.objects.in_bulk(items), Organisation.objects.in_bulk([firm for firm in firms if firm])
    leak = leak_exposure(
        [known[pk].sensitivity for pk in items],
        [item_rows[item] for item, _reader, _firm in readings],
        [reader for _item, reader, _firm in readings],
        [firm_rows[firm] for _item, _reader, firm in readings],
        [False] * len(readings),
    )
    by_item = [
        LeakRow(known[pk], None, int(n), int(points))
        for pk, n, points in zip(items, leak.readers, leak.by_item, strict=True)
    ]
    by_firm = [
        LeakRow(None, named.get(firm or 0), len(readers[firm]), int(points))
        for firm, points in zip(firms, leak.by_group, strict=True)
        if readers[firm]
    ]
    return LeakPage(
        points=int(leak.total),
        by_item=sorted(by_item, key=lambda row: -row.points),
        by_organisation=sorted(by_firm, key=lambda row: -row.points),
    )
