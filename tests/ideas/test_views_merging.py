"""Pages of similar entries: proposals, two side by side, merging, undoing, and the question to an author."""

import pytest
from django_tasks_db.models import DBTaskResult

from permea.ideas import rules, services
from permea.ideas.models import Idea, Merge, SimilarPair
from permea.notifications.models import Mail
from permea.surface.registry import today_items
from tests.cast import AT

GRIPPER = {"title": "Soft <b>gripper</b>", "summary": "Silicone holds berries.", "body": "Fingers of silicone & air."}
REASON = "Both propose the same soft gripper."


@pytest.fixture
def entries(make_challenge, make_idea, solver, solver_two, clock):
    """Return two entries that say the same, found as a pair, the clock at the present of all tests."""
    challenge = make_challenge(closed=True)
    found = [make_idea(challenge=challenge, author=author, **GRIPPER) for author in (solver, solver_two)]
    services.find_pairs(challenge_id=challenge.pk, at=AT)
    return found


def pair_address(entries):
    first, second = entries
    return f"/challenges/{first.challenge.key}/similar/{first.key}/{second.key}/"


def text(response):
    return response.content.decode()


def test_a_manager_sees_a_proposed_pair_with_its_words_escaped(entries, client_of, manager):
    listed = text(client_of(manager).get(f"/challenges/{entries[0].challenge.key}/similar/"))
    page = text(client_of(manager).get(pair_address(entries)))

    assert ("1 pair says nearly the same" in listed, "Same title" in listed, "silicone" in listed) == (True,) * 3
    assert ("<mark>Silicone</mark>" in page, "<b>" in page, "&lt;b&gt;" in page) == (True, False, True)
    assert (page.count("checked") == 0, "Sam Solver" in page) == (True, True)


def test_many_entries_are_compared_in_the_background_by_one_job_that_waits(entries, client_of, owner, monkeypatch):
    monkeypatch.setattr(rules, "COMPARED_AT_ONCE", 1)
    client, address = client_of(owner), f"/challenges/{entries[0].challenge.key}/similar/look/"
    DBTaskResult.objects.all().delete()
    answers = [client.post(address, follow=True) for _turn in range(2)]
    waiting = DBTaskResult.objects.get(status="READY")
    DBTaskResult.objects.update(status="RUNNING")  # it may have read the entries already
    client.post(address)

    assert (text(answers[0]).count("compared in the background"), waiting.args_kwargs["args"]) == (
        1, [entries[0].challenge_id],
    )  # fmt: skip
    assert DBTaskResult.objects.filter(status="READY").count() == 1


def test_a_manager_merges_for_a_reason_and_undoes_it(entries, client_of, owner):
    lead, other = entries
    client = client_of(owner)
    sent = {"lead": lead.key, "way": "decide", "words": REASON}
    answers = [
        client.post(pair_address(entries), {"way": "decide", "words": REASON}).status_code,
        client.post(pair_address(entries), {**sent, "words": "Same."}).status_code,
        client.post(pair_address(entries), sent).status_code,
    ]
    other.refresh_from_db()
    merge = Merge.objects.get()
    shown = text(client.get(f"/challenges/{lead.challenge.key}/similar/"))
    detail = text(client.get(f"/ideas/{lead.key}/"))
    merged = text(client.get(f"/ideas/{other.key}/"))
    address = f"/challenges/{lead.challenge.key}/merges/{merge.key}/undo/"
    undone = [client.post(address).status_code for _ in range(2)]

    assert (answers, other.merged_into, undone) == ([422, 409, 302], lead, [302, 302])
    assert (REASON in shown, "Merged into this entry" in detail, "Open the leading entry" in merged) == (True,) * 3
    assert Idea.objects.filter(status="merged").count() == 0


def test_the_author_of_a_merged_entry_is_told_without_the_title_of_the_other(
    make_challenge, make_idea, client_of, owner, solver, solver_two, clock
):
    challenge = make_challenge(closed=True)
    lead = make_idea(challenge=challenge, author=solver, title="Quillwort gripper")
    other = make_idea(challenge=challenge, author=solver_two, title="Gripper of Sina")
    done = services.merge_ideas(idea_id=other.pk, lead_id=lead.pk, actor=owner, reason=REASON, at=AT)
    client = client_of(solver_two)
    pages = [text(client.get(address)) for address in (f"/my/ideas/{other.key}/", f"/ideas/{other.key}/", "/my/")]
    services.undo_merge(merge_id=done.pk, actor=owner, reason="They differ.", at=AT)
    mails = list(Mail.objects.filter(person=solver_two).exclude(kind__in=("terms", "receipt")).order_by("pk"))

    assert [("Quillwort" in page, "erged with another" in page) for page in pages] == [(False, True)] * 3
    assert REASON in pages[0]
    assert [(mail.kind, "Quillwort" in mail.text) for mail in mails] == [("merged", False), ("unmerged", False)]
    assert client.get(f"/ideas/{lead.key}/").status_code == 404


