"""Files of partners taken over, again without effect, and undone unless something was built on them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.partners import queries, rules, services
from permea.partners.models import Contact, Partner, PartnerImport, SourceEvent
from permea.partners.tasks import sweep
from permea.people.models import Organisation

BROUGHT = [
    rules.ImportPartner(2, "Sol y Mar S.L.", {"country": "ES"}, [rules.ImportPerson("Ana", "ana@solymar.example")]),
    rules.ImportPartner(3, "HOCHSCHULE MULLER", {}, [rules.ImportPerson("Jo"), rules.ImportPerson("Tilda Transfer")]),
    rules.ImportPartner(4, "Tide Ltd"),
]


@pytest.fixture
def bring(organisation, owner, at):
    """Return a function that uploads a file and takes it over."""

    def take(name="list.csv", **met):
        told = {"actor": owner, "at": at}
        found = services.stage_import(organisation=organisation, name=name, content=b"x", **told)
        met = services.Met(**met)
        services.take_over(import_id=found.pk, coming=BROUGHT, n_left_out=1, met=met, **told)
        found.refresh_from_db()
        return found

    return take


def refused_with(action, **told):
    with pytest.raises(RefusedError) as refused:
        action(**told)
    return refused.value.refusal


def test_a_file_brings_what_is_new_once_and_is_undone_as_a_whole(bring, contact, organisation, owner, member, at):
    event = services.note_event(
        organisation=organisation, content=services.EventInput(name="Fair", on=at.date()), actor=owner, at=at
    )
    found, again = bring(source="event", event=event), bring()
    numbers = [(one.n_partners, one.n_people, one.n_left_out, bytes(one.content)) for one in (found, again)]
    sol = Partner.objects.get(party__name="Sol y Mar S.L.")
    assert numbers == [(2, 2, 1, b""), (0, 0, 1, b"")]
    assert (sol.party.country, sol.party.kind, sol.event, sol.owner, "sol y mar" in sol.search_text) == (
        "ES",
        "firm",
        event,
        owner,
        True,
    )
    assert list(queries.imports_of(organisation)) == [again, found]
    told = {"import_id": found.pk, "actor": owner, "at": at}
    retaken = {"coming": BROUGHT, "n_left_out": 0, "met": services.Met()}
    assert refused_with(services.take_over, **told, **retaken).code == "partners.import_taken"
    assert refused_with(services.undo_import, **told | {"actor": member}).code == "people.not_manager"

    services.undo_import(**told)

    left = (Partner.objects.count(), list(Contact.objects.all()), Organisation.objects.filter(is_host=False).count())
    assert left == (1, [contact], 1)
    assert refused_with(services.undo_import, **told).code == "partners.import_not_there"
    crossed = Crossing.objects.filter(kind__startswith="partners.").order_by("number")
    assert [row.kind for row in crossed] == ["partners.imported", "partners.imported", "partners.import_undone"]


def test_what_something_was_built_on_stays(bring, partner, organisation, owner, at):
    found, told = bring(), {"actor": owner, "at": at}
    sol, tide = (Partner.objects.get(party__name=name) for name in ("Sol y Mar S.L.", "Tide Ltd"))
    undo = {"import_id": found.pk, **told}
    talk = services.LogInput(kind="mail", on=at.date(), summary="Wrote.")
    services.log(partner_id=sol.pk, content=talk, **told)
    services.add_capability(partner_id=tide.pk, content=services.CapabilityInput(kind="offers", name="Waves"), **told)
    assert "so it stays: Sol y Mar S.L., Tide Ltd" in refused_with(services.undo_import, **undo).reason
    Partner.objects.exclude(pk=partner.pk).update(stage="known")
    sol.log.all().delete()
    tide.capabilities.all().delete()
    jo = Contact.objects.get(name="Jo")
    Contact.objects.filter(pk=jo.pk).update(invited_at=at)
    assert queries.in_use(found) == ["Hochschule Müller"]
    Contact.objects.filter(pk=jo.pk).update(invited_at=None)
    services.change_partner(
        partner_id=sol.pk, content=services.PartnerInput(name="Sol", kind="firm", owner=owner), **told
    )
    assert queries.in_use(found) == ["Sol"]


def test_nothing_of_another_firm_is_taken_and_an_unused_file_goes_after_a_day(
    organisation, owner, other_organisation, other_owner, at
):
    fair = services.EventInput(name="Fair", on=at.date())
    theirs = services.note_event(organisation=other_organisation, content=fair, actor=other_owner, at=at)
    given = {"organisation": organisation, "name": "a.csv", "content": b"x", "at": at}
    assert refused_with(services.stage_import, actor=other_owner, **given).code == "people.not_manager"
    found = services.stage_import(actor=owner, **given)
    with pytest.raises(SourceEvent.DoesNotExist):
        services.take_over(
            import_id=found.pk, coming=BROUGHT, n_left_out=0, met=services.Met(event=theirs), actor=owner, at=at
        )
    for hours in (23, 25):
        sweep(at + timedelta(hours=hours))
    assert PartnerImport.objects.count() == 1
    services.drop_stale_imports(at=at + timedelta(hours=25))
    assert PartnerImport.objects.count() == 0
