"""Pages of alliances, as the firm and its partner use them in turn."""

from __future__ import annotations

from fractions import Fraction

from permea.agreements.models import Agreement, AgreementParty, AgreementVersion
from permea.alliances.models import Alliance, Contribution, Party
from permea.ledger.verifier import GENESIS, canonical, digest
from tests.cast import AT

SAID = {
    "goals": "A gripper for **soft** fruit.", "criterion_1": "It grips", "measure_1": "95 of 100 whole",
    "cadence": "Every Tuesday", "ip": "Whoever made it.", "exit": "Three months.", "task_1": "Build it",
    "milestone_1": "First picking", "due_1": "2026-06-01",
}  # fmt: skip
LINE = {"kind": "hours", "amount": "10", "unit": "hours", "value": "800", "on": "2026-03-02", "note": "Grip fingers"}


def test_a_charter_is_written_offered_changed_and_accepted(client_of, owner, solver, make_partner, organisation):
    pages, guest = client_of(owner), client_of(solver)
    assert "No partner to ally with yet." in pages.get("/alliances/new/").text
    campus = make_partner(solver)
    assert "No alliance yet." in pages.get("/alliances/").text
    begin = {"title": "Soft gripper", "partners": [campus.key], "currency": "EUR", "language": "en"}
    unsaid = pages.post("/alliances/new/", {**begin, "partners": []})
    address = pages.post("/alliances/new/", begin).url.removesuffix("charter/")
    alliance = Alliance.objects.get()
    firm, partner = Party.objects.order_by("number")
    agreed = Agreement.objects.create(
        organisation=organisation, kind="pilot", title="Pilot letter", status="offered", was_offered=True,
        created_by=owner, created_at=AT,
    )  # fmt: skip
    AgreementParty.objects.create(agreement=agreed, organisation=campus)
    AgreementVersion.objects.create(agreement=agreed, number=1, body="x", written_by=owner, written_at=AT)
    assert "No charter yet." in pages.get(address).text
    told = {**SAID, f"task_1_{firm.key}": "R", f"task_1_{partner.key}": "A", "agreement": agreed.key}
    wrong = [
        pages.post(f"{address}charter/", {**told, "goals": ""}),
        pages.post(f"{address}charter/", {**told, f"task_1_{firm.key}": "A"}),
    ]
    assert [one.status_code for one in (unsaid, *wrong)] == [422, 422, 409]
    assert "needs exactly one party that answers for it" in wrong[1].text
    pages.post(f"{address}charter/", told)
    assert guest.get(address).status_code == 404
    early = pages.post(f"{address}accept/", {"seen": ""})
    pages.post(f"{address}offer/")
    again = pages.post(f"{address}offer/")
    shown = guest.get(address).text
    assert (early.status_code, again.status_code, "rail" in shown) == (409, 409, False)
    for text in (
        "<strong>soft</strong>",
        "95 of 100 whole",
        "does it",
        "answers for it",
        "Jun 1, 2026",
        "Pilot letter",
    ):
        assert text in shown
    changing = guest.get(f"{address}charter/").text
    assert 'value="First picking"' in changing
    guest.post(f"{address}charter/", {**told, "cadence": "Every Monday", "note": "Tuesdays are full."})
    newest = alliance.charters.latest("number")
    for browser in (pages, guest):
        browser.post(f"{address}accept/", {"seen": newest.sha256})
    accepted = pages.get(address).text
    assert ("Tuesdays are full." in accepted, "All parties have accepted this charter." in accepted) == (True, True)
    listed = [pages.get("/alliances/").text, guest.get("/my/alliances/").text]
    assert ["Campus" in listed[0], "Lindenhof Robotics" in listed[1]] == [True, True]
    assert all('tag-ok">Live' in text for text in listed)


def test_lines_are_written_disputed_settled_and_corrected(
    client_of, owner, solver, stranger, make_partner, make_alliance
):
    campus = make_partner(solver)
    quiet = make_alliance(parties=[campus], is_live=False, title="Not yet")
    pages, guest = client_of(owner), client_of(solver)
    assert "once all parties have accepted" in pages.get(f"/alliances/{quiet.key}/contributions/").text
    alliance = make_alliance(solver, parties=[campus])
    address = f"/alliances/{alliance.key}/contributions/"
    invalid = pages.post(f"{address}new/", {**LINE, "value": "x"})
    early = pages.post(f"{address}new/", {**LINE, "on": "2026-03-03"})
    pages.post(f"{address}new/", LINE)
    line = Contribution.objects.get()
    assert [invalid.status_code, early.status_code] == [422, 409]
    assert "1 line waits for your side" in guest.get(address).text
    place = f"/alliances/contributions/{line.key}/"
    answers = [
        guest.post(f"{place}answer/", said).status_code
        for said in ({"kind": "nothing"}, {"kind": "disputed"}, {"kind": "disputed", "reason": "It was 8 hours."})
    ]
    pages.post(f"{place}answer/", {"kind": "proposed", "value": "640", "reason": "Then 8 hours."})
    offered = guest.get(place).text
    settled = guest.post(f"{place}answer/", {"kind": "agreed", "value": "640.00"})
    assert (answers, "Settle it on EUR 640" in offered, settled.url) == ([422, 422, 302], True, address)
    correcting = pages.post(f"{place}correct/", {**LINE, "amount": ""})
    foreign = guest.post(f"{place}correct/", LINE)
    newer = pages.post(f"{place}correct/", {**LINE, "value": "700"}).url
    assert [correcting.status_code, foreign.status_code] == [422, 409]
    guest.post(f"{newer}answer/", {"kind": "confirmed"})
    guest.post(f"{address}new/", {**LINE, "note": "Field tests", "value": "1500", "on": "2025-11-20"})
    pages.post(f"/alliances/contributions/{Contribution.objects.latest('pk').key}/answer/", {"kind": "confirmed"})
    pages.post(f"{address}new/", {**LINE, "value": "10"})
    guest.post(f"/alliances/contributions/{Contribution.objects.latest('pk').key}/answer/", {"kind": "confirmed"})
    shown = pages.get(address).text
    for text in (
        "EUR 700",
        "EUR 1,500",
        "-EUR 790",
        "Campus has given more than twice",
        "chart-lines",
        "corrects #1",
        "replaced",
    ):
        assert text in shown
    assert "It was 8 hours." in pages.get(place).text
    taken = guest.post(f"/alliances/{alliance.key}/alliance.json").json()
    sums = {alliance.organisation.key: Fraction(0), campus.key: Fraction(0)}
    previous = GENESIS
    for one in taken["lines"]:
        assert one["sha256"] == digest(canonical(one["hashed"]))
        assert one["hashed"]["previous"] == previous
        previous = one["sha256"]
        sums[one["hashed"]["giver"]] += Fraction(one["counted"] or 0)
    assert {one["party"]: Fraction(one["given"]) for one in taken["balances"]} == sums
    assert [len(taken["charters"][0]["accepted"]), "Olga" in str(taken)] == [2, False]
    assert client_of(stranger).get(place).status_code == 404
