"""Firm, partner and student share one page of a placement; each sees what is theirs, everybody else nothing."""

from __future__ import annotations

import pytest

from permea.campus import services
from permea.campus.models import Placement, PlacementReport, ReportRemark
from tests.campus.conftest import DAY, FIRST, LAST, STUDENT
from tests.campus.test_views import page
from tests.cast import AT

LATER = AT + 40 * DAY


def form(owner, **fields) -> dict[str, object]:
    return {
        "kind": "bachelor", "title": "Pears", "task": "You measure.", "place": "Hall 2", "first_day": FIRST.isoformat(),
        "last_day": LAST.isoformat(), "weekly_hours": "20", "pay": "0", "currency": "EUR", "supervisor": owner.key,
        "language": "en", **fields,
    }  # fmt: skip


def test_a_placement_goes_from_the_offer_to_the_end_on_its_pages(client_of, owner, solver, campus, agree, clock):
    firm, partner, under = client_of(owner), client_of(solver), agree(campus, kind="internship")
    assert "No placements yet." in page(firm, "/placements/")
    firm.post("/placements/new/", form(owner, under=f"{under.key}-{campus.key}"))
    made = Placement.objects.get()
    address = f"/placements/{made.key}/"
    assert ("Look at the minimum wage" in page(firm, address), "Pears" in page(firm, "/placements/")) == (True, True)
    firm.post(f"{address}edit/", form(owner, pay="950.50"))
    assert ("950.50" in page(firm, f"{address}edit/"), "Pears" in page(partner, "/my/placements/")) == (True, True)
    assert "Name this student" in page(partner, address)
    named = {"name": "Sofia Student", "email": STUDENT, "supervisor": solver.key}
    assert partner.post(f"{address}student/", named).status_code == 302
    firm.post(f"{address}student/answer/", {"answer": "yes"})
    made.refresh_from_db()
    student = client_of(made.student)
    assert "Accept the placement" in page(student, address)
    student.post(f"{address}accept/", {"sha256": made.statement_sha256, "is_read": "on"})
    assert "Your receipt" in page(student, address)
    clock.at = LATER
    firm, partner, student = client_of(owner), client_of(solver), client_of(made.student)
    for kind in ("midterm", "final"):
        student.post(f"{address}reports/", {"kind": kind, "text": f"**{kind}**"})
    report = PlacementReport.objects.earliest("pk")
    partner.post(f"{address}reports/{report.key}/remark/", {"text": "Good", "is_accepted": "on"})
    assert ("Good" in page(student, address), "accepted by the partner" in page(firm, address)) == (True, True)
    firm.post(f"{address}outcome/", {"led_to_offer": "yes", "thesis_title": "Bruises"})
    assert "Agree and close it" in page(partner, address)
    partner.post(f"{address}outcome/agree/", {"led_to_offer": "yes", "thesis_title": "Bruises"})
    assert ("Closed" in page(student, address), "Bruises" in page(student, address)) == (True, True)


def test_a_student_sees_their_own_placement_and_nothing_of_the_partnership(
    client_of, make_placement, agree, campus, owner
):
    other, made = make_placement("named", title="Secret other one"), make_placement("running", email="s2@uni.example")
    window = client_of(made.student)
    shown, listed = page(window, f"/placements/{made.key}/"), page(window, "/my/placements/")
    assert (made.agreement.title in shown, "Student named" in shown, other.title in listed) == (False, False, False)
    closed = (
        "/placements/", "/placements/new/", f"/placements/{other.key}/", f"/placements/{made.key}/edit/",
        "/agreements/", "/partners/", f"/agreement/{made.agreement.key}/", "/equipment/",
    )  # fmt: skip
    assert {window.get(address).status_code for address in closed} == {404}
    steps = ("student/", "student/answer/", "outcome/", "outcome/agree/")
    assert {window.post(f"/placements/{made.key}/{step}").status_code for step in steps} == {404}


def test_strangers_evaluators_and_other_partners_find_nothing(
    client_of, make_placement, stranger, evaluator, solver_two, make_partner, agree
):
    made = make_placement("running")
    agree(make_partner(solver_two, name="Elsewhere"), kind="internship")
    for person in (stranger, evaluator, solver_two):
        window = client_of(person)
        assert (window.get(f"/placements/{made.key}/").status_code, made.title in page(window, "/my/placements/")) == (
            404, False,
        )  # fmt: skip


