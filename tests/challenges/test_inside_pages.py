"""The pages of challenges for people inside, and the API."""

from datetime import timedelta

import pytest
from django.urls import reverse

from permea.challenges import services
from permea.challenges.models import Challenge, TimetableChange
from permea.surface.testing import assert_page_ok

DAY = timedelta(days=1)


def overview(challenge):
    return reverse("challenges:overview", args=[challenge.key])


def test_an_empty_list_teaches_the_next_step(client_of, clock, owner, member, organisation):
    pages = [assert_page_ok(client_of(person).get(reverse("challenges:list"))) for person in (owner, member)]
    assert ["Start a challenge" in page.text for page in pages] == [True, False]


def test_the_list_is_filtered_by_phase_and_counts_each(client_of, clock, owner, make_challenge, at):
    make_challenge(title="Now open")
    make_challenge(closed=True, title="Being read")
    make_challenge(status="draft", template="")
    put_away = make_challenge(closed=True, title="Put away")
    services.archive(challenge_id=put_away.pk, actor=owner, at=at)
    browser, seen = client_of(owner), {}
    for phase in ("", "open", "review", "draft", "decided", "archived"):
        page = assert_page_ok(browser.get(reverse("challenges:list"), {"phase": phase, "sort": "-entries"}))
        seen[phase] = [row.all("a")[0].text for row in page.all("tbody")[0].all("tr") if row.all("a")]
    untitled = "Challenge without a title"
    assert {phase: sorted(titles) for phase, titles in seen.items()} == {
        "": sorted(["Now open", "Being read", untitled]),
        "open": ["Now open"],
        "review": ["Being read"],
        "draft": [untitled],
        "decided": [],
        "archived": ["Put away"],
    }


@pytest.mark.parametrize("who", ["owner", "member", "evaluator"])
def test_the_overview_is_there_in_every_state(request, client_of, clock, owner, make_challenge, who, at):
    states = [make_challenge(), make_challenge(closed=True), make_challenge(closed=True), make_challenge(closed=True)]
    services.count_entry(challenge_id=states[1].pk, change=3)
    services.mark_decided(challenge_id=states[2].pk, actor=owner, at=at)
    services.archive(challenge_id=states[3].pk, actor=owner, at=at)
    browser = client_of(request.getfixturevalue(who))
    texts = [assert_page_ok(browser.get(overview(challenge))).text for challenge in states]
    assert ["What it costs" in text for text in texts] == [who == "owner"] * 4


def test_the_overview_of_a_draft_names_what_is_missing(client_of, clock, owner, make_challenge):
    whole, broken = make_challenge(status="draft"), make_challenge(status="draft", teaser="")
    texts = [assert_page_ok(client_of(owner).get(overview(row))).text for row in (whole, broken)]
    assert ("Nothing is missing" in texts[0], "1 thing is missing" in texts[1]) == (True, True)


@pytest.mark.parametrize("who", ["solver", "stranger", "other_owner"])
def test_the_overview_does_not_exist_for_others(request, client_of, clock, make_challenge, other_organisation, who):
    browser, shown = client_of(request.getfixturevalue(who)), make_challenge()
    answers = [browser.get(overview(shown)), browser.get(reverse("challenges:timetable", args=[shown.key]))]
    answers += [browser.post(reverse(f"challenges:{name}", args=[shown.key])) for name in ("archive", "restore")]
    assert [answer.status_code for answer in answers] == [404] * 4


def test_a_draft_does_not_exist_for_members(client_of, clock, member, make_challenge):
    assert client_of(member).get(overview(make_challenge(status="draft"))).status_code == 404


def extension(challenge, **changed):
    sent = {
        "action": "extend",
        "extend-closes_at": "2026-04-10T18:00",
        "extend-decide_by": "2026-04-27T18:00",
        "extend-answer_by": "2026-05-10T18:00",
        "extend-reason": "Holidays",
    }
    return reverse("challenges:timetable", args=[challenge.key]), {**sent, **changed}


