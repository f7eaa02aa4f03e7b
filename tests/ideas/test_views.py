"""The pages of ideas as people use them: without script, on a bad line, twice, too late and far too much."""

import csv
import hashlib
import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from permea.ideas import queries, services
from permea.ideas.models import Attachment, Idea, KeptCopy, StagedTable
from tests.cast import AT
from tests.ideas.test_services import keys_of

pytestmark = pytest.mark.usefixtures("settings_dir", "clock")
TEXT = {"title": "Gripper", "summary": "It grips.", "body": "How it grips.", "source": "startup", "language": "en"}


@pytest.fixture
def sam(client_of, solver):
    return client_of(solver)


@pytest.fixture
def mara(client_of, manager):
    return client_of(manager)


@pytest.fixture
def draft(make_idea, solver):
    return make_idea(author=solver, submitted=False)


def text(response):
    return response.content.decode()


def titles(response):
    """Return the titles in a list or a preview, in their order."""
    return re.findall(r'class="strong" dir="auto"[^>]*>([^<]*)<', text(response))


def upload(name, content):
    file = io.BytesIO(content)
    file.name = name
    return file


def edit(idea, action="edit"):
    return f"/my/ideas/{idea.key}/{action}/"


# --- entering


def test_the_way_from_the_challenge_to_the_receipt_needs_no_script(make_challenge, sam, solver):
    challenge = make_challenge()
    enter = f"/c/{challenge.key}/enter/"
    terms = sam.get(enter)
    started = sam.post(enter, dict.fromkeys(keys_of(challenge), "on"))
    draft = Idea.objects.get(author=solver)
    handed_in = sam.post(edit(draft, "submit"), {**TEXT, "files": upload("plan.txt", b"The plan.")}, follow=True)
    draft.refresh_from_db()

    assert (challenge.ip_terms.title in text(terms), challenge.participation_terms.title in text(terms)) == (True, True)
    assert (started.status_code, started.url) == (302, edit(draft))
    assert (draft.status, draft.title, draft.n_files) == ("submitted", "Gripper", 1)
    assert "Handed in. Your receipt is below" in text(handed_in)
    assert f"/receipts/{draft.versions.get().receipt_key}/" in text(handed_in)


