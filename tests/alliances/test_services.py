"""What is written when partners agree on a charter, put something in, dispute it and settle."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from permea.alliances import queries, rules, services
from permea.alliances.models import Acceptance, Contribution, Word
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people.queries import personal_data_of
from permea.people.services import erase_person
from permea.people.services.memberships import seat
from tests.alliances.conftest import CHARTER
from tests.cast import AT

DAY = timedelta(days=1)


def crossings():
    rows = Crossing.objects.filter(kind__startswith="alliance.").order_by("number")
    return [(row.kind.removeprefix("alliance."), row.direction, row.counterparty_key) for row in rows]


def mails():
    return list(Mail.objects.filter(kind="alliance_news").order_by("pk").values_list("person__name", "subject"))


def refused(write, **told):
    with pytest.raises(RefusedError) as error:
        write(**told)
    return error.value.refusal.code


def test_a_charter_holds_once_every_party_has_accepted_the_same_version(
    make_partner, make_alliance, organisation, owner, member, solver, solver_two, make_person
):
    campus, mill = make_partner(solver), make_partner(solver_two, "Mill", "supplier")
    student = make_person("student@campus.example", "Stu Student")
    seat(person=student, organisation=campus, role="member", at=AT)
    alliance = make_alliance(parties=[campus, mill], is_live=False)
    told = {"alliance_id": alliance.pk, "at": AT}
    draft = queries.newest_charter(alliance)
    services.write_charter(**told, content={**CHARTER, "ip": "Shared."}, note="", actor=owner)
    with pytest.raises(Http404):
        queries.charter_page(solver, alliance.key)
    assert (queries.newest_charter(alliance).number, queries.own_alliances(solver).rows) == (1, [])
    assert refused(services.accept_charter, **told, seen=draft.sha256, actor=owner) == "alliances.not_offered"
    assert refused(services.write_charter, **told, content=CHARTER, note="", actor=solver) == "alliances.not_a_party"
    services.offer_alliance(**told, actor=owner)
    assert refused(services.offer_alliance, **told, actor=owner) == "alliances.offered"
    first = queries.newest_charter(alliance)
    for actor in (owner, solver):
        services.accept_charter(**told, seen=first.sha256, actor=actor)
    for actor in (student, member):
        assert refused(services.accept_charter, **told, seen=first.sha256, actor=actor) == "alliances.not_binding"
    second = services.write_charter(**told, content=CHARTER, note="As we said.", actor=solver_two)
    assert refused(services.accept_charter, **told, seen=first.sha256, actor=solver_two) == "alliances.charter_changed"
    for actor in (owner, solver, solver_two):
        alliance.refresh_from_db()
        assert alliance.charter is None
        services.accept_charter(**told, seen=second.sha256, actor=actor)
    alliance.refresh_from_db()
    assert (alliance.charter, alliance.live_since, Acceptance.objects.count()) == (second, AT, 5)
    third = services.write_charter(**told, content={**CHARTER, "exit": "At once."}, note="", actor=owner)
    page = queries.charter_page(student, alliance.key)
    assert (page.newest, page.alliance.charter, page.is_settled, page.accept_blocked.code) == (
        third, second, False, "alliances.not_binding",
    )  # fmt: skip
    assert [(what, direction) for what, direction, _whom in crossings()] == [
        ("offered", "out"), ("accepted", "out"), ("accepted", "in"), ("revised", "in"),
        ("accepted", "out"), ("accepted", "in"), ("accepted", "in"), ("revised", "out"),
    ]  # fmt: skip
    assert [name for name, subject in mails() if "offers you" in subject] == [
        "Sam Solver",
        "Stu Student",
        "Sina Solver",
    ]
    assert [name for name, subject in mails() if "Accepted by all" in subject] == [
        "Olga Owner", "Sam Solver", "Stu Student",
    ]  # fmt: skip
    named = {row["alliance"] for row in personal_data_of(solver_two)["charters_written"]}
    assert (named, queries.erasure_lines(solver_two).stays) == ({"Soft gripper"}, [])


def test_only_who_manages_begins_and_only_parties_see(
    make_partner, make_alliance, member, evaluator, solver, stranger, organisation
):
    campus = make_partner(solver)
    content = services.AllianceInput(title="x", partners=[campus])
    assert refused(services.begin_alliance, organisation=organisation, content=content, actor=member, at=AT) == (
        "people.not_manager"
    )
    alliance = make_alliance(solver, parties=[campus])
    again = services.begin_alliance(organisation=organisation, content=content, actor=alliance.created_by, at=AT)
    twice = services.begin_alliance(organisation=organisation, content=content, actor=alliance.created_by, at=AT)
    assert (again == twice, again == alliance) == (True, False)
    again.delete()
    for outsider in (evaluator, stranger):
        with pytest.raises(Http404):
            queries.lines_page(outsider, alliance.key)
    assert queries.lines_page(member, alliance.key).side.is_firm
    assert [row.others for row in queries.own_alliances(solver).rows] == [["Lindenhof Robotics"]]
    assert [row.others for row in queries.alliances_of(organisation).rows] == [["Campus"]]


def test_a_line_is_disputed_settled_corrected_and_stays_what_it_was(
    make_partner, make_alliance, put_in, owner, member, solver
):
    campus = make_partner(solver)
    quiet = make_alliance(parties=[campus], is_live=False, title="Not yet")
    assert refused(services.write_line, alliance_id=quiet.pk, content=None, actor=owner, at=AT) == "alliances.not_live"
    alliance = make_alliance(solver, parties=[campus])
    Mail.objects.all().delete()
    first = put_in(alliance, member, 1000)
    assert put_in(alliance, member, 1000, at=AT + timedelta(seconds=9)) == first
    second = put_in(alliance, owner, 400, at=AT + DAY)
    third = put_in(alliance, solver, 700, kind="saving", at=AT + DAY)
    told = {"at": AT + DAY}
    services.answer_line(line_id=first.pk, kind="confirmed", actor=solver, **told)
    services.answer_line(line_id=second.pk, kind="disputed", reason="It was less.", actor=solver, **told)
    services.answer_line(line_id=second.pk, kind="proposed", reason="Half?", value=Decimal(200), actor=owner, **told)
    agreed = {"line_id": second.pk, "kind": "agreed", "actor": solver}
    assert refused(services.answer_line, **agreed, value=Decimal(150), **told) == "alliances.proposal_changed"
    assert queries.lines_page(solver, alliance.key).n_waiting == 1
    services.answer_line(**agreed, value=Decimal(200), **told)
    services.answer_line(line_id=third.pk, kind="confirmed", actor=owner, **told)
    fixed = put_in(alliance, owner, 900, corrects=first, at=AT + 2 * DAY)
    assert refused(put_in, alliance=alliance, actor=owner, value=1, corrects=first) == "alliances.corrected"
    assert refused(put_in, alliance=alliance, actor=solver, value=1, corrects=fixed) == "alliances.not_our_line"
    assert queries.line_page(owner, first.key).newer == fixed

    def sums():
        found = queries.lines_page(owner, alliance.key)
        return [(one.given, one.received, one.n) for one in found.balances]

    assert sums() == [(1200, 700, 3), (700, 1200, 3)]
    services.answer_line(line_id=fixed.pk, kind="confirmed", actor=solver, at=AT + 2 * DAY)
    assert sums() == [(1100, 700, 3), (700, 1100, 3)]
    assert [(what, direction) for what, direction, _whom in crossings()][3:] == [
        ("line_contributed", "out"), ("line_contributed", "out"), ("line_contributed", "in"), ("line_confirmed", "in"),
        ("line_disputed", "in"), ("line_proposed", "out"), ("line_agreed", "in"), ("line_confirmed", "out"),
        ("line_contributed", "out"), ("line_confirmed", "in"),
    ]  # fmt: skip
    previous = rules.GENESIS
    for line in queries.lines_of(queries.alliance_for(owner, alliance.key)[0]):
        assert rules.hash_of(line, previous) == line.sha256
        previous = line.sha256
    assert Crossing.objects.filter(body__contains=first.sha256).count() == 2
    happened = [(name, subject.partition(" ")[0]) for name, subject in mails()]
    assert happened == [
        ("Sam Solver", "Lindenhof"), ("Olga Owner", "Campus"), ("Olga Owner", "Campus"), ("Sam Solver", "Lindenhof"),
        ("Olga Owner", "A"), ("Sam Solver", "Lindenhof"),
    ]  # fmt: skip
    for table in (Contribution, Word):
        for change in (lambda rows: rows.update(number=99), lambda rows: rows.all()._raw_delete("default")):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(table.objects.filter(number=1))


def test_a_line_for_all_others_counts_in_equal_parts_and_outlives_who_wrote_it(
    make_partner, make_alliance, put_in, owner, solver, solver_two
):
    parties = [make_partner(solver), make_partner(solver_two, "Mill", "supplier")]
    alliance = make_alliance(solver, solver_two, parties=parties)
    line = put_in(alliance, solver, 300)
    to_mill = put_in(alliance, solver, 50, receiver=alliance.parties.get(number=2))
    for actor, answered in ((solver_two, line), (owner, to_mill)):
        told = {"line_id": answered.pk, "kind": "confirmed", "actor": actor, "at": AT}
        if actor == owner:
            assert refused(services.answer_line, **told) == "alliances.not_concerned"
        else:
            services.answer_line(**told)
    page = queries.lines_page(owner, alliance.key)
    assert [(one.given, one.received) for one in page.balances] == [(0, 150), (300, 0), (0, 150)]
    known, lines = personal_data_of(solver), queries.erasure_lines(solver)
    erase_person(person=solver, actor=solver, at=AT + DAY)
    assert [row["value"] for row in known["contributions_written"]] == ["300.00", "50.00"]
    assert [row["said"] for row in personal_data_of(solver_two)["contributions_answered"]] == ["confirmed"]
    assert (len(lines.stays), Contribution.objects.count()) == (1, 2)
