"""An IP table that both sides fill: nothing is overwritten, and what collides is told."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from permea.agreements import queries, services
from permea.agreements.models import Agreement, AgreementParty, IpEntry, IpShare, IpVersion
from permea.agreements.rules import WHOLE, Holder, Right, Share, Stated
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people import services as people
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CAMPUS = {"partner_name": "Campus", "partner_kind": "university", "contact_email": "sam@workshop.example"}


@pytest.fixture
def make_agreement(organisation, owner, solver):
    """Return a factory of agreements with Sam's university, offered unless told otherwise."""
    assert solver

    def make(*, is_offered=True, **said):
        content = {"kind": "development", "title": "Seals", "language": "en", "law": "DE", **CAMPUS, **said}
        made = services.draft_agreement(
            organisation=organisation, said=services.AgreementInput(**content), actor=owner, at=AT
        )
        return services.offer_agreement(agreement_id=made.pk, actor=owner, at=AT) if is_offered else made

    return make


def party(agreement):
    return Holder(party=AgreementParty.objects.get(agreement=agreement).pk)


def own(holder, title="Cold seal", **fields):
    return Stated(title=title, shares=(Share(holder, WHOLE),), **fields)


def state(agreement, actor, kind, said, at=AT):
    return services.state_ip(agreement_id=agreement.pk, kind=kind, said=said, actor=actor, at=at)


def refused(act, **told):
    with pytest.raises(RefusedError) as error:
        act(**told)
    return error.value.refusal.code


def crossed(agreement):
    rows = Crossing.objects.filter(subject_key=agreement.key, kind__startswith="ip.").order_by("number")
    return list(rows.values_list("kind", "direction"))


def test_what_the_firm_changed_before_it_offered_never_crosses(make_agreement, owner, solver):
    draft = make_agreement(is_offered=False)
    first, again = (
        state(draft, owner, "background", own(Holder(), description="For 90 per cent of us."), at=at)
        for at in (AT, AT + timedelta(seconds=9))
    )
    assert again == first
    services.revise_ip(entry_id=first.entry_id, said=own(Holder()), actor=owner, at=AT)
    gone = state(draft, owner, "sideground", own(Holder(), "Never told"))
    services.withdraw_ip(entry_id=gone.entry_id, actor=owner, at=AT)
    before = crossed(draft)
    services.offer_agreement(agreement_id=draft.pk, actor=owner, at=AT + DAY)
    seen = queries.ip_table(solver, draft.key, at=AT)
    _table, line, versions = queries.ip_entry(solver, draft.key, first.entry.key, at=AT)
    inside = queries.ip_entry(owner, draft.key, first.entry.key, at=AT)[2]
    assert (before, crossed(draft)) == ([], [("ip.stated", "out")])
    assert ([one.entry.key for one in seen.lines], len(versions), len(inside)) == ([first.entry.key], 1, 2)
    assert (line.holds.version.number, line.touch_blocked.code, line.holds.by) == (
        2, "ip.not_yours", "Lindenhof Robotics",
    )  # fmt: skip
    with pytest.raises(Http404):
        queries.ip_entry(solver, draft.key, gone.entry.key, at=AT)


def test_shared_ownership_holds_once_both_have_accepted_the_same_version(make_agreement, owner, member, solver):
    made = make_agreement()
    halves = (Share(Holder(), 33_333), Share(party(made), 66_667))
    first = state(made, owner, "foreground", Stated(title="Joint seal", shares=halves))
    line = queries.ip_table(owner, made.key, at=AT).lines[0]
    assert (line.holds, line.waits_for, line.accept_blocked.code) == (None, ["Campus"], "ip.accepted")
    assert refused(services.accept_ip, version_id=first.pk, actor=member, at=AT) == "agreements.may_not_bind"
    other = services.revise_ip(
        entry_id=first.entry_id, said=own(party(made), "Joint seal"), actor=solver, at=AT
    )  # the counter-proposal takes the place of the first one
    assert refused(services.accept_ip, version_id=first.pk, actor=solver, at=AT) == "ip.old_version"
    agreed = services.accept_ip(version_id=other.pk, actor=owner, at=AT + DAY)
    assert (agreed.in_force_at, refused(services.accept_ip, version_id=other.pk, actor=owner, at=AT)) == (
        AT + DAY, "ip.in_force",
    )  # fmt: skip
    third = services.revise_ip(entry_id=first.entry_id, said=own(Holder(), "Joint seal"), actor=owner, at=AT)
    line = queries.ip_table(solver, made.key, at=AT).lines[0]
    assert (line.holds.version.pk, line.proposed.version.pk, line.waits_for) == (other.pk, third.pk, ["Campus"])
    services.withdraw_ip(entry_id=first.entry_id, actor=owner, at=AT)
    services.accept_ip(version_id=IpEntry.objects.get().newest_id, actor=solver, at=AT)
    table = queries.ip_table(solver, made.key, at=AT)
    assert (len(table.withdrawn), IpVersion.objects.count()) == (1, 4)
    assert crossed(made) == [
        ("ip.stated", "out"), ("ip.stated", "in"), ("ip.accepted", "out"), ("ip.stated", "out"),
        ("ip.withdrawn", "out"), ("ip.accepted", "in"),
    ]  # fmt: skip
    mails = Mail.objects.filter(subject__contains="you made together").order_by("pk")
    assert list(mails.values_list("person__name", flat=True)) == [
        "Sam Solver", "Olga Owner", "Sam Solver", "Sam Solver", "Sam Solver", "Olga Owner",
    ]  # fmt: skip


