"""Pages of terms."""

import pytest
from django.urls import reverse

from permea.agreements import queries, services
from permea.agreements.models import Terms
from permea.surface.testing import assert_page_ok


def test_anybody_reads_a_version(client, make_terms):
    terms = make_terms("ip_licence")
    page = assert_page_ok(client.get(reverse("agreements:terms", args=[terms.key])))
    assert (terms.title in page.text, "version 1" in page.text, "newer version" in page.text) == (True, True, False)


def test_an_old_version_points_to_the_new_one_and_the_new_one_says_what_changed(client, organisation, make_terms, at):
    old = make_terms("ip_licence")
    new = services.publish_terms(
        organisation=organisation, kind=old.kind, language="en", title=old.title, body=old.body + " And more.", at=at
    )
    pages = [assert_page_ok(client.get(reverse("agreements:terms", args=[key]))) for key in (old.key, new.key)]
    assert ("newer version" in pages[0].text, "What changed since version 1" in pages[1].text) == (True, True)


def test_unknown_terms_are_404(client, db):
    assert client.get(reverse("agreements:terms", args=["nothing"])).status_code == 404


def test_the_list_shows_what_is_in_force(client_of, manager, make_terms):
    terms = make_terms()
    page = assert_page_ok(client_of(manager).get(reverse("agreements:list")))
    assert (terms.title in page.text, "New version" in page.text) == (True, True)


def test_an_empty_list_puts_the_standard_texts_in_force(client_of, owner, organisation):
    Terms.objects.all().delete()
    browser = client_of(owner)
    empty = assert_page_ok(browser.get(reverse("agreements:list")))
    answer = browser.post(reverse("agreements:standard"), follow=True)
    assert ("No terms yet" in empty.text, Terms.objects.count()) == (True, len(queries.standard_texts()))
    assert_page_ok(answer)


@pytest.mark.parametrize("who", ["member", "evaluator", "solver", "stranger"])
def test_who_does_not_manage_sees_neither_list_nor_editor(request, client_of, who, make_terms):
    terms, browser = make_terms(), client_of(request.getfixturevalue(who))
    addresses = [reverse("agreements:list"), reverse("agreements:revise", args=[terms.key])]
    assert [browser.get(address).status_code for address in addresses] == [404, 404]


def test_the_editor_of_another_organisation_is_404(client_of, other_organisation, other_owner, make_terms):
    browser = client_of(other_owner)
    assert browser.get(reverse("agreements:revise", args=[make_terms().key])).status_code == 404


def test_a_new_version_is_published(client_of, owner, make_terms):
    terms, browser = make_terms(), client_of(owner)
    address = reverse("agreements:revise", args=[terms.key])
    assert_page_ok(browser.get(address))
    answer = browser.post(address, {"title": terms.title, "body": "A new text."})
    newest = Terms.objects.filter(kind=terms.kind, language="en").order_by("-version").first()
    assert (answer.status_code, newest.version, newest.body) == (302, 2, "A new text.")


def test_an_unchanged_text_stays_in_the_editor_with_the_reason(client_of, owner, make_terms):
    terms, browser = make_terms(), client_of(owner)
    answer = browser.post(
        reverse("agreements:revise", args=[terms.key]), {"title": terms.title, "body": terms.body.replace("\n", "\r\n")}
    )
    page = assert_page_ok(answer, status=409)
    assert ("word for word version 1" in page.text, Terms.objects.filter(version=2).exists()) == (True, False)


def test_an_empty_text_stays_in_the_editor(client_of, owner, make_terms):
    answer = client_of(owner).post(reverse("agreements:revise", args=[make_terms().key]), {"title": "Kept", "body": ""})
    page = assert_page_ok(answer, status=422)
    assert [field.attributes["value"] for field in page.all("input") if field.attributes.get("name") == "title"] == [
        "Kept"
    ]
