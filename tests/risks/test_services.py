"""What is written when risks are noted, changed, reviewed, settled, watched and passed on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.agreements.models import Agreement, AgreementParty
from permea.disclosures import services as disclosures
from permea.disclosures.queries import exposure_of
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.notifications.models import Mail
from permea.people.queries import personal_data_of
from permea.people.services import end_membership, erase_person, found_organisation
from permea.risks import queries, rules, services, tasks
from permea.risks.models import Risk, RiskVersion, Trigger
from tests.cast import AT, seat
from tests.risks.conftest import said

DAY = timedelta(days=1)
LEFT = ((1, 2, 3), (100, 200, 300))


@pytest.fixture
def campus(solver):
    """Return the university Sam works for; its people are guests."""
    return found_organisation(
        name="Campus", kind="university", country="DE", language="en", owner=solver, at=AT, is_host=False
    )


def history(risk):
    rows = RiskVersion.objects.filter(risk=risk).order_by("number")
    return [(row.number, row.did, row.why, float(row.impact_high), row.state, row.made_by_id) for row in rows]


def test_every_change_is_a_version_with_who_and_why(make_risk, owner, manager):
    risk = make_risk(owner=manager)
    told = {"risk_id": risk.pk, "actor": owner, "at": AT + DAY}
    services.change_risk(
        **told, content=said(manager, cost=(1, 2, 3), mitigation="Less.", left=((1, 1, 1), (1, 1, 1))), why=" A quote. "
    )
    services.settle_risk(**told, state="treated", why="In place.")
    services.confirm_risk(risk_id=risk.pk, actor=manager, at=AT + 2 * DAY)
    with pytest.raises(RefusedError) as refused:
        services.settle_risk(**told, state="closed", why="")
    services.change_risk(**told, content=said(manager, mitigation="Less.", left=LEFT), is_review=True)
    assert history(risk) == [
        (1, "noted", "", 20_000, "open", owner.pk),
        (2, "changed", "A quote.", 3, "open", owner.pk),
        (3, "settled", "In place.", 3, "treated", owner.pk),
        (4, "confirmed", "", 3, "treated", manager.pk),
        (5, "reviewed", "", 20_000, "treated", owner.pk),
    ]
    risk.refresh_from_db()
    assert (risk.number, refused.value.refusal.code) == (5, "risks.no_reason")
    confirmed = RiskVersion.objects.get(risk=risk, number=4)
    assert confirmed.review_on == (AT + 2 * DAY).date() + rules.REVIEW_EVERY


def test_only_who_manages_writes_and_only_the_house_looks_after(make_risk, member, evaluator, owner, organisation):
    risk = make_risk(owner=member)
    told = {"actor": member, "at": AT}
    trigger = risk.triggers.get()
    refused = []
    for write, named in (
        (services.note_risk, {"organisation": organisation, "content": said(owner)}),
        (services.take_starter, {"organisation": organisation, "starter": rules.STARTERS[0]}),
        (services.change_risk, {"risk_id": risk.pk, "content": said(owner)}),
        (services.settle_risk, {"risk_id": risk.pk, "state": "closed", "why": "x"}),
        (services.watch, {"risk_id": risk.pk, "kind": "review", "about": None, "limit": 0}),
        (services.end_watch, {"trigger_id": trigger.pk}),
        (services.look_now, {"organisation": organisation}),
        (services.export_register, {"organisation": organisation, "table": "", "n_rows": 0}),
    ):
        with pytest.raises(RefusedError) as error:
            write(**named, **told)
        refused.append(error.value.refusal.code)
    with pytest.raises(RefusedError) as strange:
        services.note_risk(organisation=organisation, content=said(evaluator), actor=owner, at=AT)
    services.confirm_risk(risk_id=risk.pk, **told)
    assert (set(refused), strange.value.refusal.code) == ({"people.not_manager"}, "risks.not_of_the_house")
    assert (Risk.objects.count(), RiskVersion.objects.count()) == (1, 2)


def test_what_comes_to_pass_is_told_once_to_who_looks_after_it(make_risk, manager, owner):
    risk = make_risk(owner=manager)
    closed = make_risk(title="Over")
    services.settle_risk(risk_id=closed.pk, state="closed", why="Sold.", actor=owner, at=AT)
    late = AT + rules.REVIEW_EVERY + DAY
    assert (queries.houses_to_look_at(AT + DAY - timedelta(hours=1)), len(queries.houses_to_look_at(late))) == ([], 1)
    for hours in (0, 25, 50):
        tasks.look_at_triggers(late + timedelta(hours=hours))
    mail = Mail.objects.get(kind="risk_trigger")
    assert (mail.person, "Told too early" in mail.subject, "Found: 1 day ago." in mail.text) == (manager, True, True)
    services.confirm_risk(risk_id=risk.pk, actor=manager, at=late)
    assert risk.triggers.get().fired_at is None
    later = late + rules.REVIEW_EVERY + 2 * DAY
    tasks.look_at_triggers(later)
    services.settle_risk(risk_id=risk.pk, state="closed", why="Sold.", actor=owner, at=later)
    assert (Mail.objects.filter(kind="risk_trigger").count(), risk.triggers.get().fired_at) == (2, None)


def test_ends_readers_and_shares_are_found(make_risk, organisation, owner, campus, solver, solver_two):
    risk, told = make_risk(), {"actor": owner, "at": AT}
    content = disclosures.ItemInput(title="Cold seal", kind="technology", sensitivity=4, owner=owner)
    item = disclosures.create_item(organisation=organisation, content=content, **told)
    part = disclosures.PartInput(label="How", text="By cold.", depth="invited")
    disclosures.save_part(item_id=item.pk, content=part, **told)
    for whom in ({"organisation": campus}, {"email": solver_two.email}):
        share = disclosures.ShareInput(**whom, depth="invited", purpose="evaluate")
        disclosures.share_item(item_id=item.pk, content=share, **told)
    for reader in (solver, solver_two):
        disclosures.read_item(key=item.key, reader=reader, at=AT)
    nda = Agreement.objects.create(
        organisation=organisation, kind="nda_mutual", title="Talks", status="signed", purposes=["evaluate"],
        valid_from=AT, valid_until=AT + 40 * DAY, created_by=owner, created_at=AT,
    )  # fmt: skip
    endless = Agreement.objects.create(
        organisation=organisation, kind="supply", title="Supply", status="signed", valid_from=AT, created_by=owner,
        created_at=AT,
    )  # fmt: skip
    for _time in range(8):
        record_crossing(
            organisation=organisation, kind="partner.stated", direction="in", depth="invited", subject_type="partner",
            subject_key="x", counterparty=campus, at=AT,
        )  # fmt: skip
    subject = queries.Subject
    made = [
        services.watch(risk_id=risk.pk, kind=kind, about=subject(about, key, "It"), limit=limit, **told)
        for kind, about, key, limit in (
            ("agreement", "agreement", nda.key, 30),
            ("agreement", "agreement", endless.key, 30),
            ("readers", "item", item.key, 1),
            ("readers", "item", "unread", 0),
            ("partner", "partner", campus.key, 60),
        )
    ]
    found = [Trigger.objects.get(pk=one.pk) for one in made]
    assert [(one.value, one.fired_at is not None) for one in found] == [
        (40, False), (None, False), (2, True), (0, False), (83, True),
    ]  # fmt: skip
    page = queries.leak_page(organisation, AT)
    stake = [(row.item, row.n_readers, row.points) for row in exposure_of(owner, organisation, AT)]
    assert [(row.item, row.n_readers, row.points) for row in page.by_item] == stake == [(item, 2, 8)]
    assert sorted((str(row.organisation), row.points) for row in page.by_organisation) == [
        (str(campus), 4),
        ("None", 4),
    ]
    AgreementParty.objects.create(agreement=nda, organisation=campus)
    assert services.look_now(organisation=organisation, actor=owner, at=AT + 11 * DAY) == 2
    assert [row.points for row in queries.leak_page(organisation, AT + DAY).by_organisation] == [4]
    services.end_watch(trigger_id=found[4].pk, **told)
    assert services.look_now(organisation=organisation, actor=owner, at=AT + 11 * DAY) == 1


def test_who_leaves_passes_their_risks_on_and_who_is_erased_as_well(
    make_risk, organisation, owner, manager, make_person
):
    heir = make_person("hanna@lindenhof.example", "Hanna Heir")
    seat(organisation, heir, "manager", actor=owner)
    left, erased = make_risk(owner=manager), make_risk(owner=heir)
    services.confirm_risk(risk_id=erased.pk, actor=heir, at=AT)
    known, lines = personal_data_of(heir), queries.erasure_lines(heir)
    end_membership(membership_id=organisation.memberships.get(person=manager).pk, actor=owner, at=AT)
    erase_person(person=heir, actor=heir, at=AT)
    assert list(Risk.objects.values_list("owner", flat=True).distinct()) == [owner.pk]
    assert [row[1] for row in history(left)] == ["noted", "passed_on"]
    assert [known["owned_risks"][0]["title"], known["risk_versions"][0]["did"], known["risk_triggers"]] == [
        "Told too early", "confirmed", [],
    ]  # fmt: skip
    assert (len(lines.goes), len(lines.stays)) == (1, 1)
    assert queries.erasure_lines(manager) == queries.erasure_lines(make_person()) != lines
    assert services.pass_on_risks(person_id=owner.pk, organisation_id=organisation.pk, at=AT) == 0


def test_who_may_no_longer_read_a_risk_is_not_told_of_it(make_risk, organisation, owner, manager):
    make_risk(owner=manager)
    organisation.memberships.filter(person=manager).update(role="evaluator")
    tasks.look_at_triggers(AT + rules.REVIEW_EVERY + DAY)
    assert [mail.person for mail in Mail.objects.filter(kind="risk_trigger")] == [owner]


def test_the_total_of_what_counts_and_what_measures_would_save(make_risk, organisation, owner):
    """0.125 x 6833.33 = 854.17 each; what is left of the second is 0.02 x 200 = 4."""
    first = make_risk(chance=(50, 50, 50), cost=(100, 100, 100))
    second = make_risk(chance=(50, 50, 50), cost=(1000, 2000, 3000), mitigation="Less.", left=LEFT, mitigation_cost=50)
    closed, abroad = make_risk(title="Over"), make_risk(currency="CHF", chance=(10, 10, 10), cost=(7, 7, 7))
    services.settle_risk(risk_id=closed.pk, state="closed", why="Sold.", actor=owner, at=AT)
    page = queries.total_page(organisation, amount=2050)
    assert (page.currency, page.currencies, page.n_risks, page.total.mean) == ("EUR", ["EUR", "CHF"], 2, 1050)
    assert [(row.risk, round(row.share, 3)) for row in page.shares] == [(second, 0.952), (first, 0.048)]
    assert [(row.risk, row.is_chance) for row in page.narrow] == [(second, False)]
    assert page.chance.lower < 0.26 < page.chance.upper + 0.02
    assert (page.with_measures.mean, page.measures_cost) == (pytest.approx(54), 50)
    assert queries.total_page(organisation, currency="CHF").shares[0].risk == abroad
    Risk.objects.update(state="closed")
    empty = queries.total_page(organisation)
    assert (empty.total, empty.shares, empty.chance, empty.with_measures, empty.currency) == (
        None,
        [],
        None,
        None,
        "EUR",
    )


def test_the_register_that_goes_out_stands_in_the_ledger(make_risk, organisation, owner):
    make_risk()
    content = services.export_register(organisation=organisation, table="a,b\n", n_rows=1, actor=owner, at=AT)
    crossing = Crossing.objects.get(kind="risk.register_exported")
    assert (content, crossing.direction, '"rows":1' in crossing.body) == (b"a,b\n", "out", True)


def test_what_is_clicked_twice_is_written_once(organisation, make_risk, owner):
    first, again, later = make_risk(), make_risk(), make_risk(at=AT + DAY)
    watched = {"risk_id": first.pk, "kind": "partner", "limit": 30, "actor": owner, "at": AT}
    about = queries.Subject("partner", "abc", "Campus")
    triggers = [services.watch(**watched, about=about) for _twice in range(2)]
    for _twice in range(2):
        services.confirm_risk(risk_id=first.pk, actor=owner, at=AT + DAY)
    services.confirm_risk(risk_id=first.pk, actor=owner, at=AT + 2 * DAY)

    assert (first, triggers[0]) == (again, triggers[1])
    assert later not in {first, again}
    assert [did for _number, did, *_rest in history(first)] == ["noted", "confirmed", "confirmed"]
    assert Risk.objects.filter(organisation=organisation).count() == 2
