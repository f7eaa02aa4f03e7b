"""From a draft to an agreement both sides signed, and to its end."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from permea.agreements import queries, services
from permea.agreements.models import Agreement, AgreementVersion, SigningCode
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing, Receipt
from permea.notifications.models import Mail
from permea.people import services as people
from permea.people.models import Membership, Organisation
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGES = ("agreement", "clauses", "offer", "guest", "text", "end", "drop", "pack")
CAMPUS = {"partner_name": "Campus", "partner_kind": "university", "contact_email": "sam@workshop.example"}


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    """Keep signing keys in a folder of the test."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "keys").mkdir()


@pytest.fixture
def draft(organisation, owner, solver):
    """Return a draft of a mutual promise of secrecy with Sam's university."""
    assert solver
    return make_draft(organisation, owner)


def make_draft(organisation, actor, **said):
    content = {"kind": "nda_mutual", "title": "Talks", "language": "en", "law": "DE", **CAMPUS, **said}
    return services.draft_agreement(
        organisation=organisation, said=services.AgreementInput(**content), actor=actor, at=AT
    )


def offer(draft, owner):
    return services.offer_agreement(agreement_id=draft.pk, actor=owner, at=AT)


def refused(act, **told):
    with pytest.raises(RefusedError) as error:
        act(**told)
    return error.value.refusal.code


def code_of(person, version, at=AT):
    services.send_signing_code(version_id=version.pk, actor=person, at=at)
    mail = Mail.objects.filter(kind="agreement_code", person=person).latest("pk")
    return re.search(r"\b\d{6}\b", mail.text).group()


def sign(person, version, at=AT):
    said = {"typed_name": f" {person.name} ", "code": code_of(person, version, at)}
    return services.sign_version(version_id=version.pk, actor=person, at=at, **said)


def propose(draft, actor, body="Another text.", **told):
    said = {"body": body, "options": {"term_months": "6", "notice_months": "0"}, "note": "Shorter"}
    return services.propose_version(agreement_id=draft.pk, actor=actor, at=AT, **{**said, **told})


def test_a_draft_is_seen_by_the_firm_alone_until_it_is_offered(
    draft, organisation, owner, manager, member, evaluator, solver, stranger, other_owner, other_organisation
):
    def readers():
        found = []
        for person in (owner, manager, member, evaluator, solver, stranger, other_owner):
            try:
                queries.agreement_for(person, draft.key)
            except Http404:
                continue
            found.append(person.name)
        return found

    firm = ["Olga Owner", "Mara Manager", "Max Member"]
    before = (readers(), queries.own_agreements(solver, AT), queries.personal_data(solver)["agreements"])
    assert (propose(draft, owner).number, queries.newest_version(draft).body) == (1, "Another text.")
    services.choose_clauses(
        agreement_id=draft.pk, options={"subject": "Pumps.", "term_months": "12"}, law="AT", actor=owner, at=AT
    )
    version = queries.newest_version(draft)
    offer(draft, owner)
    assert before == (firm, [], [])
    assert (version.number, "Pumps." in version.body, "12 months" in version.body, "Austria" in version.body) == (
        1,
        True,
        True,
        True,
    )
    assert (readers(), [row.agreement for row in queries.own_agreements(solver, AT)]) == (
        [*firm, "Sam Solver"],
        [draft],
    )
    assert list(Mail.objects.filter(kind="agreement_news").values_list("to", flat=True)) == [solver.email]
    assert (Organisation.objects.get(name="Campus").is_host, queries.partners_of(organisation).count()) == (False, 1)
    assert queries.partners_of(other_organisation).count() == 0
    for person in (member, solver):
        with pytest.raises(Http404):
            queries.managed_agreement(person, draft.key)
    with pytest.raises(Http404):
        queries.read_agreement(solver, draft.key)


