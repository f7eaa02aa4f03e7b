"""Going on beyond the last day: proposed and signed without a gap, or by itself; clauses chosen anew on the way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from permea.agreements import queries, services
from permea.agreements.models import Agreement, Obligation
from permea.agreements.rules import Pace
from permea.agreements.tasks import watch_obligations
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.surface.testing import assert_page_ok
from tests.cast import AT, put_in_force

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
UNTIL = date(2028, 12, 31)


def refused(act, **told):
    with pytest.raises(RefusedError) as error:
        act(**told)
    return error.value.refusal.code


def renew(agreement, actor, until=UNTIL, at=AT + 30 * DAY):
    return services.propose_renewal(agreement_id=agreement.pk, until=until, actor=actor, at=at)


def add(agreement, actor, **said):
    told = services.ObligationInput(**{"kind": "report", "side": "party", **said})
    return services.add_obligation(agreement_id=agreement.pk, said=told, actor=actor, at=AT)


def test_a_renewal_takes_over_what_covers_and_what_is_owed_without_a_gap(make_signed, organisation, owner, solver):
    old = make_signed(kind="licence_out")
    before_end = add(old, owner, anchor="end", pace=Pace(months=-1))
    monthly = add(old, owner, anchor="start", pace=Pace(months=1, every=1))
    once, from_notice = add(old, owner, on=date(2026, 9, 1)), add(old, owner, anchor="notice", pace=Pace(days=9))
    mailed = Mail.objects.latest("pk").pk
    made = renew(old, solver)
    version = queries.newest_version(made)
    assert (made.status, made.purposes, version.by_party.agreement, version.options["until"]) == (
        "offered", old.purposes, made, "2028-12-31",
    )  # fmt: skip
    assert "which ends on March 2, 2028, goes on without a gap until December 31, 2028" in version.body
    assert version.body.endswith(queries.newest_version(old).body)
    assert Crossing.objects.latest("number").direction == "in"
    told = Mail.objects.filter(pk__gt=mailed).values_list("subject", "to")
    assert list(told) == [("Shall “Grips” go on?", owner.email)]
    signed_at = datetime(2027, 5, 10, 9, tzinfo=UTC)
    put_in_force(made, months=24, at=signed_at)
    assert made.valid_until == datetime(2028, 12, 31, 22, 59, 59, tzinfo=UTC)

    def covered(at):
        return queries.coverage_of(solver, organisation, at=at).agreement_for("pump", "use")

    moments = (signed_at, old.valid_until, made.valid_until - timedelta(seconds=1), made.valid_until)
    assert [covered(at) for at in moments] == [old, made, made, None]
    of_old = {(row.kind, row.clause, row.number): row.state for row in Obligation.objects.filter(agreement=old)}
    assert of_old == {
        ("report", "statements", 0): "open",  # about a quarter before the renewal
        ("notice", "ending", 0): "waived",
        ("term_end", "term", 0): "waived",
        ("report", "", 0): "open",
    }
    here = Obligation.objects.filter(agreement=made)
    assert {row.pk for row in here.filter(clause="")} >= {before_end.pk, monthly.pk, from_notice.pk}
    assert once.pk not in {row.pk for row in here}
    assert here.get(pk=before_end.pk).due_on == date(2028, 11, 30)
    assert sorted((row.kind, row.due_on) for row in here.exclude(clause="")) == [
        ("notice", date(2028, 9, 30)),
        ("report", date(2027, 7, 30)),
        ("term_end", date(2028, 12, 31)),
    ]
    steps = Obligation.objects.get(agreement=old, kind="term_end").steps.order_by("pk").values_list("what", flat=True)
    assert list(steps) == ["laid", "renewed"]
    services.confirm_done(
        obligation_id=Obligation.objects.get(agreement=old, clause="statements").pk, note="", actor=owner, at=signed_at
    )
    assert Obligation.objects.filter(agreement=old, clause="statements").count() == 1
    again = renew(made, owner, until=date(2029, 6, 30), at=signed_at)
    text = queries.newest_version(again).body
    assert (text.count("goes on without a gap"), "until June 30, 2029" in text) == (1, True)


def test_a_renewal_is_proposed_while_it_lives_for_a_later_day_and_only_once(make_signed, owner, member, solver):
    old, open_end = make_signed(), make_signed(title="Open", months=0)
    asked = [
        (old, member, UNTIL, AT),
        (open_end, owner, UNTIL, AT),
        (old, owner, UNTIL, AT + 800 * DAY),
        (old, owner, date(2028, 3, 2), AT),
        (old, owner, date(2099, 1, 1), AT),
    ]
    codes = [refused(renew, agreement=one, actor=who, until=until, at=at) for one, who, until, at in asked]
    assert codes == [
        "agreements.may_not_bind",
        "agreements.not_live",
        "agreements.not_live",
        "agreements.renewal_day",
        "agreements.renewal_day",
    ]
    made = renew(old, owner)
    assert refused(renew, agreement=old, actor=solver) == "agreements.renewal_open"
    told = {"agreement_id": made.pk, "options": {}, "law": "DE", "actor": owner, "at": AT}
    assert refused(services.choose_clauses, **told) == "agreements.renewal_text"
    assert refused(services.choose_clauses, **{**told, "agreement_id": old.pk}) == "agreements.closed"
    assert (
        refused(put_in_force, agreement=made, months=24, at=datetime(2029, 1, 1, tzinfo=UTC))
        == "agreements.renewal_past"
    )
    services.drop_agreement(agreement_id=made.pk, actor=owner, at=AT)
    assert queries.renewal_part(old, queries.newest_version(old), AT).by is None
    services.end_agreement(agreement_id=old.pk, actor=solver, at=AT)
    assert refused(renew, agreement=old, actor=owner, at=AT) == "agreements.ended"


def test_notice_ends_an_agreement_after_its_months_and_never_after_its_own_end(make_signed, owner, solver):
    agreement = make_signed(options={"notice_months": "3"})
    late = datetime(2027, 12, 31, 9, tzinfo=UTC)
    part = queries.renewal_part(agreement, queries.newest_version(agreement), late)
    assert part.ends_by_notice == agreement.valid_until
    early = queries.renewal_part(agreement, queries.newest_version(agreement), datetime(2026, 11, 30, 9, tzinfo=UTC))
    assert early.ends_by_notice == datetime(2027, 2, 28, 9, tzinfo=UTC)
    ended = services.end_agreement(agreement_id=agreement.pk, actor=solver, at=late)
    assert ended.ended_at == agreement.valid_until


def test_an_agreement_goes_on_by_itself_when_its_last_day_begins_unless_somebody_gave_notice(
    make_signed, owner, solver
):
    renews = {"options": {"at_end": "renews"}}
    agreement, ended, renewed = (make_signed(title=title, **renews) for title in ("Grips", "Ended", "Renewed"))
    before_end = add(agreement, owner, anchor="end", pace=Pace(months=-1))
    yearly = add(agreement, owner, anchor="start", pace=Pace(every=12), kind="payment")
    services.end_agreement(agreement_id=ended.pk, actor=solver, at=AT)
    put_in_force(renew(renewed, owner), months=24, at=AT + 40 * DAY)
    Mail.objects.all().delete()
    last_day = datetime(2028, 3, 1, 23, tzinfo=UTC)
    part = queries.renewal_part(agreement, queries.newest_version(agreement), AT)
    assert (part.goes_on, queries.renewal_part(renewed, queries.newest_version(renewed), AT).goes_on) == (True, False)
    ends = []
    for at in (last_day - timedelta(seconds=1), last_day, last_day + DAY):
        watch_obligations(at)
        ends.append(Agreement.objects.get(pk=agreement.pk).valid_until.year)
    assert ends == [2028, 2029, 2029]
    assert [one.valid_until for one in Agreement.objects.filter(title__in=["Ended", "Renewed"])][:2] == [
        ended.valid_until, renewed.valid_until,
    ]  # fmt: skip
    told = Mail.objects.filter(kind="agreement_news").order_by("to").values_list("subject", "to")
    assert sorted(told) == sorted(("“Grips” goes on", one.email) for one in (owner, solver))
    assert "goes on by itself until Mar 2, 2029" in Mail.objects.filter(kind="agreement_news")[0].text
    moved = {row.kind: (row.due_on, row.state) for row in agreement.obligations.exclude(series=yearly.series)}
    assert moved == {
        "goes_on": (date(2029, 3, 1), "open"),
        "report": (date(2028, 2, 2), "missed"),
    }
    assert before_end.pk in set(agreement.obligations.values_list("pk", flat=True))
    years = agreement.obligations.filter(series=yearly.series).order_by("number")
    assert [row.due_on.year for row in years] == [2026, 2027, 2028]
    services.end_agreement(agreement_id=agreement.pk, actor=owner, at=last_day + DAY)
    assert agreement.obligations.get(kind="goes_on").state == "waived"


def test_both_sides_renew_on_pages_that_say_what_holds(client_of, make_signed, owner, solver):
    old, firm, partner = make_signed(), client_of(owner), client_of(solver)
    page = reverse("agreements:guest", args=[old.key])
    assert "Notice given today ends it on Jun 2, 2026" in assert_page_ok(partner.get(page)).text
    address = reverse("agreements:renew", args=[old.key])
    assert [partner.post(address, {"until": until}).status_code for until in ("", "2027-01-01")] == [409, 409]
    made = partner.post(address, {"until": "2028-12-31"})["Location"]
    key = made.strip("/").split("/")[-1]
    new = reverse("agreements:agreement", args=[key])
    assert "takes an agreement on beyond" in assert_page_ok(firm.get(new)).text
    assert "proposed that it goes on" in assert_page_ok(firm.get(reverse("agreements:agreement", args=[old.key]))).text
    form = reverse("agreements:text", args=[key])
    assert 'value="2028-12-31"' in firm.get(form).content.decode()
    said = {"body": "Until June 2029.", "until": "2029-06-30", "notice_months": "1"}
    said |= {"at_end": "ends", "review_days": "45", "note": "Longer"}
    assert firm.post(form, said).status_code == 302
    options = queries.newest_version(Agreement.objects.get(key=key)).options
    counted = ("until", "notice_months", "term_months", "review_days")
    assert [options[name] for name in counted] == ["2029-06-30", "1", "24", "45"]


def test_clauses_are_chosen_anew_after_the_offer_as_the_next_version(organisation, owner, solver, client_of):
    said = services.AgreementInput(
        kind="nda_one_way", title="Talks", language="en", law="DE", contact_email=solver.email, options={}
    )
    draft = services.draft_agreement(organisation=organisation, said=said, actor=owner, at=AT)
    services.offer_agreement(agreement_id=draft.pk, actor=owner, at=AT)
    address, browser = reverse("agreements:clauses", args=[draft.key]), client_of(owner)
    assert "as a new version" in assert_page_ok(browser.get(address)).text
    chosen = {"subject": "Pumps", "law": "AT", "direction": "they", "secrecy_years": "5", "term_months": "12"}
    chosen["at_end"] = "renews"
    assert browser.post(address, chosen).status_code == 302
    draft.refresh_from_db()
    newest = queries.newest_version(draft)
    assert (newest.number, draft.purposes, draft.law, "until 5 years" in newest.body) == (2, [], "AT", True)
    assert "then for another year each time" in newest.body
    assert browser.post(address, chosen).status_code == 409
    page = client_of(solver).get(reverse("agreements:guest", args=[draft.key]))
    assert "My agreements" in assert_page_ok(page).text
