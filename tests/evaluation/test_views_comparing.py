"""Comparing on pages, by plain forms, by script and by API; for evaluators and for the public."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.urls import reverse

from permea.challenges.models import Challenge
from permea.evaluation import queries, services
from permea.evaluation.models import Comparison, Panel
from permea.foundation.refusals import RefusedError
from permea.selection.services import compute_selection
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


def token_of(response):
    return re.search(r'name="token" value="([^"]+)"', response.content.decode()).group(1)


def page_of(who, comparing):
    return reverse(f"evaluation:{who}", args=[comparing.challenge.key])


def test_an_evaluator_compares_by_plain_forms(comparing, evaluator, client_of):
    client, address = client_of(evaluator), page_of("compare", comparing)
    shown = client.get(address)
    assert_page_ok(shown)
    text = shown.content.decode()

    answered = client.post(address, {"token": token_of(shown), "outcome": "first", "note": "Near."})
    again = client.get(address)

    made = Comparison.objects.get()
    assert (answered.status_code, answered["Location"], made.outcome, made.note) == (302, address, "first", "Near.")
    assert all(part in text for part in ("Pair 1", "Read all of it", "Conflict of interest", 'data-shortcut="="'))
    assert "Pair 2" in again.content.decode()


def test_the_script_gets_the_next_pair_alone(comparing, evaluator, client_of):
    client, address = client_of(evaluator), page_of("compare", comparing)
    token = token_of(client.get(address))

    swapped = client.post(address, {"token": token, "outcome": "tie"}, **BY_SCRIPT)

    text = swapped.content.decode()
    assert (swapped.status_code, text.strip().startswith('<section id="compare"')) == (200, True)
    assert "autofocus" in text
    assert token_of(swapped) != token


def test_an_answer_that_is_refused_says_why_and_shows_a_pair(comparing, evaluator, client_of):
    client, address = client_of(evaluator), page_of("compare", comparing)

    plain = client.post(address, {"token": "forged", "outcome": "first"})
    by_script = client.post(address, {"token": "forged", "outcome": "first"}, **BY_SCRIPT)

    assert (plain.status_code, by_script.status_code) == (409, 200)
    assert all("That pair was not shown to you." in one.content.decode() for one in (plain, by_script))
    assert Comparison.objects.count() == 0


def test_an_answer_is_taken_back(comparing, evaluator, client_of):
    client, address = client_of(evaluator), page_of("compare", comparing)
    client.post(address, {"token": token_of(client.get(address)), "outcome": "first"})
    made = Comparison.objects.get()

    answered = client.post(page_of("compare_undo", comparing), {"comparison": made.key})

    made.refresh_from_db()
    assert (answered.status_code, made.retracted_at) == (302, AT)
    assert client.post(page_of("compare_undo", comparing), {"comparison": "nothing"}).status_code == 404


def test_taking_back_once_it_is_decided_says_why(comparing, evaluator, client_of, answer):
    made = answer(comparing.judge(evaluator))
    Challenge.objects.filter(pk=comparing.challenge.pk).update(status="decided")

    answered = client_of(evaluator).post(page_of("compare_undo", comparing), {"comparison": made.key})

    assert (answered.status_code, "reviewing is over" in answered.content.decode()) == (409, True)


def test_a_conflict_is_declared(comparing, evaluator, client_of):
    client, address = client_of(evaluator), page_of("compare", comparing)
    token = token_of(client.get(address))
    offer = queries.read_token(token)

    declared = client.post(page_of("compare_conflict", comparing), {"token": token, "side": "second"})
    forged = client.post(page_of("compare_conflict", comparing), {"token": "forged"})

    shown = queries.read_token(token_of(client.get(address)))
    assert (declared.status_code, forged.status_code) == (302, 409)
    assert offer.second not in {shown.first, shown.second}


def test_everything_compared_is_the_end(comparing, evaluator, client_of, answer):
    judge = comparing.judge(evaluator)
    while answer(judge) is not None:
        pass

    text = client_of(evaluator).get(page_of("compare", comparing)).content.decode()

    assert "You have compared every pair that is open to you." in text
    assert "6 pairs compared" in text


def test_time_used_up_is_said_and_pairs_go_on(comparing, evaluator, client_of, answer):
    seat = comparing.seats[0]
    seat.minutes_per_week = 1
    seat.save()
    answer(comparing.judge(evaluator))

    text = client_of(evaluator).get(page_of("compare", comparing)).content.decode()

    assert ("You have used the time you stated" in text, "Pair 2" in text) == (True, True)


def test_nobody_else_finds_the_page(comparing, stranger, member, owner, client_of):
    found = [client_of(person).get(page_of("compare", comparing)).status_code for person in (stranger, member, owner)]

    assert found == [404, 404, 404]


def test_the_public_compares_titles_and_summaries(open_to_public, stranger, client_of):
    client, address = client_of(stranger), page_of("compare_public", open_to_public)
    shown = client.get(address)
    assert_page_ok(shown)
    text = shown.content.decode()

    answered = client.post(address, {"token": token_of(shown), "outcome": "second"})
    made = Comparison.objects.get()
    client.post(page_of("compare_public_undo", open_to_public), {"comparison": made.key})

    made.refresh_from_db()
    bodies = [idea.body for idea in open_to_public.entries if idea.body]
    assert (answered.status_code, made.person, made.retracted_at) == (302, stranger, AT)
    assert not any(part in text for part in ("Read all of it", "Conflict of interest", "Note for the team", *bodies))


def test_the_public_is_slowed_down(open_to_public, stranger, client_of, settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr("permea.evaluation.views.comparing.PUBLIC_LIMIT", 1)
    client, address = client_of(stranger), page_of("compare_public", open_to_public)
    statuses = [
        client.post(address, {"token": token_of(client.get(address)), "outcome": "first"}).status_code
        for _turn in range(2)
    ]

    assert (statuses, Comparison.objects.count()) == ([302, 409], 1)


def test_where_the_public_may_not_compare_there_is_no_page(comparing, stranger, client_of):
    assert client_of(stranger).get(page_of("compare_public", comparing)).status_code == 404


def test_an_evaluator_is_sent_to_their_own_page(open_to_public, evaluator, client_of):
    text = client_of(evaluator).get(page_of("compare_public", open_to_public)).content.decode()

    assert ("You are on the panel" in text, "Judge as an evaluator" in text) == (True, True)


def test_visitors_sign_in_first(open_to_public, client):
    answered = client.get(page_of("compare_public", open_to_public))

    assert (answered.status_code, "/account/login/" in answered["Location"]) == (302, True)


def test_queue_and_today_lead_to_the_pairs(comparing, evaluator, client_of):
    client, address = client_of(evaluator), page_of("compare", comparing)
    queue, today = client.get(reverse("evaluation:queue")), client.get(reverse("surface:today"))

    assert_page_ok(queue)
    assert all(address in page.content.decode() for page in (queue, today))
    assert "pairs to compare" in today.content.decode()


def test_the_manager_sees_how_many_came_from_whom(open_to_public, owner, evaluator, stranger, client_of, answer):
    for _turn in range(2):
        answer(open_to_public.judge(evaluator))
    answer(open_to_public.public(stranger))

    shown = client_of(owner).get(reverse("evaluation:panel", args=[open_to_public.challenge.key]))

    assert_page_ok(shown)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.content.decode()))
    assert "Comparisons by the panel 2" in text
    assert "Comparisons by the public 1 by 1 person" in text


def test_a_manager_on_the_panel_finds_the_pairs(comparing, owner, client_of):
    services.seat_members(challenge_id=comparing.challenge.pk, persons=[owner], actor=owner, at=AT)

    text = client_of(owner).get(reverse("evaluation:panel", args=[comparing.challenge.key])).content.decode()

    assert page_of("compare", comparing) in text


def test_the_manager_chooses_how_entries_are_judged(judged, owner, client_of):
    measures = {
        "mode": "both",
        "reviews_per_idea": 2,
        "minutes_per_review": 5,
        "n_shortlist": 1,
        "certainty_wanted": 80,
    }
    client_of(owner).post(reverse("evaluation:set_panel", args=[judged.challenge.key]), measures)

    assert Panel.objects.get().mode == "both"


def test_the_manager_lets_the_public_compare_before_somebody_enters(make_challenge, owner, client_of):
    challenge, client = make_challenge(), client_of(owner)
    address = reverse("evaluation:set_public", args=[challenge.key])

    seen = []
    for allow in ("yes", "no"):
        client.post(address, {"allow": allow})
        challenge.refresh_from_db()
        seen.append(challenge.public_compares)

    assert seen == [True, False]


def test_letting_the_public_compare_too_late_says_why(judged, owner, client_of):
    told = client_of(owner).post(
        reverse("evaluation:set_public", args=[judged.challenge.key]), {"allow": "yes"}, follow=True
    )

    judged.challenge.refresh_from_db()
    assert (judged.challenge.public_compares, "Somebody has entered already" in told.content.decode()) == (False, True)


def test_the_ranking_of_comparisons_says_what_its_scale_is(
    open_to_public, owner, evaluator, stranger, client_of, answer
):
    for judge in (open_to_public.judge(evaluator), open_to_public.public(stranger)):
        for _turn in range(5):
            answer(judge)
    services.compute_ranking(challenge_id=open_to_public.challenge.pk, at=AT)
    answer(open_to_public.judge(evaluator))

    shown = client_of(owner).get(reverse("evaluation:ranking", args=[open_to_public.challenge.key]))

    assert_page_ok(shown)
    text = shown.content.decode()
    told = ("Score: of 100 comparisons", "New comparisons are being worked in", "How far each judge", "People who seem")
    assert [part for part in told if part not in text] == []


def test_comparisons_are_downloaded(open_to_public, owner, evaluator, stranger, client_of, answer):
    answer(open_to_public.judge(evaluator), note="=1+1")
    made = answer(open_to_public.public(stranger), outcome="cannot_judge")
    client = client_of(owner)

    def data(kind):
        return client.get(reverse("evaluation:comparison_data", args=[open_to_public.challenge.key, kind]))

    rows = list(csv.DictReader(io.StringIO(data("csv").content.decode())))
    found = json.loads(data("json").content)["comparisons"]
    assert [(row["judge"], row["outcome"], row["note"]) for row in rows] == [
        ("J1", "first", "'=1+1"), ("public-1", "cannot_judge", ""),
    ]  # fmt: skip
    assert (found[1]["key"], found[1]["retracted_at"], found[0]["note"]) == (made.key, "", "=1+1")


def test_comparisons_are_not_downloaded_while_sealed(make_challenge, owner, client_of):
    challenge = make_challenge()

    assert client_of(owner).get(reverse("evaluation:comparison_data", args=[challenge.key, "csv"])).status_code == 404


def test_a_ranking_of_comparisons_is_not_selected_from(comparing, owner, evaluator, client_of, answer):
    for _turn in range(5):
        answer(comparing.judge(evaluator))
    services.compute_ranking(challenge_id=comparing.challenge.pk, at=AT)

    page = client_of(owner).get(reverse("selection:select", args=[comparing.challenge.key]))
    with pytest.raises(RefusedError) as refused:
        compute_selection(challenge_id=comparing.challenge.pk, actor=owner, at=AT)

    assert_page_ok(page)
    assert refused.value.refusal.code == "selection.comparisons_only"


def test_a_program_compares_as_evaluator_and_as_the_public(open_to_public, evaluator, stranger, client_of):
    address = f"/api/challenges/{open_to_public.challenge.key}/comparison"
    seen = {}
    for person in (evaluator, stranger):
        client = client_of(person)
        pair = client.get(address).json()
        answered = client.post(address, {"token": pair["token"], "outcome": "tie"}, content_type="application/json")
        seen[person] = (answered.status_code, answered.json()["outcome"], bool(pair["first"]["body"]), pair["n_done"])

    assert seen == {evaluator: (200, "tie", True, 0), stranger: (200, "tie", False, 0)}


def test_a_program_is_told_what_is_wrong(comparing, evaluator, stranger, client_of, answer):
    address = f"/api/challenges/{comparing.challenge.key}/comparison"
    judge = comparing.judge(evaluator)
    while answer(judge) is not None:
        pass
    forged = {"token": "forged", "outcome": "first"}
    client = client_of(evaluator)

    refused = client.post(address, forged, content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (409, "evaluation.unknown_pair")
    assert client.get(address).json() == {"token": "", "first": None, "second": None, "n_done": 6}
    assert client_of(stranger).get(address).status_code == 404
