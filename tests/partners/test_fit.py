"""Who fits: what is known of partners as ranges, knock-outs, and the page that compares them."""

from __future__ import annotations

import pytest

from permea.partners import queries, rules, services
from permea.partners.rules import Known, Said, Ways, Wish

WEIGHTS = {"capabilities": 2, "goals": 2, "style": 2, "stance": 2, "record": 1}


def known(**more):
    nothing = {"kind": "startup", "country": "DE", "offers": (), "needs": (), "ways": Ways()}
    return Known(**{**nothing, "has_talked": False, "has_dealt": False, **more})


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("Laser welding", (), (0, 1)),
        ("Laser welding", (Said("Casting", 5, is_stated=False),), (0, 0.3)),
        ("laser welding", (Said("Welding, Laser welding of steel", 4, is_stated=False),), (0.7, 0.9)),
        ("Wärmepumpen", (Said("warmepumpe", 5, is_stated=True),), (0.8, 1.0)),
        ("Sensor", (Said("Abstandssensoren", 3, is_stated=False),), (0.5, 0.7)),
        ("art", (Said("Smart tools", 3, is_stated=False),), (0, 0.3)),
        ("weld", (Said("Welding", 1, is_stated=True), Said("Welding", 2, is_stated=False)), (0.3, 0.5)),
    ],
)
def test_what_is_not_known_could_be_anything_and_words_are_found_by_their_beginnings(name, said, expected):
    assert rules.filled(name, said) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("wish", "one", "criterion", "expected"),
    [
        (Wish(language="en"), known(), "style", (0, 1)),
        (Wish(language="en", channel="mail"), known(ways=Ways(language="en")), "style", (0.5, 1)),
        (Wish(response_hours=24), known(ways=Ways(response_hours=48)), "style", (0.5, 0.5)),
        (Wish(response_hours=24), known(ways=Ways()), "style", (0, 1)),
        (Wish(ip_stance="open"), known(ways=Ways()), "stance", (0, 1)),
        (Wish(ip_stance="open"), known(ways=Ways(ip_stance="exclusive")), "stance", (0, 0.1)),
        (Wish(ip_stance="own"), known(ways=Ways(ip_stance="own")), "stance", (0.9, 1)),
        (Wish(), known(), "record", (0, 0.6)),
        (Wish(), known(has_talked=True), "record", (0.3, 0.8)),
        (Wish(), known(has_talked=True, has_dealt=True), "record", (0.6, 1)),
        (Wish(given=("Sensors",)), known(needs=(Said("sensors", 3, is_stated=False),)), "goals", (0.5, 0.7)),
    ],
)
def test_ranges_by_hand(wish, one, criterion, expected):
    assert rules.ranges_of(wish, one)[criterion] == pytest.approx(expected)


def test_knock_outs_and_what_does_not_count():
    hungry = known(ways=Ways(ip_stance="exclusive"))
    wishes = [Wish(kind="university"), Wish(country="FR"), Wish(is_exclusive_out=True), Wish(country="DE")]

    assert [rules.why_out(wish, hungry) for wish in wishes] == ["kind", "country", "stance", ""]
    assert rules.why_out(Wish(is_exclusive_out=True), known()) == ""
    assert rules.weights_that_count(Wish(wanted=("Wear",)), WEIGHTS) == {
        "capabilities": 2, "goals": 0, "style": 0, "stance": 0, "record": 1,
    }  # fmt: skip
    assert rules.why_not_compare(Wish(), {"record": 0}).code == "partners.no_wish"


@pytest.fixture
def five(organisation, owner, at):
    """Return partners: one strong, one weak, one unknown, one abroad, one put away."""
    made = {}
    for name, country, can in (
        ("Strong", "DE", [("Laser welding", 5), ("Casting", 4)]), ("Weak", "DE", [("Casting", 1)]),
        ("Unknown", "DE", []), ("Abroad", "FR", [("Laser welding", 5)]), ("Away", "DE", [("Laser welding", 5)]),
    ):  # fmt: skip
        said = services.PartnerInput(name=name, kind="startup", country=country, owner=owner)
        made[name] = services.note_partner(organisation=organisation, content=said, actor=owner, at=at)
        for what, level in can:
            content = services.CapabilityInput(kind="offers", name=what, level=level)
            services.add_capability(partner_id=made[name].pk, content=content, actor=owner, at=at)
    services.archive(partner_id=made["Away"].pk, actor=owner, at=at)
    return made


def test_the_nearest_come_first_with_reasons_and_who_fills_the_gaps_together(five, organisation, owner, stranger):
    wish = Wish(wanted=("laser welding", "casting", "painting"), country="DE")
    page = queries.fit_of(owner, organisation, wish, WEIGHTS, k=1)
    nobody = queries.fit_of(stranger, organisation, wish, WEIGHTS)
    first, *_others = page.candidates

    assert [one.partner for one in page.candidates] == [five["Strong"], five["Unknown"], five["Weak"]]
    assert (first.matches, first.lacks, first.low < first.middle < first.high) == (
        [("laser welding", 5), ("casting", 4)], ["painting"], True,
    )  # fmt: skip
    assert (page.n_compared, page.n_out, page.team, page.team_lacks) == (
        3,
        {"country": 1},
        [five["Strong"]],
        ["painting"],
    )
    assert (nobody.candidates, nobody.n_compared, nobody.team_lacks) == ([], 0, list(wish.wanted))


def test_a_member_compares_and_keeps_the_address(five, client_of, member, solver):
    client = client_of(member)
    empty = client.get("/partners/fit/").content.decode()
    answer = client.get("/partners/fit/?wanted=laser+welding,casting&weigh_record=0&country=DE")
    page = answer.content.decode()
    nothing = client.get("/partners/fit/?wanted=&weigh_record=0")
    wrong = client.get("/partners/fit/?wanted=x&response_hours=-1")

    assert ("Known among your partners: Laser welding" in empty, "Nearest" in empty) == (True, False)
    assert (page.index("Strong") < page.index("Unknown"), "1 from elsewhere" in page) == (True, True)
    assert ("laser welding: 5 of 5" in page, "Worth asking:" in page, 'value="laser welding,casting"' in page) == (
        True,
    ) * 3
    assert (nothing.status_code, "Say what you look for" in nothing.content.decode()) == (409, True)
    assert (wrong.status_code, client_of(solver).get("/partners/fit/").status_code) == (422, 404)


def test_who_works_without_wishes_is_compared_by_what_was_done(five, organisation, owner, at):
    said = services.LogInput(kind="meeting", on=at.date(), summary="We met.")
    services.log(partner_id=five["Weak"].pk, content=said, actor=owner, at=at)
    page = queries.fit_of(owner, organisation, Wish(), WEIGHTS, k=1)

    assert (page.candidates[0].partner, page.team, page.team_value) == (five["Weak"], [], 0.0)
