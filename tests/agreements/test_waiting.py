"""What of agreements waits for a partner stands on its own page, and nothing of it on the firm's Today."""

from __future__ import annotations

import pytest

from permea.agreements import queries, services
from permea.agreements.models import Agreement, AgreementParty, AgreementSignature, AgreementVersion
from permea.partners import services as partners
from permea.people.queries import partner_roles_of
from permea.people.services.memberships import seat
from permea.surface.registry import partner_items, today_items
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.services
OFFERS = "Lindenhof Robotics offers this agreement to your side."
ASKS = "Lindenhof Robotics asks for your answers, to find the agreement that fits."


@pytest.fixture
def campus(organisation, owner, solver, solver_two):
    """Return a partner of the firm; Sam Solver owns it, the other solver is a member."""
    said = partners.PartnerInput(name="Campus", kind="university", country="DE", owner=owner)
    party = partners.note_partner(organisation=organisation, content=said, actor=owner, at=AT).party
    for person, role in ((solver, "owner"), (solver_two, "member")):
        seat(person=person, organisation=party, role=role, at=AT)
    return party


@pytest.fixture
def offered(organisation, owner, campus):
    made = Agreement.objects.create(
        organisation=organisation, created_by=owner, created_at=AT, kind="nda_mutual", title="Secrecy",
        status="offered", was_offered=True,
    )  # fmt: skip
    AgreementParty.objects.create(agreement=made, organisation=campus)
    write(made, owner)
    return made


def write(agreement, owner, number=1):
    return AgreementVersion.objects.create(
        agreement=agreement, number=number, body="x", sha256="x", written_by=owner, written_at=AT
    )


def of_partner(person):
    return [one.detail for one in partner_items(person, partner_roles_of(person), AT) if one.kind == "agreement"]


def test_a_text_waits_for_who_may_bind_the_partner_until_its_newest_version_is_signed(
    organisation, offered, owner, solver, solver_two, stranger
):
    assert [of_partner(one) for one in (solver, solver_two, stranger, owner)] == [[OFFERS], [], [], []]
    assert [one for one in today_items(owner, organisation, "owner", AT) if one.kind == "agreement"] == []
    said = {"party": offered.parties.get(), "person": solver, "typed_name": "Sam", "signed_at": AT}
    AgreementSignature.objects.create(version=offered.versions.get(), **said)
    assert of_partner(solver) == []
    write(offered, owner, 2)
    assert of_partner(solver) == [OFFERS]
    offered.parties.update(organisation=None, person=solver_two)
    assert [of_partner(one) for one in (solver, solver_two)] == [[], [OFFERS]]
    Agreement.objects.update(status="dropped")
    assert of_partner(solver_two) == []


def test_the_chooser_waits_for_all_of_the_partner_until_it_has_handed_in(
    organisation, campus, owner, solver, solver_two
):
    said = services.ChooserInput(title="Seals", partner_key=campus.key)
    run = services.start_chooser(organisation=organisation, said=said, actor=owner, at=AT)
    assert [of_partner(one) for one in (solver, solver_two, owner)] == [[ASKS], [ASKS], []]
    told = {"run_id": run.pk, "at": AT, "answers": dict.fromkeys(queries.guide().questions, "no")}
    services.answer_chooser(**told, side="partner", is_final=False, actor=solver_two)
    services.answer_chooser(**told, side="host", is_final=True, actor=owner)
    assert of_partner(solver) == [ASKS]
    services.answer_chooser(**told, side="partner", is_final=True, actor=solver_two)
    assert of_partner(solver) == []
    services.answer_again(run_id=run.pk, side="host", actor=owner)
    assert of_partner(solver) == [ASKS]


def test_the_page_of_a_partner_says_what_waits_or_that_nothing_does(client_of, offered, solver, solver_two):
    pages = [assert_page_ok(client_of(one).get("/partner/")).text for one in (solver, solver_two)]
    assert [OFFERS in page for page in pages] == [True, False]
    assert ["Nothing waits for your side now." in page for page in pages] == [False, True]
