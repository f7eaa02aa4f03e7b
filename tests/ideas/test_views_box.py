"""The box as the world uses it: no sign-in, no cookie, no script; and no page of another site may pretend to be it."""

import html
import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from permea.ideas import rules, services
from permea.ideas.models import Posting
from permea.surface.testing import read_page
from tests.cast import AT
from tests.ideas.pictures import SECRET, jpeg

pytestmark = pytest.mark.usefixtures("settings_dir", "clock")
HERE = {"origin": "http://testserver"}
LISTED = "https://www.customer.example"
SAID = {"kind": "need", "text": "The belt stops twice a day.", "source": "customer", "is_anonymous": "yes"}


@pytest.fixture(autouse=True)
def mail_goes_out(settings):
    settings.MAIL_IS_KEPT = False


@pytest.fixture
def box(make_box):
    return make_box(title="What slows you down?", welcome="We read **everything**.", origins=[LISTED])


def text(response):
    return html.unescape(response.content.decode())


def slip_of(response):
    return re.search(r'name="slip" value="([^"]+)"', response.content.decode())[1]


def page(box, way=""):
    return f"/box/{box.key}/{way}"


@pytest.fixture
def send(clock):
    """Return a function that opens a form, waits half a minute and sends it; nothing is kept between the two."""

    def do(box, way="", *, browser=None, headers=HERE, slip=None, query="", **said):
        browser = browser or Client(enforce_csrf_checks=True)
        slip = slip or slip_of(browser.get(page(box, way) + query))
        clock.at += timedelta(seconds=30)
        browser.cookies.clear()
        return browser.post(page(box, way), {**SAID, "slip": slip, **said}, headers=headers)

    return do


def private_of(response):
    return re.search(r"/box/p/[0-9a-f]+/", text(response))[0]


# --- sending


def test_a_need_is_sent_without_sign_in_cookie_or_script(box, send, client):
    sent = send(box)
    posting = Posting.objects.get()
    followed = client.get(private_of(sent))

    assert (sent.status_code, posting.text, posting.channel, posting.is_anonymous) == (
        200, "The belt stops twice a day.", "page", True,
    )  # fmt: skip
    assert re.search("You have an answer by [^<]*9[^<]*2026", text(sent))
    assert (followed.status_code, "The belt stops twice a day." in text(followed)) == (200, True)


@pytest.mark.parametrize(
    ("said", "language"),
    [("Das Band bleibt zweimal am Tag stehen, weil es zu warm wird.", "de"), ("Band!", "fr")],
)
def test_what_is_put_in_is_in_the_language_its_text_shows_or_else_in_the_pages(box, send, said, language):
    send(box, text=said, headers={**HERE, "accept-language": "fr"})

    assert Posting.objects.get().language == language


def test_clicking_twice_sends_once_and_shows_the_same_link(box, send, client):
    slip = slip_of(client.get(page(box)))
    first, second = send(box, slip=slip), send(box, slip=slip, text="Changed.")

    assert (private_of(first), Posting.objects.count()) == (private_of(second), 1)


def test_the_scanned_code_tells_the_place(box, send, client):
    shown = client.get(page(box) + "?at=press-3")
    send(box, at="press-3")
    send(box, via="qr", text="Another.")

    assert "Place: press-3" in text(shown)
    assert list(Posting.objects.order_by("pk").values_list("channel", "place")) == [("qr", "press-3"), ("qr", "")]


def test_a_photo_comes_along_without_its_metadata(box, send, settings_dir):
    picture = io.BytesIO(jpeg())
    picture.name = "belt.jpg"
    sent = send(box, photo=picture)
    posting = Posting.objects.get()

    assert (sent.status_code, SECRET in (settings_dir / "files" / posting.photo_path).read_bytes()) == (200, False)


def test_who_says_their_name_is_known_and_hears_by_mail(box, send):
    sent = send(box, is_anonymous="no", name="Sam", email="sam@a.example")

    assert (Posting.objects.get().sender_name, "It also comes by mail" in text(sent)) == ("Sam", True)


@pytest.mark.parametrize(("is_anonymous", "n_known"), [("no", 1), ("yes", 0)])
def test_who_is_signed_in_is_known_only_if_they_like(box, client_of, solver, clock, is_anonymous, n_known):
    browser = client_of(solver)
    slip = slip_of(browser.get(page(box)))
    clock.at += timedelta(seconds=30)
    browser.post(page(box), {**SAID, "slip": slip, "is_anonymous": is_anonymous}, headers=HERE)

    assert (Posting.objects.filter(sender=solver).count(), Posting.objects.count()) == (n_known, 1)


