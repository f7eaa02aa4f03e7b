"""From a draft to the archive."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from permea.challenges import events, queries, rules, services, tasks
from permea.challenges.models import Challenge, Criterion, Stage, TimetableChange
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing

TICK, DAY = timedelta(microseconds=1), timedelta(days=1)


def refused(call, *args, **kwargs):
    with pytest.raises(RefusedError) as refusal:
        call(*args, **kwargs)
    return refusal.value.refusal.code


def crossings(kind):
    return [json.loads(row.body) for row in Crossing.objects.filter(kind=kind).order_by("number")]


def test_the_factories_give_challenges_in_each_state(make_challenge, at):
    open_now, closed, draft = make_challenge(), make_challenge(closed=True), make_challenge(status="draft", template="")
    assert (open_now.is_open_at(at), closed.is_open_at(at), draft.status) == (True, False, "draft")


def test_a_draft_starts_with_the_words_criteria_and_terms_of_its_template(organisation, owner, make_goal, at):
    goal = make_goal()
    draft = services.draft_challenge(
        organisation=organisation, template="technical", title="", goal=goal, actor=owner, at=at, language="de"
    )
    names = [criterion.name for criterion in queries.criteria_of(draft)]
    assert (draft.language, draft.entry_languages, draft.goal, draft.ip_terms.language, draft.prize_amount) == (
        "de",
        ["de"],
        goal,
        "de",
        Decimal(15000),
    )
    assert names == ["Technische Machbarkeit", "Marktpotenzial", "Strategische Passung", "Belege"]


def test_an_empty_draft_speaks_the_organisations_language_and_has_the_usual_criteria(organisation, owner, at):
    draft = services.draft_challenge(
        organisation=organisation, template="", title=" Mine ", goal=None, actor=owner, at=at
    )
    assert (draft.title, draft.language, draft.problem, len(queries.criteria_of(draft))) == ("Mine", "en", "", 3)


def test_a_draft_needs_a_known_template_a_manager_and_an_own_goal(
    organisation, other_organisation, owner, other_owner, member, make_goal, at
):
    told = {"organisation": organisation, "template": "technical", "title": "", "goal": None, "actor": owner, "at": at}
    foreign = make_goal(organisation=other_organisation, owner=other_owner, actor=other_owner)
    found = [
        refused(services.draft_challenge, **{**told, "template": "unheard-of"}),
        refused(services.draft_challenge, **{**told, "actor": member}),
        refused(services.draft_challenge, **{**told, "actor": other_owner}),
        refused(services.draft_challenge, **{**told, "goal": foreign}),
    ]
    assert (found, Challenge.objects.count()) == (
        ["challenges.no_template", "people.not_manager", "people.not_manager", "challenges.other_organisation"],
        0,
    )


def test_half_a_brief_is_kept(make_challenge, owner, at):
    draft = make_challenge(status="draft")
    services.save_brief(challenge_id=draft.pk, actor=owner, at=at, problem="", title="New")
    services.save_brief(challenge_id=draft.pk, actor=owner, at=at)
    draft.refresh_from_db()
    assert (draft.problem, draft.title) == ("", "New")


def test_what_is_not_part_of_a_brief_cannot_be_saved(make_challenge, owner, at):
    with pytest.raises(TypeError, match="status"):
        services.save_brief(challenge_id=make_challenge(status="draft").pk, actor=owner, at=at, status="published")


def test_a_brief_points_at_its_own_house_only(
    make_challenge, make_goal, make_terms, owner, other_owner, other_organisation, solver, at
):
    told = {"challenge_id": make_challenge(status="draft").pk, "actor": owner, "at": at}
    foreign = make_goal(organisation=other_organisation, owner=other_owner, actor=other_owner)
    found = [
        refused(services.save_brief, **told, goal=foreign),
        refused(services.save_brief, **told, ip_terms=make_terms("ip_keep", house=other_organisation)),
        refused(services.save_brief, **told, owner=solver),
    ]
    assert found == ["challenges.other_organisation"] * 2 + ["challenges.owner_outside"]


def test_a_public_brief_is_frozen_with_its_criteria(make_challenge, owner, at):
    told = {"challenge_id": make_challenge().pk, "actor": owner, "at": at}
    found = [
        refused(services.save_brief, **told, prize_amount=Decimal(1)),
        refused(services.save_criteria, **told, criteria=[]),
    ]
    assert found == ["challenges.published"] * 2


def test_criteria_are_replaced_and_keep_the_key_of_their_place(make_challenge, owner, at):
    draft = make_challenge(status="draft")
    before = queries.criteria_of(draft)
    fresh = {"name": "Fun", "question": "Is it fun?", "weight": Decimal(2), "anchors": list("abcde")}
    kept = services.save_criteria(challenge_id=draft.pk, criteria=[fresh], actor=owner, at=at)
    stored = queries.criteria_of(draft)
    assert (kept, [(row.key, row.name) for row in stored]) == (stored, [(before[0].key, "Fun")])


def test_too_many_criteria_are_refused(make_challenge, owner, at):
    draft = make_challenge(status="draft")
    one = {"name": "Fun", "question": "?", "weight": Decimal(1), "anchors": list("abcde")}
    code = refused(
        services.save_criteria,
        challenge_id=draft.pk,
        criteria=[one] * (rules.MOST_CRITERIA + 1),
        actor=owner,
        at=at,
    )
    assert (code, Criterion.objects.filter(challenge=draft).count()) == ("challenges.too_many_criteria", 4)


def test_publishing_lays_the_stages_records_the_crossing_and_tells_it(make_challenge, owner, at, heard):
    draft = make_challenge(status="draft")
    shown = services.publish_challenge(challenge_id=draft.pk, actor=owner, at=at)
    entry = crossings("challenge.published")
    assert (shown.status, shown.published_at, shown.timetable_version, len(queries.stages_of(shown))) == (
        "published",
        at,
        1,
        3,
    )
    assert (heard, len(entry), entry[0]["direction"], entry[0]["depth"], entry[0]["terms"]) == (
        [events.ChallengePublished(challenge_id=draft.pk, at=at)],
        1,
        "out",
        "public",
        draft.ip_terms.key,
    )
    assert entry[0]["facts"]["brief_sha256"] == rules.brief_digest(shown, queries.criteria_of(shown))


def test_entries_never_open_before_publication(make_challenge, owner, at):
    draft = make_challenge(status="draft")
    shown = services.publish_challenge(challenge_id=draft.pk, actor=owner, at=at)
    assert (draft.opens_at < at, shown.opens_at) == (True, at)


def test_publishing_twice_publishes_once(make_challenge, owner, at, heard):
    draft = make_challenge(status="draft")
    services.publish_challenge(challenge_id=draft.pk, actor=owner, at=at)
    code = refused(services.publish_challenge, challenge_id=draft.pk, actor=owner, at=at)
    assert (code, len(heard), len(crossings("challenge.published")), Stage.objects.count()) == (
        "challenges.published",
        1,
        1,
        3,
    )


def test_a_draft_that_lacks_something_is_not_published(make_challenge, owner, at, heard):
    draft = make_challenge(status="draft", teaser="")
    code = refused(services.publish_challenge, challenge_id=draft.pk, actor=owner, at=at)
    draft.refresh_from_db()
    assert (code, draft.status, heard, Crossing.objects.count()) == ("challenges.no_teaser", "draft", [], 0)


def test_the_database_refuses_a_public_challenge_without_dates(make_challenge):
    shown = make_challenge()
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.filter(pk=shown.pk).update(closes_at=None)


def test_an_extension_is_logged_versioned_recorded_and_told(make_challenge, owner, at, heard):
    shown = make_challenge()
    heard.clear()
    before = shown.closes_at
    moved = services.extend(challenge_id=shown.pk, closes_at=before + 7 * DAY, reason=" Holidays ", actor=owner, at=at)
    change = TimetableChange.objects.get()
    assert (moved.closes_at, moved.decide_by, moved.timetable_version) == (before + 7 * DAY, shown.decide_by, 2)
    assert (change.closed_at_before, change.closed_at_after, change.reason, change.is_extension) == (
        before,
        before + 7 * DAY,
        "Holidays",
        True,
    )
    assert (queries.stages_of(moved)[0].closes_at, Stage.objects.count()) == (moved.closes_at, 6)
    assert heard == [events.TimetableChanged(challenge_id=shown.pk, change_id=change.pk, at=at)]
    facts = crossings("challenge.timetable_changed")[0]["facts"]
    assert (facts["reason"], facts["before"] == facts["after"]) == ("Holidays", False)


def test_an_extension_may_move_the_other_dates(make_challenge, owner, at):
    shown = make_challenge()
    later = [shown.decide_by + 14 * DAY, shown.answer_by + 14 * DAY]
    moved = services.extend(
        challenge_id=shown.pk,
        closes_at=shown.closes_at + 30 * DAY,
        decide_by=later[0],
        answer_by=later[1],
        reason="Holidays",
        actor=owner,
        at=at,
    )
    assert [moved.decide_by, moved.answer_by] == later


def test_at_the_closing_instant_it_is_too_late_to_extend(make_challenge, owner):
    shown = make_challenge()
    told = {"challenge_id": shown.pk, "closes_at": shown.closes_at + DAY, "reason": "Late", "actor": owner}
    code = refused(services.extend, **told, at=shown.closes_at)
    moved = services.extend(**told, at=shown.closes_at - TICK)
    assert (code, moved.closes_at, TimetableChange.objects.count()) == (
        "challenges.closed",
        shown.closes_at + DAY,
        1,
    )


def test_a_deadline_before_the_present_one_is_no_extension(make_challenge, owner, at):
    shown = make_challenge()
    code = refused(
        services.extend, challenge_id=shown.pk, closes_at=shown.closes_at - DAY, reason="x", actor=owner, at=at
    )
    assert (code, TimetableChange.objects.count()) == ("challenges.not_later", 0)


def test_closing_early_closes_at_that_instant_and_is_told(make_challenge, owner, at, heard):
    shown = make_challenge()
    heard.clear()
    closed = services.close_early(challenge_id=shown.pk, reason="Enough entries", actor=owner, at=at)
    change = TimetableChange.objects.get()
    assert (closed.closes_at, closed.is_open_at(at), change.is_extension, len(heard)) == (at, False, False, 1)


def test_closing_early_needs_a_reason(make_challenge, owner, at):
    assert refused(services.close_early, challenge_id=make_challenge().pk, reason="", actor=owner, at=at) == (
        "challenges.no_reason"
    )


def test_the_clock_announces_the_closing_once_and_not_before(make_challenge, heard):
    shown, _draft = make_challenge(), make_challenge(status="draft")
    heard.clear()
    for moment in (shown.closes_at - TICK, shown.closes_at, shown.closes_at + DAY):
        tasks.close_entries(moment)
    again = services.tell_entries_closed(challenge_id=shown.pk, at=shown.closes_at + DAY)
    shown.refresh_from_db()
    assert (heard, shown.closing_told_at, again) == (
        [events.EntriesClosed(challenge_id=shown.pk, at=shown.closes_at)],
        shown.closes_at,
        False,
    )


def test_letting_the_public_compare_is_recorded_once_and_can_be_ended(make_challenge, owner, at):
    shown = make_challenge()
    for is_allowed in (True, True, False):
        changed = services.let_public_compare(challenge_id=shown.pk, is_allowed=is_allowed, actor=owner, at=at)
    told = [one["facts"]["public_compares"] for one in crossings("challenge.public_comparison_changed")]
    assert (changed.public_compares, told) == (False, [True, False])


def test_letting_the_public_compare_a_draft_crosses_no_boundary(make_challenge, owner, at):
    draft = make_challenge(status="draft")
    services.let_public_compare(challenge_id=draft.pk, is_allowed=True, actor=owner, at=at)
    assert (Challenge.objects.get(pk=draft.pk).public_compares, Crossing.objects.count()) == (True, 0)


@pytest.mark.parametrize(
    ("closed", "n_entries", "code"), [(True, 0, "challenges.entries_closed"), (False, 1, "challenges.entered")]
)
def test_who_entered_without_being_told_is_not_shown_to_the_public(make_challenge, owner, at, closed, n_entries, code):
    shown = make_challenge(closed=closed)
    services.count_entry(challenge_id=shown.pk, change=n_entries)
    assert refused(services.let_public_compare, challenge_id=shown.pk, is_allowed=True, actor=owner, at=at) == code


def test_a_closed_challenge_is_decided_once(make_challenge, owner, at, heard):
    shown = make_challenge(closed=True)
    heard.clear()
    decided = services.mark_decided(challenge_id=shown.pk, actor=owner, at=at)
    code = refused(services.mark_decided, challenge_id=shown.pk, actor=owner, at=at)
    assert (decided.status, decided.decided_at, code, len(heard)) == ("decided", at, "challenges.not_running", 1)


def test_archiving_what_was_public_is_recorded_and_can_be_undone(make_challenge, owner, at, heard):
    shown = make_challenge(closed=True)
    heard.clear()
    services.archive(challenge_id=shown.pk, actor=owner, at=at)
    back = services.restore(challenge_id=shown.pk, actor=owner, at=at)
    kinds = list(Crossing.objects.order_by("number").values_list("kind", flat=True))[-2:]
    assert (back.status, back.archived_at, kinds, heard) == (
        "published",
        None,
        ["challenge.archived", "challenge.restored"],
        [events.ChallengeArchived(challenge_id=shown.pk, at=at)],
    )


def test_archiving_a_draft_leaves_no_crossing_and_can_be_undone(organisation, owner, at):
    draft = services.draft_challenge(organisation=organisation, template="", title="", goal=None, actor=owner, at=at)
    archived = services.archive(challenge_id=draft.pk, actor=owner, at=at)
    back = services.restore(challenge_id=draft.pk, actor=owner, at=at)
    assert (archived.archived_at, back.status, Crossing.objects.count()) == (at, "draft", 0)


def test_who_waits_for_an_answer_is_not_archived_away(make_challenge, owner, at):
    shown = make_challenge(closed=True)
    services.count_entry(challenge_id=shown.pk, change=1)
    codes = [
        refused(services.archive, challenge_id=shown.pk, actor=owner, at=at),
        refused(services.restore, challenge_id=shown.pk, actor=owner, at=at),
    ]
    assert codes == ["challenges.unanswered", "challenges.not_archived"]


def test_entries_and_effort_are_counted(make_challenge):
    shown = make_challenge()
    for change in (1, 1, -1):
        services.count_entry(challenge_id=shown.pk, change=change)
    services.log_effort(challenge_id=shown.pk, seconds=5400)
    services.log_effort(challenge_id=shown.pk, money=Decimal(250))
    shown.refresh_from_db()
    assert (shown.n_entries, shown.hours_spent, shown.money_spent, shown.prize_total) == (1, 1.5, 250, 15000)


@pytest.mark.parametrize("who", ["member", "evaluator", "solver", "other_owner"])
def test_only_who_manages_writes_challenges(request, who, make_challenge, other_organisation, at):
    actor, shown = request.getfixturevalue(who), make_challenge()
    told = {"challenge_id": shown.pk, "actor": actor, "at": at}
    found = [
        refused(services.save_brief, **told, title="Mine"),
        refused(services.save_criteria, **told, criteria=[]),
        refused(services.publish_challenge, **told),
        refused(services.extend, **told, closes_at=shown.closes_at + DAY, reason="x"),
        refused(services.close_early, **told, reason="x"),
        refused(services.mark_decided, **told),
        refused(services.archive, **told),
        refused(services.restore, **told),
    ]
    assert found == ["people.not_manager"] * 8
