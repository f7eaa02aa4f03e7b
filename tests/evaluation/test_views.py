"""What evaluators and managers see, and what they do not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from permea.evaluation import queries, services
from permea.evaluation.models import Assignment, Panel, Panelist, Review, ReviewDraft
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


def marks(challenge, value=4, **more):
    keys = challenge.criteria.values_list("key", flat=True)
    return {f"score-{key}": value for key in keys} | {
        "reason": "It can be built soon.",
        "recommendation": "yes",
        **more,
    }


# --- the evaluator


def test_the_queue_lists_no_more_than_fits_and_leads_to_a_sheet(dealt, client_of, evaluator):
    Panel.objects.update(minutes_per_review=15)
    client = client_of(evaluator)

    assert_page_ok(client.get(reverse("evaluation:queue")))
    (queue,) = queries.my_queue(evaluator, at=AT)
    assert (len(queue.items), queue.minutes) == (min(2, queue.n_waiting), 15 * min(2, queue.n_waiting))


def test_stating_more_minutes_shows_more(dealt, client_of, evaluator):
    seat = Panelist.objects.get(person=evaluator)
    client = client_of(evaluator)

    client.post(reverse("evaluation:minutes", args=[seat.pk]), {"minutes_per_week": "5"})
    assert queries.my_queue(evaluator, at=AT)[0].items == []
    assert_page_ok(client.get(reverse("evaluation:queue")))
    client.post(reverse("evaluation:minutes", args=[seat.pk]), {"minutes_per_week": "nonsense"})
    assert Panelist.objects.get(pk=seat.pk).minutes_per_week == 5


def test_somebody_elses_minutes_stay(dealt, client_of, evaluator, evaluator_two):
    seat = Panelist.objects.get(person=evaluator_two)

    client_of(evaluator).post(reverse("evaluation:minutes", args=[seat.pk]), {"minutes_per_week": "5"})

    assert Panelist.objects.get(pk=seat.pk).minutes_per_week == 30


def test_a_sheet_hides_names_when_blind_and_others_marks_until_the_own_is_in(
    dealt, client_of, evaluator, give_marks, assignment_of
):
    mine = assignment_of(evaluator)
    other = Assignment.objects.filter(idea=mine.idea).exclude(pk=mine.pk).select_related("panelist__person").get()
    give_marks(other, mark=2, reason="A very recognisable reason.")
    client = client_of(evaluator)
    url = reverse("evaluation:review", args=[mine.key])

    before = client.get(url).content.decode()
    assert (mine.idea.author.name in before, "recognisable" in before) == (False, False)
    client.post(url, marks(dealt.challenge))
    after = client.get(url).content.decode()
    assert (mine.idea.author.name in after, "recognisable" in after) == (False, True)


def test_names_show_where_the_challenge_is_not_blind(dealt, client_of, evaluator, assignment_of):
    type(dealt.challenge).objects.filter(pk=dealt.challenge.pk).update(is_blind=False)
    mine = assignment_of(evaluator)

    assert (
        mine.idea.author.name
        in client_of(evaluator).get(reverse("evaluation:review", args=[mine.key])).content.decode()
    )


def test_handing_in_goes_on_to_the_next_and_at_the_end_back_to_the_queue(dealt, client_of, evaluator):
    client, seen = client_of(evaluator), []
    for _turn in range(3):
        items = [item for queue in queries.my_queue(evaluator, at=AT) for item in queue.items]
        if not items:
            break
        url = reverse("evaluation:review", args=[items[0].assignment.key])
        seen.append(client.post(url, marks(dealt.challenge)).headers["Location"])

    assert seen[-1] == reverse("evaluation:queue")
    assert Review.objects.filter(panelist__person=evaluator).count() == len(seen)


@pytest.mark.parametrize(("sent", "status"), [({}, 409), ({"score-x": "9"}, 409), ({"reason": "x" * 6000}, 422)])
def test_an_incomplete_review_is_shown_again_with_the_reason_and_what_was_typed(
    dealt, client_of, evaluator, assignment_of, sent, status
):
    mine = assignment_of(evaluator)

    answer = client_of(evaluator).post(
        reverse("evaluation:review", args=[mine.key]), {"private_note": "kept words", **sent}
    )

    assert (answer.status_code, "kept words" in answer.content.decode(), Review.objects.count()) == (status, True, 0)


def test_autosave_keeps_half_a_sheet_and_the_sheet_shows_it_again(dealt, client_of, evaluator, assignment_of):
    mine = assignment_of(evaluator)
    client = client_of(evaluator)

    answer = client.post(reverse("evaluation:autosave", args=[mine.key]), {"reason": "half a thou"})

    assert (answer.status_code, ReviewDraft.objects.get().content["reason"]) == (204, "half a thou")
    assert "half a thou" in client.get(reverse("evaluation:review", args=[mine.key])).content.decode()


def test_autosave_after_the_decision_is_refused(dealt, client_of, evaluator, assignment_of):
    mine = assignment_of(evaluator)
    type(dealt.challenge).objects.filter(pk=dealt.challenge.pk).update(status="decided")

    answer = client_of(evaluator).post(reverse("evaluation:autosave", args=[mine.key]), {"reason": "late"})

    assert (answer.status_code, answer.json()["code"]) == (409, "evaluation.decided")


def test_giving_back_takes_one_click(dealt, client_of, evaluator, assignment_of):
    mine = assignment_of(evaluator)
    client = client_of(evaluator)
    url = reverse("evaluation:decline", args=[mine.key])

    assert client.post(url, {"reason": "because"}).status_code == 302
    assert Assignment.objects.get(pk=mine.pk).status == "open"
    client.post(url, {"reason": "not_my_field"})
    assert Assignment.objects.get(pk=mine.pk).status == "declined"
    assert client.get(reverse("evaluation:review", args=[mine.key])).status_code == 404


def test_a_review_handed_in_cannot_be_given_back(dealt, client_of, evaluator, assignment_of, give_marks):
    mine = assignment_of(evaluator)
    give_marks(mine)

    client_of(evaluator).post(reverse("evaluation:decline", args=[mine.key]), {"reason": "conflict"})

    assert Assignment.objects.get(pk=mine.pk).status == "done"


def test_another_judges_sheet_is_not_there(dealt, client_of, evaluator, evaluator_two, assignment_of):
    theirs = assignment_of(evaluator_two)

    assert client_of(evaluator).get(reverse("evaluation:review", args=[theirs.key])).status_code == 404


def test_before_the_deadline_a_sheet_is_not_there(dealt, client_of, evaluator, assignment_of, monkeypatch):
    mine = assignment_of(evaluator)
    monkeypatch.setattr("django.utils.timezone.now", lambda: dealt.challenge.closes_at - timedelta(seconds=1))

    assert client_of(evaluator).get(reverse("evaluation:review", args=[mine.key])).status_code == 404
    assert (
        queries.idea_for_evaluator(evaluator, mine.idea.key, at=dealt.challenge.closes_at - timedelta(seconds=1))
        is None
    )
    assert queries.idea_for_evaluator(evaluator, mine.idea.key, at=AT) == mine.idea


def test_reviews_are_visible_to_managers_and_to_those_who_handed_theirs_in(reviewed, owner, evaluator, solver):
    entry = reviewed.entries[0]
    judges = set(Assignment.objects.filter(idea=entry).values_list("panelist__person", flat=True))

    counts = {person.pk: queries.reviews_visible_to(person, entry).count() for person in reviewed.judges}
    assert {pk: n for pk, n in counts.items() if n} == dict.fromkeys(judges, 2)
    assert [queries.reviews_visible_to(person, entry).count() for person in (owner, solver)] == [2, 0]


def test_ones_own_severity_shows_once_all_is_in(reviewed, evaluator, owner):
    assert queries.my_calibration(evaluator, reviewed.challenge) is None
    services.compute_ranking(challenge_id=reviewed.challenge.pk, at=AT)

    assert queries.my_calibration(evaluator, reviewed.challenge)["label"] == "J1"
    assert queries.my_calibration(owner, reviewed.challenge) is None


# --- the manager


def test_the_panel_page_shows_seats_and_takes_measures(dealt, client_of, owner):
    client = client_of(owner)
    key = dealt.challenge.key
    measures = {
        "mode": "reviews",
        "reviews_per_idea": 3,
        "minutes_per_review": 5,
        "n_shortlist": 1,
        "certainty_wanted": 80,
    }

    assert_page_ok(client.get(reverse("evaluation:panel", args=[key])))
    client.post(reverse("evaluation:set_panel", args=[key]), measures)
    assert Panel.objects.get(challenge=dealt.challenge).reviews_per_idea == 3
    assert client.post(reverse("evaluation:set_panel", args=[key]), {**measures, "n_shortlist": 0}).status_code == 422
    client.post(reverse("evaluation:deal", args=[key]))
    assert Assignment.objects.count() == 12


def test_a_panel_is_set_up_before_the_deadline(make_challenge, client_of, owner):
    challenge = make_challenge()
    client = client_of(owner)

    assert_page_ok(client.get(reverse("evaluation:panel", args=[challenge.key])))
    client.post(reverse("evaluation:deal", args=[challenge.key]))
    assert Assignment.objects.count() == 0


def test_inviting_and_seating_and_taking_off(judged, client_of, owner, member):
    client, key = client_of(owner), judged.challenge.key

    client.post(reverse("evaluation:invite", args=[key]), {"emails": "a@x.example, b@x.example;a@x.example"})
    assert Panelist.objects.filter(person__isnull=True).count() == 2
    assert client.post(reverse("evaluation:invite", args=[key]), {"emails": "not an address"}).status_code == 422
    client.post(reverse("evaluation:seat", args=[key]), {"person": [member.key]})
    seat = Panelist.objects.get(person=member)
    client.post(reverse("evaluation:unseat", args=[key, seat.key]))
    assert Panelist.objects.get(pk=seat.pk).left_at == AT
    assert client.post(reverse("evaluation:unseat", args=[key, "nosuch"])).status_code == 404


def test_a_decided_challenge_refuses_every_change_of_its_panel(judged, client_of, owner, member):
    type(judged.challenge).objects.filter(pk=judged.challenge.pk).update(status="decided")
    client, key = client_of(owner), judged.challenge.key
    measures = {
        "mode": "reviews",
        "reviews_per_idea": 9,
        "minutes_per_review": 5,
        "n_shortlist": 1,
        "certainty_wanted": 80,
    }

    client.post(reverse("evaluation:set_panel", args=[key]), measures)
    client.post(reverse("evaluation:invite", args=[key]), {"emails": "a@x.example"})
    client.post(reverse("evaluation:seat", args=[key]), {"person": [member.key]})
    client.post(reverse("evaluation:unseat", args=[key, judged.seats[0].key]))

    assert (Panelist.objects.count(), Panel.objects.get(challenge=judged.challenge).reviews_per_idea) == (3, 2)
    assert not Panelist.objects.filter(left_at__isnull=False).exists()


def test_the_ranking_page_shows_intervals_and_gives_the_data_out(reviewed, client_of, owner):
    client, key = client_of(owner), reviewed.challenge.key
    assert_page_ok(client.get(reverse("evaluation:ranking", args=[key])))
    assert client.get(reverse("evaluation:ranking_data", args=[key, "csv"])).status_code == 404

    client.post(reverse("evaluation:recompute", args=[key]))

    page = assert_page_ok(client.get(reverse("evaluation:ranking", args=[key])))
    assert "Entry 3" in page.text
    data = json.loads(client.get(reverse("evaluation:ranking_data", args=[key, "json"])).content)
    assert data["ideas"][0]["title"] == "Entry 3"
    table = client.get(reverse("evaluation:ranking_data", args=[key, "csv"])).content.decode()
    assert table.splitlines()[0].startswith("rank,key,title,score")


def test_a_title_that_looks_like_a_formula_is_defused_in_the_csv(reviewed, client_of, owner):
    reviewed.entries[0].title = "=1+1"
    reviewed.entries[0].save(update_fields=["title"])
    services.compute_ranking(challenge_id=reviewed.challenge.pk, at=AT)

    table = client_of(owner).get(reverse("evaluation:ranking_data", args=[reviewed.challenge.key, "csv"])).content

    assert b"'=1+1" in table


def test_while_reviews_come_in_the_page_says_that_it_is_behind(reviewed, client_of, owner, give_marks):
    services.compute_ranking(challenge_id=reviewed.challenge.pk, at=AT)
    Review.objects.filter(pk=Review.objects.first().pk).update(superseded_at=AT)

    assert queries.ranking_for(owner, reviewed.challenge.key, at=AT).is_stale


def test_a_long_ranking_is_shown_page_by_page_and_downloaded_whole(reviewed, client_of, owner, monkeypatch):
    monkeypatch.setattr("permea.evaluation.queries.rankings.PAGE_SIZE", 3)
    services.compute_ranking(challenge_id=reviewed.challenge.pk, at=AT)
    address = reverse("evaluation:ranking", args=[reviewed.challenge.key])

    first, last = (assert_page_ok(client_of(owner).get(address, {"page": number})) for number in (1, 2))
    table = client_of(owner).get(reverse("evaluation:ranking_data", args=[reviewed.challenge.key, "csv"])).content

    ranks = [
        [one.text for one in page.all("span") if "dots-rank" in one.attributes.get("class", "")]
        for page in (first, last)
    ]
    assert (ranks, len(table.decode().splitlines())) == ([["1", "2", "3"], ["4"]], 5)
    assert ("best 2" in first.text, "best 2" in [one.text for one in last.all("li")]) == (True, False)


def test_a_manager_on_the_panel_sees_no_ranking_before_their_own_reviews(dealt, client_of, manager, owner):
    services.seat_members(challenge_id=dealt.challenge.pk, persons=[manager], actor=owner, at=AT)
    Panel.objects.update(reviews_per_idea=4)
    services.deal_out(challenge_id=dealt.challenge.pk, actor=owner, at=AT)
    services.compute_ranking(challenge_id=dealt.challenge.pk, at=AT)

    assert queries.ranking_for(manager, dealt.challenge.key, at=AT).withheld.code == "evaluation.own_first"
    client_of(manager).post(reverse("evaluation:recompute", args=[dealt.challenge.key]))
    entry = dealt.entries[0]
    assert queries.reviews_visible_to(manager, entry).count() == 0


def test_while_sealed_there_is_no_ranking(make_challenge, owner):
    assert queries.ranking_for(owner, make_challenge().key, at=AT).withheld.code == "evaluation.sealed"


@pytest.mark.parametrize("name", ["panel", "ranking", "import"])
def test_managers_pages_are_not_there_for_others(judged, client_of, evaluator, other_owner, other_organisation, name):
    url = reverse(f"evaluation:{name}", args=[judged.challenge.key])

    assert [client_of(person).get(url).status_code for person in (evaluator, other_owner)] == [404, 404]


# --- taking reviews over


def upload(client, key, text, name="reviews.csv"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(reverse("evaluation:import", args=[key]), {"table": SimpleUploadedFile(name, text.encode())})


def table(challenge, *extra):
    names = list(challenge.criteria.order_by("position").values_list("name", flat=True))
    keys = list(challenge.ideas.values_list("key", flat=True))
    rows = [["idea", "judge", *names], *[[key, "Ms A", *["4"] * len(names)] for key in keys], *extra]
    return "\n".join(",".join(row) for row in rows)


def test_a_table_of_reviews_is_taken_over_as_a_whole(judged, client_of, owner):
    client = client_of(owner)
    assert_page_ok(client.get(reverse("evaluation:import", args=[judged.challenge.key])))

    answer = upload(client, judged.challenge.key, table(judged.challenge))
    assert_page_ok(client.get(answer.headers["Location"]))
    client.post(answer.headers["Location"])
    client.post(answer.headers["Location"])

    assert Review.objects.count() == 4


def test_a_wrong_row_is_named_by_its_line_and_nothing_is_imported(judged, client_of, owner):
    n = judged.challenge.criteria.count()
    client = client_of(owner)

    bad = table(judged.challenge, ["nosuch", "Ms A", *["4"] * n], [judged.entries[0].key, "Mr B", *["7"] * n],
                [judged.entries[1].key, "Mr B", *[""] * n])  # fmt: skip
    answer = upload(client, judged.challenge.key, bad)
    page = client.post(answer.headers["Location"])

    text = page.content.decode()
    assert (page.status_code, Review.objects.count()) == (422, 0)
    assert all(f">{line}</td>" in text for line in (6, 7, 8))


def test_unusable_tables_are_refused_with_a_sentence(judged, client_of, owner, settings):
    client, key = client_of(owner), judged.challenge.key

    assert upload(client, key, "").status_code == 422
    assert client.post(reverse("evaluation:import", args=[key])).status_code == 422
    settings.UPLOAD_MAX_BYTES = 3
    assert upload(client, key, table(judged.challenge)).status_code == 422


@pytest.mark.parametrize("text", ["idea,judge,other\n{key},A,4\n", "a,b\n1,2\n"])
def test_a_table_without_this_challenges_criteria_is_refused(judged, client_of, owner, text):
    client = client_of(owner)

    answer = upload(client, judged.challenge.key, text.format(key=judged.entries[0].key))
    page = client.post(answer.headers["Location"])

    assert (page.status_code, Review.objects.count()) == (422, 0)


def test_importing_into_a_decided_challenge_is_refused(judged, client_of, owner):
    client = client_of(owner)
    answer = upload(client, judged.challenge.key, table(judged.challenge))
    type(judged.challenge).objects.filter(pk=judged.challenge.pk).update(status="decided")

    assert client.post(answer.headers["Location"]).status_code == 409


# --- today and the API


def test_today_names_open_reviews_and_challenges_without_a_panel(dealt, make_challenge, organisation, owner, evaluator):
    make_challenge(closed=True, title="Nobody judges me")

    own = list(queries.today_items(evaluator, organisation, "evaluator", AT))
    theirs = list(queries.today_items(owner, organisation, "owner", AT))

    assert ([item.kind for item in own], [item.title for item in theirs]) == (["review"], ["Nobody judges me"])


def test_the_api_gives_the_queue_takes_a_review_and_shows_the_ranking(dealt, client_of, evaluator, owner):
    client = client_of(evaluator)
    first = client.get("/api/reviews").json()[0]
    keys = list(dealt.challenge.criteria.values_list("key", flat=True))
    body = {"scores": dict.fromkeys(keys, 4), "recommendation": "yes", "reason": "Good."}

    stored = client.post(f"/api/reviews/{first['key']}", body, content_type="application/json")
    wrong = client.post(f"/api/reviews/{first['key']}", {**body, "scores": {}}, content_type="application/json")
    services.compute_ranking(challenge_id=dealt.challenge.pk, at=AT)
    ranking = client_of(owner).get(f"/api/challenges/{dealt.challenge.key}/ranking")

    assert (stored.status_code, wrong.status_code, wrong.json()["code"]) == (200, 409, "evaluation.marks_missing")
    assert (ranking.status_code, len(ranking.json()["ideas"])) == (200, 4)
    assert client.get(f"/api/challenges/{dealt.challenge.key}/ranking").status_code == 404


def test_the_manager_ends_reviewing_on_the_ranking_page_once_it_is_certain_enough(reviewed, client_of, owner, member):
    services.seat_members(challenge_id=reviewed.challenge.pk, persons=[member], actor=owner, at=AT)
    left = Assignment.objects.create(
        panelist=Panelist.objects.get(person=member), idea=reviewed.entries[0], position=1, assigned_at=AT
    )
    Panel.objects.update(certainty_wanted=1)
    services.compute_ranking(challenge_id=reviewed.challenge.pk, at=AT)
    client, key = client_of(owner), reviewed.challenge.key
    page = client.get(reverse("evaluation:ranking", args=[key])).content.decode()

    client.post(reverse("evaluation:end", args=[key]))
    left.refresh_from_db()
    type(reviewed.challenge).objects.filter(pk=reviewed.challenge.pk).update(status="decided")
    refused = client.post(reverse("evaluation:end", args=[key]), follow=True).content.decode()

    assert ("Take back 1 open review" in page, left.status) == (True, "released")
    assert "reviewing is over" in refused
