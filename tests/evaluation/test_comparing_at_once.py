"""Many judges answer at the same moment: nobody waits for another, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from permea.evaluation import queries, services
from permea.evaluation.models import Comparison
from tests.cast import AT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
N_JUDGES, N_ANSWERS = 16, 6


def test_answers_of_sixteen_judges_at_once_are_all_stored(comparing, open_to_public, make_person):
    people = [make_person(f"p{number}@d{number}.example") for number in range(N_JUDGES)]
    key = open_to_public.challenge.key

    def answer_all(person):
        try:
            judge, kept = queries.public_judge(person, key), []
            for _turn in range(N_ANSWERS):
                offer = queries.read_token(queries.compare_page(judge, at=AT).pair.token)
                kept += [services.compare(judge=judge, offer=offer, outcome="first", at=AT).pk for _twice in range(2)]
            return kept
        finally:
            connection.close()

    with ThreadPoolExecutor(N_JUDGES) as pool:
        kept = [pk for answers in pool.map(answer_all, people) for pk in answers]

    stored = list(Comparison.objects.values_list("pk", flat=True))
    assert (len(kept), len(set(kept)), sorted(set(kept)) == sorted(stored)) == (
        2 * N_JUDGES * N_ANSWERS, N_JUDGES * N_ANSWERS, True,
    )  # fmt: skip
