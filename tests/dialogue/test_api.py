"""The API of the talk on an entry does what the pages do, and refuses what they refuse."""

from types import SimpleNamespace

import pytest

from permea.dialogue.models import Comment
from tests.cast import AT, DAY

JSON = "application/json"
STEP = {"name": "discuss", "days": 7, "circle": "everyone", "options": {}}
SAID = "Mind the stalk, it breaks when the fruit is dry."


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Hold the time, until it is set forward."""
    held = SimpleNamespace(at=AT)
    monkeypatch.setattr("django.utils.timezone.now", lambda: held.at)
    return held


@pytest.fixture
def idea(make_challenge, make_idea, solver):
    """Return an entry of Sam's that everybody talks about."""
    return make_idea(challenge=make_challenge(closed=True, steps=[STEP]), author=solver)


def test_comments_are_written_answered_read_by_page_and_reacted_to(idea, client_of, stranger, solver):
    address, stella, sam = f"/api/ideas/{idea.key}/comments", client_of(stranger), client_of(solver)
    sent = {"text": f" {SAID} ", "is_suggestion": True, "language": "de"}
    written = [stella.post(address, sent, content_type=JSON) for _twice in range(2)]
    key = written[0].json()["key"]
    answer = sam.post(address, {"text": "It does, thank you.", "answers": key}, content_type=JSON).json()
    reaction = f"/api/comments/{key}/reaction"
    reacted = [sam.put(reaction, {"kind": kind}, content_type=JSON).json()["counts"] for kind in ("doubt", "helpful")]
    gone = sam.put(reaction, {"kind": "helpful", "is_wanted": False}, content_type=JSON).json()["counts"]
    sam.put(reaction, {"kind": "me_too"}, content_type=JSON)
    read, thread = sam.get(address).json(), stella.get(f"{address}?thread={key}&page=9").json()
    (first,) = read["threads"]

    assert [(one.status_code, one.json()["key"], one.json()["status"]) for one in written] == [(201, key, "shown")] * 2
    assert (read["n_comments"], read["why_not"], read["page"], read["n_pages"]) == (2, "", 1, 1)
    assert (first["first"]["text"], first["first"]["voice"], first["first"]["language"]) == (SAID, "participant", "de")
    assert (first["first"]["is_suggestion"], first["first"]["is_own"], first["replies"][0]["key"]) == (
        True, False, answer["key"],
    )  # fmt: skip
    assert {row["kind"]: (row["count"], row["is_mine"]) for row in first["first"]["reactions"]}["me_too"] == (1, True)
    assert reacted == [{"helpful": 0, "me_too": 0, "doubt": 1}, {"helpful": 1, "me_too": 0, "doubt": 0}]
    assert (set(gone.values()), thread["threads"][0]["replies"][0]["is_own"], thread["n_pages"]) == ({0}, False, 1)


def test_refusals_are_problems_and_what_is_not_read_is_not_there(
    idea, make_challenge, make_idea, client_of, stranger, clock
):
    hidden = make_idea(challenge=make_challenge(closed=True, steps=[{**STEP, "circle": "members"}]))
    client, address = client_of(stranger), f"/api/ideas/{idea.key}/comments"
    key = client.post(address, {"text": SAID}, content_type=JSON).json()["key"]
    refused = [
        client.post(address, {"text": " "}, content_type=JSON),
        client.put(f"/api/comments/{key}/reaction", {"kind": "helpful"}, content_type=JSON),
        client.put(f"/api/comments/{key}/reaction", {"kind": "love"}, content_type=JSON),
        client.post(address, '{"text": "half \\ud83d"}', content_type=JSON),
    ]
    absent = [
        client.get(f"/api/ideas/{hidden.key}/comments"),
        client.post(f"/api/ideas/{hidden.key}/comments", {"text": SAID}, content_type=JSON),
        client.post(address, {"text": "So?", "answers": "nobody"}, content_type=JSON),
        client.get(f"{address}?thread=nobody"),
        client.put("/api/comments/nobody/reaction", {"kind": "helpful"}, content_type=JSON),
    ]
    clock.at = AT + 6 * DAY
    refused.append(client.post(address, {"text": "Too late?"}, content_type=JSON))
    over = client.get(address).json()

    assert [(one.status_code, one.json()["code"]) for one in refused] == [
        (409, "comment.empty"), (409, "moderation.own_text"), (409, "comment.no_such_reaction"),
        (409, "comment.bad_characters"), (409, over["why_not"]),
    ]  # fmt: skip
    assert [one.status_code for one in absent] == [404] * 5
    assert (over["why_not"] != "", Comment.objects.count()) == (True, 1)
