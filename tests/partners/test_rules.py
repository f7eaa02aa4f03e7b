"""Who may finish a step, invite a contact and speak for a partner; how texts are searched and handed out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from permea.partners import rules
from permea.partners.models import Contact, LogEntry, Partner
from permea.people.models import Person

DAY = date(2026, 3, 9)
NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")


def code(refusal):
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("step", "on", "expected"),
    [("Call", DAY, None), ("", None, None), (" ", DAY, "partners.half_a_step"), ("Call", None, "partners.half_a_step")],
)
def test_a_next_step_has_a_day(step, on, expected):
    assert code(rules.why_not_follow_up(step=step, on=on)) == expected


@pytest.mark.parametrize(
    ("entry", "role", "expected"),
    [
        (LogEntry(next_on=DAY, next_by_id=1), "member", None),
        (LogEntry(next_on=DAY, next_by_id=2), "manager", None),
        (LogEntry(next_on=DAY, next_by_id=2), "member", "partners.not_yours"),
        (LogEntry(), "owner", "partners.no_step"),
    ],
)
def test_a_step_is_finished_by_whoever_is_to_do_it_or_manages(entry, role, expected):
    assert code(rules.why_not_finish(entry, Person(pk=1), role=role)) == expected


@pytest.mark.parametrize(
    ("contact", "partner", "expected"),
    [
        (Contact(email="a@b.example"), Partner(), None),
        (Contact(), Partner(), "partners.no_address"),
        (Contact(email="a@b.example", person_id=1), Partner(), "partners.is_guest"),
        (Contact(email="a@b.example"), Partner(archived_at=NOON), "partners.archived"),
    ],
)
def test_a_contact_with_an_address_is_invited_once(contact, partner, expected):
    assert code(rules.why_not_invite_contact(contact, partner)) == expected


def test_only_its_own_people_speak_for_a_partner():
    assert [code(rules.why_not_speak(is_guest=is_guest)) for is_guest in (True, False)] == [
        None,
        "partners.not_a_guest",
    ]


def test_texts_are_found_without_accents():
    assert rules.folded("Müller ", " Łódź") == "muller łodz"


def test_what_one_cost_is_told_once_there_is_one():
    assert (rules.cost_each(Decimal(100), 3), rules.cost_each(Decimal(100), 0)) == (Decimal("33.33"), None)


def test_a_card_says_what_is_known_and_no_text_ends_a_line_or_is_cut_within_a_sign():
    card = rules.vcard({"FN": ("Ó Briain; Aoife, \\ Dr\nEMAIL:x@y",), "TITLE": ("",), "ORG": ("é" * 60,)})
    lines = card.split("\r\n")
    assert lines[:3] == ["BEGIN:VCARD", "VERSION:3.0", "FN:Ó Briain\\; Aoife\\, \\\\ Dr\\nEMAIL:x@y"]
    assert (card.replace("\r\n ", "").split("\r\n")[3:], max(len(line.encode()) for line in lines) <= 75) == (
        [f"ORG:{'é' * 60}", "END:VCARD", ""],
        True,
    )
