"""Pages of joint results, milestones and the end of an alliance, as the firm and its partner use them in turn."""

from __future__ import annotations

from datetime import timedelta

from permea.agreements.models import Agreement, AgreementParty, AgreementVersion
from permea.alliances import queries, rules, services
from permea.alliances.models import Reached, Result, Split
from tests.alliances.conftest import CHARTER
from tests.cast import AT

DAY = timedelta(days=1)
MARKS = {"mark_0": "5", "words_0": "All whole.", "overall": "4", "words": "Again."}


def agreed_with(organisation, owner, campus):
    """Return an offered agreement with a partner."""
    agreed = Agreement.objects.create(
        organisation=organisation, kind="pilot", title="Pilot letter", status="offered", was_offered=True,
        created_by=owner, created_at=AT,
    )  # fmt: skip
    AgreementParty.objects.create(agreement=agreed, organisation=campus)
    AgreementVersion.objects.create(agreement=agreed, number=1, body="x", written_by=owner, written_at=AT)
    return agreed


def test_a_result_is_named_divided_in_four_ways_and_its_shares_are_suggested(  # noqa: PLR0915 - one story
    client_of, owner, member, solver, stranger, make_partner, make_alliance, put_in, organisation
):
    campus = make_partner(solver)
    agreed = agreed_with(organisation, owner, campus)
    alliance = make_alliance(solver, parties=[campus])
    told = {"alliance_id": alliance.pk, "at": AT}
    newer = services.write_charter(**told, content={**CHARTER, "agreement": agreed.key}, note="", actor=owner)
    for person in (owner, solver):
        services.accept_charter(**told, seen=newer.sha256, actor=person)
    pages, guest, reader = client_of(owner), client_of(solver), client_of(member)
    listed = f"/alliances/{alliance.key}/results/"
    assert "Only an owner or a manager" in reader.get(listed).text
    early = pages.post(listed, {"title": ""})
    place = pages.post(listed, {"title": "The patent", "text": "On the seal."}).url
    assert (early.status_code, reader.post(listed, {"title": "x"}).status_code) == (422, 409)
    assert "not divided yet" in guest.get(listed).text
    assert "Only an owner or a manager" in reader.get(place).text
    waiting = put_in(alliance, solver, 77)
    counted = put_in(alliance, owner, 100)
    services.answer_line(line_id=counted.pk, kind="confirmed", actor=solver, at=AT)
    ways = {way: f"{place}split/?way={way}" for way in Split.Way.values}
    assert "#1 Worth 77" in pages.get(ways["proportional"]).text
    unsettled = pages.post(ways["proportional"], {"note": ""})
    assert (unsettled.status_code, "lines wait for an answer or are disputed: #1" in unsettled.text) == (409, True)
    pages.post(ways["proportional"], {"note": "", "leaves_out": "on"})
    shown = guest.get(place).text
    for text in (
        "100.000\N{NO-BREAK SPACE}%",
        "0.000\N{NO-BREAK SPACE}%",
        f"/alliances/contributions/{waiting.key}/",
        "1 line of the book is left out",
    ):
        assert text in shown
    services.answer_line(line_id=waiting.pk, kind="confirmed", actor=owner, at=AT)
    assert "The book has changed since this was worked out." in guest.get(place).text
    wrong = [
        guest.post(ways["hand"], said).status_code
        for said in ({"share_0": "60"}, {"share_0": "60", "share_1": "39.999", "note": "x"})
    ]
    guest.post(ways["hand"], {"share_0": "62.5", "share_1": "37.5", "note": "Five to three."})
    assert 'value="62.500"' in pages.get(ways["hand"]).text
    pages.post(ways["shapley"], {"worth_0": "10", "worth_1": "20", "worth_0_1": "50", "note": "Priced by both."})
    begun = pages.get(ways["shapley"]).text
    assert ('value="50.00"' in begun, "Priced by both." in begun) == (True, True)
    assert "Lindenhof Robotics + Campus" in guest.get(place).text
    pages.post(ways["equal"], {"note": ""})
    stale = guest.post(f"{place}agree/", {"seen": "old"})
    newest = queries.newest_split(Result.objects.get())
    for one in (pages, guest):
        one.post(f"{place}agree/", {"seen": newest.sha256})
    assert (wrong, stale.status_code, newest.number) == ([422, 409], 409, 4)
    assert ["agreed by all" in one.get(listed).text for one in (pages, guest)] == [True, True]
    link = f"/my/agreements/{agreed.key}/ip/new/?kind=foreground&title=The+patent"
    assert link.replace("&", "&amp;") in pages.get(place).text
    form = guest.get(
        f"{link}&share={organisation.key}%3A50000&share={campus.key}%3A12345&share=nobody%3A1&share=x"
    ).text  # fmt: skip
    assert all(f'value="{text}"' in form for text in ("The patent", "50", "12.345"))
    assert [one.get(f"{place}split/?way=luck").status_code for one in (pages, client_of(stranger))] == [404, 404]
    assert client_of(stranger).get(place).status_code == 404


