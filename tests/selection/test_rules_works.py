"""What may be entered about own work, and how a matter stands."""

from datetime import date
from types import SimpleNamespace

import pytest

from permea.people.models import Membership
from permea.selection import rules
from permea.selection.models import Settlement, Work, WorkPerson
from permea.selection.rules import Matter, MatterState
from tests.cast import AT

TODAY = date(2026, 3, 2)
LONG = "A hammer taps each pear."
Kind = Settlement.Kind


def code(refusal):
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("name", "words", "began_on", "expected"),
    [
        ("Pear tapper", LONG, TODAY, None),
        (" P ", LONG, TODAY, "work.name"),
        ("Pear tapper", "Taps.", TODAY, "work.words"),
        ("Pear tapper", "x" * 4_001, TODAY, "work.words"),
        ("Pear tapper", LONG, date(2026, 3, 3), "work.future"),
    ],
)
def test_a_work_has_a_name_words_to_compare_and_has_begun(name, words, began_on, expected):
    assert code(rules.why_not_enter_work(name, words, began_on, today=TODAY)) == expected


@pytest.mark.parametrize(
    ("role", "since", "is_on_it", "expected"),
    [
        (Membership.Role.MEMBER, TODAY, False, None),
        (None, TODAY, False, "work.stranger"),
        (Membership.Role.MEMBER, TODAY, True, "work.on_it"),
        (Membership.Role.MEMBER, date(2026, 1, 31), False, "work.before"),
        (Membership.Role.MEMBER, date(2026, 3, 3), False, "work.future"),
    ],
)
def test_only_people_of_the_firm_are_put_on_a_work_that_has_begun(role, since, is_on_it, expected):
    work = Work(began_on=date(2026, 2, 1))

    assert code(rules.why_not_join(work, role, since, is_on_it=is_on_it, today=TODAY)) == expected


@pytest.mark.parametrize(
    ("ended", "until", "expected"),
    [
        (None, TODAY, None),
        (TODAY, TODAY, "work.ended"),
        (None, date(2026, 1, 31), "work.backwards"),
        (None, date(2026, 3, 3), "work.future"),
    ],
)
def test_a_time_on_a_work_ends_once_after_it_began(ended, until, expected):
    seat = WorkPerson(since=date(2026, 2, 1), until=ended)

    assert code(rules.why_not_leave(seat, until, today=TODAY)) == expected


@pytest.mark.parametrize(
    ("kind", "words", "reference", "is_on_it", "expected"),
    [
        (Kind.NOT_RELATED, LONG, "", True, None),
        (Kind.NOT_RELATED, "No.", "", True, "work.why"),
        (Kind.KNOWN_BEFORE, LONG, " ", True, "work.proof"),
        (Kind.KNOWN_BEFORE, LONG, "Folder 7", True, None),
        (Kind.MOVED, LONG, "", True, "work.still_on_it"),
        (Kind.MOVED, LONG, "", False, None),
    ],
)
def test_an_answer_says_why_and_a_proof_where_it_is_kept(kind, words, reference, is_on_it, expected):
    assert code(rules.why_not_settle_matter(kind, words, reference, is_on_it=is_on_it)) == expected


@pytest.mark.parametrize(
    ("kinds", "is_source", "is_on_it", "expected"),
    [
        ((), False, True, MatterState.OPEN),
        ((), True, True, MatterState.SOURCE),
        ((Kind.NOT_RELATED,), False, True, MatterState.SETTLED),
        ((Kind.NOT_RELATED, Kind.OPEN), False, True, MatterState.OPEN),
        ((Kind.MOVED,), False, False, MatterState.SETTLED),
        ((Kind.MOVED,), False, True, MatterState.OPEN),
    ],
)
def test_the_last_word_about_a_matter_holds(kinds, is_source, is_on_it, expected):
    reading = rules.Reading(person=SimpleNamespace(key="p"), title="Tap it", first_at=AT)
    matter = Matter(reading, (), tuple(Settlement(kind=kind) for kind in kinds), is_source, is_on_it)

    assert (matter.state, rules.n_open([matter])) == (expected, int(expected is MatterState.OPEN))
    assert (reading.subject_key, reading.place) == ("", ("p", ""))


def test_a_stay_goes_from_the_first_day_to_the_last_gaps_included():
    first = WorkPerson(since=date(2026, 1, 5), until=date(2026, 1, 9))
    second = WorkPerson(since=date(2026, 2, 2), until=date(2026, 2, 6))
    running = WorkPerson(since=date(2026, 3, 1))
    first.person_id = second.person_id = running.person_id = None

    ended, still = (rules.stay_of([_of(one) for one in seats]) for seats in ((first, second), (first, running)))

    assert (ended.since, ended.until, still.until) == (first.since, second.until, None)
    assert [ended.reaches(day) for day in (date(2026, 2, 6), date(2026, 2, 7))] == [True, False]
    assert still.reaches(TODAY) is True


def _of(seat):
    """Return what `stay_of` reads of a time on a work, without a database."""
    return SimpleNamespace(person=None, since=seat.since, until=seat.until)
