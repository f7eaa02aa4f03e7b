"""Comparisons are added and taken back, never changed or lost; nobody sees what they may not judge."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from permea.challenges.models import Challenge
from permea.evaluation import queries, services
from permea.evaluation.events import ComparisonMade, ComparisonRetracted, RankingOutdated
from permea.evaluation.models import Assignment, Comparison, Panel, Ranking, RankingState
from permea.evaluation.queries import comparisons, pairing
from permea.foundation import events
from permea.foundation.refusals import RefusedError
from permea.ideas.models import Contributor, Idea
from tests.cast import AT

pytestmark = [pytest.mark.django_db, pytest.mark.services]
OUTCOMES = Comparison.Outcome


def offer_of(judge, at=AT):
    return queries.read_token(queries.compare_page(judge, at=at).pair.token)


def pair_of(comparison):
    return frozenset((comparison.first_id, comparison.second_id))


@pytest.fixture
def heard(monkeypatch):
    """Return the events that were announced, by their kind."""
    found = []
    for kind in (ComparisonMade, ComparisonRetracted, RankingOutdated):
        monkeypatch.setitem(events._receivers, kind, [lambda event: found.append(type(event))])
    return found


def test_an_answer_is_kept_as_it_was_shown(comparing, evaluator, heard):
    judge = comparing.judge(evaluator)
    offer = offer_of(judge)

    made = services.compare(judge=judge, offer=offer, outcome="second", note=" Close. ", at=AT + timedelta(seconds=42))

    made.refresh_from_db()
    told = (made.first_id, made.second_id, made.outcome, made.note, made.seconds_spent, made.panelist, made.person)
    assert told == (offer.first, offer.second, "second", "Close.", 42, comparing.seats[0], None)
    assert Panel.objects.get().ranking_is_due
    assert heard == [RankingOutdated, ComparisonMade]


def test_a_forgotten_window_counts_no_more_than_a_long_look(comparing, evaluator):
    judge = comparing.judge(evaluator)

    made = services.compare(judge=judge, offer=offer_of(judge), outcome="tie", at=AT + timedelta(hours=3))

    assert made.seconds_spent == 300


def test_a_pair_answered_twice_is_stored_once_as_first_answered(comparing, evaluator):
    judge = comparing.judge(evaluator)
    offer = offer_of(judge)

    first = services.compare(judge=judge, offer=offer, outcome="first", at=AT)
    again = services.compare(judge=judge, offer=offer, outcome="second", at=AT)

    assert (again, again.outcome, Comparison.objects.count()) == (first, "first", 1)


def test_a_pair_open_in_two_windows_is_answered_once(comparing, evaluator):
    judge = comparing.judge(evaluator)
    one, other = offer_of(judge), offer_of(judge)
    assert {one.first, one.second} == {other.first, other.second}
    assert one.token != other.token

    first = services.compare(judge=judge, offer=one, outcome="first", at=AT)
    again = services.compare(judge=judge, offer=other, outcome="tie", at=AT)

    assert (again, Comparison.objects.count()) == (first, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"offer": None}, "evaluation.unknown_pair"),
        ({"outcome": "best"}, "evaluation.no_such_outcome"),
        ({"note": "x" * 5001}, "evaluation.too_long"),
    ],
)
def test_what_is_no_answer_is_refused(comparing, evaluator, changes, code):
    judge = comparing.judge(evaluator)

    with pytest.raises(RefusedError) as refused:
        services.compare(**{"judge": judge, "offer": offer_of(judge), "outcome": "tie", "at": AT, **changes})

    assert (refused.value.refusal.code, Comparison.objects.count()) == (code, 0)


def test_a_pair_shown_to_another_judge_is_refused(comparing, evaluator, evaluator_two):
    theirs = offer_of(comparing.judge(evaluator_two))

    with pytest.raises(RefusedError) as refused:
        services.compare(judge=comparing.judge(evaluator), offer=theirs, outcome="first", at=AT)

    assert refused.value.refusal.code == "evaluation.unknown_pair"


def test_a_forged_token_stands_for_no_pair(comparing, evaluator):
    token = queries.compare_page(comparing.judge(evaluator), at=AT).pair.token

    assert [queries.read_token(one) for one in ("", "abc", token + "x")] == [None, None, None]


def test_an_entry_withdrawn_meanwhile_is_not_counted(comparing, evaluator):
    judge = comparing.judge(evaluator)
    offer = offer_of(judge)
    Idea.objects.filter(pk=offer.first).update(status="withdrawn", withdrawn_at=AT)

    with pytest.raises(RefusedError) as refused:
        services.compare(judge=judge, offer=offer, outcome="first", at=AT)

    assert refused.value.refusal.code == "evaluation.pair_closed"
    shown = offer_of(judge)
    assert offer.first not in {shown.first, shown.second}


def test_nobody_compares_once_it_is_decided(comparing, evaluator):
    judge = comparing.judge(evaluator)
    offer = offer_of(judge)
    Challenge.objects.filter(pk=comparing.challenge.pk).update(status="decided")
    judge = comparing.judge(evaluator)

    with pytest.raises(RefusedError) as refused:
        services.compare(judge=judge, offer=offer, outcome="first", at=AT)

    page = queries.compare_page(judge, at=AT)
    assert (refused.value.refusal.code, page.pair, page.blocked.code) == (
        "evaluation.decided", None, "evaluation.decided",
    )  # fmt: skip


def test_nobody_compares_before_the_deadline(comparing, evaluator):
    judge = comparing.judge(evaluator)
    before = comparing.challenge.closes_at - timedelta(seconds=1)

    page = queries.compare_page(judge, at=before)

    assert (page.pair, page.blocked.code) == (None, "evaluation.sealed")


@pytest.mark.parametrize("mode", ["reviews", "comparisons"])
def test_only_a_panel_that_compares_has_judges_who_compare(comparing, panel, evaluator, stranger, mode):
    panel.mode = mode
    panel.save()

    found = []
    for person in (evaluator, stranger):
        try:
            found.append(comparing.judge(person).seat.label)
        except Http404:
            found.append("")

    assert found == ["J1" if mode == "comparisons" else "", ""]


def test_a_seat_given_up_in_the_middle_compares_no_more(comparing, evaluator):
    judge = comparing.judge(evaluator)
    judge.seat.left_at = AT

    assert queries.why_not_compare(judge, at=AT).code == "evaluation.left_panel"


def test_a_panel_turned_to_reviews_compares_no_more(comparing, evaluator):
    judge = comparing.judge(evaluator)
    judge.seat.panel.mode = "reviews"

    assert queries.why_not_compare(judge, at=AT).code == "evaluation.reviews_only"


def test_a_judge_sees_each_pair_once_and_then_nothing(comparing, evaluator, answer):
    judge = comparing.judge(evaluator)
    seen = []
    while (made := answer(judge, outcome=OUTCOMES.values[len(seen) % 4])) is not None:
        seen.append(pair_of(made))

    page = queries.compare_page(judge, at=AT)
    assert sorted(map(sorted, seen)) == sorted(
        map(sorted, itertools.combinations([i.pk for i in comparing.entries], 2))
    )
    assert (page.pair, page.blocked, page.n_done) == (None, None, 6)


def test_a_pair_asked_for_again_is_the_same_pair(comparing, evaluator):
    judge = comparing.judge(evaluator)
    one, again = offer_of(judge), offer_of(judge)

    assert (one.first, one.second) == (again.first, again.second)


def test_left_and_right_are_by_chance(comparing, evaluator, evaluator_two, evaluator_three, answer):
    judges = [comparing.judge(person) for person in (evaluator, evaluator_two, evaluator_three)]
    made = [answer(judge) for judge in judges for _turn in range(6)]

    assert {one.first_id < one.second_id for one in made} == {True, False}


def test_an_answer_taken_back_stays_and_its_pair_comes_again(comparing, evaluator, answer, heard):
    judge = comparing.judge(evaluator)
    answer(judge)
    last = answer(judge, outcome="second", at=AT + timedelta(minutes=1))
    heard.clear()

    for _time in range(2):
        services.take_back(judge=judge, key=last.key, at=AT + timedelta(minutes=2))

    last.refresh_from_db()
    shown = offer_of(judge, at=AT + timedelta(minutes=3))
    assert (last.outcome, last.retracted_at) == ("second", AT + timedelta(minutes=2))
    assert (shown.first, shown.second) == (last.first_id, last.second_id)
    assert heard == [ComparisonRetracted]
    better = services.compare(judge=judge, offer=shown, outcome="tie", at=AT + timedelta(minutes=4))
    assert (Comparison.objects.count(), better.outcome) == (3, "tie")


def test_an_old_page_of_a_pair_taken_back_is_not_counted(comparing, evaluator):
    judge = comparing.judge(evaluator)
    offer = offer_of(judge)
    made = services.compare(judge=judge, offer=offer, outcome="first", at=AT)
    services.take_back(judge=judge, key=made.key, at=AT)

    with pytest.raises(RefusedError) as refused:
        services.compare(judge=judge, offer=offer, outcome="second", at=AT)

    assert refused.value.refusal.code == "evaluation.taken_back"


def test_nobody_takes_back_what_is_not_theirs(comparing, evaluator, evaluator_two, answer):
    made = answer(comparing.judge(evaluator))

    with pytest.raises(Comparison.DoesNotExist):
        services.take_back(judge=comparing.judge(evaluator_two), key=made.key, at=AT)


def test_nothing_is_taken_back_once_it_is_decided(comparing, evaluator, answer):
    judge = comparing.judge(evaluator)
    made = answer(judge)
    judge.challenge.status = "decided"

    with pytest.raises(RefusedError):
        services.take_back(judge=judge, key=made.key, at=AT)

    made.refresh_from_db()
    assert made.retracted_at is None


@pytest.mark.parametrize("side", ["first", "second"])
def test_a_declared_conflict_never_comes_up_again(comparing, evaluator, answer, side):
    judge = comparing.judge(evaluator)
    offer = offer_of(judge)

    declared = services.declare_conflict(judge=judge, offer=offer, side=side, at=AT)

    judge, seen = comparing.judge(evaluator), set()
    while (made := answer(judge)) is not None:
        seen |= pair_of(made)
    assert (declared.status, declared.decline_reason) == ("declined", "conflict")
    assert seen == {idea.pk for idea in comparing.entries} - {getattr(offer, side)}


def test_a_declared_conflict_sends_a_waiting_review_to_somebody_else(comparing, panel, owner, evaluator):
    panel.mode = Panel.Mode.BOTH
    panel.save()
    services.deal_out(challenge_id=comparing.challenge.pk, actor=owner, at=AT)
    mine = Assignment.objects.filter(panelist__person=evaluator).first()
    judge = comparing.judge(evaluator)
    other = next(idea for idea in comparing.entries if idea.pk != mine.idea_id)
    offer = queries.read_token(comparisons.token_for(judge, mine.idea_id, other.pk, at=AT))

    services.declare_conflict(judge=judge, offer=offer, side="first", at=AT)

    mine.refresh_from_db()
    assert (mine.status, mine.idea.assignments.exclude(pk=mine.pk).filter(status="open").count()) == ("declined", 2)


def test_a_conflict_with_a_reviewed_entry_is_refused_and_a_released_one_is_kept(comparing, evaluator, seat_states):
    judge = comparing.judge(evaluator)
    offer = offer_of(judge)
    seat_states(judge.seat, offer.first, "done")
    seat_states(judge.seat, offer.second, "released")

    with pytest.raises(RefusedError) as refused:
        services.declare_conflict(judge=judge, offer=offer, side="first", at=AT)
    kept = services.declare_conflict(judge=judge, offer=offer, side="second", at=AT)

    assert (refused.value.refusal.code, kept.status, kept.position) == ("evaluation.handed_in", "declined", 7)


@pytest.fixture
def seat_states():
    """Return a function that gives a seat an assignment in a state."""

    def give(seat, idea_id, status):
        return Assignment.objects.create(
            panelist=seat, idea_id=idea_id, position=7, status=status, assigned_at=AT, ended_at=AT
        )

    return give


@pytest.mark.parametrize("seed", range(4))
def test_own_entries_and_those_of_the_own_house_never_come_up(comparing, make_person, make_idea, owner, answer, seed):
    random_of = random.Random(seed)
    houses = ["Alpha GmbH", "Beta AG", "Gamma Institute"]

    def somebody():
        name = f"{random_of.random():.12f}"[2:]
        return make_person(f"p{name}@d{name}.example", affiliation=random_of.choice(houses))

    for _number in range(5):
        author = somebody()
        idea = make_idea(challenge=comparing.challenge, author=author)
        if random_of.random() < 0.4:
            Contributor.objects.create(idea=idea, person=somebody(), since=AT)
    person = somebody()
    own = make_idea(challenge=comparing.challenge, author=person)
    comparing.challenge.refresh_from_db()
    services.seat_members(
        challenge_id=comparing.challenge.pk, persons=[seated(person, comparing, owner)], actor=owner, at=AT
    )
    judge = comparing.judge(person)

    shown = set()
    for turn in range(40):
        made = answer(judge, outcome=random_of.choice(OUTCOMES.values), at=AT + timedelta(minutes=turn))
        if made is None:
            break
        shown |= pair_of(made)
        if turn == 5:
            services.compute_ranking(challenge_id=comparing.challenge.pk, at=AT)

    of_house = Contributor.objects.filter(person__affiliation__iexact=person.affiliation).values_list("idea", flat=True)
    assert own.pk not in shown
    assert not shown & set(of_house)
    assert shown


def seated(person, comparing, owner):
    from tests.cast import Role, seat

    seat(comparing.challenge.organisation, person, Role.EVALUATOR, actor=owner)
    return person


def test_a_conflict_that_arises_while_a_pair_is_remembered_is_seen(comparing, evaluator):
    judge = comparing.judge(evaluator)
    offer = offer_of(judge)
    Contributor.objects.create(idea_id=offer.second, person=evaluator, since=AT)

    shown = offer_of(judge)

    assert offer.second not in {shown.first, shown.second}


def test_a_judge_with_no_two_entries_open_to_them_is_told_so(comparing, evaluator):
    for idea in comparing.entries[1:]:
        Contributor.objects.create(idea=idea, person=evaluator, since=AT)

    page = queries.compare_page(comparing.judge(evaluator), at=AT)

    assert (page.pair, page.blocked) == (None, None)


def test_a_field_that_keeps_changing_gives_no_pair_rather_than_a_wrong_one(comparing, evaluator, monkeypatch):
    ids = [idea.pk for idea in comparing.entries]
    Idea.objects.filter(pk__in=ids[:2]).update(status="withdrawn", withdrawn_at=AT)
    monkeypatch.setattr(pairing, "choose", lambda _request: (ids[0], ids[1]))

    assert queries.compare_page(comparing.judge(evaluator), at=AT).pair is None


def test_names_are_shown_only_where_the_challenge_is_not_blind(comparing, evaluator):
    judge = comparing.judge(evaluator)
    blind = queries.compare_page(judge, at=AT).pair
    judge.challenge.is_blind = False
    named = queries.compare_page(judge, at=AT).pair

    assert blind.first.contributors == []
    assert [len(card.contributors) for card in (named.first, named.second)] == [1, 1]


def test_the_public_compares_titles_and_summaries(open_to_public, stranger, answer):
    judge = open_to_public.public(stranger)
    pair = queries.compare_page(judge, at=AT).pair

    made = answer(judge, note="Kept out.")

    assert ((pair.first.body, pair.second.body), made.panelist, made.person, made.note) == (
        ("", ""),
        None,
        stranger,
        "",
    )


def test_the_first_answer_of_the_public_makes_a_panel_where_there_is_none(make_challenge, make_idea, owner, stranger):
    challenge = make_challenge(closed=True, public_compares=True)
    for _number in range(2):
        make_idea(challenge=challenge)
    judge = queries.public_judge(stranger, challenge.key)

    services.compare(judge=judge, offer=offer_of(judge), outcome="first", at=AT)

    assert Panel.objects.get(challenge=challenge).ranking_is_due


def test_who_may_compare_as_the_public(open_to_public, stranger, evaluator, member, manager, solver):
    people = (stranger, solver, evaluator, member, manager)
    found = [queries.why_not_compare(open_to_public.public(person), at=AT) for person in people]
    before = queries.why_not_compare(
        open_to_public.public(stranger), at=open_to_public.challenge.closes_at - timedelta(seconds=1)
    )

    codes = [refusal and refusal.code for refusal in found]
    assert codes == [None, None, "evaluation.on_panel", "evaluation.inside", "evaluation.inside"]
    assert before.code == "evaluation.sealed"


def test_the_public_stops_where_it_is_switched_off(open_to_public, stranger):
    judge = open_to_public.public(stranger)
    judge.challenge.public_compares = False

    assert queries.why_not_compare(judge, at=AT).code == "evaluation.not_public"


def test_an_entrant_never_sees_their_own_entry(open_to_public, make_idea, solver, answer):
    own = make_idea(challenge=open_to_public.challenge, author=solver)
    judge = open_to_public.public(solver)
    shown = set()
    while (made := answer(judge)) is not None:
        shown |= pair_of(made)

    assert shown
    assert own.pk not in shown


def test_comparisons_alone_make_a_ranking(comparing, evaluator, evaluator_two, stranger, owner, answer):
    comparing.challenge.public_compares = True
    comparing.challenge.save()
    order = {idea.pk: number for number, idea in enumerate(comparing.entries)}
    judges = [comparing.judge(evaluator), comparing.judge(evaluator_two), comparing.public(stranger)]
    for judge in judges:
        while True:
            page = queries.compare_page(judge, at=AT)
            if page.pair is None:
                break
            offer = queries.read_token(page.pair.token)
            better = "first" if order[offer.first] > order[offer.second] else "second"
            services.compare(judge=judge, offer=offer, outcome=better, at=AT + timedelta(seconds=30))

    ranking = services.renew_ranking(challenge_id=comparing.challenge.pk, at=AT)

    result = ranking.result
    assert (ranking.n_reviews, ranking.n_comparisons, result["source"], result["k"]) == (0, 18, "comparisons", 2)
    assert [row["title"] for row in result["ideas"]] == ["Entry 3", "Entry 2", "Entry 1", "Entry 0"]
    assert [row["n_comparisons"] for row in result["ideas"]] == [9] * 4
    assert all(row["lower"] < row["score"] < row["upper"] for row in result["ideas"])
    assert [(judge["label"], judge["n"]) for judge in result["judges"]] == [("J1", 6), ("J2", 6)]
    assert (result["public"]["n_people"], result["public"]["n"]) == (1, 6)
    assert result["plan"]["now"] is not None
    assert Challenge.objects.get().seconds_spent == 12 * 30
    assert services.compute_ranking(challenge_id=comparing.challenge.pk, at=AT) == ranking
    assert queries.ranking_for(owner, comparing.challenge.key, at=AT).is_stale is False


def test_answers_that_cannot_judge_or_were_taken_back_tell_nothing(comparing, evaluator, answer):
    judge = comparing.judge(evaluator)
    answer(judge, outcome="cannot_judge")
    taken = answer(judge)
    services.take_back(judge=judge, key=taken.key, at=AT)

    assert services.compute_ranking(challenge_id=comparing.challenge.pk, at=AT) is None


def test_ideas_nobody_compared_stand_last_without_a_score(comparing, evaluator, answer):
    answer(comparing.judge(evaluator))

    rows = services.compute_ranking(challenge_id=comparing.challenge.pk, at=AT).result["ideas"]

    assert [row["rank"] for row in rows] == [1, 2, None, None]
    assert [row["score"] is None for row in rows] == [False, False, True, True]


def test_where_all_are_chosen_there_is_nothing_to_plan(comparing, panel, evaluator, answer):
    panel.n_shortlist = 9
    panel.save()
    judge = comparing.judge(evaluator)
    for _turn in range(6):
        answer(judge)

    result = services.compute_ranking(challenge_id=comparing.challenge.pk, at=AT).result

    assert (result["k"], result["plan"]["n_more"]) == (4, 0)


def test_next_to_reviews_both_are_joined_on_the_scale_of_marks(reviewed, panel, evaluator):
    panel.mode = Panel.Mode.BOTH
    panel.save()
    before = services.compute_ranking(challenge_id=reviewed.challenge.pk, at=AT)
    judge = queries.evaluating_judge(evaluator, reviewed.challenge.key)
    services.compare(judge=judge, offer=offer_of(judge), outcome="first", at=AT)

    after = services.renew_ranking(challenge_id=reviewed.challenge.pk, at=AT + timedelta(minutes=1))

    assert (after.result["scale"], after.n_comparisons, after.n_reviews) == ([1, 5], 1, before.n_reviews)
    assert (after.is_from_comparisons, after.input_sha256 != before.input_sha256) == (False, True)
    assert RankingState.objects.get().ranking == after


def test_the_next_pair_follows_the_newest_ranking(comparing, evaluator, evaluator_two, answer, make_idea):
    judge = comparing.judge(evaluator)
    while answer(judge) is not None:
        pass
    for turn in range(2):
        services.compute_ranking(challenge_id=comparing.challenge.pk, at=AT + timedelta(minutes=turn))
    assert (Ranking.objects.count(), RankingState.objects.count()) == (1, 1)

    second = comparing.judge(evaluator_two)
    seen = []
    while (made := answer(second)) is not None:
        seen.append(pair_of(made))
    assert len(set(seen)) == len(seen) == 6

    make_idea(challenge=comparing.challenge)  # handed in again after the ranking
    assert offer_of(comparing.judge(evaluator_two)) is not None


def test_where_there_are_very_many_answers_are_not_expected_ahead(comparing, evaluator, answer, monkeypatch):
    monkeypatch.setattr(pairing, "MOST_EXPECTED", 1)
    judge = comparing.judge(evaluator)
    for _turn in range(3):
        answer(judge)
    services.compute_ranking(challenge_id=comparing.challenge.pk, at=AT)

    assert answer(judge) is not None


def test_an_erased_judge_leaves_answers_and_no_notes(comparing, evaluator, answer):
    made = answer(comparing.judge(evaluator), note="I know them.")

    services.forget_judge(person_id=evaluator.pk, at=AT)

    made.refresh_from_db()
    assert (made.note, made.outcome) == ("", "first")


def test_a_panel_that_compares_gets_no_reviews_dealt_out(comparing, owner):
    with pytest.raises(RefusedError) as refused:
        services.deal_out(challenge_id=comparing.challenge.pk, actor=owner, at=AT)

    assert refused.value.refusal.code == "evaluation.compares_only"


@pytest.mark.parametrize(
    "wrong",
    [
        {"second": "first"},
        {"panelist": None},
        {"person": "evaluator"},
    ],
)
def test_the_database_refuses_what_never_holds(comparing, evaluator, wrong):
    one, other = comparing.entries[:2]
    values = {"challenge": comparing.challenge, "first": one, "second": other, "panelist": comparing.seats[0],
              "outcome": "tie", "token": "t", "made_at": AT}  # fmt: skip
    values |= {name: {"first": one, "evaluator": evaluator, None: None}[value] for name, value in wrong.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(**values)


def test_a_withdrawn_entry_leaves_the_ranking(comparing, evaluator, answer):
    judge = comparing.judge(evaluator)
    for _turn in range(6):
        answer(judge)
    gone = comparing.entries[0]
    Idea.objects.filter(pk=gone.pk).update(status="withdrawn", withdrawn_at=AT)

    ranking = services.compute_ranking(challenge_id=comparing.challenge.pk, at=AT)

    assert gone.key not in {row["key"] for row in ranking.result["ideas"]}
    assert ranking.n_comparisons == 3
