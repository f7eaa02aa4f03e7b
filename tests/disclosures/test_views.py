"""Pages of items, of guests and of who has seen what."""

from __future__ import annotations

import csv
import io

from permea.disclosures.models import Item, Part, Share
from permea.ledger.models import Crossing
from tests.cast import AT


def test_an_item_is_written_shared_looked_at_and_taken_back(client_of, owner, member, campus, agree, solver):  # noqa: PLR0915 - one story, step by step
    pages, agreement = client_of(owner), agree(campus)
    said = {"title": "Cold seal", "kind": "technology", "sensitivity": "4", "language": "en", "owner": owner.key}
    invalid = pages.post("/items/new/", {**said, "title": ""})
    address = pages.post("/items/new/", said).url
    item = Item.objects.get()
    room = {"label": "How", "text": "By **cold**.", "depth": "room"}
    empty = pages.post(f"{address}parts/new/", {**room, "text": ""})
    pages.post(f"{address}parts/new/", room)
    part = Part.objects.get()
    pages.post(f"/parts/{part.key}/", {**room, "text": "By ice."})
    pages.post(f"{address}edit/", {**said, "title": "Ice seal", "teaser": "A seal"})
    early = {"organisation": campus.key, "depth": "room", "purpose": "evaluate", "closes_on": "2020-01-01"}
    refused = pages.post(f"{address}shares/", early)
    unsaid = pages.post(f"{address}shares/", {**early, "closes_on": "x"})
    unpublished = pages.post(f"{address}publish/")
    never = pages.post(f"{address}unpublish/")
    pages.post(f"{address}shares/", {**early, "closes_on": "2026-03-09"})
    told = [answer.status_code for answer in (invalid, empty, refused, unsaid, unpublished, never)]
    assert told == [422, 409, 409, 422, 409, 409]
    assert "Campus" in pages.get("/items/?q=ice&sensitivity=4").text
    assert "Ice seal" not in pages.get("/items/?q=x").text
    guest = client_of(solver)
    shown = guest.get(f"/shared/{item.key}/").text
    looked = pages.get(f"{address}as/?reader={solver.key}").text
    assert (
        shown[shown.index('<div class="stack-large">') :].partition("</main>")[0]
        == (looked[looked.index('<div class="stack-large">') :].partition("</main>")[0])
    )
    assert "By ice." in shown
    assert "does not exist" in pages.get(f"{address}as/?reader=").text
    assert pages.get(f"{address}as/?reader=nobody").status_code == 404
    agreement.ended_at = AT
    agreement.save()
    closed = guest.get(f"/shared/{item.key}/").text
    assert ("How" in closed, "The room is closed." in closed) == (False, True)
    public = {"label": "In short", "text": "It seals.", "depth": "public"}
    pages.post(f"{address}parts/new/", public)
    pages.post(f"{address}publish/")
    assert "It seals." in guest.get(f"/shown/{item.key}/").text
    pages.post(f"{address}unpublish/")
    pages.post(f"/shares/{Share.objects.get().key}/close/")
    pages.post(f"/parts/{part.key}/remove/")
    inside = client_of(member).get(address).text
    assert ("It seals." in inside, "By ice." in inside, "Share it" in inside) == (True, False, False)
    assert [guest.get(f"/{what}/{item.key}/").status_code for what in ("shown", "shared")] == [404, 404]
    assert "Nothing is shared with you" in guest.get("/shared/").text


def test_a_public_file_is_sent_to_anybody_while_the_item_is_published(client, client_of, owner, make_item):
    item, pages = make_item(), client_of(owner)
    file = io.BytesIO(b"Sheet.")
    file.name = "sheet.txt"
    pages.post(f"/items/{item.key}/parts/new/", {"label": "Sheet", "depth": "public", "file": file})
    part = Part.objects.filter(item=item).latest("pk")
    address = f"/shown/{item.key}/files/{part.key}/"
    before = client.get(address).status_code
    pages.post(f"/items/{item.key}/publish/")
    answer = client.get(address)
    assert (before, answer.getvalue(), answer["X-Content-Type-Options"]) == (404, b"Sheet.", "nosniff")
    assert client.get(f"/shown/{item.key}/files/{Part.objects.filter(item=item).first().key}/").status_code == 404


def test_who_has_seen_what_is_shown_and_taken_along_without_formulas(client_of, owner, make_item, share, solver_two):
    item = make_item(title="=1+1", sensitivity=5)
    share(item, solver_two, depth="invited")
    client_of(solver_two).get(f"/api/shared/{item.key}")
    listed = client_of(solver_two).get("/api/shared").json()
    pages = client_of(owner)
    page = pages.get(f"/seen/?item={item.key}&is_uncovered=on").text
    table = list(csv.DictReader(io.StringIO(pages.post("/seen/table.csv", {"item": item.key}).text)))
    assert (listed["n"], listed["items"][0]["title"]) == (1, "A better seal")
    assert ("Sina Solver" in page, "not covered now" in page) == (True, True)
    assert [(row["title"], row["part"], row["covered_now"]) for row in table] == [("'=1+1", "Label invited", "no")]
    assert Crossing.objects.filter(kind="disclosure.list_exported").count() == 1
    assert "5, would endanger the firm" in pages.get("/seen/at-stake/").text
    assert "Nobody outside has read what you ask for" in pages.get("/seen/?person=nobody").text
