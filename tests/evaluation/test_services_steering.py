"""Where judging goes next: queues in order, more reviews while there are hours, and an end."""

from __future__ import annotations

import itertools
from collections import Counter
from types import SimpleNamespace

import pytest

from permea.evaluation import queries, rules, services
from permea.evaluation.events import AssignmentsMade, RankingOutdated
from permea.evaluation.models import Assignment, Panel, Panelist, ReviewDraft
from permea.evaluation.services import reviewed
from permea.foundation import events
from permea.foundation.refusals import RefusedError
from permea.ideas.models import Idea
from permea.notifications.models import Mail
from tests.cast import AT

pytestmark = pytest.mark.django_db
QUALITY = [1, 1, 2, 3, 3, 4, 5, 5]


@pytest.fixture
def contest(make_challenge, make_idea, owner, evaluator, evaluator_two, evaluator_three):
    """Return a closed challenge with eight entries, three judges and hours for 60 reviews; two each are dealt out."""
    challenge = make_challenge(closed=True)
    challenge.key = "steered"  # who is dealt what follows from it
    challenge.save()
    entries = [make_idea(challenge=challenge, title=f"Entry {number}") for number in range(8)]
    judges = [evaluator, evaluator_two, evaluator_three]
    told = {"challenge_id": challenge.pk, "actor": owner, "at": AT}
    measures = {"reviews_per_idea": 2, "minutes_per_review": 10, "n_shortlist": 3, "certainty_wanted": 99}
    services.set_panel(**told, **measures, effort_hours=10)
    services.seat_members(**told, persons=judges)
    services.deal_out(**told)
    return SimpleNamespace(
        challenge=challenge, entries=entries, judges=judges, owner=owner, told=told, measures=measures
    )


@pytest.fixture
def judge_all(contest):
    """Return a function that hands in all open reviews but those of some entries: judges see the quality, and lean."""
    keys = list(contest.challenge.criteria.values_list("key", flat=True))
    leaning = dict(zip([judge.pk for judge in contest.judges], (0, -1, 1), strict=True))

    def judge(*, leave=()):
        given = Assignment.objects.filter(idea__challenge=contest.challenge, status="open").exclude(
            idea__title__in=leave
        )
        for one in given.select_related("panelist__person", "idea").order_by("pk"):
            mark = QUALITY[int(one.idea.title.removeprefix("Entry "))] + leaning[one.panelist.person_id]
            services.submit_review(
                assignment_id=one.pk, actor=one.panelist.person, scores=dict.fromkeys(keys, min(5, max(1, mark))),
                recommendation="", reason="It answers the test.", private_note="", at=AT,
            )  # fmt: skip
        return services.compute_ranking(challenge_id=contest.challenge.pk, at=AT)

    return judge


@pytest.fixture
def heard(contest, monkeypatch):
    """Return whom news of assignments reached, once the first were dealt out."""
    told = []
    monkeypatch.setitem(events._receivers, AssignmentsMade, [lambda event: told.append(event.panelist_ids)])
    return told


def open_reviews(contest):
    return Assignment.objects.filter(idea__challenge=contest.challenge, status="open")


def test_what_the_first_reviews_leave_goes_near_the_line_few_at_a_time(contest, judge_all):
    first = open_reviews(contest).count()

    judge_all()

    more = Counter(open_reviews(contest).values_list("idea__title", flat=True))
    per_judge = Counter(open_reviews(contest).values_list("panelist_id", flat=True))
    assert (first, sum(more.values()), set(per_judge.values()) <= {1, 2}) == (16, 6, True)
    assert {"Entry 3", "Entry 4", "Entry 5"} <= set(more)


def test_without_hours_nothing_is_added(contest, judge_all):
    services.set_panel(**contest.told, **contest.measures)

    judge_all()

    assert open_reviews(contest).count() == 0


def test_the_hours_are_never_overdrawn(contest, judge_all):
    services.set_panel(**contest.told, **contest.measures, effort_hours=3)

    judge_all()

    assert (rules.reviews_affordable(contest.challenge.panel), Assignment.objects.count()) == (18, 18)


def test_once_the_choice_is_certain_nothing_is_added(contest, judge_all):
    Panel.objects.update(certainty_wanted=1)

    judge_all()

    assert open_reviews(contest).count() == 0


def test_open_reviews_stand_in_the_order_in_which_they_tell_most(contest, judge_all):
    Panel.objects.update(effort_hours=None)

    judge_all(leave=("Entry 0", "Entry 5"))

    for seat in Panelist.objects.filter(panel=contest.challenge.panel):
        queue = list(
            open_reviews(contest).filter(panelist=seat).order_by("position").values_list("idea__title", flat=True)
        )
        assert queue in ([], ["Entry 0"], ["Entry 5"], ["Entry 5", "Entry 0"], ["Entry 0", "Entry 5"])
    again = list(open_reviews(contest).order_by("pk").values_list("position", flat=True))
    services.compute_ranking(challenge_id=contest.challenge.pk, at=AT)
    assert list(open_reviews(contest).order_by("pk").values_list("position", flat=True)) == again


def test_nobody_is_given_what_they_may_not_judge_or_have_had(contest, judge_all):
    for _round in range(6):
        judge_all()

    pairs = list(Assignment.objects.values_list("panelist_id", "idea_id"))
    assert (len(pairs), len(set(pairs)), len(pairs) <= 24) == (len(pairs), len(pairs), True)


