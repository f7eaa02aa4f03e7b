"""Telling people that something is shown to them: by the name it has outside, each once, in their language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.disclosures import services as disclosures
from permea.notifications.models import Mail
from permea.people.services import found_organisation
from permea.people.services.memberships import seat


@pytest.fixture
def item(organisation, owner, at):
    said = disclosures.ItemInput(title="Ion-sealed bearing", teaser="A better seal", kind="technology", owner=owner)
    return disclosures.create_item(organisation=organisation, content=said, actor=owner, at=at)


def test_everybody_of_a_partner_is_told_by_the_name_it_has_outside(item, owner, solver, make_person, at):
    greta = make_person("greta@campus.example", "Greta", language="de")
    campus = found_organisation(
        name="Campus", kind="university", country="DE", language="en", owner=solver, at=at, is_host=False
    )
    seat(person=greta, organisation=campus, role="member", at=at)
    content = disclosures.ShareInput(organisation=campus, depth="invited", purpose="evaluate")
    disclosures.share_item(item_id=item.pk, content=content, actor=owner, at=at)
    told = {mail.person: mail for mail in Mail.objects.filter(kind="item_shared")}

    assert (set(told), told[greta].language) == ({solver, greta}, "de")
    assert told[solver].subject == "Lindenhof Robotics shows you something: “A better seal”"
    assert ("Ion-sealed" in told[solver].text, "confidential part" in told[solver].text) == (False, False)
    assert f"/shared/{item.key}/" in told[solver].text


def test_one_person_is_told_of_a_room_and_when_it_closes(item, owner, solver, at):
    content = disclosures.ShareInput(
        email=solver.email, depth="room", purpose="evaluate", closes_at=at + timedelta(days=9)
    )
    disclosures.share_item(item_id=item.pk, content=content, actor=owner, at=at)
    mail = Mail.objects.get(kind="item_shared")

    assert (mail.to, "while an agreement covers it" in mail.text, "It closes on Mar 11, 2026." in mail.text) == (
        solver.email, True, True,
    )  # fmt: skip
