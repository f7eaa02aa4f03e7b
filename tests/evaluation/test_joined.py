"""Where a panel reviews and compares and the public compares too, one ranking says what each was worth."""

from __future__ import annotations

import itertools
import json

import pytest
from django.urls import reverse

from permea.evaluation import queries, services
from permea.evaluation.models import Comparison, Panel
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed(reviewed, panel):
    """Return the reviewed challenge where evaluators and the public compare as well."""
    panel.mode = Panel.Mode.BOTH
    panel.save()
    reviewed.challenge.public_compares = True
    reviewed.challenge.save()
    return reviewed


@pytest.fixture
def compare_all(mixed):
    """Return a function that stores every pair once, by a judge of the panel or by a person of the public."""

    def give(*, better, **judge):
        for first, second in itertools.combinations(mixed.entries, 2):
            Comparison.objects.create(
                challenge=mixed.challenge, first=first, second=second, outcome=better,
                token=f"{Comparison.objects.count():020d}", made_at=AT, **judge,
            )  # fmt: skip

    return give


def ranked(mixed):
    return services.compute_ranking(challenge_id=mixed.challenge.pk, at=AT).result


def test_each_kind_of_evidence_is_told_with_its_worth(mixed, compare_all, solver):
    compare_all(better="second", panelist=mixed.seats[0])
    compare_all(better="second", person=solver)

    result = ranked(mixed)

    assert [one["name"] for one in result["sources"]] == ["reviews", "comparisons", "public"]
    assert [one["n"] for one in result["sources"]] == [8, 6, 6]
    assert [one["reason"] for one in result["sources"]] == ["reference", "", ""]
    assert [row["title"] for row in result["ideas"]] == ["Entry 3", "Entry 2", "Entry 1", "Entry 0"]
    assert [row["n_comparisons"] for row in result["ideas"]] == [6, 6, 6, 6]


def test_the_page_and_its_data_show_where_a_ranking_comes_from(mixed, compare_all, client_of, owner, solver):
    compare_all(better="second", person=solver)
    ranked(mixed)
    key = mixed.challenge.key

    page = assert_page_ok(client_of(owner).get(reverse("evaluation:ranking", args=[key])))

    assert "Where this comes from" in page.text
    assert "Comparisons of the public" in page.text
    assert "Comparisons of evaluators" not in page.text
    data = json.loads(client_of(owner).get(reverse("evaluation:ranking_data", args=[key, "json"])).content)
    assert [one["name"] for one in data["sources"]] == ["reviews", "public"]


def test_a_ranking_from_reviews_alone_names_no_other_source(mixed, client_of, owner):
    ranked(mixed)

    page = assert_page_ok(client_of(owner).get(reverse("evaluation:ranking", args=[mixed.challenge.key])))

    assert "Where this comes from" not in page.text


def test_a_crowd_that_contradicts_the_reviews_is_left_out_and_the_page_says_so(
    mixed, compare_all, client_of, owner, make_idea, make_person
):
    for number in range(4, 16):
        mixed.entries.append(make_idea(challenge=mixed.challenge, title=f"Entry {number}"))
    services.deal_out(challenge_id=mixed.challenge.pk, actor=owner, at=AT)
    review_all(mixed)
    before = [row["title"] for row in ranked(mixed)["ideas"]]
    for number in range(3):
        compare_all(better="first", person=make_person(f"voter{number}@crowd.example", f"Voter {number}"))

    result = ranked(mixed)

    crowd = result["sources"][1]
    assert (crowd["name"], crowd["reason"]) == ("public", "conflict")
    assert [row["title"] for row in result["ideas"]] == before
    page = assert_page_ok(client_of(owner).get(reverse("evaluation:ranking", args=[mixed.challenge.key])))
    assert "contradicts the reviews: left out" in page.text


def review_all(mixed):
    keys = list(mixed.challenge.criteria.values_list("key", flat=True))
    titles = [entry.title for entry in mixed.entries]
    for seat in mixed.seats:
        for assignment in seat.assignments.filter(status="open").select_related("idea"):
            mark = 1 + titles.index(assignment.idea.title) * 5 // len(titles)
            services.submit_review(
                assignment_id=assignment.pk, actor=seat.person, scores=dict.fromkeys(keys, mark), at=AT,
                recommendation="maybe", reason="Plausible.", private_note="",
            )  # fmt: skip
    assert queries.ranking_for(mixed.owner, mixed.challenge.key, at=AT).n_open == 0
