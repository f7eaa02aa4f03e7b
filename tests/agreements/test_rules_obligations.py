"""When obligations fall due: days, months, quarters, zones, leap years; what follows from clauses; who says what."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea.agreements import queries, rules
from permea.agreements.models import Agreement, Obligation
from permea.agreements.rules import Pace
from tests.cast import AT

BERLIN, AUCKLAND, SANTIAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Santiago")
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
ZONES = st.sampled_from([UTC, BERLIN, AUCKLAND, SANTIAGO])
A_DAY = timedelta(days=1)


def code(refusal):
    return refusal and refusal.code


@given(DAYS, st.integers(1, 24), st.integers(0, 20))
@settings(max_examples=25)
def test_a_repetition_is_counted_from_the_base_so_that_month_ends_do_not_creep(base, every, number):
    day = rules.due_day(base, Pace(every=every), number)
    assert (day.year * 12 + day.month) - (base.year * 12 + base.month) == every * number
    assert (day.day == base.day, (day + A_DAY).month != day.month) != (False, False)
    assert rules.due_day(base, Pace(days=5, every=every), number) == day + 5 * A_DAY


@pytest.mark.parametrize(
    ("base", "pace", "number", "due"),
    [
        ((2026, 1, 31), Pace(every=1), 1, (2026, 2, 28)),
        ((2026, 1, 31), Pace(every=1), 2, (2026, 3, 31)),
        ((2028, 2, 29), Pace(every=12), 1, (2029, 2, 28)),
        ((2028, 2, 29), Pace(every=12), 4, (2032, 2, 29)),
        ((2026, 3, 31), Pace(months=-1), 0, (2026, 2, 28)),
        ((2026, 1, 15), Pace(months=-3), 0, (2025, 10, 15)),
        ((2028, 3, 1), Pace(days=-1), 0, (2028, 2, 29)),
        ((2026, 1, 1), Pace(months=3, days=29, every=3), 1, (2026, 7, 30)),
        ((2026, 7, 1), Pace(months=3, days=29, every=3), 0, (2026, 10, 30)),
    ],
)
def test_days_are_counted_by_the_calendar(base, pace, number, due):
    assert rules.due_day(date(*base), pace, number) == date(*due)


@given(DAYS, ZONES)
@settings(max_examples=25)
def test_a_day_is_over_when_the_next_one_begins_where_it_counts_whatever_the_clocks_do(day, zone):
    ends = rules.beginning_of(day + A_DAY, zone)
    just_before = ends - timedelta(microseconds=1)
    assert (rules.is_over(day, zone, just_before), rules.is_over(day, zone, ends)) == (False, True)
    assert (rules.day_in(zone, just_before), rules.day_in(zone, ends)) == (day, day + A_DAY)


def test_the_same_moment_is_another_day_elsewhere_and_reminders_wait_until_seven():
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert [rules.day_in(zone, late).day for zone in (UTC, BERLIN, AUCKLAND)] == [28, 29, 29]
    early, seven = datetime(2026, 3, 29, 4, 59, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert [rules.reminding_day(BERLIN, at).day for at in (late, early, seven)] == [28, 28, 29]
    assert rules.beginning_of(date(2019, 9, 8), SANTIAGO) == datetime(2019, 9, 8, 4, tzinfo=UTC)
    assert [rules.zone_named(name) for name in ("Mars/Base", "../x", "Europe/Berlin")] == [UTC, UTC, BERLIN]


@given(DAYS, st.lists(st.integers(0, 90), max_size=4))
@settings(max_examples=25)
def test_everybody_is_reminded_on_each_day_once_on_the_day_itself_and_twice_after_it(due, before):
    after, told = due - timedelta(days=100), []
    while (day := rules.next_reminder(due, before, after=after)) is not None:
        told.append(day)
        after = day
    assert told == sorted({due, due + 7 * A_DAY, due + 30 * A_DAY, *(due - one * A_DAY for one in before)})


def test_repetitions_are_laid_as_far_as_they_come_soon_and_begin_before_the_end():
    base, pace = date(2026, 1, 31), Pace(months=1, every=1)
    until = date(2026, 6, 1)
    assert rules.numbers_ahead(base, pace, last=0, until=until, end=None) == [1, 2, 3]
    assert rules.numbers_ahead(base, pace, last=0, until=until, end=date(2026, 3, 31)) == [1]
    assert rules.numbers_ahead(base, pace, last=3, until=until, end=None) == []
    assert rules.first_number(base, pace, today=date(2026, 3, 1)) == 1
    assert rules.first_number(base, Pace(), today=date(2027, 3, 1)) == 0
    assert [rules.quarter_of(date(2026, month, 28)).month for month in (1, 3, 4, 8, 12)] == [1, 1, 4, 7, 10]


def test_the_end_is_the_earlier_one_and_unknown_without_a_term():
    until, ended = datetime(2028, 2, 29, 23, 30, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)
    found = [
        rules.end_day(Agreement(valid_until=one, ended_at=other), BERLIN)
        for one, other in ((until, None), (until, ended), (None, None))
    ]
    assert found == [date(2028, 3, 1), date(2027, 1, 5), None]


@pytest.mark.parametrize(
    ("until", "at", "more", "expected"),
    [
        ((2028, 3, 2, 9), (2028, 3, 1, 22, 59), {}, None),  # before the last day begins in Berlin
        ((2028, 3, 2, 9), (2028, 3, 1, 23), {}, (2029, 3, 2, 9)),
        ((2028, 2, 29, 9), (2028, 2, 29, 9), {}, (2029, 2, 28, 9)),
        ((2028, 3, 2, 9), (2030, 3, 2, 9), {}, (2031, 3, 2, 9)),  # the clock stood still for two years
        ((2028, 3, 2, 9), (2028, 3, 2, 9), {"ended_at": AT}, None),
        ((2028, 3, 2, 9), (2028, 3, 2, 9), {"at_end": "ends"}, None),
        (None, (2028, 3, 2, 9), {}, None),
    ],
)
def test_it_goes_on_for_a_year_at_a_time_from_the_beginning_of_its_last_day(until, at, more, expected):
    end = until and datetime(*until, tzinfo=UTC)
    agreement = Agreement(valid_until=end, ended_at=more.get("ended_at"))
    found = rules.prolonged_until(
        agreement, {"at_end": more.get("at_end", "renews")}, BERLIN, at=datetime(*at, tzinfo=UTC)
    )
    assert found == (expected and datetime(*expected, tzinfo=UTC))


def terms(kind, **options):
    library = queries.library("en")
    usual = {name: values[0] for name, values in library.choices_of(kind).items()}
    found = rules.terms_of(kind, library.kinds[kind], {**usual, **options})
    return [(term.clause, term.kind, term.side, term.pace.months) for term in found]


def test_what_follows_from_the_clauses_names_its_clause_and_its_side():
    assert terms("nda_one_way", direction="they", secrecy_years="5") == [
        ("handback", "handback", "firm", 0),
        ("secrecy_term", "secrecy", "both", 60),
        ("term", "term_end", "both", 0),
    ]
    assert terms("nda_one_way", direction="we")[0] == ("handback", "handback", "party", 0)
    assert [term[2] for term in terms("nda_mutual") if term[0] == "handback"] == ["firm", "party"]
    assert terms("pilot", term_months="0") == [("next_step", "renewal", side, 0) for side in ("firm", "party")]
    assert terms("research", notice_months="6") == [("term", "term_end", "both", 0), ("ending", "notice", "both", -6)]
    assert terms("research", notice_months="0") == [("term", "term_end", "both", 0)]
    assert terms("research", notice_months="6", at_end="renews") == [("term", "goes_on", "both", 0)]
    assert [terms(kind)[0][2] for kind in ("licence_in", "licence_out")] == ["firm", "party"]


@pytest.mark.parametrize("kind", [kind.value for kind in Agreement.Kind])
def test_every_kind_of_agreement_has_a_last_day(kind):
    assert ("term", "term_end", "both", 0) in terms(kind)


def owed(side="party", state="open", **more):
    return Obligation(side=side, state=state, kind=more.pop("kind", "report"), clause=more.pop("clause", "term"))


def test_only_the_side_that_owes_says_that_it_is_done():
    asked = [owed(), owed("firm"), owed("both"), owed(state="said"), owed(state="done"), owed(kind="review")]
    assert [code(rules.why_not_say_done(one, is_firm=False)) for one in asked] == [
        None,
        "agreements.obligation_not_yours",
        "agreements.obligation_is_a_day",
        "agreements.obligation_said",
        "agreements.obligation_settled",
        "agreements.obligation_by_answer",
    ]
    assert rules.why_not_say_done(owed("firm", "missed"), is_firm=True) is None


def test_only_the_side_it_is_owed_to_answers_and_only_with_a_reason_where_it_says_no():
    told = {"is_firm": True, "may_bind": True}
    assert [code(rules.why_not_confirm(one, **told)) for one in (owed(), owed("firm"), owed("both"))] == [
        None,
        "agreements.obligation_not_owed_to_you",
        "agreements.obligation_not_owed_to_you",
    ]
    assert code(rules.why_not_confirm(owed(), is_firm=True, may_bind=False)) == "agreements.may_not_bind"
    denied = [(owed(), "No"), (owed(state="said"), " "), (owed(state="said"), "No"), (owed("firm", "said"), "No")]
    assert [code(rules.why_not_deny(one, note=note, **told)) for one, note in denied] == [
        "agreements.obligation_not_said",
        "agreements.obligation_no_reason",
        None,
        "agreements.obligation_not_owed_to_you",
    ]
    waived = [(owed(), "Ok"), (owed(), ""), (owed("firm"), "Ok"), (owed("firm", clause=""), "Ok")]
    assert [code(rules.why_not_waive(one, note=note, **told)) for one, note in waived] == [
        None,
        "agreements.obligation_no_reason",
        "agreements.obligation_not_owed_to_you",
        None,
    ]
    waived_by_partner = rules.why_not_waive(owed("party", clause=""), is_firm=False, may_bind=True, note="Ok")
    assert code(waived_by_partner) == "agreements.obligation_not_owed_to_you"


def test_what_is_added_by_hand_can_be_kept():
    signed, today = Agreement(status="signed", valid_from=AT), date(2026, 3, 2)
    given = Agreement(status="signed", valid_from=AT, ended_at=AT)
    usual = {"kind": "report", "title": "", "anchor": "day", "pace": Pace(), "base": today, "today": today}
    asked = [
        (signed, {}),
        (Agreement(status="offered"), {}),
        (signed, {"kind": "other", "title": " "}),
        (signed, {"base": None}),
        (given, {"anchor": "notice", "base": None}),
        (signed, {"anchor": "notice", "base": None}),
        (signed, {"pace": Pace(days=-1)}),
        (signed, {"pace": Pace(days=-1, every=1)}),
    ]
    assert [code(rules.why_not_add(one, **{**usual, **more})) for one, more in asked] == [
        None,
        "agreements.obligation_not_signed",
        "agreements.obligation_no_title",
        "agreements.obligation_no_day",
        "agreements.obligation_notice_given",
        None,
        "agreements.obligation_past",
        None,
    ]
