"""The chain of title of what was chosen, kept for a lawyer."""

import pytest
from django.urls import reverse

from permea.agreements.models import Agreement
from permea.foundation.refusals import RefusedError
from permea.ideas.models import Contributor, Idea
from permea.ledger.models import Crossing
from permea.people import services as people
from permea.people.models import Membership
from permea.selection import queries, services
from permea.selection.models import Award, TitleEvidence
from permea.surface.testing import assert_page_ok
from tests.cast import AT, DAY


@pytest.fixture
def award(answered):
    """Return the first award, of an idea that Sam handed in for an institute and Sina wrote with him."""
    assert answered
    return Award.objects.select_related("decision__idea__author", "decision__challenge__ip_terms").order_by("pk")[0]


def refused(act, **told):
    with pytest.raises(RefusedError) as error:
        act(**told)
    return error.value.refusal.code


def states(organisation, idea, at=AT):
    checks = queries.title_page(organisation, idea.key, at=at).line.checks
    return {check.code.removeprefix("title."): str(check.state) for check in checks}


def test_the_firm_sees_what_is_open_and_records_what_it_has_in_hand(
    award, client_of, organisation, owner, member, other_owner, solver_two
):
    idea = award.decision.idea
    Idea.objects.filter(pk=idea.pk).update(affiliation="Campus Institute")
    Contributor.objects.create(idea=idea, person=solver_two, since=AT)
    services.accept_rights(award_id=award.pk, actor=idea.author, at=AT)
    services.record_payment(award_id=award.pk, actor=owner, payment="paid", note="", at=AT)
    firm, address = client_of(owner), reverse("selection:title", args=[idea.key])

    listed = assert_page_ok(firm.get(reverse("selection:titles")))
    shown = assert_page_ok(firm.get(address))
    told = {"kind": "signed", "person_key": solver_two.key, "words": "Sina signed on paper, folder 7."}
    assert_page_ok(firm.post(address, {**told, "words": "Paper"}), status=409)
    assert_page_ok(firm.post(address, {**told, "kind": ""}), status=422)
    for _click in range(2):
        assert_page_ok(firm.post(address, {**told, "document_sha256": "AB" * 32}, follow=True))

    n_chosen = Award.objects.count()
    assert [text in listed.text for text in (idea.title, f"0 of {n_chosen}")] == [True, True]
    asked = ("Ask Campus Institute whether", "Let them agree on their shares", f"known of {solver_two.display_name}.")
    assert [text in shown.text for text in asked] == [True, True, True]
    document = firm.post(reverse("selection:export_title", args=[idea.key])).json()
    by_code = {check["code"]: check["state"] for check in document["checks"]}
    assert (by_code["title.effect"], by_code["title.shares"], document["is_complete"]) == ("ok", "open", False)
    assert (document["evidence"][0]["document_sha256"], len(document["people"])) == ("ab" * 32, 2)
    assert {one["kind"] for one in document["ledger"]} >= {"award.rights_accepted", "award.payment"}
    assert Crossing.objects.filter(kind="title.exported", organisation=organisation).count() == 1
    evidence = TitleEvidence.objects.get()
    recorded = {"idea_id": idea.pk, "document_sha256": "", **told, "at": AT}
    assert refused(services.record_title_evidence, actor=member, **recorded) == "people.not_manager"
    assert refused(services.strike_title_evidence, evidence_id=evidence.pk, actor=member, at=AT) == "people.not_manager"
    exported = {"idea": idea, "document": "{}", "n_checks": 0, "at": AT}
    assert refused(services.export_title, actor=member, **exported) == "people.not_manager"
    strike = reverse("selection:strike_title", args=[idea.key, evidence.key])
    elsewhere = client_of(other_owner)
    assert [elsewhere.get(address).status_code, elsewhere.post(strike).status_code] == [404, 404]
    firm.post(strike)
    assert "already" in assert_page_ok(firm.post(strike, follow=True)).text
    assert states(organisation, idea)["effect"] == "open"


def test_words_about_somebody_are_theirs_to_read_and_go_with_them(award, organisation, owner, solver_two):
    idea = award.decision.idea
    Contributor.objects.create(idea=idea, person=solver_two, since=AT)
    told = {"idea_id": idea.pk, "document_sha256": "", "actor": owner, "at": AT}
    about = {"kind": "employer", "person_key": solver_two.key, "words": "A letter of Sina’s university."}
    evidence = services.record_title_evidence(**told, **about)
    services.record_title_evidence(**told, kind="shares", person_key="", words="Both signed, folder 8.")

    data = queries.title_data(solver_two)["title_evidence"]
    people.erase_person(person=solver_two, actor=solver_two, at=AT)

    evidence.refresh_from_db()
    words = list(TitleEvidence.objects.order_by("pk").values_list("words", flat=True))
    assert ([one["words"] for one in data], words) == ([about["words"]], ["–", "Both signed, folder 8."])
    assert states(organisation, idea)["shares"] == "ok"


def test_a_live_agreement_about_the_idea_with_all_its_people_lets_the_firm_use_what_they_keep(
    award, organisation, owner, other_organisation
):
    idea = award.decision.idea
    terms = award.decision.challenge.ip_terms
    type(terms).objects.filter(kind="ip_keep").update(version=9)
    type(terms).objects.filter(pk=terms.pk).update(kind="ip_keep")
    institute = people.found_organisation(
        name="Campus", kind="university", country="", language="en", owner=idea.author, at=AT, is_host=False
    )
    Membership.objects.create(person=idea.author, organisation=other_organisation, role="member", since=AT)
    unseen = queries.title_page(organisation, idea.key, at=AT).line.people[0].works_for
    licence = Agreement.objects.create(
        organisation=organisation, kind="licence_in", title="About it", status="signed", is_about_everything=False,
        valid_from=AT, valid_until=AT + 9 * DAY, created_by=owner, created_at=AT,
    )  # fmt: skip
    licence.parties.create(organisation=institute)

    before = states(organisation, idea)["effect"]
    licence.subjects.create(subject_key=idea.key)
    page = queries.title_page(organisation, idea.key, at=AT)
    over = states(organisation, idea, at=AT + 9 * DAY)["effect"]

    (proof,) = (check.proof for check in page.line.checks if check.code == "title.effect")
    assert (before, states(organisation, idea)["effect"], over) == ("open", "ok", "open")
    assert (proof, unseen, page.line.people[0].works_for) == (("About it (2026-03-02)",), (), ("Campus",))