def test_both_sides_sign_the_same_version_and_it_lives_for_its_months(draft, owner, solver):
    offer(draft, owner)
    first = queries.newest_version(draft)
    sign(owner, first)
    second = propose(draft, solver)
    assert refused(services.send_signing_code, version_id=first.pk, actor=owner, at=AT) == "agreements.old_version"
    sign(solver, second)
    draft.refresh_from_db()
    assert (draft.status, second.by_party.organisation.name) == ("offered", "Campus")
    assert refused(services.send_signing_code, version_id=second.pk, actor=solver, at=AT) == "agreements.signed"
    signature = sign(owner, second, AT + DAY)
    draft.refresh_from_db()
    covered = queries.coverage_of(solver, draft.organisation, at=AT + 2 * DAY)
    kinds = list(Crossing.objects.filter(subject_key=draft.key).order_by("number").values_list("kind", "direction"))
    lives = (draft.status, draft.valid_from, draft.valid_until.month)
    assert (*lives, signature.typed_name) == ("signed", AT + DAY, 9, "Olga Owner")
    assert covered.agreement_for("pump", "evaluate") == draft
    assert kinds == [
        ("agreement.offered", "out"),
        ("agreement.side_signed", "out"),
        ("agreement.revised", "in"),
        ("agreement.side_signed", "in"),
        ("agreement.side_signed", "out"),
        ("agreement.signed", "in"),
    ]
    assert second.sha256 in Receipt.objects.get(person=solver).document["crossing"]["body"]
    assert refused(propose, draft=draft, actor=owner, body="More") == "agreements.closed"
    assert queries.personal_data(solver)["agreement_signatures"][0]["typed_name"] == "Sam Solver"
    assert queries.erasure_lines(solver).stays != []
    ended = services.end_agreement(agreement_id=draft.pk, actor=solver, at=AT + 2 * DAY)
    over = queries.coverage_of(solver, draft.organisation, at=AT + 2 * DAY)
    assert (ended.ended_at, over.agreement_for("pump", "evaluate")) == (AT + 2 * DAY, None)
    told = Mail.objects.filter(kind="agreement_news").order_by("pk").values_list("to", flat=True)
    assert list(told) == [solver.email, owner.email, solver.email, owner.email, owner.email]


def test_a_code_counts_once_for_fifteen_minutes_five_tries_and_its_person(draft, owner, manager, solver):
    offer(draft, owner)
    version = queries.newest_version(draft)

    def tried(person, code, name="Name", at=AT):
        return refused(
            services.sign_version, version_id=version.pk, actor=person, typed_name=name, code=code, at=at
        )  # fmt: skip

    assert tried(solver, "000000") == "agreements.no_code"
    code = code_of(solver, version)
    assert tried(solver, code, name=" ") == "agreements.no_name"
    assert tried(owner, code) == "agreements.no_code"
    assert tried(solver, code, at=AT + timedelta(minutes=15)) == "agreements.no_code"
    assert refused(services.send_signing_code, version_id=version.pk, actor=solver, at=AT) == "agreements.code_sent"
    wrong = "000000" if code != "000000" else "000001"
    assert [tried(solver, wrong) for _number in range(5)] == ["agreements.wrong_code"] * 5
    assert tried(solver, code) == "agreements.no_code"
    later = AT + timedelta(minutes=2)
    fresh = code_of(solver, version, later)
    services.sign_version(version_id=version.pk, actor=solver, typed_name="Sam", code=fresh, at=later)
    assert tried(solver, fresh, at=later) == "agreements.no_code"
    code_of(manager, version)
    SigningCode.objects.update(n_sent=10)
    told = {"version_id": version.pk, "actor": manager, "at": later}
    assert refused(services.send_signing_code, **told) == "agreements.too_many_codes"


def test_a_signature_that_was_given_meanwhile_uses_no_code_up(draft, owner, manager):
    offer(draft, owner)
    version = queries.newest_version(draft)
    codes = {person: code_of(person, version) for person in (owner, manager)}
    told = {"version_id": version.pk, "typed_name": "Name", "at": AT}
    services.sign_version(actor=owner, code=codes[owner], **told)
    assert refused(services.sign_version, actor=manager, code=codes[manager], **told) == "agreements.signed"