def test_an_author_is_asked_by_mail_and_agrees_on_a_private_page(entries, client_of, owner, solver, solver_two):
    lead, other = entries
    sent = {"lead": lead.key, "way": "ask", "words": "They look like one."}
    asked = client_of(owner).post(pair_address(entries), sent)
    address = f"/my/ideas/{other.key}/merge/"
    mail = Mail.objects.get(kind="merge_question")
    client = client_of(solver_two)
    page = text(client.get(address))
    answers = [
        client_of(solver).get(address).status_code,
        client.post(address, {"words": "?"}).status_code,
        client.post(address, {"answer": "agree", "words": "Gladly."}).status_code,
        client.post(address, {"answer": "refuse"}).status_code,
        client_of(solver).get(f"/my/ideas/{lead.key}/merge/").status_code,
    ]
    other.refresh_from_db()

    assert (asked.status_code, mail.person, address in mail.text) == (302, solver_two, True)
    assert ("They look like one." in page, "another entry in this challenge" in page) == (True, True)
    assert (answers, other.status) == ([404, 422, 302, 409, 404], "merged")


def test_a_question_is_taken_back_and_pairs_are_kept_apart(entries, client_of, owner):
    lead, other = entries
    client, start = client_of(owner), f"/challenges/{lead.challenge.key}"
    asked = services.ask_to_merge(idea_id=other.pk, lead_id=lead.pk, actor=owner, words="", at=AT)
    waiting = text(client.get(f"{start}/similar/"))
    client.post(f"{start}/merges/{asked.key}/undo/")
    asked.refresh_from_db()
    apart = client.post(f"{pair_address(entries)}apart/")
    looked = client.post(f"{start}/similar/look/")
    page = text(client.get(f"{start}/similar/"))

    assert ("Authors who are asked" in waiting, asked.state) == (True, "dropped")
    assert (apart.status_code, looked.status_code, SimilarPair.objects.get().apart_by) == (302, 302, owner)
    assert "all pairs are settled" in page


def test_a_search_answers_as_page_part_and_api(entries, client_of, owner, member):
    client, key = client_of(owner), entries[0].challenge.key
    whole = text(client.get(f"/challenges/{key}/similar/?q=silicone"))
    part = text(client.get(f"/challenges/{key}/similar/?q=zzz", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="found"))
    rows = client.get(f"/api/challenges/{key}/similar?q=silicone").json()

    assert (whole.count("Shared words: silicone"), "No entry shares" in part, "<html" in part) == (2, True, False)
    assert [(row["key"], row["words"]) for row in rows] == [(idea.key, ["silicone"]) for idea in entries]
    assert client_of(member).get(f"/api/challenges/{key}/similar?q=silicone").status_code == 404


def test_today_shows_what_waits(entries, owner, solver_two, organisation):
    lead, other = entries
    before = [item.kind for item in today_items(owner, organisation, "owner", AT) if item.kind == "similar"]
    asked = services.ask_to_merge(idea_id=other.pk, lead_id=lead.pk, actor=owner, words="", at=AT)
    seen = {
        who: sorted(item.action for item in today_items(person, organisation, role, at) if item.kind == "similar")
        for who, person, role, at in (
            ("author", solver_two, "member", AT),
            ("owner", owner, "owner", asked.answer_by),
        )
    }

    assert (before, seen) == (["similar"], {"author": ["Answer"], "owner": ["Decide", "Look at them"]})


def test_entries_that_are_no_pair_of_one_challenge_are_not_found(entries, client_of, owner, make_idea):
    lead = entries[0]
    elsewhere = make_idea()
    start = f"/challenges/{lead.challenge.key}/similar/{lead.key}"
    answers = [client_of(owner).get(f"{start}/{key}/").status_code for key in (lead.key, elsewhere.key, "nothing")]

    assert answers == [404] * 3
