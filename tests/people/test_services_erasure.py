"""After somebody has erased themselves nothing in the tables leads to them."""

from __future__ import annotations

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models

from permea.foundation import outbox
from permea.people import queries, services
from permea.people.models import Consent, Invitation, Person

pytestmark = [pytest.mark.django_db, pytest.mark.services]

SECRETS = ("quincy", "zanzibar works", "spreadsheet of quincy")


@pytest.fixture
def quincy(make_person, organisation, owner, at, client_of):
    """Return somebody who left traces everywhere in people and notifications."""
    services.invite(organisation=organisation, email="quincy@zanzibar.example", role="member", actor=owner, at=at)
    person = make_person("quincy@zanzibar.example", "Quincy Quill", affiliation="Zanzibar Works")
    _invitation, token = services.invite(
        organisation=organisation, email=str(person.email), role="manager", actor=owner, at=at
    )
    services.accept_invitation(token=token, person=person, at=at)
    services.issue_token(person=person, label="spreadsheet of Quincy", at=at)
    services.invite(organisation=organisation, email="friend@of.example", role="member", actor=person, at=at)
    TOTP.activate(person, generate_totp_secret())
    client = client_of(person)
    client.post("/account/logout/")
    client.post("/account/login/", {"email": person.email})
    client_of(person)
    return person


def everything() -> str:
    """Return all text of all tables and all sessions, in lower case."""
    found = []
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        found += [json.dumps(row, default=str) for row in model.objects.values(*names)]
    found += [str(session.get_decoded()) for session in Session.objects.all()]
    return " ".join(found).lower()


def test_the_traces_are_there_before(quincy):
    assert [word in everything() for word in SECRETS] == [True, True, True]


def test_nothing_leads_to_an_erased_person(quincy, organisation, at):
    services.erase_person(person=quincy, actor=quincy, at=at)
    assert [word for word in SECRETS if word in everything()] == []
    quincy.refresh_from_db()
    assert (quincy.email, quincy.erased_at, quincy.is_active) == (None, at, False)
    assert queries.members_of(organisation).filter(person=quincy).count() == 0
    assert quincy.memberships.get().ended_at == at
    assert EmailAddress.objects.filter(user=quincy).count() == 0


def test_what_others_need_stays(quincy, organisation, at):
    services.erase_person(person=quincy, actor=quincy, at=at)
    invitation = Invitation.objects.get(email="friend@of.example")
    assert (invitation.invited_by, invitation.withdrawn_at) == (quincy, None)
    assert Consent.objects.get(person=quincy).withdrawn_at == at


def test_erasing_twice_is_erasing_once(quincy, at):
    for _twice in range(2):
        services.erase_person(person=quincy, actor=quincy, at=at)
    assert Person.objects.get(pk=quincy.pk).erased_at == at


def test_an_invitation_that_waits_for_the_erased_address_is_taken_back(organisation, owner, solver, at):
    invitation, _token = services.invite(
        organisation=organisation, email=str(solver.email), role="member", actor=owner, at=at
    )
    services.erase_person(person=solver, actor=solver, at=at)
    invitation.refresh_from_db()
    assert (invitation.email, invitation.withdrawn_at) == ("", at)


def test_the_same_address_comes_back_as_somebody_new(solver, at):
    email = str(solver.email)
    services.erase_person(person=solver, actor=solver, at=at)
    again = services.register_person(email=email, at=at)
    assert again.pk != solver.pk


def test_a_mail_that_waits_is_not_sent_to_the_erased(quincy, at, settings):
    settings.MAIL_IS_KEPT = False
    services.erase_person(person=quincy, actor=quincy, at=at)
    outbox.drain(at=at)
    assert outbox.due(at).count() == 0


def test_people_can_take_everything_with_them(quincy):
    data = queries.personal_data_of(quincy)
    assert data["person"]["name"] == "Quincy Quill"
    assert data["memberships"][0]["role"] == "manager"
    assert data["access_tokens"][0]["label"] == "spreadsheet of Quincy"
    assert data["invitations"][0]["organisation"] == "Lindenhof Robotics"
    assert [mail["kind"] for mail in data["mails"]] == ["invitation", "login_code"]
    assert json.loads(json.dumps(data)) == data


def test_the_page_says_what_goes_and_what_stays(quincy, stranger):
    lines = queries.erasure_lines_of(quincy)
    assert any("Lindenhof Robotics" in line for line in lines.goes)
    assert any("mails to you said" in line for line in lines.goes)
    fewer = queries.erasure_lines_of(stranger)
    assert len(fewer.goes) < len(lines.goes)
    assert fewer.stays