def test_who_may_not_speak_for_a_side_changes_nothing(draft, owner, member, solver, stranger, make_person):
    guest = make_person("gina@campus.example", "Gina")
    campus = Organisation.objects.get(name="Campus")
    Membership.objects.create(person=guest, organisation=campus, role="member", since=AT)
    version = queries.newest_version(draft)
    assert refused(offer, draft=draft, owner=member) == "people.not_manager"
    assert refused(services.send_signing_code, version_id=version.pk, actor=owner, at=AT) == "agreements.not_offered"
    offer(draft, owner)
    for person in (guest, stranger, member):
        assert refused(propose, draft=draft, actor=person) == "agreements.may_not_bind"
        assert refused(services.end_agreement, agreement_id=draft.pk, actor=person, at=AT) == "agreements.may_not_bind"
        told = {"version_id": version.pk, "actor": person, "at": AT}
        assert refused(services.send_signing_code, **told) == "agreements.may_not_bind"
    for act in (services.offer_agreement, services.drop_agreement):
        assert refused(act, agreement_id=draft.pk, actor=solver, at=AT) == "people.not_manager"
    assert (AgreementVersion.objects.count(), refused(offer, draft=draft, owner=owner)) == (1, "agreements.not_draft")
    told = {"agreement_id": draft.pk, "options": {}, "law": "DE", "actor": owner, "at": AT}
    assert refused(services.choose_clauses, **told) == "agreements.unchanged"
    assert refused(services.end_agreement, agreement_id=draft.pk, actor=owner, at=AT) == "agreements.not_live"


def test_the_other_side_is_known_or_named_and_never_the_firm_itself(organisation, owner, member, draft, solver_two):
    campus = Organisation.objects.get(name="Campus")
    again = make_draft(organisation, owner, partner_key=campus.key, partner_name="", contact_email="")
    alone = make_draft(organisation, owner, partner_name="", contact_email=solver_two.email, language="fr")
    assert [queries.party_name(one.parties.get()) for one in (again, alone)] == ["Campus", "Sina Solver"]
    assert (alone.language, queries.first_party(alone)) == ("en", solver_two)
    assert queries.standing_of(solver_two, offer(alone, owner)).may_bind is True
    said = {"organisation": organisation, "actor": owner}
    assert refused(make_draft, **said, contact_email=member.email) == "agreements.own_party"
    assert refused(make_draft, **said, contact_email="") == "agreements.no_party"
    assert refused(make_draft, **said, title=" ") == "agreements.empty"
    assert refused(make_draft, organisation=organisation, actor=member) == "people.not_manager"
    assert draft.parties.get().organisation == campus


def test_who_is_erased_takes_what_nobody_signed_along(organisation, owner, solver_two):
    draft = make_draft(organisation, owner, partner_name="", contact_email=solver_two.email)
    offer(draft, owner)
    sign(solver_two, queries.newest_version(draft))
    lines = queries.erasure_lines(solver_two)
    people.erase_person(person=solver_two, actor=solver_two, at=AT)
    draft.refresh_from_db()
    version = queries.newest_version(draft)
    assert (draft.status, version.body, version.signatures.get().typed_name, len(lines.goes)) == ("dropped", "", "", 1)


def test_a_dropped_draft_is_never_told_and_an_offered_one_is(draft, organisation, owner, solver):
    other = make_draft(organisation, owner, title="Never shown")
    services.drop_agreement(agreement_id=other.pk, actor=owner, at=AT)
    offer(draft, owner)
    services.drop_agreement(agreement_id=draft.pk, actor=owner, at=AT)
    seen = [row.agreement for row in queries.own_agreements(solver, AT)]
    assert (seen, Mail.objects.filter(kind="agreement_news").count()) == ([draft], 2)
    assert queries.standing_of(solver, Agreement.objects.get(pk=other.pk)) is None
    assert refused(services.drop_agreement, agreement_id=draft.pk, actor=owner, at=AT) == "agreements.closed"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "draft"),
        ({"status": "offered"}, "offered"),
        ({"status": "dropped"}, "dropped"),
        ({"status": "signed", "valid_from": AT}, "live"),
        ({"status": "signed", "valid_from": AT, "valid_until": AT + 60 * DAY}, "soon"),
        ({"status": "signed", "valid_from": AT - DAY, "ended_at": AT}, "ended"),
    ],
)
def test_the_list_finds_by_state_and_words(draft, organisation, other_organisation, fields, state):
    Agreement.objects.filter(pk=draft.pk).update(**fields)

    def found(firm=organisation, **asked):
        return list(queries.agreements_of(firm, at=AT, **{"state": "", "text": "", **asked}))

    in_states = [one for one in queries.STATES if found(state=one)]
    row = queries.agreement_row(found()[0], AT)
    assert (in_states, row.state, row.partners) == ([state], state, ["Campus"])
    assert (found(text="campus"), found(text="TALKS")) == ([draft], [draft])
    assert (found(text="pump"), found(other_organisation)) == ([], [])