def test_who_had_nothing_left_is_told_and_who_has_is_not_told_again(contest, judge_all):
    before = Mail.objects.count()

    judge_all()
    told = Mail.objects.count() - before
    services.compute_ranking(challenge_id=contest.challenge.pk, at=AT)

    assert (told, Mail.objects.count() - before) == (3, 3)


def test_ideas_from_outside_are_not_dropped_unseen_where_there_are_some_from_inside(contest, judge_all):
    Idea.objects.filter(title__in=["Entry 0", "Entry 1"]).update(source="employee")

    judge_all()

    facts = queries.review_facts(contest.challenge)
    reserve = queries.steering._outside(facts)
    assert [bool(one) for one in reserve.ideas] == [False, False] + [True] * 6


def test_ending_takes_back_what_nobody_has_begun_and_adds_nothing_more(contest, judge_all):
    judge_all()
    begun = open_reviews(contest).select_related("panelist__person").first()
    services.save_review_draft(assignment_id=begun.pk, actor=begun.panelist.person, content={"scores": {}}, at=AT)

    n_back = services.end_reviewing(**contest.told)
    services.compute_ranking(challenge_id=contest.challenge.pk, at=AT)

    assert (n_back, list(open_reviews(contest)), ReviewDraft.objects.count()) == (5, [begun], 1)
    back = Assignment.objects.filter(status="released").select_related("panelist__person", "idea__challenge").first()
    assert rules.why_not_review(back, back.panelist.person, at=AT).code == "evaluation.released"
    services.deal_out(**contest.told)
    assert Panel.objects.get(challenge=contest.challenge).reviewing_ended_at is None


def test_only_managers_end_reviewing_and_only_while_there_is_some(contest, member):
    with pytest.raises(RefusedError) as not_manager:
        services.end_reviewing(**{**contest.told, "actor": member})
    type(contest.challenge).objects.filter(pk=contest.challenge.pk).update(status="decided")
    with pytest.raises(RefusedError) as decided:
        services.end_reviewing(**contest.told)

    assert (not_manager.value.refusal.code, decided.value.refusal.code) == ("people.not_manager", "evaluation.decided")


def test_a_decided_challenge_is_not_steered(contest, judge_all):
    judge_all()
    n_open = open_reviews(contest).count()
    type(contest.challenge).objects.filter(pk=contest.challenge.pk).update(status="decided")
    open_reviews(contest).delete()

    services.compute_ranking(challenge_id=contest.challenge.pk, at=AT)

    assert (n_open > 0, open_reviews(contest).count()) == (True, 0)


def test_while_judges_cannot_be_told_from_ideas_queues_stay_as_they_are(contest, evaluator):
    seat = Panelist.objects.get(person=evaluator)
    before = list(open_reviews(contest).order_by("pk").values_list("position", flat=True))
    one = open_reviews(contest).filter(panelist=seat).select_related("panelist__person").first()
    keys = contest.challenge.criteria.values_list("key", flat=True)
    services.submit_review(
        assignment_id=one.pk, actor=evaluator, scores=dict.fromkeys(keys, 3), recommendation="",
        reason="It answers the test.", private_note="", at=AT,
    )  # fmt: skip

    services.compute_ranking(challenge_id=contest.challenge.pk, at=AT)

    left = list(open_reviews(contest).order_by("pk").values_list("position", flat=True))
    assert sorted([*left, one.position]) == sorted(before)


def test_somebody_who_joins_while_it_is_worked_out_waits_for_the_next_time(contest, judge_all, member):
    facts = queries.review_facts(contest.challenge)
    judge_all()
    facts = queries.review_facts(contest.challenge)
    services.seat_members(**contest.told, persons=[member])
    late = Panelist.objects.get(person=member)
    seats = [rules.Seat(late.pk, 0, frozenset())]

    found = queries.course(facts, reviewed.fit(facts), {late.pk: [contest.entries[0].pk]}, seats, k=3, n_more=5)

    assert (found.queues, found.more) == ({}, [])


@pytest.mark.parametrize(
    ("hours", "n_ideas", "first", "wanted"),
    [(None, 8, 2, 16), (1, 8, 1, 8), (3, 8, 2, 18), (10, 0, 2, 60), (10, 8, 2, 60)],
)
def test_hours_pay_for_reviews(hours, n_ideas, first, wanted):
    panel = Panel(effort_hours=hours, reviews_per_idea=2, minutes_per_review=10)

    assert (rules.first_round(panel, n_ideas), rules.reviews_wanted(panel, n_ideas)) == (first, wanted)


def test_who_still_has_something_to_do_gets_more_without_being_told(contest, judge_all, heard):
    holders = {}
    for one in open_reviews(contest).select_related("idea"):
        holders.setdefault(one.idea.title, set()).add(one.panelist_id)
    left = next(
        pair for pair in itertools.combinations(sorted(holders), 2) if len(holders[pair[0]] | holders[pair[1]]) == 3
    )

    judge_all(leave=left)

    per_judge = Counter(open_reviews(contest).values_list("panelist_id", flat=True))
    assert (len(per_judge), set(per_judge.values())) == (3, {2})
    assert heard == []


def test_a_ranking_that_holds_no_longer_is_announced_once(contest, monkeypatch):
    heard = []
    monkeypatch.setitem(events._receivers, RankingOutdated, [lambda event: heard.append(event.challenge_id)])
    Panel.objects.update(ranking_is_due=False)

    for _time in range(2):
        services.outdate_ranking(challenge_id=contest.challenge.pk, at=AT)

    assert (heard, Panel.objects.get().ranking_is_due) == ([contest.challenge.pk], True)
