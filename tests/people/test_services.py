"""Persons, memberships, invitations and tokens, as they are written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session

from permea.foundation.events import hears
from permea.foundation.refusals import RefusedError
from permea.people import queries, services
from permea.people.events import InvitationAccepted, InvitationSent, PersonLeft, PersonRegistered
from permea.people.models import AccessToken, Consent, Invitation, Membership, Organisation, Person

pytestmark = [pytest.mark.django_db, pytest.mark.services]

heard: list[object] = []
for kind in (PersonRegistered, InvitationSent, InvitationAccepted, PersonLeft):
    hears(kind)(heard.append)


@pytest.fixture(autouse=True)
def _quiet():
    heard.clear()


def refused(call, **arguments) -> str:
    with pytest.raises(RefusedError) as error:
        call(**arguments)
    return error.value.refusal.code


def offer(organisation, owner, at, email="new@elsewhere.example", role="member"):
    return services.invite(organisation=organisation, email=email, role=role, actor=owner, at=at)


def test_registering_an_address_twice_makes_one_person(at):
    first = services.register_person(email=" Sam@Workshop.Example ", name="Sam", language="de", at=at)
    second = services.register_person(email="sam@workshop.example", name="Other", language="en", at=at)
    assert (first, second.name, second.email, second.language) == (second, "Sam", "sam@workshop.example", "de")
    assert [event.person_id for event in heard] == [first.pk]
    assert not queries.is_proven(first)


def test_a_person_is_named_by_name_then_address_then_as_erased(at):
    person = services.register_person(email="sam@workshop.example", at=at)
    before, key = person.display_name, str(person)
    person.name = "Sam"
    named = person.display_name
    services.erase_person(person=person, actor=person, at=at)
    person.refresh_from_db()
    assert (before, named, str(person.display_name), key) == ("sam", "Sam", "Erased person", person.key)


def test_consent_is_recorded_once_a_version(at, solver):
    for version in ("1", "1", "2"):
        services.give_consent(person=solver, purpose="cookies", version=version, at=at)
    assert list(Consent.objects.filter(purpose="cookies").values_list("version", flat=True)) == ["1", "2"]
    assert queries.has_consented(solver, purpose="cookies", version="2")
    assert not queries.has_consented(solver, purpose="cookies", version="3")


def test_founding_makes_the_founder_owner(at, solver):
    firm = services.found_organisation(name="Firm", kind="firm", country="DE", language="de", owner=solver, at=at)
    assert (queries.role_in(solver, firm.pk), queries.organisation_of_instance(), str(firm)) == ("owner", firm, "Firm")


def test_an_invitation_is_announced_with_its_token_and_keeps_its_hash_only(organisation, owner, at):
    invitation, token = offer(organisation, owner, at, email=" New@Elsewhere.example")
    assert heard[-1] == InvitationSent(invitation_id=invitation.pk, token=token, at=at)
    assert (invitation.email, token in invitation.token_hash) == ("new@elsewhere.example", False)
    assert queries.invitation_by_token(token) == invitation


def test_who_tells_it_themselves_announces_nothing(organisation, owner, at):
    heard.clear()
    services.invite(
        organisation=organisation, email="a@b.example", role="member", actor=owner, at=at, is_announced=False
    )
    assert heard == []


def test_inviting_again_renews_the_same_invitation(organisation, owner, at):
    first, old = offer(organisation, owner, at)
    second, new = offer(organisation, owner, at + timedelta(days=3), role="evaluator")
    assert (first.pk, second.role, second.expires_at) == (second.pk, "evaluator", at + timedelta(days=17))
    assert (queries.invitation_by_token(old), queries.invitation_by_token(new)) == (None, second)


def test_a_manager_does_not_weaken_an_owners_invitation(organisation, owner, manager, at):
    offer(organisation, owner, at, role="manager")
    assert refused(offer, organisation=organisation, owner=manager, at=at) == "people.not_owner"


def test_members_are_not_invited_again(organisation, owner, member, at):
    assert refused(offer, organisation=organisation, owner=owner, at=at, email=member.email) == "people.already_member"


def test_resending_ends_the_old_link(organisation, owner, at):
    invitation, old = offer(organisation, owner, at)
    _same, new = services.resend_invitation(invitation_id=invitation.pk, actor=owner, at=at + timedelta(days=20))
    assert (queries.invitation_by_token(old), queries.invitation_by_token(new)) == (None, invitation)
    assert heard[-1] == InvitationSent(invitation_id=invitation.pk, token=new, at=at + timedelta(days=20))


def test_a_withdrawn_invitation_is_good_for_nothing(organisation, owner, solver, at):
    invitation, token = offer(organisation, owner, at, email=solver.email)
    services.withdraw_invitation(invitation_id=invitation.pk, actor=owner, at=at)
    codes = [
        refused(services.accept_invitation, token=token, person=solver, at=at),
        refused(services.withdraw_invitation, invitation_id=invitation.pk, actor=owner, at=at),
        refused(services.resend_invitation, invitation_id=invitation.pk, actor=owner, at=at),
    ]
    assert codes == ["people.no_invitation"] * 3


def test_strangers_handle_no_invitation(organisation, owner, stranger, at):
    invitation, _token = offer(organisation, owner, at)
    codes = [
        refused(service, invitation_id=invitation.pk, actor=stranger, at=at)
        for service in (services.withdraw_invitation, services.resend_invitation)
    ]
    assert codes == ["people.not_manager"] * 2


def test_accepting_twice_makes_one_membership(organisation, owner, solver, at):
    invitation, token = offer(organisation, owner, at, email=solver.email, role="evaluator")
    first = services.accept_invitation(token=token, person=solver, at=at)
    second = services.accept_invitation(token=token, person=solver, at=at)
    invitation.refresh_from_db()
    assert (first, second.role, invitation.accepted_by) == (second, "evaluator", solver)
    assert [type(event) for event in heard].count(InvitationAccepted) == 1
    assert queries.role_in(solver, organisation.pk) == "evaluator"


def test_the_wrong_address_joins_nothing(organisation, owner, solver, stranger, at):
    _invitation, token = offer(organisation, owner, at, email=solver.email)
    assert refused(services.accept_invitation, token=token, person=stranger, at=at) == "people.other_address"
    assert queries.role_in(stranger, organisation.pk) is None


def test_who_belongs_already_keeps_their_role(organisation, owner, at, make_person):
    person = make_person("late@elsewhere.example")
    tokens = [
        services.invite(organisation=org, email=person.email, role=role, actor=owner, at=at)[1]
        for org, role in ((organisation, "manager"),)
    ]
    services.accept_invitation(token=tokens[0], person=person, at=at)
    Invitation.objects.create(
        organisation=organisation,
        email=person.email,
        role="member",
        token_hash=queries.hash_of("x"),
        created_at=at,
        expires_at=at + timedelta(days=1),
    )
    services.accept_invitation(token="x", person=person, at=at)
    assert queries.role_in(person, organisation.pk) == "manager"


def test_the_mailed_link_registers_proves_and_joins(organisation, owner, at):
    _invitation, token = offer(organisation, owner, at)
    person = services.join_by_link(token=token, language="de", at=at)
    assert (queries.is_proven(person), queries.role_in(person, organisation.pk), person.language) == (
        True,
        "member",
        "de",
    )


def test_a_used_link_signs_nobody_in(organisation, owner, at):
    _invitation, token = offer(organisation, owner, at)
    services.join_by_link(token=token, language="de", at=at)
    assert refused(services.join_by_link, token=token, language="de", at=at) == "people.invitation_used"
    assert refused(services.join_by_link, token="wrong", language="de", at=at) == "people.no_invitation"


@pytest.fixture
def first_token(at, db):
    return services.first_owner_link(at=at).rstrip("/").rpartition("/")[2]


FIRM = {"name": "Firm", "kind": "firm", "country": "DE", "language": "de"}


def test_the_first_owner_founds_the_firm_once(first_token, solver, at):
    first = services.found_by_invitation(token=first_token, person=solver, at=at, **FIRM)
    second = services.found_by_invitation(token=first_token, person=solver, at=at, **FIRM)
    assert (first, Organisation.objects.count(), queries.role_in(solver, first.pk)) == (second, 1, "owner")
    assert services.first_owner_link(at=at) is None


def test_each_start_prints_a_new_link_and_ends_the_one_before(first_token, at):
    again = services.first_owner_link(at=at).rstrip("/").rpartition("/")[2]
    assert (queries.invitation_by_token(first_token), Invitation.objects.count()) == (None, 1)
    assert queries.invitation_by_token(again) is not None


def test_a_newcomer_founds_the_firm_in_one_step(first_token, at):
    person = services.found_as_newcomer(
        token=first_token, email="olga@lindenhof.example", person_name="Olga", at=at, **FIRM
    )
    assert (person.name, person.affiliation, queries.is_proven(person)) == ("Olga", "Firm", True)
    assert queries.owned_alone(person) == ["Firm"]


def test_a_known_address_founds_nothing_without_signing_in(first_token, solver, at):
    code = refused(services.found_as_newcomer, token=first_token, email=solver.email, person_name="Eve", at=at, **FIRM)
    assert (code, Organisation.objects.count()) == ("people.sign_in_first", 0)


def test_a_firm_that_lost_its_owner_gets_one_by_link(organisation, owner, solver, at):
    Membership.objects.update(ended_at=at)
    token = services.first_owner_link(at=at).rstrip("/").rpartition("/")[2]
    services.accept_invitation(token=token, person=solver, at=at)
    assert queries.role_in(solver, organisation.pk) == "owner"


def seat_of(person, organisation):
    return queries.members_of(organisation).get(person=person)


def test_a_new_role_ends_the_old_one_and_keeps_it_on_record(organisation, owner, member, at):
    later = at + timedelta(days=1)
    services.change_role(membership_id=seat_of(member, organisation).pk, role="manager", actor=owner, at=later)
    rows = list(member.memberships.order_by("pk").values_list("role", "since", "ended_at"))
    assert rows == [("member", at, later), ("manager", later, None)]
    assert str(seat_of(member, organisation)) == f"{member.key} manager @ {organisation.key}"


def test_the_same_role_changes_nothing(organisation, owner, member, at):
    seat = seat_of(member, organisation)
    same = services.change_role(membership_id=seat.pk, role="member", actor=owner, at=at)
    assert (same, member.memberships.count()) == (seat, 1)


def test_the_last_owner_stays(organisation, owner, at):
    seat = seat_of(owner, organisation)
    codes = [
        refused(services.change_role, membership_id=seat.pk, role="member", actor=owner, at=at),
        refused(services.end_membership, membership_id=seat.pk, actor=owner, at=at),
        refused(services.erase_person, person=owner, actor=owner, at=at),
    ]
    assert (codes, queries.role_in(owner, organisation.pk)) == (["people.last_owner"] * 3, "owner")


def test_with_a_second_owner_the_first_may_go(organisation, owner, manager, at):
    services.change_role(membership_id=seat_of(manager, organisation).pk, role="owner", actor=owner, at=at)
    services.end_membership(membership_id=seat_of(owner, organisation).pk, actor=owner, at=at)
    assert (queries.role_in(owner, organisation.pk), queries.owned_alone(manager)) == (None, ["Lindenhof Robotics"])
    assert heard[-1] == PersonLeft(person_id=owner.pk, organisation_id=organisation.pk, at=at)


def test_only_owners_change_the_team(organisation, owner, manager, member, at):
    seat = seat_of(member, organisation)
    codes = [
        refused(services.change_role, membership_id=seat.pk, role="owner", actor=manager, at=at),
        refused(services.end_membership, membership_id=seat.pk, actor=manager, at=at),
    ]
    assert codes == ["people.not_owner"] * 2


def test_a_token_works_until_it_is_revoked(solver, stranger, at):
    token, secret = services.issue_token(person=solver, label="import", at=at)
    first = services.use_token(secret=secret, at=at)
    services.use_token(secret=secret, at=at + timedelta(minutes=4))
    token.refresh_from_db()
    noted = token.last_used_at
    services.use_token(secret=secret, at=at + timedelta(minutes=5))
    token.refresh_from_db()
    assert (first, noted, token.last_used_at, str(token)) == (solver, at, at + timedelta(minutes=5), "import")
    assert secret not in token.token_hash
    assert refused(services.revoke_token, token_id=token.pk, actor=stranger, at=at) == "people.not_yours"
    for _twice in range(2):
        services.revoke_token(token_id=token.pk, actor=solver, at=at)
    assert (services.use_token(secret=secret, at=at), services.use_token(secret="x", at=at)) == (None, None)


def test_there_is_an_eleventh_token_only_after_revoking_one(solver, at):
    for number in range(10):
        token, _secret = services.issue_token(person=solver, label=str(number), at=at)
    assert refused(services.issue_token, person=solver, label="11", at=at) == "people.too_many_tokens"
    services.revoke_token(token_id=token.pk, actor=solver, at=at)
    services.issue_token(person=solver, label="11", at=at)
    assert AccessToken.objects.count() == 11


def test_a_sign_in_link_works_once_and_for_its_time_only(solver, at):
    until = at + timedelta(minutes=15)
    token = services.sign_in_link(person=solver, at=at, until=until).rstrip("/").rpartition("/")[2]
    found = [services.person_of_link(token=token, at=when) for when in (at, until)]
    solver.last_login = at
    solver.save()
    assert (found, services.person_of_link(token=token, at=at)) == ([solver, None], None)
    assert services.person_of_link(token=token + "x", at=at) is None


def test_in_the_demo_a_link_works_again_and_again(solver, at, settings):
    settings.DEMO = True
    token = services.sign_in_link(person=solver, at=at, until=at + timedelta(days=9)).rstrip("/").rpartition("/")[2]
    solver.last_login = at
    solver.save()
    assert services.person_of_link(token=token, at=at) == solver


def test_other_sessions_end_and_this_one_stays(client_of, solver, stranger):
    here, there, foreign = client_of(solver), client_of(solver), client_of(stranger)
    this = here.cookies[settings.SESSION_COOKIE_NAME].value
    n_ended = services.sign_out_elsewhere(person=solver, session_key=this)
    left = set(Session.objects.values_list("pk", flat=True))
    assert (n_ended, left) == (1, {this, foreign.cookies[settings.SESSION_COOKIE_NAME].value})
    assert there.get("/me/").status_code == 302


def test_sessions_whose_time_is_over_go(client_of, solver):
    client_of(solver)
    end = Session.objects.get().expire_date
    services.drop_ended_sessions(at=end)
    kept = Session.objects.count()
    services.drop_ended_sessions(at=end + timedelta(seconds=1))
    assert (kept, Session.objects.count()) == (1, 0)


def test_who_never_proved_their_address_is_forgotten_after_a_week(at, solver):
    unproven = services.register_person(email="typo@workshop.exmple", at=at)
    week = at + timedelta(days=7)
    early = services.drop_unproven(at=week - timedelta(seconds=1))
    assert (early, services.drop_unproven(at=week)) == (0, 1)
    assert not Person.objects.filter(pk=unproven.pk).exists()
    assert Person.objects.filter(pk=solver.pk).exists()
    assert not EmailAddress.objects.filter(email=unproven.email).exists()


def test_who_is_needed_is_not_forgotten(at):
    founder = services.register_person(email="boss@firm.example", at=at)
    services.found_organisation(owner=founder, at=at, **FIRM)
    assert (services.drop_unproven(at=at + timedelta(days=30)), founder.display_name) == (0, "boss")
    founder.refresh_from_db()
    assert founder.email == "boss@firm.example"
