"""The ledger page, the files it gives out, and who may see them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from permea.ledger import services, verifier
from permea.ledger.models import SigningKey
from permea.surface.testing import assert_page_ok

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Keep the keys of each test apart."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def make_crossing(organisation, solver, at):
    """Return a factory of crossings of Lindenhof Robotics."""

    def make(**given):
        about = {"kind": "idea.submitted", "direction": "in", "depth": "invited", "subject_type": "idea",
                 "subject_key": "i7", "counterparty": solver, "actor": solver, "challenge_key": "c1"}  # fmt: skip
        with transaction.atomic():
            return services.record_crossing(**{"organisation": organisation, "at": at, **about, **given})

    return make


@pytest.fixture
def receipt(make_crossing, solver, at):
    crossing = make_crossing(person=solver, personal={"name": "Sam Solver"})
    return services.issue_receipt(crossing=crossing, person=solver, facts={"version": 1}, at=at)


def document_of(response):
    return json.loads(response.content)


# --- the page


def test_an_empty_ledger_says_what_will_be_written(client_of, owner, organisation):
    page = client_of(owner).get(reverse("ledger:list"))
    assert_page_ok(page)
    assert "Nothing has crossed the boundary yet" in page.text


def test_the_page_lists_crossings_in_words_without_names_of_people(
    client_of, manager, make_crossing, other_organisation, solver, at
):
    make_crossing()
    make_crossing(kind="answer.sent", direction="out", counterparty=other_organisation)
    make_crossing(kind="panel.invited", direction="inside", counterparty=None)
    services.sign_due_heads(at=at)
    page = client_of(manager).get(reverse("ledger:list"))
    assert_page_ok(page)
    words = ["Idea handed in", "Answer sent", "Other Works", f"Person {solver.key}", "Signed up to", "by quarter"]
    assert ([word for word in words if word not in page.text], solver.name in page.text) == ([], False)


def test_filters_narrow_the_list_and_survive_paging(client_of, owner, make_crossing):
    for _turn in range(51):
        make_crossing()
    make_crossing(kind="answer.sent", direction="out", challenge_key="c2")
    browser = client_of(owner)

    def rows(query):
        return browser.get(reverse("ledger:list") + query).text.count('class="direction')

    first = browser.get(reverse("ledger:list") + "?direction=in&challenge=c1").text
    assert [rows(""), rows("?page=2"), rows("?direction=out"), rows("?kind=answer.sent"), rows("?challenge=c2")] == [
        50, 2, 1, 1, 1,
    ]  # fmt: skip
    odd = ["?direction=sideways", "?kind=none.such", "?direction=in&challenge=c1&page=2"]
    assert [rows(query) for query in odd] == [50, 0, 1]
    assert "?direction=in&amp;challenge=c1&amp;page=2" in first


def test_the_list_takes_as_many_queries_for_three_crossings_as_for_one(
    client_of, owner, make_crossing, other_organisation, django_assert_max_num_queries
):
    browser, counts = client_of(owner), []
    for n_more in (1, 2):
        for _turn in range(n_more):
            make_crossing(counterparty=other_organisation)
        with django_assert_max_num_queries(12) as counted:
            browser.get(reverse("ledger:list"))
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_the_balance_counts_quarters(client_of, owner, make_crossing, at, monkeypatch):
    make_crossing(at=at - timedelta(days=70))
    make_crossing()
    monkeypatch.setattr("permea.ledger.views.now", lambda: at)
    page = client_of(owner).get(reverse("ledger:list"))
    labels = ["Q4 2025, in", "Q4 2025, out", "Q1 2026, in", "Q1 2026, out", "Q3 2025, in"]
    assert [label in page.text for label in labels] == [True, True, True, True, False]


@pytest.mark.parametrize("who", ["evaluator", "member", "solver", "stranger"])
def test_others_find_no_ledger(client_of, request, organisation, who):
    browser = client_of(request.getfixturevalue(who))
    answers = [browser.get(reverse(name)).status_code for name in ("ledger:list", "ledger:export")]
    assert answers == [404, 404]


def test_visitors_are_asked_to_sign_in(client, organisation):
    assert [client.get(reverse(name)).status_code for name in ("ledger:list", "ledger:export")] == [302, 302]


def test_another_organisations_owner_sees_only_their_own(client_of, other_owner, other_organisation, make_crossing):
    make_crossing()
    assert "Nothing has crossed" in client_of(other_owner).get(reverse("ledger:list")).text


# --- files


def test_the_export_verifies_and_is_a_file(client_of, owner, make_crossing):
    make_crossing()
    response = client_of(owner).get(reverse("ledger:export"))
    report = verifier.verify_document(verifier.read(response.content))
    assert (report.ok, report.checked, response.headers["Content-Disposition"].startswith("attachment; filename=")) == (
        True, 1, True,
    )  # fmt: skip


def test_a_challenges_export_hides_what_belongs_to_others(client_of, owner, make_crossing):
    make_crossing()
    make_crossing(challenge_key="c2")
    browser = client_of(owner)
    response = browser.get(reverse("ledger:export") + "?challenge=c2")
    shapes = ["body" in entry for entry in document_of(response)["entries"]]
    unknown = browser.get(reverse("ledger:export") + "?challenge=c3").status_code
    assert (verifier.verify_document(document_of(response)).ok, shapes, unknown) == (True, [False, True], 404)


def test_without_its_key_the_server_says_that_it_cannot_sign(client_of, owner, make_crossing, at, data_dir):
    make_crossing()
    services.sign_due_heads(at=at)
    (data_dir / "keys" / f"{SigningKey.objects.get().key_id}.pem").unlink()
    page = client_of(owner).get(reverse("ledger:export"))
    assert (page.status_code, "The signing key is missing on the server" in page.text) == (409, True)


def test_a_receipt_is_given_to_its_person_with_their_own_values(client_of, solver, receipt):
    response = client_of(solver).get(reverse("ledger:receipt", args=[receipt.key]))
    document = verifier.read(response.content)
    assert (verifier.verify_document(document).ok, document["openings"]["name"]["value"]) == (True, "Sam Solver")


@pytest.mark.parametrize("who", ["solver_two", "owner", "manager", "evaluator"])
def test_nobody_else_gets_a_receipt(client_of, request, receipt, who):
    browser = client_of(request.getfixturevalue(who))
    assert browser.get(reverse("ledger:receipt", args=[receipt.key])).status_code == 404


def test_a_receipt_is_gone_with_its_person(client_of, solver, receipt, at):
    browser = client_of(solver)
    services.forget_person(person=solver, at=at)
    assert browser.get(reverse("ledger:receipt", args=[receipt.key])).status_code == 404


def test_anybody_gets_the_verifier_and_the_public_keys(client, receipt, tmp_path):
    program = client.get(reverse("ledger:verifier"))
    keys = document_of(client.get(reverse("ledger:keys")))["keys"]
    assert (b"def main(" in program.content, [key["key_id"] for key in keys], "PRIVATE" in json.dumps(keys)) == (
        True, [receipt.document["key_id"]], False,
    )  # fmt: skip


# --- the API


def api(browser, path):
    response = browser.get(f"/api{path}")
    return response.status_code, document_of(response)


def test_the_api_lists_crossings_newest_first(client_of, owner, make_crossing):
    for kind, direction in (("idea.submitted", "in"), ("answer.sent", "out"), ("idea.revised", "in")):
        make_crossing(kind=kind, direction=direction)
    browser = client_of(owner)

    def numbers(query):
        return [row["number"] for row in api(browser, f"/ledger/crossings{query}")[1]]

    assert [numbers(""), numbers("?direction=in"), numbers("?kind=answer.sent"), numbers("?challenge=c2")] == [
        [3, 2, 1], [3, 1], [2], [],
    ]  # fmt: skip
    assert [numbers("?before=3"), numbers("?limit=1"), numbers("?limit=0")] == [[2, 1], [3], [3]]


def test_the_api_tells_a_crossing_by_keys(client_of, owner, solver, make_crossing, at):
    crossing = make_crossing(facts={"version": 1})
    _status, rows = api(client_of(owner), "/ledger/crossings")
    row = rows[0]
    assert (row["hash"], row["actor_key"], datetime.fromisoformat(row["crossed_at"])) == (crossing.hash, solver.key, at)


def test_the_api_exports_the_chain_and_a_challenges_part(client_of, owner, make_crossing):
    make_crossing()
    browser = client_of(owner)
    scopes = []
    for query in ("", "?challenge=c1"):
        _status, document = api(browser, f"/ledger/export{query}")
        scopes.append((document["scope"], verifier.verify_document(document).ok))
    unknown, _problem = api(browser, "/ledger/export?challenge=c9")
    assert (scopes, unknown) == ([("organisation", True), ("challenge", True)], 404)


@pytest.mark.parametrize("who", ["evaluator", "solver"])
def test_the_api_has_no_ledger_for_others(client_of, request, organisation, who):
    browser = client_of(request.getfixturevalue(who))
    assert [api(browser, path)[0] for path in ("/ledger/crossings", "/ledger/export")] == [404, 404]
