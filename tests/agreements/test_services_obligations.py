"""Obligations: laid when an agreement is signed, said to be done and answered, reminded of once, moved by notice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.http import Http404

from permea.agreements import queries, services
from permea.agreements.models import CalendarLink, Obligation
from permea.agreements.rules import Pace
from permea.agreements.tasks import lay_where_missing, watch_obligations
from permea.foundation.refusals import RefusedError
from permea.notifications.models import Mail, TopicChoice
from permea.people import services as people
from permea.people.models import Membership, Organisation, Person
from tests.cast import AT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)


def refused(act, **told):
    with pytest.raises(RefusedError) as error:
        act(**told)
    return error.value.refusal.code


def add(agreement, actor, at=AT, **said):
    content = {"kind": "report", "side": "party", "on": TODAY + 10 * DAY, "reminder_days": (7,), **said}
    told = services.ObligationInput(**content)
    return services.add_obligation(agreement_id=agreement.pk, said=told, actor=actor, at=at)


def told():
    rows = Mail.objects.filter(kind="obligation_news").order_by("pk")
    found = [(mail.subject.split(":")[0], mail.to) for mail in rows]
    rows.delete()
    return found


def watch(*days):
    """Let the clock look twice at nine in the morning of each of these days of March 2026."""
    for day in days:
        for _turn in range(2):
            watch_obligations(AT + (day - 2) * DAY)


def steps(obligation):
    return list(obligation.steps.order_by("pk").values_list("what", flat=True))


def test_what_follows_from_the_clauses_is_laid_once_with_its_clause_and_its_days(make_signed, owner):
    agreement = make_signed(kind="licence_out", options={"notice_months": "3"})
    rows = Obligation.objects.filter(agreement=agreement).order_by("due_on", "side")
    found = [(row.kind, row.clause, row.side, row.due_on, row.number, row.remind_on) for row in rows]
    assert found == [
        ("report", "statements", "party", date(2026, 4, 30), 0, date(2026, 4, 16)),
        ("notice", "ending", "both", date(2027, 12, 2), 0, date(2027, 11, 2)),
        ("term_end", "term", "both", date(2028, 3, 2), 0, date(2028, 1, 2)),
    ]
    assert {row.version for row in rows} == {queries.newest_version(agreement)}
    assert {row.time_zone for row in rows} == {"Europe/Berlin"}
    assert services.lay_obligations(agreement_id=agreement.pk, at=AT) == []
    Obligation.objects.all().delete()
    cache.clear()  # this is looked for once an hour
    late = datetime(2028, 1, 5, 9, tzinfo=UTC)
    lay_where_missing(late)
    lay_where_missing(late)
    again = Obligation.objects.filter(agreement=agreement).order_by("due_on")
    assert [(row.kind, row.due_on, row.number) for row in again] == [
        ("report", date(2028, 1, 30), 7),
        ("term_end", date(2028, 3, 2), 0),
        ("report", date(2028, 4, 30), 8),
    ]


def test_the_owing_side_says_it_is_done_and_the_other_confirms_denies_or_waives(
    make_signed, owner, manager, member, solver, stranger, make_person
):
    agreement = make_signed()
    guest = make_person("gina@campus.example", "Gina", language="de")
    campus = Organisation.objects.get(name="Campus")
    Membership.objects.create(person=guest, organisation=campus, role="member", since=AT)
    report = add(agreement, owner, title=" Final  report ")
    assert add(agreement, owner, title="Final report", at=AT + timedelta(seconds=9)) == report
    both = {"at": AT + DAY, "obligation_id": report.pk}
    partners = [("Something to do under “Grips”", solver.email), ("Etwas zu tun nach „Grips“", guest.email)]
    assert sorted(told()) == sorted(partners)
    assert refused(add, agreement=agreement, actor=member) == "agreements.may_not_bind"
    assert refused(add, agreement=agreement, actor=solver) == "agreements.may_not_bind"
    assert refused(services.say_done, note="", actor=stranger, **both) == "agreements.may_not_bind"
    assert refused(services.say_done, note="", actor=owner, **both) == "agreements.obligation_not_yours"
    services.say_done(note=" See the attachment of our mail. ", actor=guest, **both)
    assert sorted(told()) == [("Said to be done", one.email) for one in (manager, owner)]
    assert refused(services.deny_done, note="No", actor=member, **both) == "agreements.may_not_bind"
    denied = services.deny_done(note="Without data", actor=owner, **both)
    assert (denied.state, denied.remind_on) == ("open", TODAY + 3 * DAY)
    services.say_done(note="", actor=solver, **both)
    done = services.confirm_done(note="", actor=manager, **both)
    assert (done.state, done.remind_on, done.title) == ("done", None, "Final report")
    assert steps(report) == ["added", "said", "denied", "said", "confirmed"]
    first = report.steps.get(what="denied")
    assert (first.note, first.by, first.at) == ("Without data", owner, AT + DAY)
    assert refused(services.waive_obligation, note="Ok", actor=owner, **both) == "agreements.obligation_settled"
    ours = add(agreement, owner, kind="payment", side="firm")
    waived = {"obligation_id": ours.pk, "at": AT}
    assert refused(services.waive_obligation, note="Ok", actor=guest, **waived) == "agreements.may_not_bind"
    assert services.waive_obligation(note="Keep it", actor=solver, **waived).state == "waived"
    said = queries.obligation_data(guest)["agreement_deadlines"]
    assert [(one["what"], one["note"]) for one in said] == [("said", "See the attachment of our mail.")]
    assert queries.obligation_erasure_lines(guest).stays != []


def test_people_are_reminded_once_on_each_day_and_twice_more_of_what_was_missed(
    make_signed, owner, manager, member, solver
):
    agreement = make_signed(actor=manager)
    theirs, ours = add(agreement, owner), add(agreement, owner, side="firm", kind="payment", on=TODAY + 30 * DAY)
    day_to_know = add(agreement, owner, side="both", kind="other", title="Fair", on=TODAY + 10 * DAY)
    told()
    watch_obligations(datetime(2026, 3, 5, 5, 59, tzinfo=UTC))
    assert told() == []
    watch(4, 5, 6)
    assert sorted(told()) == sorted(
        [
            ("Due on Mar 12, 2026", manager.email),  # who drafted it; the other managers are left alone
            ("Due on Mar 12, 2026", solver.email),
            *[("Due on Mar 12, 2026", one.email) for one in (owner, manager, solver)],
        ]
    )
    TopicChoice.objects.create(person=solver, topic="deadlines", way="off")
    watch(12)
    assert sorted(told()) == [("Due today", one) for one in sorted([manager.email, manager.email, owner.email])]
    watch(13, 14)
    found = {one.pk: one for one in Obligation.objects.all()}
    assert told() == [("Missed", manager.email)]
    assert [found[one.pk].state for one in (theirs, ours, day_to_know)] == ["missed", "open", "passed"]
    assert found[theirs.pk].missed_at == AT + 11 * DAY
    services.say_done(obligation_id=theirs.pk, note="Late", actor=solver, at=AT + 12 * DAY)
    told()
    denied = services.deny_done(obligation_id=theirs.pk, note="No", actor=owner, at=AT + 12 * DAY)
    watch(15)
    assert (denied.state, steps(theirs), told()) == (
        "missed", ["added", "missed", "said", "denied"], [],
    )  # fmt: skip
    watch(19)
    assert told() == [("Missed", manager.email)]
    assert services.confirm_done(obligation_id=theirs.pk, note="", actor=owner, at=AT + 18 * DAY).state == "done"
    services.watch_obligation(obligation_id=theirs.pk, at=AT + 99 * DAY)
    assert Obligation.objects.get(pk=theirs.pk).state == "done"


def test_what_comes_again_is_laid_ahead_and_goes_on_however_early_one_is_settled(make_signed, owner):
    agreement = make_signed(months=0)
    yearly = add(agreement, owner, anchor="start", pace=Pace(months=12, every=12), on=None)
    rows = Obligation.objects.filter(series=yearly.series).order_by("number")
    assert [row.due_on for row in rows] == [date(2027, 3, 2)]
    services.confirm_done(obligation_id=yearly.pk, note="", actor=owner, at=AT)
    assert [row.due_on for row in rows.all()] == [date(2027, 3, 2), date(2028, 3, 2)]
    monthly = add(agreement, owner, pace=Pace(every=1), on=date(2026, 1, 31), side="firm")
    months = Obligation.objects.filter(series=monthly.series).order_by("number")
    assert [row.due_on.isoformat()[5:] for row in months] == ["03-31", "04-30", "05-31", "06-30"]
    watch(24, 31)
    assert months.all().count() == 4
    watch(61)
    assert months.all().count() == 5
    assert {row.created_by for row in months} == {owner}
    unknown = add(agreement, owner, anchor="end", pace=Pace(months=-1, every=6), on=None)
    assert (unknown.due_on, unknown.remind_on, Obligation.objects.filter(series=unknown.series).count()) == (
        None,
        None,
        1,
    )


def test_notice_moves_what_is_counted_from_the_end_and_drops_what_comes_after(make_signed, owner, solver):
    agreement = make_signed(options={"notice_months": "1"})
    from_notice = add(agreement, owner, kind="equipment", anchor="notice", pace=Pace(days=14), on=None)
    monthly = add(agreement, owner, anchor="start", pace=Pace(months=1, every=1), on=None)
    fixed = add(agreement, owner, on=TODAY + 300 * DAY)
    from_notice.refresh_from_db()
    assert from_notice.due_on is None
    services.end_agreement(agreement_id=agreement.pk, actor=solver, at=AT + DAY)
    rows = {(row.kind, row.number): row for row in Obligation.objects.exclude(pk=fixed.pk)}
    assert (rows["equipment", 0].due_on, rows["term_end", 0].due_on) == (date(2026, 3, 17), date(2026, 4, 3))
    assert steps(rows["term_end", 0]) == ["laid", "moved"]
    states = {key: row.state for key, row in rows.items()}
    assert (states["notice", 0], steps(rows["notice", 0])) == ("waived", ["laid", "ended"])
    assert [states["report", number] for number in range(3)] == ["open", "open", "waived"]
    assert Obligation.objects.get(pk=fixed.pk).state == "open"
    assert Obligation.objects.filter(series=monthly.series).count() == 3


def test_a_private_calendar_holds_what_its_person_sees_now_and_nothing_once_access_is_gone(
    client, make_signed, owner, manager, evaluator, solver, stranger, other_owner, other_organisation
):
    agreement = make_signed()
    add(agreement, owner, title="Final report, with data")

    def fetched(person):
        token = services.make_calendar_link(person=person, at=AT)
        answer = client.get(f"/calendar/deadlines/{token}.ics")
        return token, answer.content.decode().count("BEGIN:VEVENT")

    assert [fetched(one)[1] for one in (owner, manager, solver)] == [3, 3, 3]
    assert [fetched(one)[1] for one in (evaluator, stranger, other_owner)] == [0, 0, 0]
    token, _n = fetched(solver)
    answer = client.get(f"/calendar/deadlines/{token}.ics")
    text = answer.content.decode().replace("\r\n ", "")
    assert ("Final report\\, with data: Grips" in text, "DTSTART;VALUE=DATE:20260312" in text) == (True, True)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/calendar; charset=utf-8", "private, no-store")
    Person.objects.filter(pk=solver.pk).update(is_active=False)
    assert client.get(f"/calendar/deadlines/{token}.ics").status_code == 404
    Person.objects.filter(pk=solver.pk).update(is_active=True)
    Membership.objects.filter(person=solver).update(ended_at=AT)
    assert client.get(f"/calendar/deadlines/{token}.ics").content.decode().count("BEGIN:VEVENT") == 0
    assert queries.obligation_data(solver)["agreement_calendar"] == {"made_at": AT.isoformat()}
    assert queries.obligation_erasure_lines(solver).goes != []
    people.erase_person(person=solver, actor=solver, at=AT)
    assert client.get(f"/calendar/deadlines/{token}.ics").status_code == 404
    assert not CalendarLink.objects.filter(person=solver).exists()
    with pytest.raises(Http404):
        queries.calendar_of("guess")
