"""A placement is offered, a student named, agreed to and asked; it runs, is reported on, and closed by both sides."""

from __future__ import annotations

import pytest

from permea.agreements.models import AgreementVersion
from permea.campus import queries, services
from permea.campus.models import Placement, PlacementReport, ReportRemark
from permea.campus.rules import Outcome, fingerprint_of
from permea.ledger.models import Crossing, Receipt
from permea.notifications.models import Mail
from permea.people.models import Membership, Person
from permea.people.services import erase_person, register_person
from permea.people.services.erasure import drop_unproven
from permea.people.services.memberships import seat
from tests.campus.conftest import DAY, STUDENT, offer
from tests.campus.test_services import refused
from tests.cast import AT

LATER = AT + 40 * DAY


def crossings() -> list[tuple[str, str]]:
    rows = Crossing.objects.filter(kind__startswith="placement.").order_by("pk")
    return list(rows.values_list("kind", "direction"))


def told(since: int = 0) -> list[str]:
    """Return who got a mail about placements, after so many."""
    rows = Mail.objects.filter(kind="placement_news").order_by("pk").select_related("person")
    return [mail.person.name for mail in rows][since:]


def test_an_offer_is_a_crossing_tells_the_partner_and_is_made_once(make_placement, campus, agree):
    under = agree(campus, kind="internship")
    for content in ({}, {}, {"title": "Another"}):
        make_placement(agreement=under, **content)
    assert (Placement.objects.count(), crossings(), told()) == (
        2, [("placement.offered", "out")] * 2, ["Sam Solver"] * 2,
    )  # fmt: skip


def test_only_who_manages_offers_what_makes_sense_under_an_agreement_that_lasts(
    agree, campus, owner, member, solver, make_placement
):
    under, other = agree(campus, kind="internship"), agree(campus, kind="equipment")
    short = agree(campus, kind="internship", valid_until=AT + 60 * DAY)
    say, reversed_days = {"partner": campus, "at": AT}, offer(owner, last_day=AT.date())
    assert (
        refused(services.offer_placement, **say, agreement=under, content=offer(owner), actor=member),
        refused(services.offer_placement, **say, agreement=under, content=offer(solver), actor=owner),
        refused(services.offer_placement, **say, agreement=under, content=reversed_days, actor=owner),
        refused(services.offer_placement, **say, agreement=other, content=offer(owner), actor=owner),
        refused(services.offer_placement, **say, agreement=short, content=offer(owner), actor=owner),
    ) == (
        "people.not_manager", "campus.no_colleague", "campus.days_reversed", "campus.not_placing",
        "campus.agreement_not_live",
    )  # fmt: skip


def test_an_offer_is_changed_and_told_once_until_a_student_is_named(make_placement, owner, solver):
    made = make_placement()
    say = {"placement_id": made.pk, "actor": owner, "at": AT}
    for _twice in range(2):
        services.change_placement(**say, content=offer(owner, pay=0))
    services.name_student(
        placement_id=made.pk, name="Sofia", email=STUDENT, supervisor=solver, actor=solver, at=AT
    )  # fmt: skip
    late = refused(services.change_placement, **say, content=offer(owner))
    kept = Placement.objects.get()
    assert (kept.pay, late, [kind for kind, _way in crossings()]) == (
        0, "campus.student_named", ["placement.offered", "placement.changed", "placement.named"],
    )  # fmt: skip


def test_a_student_is_named_once_and_is_nobody_of_the_firm(make_placement, owner, member, solver, solver_two):
    made = make_placement()
    say = {"placement_id": made.pk, "name": "Sofia", "actor": solver, "at": AT}
    known = {**say, "supervisor": solver}
    no = (
        refused(services.name_student, **known, email=member.email),
        refused(services.name_student, **known, email=solver.email),
        refused(services.name_student, **say, email=STUDENT, supervisor=solver_two),
    )
    for _twice in range(2):
        services.name_student(**known, email=" SOFIA@uni.example ")
    again = refused(services.name_student, **known, email="other@uni.example")
    kept = Placement.objects.get()
    assert no == ("campus.no_student", "campus.no_student", "campus.no_colleague")
    assert (again, kept.student_email, kept.student, told()[1:]) == (
        "campus.elsewhere", STUDENT, None, ["Olga Owner"],
    )  # fmt: skip


