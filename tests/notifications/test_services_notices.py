"""Notices: what stands under the bell, for whom, in which words, and what is not shown any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from permea.challenges import services as challenges
from permea.evaluation import services as evaluation
from permea.evaluation.models import Panelist
from permea.ideas.models import Contributor, Idea
from permea.notifications import queries, rules, services
from permea.notifications.models import Mail, Notice
from permea.people import services as people
from permea.people.models import Membership
from permea.selection.models import Award

pytestmark = [pytest.mark.django_db, pytest.mark.services]
DAY = timedelta(days=1)


def seen(person, at) -> list[str]:
    return [queries.notice_row(notice).text for notice in queries.notices_visible_to(person, at)]


@pytest.fixture
def idea(make_challenge, make_idea, solver):
    """Return an idea of Sam's in a challenge that takes entries."""
    return make_idea(challenge=make_challenge(title="Soft fruit picker"), author=solver, title="Grip")


@pytest.fixture
def closed_idea(make_challenge, make_idea, solver):
    """Return an idea of Sam's in a challenge whose entries have closed."""
    return make_idea(challenge=make_challenge(closed=True, title="Soft fruit picker"), author=solver, title="Grip")


@pytest.fixture
def put(closed_idea, at):
    """Return a function that puts a notice about the idea or its challenge under somebody's bell."""

    def put(person, kind: str, **fields) -> Notice:
        about = {"idea": None if kind in {"entries_closed", "assignments"} else closed_idea}
        ours = {"challenge": closed_idea.challenge, "at": at, **about}
        return Notice.objects.create(person=person, kind=kind, **{**ours, **fields})

    return put


def test_a_receipt_stands_under_the_bell_and_its_papers_do_not(idea, solver, at):
    assert seen(solver, at) == ["Receipt: “Grip”, version 1"]
    assert (str(Notice.objects.get()), Mail.objects.filter(kind="terms").count()) == ("receipt", 2)


def test_a_notice_is_made_in_the_language_of_who_reads_it_when_they_read_it(idea, solver, at):
    Idea.objects.filter(pk=idea.pk).update(title="Sanfter Griff")
    with translation.override("de"):
        assert seen(solver, at) == ["Quittung: „Sanfter Griff“, Version 1"]


@pytest.mark.parametrize(
    ("kind", "fields", "text", "href"),
    [
        ("withdrawal", {}, "Taken back: “Grip”", "/my/ideas/{idea}/entry/"),
        ("answer", {}, "Our answer to “Grip”", "/my/ideas/{idea}/"),
        ("reply", {}, "Reply to your question about “Grip”", "/my/ideas/{idea}/"),
        ("payment", {"variant": "paid"}, "Your prize for “Grip”: Paid", "/my/ideas/{idea}/"),
        ("timetable", {"idea": None}, "More time: “Soft fruit picker”", "/my/"),
        ("timetable", {"idea": None, "variant": "sooner"}, "Entries close sooner: “Soft fruit picker”", "/my/"),
    ],
)
def test_contributors_are_told_in_one_line_with_a_link(put, solver, closed_idea, at, kind, fields, text, href):
    put(solver, kind, **fields)

    row = queries.notice_row(queries.notices_visible_to(solver, at).first())

    assert row.text == text
    assert row.href.startswith(href.format(idea=closed_idea.key).removesuffix("entry/"))


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("entries_closed", {"number": 1}, "“Soft fruit picker” is closed: 1 entry"),
        ("entries_closed", {"number": 2}, "“Soft fruit picker” is closed: 2 entries"),
        ("question", {}, "A question about your answer to “Grip”"),
        ("rights", {}, "Rights settled: “Grip”"),
        ("answers_near", {"idea": None}, "Answers fall due: “Soft fruit picker”"),
        ("answers_overdue", {"idea": None}, "Answers are overdue: “Soft fruit picker”"),
    ],
)
def test_those_who_manage_are_told_and_others_are_not(put, owner, solver, member, at, kind, fields, text):
    for person in (owner, solver, member):
        put(person, kind, **fields)

    texts = [
        [line for line in seen(person, at) if not line.startswith("Receipt")] for person in (owner, solver, member)
    ]

    assert texts == [[text], [], []]


