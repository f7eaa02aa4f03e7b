"""Pages of deadlines and planned publications, as the firm and its partner walk them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from permea.agreements import services
from permea.agreements.models import Obligation
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db
A_REPORT = {
    "kind": "report", "title": "Final report", "side": "party", "anchor": "day", "on": "2026-03-20", "count": "0",
    "unit": "months", "every": "", "reminders": "14, 3",
}  # fmt: skip


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Keep files in a folder of the test."""
    settings.DATA_DIR = tmp_path


def test_the_firm_adds_a_deadline_finds_it_in_the_overview_and_answers_it(
    client_of, make_signed, owner, member, solver
):
    agreement, browser = make_signed(), client_of(owner)
    overview = reverse("agreements:deadlines")
    assert "Nothing falls due" in assert_page_ok(browser.get(overview)).text
    address = reverse("agreements:new_obligation", args=[agreement.key])
    assert_page_ok(browser.get(address))
    wrong = [
        {"on": ""},
        {"reminders": "soon"},
        {"reminders": "400"},
        {"on": "1999-01-01"},
        {"kind": "other", "title": ""},
    ]
    statuses = [browser.post(address, {**A_REPORT, **more}).status_code for more in wrong]
    assert (statuses, Obligation.objects.filter(clause="").count()) == ([409, 422, 422, 422, 409], 0)
    browser.post(address, A_REPORT)
    before = {**A_REPORT, "kind": "other", "title": "Ask them", "anchor": "end", "count": "5", "unit": "days_before"}
    browser.post(address, {**before, "every": "12", "side": "firm"})
    made = {row.title: row for row in Obligation.objects.filter(clause="")}
    assert made["Final report"].reminder_days == [14, 3]
    assert (made["Ask them"].due_on, made["Ask them"].offset_days) == (date(2028, 2, 26), -5)

    def listed(**asked):
        page = assert_page_ok(browser.get(overview, asked)).text
        return ["Final report" in page, "Ask them" in page]

    assert [listed(), listed(when="open"), listed(when="overdue")] == [[True, False], [True, True], [False, False]]
    assert [listed(q="campus")[0], listed(q="pump")[0], listed(side="firm")[0]] == [True, False, False]
    page = reverse("agreements:obligation", args=[agreement.key, made["Final report"].key])
    assert browser.post(page, {"action": "deny", "note": ""}).status_code == 409
    assert browser.post(page, {"action": "sing"}).status_code == 422
    assert browser.post(page, {"action": "confirm", "note": "Got it by mail."}).status_code == 302
    shown = assert_page_ok(browser.get(page)).text
    assert ("Got it by mail." in shown, "Confirmed as done, Olga Owner" in shown, "We have done it" in shown) == (
        True, True, False,
    )  # fmt: skip
    assert listed(when="settled") == [True, False]
    Obligation.objects.filter(title="Ask them").update(due_on=date(2026, 3, 1))
    assert listed(when="overdue") == [False, True]
    assert client_of(member).get(address).status_code == 404
    today = [assert_page_ok(client_of(one).get(reverse("surface:today"))).text for one in (owner, member)]
    assert ["Deadline of the agreement “Grips”" in text for text in today] == [True, False]
    said = services.ObligationInput(kind="payment", side="party", on=AT.date() + timedelta(days=300))
    far = services.add_obligation(agreement_id=agreement.pk, said=said, actor=owner, at=AT)
    services.say_done(obligation_id=far.pk, note="", actor=solver, at=AT)
    assert "Said to be done" in assert_page_ok(browser.get(reverse("surface:today"))).text
    Obligation.objects.filter(pk=far.pk).delete()
    home = assert_page_ok(browser.get(reverse("agreements:agreement", args=[agreement.key]))).text
    assert ("3 open, 1 overdue" in home, "Last day to give notice" in home) == (True, True)


def test_the_partner_sees_its_deadlines_says_what_is_done_and_fetches_them(client_of, make_signed, owner, solver):
    agreement, browser = make_signed(), client_of(solver)
    empty = assert_page_ok(client_of(owner).get(reverse("agreements:my_deadlines"))).text
    said = services.ObligationInput(kind="report", side="party", title="Final report", on=AT.date() + timedelta(days=9))
    report = services.add_obligation(agreement_id=agreement.pk, said=said, actor=owner, at=AT)
    mine = assert_page_ok(browser.get(reverse("agreements:my_deadlines"))).text
    assert ("Nothing is open" in empty, "Final report" in mine, "From when until when" in mine) == (True, True, True)
    listed = assert_page_ok(browser.get(reverse("agreements:obligations", args=[agreement.key]))).text
    assert ("Add a deadline" in listed, "Last day to give notice" in listed) == (False, True)
    page = reverse("agreements:obligation", args=[agreement.key, report.key])
    browser.post(page, {"action": "done", "note": ""})
    assert "Said to be done" in assert_page_ok(browser.get(page)).text
    calendar = reverse("agreements:calendar_link")
    assert "You have none yet" in assert_page_ok(browser.get(calendar)).text
    shown = assert_page_ok(browser.post(calendar)).text
    address = next(word for word in shown.split() if word.endswith(".ics"))
    assert browser.get(address.removeprefix("http://testserver")).status_code == 200
    browser.post(calendar, {"action": "stop"})
    assert browser.get(address.removeprefix("http://testserver")).status_code == 404


def test_a_publication_is_handed_in_with_its_file_and_answered_on_pages_that_say_what_holds(
    client_of, make_signed, owner, solver, tmp_path
):
    agreement, browser, firm = make_signed(), client_of(solver), client_of(owner)
    new = reverse("agreements:new_publication", args=[agreement.key])
    assert_page_ok(browser.get(new))
    assert firm.get(new).status_code == 404
    assert (browser.post(new, {"title": "Soft fingers"}).status_code, browser.post(new).status_code) == (409, 422)
    paper = tmp_path / "paper.txt"
    paper.write_text("We measured.")
    with paper.open("rb") as file:
        page = browser.post(new, {"title": "Soft fingers", "file": file, "planned_on": "2026-03-10"})["Location"]
    assert b"".join(firm.get(f"{page}file/").streaming_content) == b"We measured."
    waiting = [assert_page_ok(one.get(page)).text for one in (browser, firm)]
    said = "Without an answer by then it may be published."
    assert [(said in text, "Send the answer" in text, "may still answer" in text) for text in waiting] == [
        (True, False, True),
        (True, True, True),
    ]
    assert browser.post(page, {"answer": "free"}).status_code == 404
    assert (firm.post(page, {"answer": "delay"}).status_code, firm.post(page, {}).status_code) == (409, 422)
    firm.post(page, {"answer": "remove", "text": "Table 2"})
    answered = [assert_page_ok(one.get(page)).text for one in (browser, firm)]
    assert ["without the parts named below" in text and "Table 2" in text for text in answered] == [True, True]
    listed = reverse("agreements:publications", args=[agreement.key])
    assert ["Parts to be left out" in assert_page_ok(one.get(listed)).text for one in (browser, firm)] == [True, True]
    bare = services.submit_publication(
        agreement_id=agreement.pk, said=services.PublicationInput(title="B", note="C"), actor=solver, at=AT
    )
    clock = reverse("agreements:obligation", args=[agreement.key, bare.review.key])
    assert "Open the planned publication" in assert_page_ok(firm.get(clock)).text
    assert firm.get(reverse("agreements:publication_file", args=[agreement.key, bare.key])).status_code == 404
