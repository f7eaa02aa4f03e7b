"""The inbox and the keeping of boxes: what managers see and do, and what others find: nothing."""

import html
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from permea.challenges.models import Challenge
from permea.ideas import services
from permea.ideas.models import IdeaBox, Posting
from permea.notifications.queries import mails_visible_to
from tests.cast import AT
from tests.ideas.pictures import jpeg

pytestmark = pytest.mark.usefixtures("settings_dir", "clock")
ANSWER = {"outcome": "declined", "reason": "over_budget", "words": "Not this year; write to us again in spring."}
BOX = {"title": "Press 3", "language": "de", "answer_days": "5", "source": "employee", "asks_source": "on"}


@pytest.fixture
def mara(client_of, manager):
    return client_of(manager)


def text(response):
    return html.unescape(response.content.decode())


def inside(posting, action=""):
    return f"/inbox/{posting.key}/{action}"


# --- the inbox


def test_an_empty_inbox_says_what_to_do_first(mara, make_box):
    before = text(mara.get("/inbox/"))
    make_box()

    assert ("You have no idea box yet." in before, "Nothing came in yet." in text(mara.get("/inbox/"))) == (True, True)


def test_what_waits_stands_there_with_its_numbers(mara, make_posting):
    make_posting(text="The belt stops.")
    told = make_posting(text="Cold coffee.", source="supplier")
    mara.post(inside(told, "answer/"), ANSWER)
    shown, everything = text(mara.get("/inbox/")), text(mara.get("/inbox/?state=all&q=COFFEE"))

    assert ("The belt stops." in shown, "Cold coffee." in shown, "Cold coffee." in everything) == (True, False, True)
    assert ("1 waits for an answer" in shown, "Supplier" in shown) == (True, True)


def test_what_is_late_is_said_first(mara, make_posting, clock):
    make_posting()
    clock.at = AT + timedelta(days=7)

    assert "Inbound · 1 is late" in text(mara.get("/inbox/"))


def test_a_state_nobody_knows_shows_what_waits(mara, make_posting):
    make_posting(text="The belt stops.")

    assert "The belt stops." in text(mara.get("/inbox/?state=gone&page=x"))


@pytest.mark.parametrize("who", ["member", "evaluator", "other_owner", "stranger"])
def test_for_others_there_is_no_inbox(request, client_of, make_posting, make_box, who, other_organisation):
    browser, posting = client_of(request.getfixturevalue(who)), make_posting(text="The belt stops.", photo=None)
    reads = [browser.get(address).status_code for address in (inside(posting), inside(posting, "photo/"))]
    writes = [
        browser.post(inside(posting, action)).status_code
        for action in ("consider/", "answer/", "merge/", "unmerge/", "challenge/")
    ]
    boxes = [browser.get(f"/inbox/boxes/{posting.box.key}/{part}").status_code for part in ("", "poster/", "widget/")]

    assert {*reads, *writes, *boxes} == {404}
    assert "The belt stops." not in text(browser.get("/inbox/"))


def test_looking_into_it_is_told(mara, make_posting):
    posting = make_posting()
    mara.post(inside(posting, "consider/"))
    posting.refresh_from_db()

    assert (posting.status, "Being considered" in text(mara.get(inside(posting)))) == ("considered", True)


def test_an_answer_without_words_or_reason_is_not_sent_and_stays_in_the_form(mara, make_posting):
    posting = make_posting()
    without_words = mara.post(inside(posting, "answer/"), {**ANSWER, "words": ""})
    without_reason = mara.post(inside(posting, "answer/"), {**ANSWER, "reason": ""})
    posting.refresh_from_db()

    assert (without_words.status_code, without_reason.status_code, posting.status) == (422, 409, "new")
    assert "Not this year; write to us again in spring." in text(without_reason)


def test_an_answer_is_sent_once(mara, make_posting):
    posting = make_posting()
    first, second = (mara.post(inside(posting, "answer/"), ANSWER) for _ in range(2))
    posting.refresh_from_db()

    assert (first.status_code, second.status_code, posting.status) == (302, 409, "declined")
    assert "Not this year" in text(mara.get(inside(posting)))


def test_merging_and_its_undoing(mara, make_posting):
    main, other = make_posting(text="The belt stops."), make_posting(text="Belt stopped again.")
    nothing = mara.post(inside(other, "merge/"), {"why": "Same."})
    wrong = mara.post(inside(other, "merge/"), {"main": other.key, "why": "Same."})
    merged = mara.post(inside(other, "merge/"), {"main": main.key, "why": "Same."}, follow=True)
    seen = text(mara.get(inside(main)))
    undone = mara.post(inside(other, "unmerge/"), follow=True)
    again = mara.post(inside(other, "unmerge/"))

    assert (nothing.status_code, wrong.status_code, again.status_code) == (422, 409, 409)
    assert ("Merged into another one" in text(merged), "Belt stopped again." in seen) == (True, True)
    assert "It waits for an answer of its own again." in text(undone)


def test_a_need_becomes_a_challenge_and_both_pages_lead_to_each_other(mara, make_posting):
    posting, idea = make_posting(text="The belt stops."), make_posting(kind="idea")
    made = mara.post(inside(posting, "challenge/"))
    challenge = Challenge.objects.get()
    there, back = text(mara.get(f"/challenges/{challenge.key}/")), text(mara.get(inside(posting)))

    assert made.url == f"/challenges/{challenge.key}/edit/brief/"
    assert (f'href="{inside(posting)}"' in there, f"/challenges/{challenge.key}/" in back) == (True, True)
    assert mara.post(inside(idea, "challenge/")).status_code == 409


