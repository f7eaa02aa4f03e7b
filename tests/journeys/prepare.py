"""Fill the data folder of an instance before it is served, through the services; say what was made as JSON.

Run in a process of its own: `python tests/journeys/prepare.py drafts 200` or `... reviews 16 4`.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the apps are loaded

from permea.agreements.services import ensure_standard_terms  # noqa: E402
from permea.challenges import services as challenges  # noqa: E402
from permea.challenges.models import Challenge  # noqa: E402
from permea.evaluation import services as evaluation  # noqa: E402
from permea.evaluation.models import Assignment  # noqa: E402
from permea.foundation.clock import now  # noqa: E402
from permea.ideas import services as ideas  # noqa: E402
from permea.people import services as people  # noqa: E402
from permea.people.models import Organisation, Person  # noqa: E402
from permea.people.rules import PRIVACY_VERSION  # noqa: E402
from permea.people.services.memberships import seat  # noqa: E402
from permea.strategy import services as strategy  # noqa: E402

NOW = now()
DAY = timedelta(days=1)


def someone(email: str, name: str) -> Person:
    """Return a person who has proven their address and agreed to the privacy notice."""
    person = people.register_person(email=email, name=name, language="en", at=NOW - 30 * DAY)
    people.confirm_address(person=person)
    people.give_consent(person=person, purpose="privacy", version=PRIVACY_VERSION, at=NOW - 30 * DAY)
    return person


def token_of(person: Person) -> str:
    """Return a token with which programs act for a person."""
    return people.issue_token(person=person, label="test", at=NOW)[1]


def firm() -> tuple[Organisation, Person]:
    """Return the firm and its owner."""
    owner = someone("olga@lindenhof.example", "Olga Owner")
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=NOW - 30 * DAY
    )
    ensure_standard_terms(organisation=house, at=NOW - 30 * DAY)
    return house, owner


def challenge_of(house: Organisation, owner: Person, *, open_for: timedelta) -> Challenge:
    """Return a challenge that opened 20 days ago."""
    begun = NOW - 20 * DAY
    goal = strategy.set_goal(
        organisation=house, title="Produce at lower cost", kind="process", metric="Cost per unit", unit="EUR",
        baseline=Decimal(200), target=Decimal(170), baseline_on=date(2026, 1, 1), target_on=date(2030, 1, 1),
        owner=owner, actor=owner, at=begun,
    )  # fmt: skip
    made = challenges.draft_challenge(
        organisation=house, template="technical", title="Pick soft fruit", goal=goal, actor=owner, at=begun
    )
    closes_at = begun + open_for
    dates = {"opens_at": begun, "closes_at": closes_at, "decide_by": closes_at + 30 * DAY}
    challenges.save_brief(
        challenge_id=made.pk, actor=owner, at=begun, answer_by=closes_at + 40 * DAY, is_blind=False, **dates
    )
    return challenges.publish_challenge(challenge_id=made.pk, actor=owner, at=begun)


def draft_of(challenge: Challenge, author: Person, number: int, *, at: datetime) -> Any:
    """Return an entry that lacks nothing but being handed in."""
    accepted = [terms.key for terms in (challenge.participation_terms, challenge.ip_terms) if terms]
    idea = ideas.enter_challenge(challenge_id=challenge.pk, actor=author, accepted=accepted, at=at)
    text = {
        "title": f"Idea {number}",
        "summary": f"What idea {number} does.",
        "body": f"How idea {number} works. " * 40,
    }
    return ideas.save_draft(idea_id=idea.pk, actor=author, at=at, **text).idea


def drafts(n_people: int) -> dict[str, Any]:
    """Make an open challenge and as many people with a draft that is ready."""
    house, owner = firm()
    challenge = challenge_of(house, owner, open_for=40 * DAY)
    entries = []
    for number in range(n_people):
        person = someone(f"person{number}@world.example", f"Person {number}")
        idea = draft_of(challenge, person, number, at=NOW)
        entries.append({"idea": idea.key, "token": token_of(person)})
    return {"challenge": challenge.key, "owner_token": token_of(owner), "entries": entries}


def reviews(n_judges: int, n_ideas: int) -> dict[str, Any]:
    """Make a closed challenge of which every judge has every idea to judge."""
    house, owner = firm()
    challenge = challenge_of(house, owner, open_for=10 * DAY)
    for number in range(n_ideas):
        author = someone(f"person{number}@world.example", f"Person {number}")
        idea = draft_of(challenge, author, number, at=NOW - 15 * DAY)
        ideas.submit_idea(idea_id=idea.pk, actor=author, at=NOW - 15 * DAY)
    judges = [someone(f"judge{number}@experts.example", f"Judge {number}") for number in range(n_judges)]
    for judge in judges:
        seat(person=judge, organisation=house, role="evaluator", at=NOW - 15 * DAY)
    measures = {"reviews_per_idea": n_judges, "minutes_per_review": 10, "n_shortlist": 2, "certainty_wanted": 90}
    evaluation.set_panel(challenge_id=challenge.pk, actor=owner, at=NOW, **measures)
    evaluation.seat_members(challenge_id=challenge.pk, persons=judges, actor=owner, at=NOW)
    evaluation.deal_out(challenge_id=challenge.pk, actor=owner, at=NOW)
    return {
        "challenge": challenge.key,
        "criteria": [criterion.key for criterion in challenge.criteria.all()],
        "owner_token": token_of(owner),
        "judges": [
            {
                "token": token_of(judge),
                "sheets": list(Assignment.objects.filter(panelist__person=judge).values_list("key", flat=True)),
            }
            for judge in judges
        ],
    }


if __name__ == "__main__":
    call_command("migrate", verbosity=0, interactive=False)
    make = {"drafts": drafts, "reviews": reviews}[sys.argv[1]]
    sys.stdout.write(json.dumps(make(*map(int, sys.argv[2:]))))
