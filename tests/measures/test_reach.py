"""The reach report: what is counted, for whom, and what is left out."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from permea.challenges.models import Challenge
from permea.dialogue import services as dialogue
from permea.ledger.models import Crossing
from permea.measures import queries
from permea.people.models import Membership
from permea.people.services import update_profile
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


def text(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def reached(make_challenge, make_idea, make_posting, make_person, member, solver):
    """Return a closed challenge: three French entries, Sam's without a country, two from inside, a question."""
    Membership.objects.filter(person=member).update(since=AT - timedelta(days=60))
    before, challenge = make_challenge(closed=True), make_challenge(closed=True, title="The far one")
    Challenge.objects.filter(pk=before.pk).update(opens_at=before.opens_at - timedelta(days=9))
    before.refresh_from_db()
    make_idea(challenge=before, author=solver)
    for _number in range(3):
        make_idea(challenge=challenge, country="FR", source="university")
    solver = update_profile(
        person=solver, name="Sam", affiliation="", country="", language="en", time_zone="Europe/Berlin"
    )
    make_idea(challenge=challenge, author=solver, source="customer", country="")
    make_idea(challenge=challenge, author=member)
    make_idea(challenge=challenge, source="employee", country="AT")
    dialogue.ask_question(
        challenge_id=challenge.pk, actor=make_person(country="IT"), text="How wet may the fruit be?", language="en",
        at=challenge.opens_at + timedelta(days=1),
    )  # fmt: skip
    for said in ({}, {"sender": make_person(country="ES"), "is_anonymous": False}, {"source": "employee"}):
        make_posting(**said)
    make_posting(sender=member, is_anonymous=False)
    Challenge.objects.filter(pk=challenge.pk).update(money_spent=600, seconds_spent=7200)
    return challenge


def codes(groups):
    return [(group.code, group.n_people, group.n_entries, group.n_questions, group.n_postings) for group in groups]


def test_managers_see_who_came_from_where(reached, manager, organisation):
    view = queries.reach_for(manager, organisation, reached, at=AT)

    assert codes(view.countries) == [("FR", 3, 3, 0, 0), ("IT", 0, 0, 1, 0), ("", 1, 1, 0, 0)]
    assert codes(view.sources) == [("university", 3, 3, 0, 0), ("customer", 1, 1, 0, 0)]
    assert (view.n_people, view.n_new, view.n_again, view.n_inside) == (4, 3, 1, 2)
    assert [(cost.n_met_bar, cost.money, cost.hours) for cost in view.costs] == [(0, 600, 2)]


def test_over_all_challenges_what_came_through_boxes_counts_too(reached, owner, organisation):
    view = queries.reach_for(owner, organisation, None, at=AT)

    assert (view.n_postings, view.n_entries, view.n_new, view.n_again) == (2, 5, 3, 1)
    assert [(group.code, group.n_postings) for group in view.countries if group.n_postings] == [("ES", 1), ("", 1)]


def test_members_see_no_number_that_points_at_somebody(reached, member, organisation, client_of):
    view = queries.reach_for(member, organisation, reached, at=AT)
    page = text(client_of(member).get(f"/challenges/{reached.key}/reach/"))

    assert (view.n_people, view.n_new, view.n_again, view.countries, view.costs) == (4, None, None, [], [])
    assert ("would point at somebody" in page, "What a good entry costs" in page, "France" in page) == (
        True,
        False,
        False,
    )


def test_sealed_entries_are_not_counted(make_challenge, make_idea, make_person, owner, organisation, client_of):
    challenge, author = make_challenge(title="The open one"), make_person()
    make_idea(challenge=challenge, author=author, country="FR")
    make_idea(challenge=make_challenge(closed=True, title="The closed one"), author=author)
    view = queries.reach_for(owner, organisation, challenge, at=AT)
    everything = queries.reach_for(owner, organisation, None, at=AT)
    page = text(client_of(owner).get(f"/challenges/{challenge.key}/reach/"))

    assert (view.n_people, view.n_entries, everything.n_entries, everything.n_again) == (0, 0, 1, 0)
    assert "Sealed until entries close" in page


def test_the_page_names_countries_in_the_readers_language_and_leads_to_each_challenge(reached, owner, client_of):
    browser = client_of(owner)
    browser.post("/language/", {"language": "de"})
    page, chosen = text(browser.get("/measures/reach/")), browser.get(f"/measures/reach/?challenge={reached.key}")

    assert ("Frankreich" in page, "Spanien" in page, chosen.url) == (True, True, f"/challenges/{reached.key}/reach/")


def test_taking_the_report_along_is_entered_in_the_ledger(reached, manager, client_of):
    browser = client_of(manager)
    one = browser.post(f"/challenges/{reached.key}/reach/download/")
    everything = browser.post("/measures/reach/download/")
    crossing = Crossing.objects.filter(kind="reach.exported").earliest("pk")

    assert one.content.decode().splitlines()[:3] == [
        "by,code,name,people,entries,questions,postings", "all,,,4,4,1,0", "country,FR,France,3,3,0,0",
    ]  # fmt: skip
    assert (crossing.direction, crossing.subject_key, crossing.actor_key) == ("out", reached.key, manager.key)
    assert (everything["Content-Disposition"], Crossing.objects.filter(kind="reach.exported").count()) == (
        'attachment; filename="reach.csv"', 2,
    )  # fmt: skip


def test_nothing_is_not_taken_along_and_drafts_and_strangers_have_no_report(
    make_challenge, owner, client_of, other_owner, other_organisation
):
    browser, draft, closed = client_of(owner), make_challenge(status="draft"), make_challenge(closed=True)
    refused = [browser.post(address, follow=True) for address in (
        "/measures/reach/download/", f"/challenges/{closed.key}/reach/download/"
    )]  # fmt: skip

    assert ["there is nothing to download" in text(answer) for answer in refused] == [True, True]
    assert browser.get(f"/challenges/{draft.key}/reach/").status_code == 404
    assert client_of(other_owner).get(f"/challenges/{closed.key}/reach/").status_code == 404
