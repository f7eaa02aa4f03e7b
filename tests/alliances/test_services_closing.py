"""An alliance ends when a side asks for it and all have rated it, or after a time that was said before."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from permea.alliances import queries, rules, services, tasks
from permea.alliances.models import Closing, SuccessRating
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people.queries import personal_data_of
from tests.alliances.conftest import CHARTER, document_read
from tests.cast import AT

DAY = timedelta(days=1)
GOOD = services.RatingInput(marks=[(5, " All whole. ")], overall=4, words="Again.")
POOR = services.RatingInput(marks=[(2, "")], overall=3)


def refused(write, **told):
    with pytest.raises(RefusedError) as error:
        write(**told)
    return error.value.refusal.code


def facts_of(kind):
    return json.loads(Crossing.objects.get(kind=kind).body)["facts"]


def kinds():
    rows = Crossing.objects.filter(kind__regex="closing|closed|success").order_by("number")
    return [(row.kind.removeprefix("alliance."), row.direction) for row in rows]


def test_an_alliance_closes_when_the_last_side_has_rated_and_is_then_only_read(  # noqa: PLR0915 - one story
    make_partner, make_alliance, put_in, owner, member, solver
):
    alliance = make_alliance(solver, parties=[make_partner(solver)])
    told = {"alliance_id": alliance.pk, "at": AT}
    line = put_in(alliance, owner, 100)
    matter = services.raise_matter(**told, text="Samples come late.", days=1, actor=owner)
    Mail.objects.all().delete()
    assert refused(services.rate_success, **told, said=GOOD, actor=owner) == "alliances.not_closing"
    ask = {**told, "reason": " It works. ", "days": 14}
    assert refused(services.ask_to_close, **ask, actor=member) == "alliances.not_binding"
    asked = services.ask_to_close(**ask, actor=solver)
    assert services.ask_to_close(**ask, actor=solver) == asked
    assert refused(services.ask_to_close, **ask, actor=owner) == "alliances.closing"
    assert refused(services.take_back_closing, **told, actor=owner) == "alliances.not_our_closing"
    services.take_back_closing(**told, actor=solver)
    assert refused(services.take_back_closing, **told, actor=solver) == "alliances.not_closing"
    services.ask_to_close(**ask, actor=solver)
    services.rate_success(**told, said=POOR, actor=owner)
    services.rate_success(**told, said=GOOD, actor=owner)
    apart = queries.closing_page(solver, alliance.key, AT)
    waiting = [party.organisation.name for party in apart.waiting]
    assert (apart.overall, waiting, apart.own) == ([None] * 2, ["Campus"], None)
    assert (apart.still_open.lines, apart.still_open.matters, apart.still_open.splits) == (1, 1, 0)
    assert "All whole." not in str(document_read(owner, alliance))
    services.rate_success(**told, said=POOR, actor=solver)
    shown = queries.closing_page(owner, alliance.key, AT)
    assert [one.marks for one in shown.rows] == [[(5, "All whole."), (2, "")]]
    assert ([one.overall for one in shown.overall], shown.alliance.closed_at) == ([4, 3], AT)
    assert kinds() == [
        ("closing_asked", "in"), ("closing_taken_back", "in"), ("closing_asked", "in"), ("success_rated", "out"),
        ("success_rated", "in"), ("closed", "in"),
    ]  # fmt: skip
    assert Mail.objects.latest("pk").subject == "“Soft gripper” is closed"
    charter = {"content": {**CHARTER, "exit": "Now."}, "note": ""}
    seen = queries.newest_charter(alliance).sha256
    for write, said in (
        (services.write_charter, charter), (services.accept_charter, {"seen": seen}),
        (services.rate_success, {"said": GOOD}),
        (services.answer_pulse, {"marks": [3] * 5, "words": ""}), (services.raise_matter, {"text": "x", "days": 3}),
        (services.ask_to_close, {"reason": "x", "days": 14}), (services.close_alliance, {}),
        (services.name_result, {"title": "x", "text": ""}),
    ):  # fmt: skip
        assert refused(write, **told, **said, actor=owner).partition(".")[2] in {
            "closed", "ratings_shown", "not_closing",
        }  # fmt: skip
    assert refused(put_in, alliance=alliance) == "alliances.closed"
    assert refused(services.answer_line, line_id=line.pk, kind="confirmed", actor=solver, at=AT) == "alliances.closed"
    assert refused(services.solve_matter, matter_id=matter.pk, outcome="x", actor=owner, at=AT) == "alliances.closed"
    page = queries.line_page(solver, line.key)
    assert (set(page.can.values()), queries.lines_page(solver, alliance.key).n_waiting) == ({False}, 0)
    tasks.climb_the_ladder(AT + 9 * DAY)
    assert services.climb(matter_id=matter.pk, at=AT + 9 * DAY).step == 1
    known = personal_data_of(solver)
    assert (len(known["closings_asked"]), [one["overall"] for one in known["success_rated"]]) == (2, [3])
    assert len(queries.erasure_lines(solver).stays) == 1


def test_who_has_rated_closes_after_the_time_is_over_and_who_has_not_is_named(
    make_partner, make_alliance, owner, solver
):
    alliance = make_alliance(solver, parties=[make_partner(solver)])
    told = {"alliance_id": alliance.pk, "actor": owner}
    closing = services.ask_to_close(**told, reason="It is over.", days=7, at=AT)
    assert refused(services.close_alliance, **told, at=AT + 7 * DAY) == "alliances.not_rated"
    services.rate_success(**told, said=GOOD, at=AT)
    assert refused(services.close_alliance, **told, at=AT + 6 * DAY) == "alliances.still_waiting"
    services.close_alliance(**told, at=AT + 7 * DAY)
    page = queries.closing_page(solver, alliance.key, AT + 7 * DAY)
    assert ([party.organisation.name for party in page.waiting], page.rows[0].marks) == (
        ["Campus"], [(5, "All whole."), None],
    )  # fmt: skip
    campus = alliance.parties.get(number=1).organisation
    facts = facts_of("alliance.closed")
    assert (facts["silent"], facts["overall"]) == ([campus.key], {alliance.organisation.key: 4})
    document = document_read(solver, alliance)["closing"]
    assert (document["silent"], document["reason"], document["criteria"]) == (
        [campus.key], "It is over.", CHARTER["criteria"],
    )  # fmt: skip
    assert document["ratings"][0]["marks"] == [{"mark": 5, "words": "All whole."}]
    assert rules.criteria_of(closing) == CHARTER["criteria"]
    assert [str(Closing.objects.get()), str(SuccessRating.objects.get())] == [
        closing.key, f"{closing.pk} {alliance.parties.get(number=0).pk}",
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.filter(pk=closing.pk).update(taken_back_at=AT)