def test_the_photo_comes_as_a_file_that_no_browser_runs(mara, make_posting, settings_dir):
    posting = make_posting(photo=services.Photo(name="a.jpg", content=jpeg()))
    shown = mara.get(inside(posting, "photo/"))
    headers = {name: shown.headers[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")}
    shown.getvalue()
    (settings_dir / "files" / posting.photo_path).unlink()

    assert headers == {
        "Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
    }  # fmt: skip
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert [mara.get(inside(one, "photo/")).status_code for one in (posting, make_posting())] == [404, 404]


def test_who_stays_unknown_is_shown_to_nobody(mara, make_posting, owner, organisation, settings):
    settings.MAIL_IS_KEPT = False
    hidden = make_posting(email="secret@a.example", name="Sam Secret")
    known = make_posting(email="known@a.example", name="Kim Known", is_anonymous=False)
    pages = text(mara.get(inside(hidden))) + text(mara.get("/inbox/"))

    assert [word in pages for word in ("secret@a.example", "Sam Secret")] == [False, False]
    assert [word in text(mara.get(inside(known))) for word in ("known@a.example", "Kim Known")] == [True, True]
    assert [mail.to for mail in mails_visible_to(owner, organisation, AT).filter(kind="posting_receipt")] == [
        "known@a.example"
    ]


def test_what_waits_stands_on_today_with_its_deadline(mara, client_of, member, make_box, make_posting):
    make_posting(box=make_box(title="Press 3"))

    assert "1 need or idea waits for an answer." in text(mara.get("/today/"))
    assert "Press 3" not in text(client_of(member).get("/today/"))


# --- boxes


def test_a_box_is_opened_changed_hung_up_and_closed(mara, client, organisation, settings):
    assert "You have no idea box yet." in text(mara.get("/inbox/boxes/"))
    assert mara.get("/inbox/boxes/new/").status_code == 200
    opened = mara.post("/inbox/boxes/new/", BOX)
    box = IdeaBox.objects.get()
    at = f"/inbox/boxes/{box.key}/"
    changed = mara.post(at, {**BOX, "title": "Press 4", "origins": "https://a.example\n"})
    poster, widget = text(mara.get(f"{at}poster/?at=hall+2")), text(mara.get(f"{at}widget/"))
    listed, first_page = text(mara.get("/inbox/boxes/")), text(client.get("/"))
    mara.post(f"{at}open/", {"action": "close"})

    assert (opened.url, changed.status_code) == (f"{at}poster/", 302)
    assert (f"/box/{box.key}/qr.svg?at=hall+2" in poster, "Scannen und in einer Minute" in poster) == (True, True)
    assert f'<script src="{settings.BASE_URL}/box/{box.key}/widget.js" data-title="Press 4" async></script>' in widget
    assert "https://a.example" in widget
    assert ["Press 4" in one for one in (listed, first_page, text(client.get("/")))] == [True, True, False]
    mara.post(f"{at}open/", {"action": "open"})
    assert IdeaBox.objects.get().is_open


def test_a_box_without_a_title_or_with_a_wrong_site_is_not_saved(mara, make_box):
    box = make_box(title="Press 3")
    answers = [
        mara.post("/inbox/boxes/new/", {**BOX, "title": ""}),
        mara.post("/inbox/boxes/new/", {**BOX, "origins": "https://a.example/page"}),
        mara.post(f"/inbox/boxes/{box.key}/", {**BOX, "origins": "*"}),
    ]

    assert ([one.status_code for one in answers], IdeaBox.objects.count()) == ([422, 409, 409], 1)


def test_a_title_cannot_break_out_of_the_line_for_a_website(mara, make_box):
    box = make_box(title='"><img src=x>')

    assert 'data-title="&quot;&gt;&lt;img src=x&gt;"' in text(mara.get(f"/inbox/boxes/{box.key}/widget/"))


# --- the API


@pytest.fixture
def sam(client_of, solver):
    return client_of(solver)


def put_in(browser, box, **values):
    body = {"kind": "need", "text": "The belt stops.", **values}
    return browser.post(f"/api/boxes/{box.key}/postings", body, content_type="application/json")


def test_programs_put_something_into_a_box_once(sam, make_box, solver):
    box = make_box()
    first = put_in(sam, box, request_id="1", is_anonymous=False)
    again = put_in(sam, box, request_id="1", text="Changed.")
    another = put_in(sam, box)

    assert [one.status_code for one in (first, again, another)] == [201, 201, 201]
    assert (first.json()["private_url"], Posting.objects.count()) == (again.json()["private_url"], 2)
    assert [(one.channel, one.sender) for one in Posting.objects.order_by("pk")] == [("api", solver), ("api", None)]
    assert sam.get(urlsplit(first.json()["private_url"]).path).status_code == 200


def test_what_programs_get_wrong_is_told(sam, client, make_box):
    box = make_box()
    answers = [put_in(sam, box, text=""), put_in(sam, box, kind="wish"), put_in(client, box)]

    assert [one.status_code for one in answers] == [409, 422, 401]
