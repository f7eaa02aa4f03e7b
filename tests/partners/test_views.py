"""The pages of partners: for those who read, for those who write, for guests, and for nobody else."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from permea.partners.models import Capability, Contact, LogEntry, Partner, PartnerImport, PartnerMerge, SourceEvent

NEW = {"name": "=Acme Oy", "kind": "supplier", "country": "FI", "city": "Espoo", "language": "en", "website": "acme.fi",
       "tags": "sensors", "stage": "known", "source": "event", "source_name": "Fair", "note": "Fast."}  # fmt: skip
TALK = {"kind": "call", "on": "2026-03-02", "summary": "They can help.", "next_step": "Visit", "next_on": "2026-03-09"}
CAN = {"kind": "offers", "name": "Lidar", "level": "4", "basis": ""}
LIKES = {"language": "de", "channel": "mail", "response_hours": "24", "decision": "one", "ip_stance": "own"}


@pytest.fixture
def client_of():
    """Return a function that signs a person in."""

    def sign_in(person):
        client = Client()
        client.force_login(person)
        return client

    return sign_in


def url(name, *args):
    return reverse(f"partners:{name}", args=args)


def test_a_manager_fills_the_directory(client_of, organisation, owner, member):
    client = client_of(owner)
    assert b"No partner yet." in client.get(url("list")).content
    assert b"Owners and managers note" in client_of(member).get(url("list")).content
    fair = {"name": "Fair", "on": "2026-02-02", "cost": "900", "currency": "EUR", "hours": "8"}
    assert b"No event yet." in client.get(url("sources")).content
    assert [client.post(url("new_source"), given).status_code for given in (fair | {"cost": "-1"}, fair)] == [422, 302]
    event = SourceEvent.objects.get()
    assert b"Fair" in client.get(url("edit_source", event.key)).content
    assert client.post(url("edit_source", event.key), fair | {"hours": "12"}).url == url("sources")
    assert client.get(url("new")).status_code == 200
    assert client.post(url("new"), NEW | {"name": "", "owner": owner.key}).status_code == 422
    client.post(url("new"), NEW | {"owner": owner.key, "event": event.key})
    partner = Partner.objects.get()
    page = url("partner", partner.key)
    assert "900 each" in client_of(member).get(url("sources")).content.decode()
    assert client.get(url("edit", partner.key)).status_code == 200
    assert client.post(url("edit", partner.key), NEW | {"owner": member.key, "city": "Oulu"}).url == page
    for name, said, wrong in (
        ("log", TALK, "on"),
        ("add_contact", {"name": "Aino", "email": "aino@acme.example"}, "name"),
        ("add_capability", CAN, "level"),
        ("preferences", LIKES, "channel"),
    ):
        assert (
            client.post(url(name, partner.key), said | {wrong: " " if wrong in ("name", "on") else "?"}).status_code
            == 422
        )
        assert client.post(url(name, partner.key), said).url == page
    assert client.post(url("log", partner.key), TALK | {"next_on": ""}).status_code == 409
    contact, can, entry = Contact.objects.get(), Capability.objects.get(), LogEntry.objects.get()
    shown = client.get(page).content.decode()
    assert [text in shown for text in ("Aino", "Lidar", "24 hours", "Visit", "https://acme.fi", "Oulu")] == [True] * 6
    assert b"Visit" in client_of(member).get(url("follow_ups")).content
    assert b'"\'=Acme Oy",' in client.get(url("export")).content or b"'=Acme Oy," in client.get(url("export")).content
    assert client_of(member).post(url("done", entry.key)).status_code == 409
    assert client.post(url("done", entry.key), {"next": url("follow_ups")}).url == url("follow_ups")
    assert b"Nothing is to follow." in client.get(url("follow_ups")).content
    assert client.post(url("invite", contact.key), {"role": "manager"}).status_code == 404
    assert client.post(url("invite", contact.key), {"role": "member"}).url == page
    assert (
        client.post(url("remove_capability", can.key)).url
        == client.post(url("remove_contact", contact.key)).url
        == page
    )
    assert client.post(url("archive", partner.key)).url == page
    assert b"Take it back" in client.get(page).content
    client.post(url("archive", partner.key), {"back": "1"})
    listed = client.get(url("list"), {"q": "sensors", "order": "?", "country": "FI"}).content
    assert (b"=Acme Oy" in listed, client_of(member).get(page).status_code) == (True, 200)


def test_a_contact_is_taken_into_an_address_book(client_of, partner, contact, owner):
    client = client_of(owner)
    card = client.get(url("contact_card", contact.key))
    known = ("FN:Tilda Transfer", "ORG:Hochschule Müller", "TEL;TYPE=WORK:0561", "ADR;TYPE=WORK:;;;Kassel;;;DE")
    assert [line in card.content.decode().split("\r\n") for line in known] == [True] * 4
    assert url("contact_card", contact.key) in client.get(url("partner", partner.key)).content.decode()


def test_what_is_another_firms_or_not_for_judges_is_not_there(client_of, partner, contact, other_owner, evaluator):
    for person in (other_owner, evaluator):
        client = client_of(person)
        assert [client.get(url(name, partner.key)).status_code for name in ("partner", "edit")] == [404, 404]
        assert client.post(url("remove_contact", contact.key)).status_code == 404
        gone = (url("own"), url("contact_card", contact.key))
        assert [client.get(address).status_code for address in gone] == [404, 404]
    assert client_of(evaluator).get(url("list")).status_code == 404


def test_a_guest_speaks_for_their_own_organisation_and_sees_no_page_of_the_firm(
    client_of, partner, guest, organisation, owner, at
):
    from permea.partners import services

    said = services.PartnerInput(name="Rival GmbH", kind="competitor", owner=owner)
    rival = services.note_partner(organisation=organisation, content=said, actor=owner, at=at)
    client = client_of(guest)
    assert client.get("/today/").url == url("own")
    for name, given, wrong in (("state_preferences", LIKES, "channel"), ("state_capability", CAN, "level")):
        assert client.post(url(name, partner.key), given | {wrong: "?"}).status_code == 422
        assert client.post(url(name, partner.key), given).url == url("own")
        assert client.post(url(name, rival.key), given).status_code == 404
    shown = client.get(url("own")).content.decode()
    assert ["Lidar" in shown, "Rival" in shown, "Kassel" in shown, "My organisation" in shown] == [
        True,
        False,
        False,
        True,
    ]
    assert b"stated by themselves" in client_of(owner).get(url("partner", partner.key)).content
    stated = Capability.objects.get()
    assert client_of(owner).post(url("remove_capability", stated.key)).status_code == 404
    assert client.get(url("partner", partner.key)).status_code == 404
    assert client.post(url("take_back", stated.key)).url == url("own")
    assert Capability.objects.count() == 0


def test_a_file_is_looked_at_taken_over_and_undone(client_of, owner, other_owner, member):
    def sent(content, name="people.csv"):
        return {"table": SimpleUploadedFile(name, content.encode())}

    client = client_of(owner)
    assert client.post(url("import"), sent("")).status_code == client.post(url("import"), {}).status_code == 422
    table = "Firma;Ort;Ansprechpartner;E-Mail\nTide Ltd;Galway;Aoife;aoife@tide.example\n;X;;\nSol;;;no\n"
    page = client.post(url("import"), sent(table)).url
    shown = client.get(page).content.decode()
    assert [text in shown for text in ("Tide Ltd", "Aoife", "Line 3, column “Firma”", "Line 4, column “E-Mail”")] == [
        True
    ] * 4
    assert "Take over 2 partners" in shown
    assert "There is no column “?”" in client.post(page, {"column-city": "?", "action": "preview"}).content.decode()
    assert client.post(page, {"source": "?"}).status_code == client.post(page, {"column-city": "?"}).status_code == 422
    assert client_of(other_owner).get(page).status_code == client_of(member).get(page).status_code == 404
    said = client.post(page, {"source": "other", "column-city": ""}, follow=True).content.decode()
    assert ("2 partners were noted. 1 person came along." in said, client.get(page).url) == (True, url("import"))
    again = client.post(url("import"), sent(table)).url
    assert b"There is nothing new in this file." in client.get(again).content
    listed = client.get(url("import")).content.decode()
    undo = url("undo_import", PartnerImport.objects.get(taken_at__isnull=False).key)
    assert ("people.csv" in listed, undo in listed) == (True, True)
    assert client.post(undo).url == url("import")
    assert (client.post(undo).status_code, Partner.objects.count()) == (409, 0)


def test_duplicates_are_merged_kept_apart_and_parted(client_of, partner, contact, organisation, owner, member, at):
    from permea.partners import services

    client = client_of(owner)
    assert b"No duplicates found." in client.get(url("duplicates")).content
    said = services.PartnerInput(name="HS Mueller", kind="university", owner=owner)
    twin = services.note_partner(organisation=organisation, content=said, actor=owner, at=at)
    listed = client.get(url("duplicates")).content.decode()
    assert ("same name without legal form" in listed, "Keep “HS Mueller”" in listed) == (True, True)
    for again in ({}, {"back": "1"}):
        assert client.post(url("apart", twin.key), {"other": partner.key, **again}).url == url("duplicates")
    assert client.post(url("merge", twin.key), {"into": "?"}).status_code == 404
    assert client.post(url("merge", twin.key), {"into": twin.key}).status_code == 409
    assert client.post(url("merge", twin.key), {"into": partner.key}).url == url("duplicates")
    merged = client.get(url("partner", twin.key)).content.decode()
    assert ("is merged into another" in merged, url("log", twin.key) in merged) == (True, False)
    back = client.post(url("archive", twin.key), {"back": "1"}, follow=True).content.decode()
    assert "Undo that under “Duplicates”" in back
    undo = url("part", PartnerMerge.objects.get().key)
    assert client_of(member).post(undo).status_code == 404
    assert [client.post(undo).status_code for _twice in range(2)] == [302, 409]


def test_two_that_both_have_guests_stay_two_and_the_page_says_what_to_do(client_of, guest, organisation, owner, at):
    from permea.partners import services

    told = {"actor": owner, "at": at}
    said = services.PartnerInput(name="HS Mueller", kind="university", owner=owner)
    twin = services.note_partner(organisation=organisation, content=said, **told)
    before = client_of(owner).get(url("duplicates")).content.decode()
    person = services.ContactInput(name="Jo", email="jo@campus.example")
    contact = services.add_contact(partner_id=twin.pk, content=person, **told)
    services.invite_contact(contact_id=contact.pk, role="owner", **told)
    after = client_of(owner).get(url("duplicates")).content.decode()

    assert ("Go on with one of both" in before, "Go on with one of both" in after) == (False, True)
