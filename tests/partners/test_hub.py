"""Firms of one hub that are partners of each other: said, confirmed, followed by their people, and ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.partners import rules, services
from permea.partners.models import HubLink, Partner
from permea.people import services as people
from permea.people.models import Membership, Person
from permea.people.queries import personal_data_of, seats_of
from permea.people.services.memberships import seat
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def refused(write, **told):
    with pytest.raises(RefusedError) as error:
        write(**told)
    return error.value.refusal.code


@pytest.fixture
def listed(organisation, owner, other_owner):
    """Return what the firm's directory says of the other firm of this hub, whose owner is a guest there."""
    said = services.PartnerInput(name="Their name", kind="supplier", country="DE", owner=owner)
    noted = services.note_partner(organisation=organisation, content=said, actor=owner, at=AT)
    seat(person=other_owner, organisation=noted.party, role="owner", at=AT)
    return noted


@pytest.fixture
def say(listed, other_organisation, other_owner):
    """Return a function that says that the partner is the other firm."""

    def do(actor=other_owner, firm=other_organisation, at=AT):
        return services.say_firm(partner_id=listed.pk, firm=firm, actor=actor, at=at)

    return do


@pytest.fixture
def connect(say, owner):
    """Return a function that connects both firms."""

    def do():
        return services.confirm_firm(link_id=say().pk, actor=owner, at=AT)

    return do


def seated(party):
    rows = Membership.objects.filter(organisation=party, ended_at__isnull=True).order_by("person__name")
    return {one.person.name: one.role for one in rows.select_related("person")}


def test_only_who_decides_for_both_says_so_once_and_nothing_changes_before_it_is_confirmed(
    say, listed, organisation, other_organisation, owner, member, other_owner, stranger, make_person
):
    clerk = make_person("clerk@else.example", "Cleo Clerk")
    seat(person=clerk, organisation=listed.party, role="owner", at=AT)
    seat(person=clerk, organisation=other_organisation, role="member", at=AT)
    codes = [refused(say, actor=one) for one in (owner, stranger, clerk)]
    seat(person=other_owner, organisation=organisation, role="manager", at=AT)
    codes.append(refused(say, firm=organisation))
    link = say()
    assert (codes, say(), HubLink.objects.count()) == (
        ["partners.not_both"] * 3 + ["partners.no_firm"], link, 1,
    )  # fmt: skip
    Membership.objects.filter(person=clerk, organisation=other_organisation).update(role="manager")
    assert refused(say, actor=Person.objects.get(pk=clerk.pk)) == "partners.hub_taken"
    assert (seated(listed.party), Partner.objects.count()) == ({"Cleo Clerk": "owner", other_owner.name: "owner"}, 1)
    assert [refused(services.confirm_firm, link_id=link.pk, actor=one, at=AT) for one in (clerk, member)] == [
        "people.not_manager"
    ] * 2
    assert refused(services.end_link, link_id=link.pk, actor=member, at=AT) == "people.not_manager"
    (mail,) = Mail.objects.filter(kind="hub_news", person=owner)
    assert mail.subject == f"{other_organisation.name} says that it is a partner of yours on this hub"


def test_once_confirmed_both_stand_in_each_others_directory_and_their_people_follow_their_own_firm(
    connect, listed, organisation, other_organisation, owner, member, evaluator, other_owner
):
    link = connect()
    assert services.confirm_firm(link_id=link.pk, actor=owner, at=LATER).confirmed_at == AT
    assert (link.mirror.party.name, link.mirror.organisation, link.mirror.owner) == (
        organisation.name, other_organisation, other_owner,
    )  # fmt: skip
    assert seated(link.mirror.party) == {owner.name: "owner", member.name: "member"}
    assert seated(listed.party) == {other_owner.name: "owner"}
    role = Membership.objects.get(person=member, organisation=organisation, ended_at=None)
    people.change_role(membership_id=role.pk, role="manager", actor=owner, at=LATER)
    assert seated(link.mirror.party) == {owner.name: "owner", member.name: "manager"}
    judge = Membership.objects.get(person=evaluator, organisation=organisation, ended_at=None)
    people.change_role(membership_id=judge.pk, role="member", actor=owner, at=LATER)
    assert evaluator.name in seated(link.mirror.party)
    left = Membership.objects.get(person=member, organisation=organisation, ended_at=None)
    people.end_membership(membership_id=left.pk, actor=owner, at=LATER)
    assert seated(link.mirror.party) == {owner.name: "owner", evaluator.name: "member"}
    people.erase_person(person=evaluator, actor=evaluator, at=LATER)
    assert seated(link.mirror.party) == {owner.name: "owner"}
    assert [firm for firm, _role in seats_of(other_owner)] == [other_organisation]
    told = Crossing.objects.filter(kind__startswith="partner.hub").order_by("pk")
    assert [(one.organisation, one.kind.rpartition("_")[2], one.direction) for one in told] == [
        (organisation, "said", "in"), (organisation, "connected", "out"), (other_organisation, "connected", "in"),
    ]  # fmt: skip


