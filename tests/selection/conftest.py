"""A judged challenge with estimates and limits, ready to be decided."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from permea.evaluation import services as evaluation
from permea.evaluation.models import Assignment
from permea.selection import services
from tests.cast import AT


@pytest.fixture
def ranked(make_challenge, make_idea, owner, solver, evaluator, evaluator_two):
    """Return a closed challenge with five judged entries, best last, the first one Sam's."""
    challenge = make_challenge(closed=True, prize_amount=Decimal(5000))
    entries = [make_idea(challenge=challenge, author=solver if n == 0 else None, title=f"Entry {n}") for n in range(5)]
    told = {"challenge_id": challenge.pk, "actor": owner, "at": AT}
    evaluation.set_panel(**told, reviews_per_idea=2, minutes_per_review=10, n_shortlist=2, certainty_wanted=90)
    evaluation.seat_members(**told, persons=[evaluator, evaluator_two])
    evaluation.deal_out(**told)
    keys = list(challenge.criteria.values_list("key", flat=True))
    for assignment in Assignment.objects.select_related("panelist__person", "idea"):
        evaluation.submit_review(
            assignment_id=assignment.pk, actor=assignment.panelist.person, at=AT,
            scores=dict.fromkeys(keys, int(assignment.idea.title[-1]) + 1),
            recommendation="", reason=f"About {assignment.idea.title}.", private_note="Only for the team.",
        )  # fmt: skip
    evaluation.compute_ranking(challenge_id=challenge.pk, at=AT)
    return SimpleNamespace(challenge=challenge, entries=entries, owner=owner, told=told)


@pytest.fixture
def limited(ranked):
    """Return the same with estimates (1,000 and 10 days an idea) and limits (2,500, 30 days, bar 2)."""
    estimates = {
        entry.key: services.EstimateInput(Decimal(1000), Decimal(10), "soft" if n % 2 else "hard")
        for n, entry in enumerate(ranked.entries)
    }
    services.save_estimates(**ranked.told, estimates=estimates)
    services.set_limits(
        **ranked.told, limits=services.LimitsInput(money=Decimal(2500), days=Decimal(30), bar=Decimal(2))
    )
    return ranked


@pytest.fixture
def selected(limited):
    """Return the same with the best set computed."""
    limited.selection = services.compute_selection(**limited.told)
    return limited


@pytest.fixture
def decide_all(selected):
    """Return a function that decides on every entry: the chosen are awarded, the rest declined."""

    def decide():
        chosen = set(selected.selection.chosen)
        decisions = {
            entry.key: services.DecisionInput("award", "best_fit", "Your idea is the one we want to build.")
            if entry.key in chosen
            else services.DecisionInput("decline", "below_bar", "Thank you; others answered the test better.")
            for entry in selected.entries
        }
        return services.decide(**selected.told, decisions=decisions)

    return decide


@pytest.fixture
def answered(selected, decide_all):
    """Return the same with every answer sent."""
    decide_all()
    services.release_answers(**selected.told)
    return selected