@pytest.mark.parametrize(
    ("said", "status", "told"),
    [
        ({"text": ""}, 422, "Say in a sentence or two what it is about."),
        ({"kind": ""}, 422, "Choose whether it is a problem you see"),
        ({"email": "nobody"}, 422, "E-mail for the answer"),
        ({"reference": "http://spam.example"}, 409, "Leave the field “Reference” empty"),
        ({"slip": "forged"}, 409, "This form does not belong to this box"),
        ({"text": "x\x01y"}, 409, "characters that are not text"),
    ],
)
def test_what_cannot_be_taken_is_told_and_what_was_typed_stays(box, send, said, status, told):
    answer = send(box, **{"name": "Sam Typed", **said})

    assert (answer.status_code, told in text(answer), "Sam Typed" in text(answer), Posting.objects.count()) == (
        status, True, True, 0,
    )  # fmt: skip


def test_a_photo_that_is_too_big_is_refused_before_it_is_read(box, send, monkeypatch):
    monkeypatch.setattr(rules.box, "MAX_PHOTO", 10)
    picture = io.BytesIO(jpeg())
    picture.name = "belt.jpg"
    answer = send(box, photo=picture)

    assert (answer.status_code, "Please choose the photo again" in text(answer)) == (409, True)


def test_a_form_that_was_open_too_long_gets_a_new_slip_and_can_be_sent(box, send, client, clock):
    slip = slip_of(client.get(page(box)))
    clock.at += timedelta(hours=13)
    late = send(box, slip=slip)
    again = send(box, slip=slip_of(late))

    assert (late.status_code, "open for a long time" in text(late), again.status_code) == (409, True, 200)


def test_a_form_sent_at_once_keeps_its_slip(box, client):
    slip = slip_of(client.get(page(box)))
    answer = client.post(page(box), {**SAID, "slip": slip}, headers=HERE)

    assert (answer.status_code, "faster than anybody types" in text(answer), slip_of(answer)) == (409, True, slip)


def test_too_many_from_one_address_have_to_wait(box, send, settings):
    settings.RATE_LIMITS = True
    codes = [send(box, text="").status_code for _ in range(61)]

    assert (codes.count(422), codes[-1]) == (60, 429)


def test_a_closed_box_shows_no_form_and_takes_nothing(box, send, client, owner):
    slip = slip_of(client.get(page(box)))
    box.closed_at = AT
    box.save()

    assert "<textarea" not in text(client.get(page(box)))
    assert (send(box, slip=slip).status_code, Posting.objects.count()) == (409, 0)


def test_without_a_mail_server_no_answer_by_mail_is_promised(box, client, settings):
    settings.MAIL_IS_KEPT = True

    assert 'name="email"' not in text(client.get(page(box)))


def test_a_box_that_asks_not_who_people_are_shows_no_choice(make_box, send):
    sent = send(make_box(asks_source=False, source="employee"))

    assert (sent.status_code, Posting.objects.get().source) == (200, "employee")


def test_the_page_is_light_and_needs_no_script(box, client):
    shown = client.get(page(box))
    found = read_page(text(shown))

    assert (len(shown.content) < 30_000, len(found.all("h1"))) == (True, 1)
    assert [one.attributes["name"] for one in found.all("textarea")] == ["text"]


# --- other sites


