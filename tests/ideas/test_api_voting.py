"""The API of votes does what the pages do: one's own ballot while the vote runs, counts after the end, nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permea.ideas import services
from permea.ideas.models import VoteTally
from tests.cast import AT, DAY

pytestmark = pytest.mark.usefixtures("settings_dir", "clock")
JSON = "application/json"
STEP = {"name": "vote", "days": 7, "circle": "everyone", "options": {"method": "tokens", "tokens": 5, "most": 3}}


@pytest.fixture
def entries(make_challenge, make_idea, solver):
    """Return two entries that are voted on, the first by Sam."""
    challenge = make_challenge(closed=True, steps=[STEP])
    return [make_idea(challenge=challenge, author=solver), make_idea(challenge=challenge)]


def test_a_ballot_is_read_filled_changed_and_taken_back_and_counts_open_after_the_end(
    entries, client_of, stranger, solver, clock, make_idea
):
    first, second = entries
    address, stella = f"/api/challenges/{first.challenge.key}", client_of(stranger)

    def vote(idea, value, client=stella):
        return client.put(f"{address}/ballot/{idea.key}", {"value": value}, content_type=JSON)

    empty = stella.get(f"{address}/ballot").json()
    vote(first, 2)
    given, refused = [vote(first, 3).json(), vote(second, 2).json()], vote(second, 3)
    back = [stella.delete(f"{address}/ballot/{second.key}").json() for _twice in range(2)]
    own, counts = vote(first, 1, client_of(solver)), stella.get(f"{address}/votes")
    clock.at = AT + 6 * DAY
    late = vote(first, 1)
    over = stella.get(f"{address}/ballot").json()
    services.count_votes(challenge_id=first.challenge_id, at=clock.at)
    counted, ended = stella.get(f"{address}/votes").json(), stella.get(f"{address}/ballot").json()

    with CaptureQueriesContext(connection) as few:
        stella.get(f"{address}/votes")
    more = [make_idea(challenge=first.challenge) for _number in range(2)]
    VoteTally.objects.bulk_create(VoteTally(challenge=first.challenge, idea=idea, place=3) for idea in more)
    with CaptureQueriesContext(connection) as many:
        listed = stella.get(f"{address}/votes").json()

    assert (len(listed["items"]), len(many)) == (4, len(few))
    assert (empty["state"], empty["method"], empty["values"], empty["left"], empty["votes"]) == (
        "open", "tokens", [1, 2, 3], 5, [],
    )  # fmt: skip
    assert ([ballot["left"] for ballot in given], len(given[1]["votes"])) == ([2, 0], 2)
    assert [ballot["votes"] for ballot in back] == [[{"idea": first.key, "value": 3}]] * 2
    assert [(one.status_code, one.json()["code"]) for one in (refused, own, late)] == [
        (409, "ideas.vote_no_tokens"), (409, "ideas.vote_own"), (409, "ideas.vote_closed"),
    ]  # fmt: skip
    assert (counts.status_code, over["state"], ended["state"], ended["votes"]) == (
        404, "over", "counted", back[0]["votes"],
    )  # fmt: skip
    assert (counted["n_voters"], counted["n_entries"], counted["pages"], len(counted["sha256"])) == (1, 2, 1, 64)
    assert {(item["value"], item["is_own"]) for item in counted["items"]} == {(None, False)}


def test_what_somebody_does_not_read_is_not_there(make_challenge, make_idea, client_of, stranger):
    hidden = make_idea(challenge=make_challenge(closed=True, steps=[{**STEP, "circle": "members"}]))
    unvoted = make_idea(challenge=make_challenge(closed=True, steps=[{**STEP, "name": "discuss", "options": {}}]))
    client = client_of(stranger)
    answers = [
        client.get(f"/api/challenges/{hidden.challenge.key}/ballot"),
        client.put(f"/api/challenges/{hidden.challenge.key}/ballot/{hidden.key}", {"value": 1}, content_type=JSON),
        client.delete(f"/api/challenges/{unvoted.challenge.key}/ballot/{hidden.key}"),
        client.get(f"/api/challenges/{unvoted.challenge.key}/votes"),
    ]
    none = client.get(f"/api/challenges/{unvoted.challenge.key}/ballot").json()

    assert [answer.status_code for answer in answers] == [404] * 4
    assert (none["state"], none["values"], none["votes"]) == ("none", [], [])