def test_a_newcomer_of_a_firm_comes_along_and_one_of_another_partner_does_not(
    connect, listed, organisation, other_organisation, other_owner, solver, make_person
):
    connect()
    for firm, person in ((other_organisation, solver), (other_organisation, make_person("j@x.example", "Jo Judge"))):
        role = "member" if person == solver else "evaluator"
        told = {"organisation": firm, "email": person.email, "role": role, "actor": other_owner, "at": AT}
        _invitation, token = people.invite(**told)
        people.accept_invitation(token=token, person=person, at=LATER)
    assert seated(listed.party) == {other_owner.name: "owner", solver.name: "member"}


def test_when_either_ends_it_the_seats_that_came_by_it_end_and_those_before_stay(
    connect, say, listed, owner, member, other_owner, other_organisation, make_person
):
    clerk = make_person("clerk@else.example", "Cleo Clerk")
    seat(person=clerk, organisation=other_organisation, role="manager", at=AT)
    link = connect()
    assert seated(listed.party) == {"Cleo Clerk": "manager", other_owner.name: "owner"}
    for _click in range(2):
        services.end_link(link_id=link.pk, actor=other_owner, at=LATER)
    assert (seated(listed.party), seated(link.mirror.party)) == ({other_owner.name: "owner"}, {})
    assert refused(services.confirm_firm, link_id=link.pk, actor=owner, at=LATER) == "partners.hub_answered"
    kinds = Crossing.objects.filter(kind="partner.hub_disconnected").values_list("organisation__name", flat=True)
    assert len(set(kinds)) == len(kinds) == 2
    again = services.confirm_firm(link_id=say().pk, actor=owner, at=LATER)
    assert again.mirror != link.mirror  # nobody speaks for the old entry any more, so it cannot be told to be the same
    assert [one["partner_of"] for one in personal_data_of(other_owner)["partner_hub_links"]] == [owner_firm(link)] * 2


def owner_firm(link):
    return link.organisation.name


def test_an_entry_for_which_a_manager_of_the_firm_speaks_already_is_taken_as_the_mirror(
    connect, other_organisation, other_owner, owner
):
    said = services.PartnerInput(name="Those of the valley", kind="firm", country="DE", owner=other_owner)
    known = services.note_partner(organisation=other_organisation, content=said, actor=other_owner, at=AT)
    seat(person=owner, organisation=known.party, role="owner", at=AT)
    assert (connect().mirror, Partner.objects.count()) == (known, 2)


def test_who_has_a_seat_of_their_own_keeps_it_and_roles_move():
    wanted = {1: "owner", 2: "member", 3: "manager", 4: "member"}
    changes = rules.seats_to_change(wanted, {2: "member", 3: "member", 5: "owner"}, {1: "member"})
    assert changes == {3: "manager", 4: "member", 5: ""}


def test_it_is_said_confirmed_and_ended_on_the_pages_and_nobody_else_finds_it(
    listed, organisation, other_organisation, owner, member, other_owner, stranger, solver, client_of
):
    theirs, ours, own = client_of(other_owner), client_of(owner), f"/partner/{listed.key}/hub/"
    assert "Your firm on this hub" in assert_page_ok(theirs.get("/partner/")).text
    assert [theirs.post(own, {"firm": key}).status_code for key in ("", organisation.key)] == [404, 404]
    assert client_of(stranger).post(own, {"firm": other_organisation.key}).status_code == 404
    assert theirs.post(own, {"firm": other_organisation.key}).url == "/partner/"
    assert "has not confirmed it yet" in assert_page_ok(theirs.get("/partner/")).text
    link, place = HubLink.objects.get(), f"/partners/{listed.key}/"
    confirm, end = (f"/partner-hubs/{link.key}/{what}/" for what in ("confirm", "end"))
    assert "Confirm it" in assert_page_ok(ours.get(place)).text
    assert "Confirm it" not in assert_page_ok(client_of(member).get(place)).text
    outside = [client_of(one).post(path).status_code for one in (stranger, solver, member) for path in (confirm, end)]
    assert (outside, theirs.post(confirm).status_code) == ([404] * 6, 404)
    assert ours.post(confirm).url == place
    mirror = f"/partners/{HubLink.objects.get().mirror.key}/"
    pages = [assert_page_ok(browser.get(path)).text for browser, path in ((ours, place), (theirs, mirror))]
    assert ["End the connection" in one for one in pages] == [True, True]
    assert "are connected" in assert_page_ok(theirs.get("/partner/")).text
    assert [theirs.post(end).url, theirs.post(end).url] == [mirror, mirror]
    assert "Your firm on this hub" in theirs.get("/partner/").text
    theirs.post(own, {"firm": other_organisation.key})
    again = HubLink.objects.get(ended_at=None)
    assert theirs.post(f"/partner-hubs/{again.key}/end/").url == "/partner/"
    warned = ours.post(f"/partner-hubs/{again.key}/confirm/", follow=True)
    assert ("This is answered already." in warned.text, ours.post(f"/partner-hubs/{again.key}/end/").url) == (
        True, place,
    )  # fmt: skip
    seat(person=solver, organisation=listed.party, role="member", at=AT)
    seat(person=solver, organisation=other_organisation, role="member", at=AT)
    refusal = client_of(solver).post(own, {"firm": other_organisation.key}, follow=True)
    assert "Only somebody who decides for the partner and for the firm can say this." in refusal.text
    assert [str(again), str(link.seats.model(link=link, membership_id=7))] == [again.key, f"{link.pk} 7"]
