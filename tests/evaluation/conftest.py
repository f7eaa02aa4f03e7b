"""A closed challenge with entries, a panel of three, and reviews."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from permea.evaluation import queries, services
from permea.evaluation.models import Assignment, Panel
from tests.cast import AT


@pytest.fixture
def evaluator_three(make_person, organisation, owner):
    """Return Edgar, who judges as well."""
    from tests.cast import Role, seat

    person = make_person("edgar@bureau.example", "Edgar Evaluator", affiliation="Edgar Bureau")
    seat(organisation, person, Role.EVALUATOR, actor=owner)
    return person


@pytest.fixture
def judged(make_challenge, make_idea, owner, evaluator, evaluator_two, evaluator_three):
    """Return a closed challenge with four entries and a panel of three; nothing is dealt out yet."""
    challenge = make_challenge(closed=True)
    entries = [make_idea(challenge=challenge, title=f"Entry {number}") for number in range(4)]
    judges = [evaluator, evaluator_two, evaluator_three]
    services.set_panel(
        challenge_id=challenge.pk, actor=owner, at=AT,
        reviews_per_idea=2, minutes_per_review=10, n_shortlist=2, certainty_wanted=90,
    )  # fmt: skip
    seats = services.seat_members(challenge_id=challenge.pk, persons=judges, actor=owner, at=AT)
    return SimpleNamespace(challenge=challenge, entries=entries, judges=judges, seats=seats, owner=owner)


@pytest.fixture
def dealt(judged):
    """Return the same with the reviews dealt out."""
    services.deal_out(challenge_id=judged.challenge.pk, actor=judged.owner, at=AT)
    return judged


@pytest.fixture
def give_marks(dealt):
    """Return a function that hands one assignment's review in."""
    keys = list(dealt.challenge.criteria.order_by("position").values_list("key", flat=True))

    def give(assignment: Assignment, mark: int = 3, **values):
        told = {"recommendation": "maybe", "reason": "Plausible, but untested.", "private_note": ""}
        return services.submit_review(
            assignment_id=assignment.pk,
            actor=values.pop("actor", assignment.panelist.person),
            scores=values.pop("scores", dict.fromkeys(keys, mark)),
            at=values.pop("at", AT),
            **{**told, **values},
        )

    return give


@pytest.fixture
def assignment_of(dealt):
    """Return a function that finds the first open assignment of a judge."""

    def find(judge) -> Assignment:
        mine = Assignment.objects.filter(panelist__person=judge, status="open").order_by("position")
        return mine.select_related("panelist__person", "idea__challenge").first()

    return find


@pytest.fixture
def reviewed(dealt, give_marks):
    """Return the closed challenge with every review in: entry n gets n + 1."""
    for number, entry in enumerate(dealt.entries):
        for assignment in Assignment.objects.filter(idea=entry).select_related("panelist__person"):
            give_marks(assignment, mark=number + 1)
    return dealt


@pytest.fixture
def panel(judged):
    """Return the panel."""
    return Panel.objects.get(challenge=judged.challenge)


@pytest.fixture
def comparing(judged, panel):
    """Return the closed challenge with a panel that compares; `judge` finds an evaluator as judge."""
    panel.mode = Panel.Mode.COMPARISONS
    panel.save()
    judged.judge = lambda person: queries.evaluating_judge(person, judged.challenge.key)
    judged.public = lambda person: queries.public_judge(person, judged.challenge.key)
    return judged


@pytest.fixture
def open_to_public(comparing):
    """Return the same where the public may compare as well."""
    comparing.challenge.public_compares = True
    comparing.challenge.save()
    return comparing


@pytest.fixture
def answer(comparing):
    """Return a function that lets a judge answer the pair shown next and returns the comparison, None if none is."""

    def give(judge, outcome="first", at=AT, **more):
        pair = queries.compare_page(judge, at=at).pair
        if pair is None:
            return None
        offer = queries.read_token(pair.token)
        return services.compare(judge=judge, offer=offer, outcome=outcome, at=more.pop("when", at), **more)

    return give
