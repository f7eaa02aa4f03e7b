"""What is written when items are made, shared, read and taken along."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.disclosures import queries, services
from permea.disclosures.models import Item, Part, PartVersion, Seen, Share
from permea.foundation.files.intake import SentFile
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.people.models import Person
from permea.people.queries import personal_data_of
from permea.people.services import erase_person
from tests.cast import AT

HOUR = timedelta(hours=1)


def crossings(prefix="disclosure."):
    rows = Crossing.objects.filter(kind__startswith=prefix).order_by("number")
    return [(row.kind.removeprefix(prefix), row.direction, row.depth) for row in rows]


def part_of(item, depth):
    return Part.objects.get(item=item, depth=depth)


def test_a_room_read_twice_in_an_hour_is_told_once_and_a_file_each_time(make_item, share, agree, campus, solver):
    item = make_item()
    file = SentFile("plan.txt", [b"Plan."])
    said = services.PartInput(label="Plan", depth="room", file=file)
    plan = services.save_part(item_id=item.pk, content=said, actor=item.owner, at=AT)
    share(item, campus)
    nda = agree(campus, until=AT + 5 * HOUR)
    told = {"key": item.key, "reader": solver}
    for minutes in (0, 30, 60):
        services.read_item(**told, at=AT + timedelta(minutes=minutes))
    for _twice in range(2):
        services.download_part(**told, part_key=plan.key, at=AT + HOUR)
    services.export_item(**told, at=AT + HOUR)
    services.read_item(**told, at=AT + 5 * HOUR)
    assert crossings() == [
        ("shared", "out", "room"),
        *[("viewed", "out", "room")] * 2,
        *[("downloaded", "out", "room")] * 2,
        ("exported", "out", "room"),
        ("viewed", "out", "invited"),
    ]
    last = Crossing.objects.filter(kind="disclosure.viewed", depth="room").latest("number")
    assert (last.terms_key, last.counterparty_key, last.actor_key) == (nda.key, campus.key, solver.key)
    assert f'"{plan.key}":1' in last.body
    counts = Seen.objects.filter(reader=solver).order_by("pk").values_list("depth", "agreement", "n")
    assert list(counts) == [("invited", nda.pk, 4), ("room", nda.pk, 4), ("room", nda.pk, 6), ("invited", None, 1)]


def test_a_changed_part_is_a_new_version_and_what_is_the_same_is_none(make_item, owner, share, agree, campus, solver):
    item = make_item()
    share(item, campus)
    agree(campus)
    part = part_of(item, "room")
    services.read_item(key=item.key, reader=solver, at=AT)
    for text in ("Says room.", "Says more.", "Says more."):
        said = services.PartInput(label="Label room", text=text, depth="room")
        services.save_part(item_id=item.pk, part_id=part.pk, content=said, actor=owner, at=AT)
    services.read_item(key=item.key, reader=solver, at=AT)
    versions = PartVersion.objects.filter(part=part).order_by("number")
    assert list(versions.values_list("number", "text")) == [(1, "Says room."), (2, "Says more.")]
    assert Seen.objects.filter(version__part=part).count() == 2
    services.remove_part(part_id=part.pk, actor=owner, at=AT)
    shown = queries.shown_to(solver, item.key, AT)
    assert [one.depth for one in shown.parts] == ["public", "invited"]
    assert shown.title == "A better seal"


def test_a_file_keeps_its_bytes_when_only_its_name_changes_and_none_stay_of_one_refused(make_item, owner, folder):
    item = make_item()
    sent = services.PartInput(label="Plan", file=SentFile("plan.txt", [b"Plan."]))
    part = services.save_part(item_id=item.pk, content=sent, actor=owner, at=AT)
    renamed = services.PartInput(label="Drawing")
    services.save_part(item_id=item.pk, part_id=part.pk, content=renamed, actor=owner, at=AT)
    nameless = services.PartInput(label=" ", file=SentFile("plan.txt", [b"Other."]))
    with pytest.raises(RefusedError) as refused:
        services.save_part(item_id=item.pk, content=nameless, actor=owner, at=AT)
    first, second = PartVersion.objects.filter(part=part).order_by("number")
    assert (first.path, first.sha256, second.label) == (second.path, second.sha256, "Drawing")
    kept = [path for path in (folder / "files").rglob("*") if path.is_file()]
    assert (refused.value.refusal.code, len(kept)) == ("disclosures.part_empty", 1)
    assert (queries.is_named_file(first.path), queries.is_named_file("no/thing")) == (True, False)


def test_what_the_world_comes_to_see_is_told_each_time(make_item, owner):
    item = make_item()
    told = {"actor": owner, "at": AT}
    services.publish_item(item_id=item.pk, **told)
    public, invited = part_of(item, "public"), part_of(item, "invited")
    new = services.PartInput(label="New", text="New.", depth="public")
    services.save_part(item_id=item.pk, content=new, **told)
    out = services.PartInput(label="Label invited", text="Says invited.", depth="public")
    services.save_part(item_id=item.pk, part_id=invited.pk, content=out, **told)
    services.save_part(item_id=item.pk, part_id=invited.pk, content=out, **told)
    back = services.PartInput(label="Label public", text="Says public.", depth="inside")
    services.save_part(item_id=item.pk, part_id=public.pk, content=back, **told)
    services.unpublish_item(item_id=item.pk, **told)
    assert crossings() == [
        ("published", "out", "public"),
        ("published", "out", "public"),
        ("moved", "out", "public"),
        ("published", "out", "public"),
        ("moved", "inside", "inside"),
        ("unpublished", "inside", "public"),
    ]


def test_a_share_by_an_address_nobody_used_yet_waits_for_them(make_item, owner, share, member):
    item = make_item()
    content = services.ShareInput(email="new@lab.example", depth="invited", purpose="evaluate")
    opened = services.share_item(item_id=item.pk, content=content, actor=owner, at=AT)
    newcomer = Person.objects.get(email="new@lab.example")
    assert (opened.person, queries.shared_page(newcomer, AT).rows[0].title) == (newcomer, "A better seal")
    with pytest.raises(RefusedError) as refused:
        share(item, member)
    assert refused.value.refusal.code == "disclosures.own_member"
    for _twice in range(2):
        services.close_share(share_id=opened.pk, actor=owner, at=AT + HOUR)
    assert [row[0] for row in crossings()] == ["shared", "unshared"]
    assert queries.shared_page(newcomer, AT + HOUR).rows == []


def test_erasing_closes_what_was_shared_and_keeps_what_was_read(make_item, share, solver_two):
    item = make_item()
    share(item, solver_two, depth="invited")
    services.read_item(key=item.key, reader=solver_two, at=AT)
    known = personal_data_of(solver_two)
    lines = queries.erasure_lines(solver_two)
    erase_person(person=solver_two, actor=solver_two, at=AT + HOUR)
    assert [(row["item"], row["closed_at"]) for row in known["shared_items"]] == [(item.key, None)]
    assert [(row["part"], row["agreement"], row["times"]) for row in known["seen_items"]] == [
        (part_of(item, "invited").key, None, 1)
    ]
    assert (len(lines.goes), len(lines.stays)) == (1, 1)
    assert (Share.objects.get().closed_at, Seen.objects.count()) == (AT + HOUR, 1)
    assert [row[0] for row in crossings()] == ["shared", "viewed", "unshared"]
    assert personal_data_of(solver_two)["shared_items"][0]["closed_at"] == (AT + HOUR).isoformat()


def test_only_who_manages_writes(make_item, member, organisation, share, campus):
    item = make_item()
    opened, part = share(item, campus), part_of(item, "room")
    said = services.ItemInput(title="x", kind="plan", owner=member)
    told = {"actor": member, "at": AT}
    refused = []
    for write, named in (
        (services.create_item, {"organisation": organisation, "content": said}),
        (services.change_item, {"item_id": item.pk, "content": said}),
        (services.save_part, {"item_id": item.pk, "content": services.PartInput(label="a", text="b")}),
        (services.remove_part, {"part_id": part.pk}),
        (services.publish_item, {"item_id": item.pk}),
        (services.close_share, {"share_id": opened.pk}),
        (services.export_seen, {"organisation": organisation, "table": "", "n_rows": 0}),
    ):
        with pytest.raises(RefusedError) as error:
            write(**named, **told)
        refused.append(error.value.refusal.code)
    assert (set(refused), Item.objects.get().title) == ({"people.not_manager"}, "Cold seal")


def test_who_has_seen_what_by_every_filter_and_what_is_at_stake(
    make_item, share, agree, campus, solver, solver_two, owner, member, organisation
):
    seal, pump = make_item(sensitivity=4), make_item(title="Pump", sensitivity=2)
    for item, party in ((seal, campus), (seal, solver_two), (pump, solver_two)):
        share(item, party)
    nda = agree(campus, subject=seal.key, until=AT + 48 * HOUR)
    for item, reader, days in ((seal, solver, 0), (seal, solver_two, 1), (pump, solver_two, 1)):
        services.read_item(key=item.key, reader=reader, at=AT + days * 24 * HOUR)

    def seen(at=AT + 30 * HOUR, actor=owner, **asked):
        rows = queries.seen_rows(actor, organisation, queries.SeenFilters(**asked), at)
        return sorted({(row.item.title, row.reader.name) for row in rows})

    every = [("Cold seal", "Sam Solver"), ("Cold seal", "Sina Solver"), ("Pump", "Sina Solver")]
    second = (AT + 24 * HOUR).date()
    assert seen() == every
    assert seen(item=seal.key) == every[:2]
    assert [seen(person=said) for said in (solver.key, "SAM@workshop.example")] == [every[:1]] * 2
    assert seen(organisation=campus.key) == seen(agreement=nda.key) == seen(until=AT.date()) == every[:1]
    assert seen(since=second) == every[1:]
    assert (seen(item="nothing"), seen(actor=member)) == ([], [])
    assert seen(is_uncovered=True) == every[1:2]
    assert seen(is_uncovered=True, at=AT + 48 * HOUR) == every[:2]

    def stake(at, actor=owner):
        return [(row.item.title, row.n_readers, row.points) for row in queries.exposure_of(actor, organisation, at)]

    assert stake(AT + 30 * HOUR) == [("Cold seal", 1, 4), ("Pump", 1, 2)]
    assert stake(AT + 48 * HOUR) == [("Cold seal", 2, 8), ("Pump", 1, 2)]
    assert stake(AT + 48 * HOUR, member) == []
