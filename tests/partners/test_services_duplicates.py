"""Partners merged with all that is noted of them, parted again, and kept apart for good."""

from __future__ import annotations

import pytest

from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.partners import queries, services
from permea.partners.models import Apart, Contact, Partner, PartnerMerge

CAN = services.CapabilityInput(kind="offers", name="Tribology")
LIKES = services.PreferencesInput(language="de", channel="visit")


def refused_with(action, **told):
    with pytest.raises(RefusedError) as refused:
        action(**told)
    return refused.value.refusal.code


@pytest.fixture
def twin(organisation, owner, at):
    """Return the university, noted a second time with a person, a talk, an ability and ways to work."""
    told = {"actor": owner, "at": at}
    said = services.PartnerInput(name="HS Mueller", kind="university", city="Fulda", tags="wear", owner=owner)
    made = services.note_partner(organisation=organisation, content=said, **told)
    services.add_contact(
        partner_id=made.pk, content=services.ContactInput(name="Jo", email="jo@campus.example"), **told
    )
    talk = services.LogInput(kind="call", on=at.date(), summary="Called.")
    services.log(partner_id=made.pk, content=talk, **told)
    services.add_capability(partner_id=made.pk, content=CAN, **told)
    services.note_preferences(partner_id=made.pk, content=LIKES, **told)
    return made


def test_a_merge_keeps_all_there_is_and_is_undone(partner, contact, twin, organisation, owner, member, at):
    told = {"actor": owner, "at": at}
    [pair] = queries.duplicates_of(organisation, page=1).twins
    merge = services.merge_partners(gone_id=twin.pk, kept_id=partner.pk, **told)

    page, gone = queries.partner_page(owner, partner.key), queries.partner_page(owner, twin.key)
    shown = queries.duplicates_of(organisation, page=1)
    archived = queries.partners_of(organisation, at, filters=queries.Filters(stage="archived"), page=1).page
    assert (pair.first, pair.second, pair.reasons) == (partner, twin, ("form", "mail"))
    assert ([one.name for one in page.contacts], len(page.offers), len(page.log), page.voices.noticed.channel) == (
        ["Jo", "Tilda Transfer"],
        1,
        1,
        "visit",
    )
    kept = page.partner
    assert (kept.city, kept.tags, kept.talked_at, "tribology" in kept.search_text) == ("Kassel", "wear", at, True)
    assert (gone.contacts, gone.log, gone.partner.merged_into, gone.partner.tags) == ([], [], partner, "wear")
    assert (list(archived), list(queries.exported(organisation)), shown.twins, shown.merges) == (
        [],
        [partner],
        [],
        [merge],
    )
    known = queries.known_partners(organisation)
    assert (known.partners["hs mueller"], "jo@campus.example" in known.people[partner.pk]) == (partner.pk, True)
    assert refused_with(services.archive, partner_id=twin.pk, is_back=True, **told) == "partners.merged"
    again = {"gone_id": twin.pk, "kept_id": partner.pk}
    assert refused_with(services.merge_partners, **again, **told) == "partners.merged"
    assert refused_with(services.merge_partners, **again, actor=member, at=at) == "people.not_manager"
    itself = {"gone_id": partner.pk, "kept_id": partner.pk}
    assert refused_with(services.merge_partners, **itself, **told) == "partners.not_two"
    assert refused_with(services.part_partners, merge_id=merge.pk, actor=member, at=at) == "people.not_manager"

    Partner.objects.filter(pk=partner.pk).update(tags="changed since")
    services.part_partners(merge_id=merge.pk, **told)

    page, back = queries.partner_page(owner, partner.key), queries.partner_page(owner, twin.key)
    assert (page.contacts, page.log, page.partner.tags, page.partner.talked_at) == (
        [contact],
        [],
        "changed since",
        None,
    )
    assert ([one.name for one in back.contacts], len(back.log), len(back.offers), back.partner.archived_at) == (
        ["Jo"],
        1,
        1,
        None,
    )
    assert (back.partner.merged_into, back.voices.noticed.channel) == (None, "visit")
    assert refused_with(services.part_partners, merge_id=merge.pk, **told) == "partners.parted"
    crossed = Crossing.objects.filter(subject_key=twin.key).order_by("number")
    assert [row.kind for row in crossed] == ["partner.merged", "partner.parted"]


def test_how_a_partner_works_stays_where_the_other_has_its_own_and_merges_are_undone_in_order(
    partner, twin, organisation, owner, at
):
    told = {"actor": owner, "at": at}
    services.note_preferences(partner_id=partner.pk, content=services.PreferencesInput(channel="mail"), **told)
    merge = services.merge_partners(gone_id=twin.pk, kept_id=partner.pk, **told)
    said = services.PartnerInput(name="Müller", kind="university", owner=owner)
    third = services.note_partner(organisation=organisation, content=said, **told)
    over = services.merge_partners(gone_id=partner.pk, kept_id=third.pk, **told)
    assert (third.preferences.get().channel, twin.preferences.get().channel) == ("mail", "visit")
    assert queries.known_partners(organisation).partners["hs mueller"] == third.pk
    assert refused_with(services.part_partners, merge_id=merge.pk, **told) == "partners.merged"
    for one in (over, merge):
        services.part_partners(merge_id=one.pk, **told)
    assert (Contact.objects.get().partner, PartnerMerge.objects.filter(undone_at=None).count()) == (twin, 0)


def test_one_with_guests_is_the_one_that_is_kept(partner, guest, twin, organisation, owner, at):
    told = {"actor": owner, "at": at}
    [pair] = queries.duplicates_of(organisation, page=1).twins
    assert (pair.why_not_first_gone.code, pair.why_not_second_gone) == ("partners.has_ties", None)
    with_guest = {"gone_id": partner.pk, "kept_id": twin.pk}
    assert refused_with(services.merge_partners, **with_guest, **told) == "partners.has_ties"


def test_partners_that_are_not_the_same_are_not_proposed_again(partner, twin, organisation, owner, member, at):
    said = {"partner_id": twin.pk, "other_id": partner.pk, "at": at}
    assert refused_with(services.keep_apart, actor=member, **said) == "people.not_manager"
    for _twice in range(2):
        services.keep_apart(actor=owner, **said)
    shown = queries.duplicates_of(organisation, page=1)
    assert (shown.twins, [(one.first, one.second) for one in shown.apart]) == ([], [(partner, twin)])
    services.keep_apart(actor=owner, is_back=True, **said)
    assert (len(queries.duplicates_of(organisation, page=1).twins), Apart.objects.count()) == (1, 0)