def test_visitors_sign_in_and_come_back(make_challenge, client):
    challenge = make_challenge()
    answer = client.get(f"/c/{challenge.key}/enter/")

    assert (answer.status_code, answer.url.endswith(f"?next=/c/{challenge.key}/enter/")) == (302, True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_challenge_that_is_not_public_does_not_exist(make_challenge, sam, client, method):
    draft = make_challenge(status="draft")

    assert [getattr(who, method)(f"/c/{draft.key}/enter/").status_code for who in (sam, client)] == [404, 404]


def test_each_text_has_to_be_ticked(make_challenge, sam):
    challenge = make_challenge()
    answer = sam.post(f"/c/{challenge.key}/enter/", {keys_of(challenge)[0]: "on"})

    assert (answer.status_code, Idea.objects.count()) == (422, 0)
    assert "You can enter once you have accepted this text." in text(answer)


def test_entering_too_late_tells_both_times_and_keeps_nothing(make_challenge, sam, clock):
    challenge = make_challenge()
    clock.at = challenge.closes_at + timedelta(microseconds=1)
    shown = sam.get(f"/c/{challenge.key}/enter/")
    sent = sam.post(f"/c/{challenge.key}/enter/", dict.fromkeys(keys_of(challenge), "on"))

    assert (shown.status_code, sent.status_code, Idea.objects.count()) == (200, 409, 0)
    assert "March 30, 2026, 10:00:00 UTC+02:00" in text(sent)
    assert "March 30, 2026, 10:00:00.000001 UTC+02:00" in text(sent)


def test_somebody_who_entered_sees_their_entries_and_can_start_another(make_idea, solver, sam):
    idea = make_idea(author=solver, title="My first gripper")
    enter = f"/c/{idea.challenge.key}/enter/"
    shown, started = sam.get(enter), sam.post(enter)

    assert ("My first gripper" in text(shown), started.status_code, Idea.objects.count()) == (True, 302, 2)


def test_entering_too_often_is_slowed_down(make_challenge, sam, settings):
    from django.core.cache import cache

    cache.clear()
    settings.RATE_LIMITS = True
    challenge = make_challenge()
    codes = [
        sam.post(f"/c/{challenge.key}/enter/", dict.fromkeys(keys_of(challenge), "on")).status_code for _ in range(31)
    ]
    cache.clear()

    assert (codes[0], codes[29], codes[30]) == (302, 302, 409)


def test_my_entries_say_what_is_next(make_idea, make_challenge, solver, sam, clock):
    challenge = make_challenge()
    make_idea(challenge=challenge, author=solver, title="In")
    changed = make_idea(challenge=challenge, author=solver, title="Changed")
    services.save_draft(idea_id=changed.pk, actor=solver, at=AT, title="Changed again")
    back = make_idea(challenge=challenge, author=solver, title="Back")
    services.withdraw_idea(idea_id=back.pk, actor=solver, at=AT)
    gone = make_idea(challenge=challenge, author=solver, title="Gone")
    services.withdraw_idea(idea_id=gone.pk, actor=solver, at=AT)
    services.remove_text(idea_id=gone.pk, actor=solver, at=AT)
    make_idea(challenge=challenge, author=solver, title="Begun", submitted=False)
    states = {entry.title: entry.state for entry in queries.my_entries(solver, AT)}
    shown = text(sam.get("/my/"))
    clock.at = challenge.closes_at
    late = {entry.title: entry.state for entry in queries.my_entries(solver, clock.at)}
    shown_late = text(sam.get("/my/"))

    assert states == {
        "In": "submitted",
        "Changed again": "changed",
        "Back": "withdrawn",
        "–": "removed",
        "Begun": "draft",
    }
    assert late == {
        "In": "submitted",
        "Changed again": "submitted",
        "Back": "withdrawn",
        "–": "removed",
        "Begun": "missed",
    }
    assert ("Hand your changes in" in shown, "closed before it was handed in" in shown_late) == (True, True)


def test_my_entries_are_empty_for_a_newcomer_and_closed_to_visitors(sam, client):
    assert ("No entries yet" in text(sam.get("/my/")), client.get("/my/").status_code) == (True, 302)


# --- saving


def test_saving_keeps_the_text_and_says_so(draft, sam):
    answer = sam.post(edit(draft), {**TEXT, "title": "🍎 ذراع", "asked_money": "1500", "country": "DE"}, follow=True)
    draft.refresh_from_db()

    assert (draft.title, draft.asked_money, draft.country, draft.source) == ("🍎 ذراع", 1500, "DE", "startup")
    assert ("Saved. Nobody but you can read it." in text(answer), 'dir="auto"' in text(answer)) == (True, True)


def test_a_wrong_number_does_not_cost_the_rest(draft, sam):
    answer = sam.post(edit(draft), {**TEXT, "asked_money": "a lot"})
    draft.refresh_from_db()

    assert (answer.status_code, draft.title, draft.asked_money, "a lot" in text(answer)) == (422, "Gripper", None, True)


@pytest.mark.parametrize(
    ("field", "value"), [("body", "x" * 50_001), ("title", "x" * 161), ("body", "nul \x00"), ("source", "spy")]
)
def test_a_text_that_does_not_fit_is_shown_again_and_the_rest_is_saved(draft, sam, field, value):
    answer = sam.post(edit(draft), {**TEXT, "summary": "Kept.", field: value})
    draft.refresh_from_db()

    assert (answer.status_code, draft.summary, getattr(draft, field) != value) == (422, "Kept.", True)


def test_saving_too_late_keeps_what_was_typed_on_the_page(draft, sam, clock):
    clock.at = draft.challenge.closes_at
    answer = sam.post(edit(draft), {**TEXT, "body": "Typed at the last moment"})

    assert (
        answer.status_code,
        "Typed at the last moment" in text(answer),
        "This challenge closed on" in text(answer),
    ) == (
        409,
        True,
        True,
    )


@pytest.mark.parametrize("action", ["edit", "autosave", "submit", "attach"])
@pytest.mark.parametrize("encoding", ["multipart", "urlencoded"])
def test_a_text_of_twenty_megabytes_is_refused_with_a_page(draft, sam, action, encoding):
    huge = "x" * (20 * 1024 * 1024)
    if encoding == "multipart":
        answer = sam.post(edit(draft, action), {**TEXT, "body": huge})
    else:
        answer = sam.post(edit(draft, action), f"body={huge}", content_type="application/x-www-form-urlencoded")
    draft.refresh_from_db()

    assert (answer.status_code, "Your draft is kept as it was last saved" in text(answer), draft.title) == (
        413,
        True,
        "Idea 1",
    )


def test_a_script_is_told_of_twenty_megabytes_too(draft, sam):
    answer = sam.post(edit(draft, "autosave"), {"body": "x" * 3_000_000}, headers={"X-Autosave": "1"})

    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (
        413,
        "application/problem+json",
        "ideas.request_too_big",
    )


def test_the_entry_page_still_asks_for_the_token_of_its_form(draft, solver):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(solver)

    assert strict.post(edit(draft), TEXT).status_code == 403


def test_autosave_answers_the_script(draft, sam):
    answer = sam.post(edit(draft, "autosave"), {**TEXT, "window": "w", "seen": draft.saved_at.isoformat()})
    draft.refresh_from_db()

    told = {"saved_at": AT.isoformat(), "hints": {"language": ""}, "lists": {"said_before": []}}
    assert (answer.status_code, answer.json(), draft.title) == (200, told, "Gripper")


def test_another_language_than_chosen_is_hinted_at_and_never_changed(draft, sam):
    german = {**TEXT, "body": "Der Greifer hält reife Tomaten ganz ohne Druckstellen.", "title": "", "summary": ""}
    before = sam.get(edit(draft))
    answer = sam.post(edit(draft, "autosave"), {**german, "window": "w", "seen": draft.saved_at.isoformat()})
    draft.refresh_from_db()
    after = sam.get(edit(draft))

    assert ("looks like German" in answer.json()["hints"]["language"], draft.language) == (True, "en")
    assert ["looks like German" in text(page) for page in (before, after)] == [False, True]


def test_autosave_tells_what_it_could_not_save(draft, sam, clock):
    wrong = sam.post(edit(draft, "autosave"), {**TEXT, "asked_days": "many"})
    clock.at = draft.challenge.closes_at
    late = sam.post(edit(draft, "autosave"), TEXT)

    assert (wrong.status_code, wrong.json()["code"], late.status_code, late.json()["code"]) == (
        422,
        "ideas.invalid",
        409,
        "ideas.too_late",
    )
    assert wrong.json()["detail"] == "Everything but this is saved: Person-days from us."


def test_autosave_in_two_windows_keeps_both_texts(draft, sam, clock):
    seen = draft.saved_at.isoformat()
    sam.post(edit(draft, "autosave"), {**TEXT, "body": "One", "window": "a", "seen": seen})
    clock.at += timedelta(seconds=5)
    other = sam.post(edit(draft, "autosave"), {**TEXT, "body": "Two", "window": "b", "seen": seen})
    page = sam.post(edit(draft), {**TEXT, "body": "Two", "window": "b", "seen": seen}, follow=True)
    submitted = sam.post(edit(draft, "submit"), {**TEXT, "body": "Two", "window": "b", "seen": seen})
    draft.refresh_from_db()
    copy = KeptCopy.objects.get()

    assert (other.status_code, other.json()["code"], draft.body, copy.content["body"], draft.status) == (
        409,
        "ideas.kept_apart",
        "One",
        "Two",
        "draft",
    )
    assert ("Another text was kept" in text(page), submitted.url) == (True, edit(draft))


@pytest.mark.parametrize(("action", "body", "copies"), [("use", "Two", 1), ("discard", "One", 0)])
def test_a_kept_text_is_taken_or_thrown_away(make_idea, solver, sam, action, body, copies):
    draft = make_idea(author=solver, submitted=False, body="One")
    copy = KeptCopy.objects.create(idea=draft, window="w", content={"body": "Two"}, kept_at=AT)
    answer = sam.post(f"/my/ideas/{draft.key}/copies/{copy.pk}/", {"action": action})
    draft.refresh_from_db()

    assert (answer.status_code, draft.body, draft.kept_copies.count()) == (302, body, copies)


def test_kept_texts_of_others_do_not_exist_and_late_ones_stay(draft, make_idea, sam, stranger, client_of, clock):
    copy = KeptCopy.objects.create(idea=draft, window="w", content={"body": "Two"}, kept_at=AT)
    address = f"/my/ideas/{draft.key}/copies/{copy.pk}/"
    others = client_of(stranger).post(address)
    clock.at = draft.challenge.closes_at
    late = sam.post(address, {"action": "use"})

    assert (others.status_code, late.status_code, KeptCopy.objects.count()) == (404, 409, 1)


def test_autosaving_endlessly_is_slowed_down(draft, sam, settings):
    from django.core.cache import cache

    settings.RATE_LIMITS = True
    cache.set(f"limit:ideas.autosave:{draft.author.key}", 600, timeout=600)
    answer = sam.post(edit(draft, "autosave"), TEXT)
    cache.clear()

    assert (answer.status_code, answer.json()["code"]) == (429, "surface.too_many")


# --- handing in, taking back


def test_an_incomplete_entry_is_kept_and_says_what_is_missing(draft, sam):
    answer = sam.post(edit(draft, "submit"), {**TEXT, "body": ""})
    draft.refresh_from_db()

    assert (answer.status_code, draft.status, draft.title) == (409, "draft", "Gripper")
    assert "Still missing: Description. Everything else is kept." in text(answer)


def test_a_double_click_hands_in_once(draft, sam):
    for _click in range(2):
        answer = sam.post(edit(draft, "submit"), TEXT)
    draft.refresh_from_db()
    draft.challenge.refresh_from_db()

    assert (answer.status_code, draft.n_versions, draft.challenge.n_entries) == (302, 1, 1)


def test_a_refused_file_stops_handing_in_and_loses_nothing(draft, sam):
    answer = sam.post(
        edit(draft, "submit"), {**TEXT, "files": upload("plan.pdf", b"MZ\x90\x00" + b"\0" * 50)}, follow=True
    )
    draft.refresh_from_db()

    assert (draft.status, draft.title, Attachment.objects.count()) == ("draft", "Gripper", 0)
    assert "is not what its name says" in text(answer)


def test_changes_withdrawal_and_return_by_the_buttons_of_the_page(make_idea, solver, sam):
    idea = make_idea(author=solver)
    sam.post(edit(idea), {**TEXT, "title": "Changed"})
    waiting = text(sam.get(f"/ideas/{idea.key}/"))
    sam.post(edit(idea, "discard"))
    idea.refresh_from_db()
    dropped = idea.pending
    sam.post(edit(idea, "withdraw"))
    idea.refresh_from_db()
    withdrawn = idea.status
    again = sam.post(edit(idea, "submit"))
    idea.refresh_from_db()

    assert ("Your latest changes are not handed in." in waiting, dropped, withdrawn, idea.status, again.url) == (
        True,
        None,
        "withdrawn",
        "submitted",
        f"/ideas/{idea.key}/",
    )


@pytest.mark.parametrize("action", ["withdraw", "discard", "submit"])
def test_after_closing_the_buttons_refuse_with_the_exact_times(make_idea, solver, sam, clock, action):
    idea = make_idea(author=solver)
    services.save_draft(idea_id=idea.pk, actor=solver, at=AT, title="Late")
    clock.at = idea.challenge.closes_at
    answer = sam.post(edit(idea, action))
    idea.refresh_from_db()

    assert (answer.status_code, idea.status, idea.n_versions) == (409, "submitted", 1)
    assert "This challenge closed on March 30, 2026, 10:00:00 UTC+02:00" in text(answer)


def test_the_text_of_a_withdrawn_entry_can_be_removed(make_idea, solver, sam):
    idea = make_idea(author=solver, title="Take it away")
    refused = sam.post(edit(idea, "erase"))
    sam.post(edit(idea, "withdraw"))
    offered = text(sam.get(f"/ideas/{idea.key}/"))
    removed = sam.post(edit(idea, "erase"))
    after = text(sam.get(f"/ideas/{idea.key}/"))

    assert (refused.status_code, "Remove its text for good" in offered, removed.status_code) == (409, True, 302)
    assert ("Take it away" in after, "Its author removed the text." in after) == (False, True)


def test_a_version_is_given_out_as_it_was_hashed(make_idea, solver, sam, mara, clock):
    idea = make_idea(author=solver, title="Grüße")
    address = f"/my/ideas/{idea.key}/versions/1.json"
    answer = sam.get(address)
    clock.at = idea.challenge.closes_at

    assert hashlib.sha256(answer.content).hexdigest() == idea.versions.get().sha256
    assert (mara.get(address).status_code, sam.get(address.replace("1.json", "2.json")).status_code) == (404, 404)


def test_what_changed_between_versions_is_shown(make_idea, make_attachment, solver, sam):
    idea = make_idea(author=solver, submitted=False, title="Old title")
    old = make_attachment(idea, name="old.txt")
    services.submit_idea(idea_id=idea.pk, actor=solver, at=AT)
    services.save_draft(idea_id=idea.pk, actor=solver, at=AT, title="New title", asked_money=7)
    services.remove_file(attachment_id=old.pk, actor=solver, at=AT)
    make_attachment(idea, name="new.txt")
    services.submit_idea(idea_id=idea.pk, actor=solver, at=AT)
    page = text(sam.get(f"/ideas/{idea.key}/"))

    assert (
        "taken out: </span>Old<" in page,
        "Files added: new.txt" in page,
        "Files removed: old.txt" in page,
    ) == (
        True,
        True,
        True,
    )


def test_a_draft_has_no_page_but_the_editor(draft, sam):
    assert (sam.get(f"/ideas/{draft.key}/").status_code, sam.get(edit(draft)).status_code) == (404, 200)


# --- files


def test_files_are_attached_sent_and_removed(draft, sam):
    attached = sam.post(edit(draft, "attach"), {**TEXT, "files": [upload("a.txt", b"A"), upload("../b.txt", b"B")]})
    file = Attachment.objects.get(name="b.txt")
    sent = sam.get(f"/files/{file.key}/")
    body = b"".join(sent.streaming_content)
    removed = sam.post(f"/files/{file.key}/remove/", {**TEXT, "title": "Typed meanwhile"})
    draft.refresh_from_db()

    assert (attached.url, removed.url) == (f"{edit(draft)}#files", f"{edit(draft)}#files")
    assert (body, [one.name for one in queries.live_attachments(draft)], draft.title) == (
        b"B",
        ["a.txt"],
        "Typed meanwhile",
    )
    assert {
        name: sent.headers[name]
        for name in (
            "Content-Disposition",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Cache-Control",
            "Content-Type",
        )
    } == {
        "Content-Disposition": 'attachment; filename="b.txt"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
        "Content-Type": "text/plain",
    }


def test_a_file_whose_bytes_are_gone_is_404(draft, make_attachment, sam):
    file = make_attachment(draft)
    services.storage.delete(file.path)

    assert sam.get(f"/files/{file.key}/").status_code == 404


def test_attaching_nothing_or_the_wrong_thing_is_told(draft, sam):
    nothing = sam.post(edit(draft, "attach"), TEXT, follow=True)
    wrong = sam.post(edit(draft, "attach"), {**TEXT, "files": upload("run.exe", b"MZ")}, follow=True)

    assert ("Choose a file first." in text(nothing), "is of a kind that is not taken" in text(wrong)) == (True, True)


def test_files_are_neither_added_nor_removed_after_closing(draft, make_attachment, sam, clock):
    file = make_attachment(draft)
    clock.at = draft.challenge.closes_at
    added = sam.post(edit(draft, "attach"), {"files": upload("late.txt", b"late")})
    removed = sam.post(f"/files/{file.key}/remove/")

    assert (added.status_code, removed.status_code, Attachment.objects.get().removed_at) == (409, 409, None)


def test_a_removed_text_locks_its_files(make_idea, make_attachment, solver, sam):
    draft = make_idea(author=solver, submitted=False)
    file = make_attachment(draft)
    services.remove_text(idea_id=draft.pk, actor=solver, at=AT)

    assert (sam.get(f"/files/{file.key}/").status_code, sam.post(f"/files/{file.key}/remove/").status_code) == (
        404,
        409,
    )


# --- inside


@pytest.fixture
def closed(make_challenge, make_idea, clock):
    challenge = make_challenge(closed=True)
    for title, source, money in (
        ("Äpfel pflücken", "startup", 900),
        ("Birnen waschen", "university", None),
        ("Nets", "startup", 100),
    ):
        make_idea(
            challenge=challenge,
            title=title,
            source=source,
            asked_money=money,
            language="de" if "ä" in title.lower() else "en",
        )
    return challenge


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Nets", "Birnen waschen", "Äpfel pflücken"]),
        ("?sort=title", ["Äpfel pflücken", "Birnen waschen", "Nets"]),
        ("?sort=-money&source=startup", ["Äpfel pflücken", "Nets"]),
        ("?q=ÄPFEL", ["Äpfel pflücken"]),
        ("?q=waschen+birnen", ["Birnen waschen"]),
        ("?q=%25", []),
        ("?q=nothing", []),
        ("?language=de", ["Äpfel pflücken"]),
        ("?source=spy", []),
        ("?sort=password&page=99&q=%00", ["Nets", "Birnen waschen", "Äpfel pflücken"]),
    ],
)
def test_managers_search_filter_and_sort_the_entries(closed, mara, query, expected):
    answer = mara.get(f"/challenges/{closed.key}/ideas/{query}")

    assert titles(answer) == expected


