"""Transfers between the firm and a university, under an agreement about nothing else, and the time that pages read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.agreements.models import Agreement, AgreementParty, AgreementSubject
from permea.partners import services as partners
from permea.people.services.memberships import seat
from permea.projects import services
from permea.projects.models import PackageItem, Transfer
from tests.cast import AT

DAY = timedelta(days=1)


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
def campus(organisation, owner, solver):
    """Return a partner of the firm's directory; Sam Solver owns it."""
    said = partners.PartnerInput(name="Campus", kind="university", country="DE", owner=owner)
    party = partners.note_partner(organisation=organisation, content=said, actor=owner, at=AT).party
    seat(person=solver, organisation=party, role="owner", at=AT)
    return party


@pytest.fixture
def make_transfer(organisation, owner, campus):
    """Return a factory of transfers; unless told otherwise they are covered and shown."""

    def make(direction="out", *, is_covered=True, is_shown=True, **content):
        usual = {"title": "Soft gripper", "about": "All of **it**.", "kind": "software", "level": 6}
        said = services.TransferInput(**{**usual, "partner": campus, "direction": direction, **content})
        made = services.begin_transfer(organisation=organisation, content=said, actor=owner, at=AT)
        if is_covered:
            cover(made)
        if is_covered and is_shown:
            services.show_transfer(transfer_id=made.pk, actor=owner, at=AT)
        made.refresh_from_db()
        return made

    return make


def cover(transfer: Transfer, *, subject="", **fields) -> Agreement:
    """Put a transfer under a signed agreement with its partner that names it, or `subject`, alone."""
    usual = {"kind": "licence_out", "title": "Licence", "status": "signed", "purposes": ["use"], "valid_from": AT}
    made = Agreement.objects.create(
        organisation=transfer.organisation, created_by=transfer.created_by, created_at=AT, is_about_everything=False,
        **{**usual, **fields},
    )  # fmt: skip
    AgreementParty.objects.create(agreement=made, organisation=transfer.partner)
    AgreementSubject.objects.create(agreement=made, subject_key=subject or transfer.key)
    Transfer.objects.filter(pk=transfer.pk).update(agreement=made)
    return made


@pytest.fixture
def bring(owner, solver):
    """Return a function that brings a shown transfer as far as a state; it says what is measured by `passed`."""

    def do(transfer, state, *, passed=True, at=AT):
        giver, taker = (owner, solver) if transfer.direction == "out" else (solver, owner)
        told = {"transfer_id": transfer.pk, "at": at}
        services.move(**told, to="handing", actor=giver)
        services.add_criterion(**told, name="It grips", target="95 of 100", actor=taker)
        if state != "handing":
            handed = {item.key: services.ItemSaid("handed") for item in transfer.items.all()}
            services.say_items(**told, said=handed, actor=giver)
            services.move(**told, to="testing", actor=giver)
        if state in {"accepted", "refused"}:
            said = {transfer.criteria.get().key: services.Measured("97" if passed else "40", is_passed=passed)}
            services.measure(**told, said=said, actor=taker)
            services.judge(**told, verdict=state, note="" if passed else "It drops them.", actor=taker)
        transfer.refresh_from_db()
        return transfer

    return do


def states_of(transfer: Transfer) -> list[str]:
    """Return the states of the items of a package."""
    return list(PackageItem.objects.filter(transfer=transfer).order_by("number").values_list("state", flat=True))
