"""Panels, dealing out, reviews and rankings, as stored."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from permea.challenges.services import tell_entries_closed
from permea.evaluation import queries, services
from permea.evaluation.models import Assignment, Panel, Panelist, Ranking, Review, ReviewDraft
from permea.evaluation.rules import ImportedReview
from permea.foundation.duties import run_duties
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.people.models import Invitation
from permea.people.services import accept_invitation
from tests.cast import AT

pytestmark = pytest.mark.django_db


def refused(call, *args, **kwargs):
    with pytest.raises(RefusedError) as caught:
        call(*args, **kwargs)
    return caught.value.refusal.code


# --- panels


def test_inviting_somebody_outside_waits_for_them_and_is_a_crossing(judged, make_person):
    seat = services.invite_panelist(
        challenge_id=judged.challenge.pk, email="New@Outside.example", actor=judged.owner, at=AT
    )
    again = services.invite_panelist(
        challenge_id=judged.challenge.pk, email="new@outside.example", actor=judged.owner, at=AT
    )

    assert (seat.pk, seat.label, seat.person, again.pk) == (again.pk, "J4", None, seat.pk)
    assert Crossing.objects.filter(kind="panel.invited", subject_key=seat.key).count() == 2


def test_accepting_the_invitation_takes_the_seat(judged, make_person, monkeypatch):
    tokens = []
    monkeypatch.setattr("permea.evaluation.services.panels.publish", lambda event: tokens.append(event.token))
    services.invite_panelist(challenge_id=judged.challenge.pk, email="new@outside.example", actor=judged.owner, at=AT)
    person = make_person("new@outside.example", "Nora New")

    accept_invitation(token=tokens[0], person=person, at=AT)

    seat = Panelist.objects.get(person=person)
    assert (seat.joined_at, seat.panel.challenge_id) == (AT, judged.challenge.pk)
    assert (
        services.join_panel(
            invitation_id=Invitation.objects.get(email="new@outside.example").pk, person_id=person.pk, at=AT
        )
        == []
    )


def test_a_person_has_one_seat_whatever_invitation_they_accept(judged, evaluator):
    waiting = services.invite_panelist(
        challenge_id=judged.challenge.pk, email="second@outside.example", actor=judged.owner, at=AT
    )

    assert services.join_panel(invitation_id=waiting.invitation_id, person_id=evaluator.pk, at=AT) == []


def test_inviting_a_member_seats_them_at_once_and_once(judged, evaluator):
    seat = services.invite_panelist(challenge_id=judged.challenge.pk, email=evaluator.email, actor=judged.owner, at=AT)

    assert (seat.person, judged.challenge.panel.panelists.count()) == (evaluator, 3)


def test_outsiders_are_not_seated(judged, stranger):
    assert services.seat_members(challenge_id=judged.challenge.pk, persons=[stranger], actor=judged.owner, at=AT) == []


def test_only_managers_touch_the_panel(judged, member):
    told = {"challenge_id": judged.challenge.pk, "actor": member, "at": AT}

    assert refused(services.seat_members, persons=[member], **told) == "people.not_manager"
    assert refused(services.invite_panelist, email="a@b.example", **told) == "people.not_manager"
    assert refused(services.deal_out, **told) == "people.not_manager"


def test_leaving_keeps_reviews_and_releases_the_rest(dealt, give_marks, assignment_of):
    judge = dealt.judges[0]
    give_marks(assignment_of(judge))
    seat = Panelist.objects.get(person=judge)

    services.leave_panel(panelist_id=seat.pk, actor=judge, at=AT)

    states = Counter(Assignment.objects.filter(panelist=seat).values_list("status", flat=True))
    assert (states["done"], states["open"], Review.objects.filter(panelist=seat).count()) == (1, 0, 1)
    (back,) = services.seat_members(challenge_id=dealt.challenge.pk, persons=[judge], actor=dealt.owner, at=AT)
    assert (back.pk, back.left_at) == (seat.pk, None)


def test_an_invitation_not_taken_up_is_withdrawn_without_a_trace_on_the_panel(judged):
    seat = services.invite_panelist(
        challenge_id=judged.challenge.pk, email="new@outside.example", actor=judged.owner, at=AT
    )

    services.leave_panel(panelist_id=seat.pk, actor=judged.owner, at=AT)

    assert not Panelist.objects.filter(key=seat.key).exists()


def test_somebody_else_cannot_give_a_seat_up(judged, evaluator_two):
    seat = Panelist.objects.get(person=judged.judges[0])

    assert refused(services.leave_panel, panelist_id=seat.pk, actor=evaluator_two, at=AT) == "people.not_manager"


def test_minutes_are_stated_for_the_own_seat_only(judged, evaluator, stranger):
    seat = Panelist.objects.get(person=evaluator)

    assert services.set_minutes(panelist_id=seat.pk, actor=evaluator, minutes_per_week=60, at=AT).minutes_per_week == 60
    with pytest.raises(Panelist.DoesNotExist):
        services.set_minutes(panelist_id=seat.pk, actor=stranger, minutes_per_week=5, at=AT)


# --- dealing out


def test_every_entry_gets_its_reviews_spread_evenly(dealt):
    per_idea = Counter(Assignment.objects.values_list("idea", flat=True))
    per_judge = sorted(Counter(Assignment.objects.values_list("panelist", flat=True)).values())

    assert (set(per_idea.values()), per_judge) == ({2}, [2, 3, 3])
    assert services.deal_out(challenge_id=dealt.challenge.pk, actor=dealt.owner, at=AT) == 0


def test_nothing_is_dealt_out_while_entries_are_sealed(make_challenge, make_idea, owner, evaluator):
    challenge = make_challenge()
    make_idea(challenge=challenge)
    services.seat_members(challenge_id=challenge.pk, persons=[evaluator], actor=owner, at=AT)
    told = {"challenge_id": challenge.pk, "actor": owner}

    assert refused(services.deal_out, **told, at=challenge.closes_at - timedelta(microseconds=1)) == "evaluation.sealed"
    assert services.deal_out(**told, at=challenge.closes_at) == 1


def test_without_a_panel_nothing_is_dealt_out(make_challenge, owner):
    challenge = make_challenge(closed=True)

    assert refused(services.deal_out, challenge_id=challenge.pk, actor=owner, at=AT) == "evaluation.no_panel"


def test_the_deadline_deals_out_by_itself_and_an_empty_panel_does_not_stop_it(judged, make_challenge):
    tell_entries_closed(challenge_id=judged.challenge.pk, at=AT)
    alone = make_challenge(closed=True)

    assert (tell_entries_closed(challenge_id=alone.pk, at=AT), Assignment.objects.count()) == (True, 8)


def test_own_entries_and_those_of_the_own_house_never_appear(
    make_challenge, make_idea, make_person, owner, evaluator, evaluator_two
):
    challenge = make_challenge(closed=True)
    colleague = make_person("other@experts.example", "Colleague")
    namesake = make_person("x@y.example", "Namesake", affiliation="university of examples")
    ideas = [make_idea(challenge=challenge, author=author) for author in (evaluator, colleague, namesake)]
    services.seat_members(challenge_id=challenge.pk, persons=[evaluator, evaluator_two], actor=owner, at=AT)

    services.deal_out(challenge_id=challenge.pk, actor=owner, at=AT)

    pairs = set(Assignment.objects.values_list("panelist__person", "idea"))
    assert pairs == {(evaluator_two.pk, ideas[0].pk), (evaluator_two.pk, ideas[1].pk), (evaluator.pk, ideas[2].pk)}


def test_giving_a_review_back_routes_it_to_somebody_else(dealt, assignment_of):
    assignment = assignment_of(dealt.judges[0])
    services.save_review_draft(assignment_id=assignment.pk, actor=dealt.judges[0], content={"reason": "x"}, at=AT)
    told = {"assignment_id": assignment.pk, "reason": "conflict", "actor": dealt.judges[0], "at": AT}

    services.decline_assignment(**told)
    services.decline_assignment(**told)

    held = Assignment.objects.filter(idea=assignment.idea).exclude(pk=assignment.pk)
    assert (held.count(), set(held.values_list("status", flat=True))) == (2, {"open"})
    assert (Assignment.objects.get(pk=assignment.pk).decline_reason, ReviewDraft.objects.count()) == ("conflict", 0)


def test_somebody_elses_review_cannot_be_given_back(dealt, assignment_of):
    assignment = assignment_of(dealt.judges[0])

    assert refused(
        services.decline_assignment, assignment_id=assignment.pk, reason="conflict", actor=dealt.judges[1], at=AT
    ) == "evaluation.not_yours"  # fmt: skip


# --- reviews


def test_a_review_is_stored_with_its_marks_and_ends_the_draft(dealt, assignment_of, give_marks):
    assignment = assignment_of(dealt.judges[0])
    services.save_review_draft(assignment_id=assignment.pk, actor=dealt.judges[0], content={"reason": "x"}, at=AT)

    review = give_marks(assignment, mark=4)

    assert sorted(review.scores.values_list("value", flat=True)) == [4] * dealt.challenge.criteria.count()
    assert (ReviewDraft.objects.count(), Assignment.objects.get(pk=assignment.pk).status) == (0, "done")
    assert Panel.objects.get(challenge=dealt.challenge).ranking_is_due


def test_a_double_click_stores_one_review_and_a_change_supersedes(dealt, assignment_of, give_marks):
    assignment = assignment_of(dealt.judges[0])

    first, twice, changed = (give_marks(assignment, mark=mark) for mark in (4, 4, 5))

    first.refresh_from_db()
    assert (first.pk, first.superseded_at, changed.superseded_at) == (twice.pk, AT, None)
    assert Review.objects.filter(superseded_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("state", "reason", "code"),
    [("declined", "conflict", "evaluation.given_back"), ("released", "", "evaluation.released")],
)
def test_a_review_given_or_taken_back_is_not_taken(dealt, assignment_of, give_marks, state, reason, code):
    assignment = assignment_of(dealt.judges[0])
    Assignment.objects.filter(pk=assignment.pk).update(status=state, decline_reason=reason, ended_at=AT)

    assert refused(give_marks, assignment) == code


def test_somebody_elses_review_is_refused_and_nothing_is_written(dealt, assignment_of, give_marks):
    assert refused(give_marks, assignment_of(dealt.judges[0]), actor=dealt.judges[1]) == "evaluation.not_yours"
    assert Review.objects.count() == 0


def test_a_decided_challenge_takes_no_reviews(dealt, assignment_of, give_marks):
    assignment = assignment_of(dealt.judges[0])
    type(dealt.challenge).objects.filter(pk=dealt.challenge.pk).update(status="decided")

    assert refused(give_marks, assignment) == "evaluation.decided"
    assert refused(services.deal_out, challenge_id=dealt.challenge.pk, actor=dealt.owner, at=AT) == (
        "evaluation.not_published"
    )


def test_a_withdrawn_idea_takes_no_reviews(dealt, assignment_of, give_marks):
    assignment = assignment_of(dealt.judges[0])
    type(assignment.idea).objects.filter(pk=assignment.idea_id).update(status="withdrawn", withdrawn_at=AT)

    assert refused(give_marks, assignment) == "evaluation.withdrawn"


def test_before_the_deadline_no_review_is_taken(dealt, assignment_of, give_marks):
    assignment = assignment_of(dealt.judges[0])
    early = dealt.challenge.closes_at - timedelta(seconds=1)

    assert refused(give_marks, assignment, at=early) == "evaluation.sealed"


# --- rankings


def test_the_ranking_orders_entries_and_says_how_sure_it_is(reviewed):
    ranking = services.renew_ranking(challenge_id=reviewed.challenge.pk, at=AT)

    rows = ranking.result["ideas"]
    assert [row["title"] for row in rows] == ["Entry 3", "Entry 2", "Entry 1", "Entry 0"]
    assert all(row["lower"] <= row["score"] <= row["upper"] for row in rows)
    assert abs(sum(row["p_top_k"] for row in rows) - 2) < 0.01
    assert (ranking.n_ideas, ranking.n_reviews, ranking.result["k"]) == (4, 8, 2)


def test_many_reviews_at_once_cost_one_computation(reviewed):
    first = services.renew_ranking(challenge_id=reviewed.challenge.pk, at=AT)

    assert (services.renew_ranking(challenge_id=reviewed.challenge.pk, at=AT), Ranking.objects.count()) == (None, 1)
    assert services.compute_ranking(challenge_id=reviewed.challenge.pk, at=AT).pk == first.pk


def test_without_reviews_or_a_panel_there_is_no_ranking(dealt, make_challenge):
    empty = make_challenge(closed=True)

    assert services.compute_ranking(challenge_id=dealt.challenge.pk, at=AT) is None
    assert services.compute_ranking(challenge_id=empty.pk, at=AT) is None


def test_two_points_off_one_judges_marks_move_nobody_over_the_line(reviewed):
    facts = queries.review_facts(reviewed.challenge)
    from permea_engine.ratings import rank_order, rate_ideas

    harsh = facts.values - 2 * (facts.judge == 0)[:, None]
    before = rank_order(rate_ideas(facts.idea, facts.judge, facts.values))[:2]
    after = rank_order(rate_ideas(facts.idea, facts.judge, harsh))[:2]
    assert set(before) == set(after)


def test_the_fingerprint_changes_with_a_mark_not_with_the_reading(reviewed, give_marks, assignment_of):
    before = queries.review_facts(reviewed.challenge).sha256
    again = queries.review_facts(reviewed.challenge).sha256
    give_marks(Assignment.objects.filter(status="done").select_related("panelist__person").first(), mark=5)

    assert (before == again, before == queries.review_facts(reviewed.challenge).sha256) == (True, False)


# --- reviews from a spreadsheet


def rows_for(challenge, *, judge="Ms A", mark=4):
    keys = list(challenge.criteria.values_list("key", flat=True))
    entries = challenge.ideas.filter(status="submitted").order_by("pk")
    return [ImportedReview(n, idea.key, judge, dict.fromkeys(keys, mark)) for n, idea in enumerate(entries, start=2)]


def test_imported_reviews_are_stored_once_and_count_in_the_ranking(judged):
    told = {"challenge_id": judged.challenge.pk, "actor": judged.owner, "at": AT}
    rows = rows_for(judged.challenge) + rows_for(judged.challenge, judge="Mr B", mark=2)

    first, second = services.import_reviews(**told, rows=rows), services.import_reviews(**told, rows=rows)

    ranking = services.compute_ranking(challenge_id=judged.challenge.pk, at=AT)
    assert (first, second, ranking.n_reviews) == ((8, 0), (0, 8), 8)
    assert Crossing.objects.filter(kind="reviews.imported").count() == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"idea": "nosuch"}, "evaluation.unknown_idea"), ({"scores": {}}, "evaluation.marks_wrong"),
     ({"scores": {"nosuch": 3}}, "evaluation.marks_wrong")],
)  # fmt: skip
def test_one_wrong_row_imports_nothing(judged, changes, expected):
    good, *_rest = rows_for(judged.challenge)
    values = {"line": 3, "idea": good.idea, "judge": "Ms A", "scores": good.scores, **changes}

    assert refused(
        services.import_reviews, challenge_id=judged.challenge.pk, actor=judged.owner, at=AT,
        rows=[good, ImportedReview(**values)],
    ) == expected  # fmt: skip
    assert (Review.objects.count(), Panelist.objects.filter(person__isnull=True).count()) == (0, 0)


def test_reviews_that_come_in_together_ask_for_one_ranking_and_a_long_one_waits(reviewed):
    together = list(DBTaskResult.objects.values_list("run_after", flat=True))
    services.renew_ranking(challenge_id=reviewed.challenge.pk, at=AT)
    Ranking.objects.update(n_reviews=20_000)
    services.import_reviews(
        challenge_id=reviewed.challenge.pk,
        actor=reviewed.owner,
        rows=[ImportedReview(2, reviewed.entries[0].key, "Ann", {reviewed.challenge.criteria.first().key: 5})],
        at=AT,
    )

    waits = DBTaskResult.objects.order_by("-enqueued_at").values_list("run_after", flat=True).first()

    assert (len(together), waits) == (1, AT + timedelta(seconds=20))


def test_a_ranking_whose_job_was_lost_is_caught_up_by_the_clock(reviewed):
    DBTaskResult.objects.all().delete()

    run_duties(AT)

    assert (Ranking.objects.get().n_reviews, queries.challenges_with_due_ranking()) == (8, [])
