"""Judging an entry is reading it: on the sheet, in comparisons, by the API; the public sees no full text."""

import pytest
from django.urls import reverse

from permea.evaluation.models import Assignment
from permea.ideas.models import EntryReading
from permea.surface.testing import assert_page_ok
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


def read_by(person):
    return EntryReading.objects.filter(person=person).count()


def test_a_sheet_is_read_once_it_is_shown(dealt, evaluator, client_of):
    assignment = Assignment.objects.filter(panelist__person=evaluator).first()
    client = client_of(evaluator)
    client.get(reverse("evaluation:queue"))
    before = read_by(evaluator)

    assert_page_ok(client.get(reverse("evaluation:review", args=[assignment.key])))

    row = EntryReading.objects.get(person=evaluator)
    assert (before, row.idea_id, row.first_at) == (0, assignment.idea_id, AT)


def test_both_sides_of_a_comparison_are_read_by_evaluators_alone(open_to_public, evaluator, solver, client_of):
    comparing = open_to_public
    assert_page_ok(client_of(evaluator).get(reverse("evaluation:compare", args=[comparing.challenge.key])))
    on_page = read_by(evaluator)
    EntryReading.objects.all().delete()
    client_of(evaluator).get(f"/api/challenges/{comparing.challenge.key}/comparison")
    client_of(solver).get(reverse("evaluation:compare_public", args=[comparing.challenge.key]))

    assert (on_page, read_by(evaluator), read_by(solver)) == (2, 2, 0)