def test_the_pack_for_a_lawyer_holds_every_version_and_what_changed(draft, owner):
    offer(draft, owner)
    before = queries.newest_version(draft).body
    propose(draft, owner, body=before.replace("Both sides", "The two sides") + "\x07 & more")
    with zipfile.ZipFile(io.BytesIO(queries.lawyer_pack(draft))) as pack:
        names = sorted(pack.namelist())
        facts = json.loads(pack.read("agreement.json"))
        with zipfile.ZipFile(io.BytesIO(pack.read("changes-1-to-2.docx"))) as word:
            changed = word.read("word/document.xml").decode()
    assert names == [
        "agreement.json", "changes-1-to-2.docx", "ip-table.json", "version-1.docx", "version-1.md", "version-1.pdf",
        "version-2.docx", "version-2.md", "version-2.pdf",
    ]  # fmt: skip
    assert (facts["partners"], facts["versions"][1]["options"]["term_months"]) == (["Campus"], "6")
    assert [said in changed for said in ("<w:del ", "<w:ins ", "&amp; more", "\x07")] == [True, True, True, False]


def sign_on_page(browser, person, args):
    """Ask for a code twice, sign with nothing, with a wrong code and with the right one."""
    code_page, sign_page = (reverse(f"agreements:{name}", args=args) for name in ("code", "sign"))
    browser.post(code_page)
    assert_page_ok(browser.post(code_page), status=409)
    mail = Mail.objects.filter(kind="agreement_code", person=person).latest("pk")
    code = re.search(r"\b\d{6}\b", mail.text).group()
    assert_page_ok(browser.post(sign_page, {}), status=422)
    assert_page_ok(browser.post(sign_page, {"typed_name": "N", "code": "x"}), status=409)
    browser.post(sign_page, {"typed_name": person.name, "code": code})


def test_both_sides_walk_through_the_pages(client_of, organisation, owner, member, solver, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    firm, guest = client_of(owner), client_of(solver)
    assert_page_ok(firm.get(reverse("agreements:all")))
    assert_page_ok(firm.get(reverse("agreements:new")))
    begun = {"title": "Pilot", "kind": "pilot", "path": "letter", "language": "en", "law": "CL", **CAMPUS}
    assert_page_ok(firm.post(reverse("agreements:new"), {**begun, "contact_email": member.email}), status=409)
    assert_page_ok(firm.post(reverse("agreements:new"), {}), status=422)
    firm.post(reverse("agreements:new"), begun)
    made = Agreement.objects.get()
    page = {name: reverse(f"agreements:{name}", args=[made.key]) for name in PAGES}
    form = assert_page_ok(firm.get(page["clauses"]))
    chosen = {"subject": "Grippers", "law": "CL", "results": "joint", "term_months": "6", "at_end": "ends"}
    firm.post(page["clauses"], chosen)
    assert (guest.get(page["guest"]).status_code, firm.get(page["guest"]).status_code) == (404, 302)
    shown = assert_page_ok(firm.get(page["agreement"]))
    firm.post(page["offer"])
    assert_page_ok(firm.post(page["offer"]), status=409)
    assert_page_ok(firm.post(page["clauses"], chosen), status=409)
    assert ("Who owns the results" in form.text, "There is no list for this country" in shown.text) == (True, True)
    own = assert_page_ok(guest.get(page["guest"]))
    assert ("Before you sign" in own.text, "Propose a change" in own.text) == (False, True)
    assert_page_ok(guest.get(reverse("agreements:mine")))
    assert_page_ok(guest.get(page["text"]))
    changed = {"body": "We try it.", "term_months": "3", "at_end": "ends", "notice_months": "0", "note": "Short"}
    assert guest.post(page["text"], changed).status_code == 302
    assert_page_ok(guest.post(page["text"], changed), status=409)
    newest = queries.newest_version(made)
    for browser, person in ((guest, solver), (firm, owner)):
        sign_on_page(browser, person, args=[made.key, newest.key])
    made.refresh_from_db()
    assert (made.status, firm.get(page["pack"]).headers["Content-Type"]) == ("signed", "application/zip")
    assert_page_ok(firm.post(page["drop"]), status=409)
    assert guest.post(page["end"]).status_code == 302
    assert_page_ok(guest.post(page["end"]), status=409)
    listed = assert_page_ok(firm.get(reverse("agreements:all") + "?state=ended&q=pilot"))
    assert "Pilot" in listed.text
