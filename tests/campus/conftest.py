"""Equipment of the firm and of a university, under an agreement about it, and the time that pages read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from permea.agreements.models import Agreement, AgreementParty, AgreementSubject
from permea.campus import services
from permea.campus.models import Booking
from permea.campus.rules import Asked
from permea.partners import services as partners
from permea.people.services.memberships import seat
from tests.cast import AT

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)  # a Thursday, ten o'clock in Berlin


class Clock:
    """The time that pages read."""

    def __init__(self) -> None:
        self.at = AT


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Hold the time that pages read at the present of all tests, until a test moves it."""
    held = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: held.at)
    return held


@pytest.fixture
def make_partner(organisation, owner):
    """Return a factory of partners, each owned by one person."""

    def make(person, name="Campus"):
        said = partners.PartnerInput(name=name, kind="university", country="DE", owner=owner)
        party = partners.note_partner(organisation=organisation, content=said, actor=owner, at=AT).party
        seat(person=person, organisation=party, role="owner", at=AT)
        return party

    return make


@pytest.fixture
def campus(make_partner, solver):
    """Return a partner of the firm's directory; Sam Solver owns it."""
    return make_partner(solver)


@pytest.fixture
def agree(organisation, owner):
    """Return a factory of signed agreements with a partner, or with a person alone, about all or one subject."""

    def make(partner=None, *, person=None, subject="", kind="equipment", purposes=("evaluate",), **fields):
        made = Agreement.objects.create(
            organisation=organisation, created_by=owner, created_at=AT, kind=kind, purposes=list(purposes),
            is_about_everything=not subject, **{"title": "Visiting", "status": "signed", "valid_from": AT, **fields},
        )  # fmt: skip
        AgreementParty.objects.create(agreement=made, organisation=partner, person=person)
        if subject:
            AgreementSubject.objects.create(agreement=made, subject_key=subject)
        return made

    return make


@pytest.fixture
def make_equipment(organisation, owner, campus, agree):
    """Return a factory of equipment; unless told otherwise it is the firm's, and shared with the university."""

    def make(*, belongs_to=None, is_shared=True, at=AT, **content):
        said = services.EquipmentInput(
            **{"name": "Microscope", "about": "It **sees**.", "place": "Hall 2", "rate": 4050, **content}
        )
        made = services.enter_equipment(
            organisation=organisation, owner=belongs_to or organisation, content=said, actor=owner, at=at
        )
        if is_shared:
            services.share_equipment(equipment_id=made.pk, partner=campus, agreement=agree(campus), actor=owner, at=at)
        return made

    return make


@pytest.fixture
def book():
    """Return a function that asks for a time."""

    def do(equipment, actor, *, start=START, hours=2, people=("Ada",), at=AT) -> Booking:
        asked = Asked(start, start + hours * HOUR, "Bruises", tuple(people))
        return services.ask_booking(equipment_id=equipment.pk, asked=asked, actor=actor, at=at)

    return do


@pytest.fixture
def make_used(make_equipment, book, owner, solver):
    """Return a factory of bookings by the university that are over and confirmed."""

    def make(**content):
        made = book(make_equipment(**content), solver)
        return services.answer_booking(booking_id=made.pk, is_yes=True, reason="", actor=owner, at=AT)

    return make


FIRST, LAST = AT.date() + 30 * DAY, AT.date() + 120 * DAY
STUDENT = "sofia@uni.example"


def offer(supervisor, **content) -> services.PlacementInput:
    """Return what a firm offers."""
    return services.PlacementInput(
        **{
            "kind": "master", "title": "Bruises on pears", "task": "You **measure** bruises.", "place": "Hall 2",
            "first_day": FIRST, "last_day": LAST, "weekly_hours": 35, "pay": 95000, "supervisor": supervisor, **content,
        }
    )  # fmt: skip


@pytest.fixture
def make_placement(owner, campus, agree, solver):
    """Return a factory of placements offered to the university, brought as far as asked for."""

    def make(until="offered", *, agreement=None, email=STUDENT, at=AT, **content):
        under = agreement or agree(campus, kind="internship")
        made = services.offer_placement(
            agreement=under, partner=campus, content=offer(owner, **content), actor=owner, at=at
        )
        what = {"placement_id": made.pk, "at": at}
        if until == "offered":
            return made
        made = services.name_student(**what, name="Sofia  Student", email=email, supervisor=solver, actor=solver)
        if until == "named":
            return made
        made = services.answer_student(**what, is_yes=True, reason="", actor=owner)
        if until == "agreed":
            return made
        return services.accept_placement(**what, sha256=made.statement_sha256, actor=made.student)

    return make


@pytest.fixture
def make_reported(make_placement):
    """Return a factory of running placements with reports of these kinds."""

    def make(*kinds, **content):
        made = make_placement("running", **content)
        for number, kind in enumerate(kinds or ("midterm", "final")):
            services.hand_in_report(
                placement_id=made.pk, kind=kind, text=f"Report {number}", actor=made.student, at=AT + 40 * DAY
            )
        return made

    return make
