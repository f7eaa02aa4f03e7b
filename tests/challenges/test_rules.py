"""What a brief lacks, when dates may move, and what a stage allows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from permea.agreements.models import Terms
from permea.challenges import rules
from permea.challenges.models import Challenge, Criterion, Stage
from permea.strategy.models import Goal
from tests.cast import AT

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
BERLIN = ZoneInfo("Europe/Berlin")
OPENS, CLOSES, DECIDE, ANSWER = AT, AT + 28 * DAY, AT + 56 * DAY, AT + 63 * DAY
DATES = rules.Dates(OPENS, CLOSES, DECIDE, ANSWER)


def criterion(**values):
    ours = {"position": 1, "name": "Fit", "question": "Does it fit?", "weight": Decimal(1), "anchors": list("abcde")}
    return Criterion(**{**ours, **values})


def challenge(**values):
    whole = {
        "title": "Title",
        "teaser": "Teaser",
        "problem": "Problem",
        "why_now": "Now",
        "acceptance_test": "Test",
        "goal": Goal(),
        "hours_limit": 10,
        "money_limit": Decimal(0),
        "prize_amount": Decimal(100),
        "ip_terms": Terms(),
        "participation_terms": Terms(),
        "entry_languages": ["en"],
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "decide_by": DECIDE,
        "answer_by": ANSWER,
    }
    return Challenge(**{**whole, **values})


def public(**values):
    return challenge(status="published", published_at=OPENS, **values)


def codes(*refusals):
    return [refusal and refusal.code for refusal in refusals]


def test_a_whole_draft_lacks_nothing():
    assert rules.missing_for_publication(challenge(), [criterion()], at=AT) == []


@pytest.mark.parametrize(
    ("changed", "code", "step"),
    [
        ({"goal": None}, "challenges.no_goal", "goal"),
        ({"goal": Goal(closed_at=AT)}, "challenges.goal_closed", "goal"),
        ({"hours_limit": None}, "challenges.no_hours", "goal"),
        ({"money_limit": None}, "challenges.no_money", "goal"),
        ({"title": " "}, "challenges.no_title", "brief"),
        ({"teaser": ""}, "challenges.no_teaser", "brief"),
        ({"problem": ""}, "challenges.no_problem", "brief"),
        ({"why_now": ""}, "challenges.no_why_now", "brief"),
        ({"acceptance_test": ""}, "challenges.no_acceptance_test", "brief"),
        ({"maturity_from": 3}, "challenges.maturity", "brief"),
        ({"maturity_to": 3}, "challenges.maturity", "brief"),
        ({"maturity_from": 5, "maturity_to": 3}, "challenges.maturity", "brief"),
        ({"prize_amount": None}, "challenges.no_prize", "prize"),
        ({"ip_terms": None}, "challenges.no_ip_terms", "prize"),
        ({"participation_terms": None}, "challenges.no_participation_terms", "prize"),
        ({"entry_languages": []}, "challenges.no_languages", "dates"),
        ({"answer_by": None}, "challenges.no_dates", "dates"),
        ({"closes_at": OPENS}, "challenges.dates_order", "dates"),
        ({"decide_by": CLOSES - TICK}, "challenges.dates_order", "dates"),
        ({"answer_by": DECIDE - TICK}, "challenges.dates_order", "dates"),
        ({"opens_at": AT - 2 * DAY, "closes_at": AT}, "challenges.closes_in_past", "dates"),
    ],
)
def test_what_a_draft_lacks_is_named_with_its_step(changed, code, step):
    missing = rules.missing_for_publication(challenge(**changed), [criterion()], at=AT)
    assert [(gap.code, gap.step) for gap in missing] == [(code, step)]


def test_a_prize_in_words_and_a_maturity_range_are_enough():
    drafted = challenge(prize_amount=None, prize_note="An order", maturity_from=3, maturity_to=3)
    assert rules.missing_for_publication(drafted, [criterion()], at=AT) == []


def test_a_challenge_needs_whole_criteria():
    broken = [
        [],
        [criterion(name="", position=4)],
        [criterion(question="")],
        [criterion(anchors=list("abcd"))],
        [criterion(anchors=["a", "b", " ", "d", "e"])],
        [criterion(anchors=list("abcdef"))],
    ]
    found = [rules.missing_for_publication(challenge(), criteria, at=AT)[0] for criteria in broken]
    assert codes(*found) == ["challenges.no_criteria"] + ["challenges.criteria_unfinished"] * 5
    assert ("Criterion 4" in found[1].reason, "Fit" in found[2].reason) == (True, True)


def test_only_a_whole_draft_is_published():
    asked = [
        rules.why_not_publish(challenge(), [criterion()], at=AT),
        rules.why_not_publish(challenge(goal=None), [criterion()], at=AT),
        rules.why_not_publish(public(), [criterion()], at=AT),
    ]
    assert codes(*asked) == [None, "challenges.no_goal", "challenges.published"]


def test_a_brief_changes_until_it_is_public():
    asked = [rules.why_not_change_brief(challenge(status=status)) for status in Challenge.Status.values]
    assert codes(*asked) == [None, *["challenges.published"] * 3]


def test_dates_move_until_the_closing_instant():
    asked = [
        rules.why_not_change_dates(challenge(), at=AT),
        rules.why_not_change_dates(public(), at=CLOSES - TICK),
        rules.why_not_change_dates(public(), at=CLOSES),
    ]
    assert codes(*asked) == ["challenges.not_running", None, "challenges.closed"]


def test_an_extension_is_later_in_order_and_has_a_reason():
    later = rules.Dates(OPENS, CLOSES + DAY, DECIDE, ANSWER)
    asked = [
        rules.why_not_extend(public(), later, reason="Holidays", at=AT),
        rules.why_not_extend(public(), DATES, reason="Holidays", at=AT),
        rules.why_not_extend(public(), later, reason=" ", at=AT),
        rules.why_not_extend(public(), rules.Dates(OPENS, DECIDE + DAY, DECIDE, ANSWER), reason="Holidays", at=AT),
        rules.why_not_extend(public(), later, reason="Holidays", at=CLOSES),
    ]
    assert codes(*asked) == [
        None,
        "challenges.not_later",
        "challenges.no_reason",
        "challenges.dates_order",
        "challenges.closed",
    ]


def test_entries_close_early_only_while_they_are_open_and_with_a_reason():
    asked = [
        rules.why_not_close_early(public(), reason="Enough", at=AT + TICK),
        rules.why_not_close_early(public(), reason="Enough", at=AT),
        rules.why_not_close_early(public(), reason="", at=AT + DAY),
        rules.why_not_close_early(public(), reason="Enough", at=CLOSES),
    ]
    assert codes(*asked) == [None, "challenges.not_open", "challenges.no_reason", "challenges.closed"]


def test_nothing_is_decided_before_entries_close_nor_twice():
    asked = [
        rules.why_not_decide(public(), at=CLOSES - TICK),
        rules.why_not_decide(public(), at=CLOSES),
        rules.why_not_decide(challenge(status="decided"), at=CLOSES),
    ]
    assert codes(*asked) == ["challenges.sealed", None, "challenges.not_running"]


def test_a_challenge_is_archived_when_decided_or_without_entries():
    asked = [
        rules.why_not_archive(challenge(), at=AT),
        rules.why_not_archive(challenge(status="decided", n_entries=3), at=CLOSES),
        rules.why_not_archive(public(), at=CLOSES),
        rules.why_not_archive(public(), at=AT),
        rules.why_not_archive(public(n_entries=1), at=CLOSES),
        rules.why_not_archive(challenge(status="archived"), at=AT),
    ]
    assert codes(*asked) == [
        None,
        None,
        None,
        "challenges.open",
        "challenges.unanswered",
        "challenges.archived",
    ]


def test_only_what_is_archived_is_restored_to_what_it_was():
    archived = [
        challenge(status="archived"),
        challenge(status="archived", published_at=AT),
        challenge(status="archived", published_at=AT, decided_at=AT),
    ]
    assert codes(*map(rules.why_not_restore, [challenge(), archived[0]])) == ["challenges.not_archived", None]
    assert [rules.status_before_archive(row) for row in archived] == ["draft", "published", "decided"]


def test_entry_is_open_from_the_opening_instant_until_just_before_the_closing_one():
    moments = (OPENS - TICK, OPENS, CLOSES - TICK, CLOSES)
    assert [rules.is_entry_open(public(), at=at) for at in moments] == [False, True, True, False]


def test_the_phase_follows_the_clock():
    moments = (OPENS - TICK, OPENS, CLOSES - TICK, CLOSES, ANSWER + DAY)
    found = [rules.phase_of(public(), at=at) for at in moments]
    others = [rules.phase_of(challenge(status=status), at=AT) for status in ("draft", "decided", "archived")]
    assert (found, others) == (
        ["upcoming", "open", "open", "review", "review"],
        ["draft", "decided", "archived"],
    )


def test_the_next_date_is_the_one_people_wait_for():
    moments = (OPENS - TICK, OPENS, CLOSES, DECIDE - TICK, DECIDE, ANSWER + DAY)
    found = [rules.next_date(public(), at=at) for at in moments]
    assert found == [
        (OPENS, "opens"),
        (CLOSES, "closes"),
        (DECIDE, "decide"),
        (DECIDE, "decide"),
        (ANSWER, "answer"),
        (ANSWER, "answer"),
    ]
    assert rules.next_date(challenge(), at=AT) == (None, "")


def test_the_next_step_is_said_in_every_phase():
    rows = [challenge(), public(), public(), public(n_entries=2), public(), challenge(status="decided")]
    rows.append(challenge(status="archived"))
    moments = [AT, OPENS - TICK, OPENS, CLOSES, CLOSES, CLOSES, CLOSES]
    said = [rules.next_step(row, at=at) for row, at in zip(rows, moments, strict=True)]
    assert (len(set(said)), "Nobody entered" in said[4]) == (7, True)


def test_closing_is_told_once_and_not_early():
    asked = [
        rules.is_closing_untold(public(), at=CLOSES - TICK),
        rules.is_closing_untold(public(), at=CLOSES),
        rules.is_closing_untold(public(closing_told_at=CLOSES), at=CLOSES),
        rules.is_closing_untold(challenge(), at=CLOSES),
    ]
    assert asked == [False, True, False, False]


def test_stages_follow_each_other_and_reviewing_starts_when_entries_close():
    stages = rules.standard_stages(DATES)
    allowed = [
        (
            action,
            [rules.stage_allows(stages, action, at=at) for at in (OPENS - TICK, OPENS, CLOSES, DECIDE, ANSWER + DAY)],
        )
        for action in Stage.ACTIONS
    ]
    entry, judging = [False, True, False, False, False], [False, False, True, True, True]
    assert allowed == [
        ("submit", entry),
        ("revise", entry),
        ("read", [False] * 5),
        ("comment", [False] * 5),
        ("vote", [False] * 5),
        ("review", judging),
        ("decide", judging),
        ("answer", judging),
    ]


@pytest.mark.parametrize(
    ("at", "more", "states"),
    [
        (OPENS - TICK, {}, ["next", "later", "later"]),
        (OPENS, {}, ["now", "next", "later"]),
        (CLOSES - TICK, {}, ["now", "next", "later"]),
        (CLOSES, {}, ["done", "now", "next"]),
        (DECIDE, {}, ["done", "done", "now"]),
        (ANSWER, {}, ["done", "done", "done"]),
        (ANSWER, {"n_entries": 1}, ["done", "done", "late"]),
        (CLOSES + DAY, {"n_entries": 1, "decided_at": CLOSES}, ["done", "done", "done"]),
    ],
)
def test_every_moment_has_its_stage_and_a_late_answer_is_still_owed(at, more, states):
    shown = rules.shown_stages(public(**more), rules.standard_stages(DATES), at=at)

    assert ([stage.state for stage in shown], [stage.name for stage in shown]) == (
        states,
        ["Entries", "Review and decision", "Answers"],
    )
    assert [bool(stage.note) for stage in shown] == [True, True, True]


def test_a_stage_without_length_is_never_the_current_one():
    stages = rules.standard_stages(rules.Dates(OPENS, CLOSES, CLOSES, ANSWER))

    assert [stage.state for stage in rules.shown_stages(public(), stages, at=CLOSES)] == ["done", "done", "now"]


def test_dates_of_a_draft_without_all_of_them_are_an_error():
    with pytest.raises(ValueError, match="draft"):
        rules.dates_of(challenge(decide_by=None))


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        ("2026-03-29T01:59", None),
        ("2026-03-29T02:00", "challenges.time_missing"),
        ("2026-03-29T02:59", "challenges.time_missing"),
        ("2026-03-29T03:00", None),
        ("2026-10-25T01:59", None),
        ("2026-10-25T02:00", "challenges.time_twice"),
        ("2026-10-25T02:59", "challenges.time_twice"),
        ("2026-10-25T03:00", None),
    ],
)
def test_what_the_clock_skips_or_shows_twice_is_refused_with_time_and_zone(reading, code):
    refusal = rules.why_not_local(datetime.fromisoformat(reading), BERLIN)
    assert codes(refusal) == [code]
    assert refusal is None or (reading.replace("T", " ") in refusal.reason and "Europe/Berlin" in refusal.reason)


def test_suggested_dates_keep_their_hour_across_a_change_of_clocks():
    dates = rules.suggested_dates(28, 21, 7, at=datetime(2026, 3, 10, 23, 30, tzinfo=UTC), zone=BERLIN)
    assert [f"{moment.astimezone(UTC):%m-%d %H:%M}" for moment in (dates.opens_at, dates.closes_at)] == [
        "03-12 08:00",
        "04-09 16:00",
    ]
    assert rules.why_not_in_order(dates.opens_at, dates.closes_at, dates.decide_by, dates.answer_by) is None


def test_dates_are_written_down_in_utc():
    facts = rules.dates_as_facts(public(opens_at=datetime(2026, 3, 2, 10, 0, tzinfo=BERLIN)))
    assert (facts["opens_at"], sorted(facts)) == (
        "2026-03-02T09:00:00Z",
        ["answer_by", "closes_at", "decide_by", "opens_at"],
    )


def test_places_in_brackets_are_found_and_links_are_not():
    texts = ["Up to [12] of [next year].", "See [the drawing](https://example.org).", "None"]
    assert rules.unfilled_places(texts) == ["[12]", "[next year]"]


def test_the_digest_changes_with_what_the_public_reads_and_not_with_dates():
    base = rules.brief_digest(challenge(), [criterion()])
    others = [
        rules.brief_digest(challenge(closes_at=CLOSES + DAY, hours_limit=99), [criterion()]),
        rules.brief_digest(challenge(prize_amount=Decimal("100.00")), [criterion(weight=Decimal("1.00"))]),
        rules.brief_digest(challenge(problem="Another"), [criterion()]),
        rules.brief_digest(challenge(prize_amount=None), [criterion()]),
        rules.brief_digest(challenge(), [criterion(anchors=list("vwxyz"))]),
    ]
    assert [other == base for other in others] == [True, True, False, False, False]


def test_how_much_of_a_limit_is_used_stays_between_nothing_and_all():
    found = [rules.share_used(*pair) for pair in ((0, None), (0, 0), (1, 0), (5, 10), (Decimal(20), Decimal(10)))]
    assert found == [0.0, 0.0, 1.0, 0.5, 1.0]
