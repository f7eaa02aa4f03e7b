"""A firm with an item that has a part at each depth, a university's guest, and agreements between them."""

from __future__ import annotations

import pytest

from permea.agreements.models import Agreement, AgreementParty, AgreementSubject
from permea.disclosures import services
from permea.disclosures.models import Item
from permea.people.services import found_organisation
from tests.cast import AT

DEPTHS = ("public", "invited", "room", "inside")


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


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Keep files in a folder of this test."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def campus(solver):
    """Return the university Sam works for; its people are guests."""
    return found_organisation(
        name="Campus", kind="university", country="DE", language="en", owner=solver, at=AT, is_host=False
    )


@pytest.fixture
def make_item(organisation, owner):
    """Return a factory of items with one text at each depth, which says so."""

    def make(house=None, actor=None, **content) -> Item:
        actor = actor or owner
        ours = {"title": "Cold seal", "teaser": "A better seal", "kind": "technology", "owner": actor, **content}
        said = services.ItemInput(**ours)
        item = services.create_item(organisation=house or organisation, content=said, actor=actor, at=AT)
        for depth in DEPTHS:
            part = services.PartInput(label=f"Label {depth}", text=f"Says {depth}.", depth=depth)
            services.save_part(item_id=item.pk, content=part, actor=actor, at=AT)
        return item

    return make


@pytest.fixture
def agree(organisation, owner):
    """Return a function that signs an agreement with an organisation or a person."""

    def do(party, *, subject: str = "", purposes=("evaluate",), at=AT, until=None, house=None) -> Agreement:
        agreement = Agreement.objects.create(
            organisation=house or organisation, kind="nda_mutual", title="Talks", status="signed",
            purposes=list(purposes), is_about_everything=not subject, valid_from=at, valid_until=until,
            created_by=owner, created_at=at,
        )  # fmt: skip
        is_firm = hasattr(party, "is_host")
        AgreementParty.objects.create(agreement=agreement, **{"organisation" if is_firm else "person": party})
        if subject:
            AgreementSubject.objects.create(agreement=agreement, subject_key=subject)
        return agreement

    return do


@pytest.fixture
def share(owner):
    """Return a function that shares an item, down to the room to evaluate it unless told otherwise."""

    def do(item, party, *, at=AT, actor=None, **said):
        is_firm = hasattr(party, "is_host")
        whom = {"organisation": party} if is_firm else {"email": party.email}
        content = services.ShareInput(**{"depth": "room", "purpose": "evaluate", **whom, **said})
        return services.share_item(item_id=item.pk, content=content, actor=actor or owner, at=at)

    return do