def test_an_empty_list_offers_to_take_ideas_over(make_challenge, mara):
    challenge = make_challenge(closed=True)

    assert "No entry came in" in text(mara.get(f"/challenges/{challenge.key}/ideas/"))


def test_the_list_needs_the_same_number_of_queries_for_one_entry_and_for_three(
    make_challenge, make_idea, mara, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    challenge, counts = make_challenge(closed=True), []
    for _more in range(3):
        make_idea(challenge=challenge)
        with CaptureQueriesContext(connection) as captured:
            mara.get(f"/challenges/{challenge.key}/ideas/")
        counts.append(len(captured))

    assert (len(set(counts)), counts[0] <= 12) == (1, True)


def test_pages_hold_fifty(make_challenge, mara, manager):
    from tests.ideas.test_services_imports import rows_of

    challenge = make_challenge(closed=True)
    rows = rows_of(*({"idea": str(number), "title": f"Idea {number}"} for number in range(120)))
    services.import_ideas(challenge_id=challenge.pk, actor=manager, rows=rows, at=AT)
    pages = [mara.get(f"/challenges/{challenge.key}/ideas/?page={page}") for page in (1, 3)]

    assert [(len(titles(page)), "101 to 120 of 120" in text(page)) for page in pages] == [(50, False), (20, True)]


def test_managers_read_an_entry_with_its_people(closed, mara):
    idea = Idea.objects.get(title="Nets")
    page = text(mara.get(f"/ideas/{idea.key}/"))

    assert (idea.author.name in page, "Withdraw this entry" in page) == (True, False)


# --- taking over


def table(*rows):
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return upload("ideas.csv", out.getvalue().encode())


@pytest.fixture
def importing(make_challenge, mara):
    """Return a function that uploads a table and gives the address of its preview."""
    challenge = make_challenge(closed=True)

    def send(*rows):
        answer = mara.post(f"/challenges/{challenge.key}/import/", {"table": table(*rows)})
        return answer.url if answer.status_code == 302 else answer

    send.challenge = challenge
    return send


def test_a_table_is_previewed_and_taken_over(importing, mara):
    where = importing(
        ("Nr", "Titel", "Autor", "E-Mail"), (1, "Greifer", "Ann", "ann@firm.example"), (2, "Netz", "Ben", "")
    )
    preview = mara.get(where)
    before = Idea.objects.count()
    done = mara.post(where, follow=True)

    assert (titles(preview), before) == (["Greifer", "Netz"], 0)
    assert (Idea.objects.count(), StagedTable.objects.count()) == (2, 0)
    assert "2 ideas were taken over." in text(done)
    assert "1 author has no address" in text(done)


def test_a_bad_row_is_named_with_its_line_and_nothing_is_stored(importing, mara):
    where = importing(
        ("Titel", "E-Mail"), ("Greifer", "ann@firm.example"), ("Netz", "not an address"), ("", "ben@firm.example")
    )
    preview, sent = mara.get(where), mara.post(where)

    faults = re.findall(r"<li>(Line \d+, column [^:]+):", text(preview))

    assert (sent.status_code, Idea.objects.count(), faults) == (
        422,
        0,
        ["Line 3, column “E-Mail”", "Line 4, column “Titel”"],
    )


def test_columns_can_be_chosen_and_left_out(importing, mara):
    where = importing(("A", "B"), ("Greifer", "Ann"))
    unknown = mara.get(where)
    chosen = mara.post(where, {"action": "preview", "column-title": "A", "column-author": "B"})
    without = mara.post(where, {"action": "preview", "column-title": "A", "column-author": ""})
    twice = mara.post(where, {"action": "preview", "column-title": "A", "column-author": "A"})

    assert "No column was found for “title”" in text(unknown)
    assert ["Ann" in text(page).partition("<tbody>")[2] for page in (chosen, without)] == [True, False]
    assert (titles(chosen), titles(without), titles(twice)) == (["Greifer"], ["Greifer"], [])
    assert ("alert-stop" in text(twice), Idea.objects.count()) == (True, 0)


def test_the_same_table_twice_says_what_was_here(importing, mara):
    rows = ("Nr", "Titel"), (1, "Greifer")
    for _time in range(2):
        done = mara.post(importing(*rows), follow=True)

    assert (Idea.objects.count(), "1 idea was here already." in text(done)) == (1, True)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"%PDF-1.7 not a table"])
