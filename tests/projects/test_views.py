"""Pages of transfers, as the firm and its partner use them in turn."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

from permea.agreements.models import Agreement
from permea.disclosures import services as disclosures
from permea.projects import services
from permea.projects.models import Transfer
from permea.surface.testing import assert_page_ok
from tests.cast import AT
from tests.projects.conftest import cover

DAY = timedelta(days=1)
BEGIN = {
    "title": "Soft gripper", "direction": "out", "kind": "software", "about": "All of **it**.", "level": "6",
    "purpose": "use", "currency": "EUR", "language": "en",
}  # fmt: skip


def test_a_record_is_begun_covered_shown_and_listed(client_of, owner, member, evaluator, solver, stranger, request):
    pages = client_of(owner)
    assert "No transfer yet." in pages.get("/transfers/").text
    assert "No partner yet." in pages.get("/transfers/new/").text
    campus = request.getfixturevalue("campus")
    wrong = pages.post("/transfers/new/", {**BEGIN, "partner": "x"})
    edit = pages.post("/transfers/new/", {**BEGIN, "partner": campus.key}).url
    made, place = Transfer.objects.get(), edit.removesuffix("edit/")
    assert wrong.status_code == 422
    for text in ("There is no agreement with Campus yet.", "No agreement covers this yet."):
        assert text in pages.get(edit).text
    early, uncovered = pages.post(f"{place}show/"), pages.get(place).text
    assert early.status_code == 409
    assert ("Name an agreement" in uncovered, "<strong>it</strong>" in uncovered) == (True, True)
    assert client_of(solver).get(place).status_code == 404
    agreement = cover(made, status="offered")
    Transfer.objects.update(agreement=None)
    item = disclosures.create_item(
        organisation=made.organisation, actor=owner, at=AT,
        content=disclosures.ItemInput(title="Cold seal", kind="technology", owner=owner),
    )  # fmt: skip
    said = {"title": "Soft gripper", "about": "All of it.", "purpose": "use", "agreement": agreement.key}
    assert "Licence (Under negotiation)" in pages.get(edit).text
    assert [pages.post(edit, {**said, "title": ""}).status_code, pages.post(edit, said).url] == [422, place]
    Agreement.objects.update(status="signed")
    pages.post(edit, {**said, "item_key": item.key})
    pages.post(f"{place}show/")
    shown = client_of(solver).get(place).text
    assert ("you take over" in shown, "rail" in shown, "Licence" in shown, item.key in shown) == (
        True, False, True, False,
    )  # fmt: skip
    assert (f"/items/{item.key}/" in pages.get(place).text, "you hand over" in pages.get(place).text) == (True, True)
    found = [pages.get("/transfers/", {"text": "campus", "kind": "software"}), client_of(solver).get("/my/transfers/")]
    assert ["Soft gripper" in page.text for page in found] == [True, True]
    none = [pages.get("/transfers/", {"state": "done"}).text, pages.get("/transfers/", {"kind": "nothing"}).text]
    assert ["No transfer fits" in page for page in none] == [True, False]
    assert "No transfer yet." in client_of(stranger).get("/my/transfers/").text
    answers = [client_of(one).get(where).status_code for one in (member, evaluator, stranger, solver)
               for where in (place, edit, "/transfers/")]  # fmt: skip
    assert answers == [200, 404, 200, 404, 404, 404, 404, 404, 404, 200, 404, 404]
    Transfer.objects.update(state="done")
    late = pages.post(edit, {**said, "title": "Another"})
    assert (late.status_code, "does not change any more" in late.text) == (409, True)


def test_both_sides_fill_what_is_theirs_until_it_is_accepted_and_supported(client_of, owner, solver, make_transfer):
    made = make_transfer()
    place, pages, guest = f"/transfers/{made.key}/", client_of(owner), client_of(solver)
    first, *others = made.items.order_by("number")
    early = pages.post(f"{place}package/", {f"state_{first.key}": "handed"})
    assert (early.status_code, "Begin the hand-over first." in early.text) == (409, True)
    assert guest.post(f"{place}move/", {"to": "handing"}).status_code == 409
    pages.post(f"{place}move/", {"to": "handing"})
    all_handed = {f"state_{item.key}": "handed" for item in (first, *others)}
    pages.post(f"{place}level/", {"level": "7", "basis": "Two pilots"})
    guest.post(f"{place}package/new/", {"name": "A cable"})
    pages.post(f"{place}training/new/", {"topic": "How it grips", "on": "2026-03-02"})
    guest.post(f"{place}test/new/", {"name": "It grips", "target": "95 of 100"})
    guest.post(f"{place}readiness/new/", {"name": "A desk"})
    half = pages.post(f"{place}package/", all_handed)
    cable = made.items.get(name="A cable")
    assert half.url == f"{place}#package"
    pages.post(f"{place}package/", {f"state_{cable.key}": "missing", f"note_{cable.key}": "By Friday"})
    session, point, criterion = made.sessions.get(), made.points.get(name="A desk"), made.criteria.get()
    guest.post(f"{place}training/", {f"people_{session.key}": "Ida, Ivo"})
    budget = {f"owner_{point.key}": "Ida", f"budget_{point.key}": "900", f"ready_{point.key}": "on"}
    assert guest.post(f"{place}readiness/", {f"ready_{point.key}": "on"}).status_code == 409
    guest.post(f"{place}readiness/", budget)
    pages.post(f"{place}move/", {"to": "testing"})
    measured = {f"measured_{criterion.key}": "97 of 100", f"passed_{criterion.key}": "yes"}
    assert pages.post(f"{place}test/", measured).status_code == 409
    assert guest.post(f"{place}test/", {**measured, f"passed_{criterion.key}": "perhaps"}).status_code == 422
    guest.post(f"{place}test/", measured)
    assert guest.post(f"{place}verdict/", {"verdict": "remarks"}).status_code == 409
    guest.post(f"{place}verdict/", {"verdict": "remarks", "note": "The cable is short."})
    window = {"start": "2026-03-02", "until": "2026-05-02", "contact": "Olga", "hours": "8 to 16"}
    pages.post(f"{place}support/", window)
    pages.post(f"{place}move/", {"to": "support"})
    ours, theirs = pages.get(place).text, guest.get(place).text
    for text in (
        "7 of 9: A prototype has worked in use", "Two pilots", "By Friday", "How it grips", "Ida, Ivo", "97 of 100",
        "The cable is short.", "Olga", "1 of 1 criteria passed", "level 7", "In support",
    ):  # fmt: skip
        assert (text in ours, text in theirs) == (True, True)
    assert ["EUR 900" in page for page in (ours, theirs)] == [False, True]
    listed = pages.get("/transfers/").text
    assert ("Accepted at the first test" in listed, "until May 2, 2026" in listed) == (True, True)


def test_what_is_wrong_or_of_the_other_side_is_not_written(client_of, owner, solver, make_transfer, bring):
    made = bring(make_transfer(), "handing")
    place, pages, guest = f"/transfers/{made.key}/", client_of(owner), client_of(solver)
    all_handed = {f"state_{item.key}": "handed" for item in made.items.all()}
    wrong = [*ours_wrong(pages, place, made), *theirs_wrong(guest, place)]
    foreign = [
        guest.post(f"{place}package/", all_handed), guest.post(f"{place}level/", {"level": "9"}),
        guest.post(f"{place}training/new/", {"topic": "x", "on": "2026-03-02"}),
        pages.post(f"{place}test/new/", {"name": "x", "target": "x"}),
        pages.post(f"{place}readiness/new/", {"name": "x"}),
    ]  # fmt: skip
    assert (wrong, [one.status_code for one in foreign]) == ([422] * 8, [409] * 5)
    nothing = [guest.post(f"{place}package/"), *(pages.post(place + path) for path in ("test/", "readiness/"))]
    assert ([one.status_code for one in nothing], pages.post(f"{place}package/").status_code) == ([409] * 3, 302)
    refused = pages.post(f"{place}support/", {"start": "2026-03-02", "until": "2026-03-01", "contact": "Ida"}).text
    assert "<details open><summary>Promise support" in refused


def ours_wrong(pages, place, made):
    """Return how the firm's page answers what makes no sense."""
    return [
        pages.post(place + path, said).status_code
        for path, said in (
            ("package/", {f"state_{made.items.first().key}": "gone"}), ("package/new/", {"name": ""}),
            ("training/new/", {"topic": "x"}), ("level/", {"level": "10"}), ("support/", {"start": "x"}),
        )
    ]  # fmt: skip


