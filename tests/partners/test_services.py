"""Partners noted, talked with, invited and heard; what strangers may not; what erasing takes away."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.partners import queries, services
from permea.partners.models import Contact, LogEntry, Partner, SourceEvent
from permea.people.models import Membership
from permea.people.queries import erasure_lines_of, owned_alone, personal_data_of, seats_of, signed_in_person
from permea.people.services import erase_person, invite_guest, withdraw_invitation

CAN = services.CapabilityInput(kind="offers", name="Tribology", level=5, basis="Two papers.")
LIKES = services.PreferencesInput(language="de", channel="visit", response_hours=48, ip_stance="shared")


def said(**changes):
    return {"name": "Hochschule  Müller", "kind": "university", "country": "DE"} | changes


def refused_with(action, **told):
    with pytest.raises(RefusedError) as refused:
        action(**told)
    return refused.value.refusal.code


def test_a_partner_is_noted_found_moved_put_away_and_taken_back(partner, organisation, owner, at):
    services.add_capability(partner_id=partner.pk, content=CAN, actor=owner, at=at)
    later = at + timedelta(days=1)
    content = services.PartnerInput(**said(stage="working"), owner=owner)
    changed = services.change_partner(partner_id=partner.pk, content=content, actor=owner, at=later)
    content = services.PartnerInput(**said(stage="talking", city="Kassel", tags="=Wear"), owner=owner)
    services.change_partner(partner_id=partner.pk, content=content, actor=owner, at=later + timedelta(days=1))
    partner.refresh_from_db()

    def found(**filters):
        page = queries.partners_of(organisation, at, filters=queries.Filters(**filters), page=1).page
        return [row.pk for row in page]

    assert (changed.party_id, partner.party.name, partner.talked_at, partner.dealt_at) == (
        partner.party_id,
        "Hochschule Müller",
        later,
        later,
    )
    looked = ({"text": "muller TRIBO"}, {"stage": "talking"}, {"kind": "firm"}, {"country": "DE", "order": "-last"})
    assert [found(**filters) for filters in looked] == [[partner.pk], [partner.pk], [], [partner.pk]]
    services.archive(partner_id=partner.pk, actor=owner, at=at)
    assert (found(), found(stage="archived")) == ([], [partner.pk])
    assert services.archive(partner_id=partner.pk, actor=owner, at=at, is_back=True).archived_at is None


def test_an_event_shows_what_it_brought_and_what_one_of_it_cost(
    partner, organisation, owner, other_owner, other_organisation, at
):
    told = {"actor": owner, "at": at}
    fair = services.EventInput(name="Fair", on=at.date(), cost=Decimal(100))
    event = services.note_event(organisation=organisation, content=fair, **told)
    dearer = services.EventInput(name="Fair", on=at.date(), cost=Decimal(200), hours=16)
    services.note_event(organisation=organisation, content=dearer, event_id=event.pk, **told)
    for name, stage in (("A", "talking"), ("B", "known"), ("C", "contacted")):
        content = services.PartnerInput(name=name, kind="firm", stage=stage, owner=owner, event=event)
        services.note_partner(organisation=organisation, content=content, **told)
    [row] = queries.event_rows(organisation)
    assert (row.event.hours, row.known, row.talks, row.deals) == (
        16,
        (3, Decimal("66.67")),
        (1, Decimal("200.00")),
        (0, None),
    )
    elsewhere = {"organisation": other_organisation, "actor": other_owner, "at": at}
    with pytest.raises(SourceEvent.DoesNotExist):
        services.note_event(content=fair, event_id=event.pk, **elsewhere)
    with pytest.raises(SourceEvent.DoesNotExist):
        services.note_partner(content=content, **elsewhere)
    noted = {"organisation": organisation, "content": fair, "at": at}
    assert refused_with(services.note_event, actor=other_owner, **noted) == "people.not_manager"


def test_a_talk_moves_a_known_partner_and_its_next_step_waits_until_it_is_done(partner, organisation, owner, at):
    day = at.date()
    mail = services.LogInput(kind="mail", on=day, summary="Wrote to them.")
    services.log(partner_id=partner.pk, content=mail, actor=owner, at=at)
    partner.refresh_from_db()
    assert (partner.stage, partner.talked_at) == ("contacted", None)
    met = services.LogInput(kind="meeting", on=day, summary="Met.", next_step="Send drawings", next_on=day)
    entry = services.log(partner_id=partner.pk, content=met, actor=owner, at=at)
    half = services.LogInput(kind="call", on=day, summary="Called.", next_step="Call again")
    assert refused_with(services.log, partner_id=partner.pk, content=half, actor=owner, at=at) == "partners.half_a_step"
    reader = signed_in_person(owner.pk)
    before = at - timedelta(days=1)
    told = [list(queries.today_items(reader, organisation, role, when)) for role, when in
            (("owner", at), ("owner", before), ("evaluator", at))]  # fmt: skip
    assert ([len(items) for items in told], told[0][0].detail) == ([1, 0, 0], "1 next step is agreed.")
    services.finish_step(entry_id=entry.pk, actor=owner, at=at)
    again = services.finish_step(entry_id=entry.pk, actor=owner, at=at + timedelta(days=1))
    partner.refresh_from_db()
    assert (again.next_done_at, partner.talked_at, queries.follow_ups(organisation)) == (at, at, [])
    assert list(queries.today_items(signed_in_person(owner.pk), organisation, "owner", at)) == []


def test_only_somebody_of_the_firm_looks_after_a_partner(partner, evaluator, other_owner, member, owner, at):
    def change(to):
        content = services.PartnerInput(**said(), owner=to)
        return services.change_partner(partner_id=partner.pk, content=content, actor=owner, at=at)

    assert {refused_with(change, to=one) for one in (evaluator, other_owner)} == {"partners.owner_not_inside"}
    assert change(member).owner == member


def test_only_those_who_manage_write(partner, contact, member, other_owner, organisation, at):
    for actor in (member, other_owner):
        told = {"actor": actor, "at": at}
        content = services.PartnerInput(**said(), owner=actor)
        attempts = [
            (services.note_partner, {"organisation": organisation, "content": content, **told}),
            (services.change_partner, {"partner_id": partner.pk, "content": content, **told}),
            (services.remove_contact, {"contact_id": contact.pk, "actor": actor}),
            (services.invite_contact, {"contact_id": contact.pk, "role": "member", **told}),
            (services.note_preferences, {"partner_id": partner.pk, "content": LIKES, **told}),
        ]
        assert {refused_with(action, **given) for action, given in attempts} == {"people.not_manager"}
        stated = {"partner_id": partner.pk, "content": CAN, **told}
        assert refused_with(services.state_capability, **stated) == "partners.not_a_guest"


def test_who_is_signed_in_is_read_with_the_facts_every_step_counts_in_their_own_types(partner, owner, at):
    met = services.LogInput(kind="call", on=at.date(), summary="Called.", next_step="Call again", next_on=at.date())
    services.log(partner_id=partner.pk, content=met, actor=owner, at=at)
    reader = signed_in_person(str(owner.pk))

    assert reader == owner
    assert (reader.n_follow_ups, reader.next_follow_up_on, reader.is_guest) == (1, at.date(), False)
    assert (reader.joined_at, signed_in_person(0)) == (owner.joined_at, None)


def test_a_guest_gets_no_place_in_the_firm_and_says_what_is_stated_of_their_own(partner, guest, owner, at):
    contact = Contact.objects.get()
    assert (contact.person, seats_of(guest), owned_alone(guest)) == (guest, [], [])
    assert (signed_in_person(guest.pk).is_guest, signed_in_person(owner.pk).is_guest) == (True, False)
    noted = services.note_preferences(partner_id=partner.pk, content=LIKES, actor=owner, at=at)
    stated = services.state_preferences(partner_id=partner.pk, content=LIKES, actor=guest, at=at)
    own = services.state_capability(partner_id=partner.pk, content=CAN, actor=guest, at=at)
    need = services.CapabilityInput(kind="needs", name="Test fields")
    hidden = services.add_capability(partner_id=partner.pk, content=need, actor=owner, at=at)

    [page] = queries.guest_pages(guest)
    shown = queries.partner_page(owner, partner.key)
    assert (page.offers, page.needs, page.stated) == ([own], [], stated)
    assert (shown.offers, shown.needs, shown.voices) == ([own], [hidden], queries.Voices(stated, noted))
    assert refused_with(services.remove_capability, capability_id=own.pk, actor=owner, at=at) == "partners.not_a_guest"
    services.remove_capability(capability_id=own.pk, actor=guest, at=at)
    services.remove_capability(capability_id=hidden.pk, actor=owner, at=at)
    crossed = Crossing.objects.filter(subject_key=partner.key).order_by("number")
    assert [(row.kind, row.direction, row.counterparty_key == partner.party.key) for row in crossed] == [
        ("partner.invited", "out", True),
        ("partner.stated", "in", True),
        ("partner.stated", "in", True),
        ("partner.stated", "in", True),
    ]


def test_an_invitation_of_a_guest_is_renewed_taken_back_and_leads_into_no_firm(
    contact, partner, owner, manager, member, organisation, other_organisation, at
):
    for actor in (owner, manager):
        services.invite_contact(contact_id=contact.pk, role="owner", actor=actor, at=at)
    told = {"host": organisation, "email": "x@y.example", "role": "member", "actor": owner, "at": at}
    assert refused_with(invite_guest, organisation=other_organisation, **told) == "people.not_a_partner"
    invitation = partner.party.invitations.get()
    given = {"invitation_id": invitation.pk, "at": at}
    assert refused_with(withdraw_invitation, actor=member, **given) == "people.not_manager"
    assert withdraw_invitation(actor=manager, **given).withdrawn_at == at


def test_who_belongs_to_the_partner_is_not_invited_again(partner, guest, owner, at):
    twice = services.ContactInput(name="Tilda", email=str(guest.email))
    other = services.add_contact(partner_id=partner.pk, content=twice, actor=owner, at=at)
    told = {"contact_id": other.pk, "role": "member", "actor": owner, "at": at}
    assert refused_with(services.invite_contact, **told) == "people.already_member"
    services.remove_contact(contact_id=other.pk, actor=owner)
    assert Contact.objects.count() == 1


def test_erasing_takes_the_contact_away_and_leaves_what_was_said(partner, guest, owner, solver, at):
    services.state_preferences(partner_id=partner.pk, content=LIKES, actor=guest, at=at)
    services.state_capability(partner_id=partner.pk, content=CAN, actor=guest, at=at)
    talk = services.LogInput(kind="call", on=at.date(), summary="Called.")
    services.log(partner_id=partner.pk, content=talk, actor=owner, at=at)
    data = personal_data_of(guest)
    assert [data["partner_contacts"][0]["name"], data["partner_statements"][0]["name"]] == [
        "Tilda Transfer",
        "Tribology",
    ]
    assert data["partner_preferences"][0]["partner"] == "Hochschule Müller"
    assert personal_data_of(owner)["partner_log"][0]["summary"] == "Called."
    contact_line = "What firms here noted of you as a contact: name, address, phone, position."
    assert (contact_line in erasure_lines_of(guest).goes, contact_line in erasure_lines_of(solver).goes) == (
        True,
        False,
    )

    erase_person(person=guest, actor=guest, at=at)
    services.forget_person(person_id=solver.pk, email="")

    assert (Contact.objects.count(), LogEntry.objects.count(), Partner.objects.count()) == (0, 1, 1)
    assert not Membership.objects.filter(person=guest, ended_at__isnull=True).exists()
