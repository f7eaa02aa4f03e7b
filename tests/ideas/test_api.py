"""The API of ideas does what the pages do, and refuses what they refuse."""

import pytest

from permea.ideas import queries, services
from permea.ideas.models import Idea, KeptCopy
from permea.people import services as people
from permea.people.queries import erasure_lines_of, personal_data_of
from tests.cast import AT
from tests.ideas.test_services import keys_of

pytestmark = pytest.mark.usefixtures("settings_dir", "clock")
JSON = "application/json"


@pytest.fixture
def sam(client_of, solver):
    return client_of(solver)


def test_an_entry_goes_from_terms_to_withdrawal(make_challenge, sam):
    challenge = make_challenge()
    started = sam.post("/api/ideas", {"challenge": challenge.key, "accept": keys_of(challenge)}, content_type=JSON)
    address = f"/api/ideas/{started.json()['key']}"
    fields = {"title": "Gripper", "summary": "It grips.", "body": "How.", "asked_money": 12.5}
    saved = sam.patch(address, fields, content_type=JSON).json()
    handed_in = sam.post(f"{address}/submit").json()
    changed = sam.patch(address, {"title": "Better", "asked_money": None, "country": None}, content_type=JSON).json()
    withdrawn = sam.post(f"{address}/withdraw").json()
    listed = sam.get("/api/ideas").json()

    assert (started.status_code, saved["status"], saved["title"], saved["asked_money"], saved["sha256"]) == (
        201,
        "draft",
        "Gripper",
        "12.5",
        "",
    )
    assert (handed_in["status"], handed_in["n_versions"], handed_in["receipt"] != "", handed_in["has_changes"]) == (
        "submitted",
        1,
        True,
        False,
    )
    assert (changed["title"], changed["asked_money"], changed["has_changes"]) == ("Better", None, True)
    assert (withdrawn["status"], [row["title"] for row in listed]) == ("withdrawn", ["Gripper"])
    assert Idea.objects.get().channel == "api"


def test_refusals_are_problems_with_their_code(make_challenge, make_idea, sam, solver, clock):
    challenge = make_challenge()
    idea = make_idea(challenge=challenge, author=solver)
    other = make_challenge()
    answers = [
        sam.post("/api/ideas", {"challenge": other.key, "accept": []}, content_type=JSON),
        sam.patch(f"/api/ideas/{idea.key}", {"title": "nul\x00"}, content_type=JSON),
        sam.patch(f"/api/ideas/{idea.key}", {"body": "x" * 60_000}, content_type=JSON),
        sam.patch(f"/api/ideas/{idea.key}", {"source": None}, content_type=JSON),
    ]
    clock.at = challenge.closes_at
    answers.append(sam.post(f"/api/ideas/{idea.key}/withdraw"))

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (409, "ideas.terms_not_accepted"),
        (409, "ideas.bad_characters"),
        (409, "ideas.too_long"),
        (409, "ideas.bad_source"),
        (409, "ideas.too_late"),
    ]


def test_a_surrogate_half_in_json_is_refused(make_idea, solver, sam):
    idea = make_idea(author=solver)
    answer = sam.patch(f"/api/ideas/{idea.key}", '{"title": "half \\ud83d"}', content_type=JSON)

    assert answer.status_code in {409, 422}


@pytest.mark.parametrize("fields", [{"status": "submitted"}, {"author": "x"}, {"asked_days": "many"}])
def test_what_is_no_field_is_refused_as_such(make_idea, solver, sam, fields):
    idea = make_idea(author=solver)
    answer = sam.patch(f"/api/ideas/{idea.key}", fields, content_type=JSON)

    assert (answer.status_code, answer.json()["code"]) == (422, "api.invalid")


def test_an_overtaken_text_is_kept_apart_and_refused(make_idea, solver, sam):
    idea = make_idea(author=solver, submitted=False)
    seen = idea.saved_at.isoformat()
    first = sam.patch(f"/api/ideas/{idea.key}", {"body": "One", "seen": seen}, content_type=JSON)
    second = sam.patch(f"/api/ideas/{idea.key}", {"body": "Two", "seen": seen}, content_type=JSON)
    idea.refresh_from_db()

    assert (first.status_code, second.json()["code"], idea.body, KeptCopy.objects.get().content["body"]) == (
        200,
        "ideas.kept_apart",
        "One",
        "Two",
    )


def test_others_find_nothing_to_change(make_idea, client_of, stranger, owner):
    idea = make_idea()
    codes = [
        client.generic(method, f"/api/ideas/{idea.key}{path}", b"{}", content_type=JSON).status_code
        for client in (client_of(stranger), client_of(owner))
        for method, path in (("PATCH", ""), ("POST", "/submit"), ("POST", "/withdraw"))
    ]

    assert codes == [404] * 6


