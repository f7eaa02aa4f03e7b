"""Trials on a phone, without account, cookie or script; and for those who ask."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from permea.foundation.clock import now
from permea.surface.testing import assert_page_ok
from permea.trials import rules, services
from permea.trials.models import ConceptTest, PanelMember, Participant, PrototypeRound, Respondent
from tests.cast import AT
from tests.ideas.pictures import png

POINTS = "a\nb\nc\nd\ne"
HERE = {"origin": "http://testserver"}


@pytest.fixture
def clock(monkeypatch):
    """Let the test say what time it is."""

    class Clock:
        at = AT

    monkeypatch.setattr("django.utils.timezone.now", lambda: Clock.at)
    return Clock


def text(response):
    return html.unescape(response.content.decode())


def look(browser, address):
    """Return a page that is whole and small enough for a phone."""
    response = browser.get(address)
    assert_page_ok(response)
    assert len(response.content) < 100_000
    return response


def send(browser, clock, address, **said):
    """Open a public form, read it for half a minute, and send it without cookies."""
    slip = re.search(r'name="slip" value="([^"]+)"', look(browser, address).content.decode())[1]
    clock.at += timedelta(seconds=30)
    browser.cookies.clear()
    return browser.post(address, {"slip": slip, **said}, headers=HERE)


def test_anybody_answers_by_the_link_in_a_few_taps(make_test, clock):
    test, phone = make_test("A", "B", "C", intro="Try **both**."), Client(enforce_csrf_checks=True)
    begun = send(phone, clock, f"/trials/t/{test.key}/")
    place = begun["location"]
    for done in range(3):
        page = look(phone, place)
        assert (f">{done} of 3<" in text(page), page.headers["Referrer-Policy"]) == (True, "no-referrer")
        assert phone.post(place, {"step": done, "choice": "left"}).status_code == 302
        assert phone.post(place, {"step": done, "choice": "right"}).status_code == (409 if done == 2 else 302)

    assert "Thank you. Your answers are in." in text(look(phone, place))
    assert phone.get(f"{place}data.json").json()["finished_at"]
    assert phone.post(place, {"action": "back"}).status_code == 302
    assert "You have taken your answers back." in text(look(phone, place))
    assert b"<svg" in phone.get(f"/trials/t/{test.key}/qr.svg").content
    for lost in ("/trials/a/x.y/", "/trials/f/x.y/", "/trials/me/x.y/", f"{place}pictures/x/"):
        assert phone.get(lost).status_code == 404


@pytest.mark.parametrize(
    ("way", "said", "status", "code"),
    [
        ("t", {"reference": "x"}, 409, "Leave the field"),
        ("t", {"slip": "other"}, 409, "does not belong"),
        ("p", {"slip": ""}, 409, "does not belong"),
        ("join", {"slip": ""}, 409, "does not belong"),
        ("join", {"email": "no address"}, 422, "needs another look"),
    ],
)
def test_forms_of_machines_are_not_taken(make_test, open_round, panel, clock, way, said, status, code):
    of = {"t": make_test(), "p": open_round(), "join": panel}[way]
    address = f"/trials/{way}/{of.key}/"
    response = send(Client(), clock, address, **said)

    assert (response.status_code, code in text(response)) == (status, True)
    assert Client().post(address, headers={"origin": "https://evil.example"}).status_code == 403
    assert (Respondent.objects.count(), Participant.objects.count(), PanelMember.objects.count()) == (0, 0, 0)


def test_a_customer_joins_by_mail_agrees_answers_and_leaves(panel, make_test, open_round, clock):
    make_test("A", "B", panel=panel, takes_anyone=False, kind="one")
    open_round(panel=panel)
    phone = Client(enforce_csrf_checks=True)
    joined = send(phone, clock, f"/trials/join/{panel.key}/", name="Cora", email="cora@customer.example")
    assert "Look into your mail." in text(joined)
    member = PanelMember.objects.get()
    private = f"/trials/me/{rules.private_token(member)}/"
    assert "May we ask you?" in text(look(phone, private))
    assert phone.post(private, {"action": "agree", "version": "x"}).status_code == 409
    assert phone.post(private, {"action": "agree", "version": "1"}).status_code == 302
    asked = re.findall(r"/trials/[af]/[^\"]+/", text(look(phone, private)))
    assert len(asked) == 2
    answer, feedback = sorted(asked)

    assert phone.post(answer, {"action": "begin"}).status_code == 302
    look(phone, answer)
    assert phone.post(answer, {"step": 0, "wanted": "yes", "fit": "9"}).status_code == 409
    assert phone.post(answer, {"step": 0, "wanted": "yes", "fit": "5"}).status_code == 302
    look(phone, feedback)
    assert phone.post(feedback, {"action": "before", "before": "x"}).status_code == 422
    assert phone.post(feedback, {"action": "before", "before": "80"}).status_code == 302
    look(phone, feedback)
    whole = {"action": "after", "after": "92", "ease": "4", "change": "A horn.", "name": "Cora"}
    assert phone.post(feedback, {**whole, "ease": "6"}).status_code == 422
    assert phone.post(feedback, whole).status_code == 302
    assert "Your feedback is in." in text(look(phone, feedback))
    assert phone.get(f"{private}data.json").json()["prototypes"][0]["suggestion"] == "A horn."
    assert phone.get(f"{feedback}data.json").json()["after"] == "92.000"
    assert phone.post(feedback, {"action": "leave"}).status_code == 302
    assert "You have left this panel" in text(look(phone, private))
    assert phone.post(private, {"action": "leave"}).status_code == 409
    assert phone.post(answer, {"action": "stop"}).status_code == 409


def test_without_mail_the_link_is_shown_and_nothing_else_is_asked(panel, clock, settings):
    settings.MAIL_IS_KEPT = True
    phone = Client()
    joined = send(phone, clock, f"/trials/join/{panel.key}/", name="Cora", email="cora@customer.example")

    assert joined["location"] in text(look(phone, joined["location"]))
    assert (PanelMember.objects.get().email, joined.headers["Cache-Control"]) == ("", "private, no-store")
    assert phone.post(joined["location"], {"action": "erase"}).status_code == 302


def test_a_test_is_written_opened_closed_and_read(  # noqa: PLR0915 - one story
    client_of, owner, panel, clock, pick
):
    desk = client_of(owner)
    assert "No concept test yet." in text(look(desk, "/trials/"))
    said = {"title": "Which cart?", "language": "en", "kind": "scales", "n_pairs": "10", "closes_on": "2026-03-09",
            "takes_anyone": "on", "panel": panel.key}  # fmt: skip
    words = {
        f"{name}_{n}": value for n in (1, 2) for name, value in (("question", f"Q{n}"), ("anchors", "a\nb\nc\nd\ne"))
    }
    assert desk.post("/trials/tests/new/", {**said, "question_1": "Q", "anchors_1": "a"}).status_code == 409
    page = desk.post("/trials/tests/new/", {**said, **words})["location"]
    assert desk.post(f"{page}edit/", {**said, **words, "title": ""}).status_code == 422
    assert desk.post(f"{page}edit/", {**said, **words, "question_1": "Q", "anchors_1": "a"}).status_code == 409
    assert 'value="Q2"' in text(look(desk, f"{page}edit/"))
    assert desk.post(f"{page}edit/", {**said, "kind": "pairs"}).status_code == 302
    assert desk.post(f"{page}open/").status_code == 409
    for title in ("A", "B", "C"):
        assert desk.post(f"{page}variants/", {"title": title}).status_code == 302
    assert desk.post(f"{page}variants/", {"title": ""}).status_code == 422
    test = ConceptTest.objects.get()
    first, _second, third = test.variants.order_by("position")
    bad = {"title": "A", "picture": _file("cart.exe")}
    assert desk.post(f"/trials/variants/{first.key}/", bad).status_code == 409
    assert desk.post(f"/trials/variants/{first.key}/", {"title": "A", "picture": _file("cart.png")}).status_code == 302
    shown = desk.get(f"/trials/variants/{first.key}/picture/")
    assert (b"".join(shown.streaming_content)[:4], shown.headers["Content-Type"]) == (b"\x89PNG", "image/png")
    assert desk.post(f"/trials/variants/{third.key}/remove/").status_code == 302
    look(desk, f"/trials/variants/{first.key}/")
    assert desk.post(f"{page}open/").status_code == 302
    for number in range(8):
        place = pick(test, f"s{number}", "A")
    token = rules.private_token(place)
    assert Client().get(f"/trials/a/{token}/pictures/{first.key}/").status_code == 404  # finished: nothing is shown
    fresh = rules.private_token(services.begin(test_id=test.pk, seed="fresh", at=AT))
    assert Client().get(f"/trials/a/{fresh}/pictures/{test.variants.get(title='B').key}/").status_code == 404
    sent = Client().get(f"/trials/a/{fresh}/pictures/{first.key}/")
    assert b"".join(sent.streaming_content)
    assert Client().get(f"/api/trials/tests/{test.key}/results").status_code == 401
    assert desk.get(f"/api/trials/tests/{test.key}/results").json()["code"] == "trials.not_closed"
    assert "Code with the address" in text(look(desk, f"{page}poster/"))
    assert desk.post(f"{page}close/").status_code == 302
    assert "“A” is preferred to “B” by 100 % [68, 100], n=8." in text(look(desk, page))
    measure = desk.get(f"/api/trials/tests/{test.key}/results").json()["measures"][0]
    assert (measure["lines"][0]["label"], measure["differences"][0]["is_clear"]) == ("A", True)
    desk.post(f"{page}publish/", {"action": "show"})
    assert "is preferred to “B” by 100 %" in text(look(Client(), f"/trials/t/{test.key}/"))
    assert {desk.post(f"{page}{what}/").status_code for what in ("open", "close", "discard", "variants")} == {409, 422}
    assert desk.post(f"/trials/variants/{first.key}/", {"title": "Z"}).status_code == 409
    assert desk.post(f"/trials/variants/{first.key}/remove/").status_code == 409
    assert "Which cart?" in text(look(desk, "/trials/"))
    draft = desk.post("/trials/tests/new/", {**said, "kind": "one"})["location"]
    assert desk.post(f"{draft}publish/", {"action": "show"}).status_code == 409
    assert desk.post(f"{draft}variants/", {"title": "A", "text": "x", "picture": _file("a.gif")}).status_code == 409
    assert desk.post(f"{draft}discard/").status_code == 302


def _file(name):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, png())


def test_a_panel_is_made_filled_and_emptied(client_of, organisation, owner, clock):
    assert organisation.pk
    desk = client_of(owner)
    assert "No customer panel yet." in text(look(desk, "/trials/panels/"))
    said = {"title": "Users", "language": "en", "purpose": "Ask.", "keep_months": "12", "is_joinable": "on"}
    assert desk.post("/trials/panels/new/", {**said, "keep_months": "0"}).status_code == 422
    assert desk.post("/trials/panels/new/", {**said, "purpose": "."}).status_code == 302
    page = f"/trials/panels/{PanelMember.panel.field.related_model.objects.get().key}/"
    assert desk.post(f"{page}edit/", {**said, "title": ""}).status_code == 422
    assert desk.post(f"{page}edit/", said).status_code == 302
    look(desk, f"{page}edit/")
    assert desk.post(f"{page}invite/", {"people": ""}).status_code == 422
    assert desk.post(f"{page}invite/", {"people": "nobody"}).status_code == 409
    for _twice in range(2):
        assert desk.post(f"{page}invite/", {"people": "Ada <ada@customer.example>"}).status_code == 302
    assert "ada@customer.example" in text(look(desk, page))
    member = PanelMember.objects.get()
    assert desk.post(f"{page}members/{member.key}/end/").status_code == 302
    assert desk.post(f"{page}members/{member.key}/end/").status_code == 409
    assert "trials/join" in text(look(desk, f"{page}poster/"))
    assert b"<svg" in Client().get(page.replace("panels", "join") + "qr.svg").content


def test_a_prototype_goes_through_its_rounds(client_of, owner, prototype, measure, clock, panel):
    desk, page = client_of(owner), f"/trials/prototypes/{prototype.key}/"
    said = {"title": "Cart", "language": "en", "measure": "Picking speed", "unit": "picks/h", "is_more_better": "yes"}
    assert desk.post("/trials/prototypes/new/", {**said, "unit": ""}).status_code == 422
    made = desk.post("/trials/prototypes/new/", said)["location"]
    assert desk.post(f"{made}edit/", {**said, "title": ""}).status_code == 422
    assert desk.post(f"{made}edit/", {**said, "is_more_better": "no"}).status_code == 302
    look(desk, f"{made}edit/")
    assert desk.post(f"{page}rounds/", {"closes_on": ""}).status_code == 422
    assert desk.post(f"{page}rounds/", {"closes_on": "2026-03-09"}).status_code == 409
    assert desk.post(f"{page}rounds/", {"closes_on": "2026-03-09", "takes_anyone": "on"}).status_code == 302
    round_ = PrototypeRound.objects.get()
    phone = Client(enforce_csrf_checks=True)
    begun = send(phone, clock, f"/trials/p/{round_.key}/")
    assert "Without it" in text(look(phone, begun["location"]))
    assert phone.post(begun["location"], {"action": "back"}).status_code == 302
    assert phone.post(begun["location"], {"action": "back"}).status_code == 409
    for before, after in ((80, 90), (82, 95), (70, 81), (75, 84), (78, 200)):
        place = measure(round_, before, after, change="A horn." if after == 200 else "", worked="The light.")
    assert "far off the others" in text(look(desk, page))
    assert b"<svg" in phone.get(f"/trials/p/{round_.key}/qr.svg").content
    assert "Guiding cart" in text(look(desk, f"/trials/rounds/{round_.key}/poster/"))
    assert desk.post(f"/trials/rounds/{round_.key}/tell/").status_code == 409
    assert desk.post(f"/trials/rounds/{round_.key}/close/").status_code == 302
    assert desk.post(f"/trials/rounds/{round_.key}/close/").status_code == 409
    answer = f"/trials/suggestions/{place.suggestion.key}/"
    assert desk.post(answer, {"outcome": "adopted"}).status_code == 409
    assert desk.post(answer, {"outcome": "adopted", "words": "It has one."}).status_code == 302
    assert desk.post(f"/trials/rounds/{round_.key}/tell/").status_code == 302
    assert "It has one." in text(look(phone, f"/trials/f/{rules.private_token(place)}/"))
    assert "not taken any more" in text(look(phone, f"/trials/p/{round_.key}/"))
    results = desk.get(f"/api/trials/prototypes/{prototype.key}/results").json()["rounds"][0]
    assert (results["n"], results["n_outliers"], results["difference"]["n"], results["step"]) == (5, 1, 5, None)
    look(desk, "/trials/prototypes/")
    assert now() > AT