def test_a_known_person_can_be_the_student(make_placement, stranger):
    assert make_placement("agreed", email=stranger.email).student == stranger


def test_another_student_is_asked_for_with_a_reason_and_the_first_is_forgotten(make_placement, owner):
    made = make_placement("named")
    say = {"placement_id": made.pk, "is_yes": False, "actor": owner, "at": AT}
    without = refused(services.answer_student, **say, reason=" ")
    for _twice in range(2):
        services.answer_student(**say, reason="Too far away")
    kept = Placement.objects.get()
    assert (without, kept.state, kept.student_name, kept.student_email, told()[2:]) == (
        "campus.no_reason", "offered", "", "", ["Sam Solver"],
    )  # fmt: skip
    assert not Person.objects.filter(email=STUDENT).exists()


def test_who_joined_the_firm_meanwhile_is_no_student(make_placement, owner, organisation):
    made = make_placement("named")
    seat(person=register_person(email=STUDENT, at=AT), organisation=organisation, role="member", at=AT)
    say = {"placement_id": made.pk, "is_yes": True, "reason": "", "actor": owner, "at": AT}
    assert refused(services.answer_student, **say) == "campus.no_student"


def test_the_student_accepts_by_a_click_what_was_read_and_has_no_seat(make_placement, owner):
    made = make_placement("agreed")
    student, say = made.student, {"placement_id": made.pk, "at": AT}
    services.answer_student(**say, is_yes=True, reason="", actor=owner)
    stale = refused(services.accept_placement, **say, sha256="0" * 64, actor=student)
    for _twice in range(2):
        services.accept_placement(**say, sha256=made.statement_sha256, actor=student)
    kept = Placement.objects.get()
    assert (stale, kept.state, kept.accepted_at, Receipt.objects.get().person) == (
        "campus.elsewhere", "running", AT, student,
    )  # fmt: skip
    assert (fingerprint_of(kept), Membership.objects.filter(person=student).exists()) == (kept.statement_sha256, False)
    assert (crossings()[2:], told()[2:]) == (
        [("placement.shown", "out"), ("placement.accepted", "in")],
        ["Sam Solver", "Sofia Student", "Olga Owner", "Sam Solver"],
    )  # fmt: skip


def test_nothing_is_accepted_once_the_agreement_is_over(make_placement):
    made = make_placement("agreed")
    made.agreement.__class__.objects.update(ended_at=AT)
    say = {"placement_id": made.pk, "sha256": made.statement_sha256, "actor": made.student, "at": AT}
    assert refused(services.accept_placement, **say) == "campus.agreement_not_live"


def test_who_declines_is_forgotten_and_sees_it_no_more(make_placement):
    made = make_placement("agreed")
    student, say = made.student, {"placement_id": made.pk, "at": AT}
    services.decline_placement(**say, reason="I go abroad", actor=student)
    kept = Placement.objects.get()
    again = refused(services.decline_placement, **say, reason="I go abroad", actor=student)
    assert (kept.state, kept.student, kept.student_name, kept.statement, again) == (
        "offered", None, "", "", "campus.no_side",
    )  # fmt: skip
    assert (crossings()[-1], told()[4:]) == (("placement.declined", "in"), ["Olga Owner", "Sam Solver"])


@pytest.mark.parametrize(
    ("options", "language", "words"),
    [
        ({"results": "us", "review_days": "60"}, "en", ("Results belong to Lindenhof", "60 days")),
        ({"results": "joint"}, "de", ("zu gleichen Teilen", "beiden Betreuern")),
        ({"results": "{firm}", "review_days": "{x}"}, "fr", ("Cela dépend", "vos deux encadrants")),
        (None, "nl", ("decided by what", "both supervisors")),
    ],
)
def test_the_statement_says_in_short_what_the_agreement_says(
    make_placement, agree, campus, owner, options, language, words
):
    under = agree(campus, kind="internship")
    if options is not None:
        AgreementVersion.objects.create(
            agreement=under, number=1, body="-", sha256="-", options=options, written_by=owner, written_at=AT
        )
    statement = make_placement("agreed", agreement=under, language=language).statement
    assert [word in statement for word in words] == [True, True]


