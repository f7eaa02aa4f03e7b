"""Who is known: partners with what hangs on them, and an alliance with one of them."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

from permea.alliances import services as alliances
from permea.alliances.models import Alliance
from permea.alliances.queries import joiners
from permea.alliances.rules import JoiningTerms, SplitInput
from permea.notifications.models import Mail
from permea.partners import services as partners
from permea.partners.models import Partner
from permea.partners.rules import Wish
from permea.people import services as people
from permea.people.services.memberships import seat as seat_at
from tests.cast import AT

CHARTER = {
    "goals": "A seal that is cold.", "criteria": [{"name": "It seals", "measure": "No drop in a day"}], "tasks": [],
    "milestones": [{"name": "First seal", "due": ""}], "cadence": "Every Monday", "ip": "", "agreement": "",
    "exit": "A month of notice.",
}  # fmt: skip


def know(stage: SimpleNamespace, name: str = "Campus", number: int = 1) -> dict[str, str]:
    """Note a partner with a contact, a capability and a talk, and say what stands for what in addresses."""
    told = {"actor": stage.owner, "at": AT}
    said = partners.PartnerInput(name=name, kind="university", country="DE", owner=stage.owner)
    partner = partners.note_partner(organisation=stage.organisation, content=said, **told)
    fair = partners.EventInput(name=f"Fair {name}", on=AT.date())
    event = partners.note_event(organisation=stage.organisation, content=fair, **told)
    person = partners.ContactInput(name="Tilda", email=f"tilda{number}@campus.example")
    contact = partners.add_contact(partner_id=partner.pk, content=person, **told)
    can = partners.CapabilityInput(kind="offers", name="Wear")
    capability = partners.add_capability(partner_id=partner.pk, content=can, **told)
    talk = partners.LogInput(kind="call", on=AT.date(), summary="Hello.", next_step="Visit", next_on=AT.date())
    entry = partners.log(partner_id=partner.pk, content=talk, **told)
    return {
        "partners": partner.key,
        "partner-contacts": contact.key,
        "partner-capabilities": capability.key,
        "partner-log": entry.key,
        "partner": partner.key,
        "partner-imports": bring_a_file(stage, name),
        "partner-merges": merge_twins(stage, name),
        "partner-sources": event.key,
        "partner-statements": capability.key,
        "partner-hubs": hear_of_a_firm(stage, name),
        **list_who_fits(stage, partner),
    }


def hear_of_a_firm(stage: SimpleNamespace, name: str) -> str:
    """Note a partner of whom somebody has said that it is a firm of this hub, and return the key of what was said."""
    told = {"actor": stage.owner, "at": AT}
    said = partners.PartnerInput(name=f"{name} on this hub", kind="supplier", country="DE", owner=stage.owner)
    partner = partners.note_partner(organisation=stage.organisation, content=said, **told)
    address = f"hub{partner.pk}@hub.example"
    guest = people.register_person(email=address, language="en", at=AT)
    firm = people.found_organisation(
        name=f"Firm {partner.pk}", kind="supplier", country="DE", language="en", owner=guest, at=AT
    )
    seat_at(person=guest, organisation=partner.party, role="owner", at=AT)
    link = partners.say_firm(partner_id=partner.pk, firm=firm, actor=guest, at=AT)
    Mail.objects.filter(about=link.key).delete()  # the list of mails shows one page
    return link.key


def list_who_fits(stage: SimpleNamespace, partner: Partner) -> dict[str, str]:
    """Keep who fits under a partner's name, note and decide about it, save a view, and say what stands for what."""
    told, name = {"actor": stage.owner, "at": AT}, partner.party.name
    made = partners.keep_shortlist(
        organisation=stage.organisation, title=f"Near {name}", question=asked_for(name), **told
    )
    on = {"shortlist_id": made.pk, "partner_id": partner.pk, **told}
    note = partners.note_on_shortlist(text=f"Ask {name}.", **on)
    partners.decide(content=partners.DecisionInput(choice="approach", reason="They know wear."), **on)
    given = {"q": name, "order": "name"}
    view = partners.save_view(organisation=stage.organisation, name=name, given=given, is_shared=True, **told)
    return {"partner-shortlists": made.key, "partner-shortlist-notes": note.key, "partner-views": view.key}


def asked_for(name: str) -> partners.Question:
    """Return a question that all partners come near, and that no other name asks."""
    return partners.Question(wish=Wish(wanted=("Wear", name)), weights={"capabilities": 1, "record": 1}, length=20)


def bring_a_file(stage: SimpleNamespace, name: str) -> str:
    """Take a file of partners over, upload another, and return the key of that."""
    told = {"actor": stage.owner, "at": AT}
    for file in (f"{name} taken.csv", f"{name} waiting.csv"):
        sent = f"Company\n{file} Waves\n".encode()
        found = partners.stage_import(organisation=stage.organisation, name=file, content=sent, **told)
        if "taken" in file:
            partners.take_over(import_id=found.pk, coming=[], n_left_out=1, met=partners.Met(), **told)
    return found.key


