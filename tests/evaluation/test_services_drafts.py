"""Drafts of assignments: worked out, changed by hand, published; conflicts declared and dismissed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from permea.challenges.services import tell_entries_closed
from permea.evaluation import queries, services
from permea.evaluation.models import Assignment, AssignmentDraft, Conflict, DraftPair, Panel, Panelist
from permea.evaluation.queries.facts import assignment_facts
from permea.foundation.refusals import RefusedError
from permea.notifications.models import Mail
from tests.cast import AT

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def refused(call, **kwargs):
    with pytest.raises(RefusedError) as caught:
        call(**kwargs)
    return caught.value.refusal.code


@pytest.fixture
def told(judged):
    """Return what every service of the challenge is called with."""
    return {"challenge_id": judged.challenge.pk, "actor": judged.owner, "at": AT}


@pytest.fixture
def drafted(judged, told):
    """Return the closed challenge with a draft of two reviews an idea."""
    services.draft_assignments(**told, reviews_per_idea=2)
    return judged


def pairs(origin=None):
    rows = DraftPair.objects.all() if origin is None else DraftPair.objects.filter(origin=origin)
    return set(rows.values_list("panelist__person", "idea"))


def keys_of(pair):
    return {"panelist_key": pair.panelist.key, "idea_key": pair.idea.key}


def free_pair(idea):
    """Return the keys of a judge who does not have this idea, and of the idea."""
    seat = Panelist.objects.exclude(pk__in=DraftPair.objects.filter(idea=idea).values("panelist")).get()
    return {"panelist_key": seat.key, "idea_key": idea.key}


def set_minutes(minutes):
    Panelist.objects.update(minutes_per_week=minutes)


def test_a_draft_is_full_and_even_and_nobody_is_told(drafted):
    per_idea = Counter(DraftPair.objects.values_list("idea", flat=True))
    per_judge = sorted(Counter(DraftPair.objects.values_list("panelist", flat=True)).values())

    assert (set(per_idea.values()), per_judge) == ({2}, [2, 3, 3])
    assert (Assignment.objects.count(), Mail.objects.filter(kind="assignments").count()) == (0, 0)


def test_the_same_challenge_gets_the_same_draft(drafted, told):
    first = pairs()

    services.draft_assignments(**told, reviews_per_idea=2)

    assert pairs() == first


def test_publishing_gives_out_once_and_ends_the_draft(drafted, told):
    expected = pairs()

    n_given = services.publish_draft(**told)

    assert (n_given, set(Assignment.objects.values_list("panelist__person", "idea"))) == (8, expected)
    assert AssignmentDraft.objects.count() == 0
    assert refused(services.publish_draft, **told) == "evaluation.no_draft"


def test_each_evaluator_is_told_once(drafted, told, monkeypatch):
    announced = []
    monkeypatch.setattr("permea.evaluation.services.drafts.publish", announced.append)

    services.publish_draft(**told)

    assert [set(event.panelist_ids) for event in announced] == [{seat.pk for seat in drafted.seats}]


def test_nobody_gets_more_than_they_have_time_for_and_what_lacks_is_shared_and_said(judged, told):
    set_minutes(5)  # four weeks of five minutes: two reviews of ten each

    draft = services.draft_assignments(**told, reviews_per_idea=2)

    per_idea = Counter(DraftPair.objects.values_list("idea", flat=True))
    assert (sorted(per_idea.values()), DraftPair.objects.count()) == ([1, 1, 2, 2], 6)
    assert {kind: amount for kind, amount, _pairs in draft.result["ways"]} == {"load": 1, "reviews": 1, "judges": 1}


def test_more_time_lets_a_draft_be_full(judged, told):
    set_minutes(5)

    services.draft_assignments(**told, reviews_per_idea=2, extra_load=1)

    assert DraftPair.objects.count() == 8


def test_what_is_given_out_stays_and_is_filled_up(dealt, told):
    before = set(Assignment.objects.values_list("panelist", "idea"))

    services.draft_assignments(**told, reviews_per_idea=3)

    added = set(DraftPair.objects.values_list("panelist", "idea"))
    assert (len(added), added & before) == (4, set())


def test_experience_is_spread_where_it_is_asked_for(judged, told, make_challenge, make_idea):
    older = make_challenge(closed=True)
    idea = make_idea(challenge=older)
    seat = services.seat_members(challenge_id=older.pk, persons=judged.judges[:1], actor=judged.owner, at=AT)[0]
    idea.reviews.create(challenge=older, panelist=seat, submitted_at=AT)

    services.draft_assignments(**told, reviews_per_idea=2, needs_experience=True)

    of_judge = Counter(DraftPair.objects.values_list("panelist__person", flat=True))
    assert of_judge[judged.judges[0].pk] == 4


def test_no_draft_while_sealed_without_a_panel_or_by_others(judged, told, make_challenge, member):
    open_one, empty = make_challenge(), make_challenge(closed=True)
    more = {"reviews_per_idea": 2}

    assert [
        refused(services.draft_assignments, **{**told, **change}, **more)
        for change in ({"challenge_id": open_one.pk}, {"challenge_id": empty.pk}, {"actor": member})
    ] == ["evaluation.sealed", "evaluation.no_panel", "people.not_manager"]


def test_a_panel_that_everybody_left_gets_no_draft(judged, told):
    Panelist.objects.update(left_at=AT)

    assert refused(services.draft_assignments, **told, reviews_per_idea=2) == "evaluation.no_panel"


# --- by hand


def test_a_judge_is_taken_off_another_added_and_both_undone(drafted, told):
    pair, before = DraftPair.objects.select_related("panelist", "idea").first(), pairs(DraftPair.Origin.COMPUTED)
    added = free_pair(pair.idea)

    services.take_out_of_draft(**told, **keys_of(pair))
    services.add_to_draft(**told, **added)
    changed = (len(pairs(DraftPair.Origin.REMOVED)), len(pairs(DraftPair.Origin.ADDED)))
    for _step in range(2):
        services.undo_in_draft(**told)

    assert (changed, pairs(DraftPair.Origin.COMPUTED), pairs(DraftPair.Origin.ADDED)) == ((1, 1), before, set())
    assert refused(services.undo_in_draft, **told) == "evaluation.nothing_to_undo"


def test_changes_by_hand_stay_when_the_draft_is_computed_again(drafted, told):
    pair = DraftPair.objects.select_related("panelist", "idea").first()
    services.take_out_of_draft(**told, **keys_of(pair))

    services.draft_assignments(**told, reviews_per_idea=2)

    others = DraftPair.objects.filter(idea=pair.idea).exclude(origin="removed")
    assert (others.count(), others.filter(panelist=pair.panelist).exists()) == (2, False)


def test_what_was_added_by_hand_stays_and_counts(drafted, told):
    services.add_to_draft(**told, **free_pair(drafted.entries[0]))

    services.draft_assignments(**told, reviews_per_idea=2)

    rows = DraftPair.objects.filter(idea=drafted.entries[0]).values_list("origin", flat=True)
    assert sorted(rows) == ["added", "computed"]


def test_taking_an_open_review_back_releases_it_at_publishing(dealt, told):
    services.draft_assignments(**told, reviews_per_idea=2)
    open_one = Assignment.objects.select_related("panelist", "idea").first()
    services.take_out_of_draft(**told, **keys_of(open_one))
    still = Assignment.objects.get(pk=open_one.pk).status

    services.publish_draft(**told)

    open_one.refresh_from_db()
    assert (still, open_one.status, open_one.ended_at) == ("open", "released", AT)


def test_taking_back_can_be_taken_back(dealt, told):
    services.draft_assignments(**told, reviews_per_idea=2)
    open_one = Assignment.objects.select_related("panelist", "idea").first()
    services.take_out_of_draft(**told, **keys_of(open_one))

    services.add_to_draft(**told, **keys_of(open_one))

    assert (DraftPair.objects.count(), refused(services.publish_draft, **told)) == (0, "evaluation.draft_empty")


def test_reviews_handed_in_or_begun_stay(dealt, told, give_marks, assignment_of):
    done, begun = assignment_of(dealt.judges[0]), assignment_of(dealt.judges[1])
    give_marks(done)
    services.save_review_draft(assignment_id=begun.pk, actor=dealt.judges[1], content={"reason": "x"}, at=AT)
    services.draft_assignments(**told, reviews_per_idea=2)

    assert [refused(services.take_out_of_draft, **told, **keys_of(one)) for one in (done, begun)] == [
        "evaluation.handed_in_stays",
        "evaluation.begun",
    ]


def test_what_cannot_be_is_refused_and_nothing_changes(drafted, told):
    pair = DraftPair.objects.select_related("panelist", "idea").first()
    free = free_pair(pair.idea)
    conflict = {**free, "status": "declared", "reason": "They share a firm."}
    gone = {"panelist_key": "nobody", "idea_key": pair.idea.key}

    twice = refused(services.add_to_draft, **told, **keys_of(pair))
    services.state_conflict(**told, **conflict)
    barred = refused(services.add_to_draft, **told, **free)
    Conflict.objects.all().delete()
    set_minutes(5)
    full = refused(services.add_to_draft, **told, **free)

    assert (twice, barred, full) == ("evaluation.there_already", "evaluation.declared", "evaluation.no_time")
    assert refused(services.add_to_draft, **told, **gone) == "evaluation.gone"
    assert refused(services.take_out_of_draft, **told, **free) == "evaluation.gone"
    assert AssignmentDraft.objects.get().steps == []


def test_without_a_draft_there_is_nothing_to_change(judged, told):
    pair = {"panelist_key": judged.seats[0].key, "idea_key": judged.entries[0].key}

    codes = {
        refused(services.add_to_draft, **told, **pair), refused(services.take_out_of_draft, **told, **pair),
        refused(services.undo_in_draft, **told), refused(services.discard_draft, **told),
    }  # fmt: skip

    assert codes == {"evaluation.no_draft"}


def test_a_draft_is_thrown_away(drafted, told):
    services.discard_draft(**told)

    assert (AssignmentDraft.objects.count(), DraftPair.objects.count()) == (0, 0)


def test_a_draft_that_facts_have_overtaken_is_not_published(drafted, told):
    services.leave_panel(panelist_id=drafted.seats[0].pk, actor=drafted.owner, at=AT)

    stale = refused(services.publish_draft, **told)
    services.draft_assignments(**told, reviews_per_idea=2)

    assert (stale, services.publish_draft(**told)) == ("evaluation.draft_stale", 8)


# --- conflicts


def test_a_declared_conflict_keeps_the_pair_apart_and_a_dismissed_one_lets_it(judged, told):
    keys = {"panelist_key": judged.seats[0].key, "idea_key": judged.entries[0].key}

    services.state_conflict(**told, **keys, status="declared", reason=" Her sister's idea. ")
    services.draft_assignments(**told, reviews_per_idea=3)
    apart = (judged.judges[0].pk, judged.entries[0].pk) not in pairs()
    ways = AssignmentDraft.objects.get().result["ways"]
    services.state_conflict(**told, **keys, status="dismissed", reason="A mix-up of names.")
    services.draft_assignments(**told, reviews_per_idea=3)

    assert (apart, [way for way in ways if way[0] == "conflicts"]) == (
        True, [["conflicts", 1, [[judged.seats[0].pk, judged.entries[0].pk]]]]
    )  # fmt: skip
    assert (judged.judges[0].pk, judged.entries[0].pk) in pairs()
    assert Conflict.objects.get().reason == "A mix-up of names."


def test_the_own_house_can_be_dismissed_the_own_idea_never(make_challenge, make_idea, make_person, owner, evaluator):
    challenge = make_challenge(closed=True)
    colleague = make_person("other@experts.example", "Colleague")
    own, house = (make_idea(challenge=challenge, author=author) for author in (evaluator, colleague))
    seat = services.seat_members(challenge_id=challenge.pk, persons=[evaluator], actor=owner, at=AT)[0]
    told = {"challenge_id": challenge.pk, "actor": owner, "at": AT}
    stated = {"panelist_key": seat.key, "status": "dismissed", "reason": "They have never met."}

    services.state_conflict(**told, **stated, idea_key=house.key)
    services.deal_out(**told)

    assert refused(services.state_conflict, **told, **stated, idea_key=own.key) == "evaluation.no_conflict"
    assert list(Assignment.objects.values_list("idea", flat=True)) == [house.pk]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "  "}, "evaluation.conflict_reason"),
        ({"status": "perhaps"}, "evaluation.no_such_status"),
        ({"panelist_key": "nobody"}, "evaluation.gone"),
    ],
)
def test_a_conflict_needs_a_reason_a_status_and_a_pair(judged, told, change, code):
    keys = {"panelist_key": judged.seats[0].key, "idea_key": judged.entries[0].key}

    assert (
        refused(services.state_conflict, **{**told, **keys, "status": "declared", "reason": "Kin.", **change}) == code
    )


# --- the deadline


def test_who_wants_to_look_first_is_not_overtaken_by_the_deadline(judged, told):
    services.set_dealing(**told, is_dealt_at_closing=False)
    tell_entries_closed(challenge_id=judged.challenge.pk, at=AT)
    by_itself = Assignment.objects.count()

    services.draft_assignments(**told, reviews_per_idea=2)
    services.deal_out(**told)

    assert (by_itself, Assignment.objects.count(), AssignmentDraft.objects.count()) == (0, 8, 0)


def test_a_decided_challenge_keeps_how_it_deals(judged, told, member):
    assert refused(services.set_dealing, **{**told, "actor": member}, is_dealt_at_closing=False) == "people.not_manager"
    judged.challenge.status = "decided"
    judged.challenge.save()

    assert refused(services.set_dealing, **told, is_dealt_at_closing=False) == "evaluation.decided"


def test_reviews_of_judges_who_left_still_count_for_their_ideas(dealt, told, give_marks, assignment_of):
    done = assignment_of(dealt.judges[0])
    give_marks(done)
    services.leave_panel(panelist_id=done.panelist_id, actor=dealt.owner, at=AT)

    services.draft_assignments(**told, reviews_per_idea=2)
    lacking = queries.assigning_for(dealt.owner, dealt.challenge.key, at=AT).lacking

    facts = assignment_facts(dealt.challenge, Panel.objects.get(), at=AT)
    assert (facts.left, set(lacking.values())) == (Counter({done.idea_id: 1}), {0})


def test_time_counts_to_the_decision(judged):
    panel = Panel.objects.get()
    last_week = judged.challenge.decide_by - timedelta(days=1)

    times = [set(assignment_facts(judged.challenge, panel, at=at).time.values()) for at in (AT, last_week)]

    assert times == [{12}, {3}]
