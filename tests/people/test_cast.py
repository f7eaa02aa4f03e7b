"""The cast stands where the other tests expect it."""

from __future__ import annotations

import pytest

from permea.people import queries

pytestmark = pytest.mark.django_db


def test_everybody_has_their_seat(organisation, owner, manager, evaluator, evaluator_two, member, solver, stranger):
    people = [owner, manager, evaluator, evaluator_two, member, solver, stranger]
    roles = [queries.role_in(person, organisation.pk) for person in people]
    assert roles == ["owner", "manager", "evaluator", "evaluator", "member", None, None]


def test_the_other_firm_has_its_own_owner(organisation, owner, other_organisation, other_owner):
    assert (queries.roles_of(other_owner), queries.roles_of(owner)) == (
        {other_organisation.pk: "owner"},
        {organisation.pk: "owner"},
    )
