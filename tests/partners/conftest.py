"""A university that Lindenhof Robotics knows, and somebody there."""

from __future__ import annotations

import pytest

from permea.notifications.models import Mail
from permea.partners import services
from permea.people.models import Invitation
from permea.people.services import accept_invitation


@pytest.fixture
def partner(organisation, owner, at):
    """Return the university."""
    said = services.PartnerInput(name="Hochschule Müller", kind="university", country="DE", city="Kassel", owner=owner)
    return services.note_partner(organisation=organisation, content=said, actor=owner, at=at)


@pytest.fixture
def contact(partner, owner, at):
    """Return Tilda, of the university's transfer office."""
    said = services.ContactInput(name=" Tilda  Transfer", email="Tilda@Campus.example", phone="0561", position="TTO")
    return services.add_contact(partner_id=partner.pk, content=said, actor=owner, at=at)


@pytest.fixture
def guest(contact, owner, make_person, at, monkeypatch):
    """Return Tilda after she has accepted her invitation as guest."""
    monkeypatch.setattr("secrets.token_urlsafe", lambda _size: "the-token")
    services.invite_contact(contact_id=contact.pk, role="owner", actor=owner, at=at)
    monkeypatch.undo()
    person = make_person("tilda@campus.example", "Tilda Transfer")
    assert (Invitation.objects.count(), Mail.objects.filter(to=person.email).count()) == (1, 1)
    accept_invitation(token="the-token", person=person, at=at)
    return person