def theirs_wrong(guest, place):
    """Return how the partner's page answers what makes no sense."""
    sent = (("test/new/", {"name": "x"}), ("verdict/", {}), ("readiness/new/", {"name": ""}))
    return [guest.post(place + path, said).status_code for path, said in sent]


def test_what_a_colleague_wrote_meanwhile_stays(client_of, owner, make_transfer, bring):
    made = bring(make_transfer(), "handing")
    first, second = made.items.order_by("number")[:2]
    page = {
        f"initial-state_{item.key}": "open" for item in made.items.all()
    } | {f"state_{item.key}": "open" for item in made.items.all()}  # fmt: skip
    said = {first.key: services.ItemSaid("handed")}
    services.say_items(transfer_id=made.pk, said=said, actor=owner, at=AT)
    client_of(owner).post(f"/transfers/{made.key}/package/", {**page, f"state_{second.key}": "missing"})
    for item in (first, second):
        item.refresh_from_db()
    assert (first.state, second.state) == ("handed", "missing")
    shown = client_of(owner).get(f"/transfers/{made.key}/").text
    assert f'name="initial-state_{first.key}" value="handed"' in shown


def test_it_is_refused_mended_and_said_on_the_firms_page_when_nothing_covers_it(
    client_of, owner, solver, make_transfer, bring
):
    made = bring(make_transfer("in"), "refused", passed=False)
    place, guest = f"/transfers/{made.key}/", client_of(solver)
    shown = guest.get(place).text
    assert ("Hand over anew" in shown, "It drops them." in shown) == (True, True)
    guest.post(f"{place}move/", {"to": "handing"})
    assert "All handed over: have it tested" in guest.get(place).text
    assert "you take over" in client_of(owner).get("/transfers/").text
    Agreement.objects.update(ended_at=AT)
    lapsed = client_of(owner).get(place).text
    assert "Until then your partner does not see this page" in lapsed
    assert (guest.get(place).status_code, "No transfer yet." in guest.get("/my/transfers/").text) == (404, True)
    Transfer.objects.update(agreement=None)
    assert "No transfer yet." in guest.get("/my/transfers/").text