def test_milestones_are_said_and_confirmed_and_the_alliance_is_closed(  # noqa: PLR0915 - one story
    client_of, clock, owner, solver, stranger, make_partner, make_alliance, put_in
):
    alliance = make_alliance(solver, parties=[make_partner(solver)])
    told = {"alliance_id": alliance.pk, "at": AT}
    content = {**CHARTER, "milestones": [{"name": "First picking", "due": "2026-02-01"}]}
    newer = services.write_charter(**told, content=content, note="", actor=owner)
    for person in (owner, solver):
        services.accept_charter(**told, seen=newer.sha256, actor=person)
    line = put_in(alliance, owner, 100, note="=1+1")
    pages, guest = client_of(owner), client_of(solver)
    place = f"/alliances/{alliance.key}/"
    said = {"milestone": "First picking", "on": "2026-03-01"}
    wrong = [
        pages.post(f"{place}milestones/", {**said, **one}).status_code
        for one in ({"on": "soon"}, {"on": "2026-02-31"}, {"milestone": "Second"})
    ]
    pages.post(f"{place}milestones/", said)
    reached = Reached.objects.get()
    confirming = f"/alliances/milestones/{reached.key}/confirm/"
    assert "to be confirmed" in guest.get(place).text
    own = pages.post(confirming, {"on": "2026-03-01"})
    guest.post(confirming, {"on": "2026-03-01"})
    assert (wrong, own.status_code) == ([409, 409, 409], 409)
    assert "Lindenhof Robotics said so, Campus confirmed it" in pages.get(place).text
    book = pages.post(f"{place}book.csv")
    assert ("text/csv" in book.headers["Content-Type"], f"'=1+1,{AT.isoformat()},{line.sha256}" in book.text) == (
        True, True,
    )  # fmt: skip
    ends = f"{place}closing/"
    assert "1 line of the book waits or is disputed" in pages.get(ends).text
    asked = [pages.post(f"{ends}ask/", one) for one in ({"reason": ""}, {"reason": "It works.", "days": "7"})]
    again = guest.post(f"{ends}ask/", {"reason": "Indeed.", "days": "7"})
    assert [one.status_code for one in (*asked, again)] == [422, 302, 409]
    half, early = guest.post(f"{ends}rate/", {"mark_0": "5"}), guest.post(f"{ends}close/")
    taken = [one.post(f"{ends}take-back/").status_code for one in (guest, pages)]
    assert (half.status_code, early.status_code, taken) == (422, 409, [409, 302])
    assert guest.post(f"{ends}rate/", MARKS).status_code == 409
    guest.post(f"{ends}ask/", {"reason": "Indeed.", "days": "7"})
    guest.post(f"{ends}rate/", MARKS)
    assert ["All whole." in one.get(ends).text for one in (pages, guest)] == [False, True]
    clock.at = AT + 8 * DAY
    assert "Close it now" in client_of(solver).get(ends).text
    client_of(solver).post(f"{ends}close/")
    pages = client_of(owner)
    shown = pages.get(ends).text
    assert ["All whole." in shown, "Lindenhof Robotics did not rate it in time." in shown] == [True, True]
    for address in (place, f"{place}contributions/", f"{place}pulse/", f"{place}results/", "/alliances/"):
        page = pages.get(address).text
        assert ("Closed" in page or "is closed" in page, "Raise a matter" in page, "Propose a change" in page) == (
            True, False, False,
        )  # fmt: skip
    assert rules.why_closed(queries.alliance_for(owner, alliance.key)[0]) is not None
    assert [client_of(stranger).get(one).status_code for one in (ends, confirming)] == [404, 405]
