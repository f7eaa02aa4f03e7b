"""The page on which a manager works a draft out, looks at it, changes it and publishes it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from permea.evaluation import queries, services
from permea.evaluation.models import Assignment, AssignmentDraft, Conflict, DraftPair, Panel, Panelist
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def post(judged, client_of):
    """Return a function that posts a form of the page as the owner, and follows to what is said."""
    client = client_of(judged.owner)

    def send(name, **fields):
        return client.post(reverse(f"evaluation:{name}", args=[judged.challenge.key]), fields, follow=True)

    return send


def said(answer):
    return answer.content.decode()


def view_of(judged):
    return queries.assigning_for(judged.owner, judged.challenge.key, at=AT)


def test_before_a_draft_the_page_offers_one(judged, client_of):
    page = client_of(judged.owner).get(reverse("evaluation:assigning", args=[judged.challenge.key]))

    assert_page_ok(page)
    assert ("Compute a draft" in said(page), "lacks 2 judges" in said(page)) == (True, True)


def test_a_draft_is_worked_out_shown_and_published(judged, post):
    drafted = post("draft", reviews_per_idea=2)
    assert_page_ok(drafted)
    n_told = Assignment.objects.count()

    published = post("draft_publish")

    assert ("every idea gets its reviews" in said(drafted), n_told) == (True, 0)
    assert ("8 reviews were given out." in said(published), Assignment.objects.count()) == (True, 8)
    assert "There is no draft; compute one first." in said(post("draft_publish"))


def test_it_says_who_why_and_how_loaded(judged, post):
    post("draft", reviews_per_idea=2)

    view = view_of(judged)

    row, loads = view.page(1)[0], {load.total for load in view.loads}
    assert ([one.state for one in row.judges], row.n_free, row.n_full, row.barred) == (["computed"] * 2, 1, 0, [])
    assert (loads, view.n_told, view.n_fresh, view.n_given) == ({2, 3}, 3, 8, 0)
    assert "no conflict, and with" in said(post("draft_undo"))


def test_what_is_impossible_is_said_with_what_would_help_and_helps(judged, post):
    Panelist.objects.update(minutes_per_week=5)

    short = post("draft", reviews_per_idea=2, extra_load="")
    ways = {way.kind: way.settings for way in view_of(judged).ways}
    helped = post("draft", **ways["load"])

    assert "everybody judges 1 idea more than fits into the time stated, about 10 minutes" in said(short)
    assert ("Fewer reviews: 1 less" in said(short), "1 more evaluator with as much time" in said(short)) == (True, True)
    assert "every idea gets its reviews" in said(helped)


def test_a_conflict_that_would_help_is_named(judged, post):
    pair = {"panelist": judged.seats[0].key, "idea": judged.entries[0].key}

    post("conflict", **pair, status="declared", reason="They are related.")
    page = post("draft", reviews_per_idea=3, needs_experience="")

    name = judged.judges[0].display_name
    assert "dismiss 1, if it really is none" in said(page)
    assert (f"{name} – Entry 0" in said(page), f"Not {name}: A conflict of interest was declared." in said(page)) == (
        True, True
    )  # fmt: skip


def test_nobody_experienced_is_said_and_can_be_let_be(judged, post):
    page = post("draft", reviews_per_idea=2, needs_experience="on")

    assert "let ideas be judged by people who judge for the first time only" in said(page)


def test_without_a_way_out_the_page_says_so(judged, post):
    Panelist.objects.update(minutes_per_week=0)

    page = post("draft", reviews_per_idea=1)

    assert "No change of a single limit is enough" in said(page) or "More time" in said(page)


def test_ideas_that_lack_a_judge_can_be_shown_alone(judged, post, client_of):
    post("draft", reviews_per_idea=2)
    pair = DraftPair.objects.select_related("panelist", "idea").first()

    taken = post("draft_take_out", panelist=pair.panelist.key, idea=pair.idea.key, page="1", only="lacking")

    assert taken.redirect_chain[0][0].endswith(f"/assigning/?page=1&only=lacking#idea-{pair.idea.key}")
    assert (said(taken).count('class="assigned-idea"'), "taken out by hand" in said(taken)) == (1, True)
    assert "1 change by hand" in said(taken)


def test_changes_by_hand_are_made_undone_and_refused_in_words(judged, post):
    post("draft", reviews_per_idea=2)
    pair = DraftPair.objects.select_related("panelist", "idea").first()
    keys = {"panelist": pair.panelist.key, "idea": pair.idea.key}

    refused = said(post("draft_add", **keys))
    post("draft_take_out", **keys)
    post("draft_add", **keys)
    n_steps = len(AssignmentDraft.objects.get().steps)
    post("draft_undo")

    assert ("This judge has this idea already." in refused, n_steps) == (True, 2)
    assert DraftPair.objects.get(pk=pair.pk).origin == "removed"
    assert "Please choose a judge." in said(post("draft_add", idea=pair.idea.key))


def test_a_draft_that_facts_have_overtaken_says_so(judged, post):
    post("draft", reviews_per_idea=2)
    services.leave_panel(panelist_id=judged.seats[0].pk, actor=judged.owner, at=AT)

    refused = post("draft_publish")

    assert ("This draft is out of date" in said(refused), Assignment.objects.count()) == (True, 0)


def test_a_draft_is_thrown_away(judged, post):
    post("draft", reviews_per_idea=2)
    post("draft_discard")

    assert AssignmentDraft.objects.count() == 0


def test_what_stands_is_shown_as_it_stands(dealt, post, give_marks, assignment_of):
    give_marks(assignment_of(dealt.judges[0]))
    begun = assignment_of(dealt.judges[1])
    services.save_review_draft(assignment_id=begun.pk, actor=dealt.judges[1], content={"reason": "x"}, at=AT)
    Panelist.objects.update(minutes_per_week=5)

    page = said(post("draft", reviews_per_idea=2))

    assert all(word in page for word in ("handed in", "begun", "given out", "more than there is time for"))
    assert "This draft changes nothing." in page


def test_a_conflict_needs_its_reason(judged, post):
    pair = {"panelist": judged.seats[0].key, "idea": judged.entries[0].key}

    unreasoned = said(post("conflict", **pair, status="declared", reason=""))
    wrong = said(post("conflict", **pair, status="perhaps", reason="x"))

    assert ("Please write why" in unreasoned, "Please choose a judge, and write" in wrong) == (True, True)
    assert Conflict.objects.count() == 0


def test_a_wrong_number_is_shown_again(judged, client_of):
    url = reverse("evaluation:draft", args=[judged.challenge.key])

    assert client_of(judged.owner).post(url, {"reviews_per_idea": 0}).status_code == 422


def test_before_the_deadline_one_chooses_whether_to_look_first(make_challenge, client_of, owner):
    challenge = make_challenge()
    client = client_of(owner)
    page = client.get(reverse("evaluation:assigning", args=[challenge.key]))

    client.post(reverse("evaluation:dealing", args=[challenge.key]))

    assert_page_ok(page)
    assert ("Entries stay sealed" in said(page), "Deal reviews out by themselves" in said(page)) == (True, True)
    assert Panel.objects.get(challenge=challenge).is_dealt_at_closing is False


def test_a_decided_challenge_shows_what_was_and_refuses_to_draft(judged, post):
    judged.challenge.status = "decided"
    judged.challenge.save()

    assert "Reviews are dealt out while a challenge is under way." in said(post("draft", reviews_per_idea=2))


def test_managers_pages_are_not_there_for_others(judged, client_of, evaluator, other_owner, other_organisation):
    url = reverse("evaluation:assigning", args=[judged.challenge.key])

    assert [client_of(person).get(url).status_code for person in (evaluator, other_owner)] == [404, 404]
