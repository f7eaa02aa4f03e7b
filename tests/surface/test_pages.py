"""The pages every instance has, the frame around them and the pages for when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.utils import translation

from permea.people.models import Organisation, Person
from permea.surface import errors, registry
from permea.surface.pages import render
from permea.surface.registry import NavItem, PagePart, TodayItem
from permea.surface.testing import Element, assert_page_ok, faults_of, read_page

Browser = Callable[[Person], Client]


def rail(page: Element) -> list[str]:
    return [link.text for nav in page.all("nav") if "rail" in nav.attributes["class"].split() for link in nav.all("a")]


def test_today_lists_what_waits_the_nearest_deadline_first(
    organisation: Organisation, owner: Person, client_of: Browser, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    items = [
        TodayItem("Some day", "", "/a/", None, "goal"),
        TodayItem("Decide", "3 entries", "/b/", at + timedelta(days=9), "decide", "Decide now"),
        TodayItem("Answer", "", "/c/", at + timedelta(days=2), "answer"),
    ]
    monkeypatch.setattr(registry, "_providers", [lambda *_given: items])

    page = assert_page_ok(client_of(owner).get("/today/"))

    titles = [title.text for title in page.all("h2") if title.attributes.get("class") == "today-title"]
    assert titles == ["Answer", "Decide", "Some day"]


def test_later_steps_add_their_parts_to_a_page_in_order_and_once(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    def last(key: str, _at: datetime) -> PagePart:
        return PagePart("b.html", {"key": key}, style="b.css", order=200)

    def first(key: str, _at: datetime) -> PagePart:
        return PagePart("a.html", {"key": key}, style="a.css")

    def nothing(_key: str, _at: datetime) -> None:
        return None

    monkeypatch.setattr(registry, "_parts", {})
    for provider in (last, first, nothing, first):
        registry.register_part("challenges:public", provider)

    parts = registry.page_parts("challenges:public", "k1", at)

    assert [(part.template, part.context["key"]) for part in parts] == [("a.html", "k1"), ("b.html", "k1")]
    assert registry.page_parts("challenges:list", "k1", at) == []


def test_an_empty_today_teaches_the_next_step(
    organisation: Organisation, owner: Person, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_providers", [])

    page = assert_page_ok(client_of(owner).get("/today/"))

    assert "Nothing waits for you." in page.all("main")[0].text


def test_somebody_without_a_seat_is_sent_to_their_entries(
    organisation: Organisation, solver: Person, client_of: Browser
) -> None:
    answer = client_of(solver).get("/today/")

    assert (answer.status_code, answer["Location"]) == (302, "/my/")


def test_visitors_are_asked_to_sign_in_and_come_back(client: Client, db: None) -> None:
    answer = client.get("/today/")

    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/today/")


def test_the_rail_shows_sections_in_order_and_only_what_the_role_may_open(
    organisation: Organisation, member: Person, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [
        NavItem("learn", "Health", "surface:health", "heart-pulse"),
        NavItem("plan", "Gallery", "surface:gallery", "image", order=2),
        NavItem("plan", "Preview", "surface:preview", "eye", order=1),
        NavItem("decide", "Secret", "surface:language", "lock", roles=("owner",)),
    ]
    monkeypatch.setattr(registry, "_items", items)

    page = assert_page_ok(client_of(member).get("/gallery/"))

    assert rail(page) == ["Permea", "Today", "Preview", "Gallery", "Health"]
    assert [link.text for link in page.all("a") if link.attributes.get("aria-current") == "page"][:1] == ["Gallery"]


def test_a_rail_section_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="basement"):
        registry.register_nav(NavItem("basement", "Cellar", "surface:health", "box"))


def test_the_language_is_kept_for_the_session(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "de", "next": "/account/login/"})
    page = assert_page_ok(client.get("/account/login/"))

    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    assert page.all("html")[0].attributes["lang"] == "de"


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example", ""])
def test_a_language_change_leads_nowhere_else(client: Client, db: None, following: str) -> None:
    answer = client.post("/language/", {"language": "xx", "next": following})

    assert (answer["Location"], "language" in client.session) == ("/", False)


def test_members_of_two_firms_switch_between_them(
    organisation: Organisation, other_organisation: Organisation, owner: Person, client_of: Browser, at: datetime
) -> None:
    from permea.people.models import Membership

    Membership.objects.create(person=owner, organisation=other_organisation, role="manager", since=at)
    browser = client_of(owner)

    answer = browser.post("/organisation/", {"organisation": other_organisation.key})
    page = assert_page_ok(browser.get("/today/"))

    assert (answer["Location"], "Other Works" in page.all("header")[0].all("summary")[0].text) == ("/today/", True)


def test_nobody_switches_to_a_firm_without_a_seat(
    organisation: Organisation, other_organisation: Organisation, owner: Person, client_of: Browser
) -> None:
    assert client_of(owner).post("/organisation/", {"organisation": other_organisation.key}).status_code == 404


def test_a_preview_is_formatted_and_safe(solver: Person, client_of: Browser) -> None:
    answer = client_of(solver).post("/preview/", {"preview_of": "pitch", "pitch": "**Yes** <img src=x onerror=y>"})

    assert answer.content.decode() == "<p><strong>Yes</strong> &lt;img src=x onerror=y&gt;</p>\n"


def test_health_says_whether_the_database_answers(client: Client, db: None) -> None:
    well = client.get("/healthz")
    with patch("permea.surface.views.connection.cursor", side_effect=DatabaseError):
        ill = client.get("/healthz")

    assert (well.status_code, well.json(), ill.status_code) == (200, {"status": "ok"}, 503)


def test_a_missing_page_says_so_in_the_frame(client: Client, db: None) -> None:
    page = assert_page_ok(client.get("/no/such/page/"), status=404)

    assert page.all("h1")[0].text == "There is nothing here that you may see"


def test_a_stale_form_is_explained(organisation: Organisation, owner: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)

    page = assert_page_ok(browser.post("/language/", {"language": "de"}), status=403)

    assert page.all("h1")[0].text == "Please send that again"


@pytest.mark.parametrize(("handler", "status"), [(errors.bad_request, 400), (errors.forbidden, 403)])
def test_other_refusals_say_what_was_kept(
    handler: Callable[..., object], status: int, client: Client, db: None
) -> None:
    request = client.get("/healthz").wsgi_request

    page = assert_page_ok(handler(request, ValueError("x")), status=status)

    assert "Nothing was changed" in page.all("main")[0].text


def test_a_crash_needs_neither_session_nor_database_to_be_explained() -> None:
    answer = errors.server_error(RequestFactory().get("/"))

    assert (answer.status_code, faults_of(read_page(answer.content.decode()))) == (500, [])


def test_a_right_to_left_language_turns_the_page_round(client: Client, db: None) -> None:
    with translation.override("ar"):
        page = read_page(errors.server_error(RequestFactory().get("/")).content.decode())

    assert (page.all("html")[0].attributes["lang"], page.all("html")[0].attributes["dir"]) == ("ar", "rtl")


def test_a_host_that_is_not_ours_gets_a_plain_answer(client: Client, db: None) -> None:
    page = assert_page_ok(client.get("/", headers={"host": "evil.example"}), status=400)

    assert page.all("h1")[0].text == "That could not be read"


def test_the_page_for_too_many_tries_keeps_the_promises_of_a_page(client: Client, db: None) -> None:
    request = client.get("/health/").wsgi_request

    page = assert_page_ok(render(request, "429.html", status=429), status=429)

    assert page.all("h1")[0].text == "That was tried too often"


@pytest.mark.parametrize(
    ("address", "label"), [("/measures/", "Measures"), ("/measures/reach/", "Reach"), ("/today/", "Today")]
)
def test_the_rail_marks_the_one_entry_a_page_belongs_to(
    address: str, label: str, organisation: Organisation, owner: Person, client_of: Browser
) -> None:
    page = assert_page_ok(client_of(owner).get(address))
    links = [link for nav in page.all("nav") if "rail" in nav.attributes["class"].split() for link in nav.all("a")]

    marked = [(link.text, link.attributes["aria-current"]) for link in links if "aria-current" in link.attributes]
    assert marked == [(label, "page")]
