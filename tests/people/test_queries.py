"""Reading people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from permea.foundation import duties
from permea.people import queries, services
from permea.people.models import AccessToken, Consent, Invitation, Person
from permea.people.queries import ErasureLines, personal
from permea.people.rules import PRIVACY_VERSION

pytestmark = pytest.mark.django_db


def test_nobody_has_no_seat(organisation):
    assert (queries.seats_of(AnonymousUser()), queries.roles_of(AnonymousUser())) == ([], {})


def test_roles_are_read_once_a_person(organisation, owner, django_assert_num_queries):
    fresh = Person.objects.get(pk=owner.pk)
    with django_assert_num_queries(1):
        found = [queries.role_in(fresh, organisation.pk) for _twice in range(2)]
    assert found == ["owner", "owner"]


def test_what_a_person_manages_and_belongs_to(organisation, owner, manager, evaluator, other_organisation):
    people = (owner, manager, evaluator)
    assert [queries.managed_organisation_ids(person) for person in people] == [[organisation.pk], [organisation.pk], []]
    assert queries.managers_of(organisation) == [owner, manager]


def test_a_guest_belongs_to_an_organisation_without_a_seat(organisation, owner, solver, at):
    partner = services.found_organisation(
        name="Campus", kind="university", country="DE", language="en", owner=solver, at=at, is_host=False
    )
    people = (owner, solver, AnonymousUser())
    assert [queries.organisation_ids_of(person) for person in people] == [[organisation.pk], [partner.pk], []]
    assert queries.seats_of(solver) == []


def test_a_membership_is_there_for_members_only(organisation, owner, member, stranger):
    seat = queries.members_of(organisation).get(person=owner)
    found = [queries.membership_for(person, organisation, seat.pk) for person in (member, stranger)]
    assert found == [seat, None]


def test_people_are_found_by_address_in_any_case(solver):
    assert (queries.person_by_email(" SAM@workshop.example "), queries.person_by_email("x@y.example")) == (solver, None)
    assert Person.objects.get_by_natural_key("SAM@workshop.example") == solver


def test_other_steps_add_to_what_people_take_and_lose(solver, monkeypatch):
    monkeypatch.setattr(personal, "_personal_data", [])
    monkeypatch.setattr(personal, "_erasure_tellers", [])
    for _twice in range(2):
        queries.register_personal_data(_more)
        queries.register_erasure_lines(_lines)
    assert (queries.personal_data_of(solver)["more"], personal._personal_data) == (solver.key, [_more])
    lines = queries.erasure_lines_of(solver)
    assert (lines.goes[-1], lines.stays[-1], personal._erasure_tellers) == ("This goes.", "That stays.", [_lines])


def _more(person):
    return {"more": person.key}


def _lines(_person):
    return ErasureLines(goes=["This goes."], stays=["That stays."])


def test_rows_say_what_they_are(organisation, owner, solver, at):
    invitation, _token = services.invite(
        organisation=organisation, email="a@b.example", role="member", actor=owner, at=at, is_announced=False
    )
    services.issue_token(person=solver, label="import", at=at)
    said = [str(row) for row in (invitation, AccessToken.objects.get(), Consent.objects.filter(person=solver).get())]
    assert said == [invitation.key, "import", f"privacy {PRIVACY_VERSION}"]
    assert Invitation.objects.count() == 1


def test_the_clock_forgets_who_never_came(at):
    services.register_person(email="typo@workshop.exmple", at=at)
    duties.run_duties(at + timedelta(days=8))
    assert Person.objects.count() == 0


def test_the_team_is_read_in_the_same_number_of_queries_however_large(
    organisation, owner, make_person, at, django_assert_max_num_queries
):
    for number in range(3):
        _invitation, token = services.invite(
            organisation=organisation,
            email=f"m{number}@b.example",
            role="member",
            actor=owner,
            at=at,
            is_announced=False,
        )
        services.join_by_link(token=token, language="en", at=at)
        services.invite(
            organisation=organisation,
            email=f"i{number}@b.example",
            role="member",
            actor=owner,
            at=at,
            is_announced=False,
        )
    fresh = Person.objects.get(pk=owner.pk)
    with django_assert_max_num_queries(3):
        page = queries.team_page(fresh, organisation, at=at)
    assert (len(page.rows), len(page.invitations), page.is_role_shown) == (4, 3, True)
