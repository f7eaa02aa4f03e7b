"""The world that is walked, and the other firm beside it."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest

from permea.agreements.services import ensure_standard_terms
from tests.architecture.world import NOW
from tests.architecture.world.lists import pages_that_list
from tests.architecture.world.peopled import names_of_all, populated
from tests.cast import AT, seat


@pytest.fixture
def stage(settings, tmp_path, monkeypatch, caplog, organisation, other_organisation, owner, evaluator, evaluator_two):
    """Set the stage: keys and files in a folder of this test, the clock an hour after the present of all tests."""
    caplog.set_level("ERROR", "django.request")  # of 404 and 405 the table tells
    settings.DATA_DIR = tmp_path
    (tmp_path / "keys").mkdir()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    ensure_standard_terms(organisation=organisation, at=AT)
    return SimpleNamespace(
        organisation=organisation, other=other_organisation, owner=owner, panel=[evaluator, evaluator_two], mark="",
    )  # fmt: skip


@pytest.fixture
def world(stage, make_challenge, make_idea, request):
    """Return who walks, and what stands for the variable parts of addresses."""
    return populated(stage, make_challenge, make_idea, request.getfixturevalue)


@pytest.fixture
def twin(stage, other_owner, world, make_challenge, make_idea, make_person):
    """Return the world of the other firm: the same people by role and the same contents, all of it its own."""
    house, owner = stage.other, other_owner
    theirs = names_of_all() - {house.key, owner.key, owner.email}
    ensure_standard_terms(organisation=house, at=AT)
    cast = {"other_owner": stage.owner, "stranger": make_person("twin-nobody@elsewhere.example", "Stranger")}
    for name in ("solver", "solver_two"):
        cast[name] = make_person(f"twin-{name}@workshop.example", "Sam Solver")
    for name in ("member", "manager", "evaluator", "evaluator_two"):
        cast[name] = make_person(f"twin-{name}@other.example", "Max Member")
        seat(house, cast[name], name.partition("_")[0], actor=owner)
    panel = [cast["evaluator"], cast["evaluator_two"]]
    beside = SimpleNamespace(organisation=house, other=stage.organisation, owner=owner, panel=panel, mark="-twin")
    own = populated(beside, partial(make_challenge, house=house, actor=owner), make_idea, cast.__getitem__)
    return SimpleNamespace(world=own, other_world=world, names_of_other=theirs)


@pytest.fixture
def list_pages(world, stage, make_challenge, make_goal, make_idea, make_person):
    """Return every page and API operation that lists, with what puts one more item on it."""
    return pages_that_list(world, stage, make_challenge, make_goal, make_idea, make_person)