def test_the_list_is_taken_along_without_what_a_partner_plans_to_spend(
    client_of, owner, solver, member, make_transfer, bring
):
    out, taken = bring(make_transfer(), "accepted"), make_transfer("in", title="Valve", is_covered=False)
    for made, actor in ((out, solver), (taken, owner)):
        said = {made.points.first().key: services.PointSaid("Ida", 900, is_ready=True)}
        services.say_points(transfer_id=made.pk, said=said, actor=actor, at=AT)
    table = client_of(owner).post("/transfers/table.csv").text
    rows = {row["title"]: row for row in csv.DictReader(StringIO(table))}
    names = (
        "direction", "items_handed", "criteria_passed", "first_verdict_good", "days_to_accept", "budget", "agreement",
    )  # fmt: skip
    assert [rows["Soft gripper"][name] for name in names] == ["out", "6", "1", "1", "0.0", "", "Licence"]
    assert [rows["Valve"][name] for name in names] == ["in", "0", "0", "", "", "900.00", ""]
    assert client_of(member).post("/transfers/table.csv").status_code == 404


def test_the_firm_drops_a_planned_transfer_and_both_sides_then_only_read_it(client_of, owner, solver, make_transfer):
    made = make_transfer()
    page, inside, outside = f"/transfers/{made.key}/", client_of(owner), client_of(solver)
    assert "Drop this transfer" not in assert_page_ok(outside.get(page)).text
    assert "Drop this transfer" in assert_page_ok(inside.get(page)).text
    wrong = inside.post(f"{page}drop/", {"reason": " "})
    assert (wrong.status_code, outside.post(f"{page}drop/", {"reason": "x"}).status_code) == (422, 409)
    for _twice in range(2):
        assert inside.post(f"{page}drop/", {"reason": "No money."}).status_code == 302
    for client in (inside, outside):
        shown = assert_page_ok(client.get(page)).text
        assert ("It can only be read." in shown, "No money." in shown) == (True, True)
        assert "<form" not in shown.partition("<main")[2].partition("</main>")[0]
    assert inside.post(f"{page}drop/", {"reason": "Other."}).status_code == 409
    assert "Dropped" in assert_page_ok(inside.get("/transfers/?state=dropped")).text
