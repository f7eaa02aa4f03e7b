"""The team page, and invitations from both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from permea.foundation.clock import now
from permea.notifications.models import Mail
from permea.people import queries, services
from permea.people.models import Invitation, Membership, Organisation, Person
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db
NEW = "new@elsewhere.example"


def texts(answer) -> str:
    return answer.content.decode()


def send(organisation, owner, *, email=NEW, role="member", at=None):
    return services.invite(organisation=organisation, email=email, role=role, actor=owner, at=at or now())


def test_who_is_alone_sees_no_roles(client_of, organisation, owner, manager):
    client = client_of(owner)
    both = texts(client.get("/people/"))
    seat = queries.members_of(organisation).get(person=manager)
    client.post(f"/people/{seat.pk}/end/")
    page = client.get("/people/")
    assert_page_ok(page)
    assert ("You work alone here" in both, "You work alone here" in texts(page)) == (False, True)
    assert ('name="role" id="role-' in both, 'name="role" id="role-' in texts(page)) == (True, False)


def test_inviting_writes_a_mail_with_the_link(client_of, organisation, owner):
    answer = client_of(owner).post("/people/invite/", {"email": NEW, "role": "evaluator"}, follow=True)
    mail = Mail.objects.get(kind="invitation")
    assert (mail.to, Invitation.objects.get().role, "on its way" in texts(answer)) == (NEW, "evaluator", True)
    path = next(line for line in mail.text.splitlines() if "/invitations/" in line).partition("8000")[2]
    assert Client().get(path).status_code == 200


def test_a_double_click_on_inviting_makes_one_invitation(client_of, organisation, owner):
    client = client_of(owner)
    for _twice in range(2):
        client.post("/people/invite/", {"email": NEW, "role": "member"})
    assert Invitation.objects.count() == 1


def test_what_is_no_address_is_said_and_kept(client_of, organisation, owner):
    answer = client_of(owner).post("/people/invite/", {"email": "nobody", "role": "member"})
    assert (answer.status_code, "nobody" in texts(answer), Invitation.objects.count()) == (422, True, 0)


def test_managers_are_offered_the_roles_they_may_give_only(client_of, manager):
    client = client_of(manager)
    page = client.get("/people/")
    assert_page_ok(page)
    refused = client.post("/people/invite/", {"email": NEW, "role": "owner"})
    assert ('value="evaluator"' in texts(page), 'value="owner"' in texts(page)) == (True, False)
    assert (refused.status_code, Invitation.objects.filter(email=NEW).count()) == (422, 0)


def test_a_member_who_is_invited_again_is_refused_with_the_reason(client_of, owner, member):
    answer = client_of(owner).post("/people/invite/", {"email": member.email, "role": "evaluator"})
    assert (answer.status_code, "already belongs" in texts(answer)) == (409, True)


def test_invitations_are_limited(client_of, organisation, owner, settings):
    settings.RATE_LIMITS = True
    cache.clear()
    client = client_of(owner)
    answers = [
        client.post("/people/invite/", {"email": f"a{n}@b.example", "role": "member"}).status_code for n in range(61)
    ]
    last = Invitation.objects.latest("pk")
    again = client.post(f"/people/invitations/{last.key}/resend/")
    cache.clear()
    assert (answers[:60], answers[60], again.status_code) == ([302] * 60, 409, 409)


def test_evaluators_and_members_see_the_team_but_no_addresses_and_no_invitations(
    client_of, organisation, owner, evaluator
):
    send(organisation, owner)
    page = client_of(evaluator).get("/people/")
    assert_page_ok(page)
    assert ("Olga Owner" in texts(page), NEW in texts(page), owner.email in texts(page)) == (True, False, False)
    assert client_of(evaluator).post("/people/invite/", {"email": NEW, "role": "member"}).status_code == 404


def test_outsiders_see_no_team(client_of, organisation, stranger):
    assert client_of(stranger).get("/people/").status_code == 404
    assert Client().get("/people/").url == "/account/login/?next=/people/"


def test_an_invitation_is_sent_again_and_withdrawn(client_of, organisation, owner):
    invitation, old = send(organisation, owner)
    client = client_of(owner)
    client.post(f"/people/invitations/{invitation.key}/resend/")
    assert (Mail.objects.count(), queries.invitation_by_token(old)) == (2, None)
    client.post(f"/people/invitations/{invitation.key}/withdraw/")
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert client.post(f"/people/invitations/{invitation.key}/withdraw/").status_code == 404


def test_a_manager_touches_no_owners_invitation(client_of, organisation, owner, manager):
    invitation, _token = send(organisation, owner, role="owner")
    client = client_of(manager)
    answers = [client.post(f"/people/invitations/{invitation.key}/{what}/") for what in ("resend", "withdraw")]
    assert [(answer.status_code, "Only an owner" in texts(answer)) for answer in answers] == [(409, True)] * 2


def test_an_expired_invitation_is_marked(client_of, organisation, owner):
    send(organisation, owner, at=now() - timedelta(days=15))
    assert "Expired" in texts(client_of(owner).get("/people/"))


def test_another_firms_invitations_and_members_are_not_there(
    client_of, organisation, owner, other_organisation, other_owner
):
    invitation, _token = send(other_organisation, other_owner)
    seat = queries.members_of(other_organisation).get()
    client = client_of(owner)
    answers = [
        client.post(f"/people/invitations/{invitation.key}/resend/").status_code,
        client.post(f"/people/{seat.pk}/role/", {"role": "member"}).status_code,
        client.post(f"/people/{seat.pk}/end/").status_code,
    ]
    assert answers == [404, 404, 404]


def test_owners_change_roles_and_end_memberships(client_of, organisation, owner, member):
    client = client_of(owner)
    seat = queries.members_of(organisation).get(person=member)
    client.post(f"/people/{seat.pk}/role/", {"role": "manager"})
    seat = queries.members_of(organisation).get(person=member)
    assert seat.role == "manager"
    assert client.post(f"/people/{seat.pk}/role/", {"role": "emperor"}).status_code == 200
    client.post(f"/people/{seat.pk}/end/")
    assert not queries.is_member(organisation, str(member.email))


def test_the_last_owner_is_told_why_not(client_of, organisation, owner, manager):
    seat = queries.members_of(organisation).get(person=owner)
    client = client_of(owner)
    answers = [client.post(f"/people/{seat.pk}/role/", {"role": "member"}), client.post(f"/people/{seat.pk}/end/")]
    assert [(answer.status_code, "needs an owner" in texts(answer)) for answer in answers] == [(409, True)] * 2


def test_everybody_may_leave(client_of, organisation, member):
    seat = queries.members_of(organisation).get(person=member)
    client = client_of(member)
    answer = client.post(f"/people/{seat.pk}/end/")
    assert (answer.url, client.get("/people/").status_code) == ("/me/", 404)


def test_the_invited_join_by_the_link_alone(organisation, owner):
    _invitation, token = send(organisation, owner)
    client = Client()
    page = client.get(f"/invitations/{token}/")
    assert_page_ok(page)
    answer = client.post(f"/invitations/{token}/")
    person = Person.objects.get(email=NEW)
    assert (answer.url, queries.role_in(person, organisation.pk)) == ("/welcome/?next=%2Ftoday%2F", "member")
    assert client.session["_auth_user_id"] == str(person.pk)
    again = Client().post(f"/invitations/{token}/")
    assert (again.status_code, "already been used" in texts(again)) == (409, True)


def test_a_double_click_on_accepting_joins_once(client_of, organisation, owner, solver):
    _invitation, token = send(organisation, owner, email=str(solver.email))
    client = client_of(solver)
    answers = [client.post(f"/invitations/{token}/").url for _twice in range(2)]
    assert (answers, Membership.objects.filter(person=solver).count()) == (["/today/"] * 2, 1)


def test_the_wrong_person_is_told_and_can_sign_out(client_of, organisation, owner, stranger):
    _invitation, token = send(organisation, owner)
    page = client_of(stranger).post(f"/invitations/{token}/")
    assert (page.status_code, "another address" in texts(page), "Sign out" in texts(page)) == (409, True, True)
    assert queries.role_in(stranger, organisation.pk) is None


@pytest.mark.parametrize("days", [14, 30])
def test_an_expired_link_says_so(organisation, owner, days):
    _invitation, token = send(organisation, owner, at=now() - timedelta(days=days))
    page = Client().get(f"/invitations/{token}/")
    assert_page_ok(page, status=409)
    assert "expired" in texts(page)


def test_a_link_that_never_was_is_not_there(db):
    assert Client().get("/invitations/wrong/").status_code == 404


def first_path() -> str:
    path = services.first_owner_link(at=now())
    assert path
    return path


FIRM = {"name": "Lindenhof Robotics", "kind": "firm", "country": "DE", "language": "en"}


def test_the_first_owner_sets_everything_up_on_one_page(db):
    client, path = Client(), first_path()
    assert_page_ok(client.get(path))
    me = {"email": "olga@lindenhof.example", "person_name": "Olga", "consent": "on"}
    answer = client.post(path, {**FIRM, **me})
    owner = Person.objects.get()
    assert (answer.url, owner.name, queries.owned_alone(owner)) == ("/today/", "Olga", ["Lindenhof Robotics"])
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert "already been used" in texts(Client().get(path))


def test_what_is_missing_is_asked_for_again(db):
    answer = Client().post(first_path(), {**FIRM, "email": "olga@lindenhof.example", "person_name": ""})
    assert_page_ok(answer, status=422)
    assert Organisation.objects.count() == 0


def test_somebody_signed_in_is_asked_for_the_firm_only(client_of, solver):
    client, path = client_of(solver), first_path()
    assert 'name="email"' not in texts(client.get(path))
    assert client.post(path, FIRM).url == "/today/"
    assert queries.owned_alone(solver) == ["Lindenhof Robotics"]


def test_a_known_address_is_not_taken_over(solver):
    me = {"email": solver.email, "person_name": "Eve", "consent": "on"}
    client = Client()
    answer = client.post(first_path(), {**FIRM, **me})
    assert (answer.status_code, "Sign in with it first" in texts(answer)) == (422, True)
    assert ("_auth_user_id" in client.session, Organisation.objects.count()) == (False, 0)


def test_an_owners_link_for_a_firm_that_is_there_asks_to_sign_in(organisation, owner, solver, client_of):
    Membership.objects.update(ended_at=now())
    path = first_path()
    answer = Client().post(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/?next=")
    client_of(solver).post(path)
    assert queries.owned_alone(solver) == ["Lindenhof Robotics"]