def test_the_rules_are_asked_and_the_database_keeps_the_whole(make_agreement, owner, stranger, solver):
    made = make_agreement()
    off = replace(own(Holder()), shares=(Share(Holder(), 99_999),))
    told = {"agreement_id": made.pk, "kind": "background", "at": AT}
    assert refused(services.state_ip, said=off, actor=owner, **told) == "ip.shares"
    assert refused(services.state_ip, said=own(Holder()), actor=solver, **told) == "ip.not_own"
    assert refused(services.state_ip, said=own(Holder()), actor=stranger, **told) == "agreements.may_not_bind"
    made_one = state(made, owner, "background", own(Holder()))
    again = {"entry_id": made_one.entry_id, "actor": owner, "at": AT}
    assert refused(services.revise_ip, said=own(Holder()), **again) == "ip.unchanged"
    assert refused(services.revise_ip, said=off, **again) == "ip.shares"
    assert refused(services.withdraw_ip, **{**again, "actor": solver}) == "ip.not_yours"
    assert refused(services.withdraw_ip, **{**again, "actor": stranger}) == "agreements.may_not_bind"
    assert refused(services.accept_ip, version_id=made_one.pk, actor=stranger, at=AT) == "agreements.may_not_bind"
    pending = state(made, owner, "foreground", own(Holder(), "Pending"))
    assert services.withdraw_ip(entry_id=pending.entry_id, actor=owner, at=AT).in_force_at == AT
    for wrong in ({"owned": 99_999}, {"number": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            IpVersion.objects.create(
                **{"entry": made_one.entry, "number": 9, "title": "-", "owned": WHOLE, "sha256": "", **wrong},
                written_by=owner,
                written_at=AT,
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        IpShare.objects.create(version=made_one, thousandths=1)
    Agreement.objects.filter(pk=made.pk).update(status="dropped")
    assert refused(services.withdraw_ip, **again) == "agreements.closed"
    assert len(queries.ip_table(owner, made.key, at=AT).lines) == 2


def test_the_firm_sees_what_collides_over_its_agreements_and_the_other_side_only_inside(
    make_agreement, organisation, other_organisation, owner, solver
):
    pilot, supply = (
        make_agreement(),
        make_agreement(title="Supply", partner_name="Acme", contact_email="a@acme.example"),
    )
    right = Right(holder=party(pilot), use="commercial", fields=("Cars",), is_exclusive=True)
    other = Right(holder=Holder(name="BOLT"), use="commercial", ends_on=(AT + 100 * DAY).date())
    state(pilot, owner, "background", own(Holder(), identifier="EP1234567", rights=(right,)))
    state(supply, owner, "background", own(Holder(), "Seal", identifier="EP 1234567 B1", rights=(other,)))
    state(pilot, solver, "third_party", own(Holder(name="Acme"), "Code", licence="GPL"))
    found = queries.house_rights(organisation, kind="", text="", today=AT.date())
    inside = queries.ip_table(owner, pilot.key, at=AT)
    outside = queries.ip_table(solver, pilot.key, at=AT)
    assert [one.code for one in found.conflicts] == ["ip.exclusive_and_other"]
    assert "Campus has it alone, yet BOLT may use it too" in inside.conflicts[0].reason
    assert (outside.conflicts, len(outside.lines), outside.lines[0].conflicts) == ([], 2, [])
    by_words = queries.house_rights(organisation, kind="third_party", text="gpl", today=AT.date())
    elsewhere = queries.house_rights(other_organisation, kind="", text="", today=AT.date())
    assert (len(by_words.rows), elsewhere.n_entries) == (1, 0)
    over = AT + 101 * DAY
    assert queries.house_rights(organisation, kind="", text="", today=over.date()).conflicts == []
    Agreement.objects.filter(pk=supply.pk).update(
        status="signed", valid_from=AT, valid_until=AT + DAY, ended_at=AT + DAY
    )
    IpEntry.objects.get(agreement=supply).newest.grants.update(ends_on=None, holder_name="campus")
    assert queries.house_rights(organisation, kind="", text="", today=AT.date()).conflicts == []


def test_both_sides_fill_the_table_on_pages(client_of, make_agreement, organisation, owner, member, solver, stranger):
    made = make_agreement(options={"results": "joint"})
    firm, guest = client_of(owner), client_of(solver)

    def page(name, *args):
        return reverse(f"agreements:{name}", args=[made.key, *args])

    def row(n, **said):
        return {f"right-{n}-{name}": value for name, value in said.items()}

    head = {"right-TOTAL_FORMS": "2", "right-INITIAL_FORMS": "0"}
    seal = {"kind": "background", "title": "Cold seal", "identifier": "EP1234567", "share_0": "100,000"}
    alone = row(
        0, holder="1", use="commercial", fields_of_use="Cars, Trucks", countries="Germany, eu", is_exclusive="on"
    )
    others = row(1, holder="other", other_name="Bolt", use="own", ends_on="2030-01-01")
    assert_page_ok(firm.get(reverse("agreements:rights")))
    assert "Only owners and managers speak" in assert_page_ok(client_of(member).get(page("ip_new"))).text
    assert_page_ok(firm.post(page("ip_new"), {**seal, **head, "share_0": "99.5"}), status=409)
    wrong = {**seal, **head, "share_1": "a lot", "other_0": "Acme", **row(0, holder="other", countries="Atlantis")}
    shown = assert_page_ok(firm.post(page("ip_new"), wrong), status=422)
    assert [said in shown.text for said in ("Atlantis", "Say who it is", "needs a name and a share", "33.333")] == [
        True
    ] * 4
    saved = assert_page_ok(firm.post(page("ip_new"), {**seal, **head, **alone, **others}, follow=True))
    entry = IpEntry.objects.get(kind="background")
    warned = "Campus has it alone, yet Bolt may use it too" in saved.text
    assert (warned, len(entry.newest.grants.first().countries)) == (True, 27)
    guest_table = assert_page_ok(guest.get(page("ip_guest")))
    assert ("Cold seal" in guest_table.text, "Take back" in guest_table.text) == (True, False)
    result = {"kind": "foreground", "title": "Joint seal", "share_0": "50", "share_1": "25", "other_0": "Acme"}
    assert guest.post(page("ip_new"), {**result, **head, "other_share_0": "25", "item_key": ""}).status_code == 302
    pending = IpEntry.objects.get(kind="foreground")
    table = assert_page_ok(firm.get(page("ip")))
    assert [said in table.text for said in ("Waits for: Lindenhof Robotics", "both in equal shares")] == [True, True]
    accept = page("ip_accept", pending.key, pending.newest.key)
    assert_page_ok(client_of(member).post(accept), status=409)
    assert "holds from now on" in assert_page_ok(firm.post(accept, follow=True)).text
    edit = page("ip_edit", pending.key)
    assert 'value="25"' in firm.get(edit).text
    assert 'value="EU"' in firm.get(page("ip_edit", entry.key)).text
    assert firm.post(edit, {"title": "Joint seal", **head, "share_0": "50", "share_1": "50"}).status_code == 302
    assert_page_ok(guest.post(page("ip_withdraw", entry.key)), status=409)
    assert "has to accept it" in assert_page_ok(firm.post(page("ip_withdraw", pending.key), follow=True)).text
    said = assert_page_ok(guest.get(page("ip_entry", pending.key)))
    assert [text in said.text for text in ("Version 3", "never held", "held from", "holds since")] == [
        True, True, False, True,
    ]  # fmt: skip
    assert_page_ok(firm.post(page("ip_withdraw", entry.key), follow=True))
    assert "Joint seal" in assert_page_ok(firm.get(reverse("agreements:rights"))).text
    answers = [client_of(stranger).get(page(name)).status_code for name in ("ip", "ip_guest", "ip_new")]
    assert (answers, guest.get(page("ip")).status_code, firm.get(page("ip_guest")).status_code) == ([404] * 3, 404, 302)


def test_papers_and_erasure_cover_the_table(make_agreement, owner, solver, solver_two):
    with_person = make_agreement(partner_name="", contact_email=solver_two.email)
    single = AgreementParty.objects.get(agreement=with_person)
    third = AgreementParty.objects.create(agreement=with_person, person=solver)
    owners = (Holder(party=single.pk), Holder(party=third.pk), Holder(name="Uncle Bob"))
    shares = tuple(map(Share, owners, (30_000, 30_000, 40_000)))
    right = Right(holder=Holder(name="Bob"), use="own")
    made = state(with_person, solver_two, "foreground", Stated(title="My idea", shares=shares, rights=(right,)))
    open_still = services.accept_ip(version_id=made.pk, actor=owner, at=AT).in_force_at
    waits_for = queries.ip_table(owner, with_person.key, at=AT).lines[0].waits_for
    document = queries.ip_document(with_person)
    data = queries.ip_personal_data(solver_two)
    people.erase_person(person=solver_two, actor=solver_two, at=AT)
    made.refresh_from_db()
    assert (open_still, waits_for) == (None, ["Sam Solver"])
    assert json.loads(json.dumps(document))[0]["owners"][0] == {"name": "Uncle Bob", "per_cent": "40"}
    assert (data["ip_entries"][0]["title"], len(data["ip_acceptances"])) == ("My idea", 1)
    assert (made.title, made.shares.count(), made.grants.count()) == ("–", 2, 0)