def test_once_the_agreement_is_over_the_partner_finds_nothing_and_the_student_their_own(
    client_of, make_placement, owner, solver
):
    made = make_placement("running")
    made.agreement.__class__.objects.update(ended_at=AT)
    address = f"/placements/{made.key}/"
    assert (client_of(solver).get(address).status_code, client_of(made.student).get(address).status_code) == (404, 200)
    assert "The partner does not see this page meanwhile." in page(client_of(owner), address)


@pytest.mark.parametrize(
    ("step", "sent", "status"),
    [
        ("student/answer/", {"answer": "no"}, 409),
        ("student/answer/", {}, 422),
        ("end/", {}, 422),
        ("outcome/", {"led_to_offer": "yes"}, 409),
        ("accept/", {}, 404),
    ],
)
def test_what_makes_no_sense_is_told_and_writes_nothing(client_of, make_placement, owner, step, sent, status):
    made = make_placement("named")
    answer = client_of(owner).post(f"/placements/{made.key}/{step}", sent)
    assert (answer.status_code, Placement.objects.get().state) == (status, "named")


def test_offers_that_make_no_sense_are_told(client_of, owner, campus, agree):
    window = client_of(owner)
    assert "There is no agreement yet" in page(window, "/placements/new/")
    under = agree(campus, kind="internship")
    pair = {"under": f"{under.key}-{campus.key}"}
    bad = window.post("/placements/new/", form(owner, **pair, weekly_hours="90"))
    late = window.post("/placements/new/", form(owner, **pair, last_day="2026-01-01"))
    assert (bad.status_code, late.status_code, Placement.objects.count()) == (422, 409, 0)


def test_a_change_that_makes_no_sense_is_told(client_of, make_placement, owner, member):
    made = make_placement()
    window, address = client_of(owner), f"/placements/{made.key}/edit/"
    late = window.post(address, form(owner, last_day="2026-01-01"))
    bad = window.post(address, form(owner, title=""))
    Placement.objects.update(state="named")
    named = window.get(address).status_code, window.post(address, form(owner)).status_code
    assert named == (404, 409)
    assert (late.status_code, bad.status_code, client_of(member).get(address).status_code) == (409, 422, 404)


def test_declining_leads_to_ones_own_list_or_says_what_lacks(client_of, make_placement):
    made = make_placement("agreed")
    window, address = client_of(made.student), f"/placements/{made.key}/decline/"
    assert window.post(address, {}).status_code == 422
    answer = window.post(address, {"reason": "Abroad"})
    assert (answer.status_code, answer.url, Placement.objects.get().student) == (302, "/my/placements/", None)


def test_colleagues_read_and_only_who_supervises_comments(client_of, make_reported, member, clock):
    made = make_reported("midterm")
    clock.at = LATER
    report = made.reports.get()
    window, address = client_of(member), f"/placements/{made.key}/reports/{report.key}/remark/"
    sent = {"text": "Good"}
    first = window.post(address, sent)
    Placement.objects.update(supervisor=member)
    second = window.post(address, sent)
    other = window.post(f"/placements/{made.key}/reports/nothing/remark/", sent)
    assert (first.status_code, second.status_code, other.status_code, ReportRemark.objects.count()) == (
        409,
        302,
        404,
        1,
    )


def test_a_thesis_goes_to_the_publications_of_the_agreement_with_its_title(client_of, make_placement, solver, owner):
    made = make_placement("running")
    address = f"/placements/{made.key}/"
    assert f"/agreement/{made.agreement.key}/publications/new/?title=Bruises" in page(client_of(solver), address)
    assert f"/agreement/{made.agreement.key}/publications/" in page(client_of(owner), address)


def test_what_erasure_took_is_said(client_of, make_reported, owner):
    made = make_reported("midterm")
    services.forget_student(person_id=made.student_id, email="", with_texts=True)
    shown = page(client_of(owner), f"/placements/{made.key}/")
    assert ("A student" in shown, "Its text was erased." in shown) == (True, True)
