"""What agreements open, which times can be had, and what they cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from permea.campus import rules
from permea.campus.models import Booking, Equipment
from permea.foundation.refusals import RefusedError
from tests.campus.conftest import DAY, HOUR, START
from tests.cast import AT

BERLIN = ZoneInfo("Europe/Berlin")
OWNER = rules.Side(1, is_firm=True, is_owner=True, may_bind=True)
GUEST = rules.Side(2, is_firm=False, is_owner=False, may_bind=True)
NOBODY = rules.Side(2, is_firm=False, is_owner=False, may_bind=False)


def on_the_clock(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001 - what somebody types says no zone


def machine(**fields) -> Equipment:
    usual = {
        "organisation_id": 1, "owner_id": 1, "weekdays": [0, 1, 2, 3, 4], "opens": time(8), "closes": time(18),
        "shortest": 60, "longest": 480, "notice": 24, "rate": 4050, "key": "machine",
    }  # fmt: skip
    return Equipment(**{**usual, **fields})


def asked(start=START, hours=2, people=("Ada",)) -> rules.Asked:
    return rules.Asked(start, start + hours * HOUR, "Bruises", people)


def code(refusal) -> str:
    return "" if refusal is None else refusal.code


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (on_the_clock(2026, 3, 28, 10, 0), datetime(2026, 3, 28, 9, 0, tzinfo=UTC)),
        (on_the_clock(2026, 3, 30, 10, 0), datetime(2026, 3, 30, 8, 0, tzinfo=UTC)),
        (on_the_clock(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
    ids=["winter", "summer", "the first of an hour that comes twice"],
)
def test_a_time_is_read_on_the_clock_of_the_equipment(told, expected):
    assert rules.instant_of(told, BERLIN) == expected


def test_an_hour_that_the_clocks_leave_out_is_refused():
    with pytest.raises(RefusedError) as refused:
        rules.instant_of(on_the_clock(2026, 3, 29, 2, 30), BERLIN)
    assert refused.value.refusal.code == "campus.no_such_time"


@pytest.mark.parametrize(
    ("start", "hours", "closes", "expected"),
    [
        (datetime(2026, 3, 5, 7, 0, tzinfo=UTC), 10, time(18), True),
        (datetime(2026, 3, 5, 6, 59, tzinfo=UTC), 2, time(18), False),
        (datetime(2026, 3, 5, 16, 0, tzinfo=UTC), 2, time(18), False),
        (datetime(2026, 3, 7, 9, 0, tzinfo=UTC), 2, time(18), False),
        (datetime(2026, 3, 5, 9, 0, tzinfo=UTC), 24, time(18), True),
        (datetime(2026, 3, 5, 9, 0, tzinfo=UTC), 14, time(0), True),
        (datetime(2026, 3, 30, 6, 0, tzinfo=UTC), 10, time(18), True),
    ],
    ids=["all day", "too early", "too late", "Saturday", "over a night", "until midnight", "in summer"],
)
def test_bookings_begin_and_end_within_hours(start, hours, closes, expected):
    assert rules.is_within_hours(machine(closes=closes), start, start + hours * HOUR) is expected


def test_weeks_in_which_clocks_change_are_an_hour_shorter_or_longer():
    spring, autumn = rules.week_of(date(2026, 3, 23), BERLIN), rules.week_of(date(2026, 10, 19), BERLIN)
    assert (spring[1] - spring[0], autumn[1] - autumn[0]) == (7 * DAY - HOUR, 7 * DAY + HOUR)
    assert rules.monday_of(date(2026, 3, 29)) == date(2026, 3, 23)


def test_quarters_follow_the_zone():
    assert rules.quarter_of(datetime(2026, 3, 31, 22, 30, tzinfo=UTC), BERLIN) == (2026, 2)


@pytest.mark.parametrize(
    ("days", "closes", "expected"),
    [
        ((), time(18), "campus.never_open"), ((0,), time(8), "campus.closes_first"), ((0,), time(0), ""),
        ((0,), time(9), ""),
    ],
)  # fmt: skip
def test_opening_hours_come_at_all(days, closes, expected):
    assert code(rules.why_not_weekdays(days, time(8), closes)) == expected


@pytest.mark.parametrize(
    ("side", "what", "fields", "expected"),
    [
        (GUEST, asked(AT - HOUR), {}, "campus.past"),
        (GUEST, asked(AT + HOUR), {}, "campus.short_notice"),
        (OWNER, asked(AT + HOUR), {}, ""),
        (GUEST, asked(hours=0.5), {}, "campus.other_length"),
        (GUEST, asked(hours=9), {}, "campus.other_length"),
        (GUEST, asked(START + 8 * HOUR), {}, "campus.closed"),
        (GUEST, asked(people=()), {}, "campus.nobody"),
        (GUEST, asked(), {"needs_introduction": True}, "campus.not_introduced"),
        (GUEST, asked(people=("grete  HERMANN",)), {"needs_introduction": True}, ""),
        (GUEST, asked(), {}, ""),
    ],
)
def test_times_that_can_be_asked_for(side, what, fields, expected):
    assert code(rules.why_not_book(machine(**fields), side, what, introduced=["Grete Hermann"], at=AT)) == expected


@pytest.mark.parametrize(
    ("agreement", "subjects", "party", "expected"),
    [
        ({}, (), rules.Party(2, None, is_of_partner=False), ""),
        ({}, (), rules.Party(None, 9, is_of_partner=True), ""),
        ({}, (), rules.Party(None, 9, is_of_partner=False), "campus.other_party"),
        ({"kind": "nda_mutual"}, (), rules.Party(2, None, is_of_partner=False), "campus.other_kind"),
        ({"purposes": []}, (), rules.Party(2, None, is_of_partner=False), "campus.other_subject"),
        ({"is_about_everything": False}, ("other",), rules.Party(2, None, is_of_partner=False), "campus.other_subject"),
        ({"is_about_everything": False}, ("machine",), rules.Party(2, None, is_of_partner=False), ""),
        ({"kind": "research"}, (), rules.Party(2, None, is_of_partner=False), "campus.other_subject"),
        ({"valid_until": AT}, (), rules.Party(2, None, is_of_partner=False), "campus.agreement_not_live"),
    ],
)
def test_what_an_agreement_has_to_be_like(agreement, subjects, party, expected):
    from permea.agreements.models import Agreement

    usual = {"kind": "equipment", "title": "A", "status": "signed", "valid_from": AT - DAY, "purposes": ["evaluate"]}
    found = Agreement(**{**usual, **agreement})
    assert code(rules.why_not_covered(machine(), 2, found, subjects, [party], AT)) == expected


def test_an_agreement_with_one_person_opens_to_that_person_alone():
    parties = [rules.Party(None, 9, is_of_partner=True)]
    told = [rules.is_open_to(SimpleNamespace(pk=pk), 2, parties) for pk in (9, 8)]
    assert (told, rules.is_open_to(SimpleNamespace(pk=8), 2, [rules.Party(2, None, False)])) == ([True, False], True)


def test_who_may_decide_about_equipment():
    firm_guest = rules.Side(1, is_firm=True, is_owner=False, may_bind=True)
    theirs = machine(owner_id=2)
    assert [
        code(refusal)
        for refusal in (
            rules.why_not_own(OWNER), rules.why_not_own(GUEST), rules.why_not_bind(NOBODY),
            rules.why_not_edit(firm_guest, is_shared=False), rules.why_not_edit(firm_guest, is_shared=True),
            rules.why_not_share(theirs, firm_guest, 2), rules.why_not_share(theirs, firm_guest, 3),
            rules.why_not_share(theirs, GUEST, 2), rules.why_not_introduce(OWNER, AT.date(), AT.date()),
            rules.why_not_introduce(OWNER, AT.date() + DAY, AT.date()),
        )
    ] == ["", "campus.not_owner", "campus.not_binding", "", "campus.not_owner", "", "campus.other_owner",
          "campus.not_yours", "", "campus.not_yet"]  # fmt: skip


def booked(state="asked", **fields) -> Booking:
    usual = {"state": state, "user_id": 2, "starts_at": START, "ends_at": START + 2 * HOUR, "rate": 4050}
    return Booking(**{**usual, **fields})


@pytest.mark.parametrize(
    ("state", "side", "is_yes", "reason", "at", "expected"),
    [
        ("asked", GUEST, True, "", AT, "campus.not_owner"),
        ("refused", OWNER, True, "", AT, "campus.elsewhere"),
        ("asked", OWNER, True, "", START + 2 * HOUR, "campus.past"),
        ("asked", OWNER, True, "", AT, ""),
        ("asked", OWNER, False, "", AT, "campus.no_reason"),
        ("asked", OWNER, False, "Repairs", AT, ""),
    ],
)
def test_the_owner_answers(state, side, is_yes, reason, at, expected):
    assert code(rules.why_not_answer(booked(state), side, reason, is_yes=is_yes, at=at)) == expected


@pytest.mark.parametrize(
    ("state", "side", "is_own", "reason", "at", "expected"),
    [
        ("cancelled", GUEST, True, "Ill", AT, "campus.elsewhere"),
        ("confirmed", GUEST, True, "Ill", START, "campus.begun"),
        ("confirmed", NOBODY, False, "Ill", AT, "campus.not_binding"),
        ("confirmed", NOBODY, True, "Ill", AT, ""),
        ("confirmed", OWNER, False, "", AT, "campus.no_reason"),
    ],
)
def test_either_side_cancels_before_it_begins(state, side, is_own, reason, at, expected):
    assert code(rules.why_not_cancel(booked(state), side, reason, is_own=is_own, at=at)) == expected


def test_hours_are_said_after_the_end_and_agreed_by_the_other_side():
    over, done = START + 2 * HOUR, booked("confirmed", used=90, used_is_owner=True)
    assert [
        code(refusal)
        for refusal in (
            rules.why_not_say_hours(booked("confirmed"), machine(), 90, over),
            rules.why_not_say_hours(booked("confirmed"), machine(), 90, START),
            rules.why_not_say_hours(booked("confirmed"), machine(), 961, over),
            rules.why_not_say_hours(booked("asked"), machine(), 90, over),
            rules.why_not_say_hours(booked("confirmed", user_id=1), machine(), 90, over),
            rules.why_not_say_hours(booked("confirmed", used=90, agreed_at=over), machine(), 90, over),
            rules.why_not_agree(done, machine(), GUEST, 90),
            rules.why_not_agree(done, machine(), GUEST, 60),
            rules.why_not_agree(booked("confirmed"), machine(), GUEST, 0),
            rules.why_not_agree(done, machine(), OWNER, 90),
            rules.why_not_agree(done, machine(), NOBODY, 90),
            rules.why_not_agree(booked("asked"), machine(), GUEST, 90),
        )
    ] == ["", "campus.not_over", "campus.too_long", "campus.elsewhere", "campus.own_use", "campus.elsewhere",
          "", "campus.elsewhere", "campus.elsewhere", "campus.other_side_agrees", "campus.not_binding",
          "campus.elsewhere"]  # fmt: skip


def test_cost_is_decimal_and_rounded_to_the_cent():
    costs = [rules.cost_of(booked(used=used)) for used in (None, 90, 1)]
    assert costs == [Decimal("0.00"), Decimal("60.75"), Decimal("0.68")]
    assert [rules.hours_of(minutes) for minutes in (60, 90, 100)] == [1, Decimal("1.5"), Decimal("1.67")]


def test_sums_are_by_quarter_organisation_and_currency(campus):
    def used(start, currency="EUR", used=60):
        return booked("confirmed", user=campus, equipment=machine(), starts_at=start, currency=currency, used=used)

    totals = rules.totals_of(
        [used(START), used(START), used(START + 60 * DAY), used(START, "CHF"), used(START, used=0)]
    )
    assert [(one.year, one.quarter, one.currency, one.n_bookings, one.hours, one.cost) for one in totals] == [
        (2026, 2, "EUR", 1, Decimal(1), Decimal("40.50")),
        (2026, 1, "CHF", 1, Decimal(1), Decimal("40.50")),
        (2026, 1, "EUR", 3, Decimal(2), Decimal("81.00")),
    ]
