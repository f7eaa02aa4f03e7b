"""Choosing, deciding, answering and reading the answer, on their pages and by the API."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from permea.evaluation import services as evaluation
from permea.evaluation.models import Panel
from permea.ledger.verifier import verify_document
from permea.selection import queries, services
from permea.selection.models import Answer, Award, Clarification, Decision, Estimate, Selection, SelectionLimits, Work
from permea.surface.registry import today_items
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def go(client_of, owner, ranked):
    """Return functions that read and post the pages of the challenge as its owner."""
    client = client_of(owner)

    def visit(name, data=None, *more, follow=False):
        url = reverse(f"selection:{name}", args=[ranked.challenge.key, *more])
        return client.get(url) if data is None else client.post(url, data, follow=follow)

    return visit


LIMITS = {"money": "2500", "days": "30", "n_most": "", "bar": "2", "buckets": "", "exclusions": "", "dependencies": ""}


def test_limits_are_set_and_the_best_set_appears_with_its_proof(go, ranked):
    assert_page_ok(go("select"))

    assert go("limits", LIMITS).status_code == 302

    page = assert_page_ok(go("select"))
    assert ("Proven best" in page.text, Selection.objects.count()) == (True, 1)


def test_wrong_limits_are_shown_again_with_what_was_typed(go, limited):
    keys = " ".join(entry.key for entry in limited.entries[:2])
    for wrong in ({"bar": "9"}, {"buckets": "soft, x, 1"}, {"exclusions": "onlyone"}):
        answer = go("limits", {**LIMITS, **wrong})
        assert (answer.status_code, next(iter(wrong.values())) in answer.content.decode()) == (422, True)
    assert go("limits", {**LIMITS, "buckets": "nosuch, 1, 2"}).status_code == 409
    impossible = go(
        "limits", {**LIMITS, "money": "10", "buckets": "soft, 1,", "exclusions": keys, "dependencies": keys}
    )
    assert (impossible.status_code, "cannot hold together" in impossible.content.decode()) == (409, True)
    assert SelectionLimits.objects.get(challenge=limited.challenge).exclusions == [keys.split()]


def test_estimates_are_stored_together_or_not_at_all(go, ranked):
    figures = {}
    for entry in ranked.entries:
        figures |= {f"money-{entry.key}": "100", f"days-{entry.key}": "2", f"bucket-{entry.key}": " soft "}

    refused = go("estimates", {**figures, f"money-{ranked.entries[0].key}": "lots"})
    page = assert_page_ok(refused, status=422)
    values = [field.attributes.get("value") for field in page.all("input")]
    assert (values.count("100"), "lots" in values, ranked.entries[0].title in page.text) == (
        len(ranked.entries) - 1, True, True,
    )  # fmt: skip
    assert Estimate.objects.count() == 0
    go("estimates", figures)
    assert set(Estimate.objects.values_list("money", "bucket")) == {(100, "soft")}


def test_a_change_by_hand_and_settling(go, selected):
    key = selected.entries[3].key

    go("change", {"idea": key, "reason": ""})
    go("change", {"idea": key, "reason": "Too short."})
    assert key in Selection.objects.get().chosen
    go("change", {"idea": key, "reason": "The customer has withdrawn its order."})
    assert key not in Selection.objects.get().chosen
    assert_page_ok(go("select"))
    assert go("settle", {}).headers["Location"].endswith("/decisions/")
    go("change", {"idea": key, "taken_in": "on", "reason": "The customer came back to us today."})
    assert key not in Selection.objects.get().chosen


def test_without_a_selection_there_is_nothing_to_change_or_settle(go, ranked):
    assert [go(name, {"idea": "x", "reason": "y"}).status_code for name in ("change", "settle")] == [404, 404]


def test_what_is_refused_is_said_where_it_was_tried(go, answered):
    key = answered.entries[0].key
    figures = {f"{name}-{key}": value for name, value in {"money": "1", "days": "1", "bucket": ""}.items()}

    for name, data in (("estimates", figures), ("settle", {})):
        page = assert_page_ok(go(name, data, follow=True))
        assert "The answers are out; decisions cannot be changed any more." in page.text


def test_a_stale_selection_says_so(selected, owner):
    evaluation.set_panel(**selected.told, reviews_per_idea=2, minutes_per_review=10, n_shortlist=3, certainty_wanted=90)
    evaluation.compute_ranking(challenge_id=selected.challenge.pk, at=AT)

    assert queries.selection_for(owner, selected.challenge.key, at=AT).is_stale


def decisions(entries, **changes):
    data = {}
    for entry in entries:
        values = {
            "outcome": "decline",
            "reason": "below_bar",
            "words": "Thank you; others met the test better.",
            **changes,
        }
        data |= {f"{name}-{entry.key}": value for name, value in values.items()}
    return data


def test_decisions_are_kept_and_wrong_ones_shown_again(go, selected):
    assert_page_ok(go("decide"))
    first, *rest = selected.entries

    answer = go("save_decisions", decisions(rest) | decisions([first], words="Short."))

    assert (answer.status_code, Decision.objects.count(), "Short." in answer.content.decode()) == (422, 4, True)
    assert go("save_decisions", decisions([first], outcome="")).status_code == 302
    assert Decision.objects.count() == 4


def test_answers_go_out_once_all_are_decided(go, selected):
    go("save_decisions", decisions(selected.entries[1:]))
    assert go("release", {}).headers["Location"].endswith("/decisions/")
    assert Answer.objects.count() == 0

    go("save_decisions", decisions(selected.entries[:1]))
    assert go("release", {}).headers["Location"].endswith("/awards/")

    assert Answer.objects.count() == 5
    assert_page_ok(go("decide"))
    assert_page_ok(go("awards"))
    go("save_decisions", decisions(selected.entries[:1], reason="incomplete"))
    assert Decision.objects.filter(reason="incomplete").count() == 0


def test_a_manager_who_still_owes_reviews_decides_nothing(ranked, manager, client_of):
    Panel.objects.update(reviews_per_idea=3)
    evaluation.seat_members(**{**ranked.told, "persons": [manager]})
    evaluation.deal_out(**ranked.told)

    client = client_of(manager)
    assert queries.decisions_for(manager, ranked.challenge.key, at=AT).n_entries == 0
    assert queries.selection_for(manager, ranked.challenge.key, at=AT).rows == []
    assert_page_ok(client.get(reverse("selection:decide", args=[ranked.challenge.key])))
    dossier = reverse("selection:dossier", args=[ranked.challenge.key])
    assert_page_ok(client.get(dossier))
    assert client.get(dossier, {"format": "json"}).status_code == 404


def test_the_contributor_reads_the_answer_asks_and_is_replied_to(go, answered, client_of, solver):
    client = client_of(solver)
    url = reverse("selection:status", args=[answered.entries[0].key])

    page = assert_page_ok(client.get(url))
    assert ("not chosen" in page.text, Answer.objects.get(idea=answered.entries[0]).first_read_at) == (True, AT)
    client.post(url + "clarify/", {"text": ""})
    client.post(url + "clarify/", {"text": "Which test did it fail?"})
    asked = Clarification.objects.get()
    assert_page_ok(go("decide"))
    go("reply", {"text": ""}, asked.pk)
    go("reply", {"text": "The pick rate."}, asked.pk)
    assert "The pick rate." in assert_page_ok(client.get(url)).text
    assert go("reply", {"text": "x"}, asked.pk + 1).status_code == 404


def test_the_contributors_list_says_that_the_answer_is_there(selected, decide_all, client_of, solver):
    before = client_of(solver).get("/my/").content.decode()
    decide_all()
    services.release_answers(**selected.told)
    after = client_of(solver).get("/my/").content.decode()

    assert [("being judged" in page, "Your answer is there" in page) for page in (before, after)] == [
        (True, False),
        (False, True),
    ]


def test_the_winner_accepts_on_the_status_page_and_the_prize_is_paid(go, answered, client_of):
    award = Award.objects.select_related("decision__idea__author").first()
    idea, winner = award.decision.idea, client_of(award.decision.idea.author)
    url = reverse("selection:status", args=[idea.key])
    assert_page_ok(winner.get(url))

    go("pay", {"payment": "paid"}, award.key)
    assert Award.objects.get(pk=award.pk).payment == "due"
    winner.post(url + "accept-rights/")
    go("pay", {"payment": "paid"}, award.key)
    go("pay", {"payment": "nonsense"}, award.key)

    assert Award.objects.get(pk=award.pk).payment == "paid"
    assert go("pay", {"payment": "paid"}, "nosuch").status_code == 404
    assert_page_ok(winner.get(url))
    assert_page_ok(go("awards"))


def test_a_coauthor_does_not_accept_for_the_author(answered, client_of, solver_two):
    from permea.ideas.models import Contributor

    award = Award.objects.first()
    Contributor.objects.create(idea=award.decision.idea, person=solver_two, since=AT)

    client_of(solver_two).post(reverse("selection:accept_rights", args=[award.decision.idea.key]))

    assert Award.objects.get(pk=award.pk).rights_accepted_at is None


@pytest.mark.parametrize("who", ["owner", "evaluator", "stranger"])
def test_the_status_of_an_idea_is_its_contributors_alone(answered, client_of, request, who):
    client = client_of(request.getfixturevalue(who))
    url = reverse("selection:status", args=[answered.entries[0].key])

    assert [client.get(url).status_code, client.post(url + "clarify/", {"text": "x"}).status_code] == [404, 404]


def test_status_marks_where_the_challenge_stands(selected, client_of, solver):
    url = reverse("selection:status", args=[selected.entries[0].key])
    page = assert_page_ok(client_of(solver).get(url))

    current = [step.text for step in page.all("li") if step.attributes.get("aria-current") == "step"]
    assert ["Review and decision" in step for step in current] == [True]


def test_before_the_answers_status_shows_the_promise_and_no_action(selected, client_of, solver):
    client = client_of(solver)
    url = reverse("selection:status", args=[selected.entries[0].key])

    assert "You will have an answer by" in assert_page_ok(client.get(url)).text
    assert [client.post(url + path).status_code for path in ("clarify/", "accept-rights/")] == [404, 404]


def test_a_draft_has_a_status_page_too(make_idea, client_of, solver):
    idea = make_idea(author=solver, submitted=False)

    assert "draft" in assert_page_ok(client_of(solver).get(reverse("selection:status", args=[idea.key]))).text


def test_the_dossier_prints_and_downloads(go, answered, client_of, owner):
    assert_page_ok(go("dossier"))

    document = json.loads(
        client_of(owner).get(reverse("selection:dossier", args=[answered.challenge.key]), {"format": "json"}).content
    )

    assert verify_document(document).ok


def test_before_the_deadline_the_dossier_says_when_there_will_be_one(make_challenge, client_of, owner):
    url = reverse("selection:dossier", args=[make_challenge().key])

    page = assert_page_ok(client_of(owner).get(url))

    assert "the dossier can be printed after it" in page.text
    assert client_of(owner).get(url, {"format": "json"}).status_code == 404


def test_today_names_questions_and_prizes_that_wait(answered, solver, owner, organisation):
    award = Award.objects.select_related("decision__idea__author").first()
    services.accept_rights(award_id=award.pk, actor=award.decision.idea.author, at=AT)
    answer = Answer.objects.get(idea=answered.entries[0])
    services.ask_clarification(answer_id=answer.pk, actor=solver, question="Why?", at=AT)

    Work.objects.create(
        organisation=organisation, name="Arm", words="An arm.", began_on=AT.date(), n_open=2, counted_at=AT,
        entered_by=owner, entered_at=AT,
    )  # fmt: skip
    ours = {"clarification", "payment", "work"}

    kinds = sorted(item.kind for item in today_items(owner, organisation, "owner", AT) if item.kind in ours)

    assert (kinds, [one for one in today_items(owner, organisation, "evaluator", AT) if one.kind in ours]) == (
        ["clarification", "payment", "work"],
        [],
    )


def test_the_api_tells_the_status_before_and_after_and_gives_the_dossier(
    selected, decide_all, client_of, solver, owner
):
    decide_all()
    path = f"/api/my/ideas/{selected.entries[0].key}/status"
    before = client_of(solver).get(path).json()
    services.release_answers(**selected.told)
    after = client_of(solver).get(path).json()
    dossier = client_of(owner).get(f"/api/challenges/{selected.challenge.key}/dossier").json()

    assert (before["outcome"], after["outcome"], len(after["profile"])) == (
        None,
        "decline",
        selected.challenge.criteria.count(),
    )
    assert verify_document(dossier).ok


def test_long_lists_are_decided_on_page_by_page(selected, client_of, owner, monkeypatch):
    monkeypatch.setattr("permea.selection.queries.pages.PAGE_SIZE", 3)
    client, key = client_of(owner), selected.challenge.key
    address, best, last = reverse("selection:decide", args=[key]), selected.entries[4].key, selected.entries[0].key
    told = {"reason": "below_bar", "words": "Thank you; others answered the test better."}

    pages = [assert_page_ok(client.get(address, {"page": number})) for number in (1, 2)]
    saved = client.post(
        reverse("selection:save_decisions", args=[key], query={"page": 2}),
        {f"{name}-{last}": value for name, value in {"outcome": "decline", **told}.items()},
    )

    boxes = [[box.attributes["id"] for box in page.all("fieldset") if "id" in box.attributes] for page in pages]
    assert ([len(ids) for ids in boxes], boxes[0][0], boxes[1][-1]) == ([3, 2], f"idea-{best}", f"idea-{last}")
    assert (saved.status_code, saved["Location"]) == (302, f"{address}?page=2")
    view = queries.decisions_for(owner, key, at=AT, page=2)
    assert (view.n_entries, view.n_decided, view.page[1].decision.outcome) == (5, 1, "decline")


def test_long_lists_of_candidates_keep_what_is_on_other_pages(selected, client_of, owner, monkeypatch):
    monkeypatch.setattr("permea.selection.queries.pages.PAGE_SIZE", 3)
    client, key = client_of(owner), selected.challenge.key
    address, last = reverse("selection:select", args=[key]), selected.entries[0].key

    first, second = (assert_page_ok(client.get(address, {"page": number})) for number in (1, 2))
    saved = client.post(
        reverse("selection:estimates", args=[key], query={"page": 2}),
        {f"money-{last}": "77", f"days-{last}": "1", f"bucket-{last}": "soft"},
    )

    fields = [
        sum(one.attributes.get("name", "").startswith("money-") for one in page.all("input"))
        for page in (first, second)
    ]
    stored = sorted(Estimate.objects.values_list("money", flat=True))
    assert (fields, saved["Location"], stored) == ([3, 2], f"{address}?page=2", [77, 1000, 1000, 1000, 1000])
    assert [one.attributes.get("type") for one in first.all("input") if one.attributes.get("name") == "idea"] == [
        "text"
    ]