def test_what_is_no_table_is_refused_in_one_sentence(make_challenge, mara, content):
    challenge = make_challenge(closed=True)
    answer = mara.post(f"/challenges/{challenge.key}/import/", {"table": upload("ideas.csv", content)})

    assert (answer.status_code, "field-error" in text(answer)) == (422, True)


def test_a_table_that_is_too_large_or_missing_is_refused(make_challenge, mara, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    challenge = make_challenge(closed=True)
    address = f"/challenges/{challenge.key}/import/"
    codes = [mara.post(address, data).status_code for data in ({}, {"table": upload("a.csv", b"x" * 1_100_000)})]

    assert codes == [422, 422]


def test_a_decided_challenge_takes_no_more_ideas(importing, mara):
    where = importing(("Titel",), ("Greifer",))
    type(importing.challenge).objects.filter(pk=importing.challenge.pk).update(status="decided")
    sent, page = mara.post(where), mara.get(f"/challenges/{importing.challenge.key}/import/")

    assert (sent.status_code, page.status_code, Idea.objects.count()) == (409, 200, 0)
    assert importing(("Titel",), ("Greifer",)).status_code == 422


def test_a_staged_table_belongs_to_who_sent_it(importing, owner, client_of):
    where = importing(("Titel",), ("Greifer",))

    assert client_of(owner).get(where).status_code == 404
