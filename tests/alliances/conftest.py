"""An alliance of the firm with a university, and with more partners where a test asks for them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from permea.alliances import queries, services
from permea.partners import services as partners
from permea.people.services.memberships import seat
from tests.cast import AT

CHARTER = {
    "goals": "A gripper for soft fruit.",
    "criteria": [{"name": "It grips", "measure": "95 of 100 berries whole"}],
    "tasks": [],
    "milestones": [],
    "cadence": "Every second Tuesday",
    "ip": "Whoever made it.",
    "agreement": "",
    "exit": "Three months of notice.",
}


def document_read(actor, alliance):
    """Return the document of an alliance as somebody's side reads it."""
    found, side = queries.alliance_for(actor, alliance.key)
    return queries.document_of(found, side.party)


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
    """Return a factory of partners in the firm's directory, whose first person speaks for them."""

    def make(person, name="Campus", kind="university"):
        said = partners.PartnerInput(name=name, kind=kind, country="DE", owner=owner)
        party = partners.note_partner(organisation=organisation, content=said, actor=owner, at=AT).party
        seat(person=person, organisation=party, role="owner", at=AT)
        return party

    return make


@pytest.fixture
def make_alliance(organisation, owner):
    """Return a factory of alliances; unless told otherwise their charter is accepted by all."""

    def make(*people, parties, is_live=True, **content):
        said = services.AllianceInput(**{"title": "Soft gripper", "partners": parties, **content})
        alliance = services.begin_alliance(organisation=organisation, content=said, actor=owner, at=AT)
        told = {"alliance_id": alliance.pk, "at": AT}
        services.write_charter(**told, content=CHARTER, note="", actor=owner)
        if is_live:
            services.offer_alliance(**told, actor=owner)
            for person in (owner, *people):
                services.accept_charter(**told, seen=queries.newest_charter(alliance).sha256, actor=person)
        alliance.refresh_from_db()
        return alliance

    return make


@pytest.fixture
def put_in(owner):
    """Return a function that writes a line of somebody's side."""

    def do(alliance, actor=owner, value=1000, *, at=AT, **said):
        usual = {"kind": "hours", "amount": Decimal(10), "unit": "hours", "value": Decimal(value)}
        note = said.pop("note", f"Worth {value}")
        content = services.LineInput(**{**usual, "on": at.date(), "note": note, **said})
        return services.write_line(alliance_id=alliance.pk, content=content, actor=actor, at=at)

    return do