def test_reports_come_once_and_are_commented_and_accepted_by_each_side(make_placement, owner, solver):
    made = make_placement("running")
    say = {"placement_id": made.pk, "kind": "midterm", "text": " Half done ", "actor": made.student}
    early, n_told = refused(services.hand_in_report, **say, at=AT), len(told())
    for _twice in range(2):
        report = services.hand_in_report(**say, at=LATER)
    services.hand_in_report(**say, at=LATER + DAY)
    other = refused(services.hand_in_report, **{**say, "actor": owner}, at=LATER)
    assert (early, other, report.text, PlacementReport.objects.count()) == (
        "campus.not_begun", "campus.no_side", "Half done", 2,
    )  # fmt: skip
    what = {"report_id": report.pk, "at": LATER}
    for actor, text, is_accepted in ((owner, "Go on", False), (owner, "", True), (owner, "", True), (solver, "", True)):
        services.remark_on_report(**what, text=text, is_accepted=is_accepted, actor=actor)
    again = refused(services.remark_on_report, **what, text="Yes", is_accepted=True, actor=owner)
    assert (again, ReportRemark.objects.count(), told(n_told)) == (
        "campus.elsewhere", 3, ["Olga Owner", "Sam Solver"] * 2 + ["Sofia Student"] * 3,
    )  # fmt: skip


def test_a_partner_refuses_and_a_firm_takes_back_with_a_reason(make_placement, owner, solver):
    first, second = make_placement(), make_placement("named", title="Second")
    for _twice in range(2):
        services.end_placement(placement_id=first.pk, reason="No room", actor=solver, at=AT)
        services.end_placement(placement_id=second.pk, reason="No budget", actor=owner, at=AT)
    rows = Placement.objects.order_by("pk").values_list("state", "student_name", "ended_at")
    assert list(rows) == [("refused", "", None), ("withdrawn", "", None)]


def test_what_is_taken_back_from_a_student_stays_theirs_to_read(make_placement, owner):
    made = make_placement("agreed")
    services.end_placement(placement_id=made.pk, reason="No budget", actor=owner, at=AT)
    assert queries.placement_for(made.student, made.key, AT).placement.state == "withdrawn"
    assert told()[-2:] == ["Sam Solver", "Sofia Student"]


def test_a_student_ends_it_early_and_both_sides_hear_of_it(make_placement):
    made = make_placement("running")
    n_told = len(told())
    for _twice in range(2):
        services.end_placement(placement_id=made.pk, reason="Ill", actor=made.student, at=LATER)
    kept = Placement.objects.get()
    assert (kept.state, kept.ended_at, told(n_told), crossings()[-1]) == (
        "ended", LATER, ["Olga Owner", "Sam Solver"], ("placement.ended", "in"),
    )  # fmt: skip


def test_the_outcome_is_said_by_one_side_and_agreed_by_the_other(make_reported, owner, solver):
    made = make_reported()
    say = {"placement_id": made.pk, "at": LATER}
    n_told = len(told())
    for outcome in (Outcome(led_to_offer=False), Outcome(led_to_offer=True, thesis_title="Pears")):
        for _twice in range(2):
            services.say_outcome(**say, outcome=outcome, actor=owner)
    own = refused(services.close_placement, **say, outcome=outcome, actor=owner)
    for _twice in range(2):
        services.close_placement(**say, outcome=outcome, actor=solver)
    kept = Placement.objects.get()
    assert (own, kept.state, kept.led_to_offer, kept.thesis_title, crossings()[-1]) == (
        "campus.other_side_agrees", "closed", True, "Pears", ("placement.closed", "in"),
    )  # fmt: skip
    assert told(n_told) == ["Sam Solver", "Sam Solver", "Olga Owner", "Sofia Student"]


def test_without_both_reports_it_can_only_be_ended_early(make_reported, owner, solver):
    made = make_reported("midterm")
    say = {"placement_id": made.pk, "at": LATER}
    outcome = Outcome(led_to_offer=False)
    without = refused(services.say_outcome, **say, outcome=outcome, actor=owner)
    services.end_placement(**say, reason="Moved away", actor=owner)
    services.say_outcome(**say, outcome=outcome, actor=solver)
    services.close_placement(**say, outcome=outcome, actor=owner)
    assert (without, Placement.objects.get().state) == ("campus.no_reports", "closed")


