"""What calendars and feed readers get: the deadline of a challenge, and the news of all of them."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils.translation.reloader import translation_file_changed

from permea.challenges import queries, rules, services
from permea.challenges.models import TimetableChange
from permea.people.models import Membership, Organisation
from permea.surface.testing import assert_page_ok
from tools import messages

TICK, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NASTY = 'Grip, bruise; "less"\\n\r\nATTACH:x\x0b\x1b <b>now</b> & 🌾'
FEED = "/c/feed.atom"


@pytest.fixture(scope="module")
def german() -> None:
    """Compile the catalogue where nobody has, and let this process forget that it was missing."""
    if not messages.catalogue_path("de").with_suffix(".mo").exists():
        for path in messages.compile_all():
            translation_file_changed(sender=None, file_path=path)


def address(challenge) -> str:
    return reverse("challenges:deadline_calendar", args=[challenge.key])


def properties(response) -> dict[str, str]:
    """Return the properties of the event by name, the alarm left out, texts without their escapes."""
    lines = response.content.replace(b"\r\n ", b"").decode().split("\r\n")
    inside = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("BEGIN:VALARM")]
    parts = [re.split(r"(?:;LANGUAGE=\w+)?:", line, maxsplit=1) for line in inside]
    return {name: re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value) for name, value in parts}


def feed_of(response) -> ET.Element:
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ET.fromstring(response.content)


def titles(client) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed_of(client.get(FEED)).iter(f"{ATOM}entry")]


def entries(client) -> list[ET.Element]:
    return feed_of(client.get(FEED)).findall(f"{ATOM}entry")


# The deadline for a calendar


def test_a_calendar_gets_the_deadline_with_an_alarm_a_day_before(client, clock, make_challenge, settings):
    asked = make_challenge(title="Grip berries", teaser="Without bruises.")
    answer = client.get(address(asked))
    page = f"{settings.BASE_URL}/c/{asked.key}/"
    assert (answer.status_code, answer["Content-Type"], properties(answer)) == (
        200,
        "text/calendar; charset=utf-8",
        {
            "UID": f"deadline-{asked.key}@permea",
            "SEQUENCE": "0",
            "DTSTAMP": "20260302T080000Z",
            "LAST-MODIFIED": "20260302T080000Z",
            "DTSTART": "20260330T080000Z",
            "TRANSP": "TRANSPARENT",
            "SUMMARY": "Entries close: Grip berries",
            "DESCRIPTION": f"Without bruises.\n\nLindenhof Robotics\n\n{page}",
            "URL": page,
        },
    )
    assert b"TRIGGER:-P1D" in answer.content


def test_each_move_of_the_deadline_moves_the_same_event(client, clock, make_challenge, owner):
    asked = make_challenge()
    told = {"challenge_id": asked.pk, "actor": owner}
    seen = [properties(client.get(address(asked)))]
    services.extend(**told, closes_at=asked.closes_at + DAY, reason="Bad weather", at=clock.at)
    seen.append(properties(client.get(address(asked))))
    services.close_early(**told, reason="Enough to read", at=clock.at + DAY)
    clock.at += 2 * DAY
    seen.append(properties(client.get(address(asked))))
    assert [(row["SEQUENCE"], row["DTSTART"], row["DTSTAMP"]) for row in seen] == [
        ("0", "20260330T080000Z", "20260302T080000Z"),
        ("1", "20260331T080000Z", "20260302T090000Z"),
        ("2", "20260303T090000Z", "20260303T090000Z"),
    ]
    assert len({row["UID"] for row in seen}) == 1
    said = ["The deadline was moved: " in row["DESCRIPTION"] for row in seen]
    assert (said, "Enough to read" in seen[2]["DESCRIPTION"]) == ([False, True, True], True)


@pytest.mark.parametrize(
    ("local", "written"),
    [("2026-03-29T18:00+02:00", "20260329T160000Z"), ("2026-10-25T18:00+01:00", "20261025T170000Z")],
)
def test_a_deadline_on_the_day_the_clocks_change_is_the_same_moment(client, clock, make_challenge, local, written):
    closes_at = datetime.fromisoformat(local)
    later = {"decide_by": closes_at + 28 * DAY, "answer_by": closes_at + 35 * DAY}
    asked = make_challenge(closes_at=closes_at, **later)
    assert properties(client.get(address(asked)))["DTSTART"] == written


def test_a_calendar_speaks_the_language_of_the_challenge_not_of_the_reader(client, clock, german, make_challenge):
    asked = make_challenge(language="de", template="supplier", title="Greifer")
    answers = [client.get(address(asked), headers={"Accept-Language": wanted}) for wanted in ("en", "de")]
    assert answers[0].content == answers[1].content
    assert (properties(answers[0])["SUMMARY"], answers[0]["Content-Language"]) == ("Einsendeschluss: Greifer", "de")


def test_a_title_cannot_put_lines_into_a_calendar(client, clock, make_challenge):
    asked = make_challenge(title=NASTY, teaser=NASTY)
    answer = client.get(address(asked))
    kept = NASTY.replace("\r\n", "\n").replace("\x0b", "").replace("\x1b", "")
    assert properties(answer)["SUMMARY"] == f"Entries close: {kept}"
    assert (max(map(len, answer.content.split(b"\r\n"))) <= 75, b"\r\nATTACH" in answer.content) == (True, False)
    assert answer["Content-Disposition"] == f'inline; filename="deadline-{asked.key}.ics"'


@pytest.mark.parametrize("who", [None, "solver", "owner"])
def test_only_public_challenges_have_a_calendar(request, client, client_of, clock, make_challenge, owner, at, who):
    browser = client_of(request.getfixturevalue(who)) if who else client
    draft, put_away = make_challenge(status="draft"), make_challenge(closed=True)
    services.archive(challenge_id=put_away.pk, actor=owner, at=at)
    answers = [browser.get(address(challenge)) for challenge in (draft, put_away)]
    answers.append(browser.get("/c/nothere/deadline.ics"))
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_closed_and_decided_challenges_keep_their_event(client, clock, make_challenge, owner, at):
    decided = make_challenge(closed=True)
    services.mark_decided(challenge_id=decided.pk, actor=owner, at=at)
    assert properties(client.get(address(decided)))["DTSTART"] == "20260301T090000Z"


def test_who_has_the_event_already_is_not_sent_it_again(client, clock, make_challenge, owner):
    asked = make_challenge()
    first = client.get(address(asked))
    known = {"If-None-Match": first["ETag"]}
    again = client.get(address(asked), headers=known)
    services.extend(
        challenge_id=asked.pk, closes_at=asked.closes_at + DAY, reason="Rain", actor=owner, at=clock.at
    )  # fmt: skip
    moved = client.get(address(asked), headers=known)
    assert [(answer.status_code, bool(answer.content)) for answer in (again, moved)] == [(304, False), (200, True)]
    assert (first["Last-Modified"], moved["Last-Modified"]) == (
        "Mon, 02 Mar 2026 08:00:00 GMT",
        "Mon, 02 Mar 2026 09:00:00 GMT",
    )


def test_the_public_page_offers_the_deadline_while_it_lies_ahead(client, clock, make_challenge, at):
    pages = {}
    for name, asked in {
        "open": make_challenge(),
        "upcoming": make_challenge(opens_at=at + DAY),
        "closed": make_challenge(closed=True),
    }.items():
        page = assert_page_ok(client.get(reverse("challenges:public", args=[asked.key])))
        pages[name] = address(asked) in [link.attributes.get("href") for link in page.all("a")]
    assert pages == {"open": True, "upcoming": True, "closed": False}


def test_a_preview_shows_the_button_switched_off(client_of, clock, make_challenge, owner):
    draft = make_challenge(status="draft")
    page = assert_page_ok(client_of(owner).get(reverse("challenges:preview", args=[draft.key])))
    assert "Add the deadline to my calendar" in page.text
    assert address(draft) not in [link.attributes.get("href") for link in page.all("a")]


def test_contributors_find_the_deadline_beside_their_entry(client_of, clock, make_idea, solver):
    idea = make_idea(author=solver, submitted=False)
    found = []
    for clock.at in (idea.challenge.closes_at - TICK, idea.challenge.closes_at):
        for page in ("/my/", reverse("ideas:entry", args=[idea.key])):
            shown = assert_page_ok(client_of(solver).get(page))
            found.append(address(idea.challenge) in [link.attributes.get("href") for link in shown.all("a")])
    assert found == [True, True, False, False]


# The news for a feed reader


@pytest.mark.services
def test_what_happened_is_told_newest_first(make_challenge, owner, at):
    first = make_challenge(title="One")
    told = {"challenge_id": first.pk, "actor": owner}
    second = make_challenge(title="Two", opens_at=at)
    services.extend(**told, closes_at=first.closes_at + DAY, reason="Rain", at=at + HOUR)
    services.close_early(**told, reason="Enough", at=at + 2 * HOUR)
    services.mark_decided(**told, at=at + 3 * HOUR)
    said = [
        (item.kind, item.challenge.title, item.at, item.deadline, item.reason, item.number)
        for item in queries.news(at + DAY, most=50)
    ]
    deadline, closed_at = first.closes_at, at + 2 * HOUR
    assert said == [
        ("decided", "One", at + 3 * HOUR, closed_at, "", 0),
        ("closed", "One", closed_at, closed_at, "Enough", 2),
        ("extended", "One", at + HOUR, deadline + DAY, "Rain", 1),
        ("opened", "Two", at, second.closes_at, "", 0),
        ("announced", "Two", at - HOUR, second.closes_at, "", 0),
        ("opened", "One", at - HOUR, deadline, "", 0),
    ]


def test_a_challenge_is_announced_before_it_opens_and_closes_at_its_instant(client, clock, make_challenge, at):
    asked = make_challenge(title="Grip", opens_at=at + DAY)
    seen = []
    for clock.at in (at, asked.opens_at - TICK, asked.opens_at, asked.closes_at - TICK, asked.closes_at):
        seen.append(titles(client))
    announced, opened, closed = "Announced: Grip", "Open for entries: Grip", "Closed: Grip"
    assert seen == [[announced], [announced], [opened, announced], [opened, announced], [closed, opened, announced]]


def test_the_feed_says_who_when_where_and_in_which_language(client, clock, german, make_challenge, settings):
    asked = make_challenge(language="de", template="supplier", title="Greifer", teaser="Ohne Druckstellen.")
    feed = feed_of(client.get(FEED))
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    said = [feed.findtext(f"{ATOM}{name}") for name in ("title", "updated", f"author/{ATOM}name")]
    base = settings.BASE_URL
    assert (feed.get(XML_LANG), links) == ("en", {"alternate": f"{base}/", "self": f"{base}/c/feed.atom"})
    assert said == ["What Lindenhof Robotics is looking for", "2026-03-02T08:00:00+00:00", "Lindenhof Robotics"]
    entry = feed.find(f"{ATOM}entry")
    title, published, updated, summary = (
        entry.findtext(f"{ATOM}{name}") for name in ("title", "published", "updated", "summary")
    )
    assert (entry.get(XML_LANG), entry.find(f"{ATOM}link").get("href")) == ("de", f"{base}/c/{asked.key}/")
    assert (published, updated, title.startswith("Open"), title.endswith(": Greifer")) == (
        "2026-03-02T08:00:00+00:00", "2026-03-02T08:00:00+00:00", False, True,
    )  # fmt: skip
    assert re.fullmatch(r"<p>Ohne Druckstellen\.</p><p>Einsendeschluss.* 30\.03\.2026, 08:00 UTC\.</p>", summary)


def test_ids_are_unique_and_outlive_a_move_to_another_address(client, clock, make_challenge, owner, settings):
    asked = make_challenge()
    for day in (1, 2):
        services.extend(
            challenge_id=asked.pk, closes_at=asked.closes_at + day * DAY, reason="Rain", actor=owner, at=clock.at
        )  # fmt: skip
    seen = []
    for settings.BASE_URL in ("https://one.example", "https://two.example"):
        seen.append([element.text for element in feed_of(client.get(FEED)).iter(f"{ATOM}id")])
    assert (seen[0] == seen[1], len(set(seen[0])), all(key.startswith("urn:uuid:") for key in seen[0])) == (
        True,
        4,
        True,
    )


def test_nothing_sealed_and_nothing_from_inside_is_in_feed_or_calendar(
    client_of, clock, make_challenge, make_idea, make_person, owner, organisation
):
    asked = make_challenge(title="Grip berries", problem="The long problem text")
    make_challenge(status="draft", title="Not asked yet")
    author = make_person("secret@example.org", "Sealed Author", affiliation="Sealed Works")
    make_idea(challenge=asked, author=author, title="Sealed title", summary="Sealed summary", body="Sealed body")
    reader = client_of(owner)
    texts = [reader.get(place).content.decode() for place in (FEED, address(asked))]
    hidden = ["Sealed", "secret@", "Not asked yet", "The long problem text", "Olga", asked.goal.title]
    assert ([word for word in hidden for text in texts if word in text], "Grip berries" in texts[0]) == ([], True)


def test_archived_challenges_leave_the_feed(client, clock, make_challenge, owner, at):
    put_away = make_challenge(closed=True, title="Over")
    told = {"challenge_id": put_away.pk, "actor": owner, "at": at}
    before = titles(client)
    services.archive(**told)
    assert (before, titles(client)) == (["Closed: Over", "Open for entries: Over"], [])


def test_an_empty_feed_has_the_date_the_firm_began(client, clock, organisation):
    assert feed_of(client.get(FEED)).findtext(f"{ATOM}updated") == organisation.created_at.isoformat()


def test_a_new_instance_has_no_feed(client, db):
    Membership.objects.all().delete()
    Organisation.objects.all().delete()
    assert client.get(FEED).status_code == 404


def test_what_a_person_wrote_is_never_taken_for_markup_in_a_feed(client, clock, make_challenge):
    make_challenge(title=NASTY, teaser=NASTY)
    entry = entries(client)[0]
    summary = entry.find(f"{ATOM}summary")
    assert entry.findtext(f"{ATOM}title").endswith("<b>now</b> & 🌾")
    assert (summary.get("type"), "<b>" in summary.text, "&lt;b&gt;now&lt;/b&gt; &amp; 🌾" in summary.text) == (
        "html",
        False,
        True,
    )


def test_the_feed_is_no_longer_than_fifty_entries_and_keeps_the_newest(client, clock, make_challenge, owner, at):
    asked = make_challenge(title="Grip")
    rows = [
        TimetableChange(
            challenge=asked, closed_at_before=at, closed_at_after=at + HOUR, decide_by_before=at, decide_by_after=at,
            answer_by_before=at, answer_by_after=at, reason=f"Reason {number}.", changed_by=owner,
            changed_at=at + number * HOUR,
        )
        for number in range(60)
    ]  # fmt: skip
    TimetableChange.objects.bulk_create(rows)
    clock.at = at + 3 * DAY
    shown = [entry.findtext(f"{ATOM}summary") for entry in entries(client)]
    assert (len(shown), "Reason 59." in shown[0], "Reason 10." in shown[-1]) == (50, True, True)


def test_who_has_the_feed_already_is_not_sent_it_again(client, client_of, clock, make_challenge, solver):
    make_challenge()
    first = client.get(FEED)
    headers = [{"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}]
    known = [client.get(FEED, headers=sent).status_code for sent in headers]
    others = [
        client.get(FEED, headers={"Accept-Language": "de"})["ETag"],
        client_of(solver).get(FEED)["ETag"],
        client.head(FEED)["ETag"],
    ]
    make_challenge(opens_at=clock.at)
    clock.at += HOUR
    renewed = [client.get(FEED, headers=sent).status_code for sent in headers]
    assert (known, set(others), renewed) == ([304, 304], {first["ETag"]}, [200, 200])
    assert (first["Last-Modified"], first["Cache-Control"]) == ("Mon, 02 Mar 2026 08:00:00 GMT", "public, max-age=300")


def test_public_pages_lead_feed_readers_to_the_feed(client, clock, make_challenge):
    asked = make_challenge()
    found = []
    for place in ("/", reverse("challenges:public", args=[asked.key])):
        links = assert_page_ok(client.get(place)).all("link")
        found += [
            link.attributes["href"] for link in links if link.attributes.get("type") == "application/atom+xml"
        ]  # fmt: skip
    assert found == [FEED, FEED]


def test_the_deadline_that_stood_at_a_moment_is_found_from_its_changes():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    changes = [
        TimetableChange(changed_at=at + day * DAY, closed_at_before=at + (10 + day) * DAY) for day in (1, 2)
    ]  # fmt: skip
    moments = (at, at + DAY - TICK, at + DAY, at + 2 * DAY)
    found = [rules.deadline_as_of(moment, at + 13 * DAY, changes) for moment in moments]
    assert [(deadline - at).days for deadline in found] == [11, 11, 12, 13]
    assert rules.deadline_as_of(at, at + 13 * DAY, []) == at + 13 * DAY