def test_a_token_signs_a_program_in(make_idea, solver, client):
    make_idea(author=solver, title="Mine")
    _token, secret = people.issue_token(person=solver, label="script", at=AT)
    listed = client.get("/api/ideas", headers={"Authorization": f"Bearer {secret}"})

    assert ([row["title"] for row in listed.json()], client.get("/api/ideas").status_code) == (["Mine"], 401)


def test_managers_page_through_open_entries_as_last_handed_in(make_challenge, make_idea, client_of, manager, clock):
    challenge = make_challenge()
    idea = make_idea(challenge=challenge, title="Apple", source="startup")
    make_idea(challenge=challenge, title="Pear")
    services.save_draft(idea_id=idea.pk, actor=idea.author, at=AT, title="Changed later")
    clock.at = challenge.closes_at
    mara, address = client_of(manager), f"/api/challenges/{challenge.key}/ideas"
    page = mara.get(f"{address}?sort=title").json()
    read = mara.get(f"/api/ideas/{idea.key}").json()

    assert ([row["title"] for row in page["items"]], page["count"], page["pages"], page["is_sealed"]) == (
        ["Apple", "Pear"],
        2,
        1,
        False,
    )
    assert [row["title"] for row in mara.get(f"{address}?q=APP&source=startup&language=en").json()["items"]] == [
        "Apple"
    ]
    assert (read["title"], read["has_changes"], read["receipt"]) == ("Apple", False, "")
    assert mara.get(f"{address}?sort=password").status_code == 422


def test_the_list_of_the_api_needs_the_same_number_of_queries_for_one_and_for_three(
    make_challenge, make_idea, client_of, manager
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    challenge, counts, mara = make_challenge(closed=True), [], client_of(manager)
    for _more in range(3):
        make_idea(challenge=challenge)
        with CaptureQueriesContext(connection) as captured:
            mara.get(f"/api/challenges/{challenge.key}/ideas")
        counts.append(len(captured))

    assert (len(set(counts)), counts[0] <= 12) == (1, True)


def test_what_the_ideas_step_holds_about_a_person_can_be_taken_along(make_idea, make_attachment, solver):
    draft = make_idea(author=solver, submitted=False, title="Gripper", affiliation="Acme")
    make_attachment(draft, name="plan.txt")
    services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    services.save_draft(idea_id=draft.pk, actor=solver, at=AT, title="Better")
    data = personal_data_of(solver)["ideas"]

    found = [
        (one["title"], one["affiliation"], one["versions"][0]["content"]["title"], one["files"][0]["name"])
        for one in data
    ]

    assert found == [("Better", "Acme", "Gripper", "plan.txt")]


def test_erasing_a_person_erases_what_they_said_about_themselves(make_idea, solver):
    idea = make_idea(author=solver, affiliation="Acme", title="Kept")
    people.erase_person(person=solver, actor=solver, at=AT)
    idea.refresh_from_db()

    assert (idea.affiliation, idea.title, idea.author.display_name, queries.contributors_of(idea)) == (
        "",
        "Kept",
        "Erased person",
        [idea.author],
    )


def test_erasing_a_person_with_their_texts_keeps_fingerprints_and_counts(make_idea, solver, client_of):
    idea = make_idea(author=solver, affiliation="Acme", title="Gone")
    fingerprint = idea.versions.get().sha256
    client_of(solver).post("/me/erase/", {"sure": "on", "texts": "on"})
    idea.refresh_from_db()
    idea.challenge.refresh_from_db()
    version = idea.versions.get()

    assert (idea.title, idea.status, idea.challenge.n_entries, version.content, version.sha256 == fingerprint) == (
        "–",
        "submitted",
        1,
        {},
        True,
    )


def test_people_are_told_what_becomes_of_their_ideas(make_idea, make_challenge, solver, stranger):
    challenge = make_challenge()
    make_idea(challenge=challenge, author=solver)
    back = make_idea(challenge=challenge, author=solver)
    services.withdraw_idea(idea_id=back.pk, actor=solver, at=AT)
    make_idea(challenge=challenge, author=solver, submitted=False)
    lines, none = queries.erasure_lines(solver), queries.erasure_lines(stranger)

    assert (lines.goes, lines.stays, none.goes, none.stays) == (
        ["Your 1 draft with its files.", "What your 1 withdrawn idea said, with its files."],
        ["The 1 idea you handed in, without your name, unless you have its text removed as well."],
        [],
        [],
    )
    assert lines.stays[0] in erasure_lines_of(solver).stays