@pytest.mark.parametrize("way", ["", "embed/"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", LISTED, ""])
def test_a_form_sent_from_the_page_of_another_site_is_refused(box, send, way, origin):
    answer = send(box, way, headers={"origin": origin} if origin else {})

    assert (answer.status_code, Posting.objects.count()) == (403, 0)


def test_only_the_listed_sites_may_frame_the_form_and_nobody_anything_else(box, client):
    framed = client.get(page(box, "embed/"))
    others = [client.get(address) for address in ("/", page(box), "/account/login/", page(box, "widget.js"))]

    assert f"frame-ancestors {LISTED};" in framed.headers["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in framed.headers
    assert {one.headers["X-Frame-Options"] for one in others} == {"DENY"}
    assert all("frame-ancestors 'none'" in one.headers["Content-Security-Policy"] for one in others)


def test_without_listed_sites_nobody_may_frame_it(make_box, client):
    framed = client.get(page(make_box(), "embed/"))

    assert "frame-ancestors 'none'" in framed.headers["Content-Security-Policy"]


def test_answers_to_a_framed_form_are_framed_by_the_same_sites(box, send):
    answers = [send(box, "embed/"), send(box, "embed/", text=""), send(box, "embed/", headers={})]

    assert [one.status_code for one in answers] == [200, 422, 403]
    assert all(f"frame-ancestors {LISTED}" in one.headers["Content-Security-Policy"] for one in answers)


def test_the_framed_form_sets_no_cookie_and_opens_the_link_outside(box, client):
    shown = client.get(page(box, "embed/"))

    assert (dict(shown.cookies), "csrfmiddlewaretoken" in text(shown)) == ({}, False)


def test_what_is_sent_from_a_frame_is_told_as_such(box, send):
    sent = send(box, "embed/", at="press")

    assert (Posting.objects.get().channel, 'target="_blank" rel="noopener noreferrer"' in text(sent)) == (
        "widget",
        True,
    )


def test_a_slip_works_only_in_its_own_box_and_its_own_form(box, make_box, send, client):
    other = make_box(title="Other", origins=[LISTED])
    page_slip, framed_slip = (slip_of(client.get(page(box, way))) for way in ("", "embed/"))
    answers = [
        send(other, slip=page_slip),
        send(box, "embed/", slip=page_slip),
        send(box, slip=framed_slip),
        send(box, "embed/", slip=framed_slip),
    ]

    assert [one.status_code for one in answers] == [409, 409, 409, 200]


def test_a_slip_that_is_replayed_stores_nothing_more(box, send, client):
    slip = slip_of(client.get(page(box, "embed/")))
    for number in range(3):
        send(box, "embed/", slip=slip, text=f"Spam {number}")

    assert [one.text for one in Posting.objects.all()] == ["Spam 0"]


def test_the_script_can_be_loaded_by_other_sites_and_is_small(box, client):
    script = client.get(page(box, "widget.js"))

    assert (script.status_code, script.headers["Content-Type"], script.headers["Cross-Origin-Resource-Policy"]) == (
        200, "text/javascript; charset=utf-8", "cross-origin",
    )  # fmt: skip
    assert len(script.content) < 1000


@pytest.mark.parametrize("way", ["", "embed/", "widget.js", "qr.svg"])
def test_an_unknown_box_does_not_exist(db, client, way):
    assert client.get(f"/box/nothing/{way}").status_code == 404


def test_the_code_is_a_picture_of_the_address(box, client):
    code, at = client.get(page(box, "qr.svg")), client.get(page(box, "qr.svg?at=press-3"))

    assert (code.headers["Content-Type"], b"<script" in code.content, code.content == at.content) == (
        "image/svg+xml", False, False,
    )  # fmt: skip


# --- the private page


@pytest.fixture
def sent(box, send):
    return private_of(send(box)), Posting.objects.get()


def test_the_private_page_stays_private(sent, client):
    shown = client.get(sent[0])

    assert [shown.headers[name] for name in ("Referrer-Policy", "X-Robots-Tag", "Cache-Control")] == [
        "no-referrer", "noindex, nofollow", "private, no-store",
    ]  # fmt: skip
    assert [client.get(sent[0][:-2] + last).status_code for last in ("x/", "/")] == [404, 404]


def test_its_sender_takes_it_back_without_a_cookie(sent):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(sent[0], {"action": "withdraw"}, headers={"origin": "null"})
    again = browser.post(sent[0], {"action": "withdraw"}, headers={"origin": "null"})
    shown = browser.get(sent[0])

    assert (answer.status_code, again.status_code, Posting.objects.get().status) == (302, 409, "withdrawn")
    assert ("The belt" in text(shown), "Text, photo and address are removed." in text(shown)) == (False, True)


def test_its_sender_leaves_an_address_later(sent, client):
    wrong = client.post(sent[0], {"action": "address", "email": "nobody"})
    right = client.post(sent[0], {"action": "address", "email": "sam@a.example"})

    assert (wrong.status_code, right.status_code, Posting.objects.get().sender_email) == (422, 302, "sam@a.example")


def test_the_answer_and_what_it_was_merged_with_stand_there(sent, client, make_posting, manager, make_challenge):
    address, posting = sent
    posting.became_challenge = make_challenge(title="A belt that never stops")
    posting.save()
    for other in (make_posting(box=posting.box), make_posting(box=posting.box)):
        services.merge_posting(posting_id=other.pk, main_id=posting.pk, why="Same.", actor=manager, at=AT)
    declined = {"outcome": "declined", "reason": "over_budget", "words": "We change it."}
    services.answer_posting(posting_id=posting.pk, actor=manager, at=AT, **declined)
    shown = text(client.get(address))

    parts = ("Merged with 2 similar postings", "We change it.", "A belt that never stops")
    assert [part for part in parts if part not in shown] == []


def test_a_draft_made_of_it_is_not_given_away(sent, client, make_challenge):
    address, posting = sent
    posting.became_challenge = make_challenge(status="draft", title="Secret plan")
    posting.save()

    assert "Secret plan" not in text(client.get(address))
