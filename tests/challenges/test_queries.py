"""Who sees which challenges, and what waits for whom."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.http import Http404

from permea.challenges import queries, services
from permea.surface.registry import today_items

TICK, DAY = timedelta(microseconds=1), timedelta(days=1)


def test_the_public_sees_published_and_decided_challenges_only(make_challenge, owner, at):
    opened, decided, archived = (make_challenge(), make_challenge(closed=True), make_challenge(closed=True))
    make_challenge(status="draft")
    services.mark_decided(challenge_id=decided.pk, actor=owner, at=at)
    services.archive(challenge_id=archived.pk, actor=owner, at=at)
    listed = queries.public_challenges(at, only_current=False)
    assert [(row.key, row.phase) for row in listed] == [(opened.key, "open"), (decided.key, "decided")]
    assert [row.key for row in queries.public_challenges(at)] == [opened.key]


def test_the_public_list_is_sorted_by_what_one_can_do(make_challenge, at):
    closed, opened = make_challenge(closed=True), make_challenge()
    later = make_challenge(opens_at=at + DAY)
    listed = queries.public_challenges(at, only_current=False)
    assert [row.key for row in listed] == [opened.key, later.key, closed.key]


def test_a_public_challenge_follows_the_closing_instant(make_challenge):
    shown = make_challenge()
    found = [queries.public_challenge(shown.key, at) for at in (shown.closes_at - TICK, shown.closes_at)]
    assert [(row.phase, row.is_open) for row in found] == [("open", True), ("review", False)]


def test_drafts_archived_and_unknown_challenges_are_not_public(make_challenge, owner, at):
    draft, archived = make_challenge(status="draft"), make_challenge(closed=True)
    services.archive(challenge_id=archived.pk, actor=owner, at=at)
    for key in (draft.key, archived.key, "unknown"):
        with pytest.raises(Http404):
            queries.public_challenge(key, at)


def test_shares_of_weights_add_up(make_challenge, at):
    row = queries.public_challenge(make_challenge().key, at)
    assert (round(sum(criterion.share for criterion in row.criteria), 9), len(row.criteria)) == (1.0, 4)


@pytest.mark.parametrize(("low", "high", "said"), [(None, None, ""), (3, None, ""), (3, 6, "TRL 3–6"), (4, 4, "TRL 4")])
def test_readiness_is_a_range_a_level_or_nothing(make_challenge, at, low, high, said):
    draft = make_challenge(status="draft", maturity_from=low, maturity_to=high)
    assert queries.as_public(draft, [], [], at).readiness == said


def test_members_see_public_challenges_and_managers_drafts_too(
    make_challenge, organisation, owner, manager, member, solver, other_owner, other_organisation, at
):
    make_challenge()
    make_challenge(status="draft")
    seen = [
        len(queries.challenges_of(person, organisation, at)) for person in (owner, manager, member, solver, other_owner)
    ]
    assert seen == [2, 2, 1, 0, 0]


def test_a_challenge_is_found_by_those_inside_and_managed_by_few(
    make_challenge, manager, member, solver, other_owner, other_organisation
):
    shown, draft = make_challenge(), make_challenge(status="draft")
    assert (queries.challenge_for_member(member, shown.key), queries.managed_challenge(manager, draft.key)) == (
        shown,
        draft,
    )
    hidden = [
        (queries.challenge_for_member, member, draft),
        (queries.challenge_for_member, member, SimpleNamespace(key="unknown")),
        (queries.challenge_for_member, solver, shown),
        (queries.challenge_for_member, other_owner, shown),
        (queries.managed_challenge, member, shown),
        (queries.managed_challenge, other_owner, shown),
    ]
    for find, person, challenge in hidden:
        with pytest.raises(Http404):
            find(person, challenge.key)


def test_the_list_puts_first_what_needs_attention_and_sorts_as_asked(make_challenge, organisation, owner, at):
    draft, opened, closed = make_challenge(status="draft"), make_challenge(), make_challenge(closed=True)
    for _entry in range(2):
        services.count_entry(challenge_id=opened.pk, change=1)

    def order(by):
        return [row.challenge for row in queries.challenges_of(owner, organisation, at, order=by)]

    assert order("") == order("nonsense") == [closed, opened, draft]
    assert (order("-entries")[0], order("deadline")[0], order("-deadline")[-1]) == (opened, closed, closed)


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    make_challenge, organisation, owner, at, django_assert_num_queries
):
    for _round in range(2):
        make_challenge()
        queries.challenges_of(owner, organisation, at)
        with django_assert_num_queries(1):
            queries.challenges_of(owner, organisation, at)
    with django_assert_num_queries(3):
        assert len(queries.public_challenges(at)) == 2


def test_the_overview_shows_the_stages_in_force_and_what_is_missing(make_challenge, owner, member, at):
    shown, draft = make_challenge(), make_challenge(status="draft", teaser="")
    services.extend(challenge_id=shown.pk, closes_at=shown.closes_at + DAY, reason="x", actor=owner, at=at)
    shown.refresh_from_db()
    page, drafted = queries.overview_page(member, shown, at), queries.overview_page(owner, draft, at)
    assert (page.is_managing, page.shown_stages[0].closes_at, page.missing, len(page.changes)) == (
        False,
        shown.closes_at,
        [],
        1,
    )
    assert (drafted.is_managing, [gap.code for gap in drafted.missing]) == (True, ["challenges.no_teaser"])


def test_the_overview_tells_the_last_change_of_the_timetable(make_challenge, owner, at):
    shown = make_challenge()
    before = queries.overview_page(owner, shown, at).latest_change
    for days in (1, 2):
        services.extend(
            challenge_id=shown.pk, closes_at=shown.closes_at + days * DAY, reason=f"{days}", actor=owner, at=at
        )

    after = queries.overview_page(owner, shown, at).latest_change

    assert (before, after.reason) == (None, "2")


def test_a_draft_shows_the_stages_its_dates_would_give_once_all_are_there(make_challenge, at):
    whole, lacking = make_challenge(status="draft"), make_challenge(status="draft", answer_by=None)

    assert [len(queries.shown_stages_of(draft, at)) for draft in (whole, lacking)] == [3, 0]


def test_the_public_reads_the_stages_in_force_and_none_of_a_draft(make_challenge, owner, at, django_assert_num_queries):
    shown, draft = make_challenge(), make_challenge(status="draft")
    services.extend(challenge_id=shown.pk, closes_at=shown.closes_at + DAY, reason="x", actor=owner, at=at)
    with django_assert_num_queries(1):
        stages = queries.public_stages(shown.key, at)

    assert stages[0].closes_at == shown.closes_at + DAY
    assert ([stage.state for stage in stages], queries.public_stages(draft.key, at)) == (["now", "next", "later"], [])


def items(person, organisation, role, at):
    found = today_items(person, organisation, role, at)
    return [(item.kind, item.due_at) for item in found if item.kind in {"draft", "challenge", "decide", "answer"}]


def test_today_shows_drafts_and_dates_that_come_near(make_challenge, organisation, owner):
    shown = make_challenge()
    services.count_entry(challenge_id=shown.pk, change=1)
    moments = {
        "far from closing": (shown.closes_at - 4 * DAY, []),
        "closing soon": (shown.closes_at - 2 * DAY, [("challenge", shown.closes_at)]),
        "far from deciding": (shown.closes_at + DAY, []),
        "deciding soon": (shown.decide_by - 13 * DAY, [("decide", shown.decide_by)]),
        "answering": (shown.decide_by + DAY, [("answer", shown.answer_by)]),
        "late": (shown.answer_by + DAY, [("answer", shown.answer_by)]),
    }
    assert {name: items(owner, organisation, "owner", at) for name, (at, _due) in moments.items()} == {
        name: due for name, (_at, due) in moments.items()
    }


def test_today_shows_drafts_without_a_date_to_who_manages_only(make_challenge, organisation, owner, member, at):
    make_challenge(status="draft", title="")
    make_challenge(opens_at=at + DAY)
    seen = [items(owner, organisation, "owner", at), items(member, organisation, "member", at)]
    assert seen == [[("draft", None)], []]


def test_today_says_when_nobody_entered(make_challenge, organisation, owner, at):
    make_challenge(closed=True)
    assert items(owner, organisation, "owner", at) == [("challenge", None)]
