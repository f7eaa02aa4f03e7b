"""What of alliances waits for somebody stands on Today, and on the page of a partner: what their own side can do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permea.alliances import queries, rules, services
from permea.alliances.models import Acceptance, Joining, Party
from permea.people.queries import partner_roles_of, role_in
from permea.people.services.memberships import seat
from permea.surface.registry import moment, partner_items, today_items
from tests.alliances.conftest import CHARTER
from tests.cast import AT

DAY = timedelta(days=1)
pytestmark = pytest.mark.services
EQUAL = rules.SplitInput(way="equal", note="As we said.")


@pytest.fixture
def of_firm(organisation):
    """Return a function that says what of alliances waits on Today, as pages and sentences."""

    def read(person, at=AT):
        role = role_in(person, organisation.pk)
        return told(today_items(person, organisation, role, at))

    return read


def of_partner(person, at=AT):
    return told(partner_items(person, partner_roles_of(person), at))


def told(items):
    found = [one for one in items if one.kind == "alliance"]
    return [(one.url.strip("/").split("/")[-1 if "pulse" in one.url else 1], one.detail) for one in found]


def join(alliance, organisation, person, at):
    party = Party.objects.create(alliance=alliance, organisation=organisation, number=2, joined_at=at)
    Acceptance.objects.create(charter=alliance.charter, party=party, person=person, accepted_at=at)


def details(items):
    return [detail for _page, detail in items]


@pytest.fixture
def alliance(make_partner, make_alliance, solver):
    return make_alliance(solver, parties=[make_partner(solver)])


def test_a_charter_waits_for_who_may_bind_a_side_until_it_is_accepted(
    make_partner, make_alliance, of_firm, owner, member, evaluator, solver
):
    alliance = make_alliance(parties=[make_partner(solver)], is_live=False)
    own = {"alliance_id": alliance.pk, "at": AT}
    assert (of_firm(owner), of_partner(solver)) == ([], [])
    services.offer_alliance(**own, actor=owner)
    waits = ["The charter of this alliance waits for your side."]
    found = [of_firm(owner), of_firm(member), of_firm(evaluator), of_partner(solver)]
    assert [details(one) for one in found] == [waits, [], [], waits]
    services.accept_charter(**own, seen=queries.newest_charter(alliance).sha256, actor=owner)
    assert (of_firm(owner), details(of_partner(solver))) == ([], waits)
    services.accept_charter(**own, seen=queries.newest_charter(alliance).sha256, actor=solver)
    services.write_charter(**own, content={**CHARTER, "goals": "More."}, note="", actor=solver)
    assert [details(of_firm(owner)), details(of_partner(solver))] == [waits, waits]


def test_lines_of_the_book_wait_for_who_answers_them_as_its_page_says(alliance, put_in, of_firm, owner, member, solver):
    told = {"at": AT}
    first, second = put_in(alliance, solver, 100), put_in(alliance, solver, 200)
    mine = put_in(alliance, owner, 300)

    def waiting():
        found = [details(of_firm(owner)), details(of_firm(member)), details(of_partner(solver))]
        n_waiting = [queries.lines_page(one, alliance.key).n_waiting for one in (owner, member, solver)]
        assert [int(one[0].partition(" ")[0]) if one else 0 for one in found] == n_waiting
        return n_waiting

    assert of_firm(member)[0][1] == "2 lines of the book wait for your side."
    assert waiting() == [2, 2, 1]
    services.answer_line(line_id=first.pk, kind="confirmed", actor=member, **told)
    services.answer_line(line_id=second.pk, kind="disputed", reason="Why?", actor=owner, **told)
    services.answer_line(line_id=mine.pk, kind="disputed", reason="Why?", actor=solver, **told)
    assert waiting() == [0, 0, 0]
    settle = {"kind": "proposed", "reason": "Half.", "value": Decimal(100), **told}
    services.answer_line(line_id=second.pk, **settle, actor=owner)
    services.answer_line(line_id=mine.pk, **settle, actor=owner)
    assert waiting() == [0, 0, 2]
    services.answer_line(line_id=second.pk, **{**settle, "value": Decimal(120)}, actor=solver)
    assert waiting() == [1, 1, 1]


def test_who_joined_later_is_asked_only_about_what_began_since(
    make_partner, make_alliance, put_in, owner, solver, solver_two
):
    campus, mill = make_partner(solver), make_partner(solver_two, "Mill", "supplier")
    alliance = make_alliance(solver, parties=[campus])
    old = put_in(alliance, owner, 100)
    later = AT + 9 * DAY
    join(alliance, mill, solver_two, later - DAY)
    corrected = put_in(alliance, owner, 90, at=later, corrects=old)
    fresh = put_in(alliance, owner, 50, at=later + DAY)
    put_in(alliance, owner, 40, at=later + 2 * DAY, corrects=fresh)
    put_in(alliance, owner, 80, at=later + 3 * DAY, corrects=corrected)
    at = later + 4 * DAY
    found = [details(of_partner(one, at))[0] for one in (solver, solver_two)]
    assert found == ["2 lines of the book wait for your side.", "1 line of the book waits for your side."]
    assert [queries.lines_page(one, alliance.key).n_waiting for one in (solver, solver_two)] == [2, 1]


def test_divisions_milestones_and_the_closing_wait_for_the_side_that_has_not_said(
    make_partner, make_alliance, of_firm, owner, member, solver
):
    alliance = make_alliance(parties=[make_partner(solver)], is_live=False)
    own = {"alliance_id": alliance.pk, "at": AT}
    milestones = {**CHARTER, "milestones": [{"name": "First picking", "due": ""}]}
    services.write_charter(**own, content=milestones, note="", actor=owner)
    services.offer_alliance(**own, actor=owner)
    for person in (owner, solver):
        services.accept_charter(**own, seen=queries.newest_charter(alliance).sha256, actor=person)
    result = services.name_result(**own, title="The patent", text="", actor=owner)
    split = services.propose_split(result_id=result.pk, said=EQUAL, actor=owner, at=AT)
    services.reach_milestone(**own, milestone="First picking", on=AT.date(), actor=solver)
    divided, reached = "How “The patent” is divided waits for your side.", "“First picking” is said to be reached."
    assert [details(of_firm(one)) for one in (owner, member)] == [[divided, reached], [reached]]
    assert details(of_partner(solver)) == [divided]
    for person in (owner, solver):
        services.accept_split(result_id=result.pk, seen=split.sha256, actor=person, at=AT)
    services.ask_to_close(**own, reason="It works.", days=14, actor=solver)
    rate = "This alliance is to be closed: rate what came of it."
    assert [details(of_firm(one)) for one in (owner, member)] == [[rate, reached], [reached]]
    due = [one.due_at for one in today_items(owner, alliance.organisation, "owner", AT) if one.detail == rate]
    assert due == [AT + 14 * DAY]
    said = services.RatingInput(marks=[(5, "")], overall=4)
    services.rate_success(**own, said=said, actor=owner)
    assert (details(of_firm(owner)), details(of_partner(solver))) == ([reached], [rate])
    services.rate_success(**own, said=said, actor=solver)
    assert (of_firm(owner), of_partner(solver)) == ([], [])


def test_a_division_that_a_further_partner_has_overtaken_waits_for_nobody(
    make_partner, make_alliance, of_firm, owner, solver, solver_two
):
    alliance = make_alliance(solver, parties=[make_partner(solver)])
    own = {"alliance_id": alliance.pk, "at": AT}
    agreed = services.name_result(**own, title="Old", text="", actor=owner)
    told = {"result_id": agreed.pk, "at": AT}
    split = services.propose_split(**told, said=EQUAL, actor=owner)
    for person in (owner, solver):
        services.accept_split(**told, seen=split.sha256, actor=person)
    services.propose_split(**told, said=rules.SplitInput(way="equal", note="Again."), actor=solver)
    waiting = services.name_result(**own, title="New", text="", actor=owner)
    services.propose_split(result_id=waiting.pk, said=EQUAL, actor=solver, at=AT)
    assert len(of_firm(owner)) == 2
    mill = make_partner(solver_two, "Mill", "supplier")
    join(alliance, mill, solver_two, AT + DAY)
    at = AT + 2 * DAY
    old = "How “Old” is divided waits for your side."
    assert [details(of_firm(owner, at)), of_partner(solver_two, at)] == [[old], []]
    services.propose_split(result_id=waiting.pk, said=EQUAL, actor=owner, at=at)
    assert details(of_partner(solver_two, at)) == ["How “New” is divided waits for your side."]


def test_a_further_partner_waits_for_each_side_in_turn(
    make_partner, make_alliance, of_firm, owner, member, solver, solver_two
):
    campus, mill = make_partner(solver), make_partner(solver_two, "Mill", "supplier")
    alliance = make_alliance(solver, parties=[campus])
    terms = rules.JoiningTerms(from_on=AT.date(), reason="Cold.", roles={}, task="Cool it")
    told = {"alliance_id": alliance.pk, "organisation": mill, "actor": owner, "at": AT}
    joining = services.propose_joining(**told, terms=terms)
    proposed, asked = "Mill is proposed as a further partner.", "You are asked to join this alliance."

    def waiting():
        return [details(found) for found in (of_firm(owner), of_firm(member), of_partner(solver))]

    assert (waiting(), of_partner(solver_two)) == ([[proposed], [], [proposed]], [])
    answer = {"joining_id": joining.pk, "seen": joining.sha256, "at": AT}
    for person in (owner, solver):
        services.agree_to_joining(**answer, actor=person)
    assert (waiting(), details(of_partner(solver_two))) == ([[], [], []], [asked])
    Joining.objects.update(from_on=AT.date() + DAY)
    services.agree_to_joining(**answer, actor=solver_two)
    assert of_partner(solver_two) == []


def test_the_pulse_waits_in_the_last_month_or_once_another_side_has_answered(
    alliance, of_firm, owner, member, solver, clock
):
    waits = ["Your side has not answered the pulse of this quarter."]
    own = {"alliance_id": alliance.pk, "marks": [4] * 5, "words": ""}
    assert of_firm(owner) == []  # in force too late in this quarter to be missed
    may, june = datetime(2026, 5, 30, 9, tzinfo=UTC), datetime(2026, 6, 1, 9, tzinfo=UTC)
    found = [of_firm(owner, may), of_firm(owner, june), of_firm(member, june), of_partner(solver, june)]
    assert [details(one) for one in found] == [[], waits, waits, waits]
    items = today_items(owner, alliance.organisation, "owner", june)
    assert [one.due_at for one in items if one.kind == "alliance"] == [datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC)]
    services.answer_pulse(**own, actor=solver, at=AT)
    assert (details(of_firm(owner)), of_partner(solver)) == (waits, [])
    services.answer_pulse(**own, actor=member, at=AT)
    assert of_firm(owner) == []
    Party.objects.filter(alliance=alliance, number=1).update(joined_at=june - 9 * DAY)
    assert (details(of_firm(owner, june)), of_partner(solver, june)) == (waits, [])


def test_a_matter_waits_for_who_stands_on_its_step_but_not_for_who_raised_it(
    alliance, of_firm, organisation, owner, manager, member, evaluator, solver
):
    matter = services.raise_matter(alliance_id=alliance.pk, text="Late.", days=2, actor=solver, at=AT)
    people = (owner, manager, member, evaluator)

    def waiting(at=AT):
        return [len(of_firm(one, at)) for one in people]

    assert (waiting(), of_partner(solver)) == ([1, 1, 1, 0], [])
    due = [one.due_at for one in today_items(owner, organisation, "owner", AT) if one.kind == "alliance"]
    assert (due, details(of_firm(member))) == ([AT + 2 * DAY], ["To be solved: Late."])
    services.climb(matter_id=matter.pk, at=AT + 2 * DAY)
    assert waiting() == [1, 1, 0, 0]
    services.climb(matter_id=matter.pk, at=AT + 4 * DAY)
    assert waiting() == [1, 0, 0, 0]
    assert [one.due_at for one in today_items(owner, organisation, "owner", AT) if one.kind == "alliance"] == [None]
    Party.objects.filter(alliance=alliance, number=0).update(reads_from=AT + DAY)
    assert waiting() == [0, 0, 0, 0]


def test_a_stranger_a_closed_alliance_and_who_is_on_both_sides_are_not_asked(
    alliance, put_in, of_firm, make_partner, organisation, owner, member, solver, stranger
):
    put_in(alliance, owner, 100)
    campus = alliance.parties.get(number=1).organisation
    assert (len(of_partner(solver)), of_partner(stranger)) == (1, [])
    seat(person=member, organisation=campus, role="member", at=AT)
    assert (of_partner(member), of_firm(member)) == ([], [])
    type(alliance).objects.filter(pk=alliance.pk).update(closed_at=AT)
    assert of_partner(solver) == []


def test_one_query_reads_all_of_it_however_much_there_is_and_at_most_twenty_of_a_kind(
    make_partner, make_alliance, put_in, organisation, owner, solver
):
    campus = make_partner(solver)

    def grow(first, last):
        for number in range(first, last):
            alliance = make_alliance(parties=[campus], is_live=False, title=f"Gripper {number}")
            services.offer_alliance(alliance_id=alliance.pk, actor=owner, at=AT)

    def look():
        with CaptureQueriesContext(connection) as captured:
            found = [one for one in today_items(owner, organisation, "owner", AT) if one.kind == "alliance"]
        return len(captured), len(found)

    grow(0, 1)
    (with_one, one), _grown = look(), grow(1, 23)
    assert (one, look()) == (1, (with_one, 20))


def test_a_time_comes_back_in_utc_whichever_way_a_database_writes_it():
    assert {moment("2026-03-02 09:00:00"), moment("2026-03-02T10:00:00+01:00")} == {AT}