def test_entries_are_extended_on_the_page_and_the_reason_is_shown(client_of, clock, owner, make_challenge):
    shown, browser = make_challenge(), client_of(owner)
    assert_page_ok(browser.get(reverse("challenges:timetable", args=[shown.key])))
    answer = browser.post(*extension(shown), follow=True)
    shown.refresh_from_db()
    assert (f"{shown.closes_at:%m-%d %H:%M}", "Holidays" in assert_page_ok(answer).text) == ("04-10 16:00", True)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"extend-reason": ""}, 422),
        ({"extend-closes_at": "2026-03-29T02:30"}, 422),
        ({"extend-closes_at": "2026-03-10T18:00"}, 409),
        ({"extend-decide_by": "2026-04-01T18:00"}, 409),
    ],
)
def test_an_extension_that_cannot_be_stays_on_the_page(client_of, clock, owner, make_challenge, changed, status):
    shown = make_challenge()
    page = assert_page_ok(client_of(owner).post(*extension(shown, **changed)), status=status)
    values = {field.attributes.get("name"): field.attributes.get("value") for field in page.all("input")}
    sent = extension(shown, **changed)[1]
    assert (values["extend-answer_by"], TimetableChange.objects.count()) == (sent["extend-answer_by"], 0)


def test_entries_are_closed_early_on_the_page(client_of, clock, owner, make_challenge, at):
    shown, browser = make_challenge(), client_of(owner)
    address = reverse("challenges:timetable", args=[shown.key])
    without = browser.post(address, {"action": "close", "close-reason": ""})
    done = browser.post(address, {"action": "close", "close-reason": "Enough"}, follow=True)
    again = browser.post(address, {"action": "close", "close-reason": "Enough"})
    shown.refresh_from_db()
    assert (without.status_code, again.status_code, shown.closes_at) == (422, 409, at)
    assert "Closed early" in assert_page_ok(done).text


def test_a_challenge_is_archived_and_taken_out_again(client_of, clock, owner, make_challenge):
    shown, browser = make_challenge(closed=True), client_of(owner)
    states = []
    for name in ("restore", "archive", "archive", "restore"):
        answer = browser.post(reverse(f"challenges:{name}", args=[shown.key]))
        shown.refresh_from_db()
        states.append((answer.status_code, shown.status))
    assert states == [(409, "published"), (302, "archived"), (409, "archived"), (302, "published")]


def test_members_do_not_move_dates(client_of, clock, member, make_challenge):
    shown = make_challenge()
    assert client_of(member).post(*extension(shown)).status_code == 404


def test_the_api_lists_what_is_public_without_sign_in(client, clock, make_challenge):
    shown = make_challenge()
    make_challenge(status="draft")
    listed, one = client.get("/api/challenges").json(), client.get(f"/api/challenges/{shown.key}").json()
    assert [(row["key"], row["phase"], row["n_entries"]) for row in listed] == [(shown.key, "open", 0)]
    assert (len(one["criteria"]), one["ip_terms"]["version"], one["problem"], one["changes"]) == (
        4,
        1,
        shown.problem,
        [],
    )
    assert not {"goal", "hours_limit", "money_limit", "owner"} & set(one)


def test_the_api_keeps_drafts_to_who_manages(client, client_of, clock, owner, member, solver, make_challenge):
    draft = make_challenge(status="draft")
    shown = make_challenge()
    public = client.get(f"/api/challenges/{draft.key}")
    listed = [client_of(person).get("/api/managed/challenges").json() for person in (owner, member, solver)]
    assert (public.status_code, public["Content-Type"], client.get("/api/managed/challenges").status_code) == (
        404,
        "application/problem+json",
        401,
    )
    assert [{row["key"] for row in rows} for rows in listed] == [{draft.key, shown.key}, {shown.key}, set()]


@pytest.mark.parametrize(("name", "most"), [("challenges:list", 12), ("challenges:home", 12)])
def test_lists_ask_the_database_as_often_for_three_as_for_one(
    client, client_of, clock, owner, make_challenge, django_assert_max_num_queries, name, most
):
    browser = client_of(owner) if name == "challenges:list" else client
    counts = []
    for _round in range(2):
        make_challenge()
        browser.get(reverse(name))
        with django_assert_max_num_queries(most) as captured:
            browser.get(reverse(name))
        counts.append(len(captured))
        make_challenge()
    assert (counts[0], Challenge.objects.count()) == (counts[1], 4)


@pytest.mark.parametrize(("days", "said"), [(1, "Extended on Mar 2, 2026"), (-1, "Closed early on Mar 2, 2026")])
def test_the_overview_says_quietly_what_changed_in_the_timetable(
    client_of, clock, make_challenge, owner, at, days, said
):
    shown = make_challenge()
    told = {"challenge_id": shown.pk, "reason": "x", "actor": owner, "at": at}
    if days > 0:
        services.extend(closes_at=shown.closes_at + days * DAY, **told)
    else:
        services.close_early(**told)

    assert said in assert_page_ok(client_of(owner).get(overview(shown))).text
