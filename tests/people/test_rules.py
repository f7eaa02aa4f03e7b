"""Deciding about people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.people import rules
from permea.people.models import AccessToken, Invitation, Membership, Person


def person(pk: int = 1, email: str = "sam@workshop.example", affiliation: str = "") -> Person:
    return Person(pk=pk, email=email, affiliation=affiliation)


def code_of(refusal):
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("role", "manage", "own"),
    [
        ("owner", None, None),
        ("manager", None, "people.not_owner"),
        ("evaluator", "people.not_manager", "people.not_owner"),
        ("member", "people.not_manager", "people.not_owner"),
        (None, "people.not_manager", "people.not_owner"),
    ],
)
def test_what_a_role_allows(role, manage, own):
    assert [code_of(why(role)) for why in (rules.why_not_manage, rules.why_not_own)] == [manage, own]


@pytest.mark.parametrize(
    ("actor_role", "role", "is_member", "code"),
    [
        ("owner", "owner", False, None),
        ("owner", "member", True, "people.already_member"),
        ("manager", "evaluator", False, None),
        ("manager", "member", False, None),
        ("manager", "manager", False, "people.not_owner"),
        ("evaluator", "member", False, "people.not_manager"),
        (None, "member", False, "people.not_manager"),
    ],
)
def test_who_may_invite_whom(actor_role, role, is_member, code):
    assert code_of(rules.why_not_invite(actor_role, role=role, is_member=is_member)) == code


@pytest.mark.parametrize(
    ("field", "actor_role", "code"),
    [
        (None, "owner", None),
        (None, "member", "people.not_manager"),
        ("accepted_at", "owner", "people.invitation_used"),
        ("withdrawn_at", "owner", "people.no_invitation"),
    ],
)
def test_which_invitations_can_still_be_handled(at, field, actor_role, code):
    invitation = Invitation(role="member", **({field: at} if field else {}))
    assert code_of(rules.why_not_handle(invitation, actor_role)) == code


def invitation(at, **fields) -> Invitation:
    return Invitation(**{"email": "sam@workshop.example", "role": "member", "expires_at": at, **fields})


def test_an_invitation_is_good_until_it_expires(at):
    offer = invitation(at)
    before = rules.why_not_accept(offer, person(), at=at - timedelta(microseconds=1))
    assert (before, code_of(rules.why_not_accept(offer, person(), at=at))) == (None, "people.invitation_expired")


def test_an_invitation_is_for_its_address_whatever_its_case(at):
    offer = invitation(at + timedelta(days=1), email="Sam@Workshop.example")
    codes = [
        code_of(rules.why_not_accept(offer, person(email=email), at=at))
        for email in ("sam@workshop.example", "eve@x.example")
    ]
    assert codes == [None, "people.other_address"]


def test_an_invitation_without_an_address_is_for_anybody(at):
    assert rules.why_not_accept(invitation(at + timedelta(days=1), email=""), person(), at=at) is None


def test_an_accepted_invitation_is_good_for_who_accepted_it_only(at):
    offer = invitation(at, accepted_at=at, accepted_by_id=1)
    codes = [code_of(rules.why_not_accept(offer, person(pk), at=at)) for pk in (1, 2)]
    assert codes == [None, "people.invitation_used"]


def test_there_is_no_accepting_what_was_withdrawn_or_never_was(at):
    codes = [code_of(rules.why_not_accept(offer, person(), at=at)) for offer in (None, invitation(at, withdrawn_at=at))]
    assert codes == ["people.no_invitation", "people.no_invitation"]


def test_the_mailed_link_alone_is_enough_where_it_was_mailed(at):
    soon = at + timedelta(days=1)
    offers = [invitation(soon), invitation(soon, email=""), invitation(at), None]
    assert [code_of(rules.why_not_join_by_link(offer, at=at)) for offer in offers] == [
        None,
        "people.sign_in_first",
        "people.invitation_expired",
        "people.no_invitation",
    ]


def test_a_known_address_signs_in_before_it_founds_a_firm():
    codes = [code_of(rules.why_not_found_as(is_proven=is_proven)) for is_proven in (False, True)]
    assert codes == [None, "people.sign_in_first"]


@pytest.mark.parametrize(
    ("now", "then", "actor_role", "n_owners", "code"),
    [
        ("member", "manager", "owner", 1, None),
        ("member", "manager", "manager", 1, "people.not_owner"),
        ("owner", "member", "owner", 1, "people.last_owner"),
        ("owner", "member", "owner", 2, None),
        ("owner", "owner", "owner", 1, None),
    ],
)
def test_changing_a_role(now, then, actor_role, n_owners, code):
    refusal = rules.why_not_change_role(Membership(role=now), role=then, actor_role=actor_role, n_owners=n_owners)
    assert code_of(refusal) == code


@pytest.mark.parametrize(
    ("role", "is_own", "actor_role", "n_owners", "code"),
    [
        ("member", True, "member", 1, None),
        ("member", False, "owner", 1, None),
        ("member", False, "manager", 1, "people.not_owner"),
        ("owner", True, "owner", 1, "people.last_owner"),
        ("owner", True, "owner", 2, None),
    ],
)
def test_ending_a_membership(role, is_own, actor_role, n_owners, code):
    membership = Membership(role=role, person_id=1)
    refusal = rules.why_not_end(membership, person(1 if is_own else 2), actor_role=actor_role, n_owners=n_owners)
    assert code_of(refusal) == code


def test_everybody_erases_themselves_unless_a_firm_would_be_without_owner():
    refusals = [
        rules.why_not_erase(person(1), person(1), owned_alone=[]),
        rules.why_not_erase(person(1), person(2), owned_alone=[]),
        rules.why_not_erase(person(1), person(1), owned_alone=["Lindenhof", "Other"]),
    ]
    assert [code_of(refusal) for refusal in refusals] == [None, "people.not_yourself", "people.last_owner"]
    assert "Lindenhof, Other" in refusals[2].reason


def test_tokens_are_limited_and_private():
    codes = [
        code_of(rules.why_not_issue_token(9)),
        code_of(rules.why_not_issue_token(10)),
        code_of(rules.why_not_revoke(AccessToken(person_id=1), person(1))),
        code_of(rules.why_not_revoke(AccessToken(person_id=1), person(2))),
    ]
    assert codes == [None, "people.too_many_tokens", None, "people.not_yours"]


def test_roles_appear_with_the_second_person():
    assert [rules.is_role_shown(n) for n in (1, 2)] == [False, True]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("a@x.example", "Lindenhof Robotics GmbH"), ("b@y.example", "lindenhof  robotics"), True),
        (("a@x.example", "Lindenhof"), ("b@y.example", "Other"), False),
        (("a@firm.example", ""), ("b@FIRM.example", ""), True),
        (("a@gmail.com", ""), ("b@gmail.com", ""), False),
        (("a@x.example", "GmbH"), ("b@y.example", "AG"), False),
    ],
)
def test_who_counts_as_of_the_same_house(one, other, same):
    marks = [rules.house_marks(person(pk, *words)) for pk, words in enumerate((one, other), start=1)]
    assert bool(marks[0] & marks[1]) is same


def test_the_erased_share_no_house_and_everybody_is_of_their_own():
    one, other = (rules.house_marks(Person(pk=pk, email=None)) for pk in (1, 2))
    assert (bool(one & other), bool(one)) == (False, True)


def test_a_country_with_one_time_zone_says_which():
    zones = [rules.usual_zone(country, otherwise="Europe/Berlin") for country in ("KE", "US", "", "DE")]
    assert zones == ["Africa/Nairobi", "Europe/Berlin", "Europe/Berlin", "Europe/Berlin"]