def test_who_judges_is_told_how_much_waits_until_they_leave_the_panel(closed_idea, owner, evaluator, at):
    evaluation.invite_panelist(challenge_id=closed_idea.challenge_id, email=evaluator.email, actor=owner, at=at)
    evaluation.deal_out(challenge_id=closed_idea.challenge_id, actor=owner, at=at)
    row = queries.notice_row(queries.notices_visible_to(evaluator, at).first())
    assert (row.text, row.where, row.href) == ("1 entry waits for your review", "Soft fruit picker", "/reviews/")
    assert seen(evaluator, at)[1] == "Will you judge entries for “Soft fruit picker”?"

    Panelist.objects.update(left_at=at)

    assert (seen(evaluator, at), queries.hidden_unread(evaluator, at)) == ([], 2)


def test_what_a_reader_may_no_longer_see_is_not_shown_and_its_title_goes_nowhere(put, owner, closed_idea, at):
    put(owner, "rights")
    assert seen(owner, at) == ["Rights settled: “Grip”"]

    Idea.objects.filter(pk=closed_idea.pk).update(status="withdrawn", withdrawn_at=at)

    assert seen(owner, at) == []
    assert "Grip" not in str(queries.personal_data_of(owner))


def test_a_manager_who_leaves_sees_nothing_of_the_challenge_any_more(put, manager, at):
    put(manager, "entries_closed", number=1)
    Membership.objects.filter(person=manager).update(ended_at=at)
    assert seen(manager, at) == []


def test_a_contributor_who_leaves_an_idea_sees_nothing_of_it_any_more(put, solver, closed_idea, at):
    put(solver, "answer")
    Contributor.objects.filter(idea=closed_idea, person=solver).delete()
    assert seen(solver, at) == []


def test_nobody_sees_anothers_notices(put, solver, solver_two, at):
    notice = put(solver, "answer")
    assert (queries.my_notice(solver, notice.key, at), queries.my_notice(solver_two, notice.key, at)) == (notice, None)


def test_new_times_are_told_whichever_way_they_go(idea, owner, solver, at):
    challenge = idea.challenge
    challenges.extend(
        challenge_id=challenge.pk, closes_at=challenge.closes_at + DAY, reason="Late harvest.", actor=owner, at=at
    )
    challenges.close_early(challenge_id=challenge.pk, reason="Enough came in.", actor=owner, at=at + DAY)

    assert seen(solver, at + DAY)[:2] == [
        "Entries close sooner: “Soft fruit picker”",
        "More time: “Soft fruit picker”",
    ]


def test_what_a_notice_keeps_of_a_letter(idea):
    idea.challenge.refresh_from_db()
    award = Award(payment="ordered")
    told = {"idea": idea, "challenge": idea.challenge, "award": award, "n_open": 3}
    kinds = ("receipt", "payment", "assignments", "entries_closed", "answer")
    assert [rules.facts_of(kind, told) for kind in kinds] == [(1, ""), (0, "ordered"), (3, ""), (1, ""), (0, "")]


def test_reading_one_and_reading_all(put, solver, solver_two, at):
    first, _second, other = put(solver, "answer"), put(solver, "reply"), put(solver_two, "answer")
    n_before = queries.count_unread(solver)

    services.read_notice(notice_id=first.pk, actor=solver, at=at)
    services.read_notice(notice_id=first.pk, actor=solver, at=at + DAY)
    services.read_notice(notice_id=other.pk, actor=solver, at=at)
    n_between = queries.count_unread(solver)
    n_read = services.read_all_notices(actor=solver, at=at)

    first.refresh_from_db()
    assert (n_before, n_between, n_read, first.read_at) == (3, 2, 2, at)
    assert (queries.count_unread(solver), queries.count_unread(solver_two)) == (0, 1)


def test_an_invitation_by_address_puts_nothing_under_a_bell(organisation, owner, solver, at):
    people.invite(organisation=organisation, email=solver.email, role="member", actor=owner, at=at)
    assert Notice.objects.count() == 0


def test_erasing_a_person_takes_their_notices_and_their_download_names_keys_only(idea, solver, at):
    services.note_undeliverable(email=str(solver.email), answer="550 no", at=at)
    data = queries.personal_data_of(solver)
    lines = queries.erasure_lines_of(solver).goes
    (notice,) = data["notices"]
    assert (notice["kind"], notice["challenge"], notice["idea"]) == ("receipt", idea.challenge.key, idea.key)
    assert (notice["read_at"], "Grip" in str(notice)) == (None, False)
    assert data["notification_choices"]["address_failed_at"] == at.isoformat()
    assert "Your notices, and what you chose about mails and digests." in lines

    people.erase_person(person=solver, actor=solver, at=at)

    assert (Notice.objects.count(), queries.undeliverable_of("sam@workshop.example")) == (0, None)


def test_who_got_nothing_has_nothing_to_lose(stranger):
    assert queries.erasure_lines_of(stranger).goes == []