def test_once_the_agreement_is_over_the_firm_closes_alone_and_the_partner_hears_nothing(make_reported, owner, solver):
    made = make_reported()
    made.agreement.__class__.objects.update(ended_at=AT)
    n_told, say = len(told()), {"placement_id": made.pk, "at": LATER}
    outcome = Outcome(led_to_offer=False)
    services.say_outcome(**say, outcome=outcome, actor=owner)
    services.close_placement(**say, outcome=outcome, actor=owner)
    assert (refused(services.close_placement, **say, outcome=outcome, actor=solver), told(n_told)) == (
        "campus.no_side", ["Sofia Student"],
    )  # fmt: skip
    assert queries.my_placements(solver, LATER).of_partner.paginator.count == 0


def test_strangers_evaluators_and_other_partners_stand_on_no_side(
    make_placement, stranger, evaluator, solver_two, make_partner, agree
):
    made = make_placement("running")
    agree(make_partner(solver_two, name="Elsewhere"), kind="internship")
    say = {"placement_id": made.pk, "reason": "No", "at": AT}
    found = {refused(services.end_placement, **say, actor=one) for one in (stranger, evaluator, solver_two)}
    assert found == {"campus.no_side"}


def test_an_agreement_with_one_person_lets_in_that_person_alone(make_placement, agree, campus, solver, solver_two):
    seat(person=solver_two, organisation=campus, role="member", at=AT)
    made = make_placement("named", agreement=agree(person=solver, kind="internship"))
    assert [queries.found_placement(one, made, AT) is not None for one in (solver, solver_two)] == [True, False]


def test_who_is_bound_but_left_the_partner_sees_nothing(make_placement, agree, campus, solver, solver_two):
    seat(person=solver_two, organisation=campus, role="owner", at=AT)
    made = make_placement("named", agreement=agree(campus, person=None, kind="internship"))
    Membership.objects.filter(person=solver).update(ended_at=AT)
    assert queries.found_placement(solver, made, AT) is None


def test_an_erased_student_is_a_student_without_a_name(make_reported, stranger):
    made = make_reported()
    student = made.student
    erase_person(person=student, actor=student, at=LATER, with_texts=True)
    kept = Placement.objects.get()
    texts = set(PlacementReport.objects.values_list("text", flat=True))
    assert (kept.state, kept.student_name, kept.student_email, texts) == ("running", "", "", {""})
    assert queries.people_of_side(kept, "student", LATER) == []


@pytest.mark.parametrize("with_texts", [True, False])
def test_texts_stay_unless_asked_for_and_what_was_not_accepted_is_open_again(make_reported, make_placement, with_texts):
    made, waiting = make_reported(), make_placement("named", title="Next")
    student = made.student
    erase_person(person=student, actor=student, at=LATER, with_texts=with_texts)
    waiting.refresh_from_db()
    kept = PlacementReport.objects.exclude(text="").count()
    assert (kept, waiting.state, waiting.student_email) == (0 if with_texts else 2, "offered", "")


def test_a_student_who_was_asked_is_kept_for_as_long_as_that_is_open(make_placement, owner):
    made = make_placement("agreed")
    later = {"at": AT + 8 * DAY}
    first = (drop_unproven(**later), Placement.objects.get().student)
    services.end_placement(placement_id=made.pk, reason="No budget", actor=owner, at=AT)
    second = (drop_unproven(**later), Placement.objects.get().student, Placement.objects.get().state)
    assert (first, second) == ((0, made.student), (1, None, "withdrawn"))


def test_what_is_held_about_people_is_theirs_to_read_and_told_before_they_go(make_reported, owner, solver, stranger):
    made = make_reported()
    services.remark_on_report(
        report_id=made.reports.first().pk, text="Good", is_accepted=False, actor=solver, at=LATER
    )  # fmt: skip
    held = [
        [len(rows) for rows in queries.placement_data(one).values()] for one in (made.student, owner, solver, stranger)
    ]
    assert held == [[1, 2, 1, 0, 0], [0, 0, 2, 0, 1], [0, 0, 1, 1, 1], [0, 0, 0, 0, 0]]
    lines = [queries.placement_erasure_lines(one) for one in (made.student, owner, solver, stranger)]
    assert [(len(one.goes), len(one.stays)) for one in lines] == [(1, 2), (0, 1), (0, 1), (0, 0)]
    erase_person(person=made.student, actor=made.student, at=LATER)
    assert queries.placement_data(made.student)["placements"][0]["name"] == ""