def merge_twins(stage: SimpleNamespace, name: str) -> str:
    """Note a partner three times more, keep one of these apart, merge one, and return the key of the merge."""
    told = {"actor": stage.owner, "at": AT}
    contents = [
        partners.PartnerInput(name=f"{name} {form}", kind="university", owner=stage.owner)
        for form in ("AG", "SE", "Ltd")
    ]
    kept, other, gone = (
        partners.note_partner(organisation=stage.organisation, content=content, **told) for content in contents
    )
    partners.keep_apart(partner_id=kept.pk, other_id=other.pk, **told)
    return partners.merge_partners(gone_id=gone.pk, kept_id=kept.pk, **told).key


def ally_with(stage: SimpleNamespace, partner_key: str, title: str = "Seal it together") -> Alliance:
    """Return an alliance with a partner of the directory; its charter is offered."""
    told = {"actor": stage.owner, "at": AT}
    partner = Partner.objects.get(key=partner_key).party
    said = alliances.AllianceInput(title=title, partners=[partner])
    made = alliances.begin_alliance(organisation=stage.organisation, content=said, **told)
    alliances.write_charter(alliance_id=made.pk, content=CHARTER, note="", **told)
    mailed = Mail.objects.latest("pk").pk
    alliances.offer_alliance(alliance_id=made.pk, **told)
    Mail.objects.filter(pk__gt=mailed).delete()  # the list of mails shows one page
    return made


def put_in_one(stage: SimpleNamespace, alliance: Alliance, note: str = "A seal") -> str:
    """Write a line of the firm's into a living alliance, and return its key."""
    said = alliances.LineInput(
        kind="hours", amount=Decimal(4), unit="hours", value=Decimal(300), on=AT.date(), note=note
    )  # fmt: skip
    mailed = Mail.objects.latest("pk").pk
    line = alliances.write_line(alliance_id=alliance.pk, content=said, actor=stage.owner, at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    return line.key


def raise_one(stage: SimpleNamespace, alliance: Alliance, text: str = "It drips.") -> str:
    """Raise a matter of the firm's in a living alliance, and return its key."""
    mailed = Mail.objects.latest("pk").pk
    matter = alliances.raise_matter(alliance_id=alliance.pk, text=text, days=7, actor=stage.owner, at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    return matter.key


def divide_one(stage: SimpleNamespace, alliance: Alliance, title: str = "The seal") -> str:
    """Name a joint result of a living alliance, propose how it is divided, and return its key."""
    told, mailed = {"actor": stage.owner, "at": AT}, Mail.objects.latest("pk").pk
    result = alliances.name_result(alliance_id=alliance.pk, title=title, text="", **told)
    alliances.propose_split(result_id=result.pk, said=SplitInput(way="equal", note=title), **told)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    return result.key


def ask_to_join(stage: SimpleNamespace, alliance: Alliance) -> str:
    """Propose a further partner for a living alliance, withdraw it, and return its key."""
    told, mailed = {"actor": stage.owner, "at": AT}, Mail.objects.latest("pk").pk
    terms = JoiningTerms(from_on=AT.date(), reason="It is cold.", roles={}, task="Cool it")
    new = joiners(alliance)[0]
    joining = alliances.propose_joining(alliance_id=alliance.pk, organisation=new, terms=terms, **told)
    alliances.withdraw_joining(joining_id=joining.pk, **told)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    return joining.key


def live_with(stage: SimpleNamespace, partner_key: str) -> dict[str, str]:
    """Return what stands for an alliance that lives, and for a line of it, in addresses."""
    speaker = people.register_person(email=f"vera{stage.mark}@campus.example", name="Vera", language="en", at=AT)
    seat_at(person=speaker, organisation=Partner.objects.get(key=partner_key).party, role="owner", at=AT)
    made, mailed = ally_with(stage, partner_key), Mail.objects.latest("pk").pk
    charter = made.charters.get()
    for person in (stage.owner, speaker):
        alliances.accept_charter(alliance_id=made.pk, seen=charter.sha256, actor=person, at=AT)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    told, mailed = {"alliance_id": made.pk, "actor": stage.owner, "at": AT}, Mail.objects.latest("pk").pk
    reached = alliances.reach_milestone(milestone="First seal", on=AT.date(), **told)
    Mail.objects.filter(pk__gt=mailed).delete()  # as above
    return {
        "alliances": made.key,
        "contributions": put_in_one(stage, made),
        "matters": raise_one(stage, made),
        "alliances/results": divide_one(stage, made),
        "alliances/milestones": reached.key,
        "alliances/joinings": ask_to_join(stage, made),
    }
