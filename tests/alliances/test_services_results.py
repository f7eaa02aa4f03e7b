"""Joint results are divided as all have agreed, and milestones are reached; all of it can be recomputed elsewhere."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from permea.alliances import queries, rules, services
from permea.alliances.models import Contribution, Reached, Result, Split
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.ledger.verifier import canonical, digest
from permea.notifications.models import Mail
from permea.people.queries import personal_data_of
from permea.people.services.memberships import seat
from permea_engine.splits import in_parts
from tests.alliances.conftest import CHARTER, document_read
from tests.cast import AT

DAY = timedelta(days=1)
BY_BOOK, EQUAL = rules.SplitInput(way="proportional"), rules.SplitInput(way="equal", note="As we said.")
MILESTONES = [{"name": name, "due": ""} for name in ("First picking", "Second picking")]


def refused(write, **told):
    with pytest.raises(RefusedError) as error:
        write(**told)
    return error.value.refusal.code


def facts_of(kind):
    return json.loads(Crossing.objects.get(kind=kind).body)["facts"]


def kinds(pattern):
    rows = Crossing.objects.filter(kind__regex=pattern).order_by("number")
    return [(row.kind.removeprefix("alliance."), row.direction) for row in rows]


@pytest.fixture
def held(make_partner, make_alliance, put_in, owner, solver):
    """Return an alliance in whose book two lines count and one is disputed."""
    alliance = make_alliance(solver, parties=[make_partner(solver)])
    mine, theirs = put_in(alliance, owner, 1000), put_in(alliance, solver, 500)
    disputed = put_in(alliance, solver, 77)
    services.answer_line(line_id=mine.pk, kind="confirmed", actor=solver, at=AT)
    services.answer_line(line_id=theirs.pk, kind="confirmed", actor=owner, at=AT)
    services.answer_line(line_id=disputed.pk, kind="disputed", reason="Why?", actor=owner, at=AT)
    Mail.objects.all().delete()
    return alliance


def test_a_result_is_divided_once_both_have_agreed_to_the_same_shares(held, organisation, member, owner, solver):
    named = {"alliance_id": held.pk, "title": " The patent ", "text": "On the seal.", "at": AT}
    result = services.name_result(**named, actor=owner)
    assert services.name_result(**named, actor=solver) == result
    assert refused(services.name_result, **{**named, "title": " "}, actor=owner) == "alliances.no_title"
    assert refused(services.name_result, **named, actor=member) == "alliances.not_binding"
    told = {"result_id": result.pk, "at": AT}
    assert refused(services.accept_split, **told, seen="", actor=owner) == "alliances.no_split"
    assert refused(services.propose_split, **told, said=BY_BOOK, actor=solver) == "alliances.lines_open"
    leaving = rules.SplitInput(way="proportional", leaves_out=True)
    first = services.propose_split(**told, said=leaving, actor=solver)
    assert services.propose_split(**told, said=leaving, actor=solver) == first
    later = {"result_id": result.pk, "at": AT + timedelta(hours=1)}
    assert refused(services.propose_split, **later, said=leaving, actor=solver) == "alliances.split_same"
    assert refused(services.propose_split, **told, said=leaving, actor=owner) == "alliances.split_same"
    services.accept_split(**told, seen=first.sha256, actor=solver)
    page = queries.result_page(owner, result.key)
    assert [(row.share, row.weight, row.acceptance is not None) for row in page.shares] == [
        (0.66667, 1000, False), (0.33333, 500, True),
    ]  # fmt: skip
    assert ([row.number for row in page.left_out], [row.number for row in page.counted]) == ([3], [1, 2])
    assert (page.has_moved, page.is_agreed, page.accept_blocked) == (False, False, None)
    second = services.propose_split(**told, said=EQUAL, actor=owner)
    assert refused(services.accept_split, **told, seen=first.sha256, actor=owner) == "alliances.split_changed"
    services.accept_split(**told, seen=second.sha256, actor=owner)
    assert refused(services.accept_split, **told, seen=second.sha256, actor=owner) == "alliances.split_accepted"
    still_open = [queries.closing_page(owner, held.key, AT).still_open.splits]
    services.accept_split(**told, seen=second.sha256, actor=solver)
    still_open.append(queries.closing_page(owner, held.key, AT).still_open.splits)
    result.refresh_from_db()
    second.refresh_from_db()
    assert (result.split, second.agreed_at, str(result), str(second)) == (
        second, AT, "The patent", f"{result.pk} v2",
    )  # fmt: skip
    assert still_open == [1, 0]
    assert kinds("result|split") == [
        ("result_named", "out"), ("split_proposed", "in"), ("split_accepted", "in"), ("split_proposed", "out"),
        ("split_accepted", "out"), ("split_accepted", "in"), ("split_agreed", "in"),
    ]  # fmt: skip
    assert facts_of("alliance.split_agreed")["sha256"] == second.sha256
    assert list(Mail.objects.order_by("pk").values_list("person__name", "subject")) == [
        ("Olga Owner", "Campus proposes how to divide a result of “Soft gripper”"),
        ("Sam Solver", "Lindenhof Robotics proposes how to divide a result of “Soft gripper”"),
        ("Olga Owner", "Agreed by all: how a result of “Soft gripper” is divided"),
    ]
    known = personal_data_of(owner)
    assert [len(known[name]) for name in ("results_named", "splits_proposed", "splits_agreed")] == [1, 1, 1]


def test_the_document_lets_anybody_recompute_the_shares_and_tells_when_the_book_moved(held, put_in, owner, solver):
    result = services.name_result(alliance_id=held.pk, title="Patent", text="", actor=owner, at=AT)
    told = {"result_id": result.pk, "at": AT}
    services.propose_split(**told, said=rules.SplitInput(way="proportional", leaves_out=True), actor=owner)
    worth = dict(zip(rules.groups_of(2), map(Decimal, (10, 20, 50)), strict=True))
    services.propose_split(**told, said=rules.SplitInput(way="shapley", worth=worth), actor=owner)
    assert [names for names, _worth in queries.result_page(solver, result.key).worth][-1] == (
        "Lindenhof Robotics + Campus"
    )  # fmt: skip
    services.propose_split(**told, said=rules.SplitInput(way="proportional", leaves_out=True), actor=owner)
    assert not queries.result_page(solver, result.key).has_moved
    late = put_in(held, owner, 300, at=AT + DAY)
    services.answer_line(line_id=late.pk, kind="confirmed", actor=solver, at=AT + DAY)
    assert queries.result_page(solver, result.key).has_moved
    document = document_read(owner, held)
    splits = document["results"][0]["splits"]
    givers = {one["hashed"]["number"]: one["hashed"]["giver"] for one in document["lines"]}
    for one in splits:
        content = one["hashed"]["content"]
        assert one["sha256"] == digest(canonical(one["hashed"]))
        weights = [Fraction(share["weight"]) for share in content["shares"]]
        assert [share["share"] for share in content["shares"]] == list(in_parts(weights, parts=100_000))
        if content["way"] == "proportional":
            given = dict.fromkeys(one["hashed"]["parties"], Fraction())
            for line in content["lines"]:
                given[givers[line["number"]]] += Fraction(line["counted"])
            assert [given[share["party"]] for share in content["shares"]] == weights
    assert [one["agreed_at"] for one in splits] == [None] * 3
    assert (Split.objects.count(), Result.objects.count(), Contribution.objects.count()) == (3, 1, 4)


def test_a_milestone_is_said_by_one_side_changed_until_another_confirms_it(
    make_partner, make_alliance, make_person, owner, member, solver
):
    campus = make_partner(solver)
    student = make_person("student@campus.example", "Stu Student")
    seat(person=student, organisation=campus, role="member", at=AT)
    alliance = make_alliance(parties=[campus], is_live=False)
    told = {"alliance_id": alliance.pk, "at": AT}
    charter = services.write_charter(**told, content={**CHARTER, "milestones": MILESTONES}, note="", actor=owner)
    services.offer_alliance(**told, actor=owner)
    for person in (owner, solver):
        services.accept_charter(**told, seen=charter.sha256, actor=person)
    Mail.objects.all().delete()
    said = {**told, "milestone": "First picking"}
    reached = services.reach_milestone(**said, on=AT.date() - DAY, actor=student)
    for _twice in range(2):
        assert services.reach_milestone(**said, on=AT.date(), actor=solver) == reached
    assert refused(services.reach_milestone, **said, on=AT.date(), actor=owner) == "alliances.reached"
    confirm = {"reached_id": reached.pk, "at": AT}
    assert refused(services.confirm_milestone, **confirm, seen=AT.date(), actor=student) == "alliances.own_milestone"
    wrong = {"seen": AT.date() - DAY, "actor": member}
    assert refused(services.confirm_milestone, **confirm, **wrong) == "alliances.milestone_changed"
    services.confirm_milestone(**confirm, seen=AT.date(), actor=member)
    first, second = queries.charter_page(owner, alliance.key).milestones
    assert (first.reached.confirmed_by, first.may_say, second.reached, second.may_say) == (member, False, None, True)
    assert (str(Reached.objects.get()), kinds("milestone")) == (
        "First picking", [("milestone_reached", "in"), ("milestone_reached", "in"), ("milestone_confirmed", "out")],
    )  # fmt: skip
    assert list(Mail.objects.values_list("person__name", flat=True)) == ["Olga Owner"]
    document = document_read(owner, alliance)
    assert [(one["milestone"], one["confirmed_by"]) for one in document["milestones"]] == [
        ("First picking", alliance.organisation.key)
    ]
    assert len(personal_data_of(member)["milestones_said"]) == 1
