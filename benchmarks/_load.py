"""The stated load: one challenge with very many entries, one with many reviews, and the people who judge them.

Entries, panels and the work dealt out come from the product's own services; only the reviews are stored in bulk, row by
row as `evaluation.services.submit_review` stores one.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests import migrated

CLOSED_DAYS_AGO = 20
MINUTES_A_WEEK = 2400
WORDS = [
    "harvest",
    "gripper",
    "sensor",
    "light",
    "row",
    "steering",
    "battery",
    "camera",
    "soil",
    "fruit",
    "cost",
    "cycle",
    "picks",
    "damage",
    "fleet",
    "training",
    "service",
    "lease",
    "spare",
    "calibration",
    "weather",
    "night",
    "safety",
    "operator",
    "contract",
    "margin",
    "pilot",
    "trial",
    "season",
    "warranty",
]


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    n_ideas: int = 5000
    n_reviews: int = 20000
    n_ranked_ideas: int = 1000
    n_ranked_reviews: int = 6000
    n_judges: int = 60
    n_evaluators: int = 16


@dataclass(frozen=True)
class Load:
    """Where what was built is found, and the cookies of people who are signed in."""

    big: str
    ranked: str
    ranked_id: int
    owner: str
    evaluators: list[str]


def prepare(data_dir: Path, address: str) -> None:
    """Set the product up in this process, on an empty database in `data_dir`."""
    os.environ |= {
        "PERMEA_DATA_DIR": str(data_dir),
        "PERMEA_BASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "permea.config.settings.prod",
    }
    import django
    from django.core.management import call_command

    data_dir.mkdir(parents=True, exist_ok=True)
    migrated.lay(data_dir / migrated.NAME)
    django.setup()
    call_command("migrate", verbosity=0)


def build(size: Size, at: datetime) -> Load:
    """Store the load and return how to reach it."""
    from permea.people import services as people
    from permea.people.services.memberships import seat

    rng = random.Random(7)
    owner = _person("olga@lindenhof.example", "Olga Owner", "Lindenhof Robotics", at)
    house = people.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=at
    )
    judges = [
        _person(f"judge{n}@experts.example", f"Judge {n}", f"Expert Office {n}", at) for n in range(size.n_judges)
    ]
    for judge in judges:
        seat(person=judge, organisation=house, role="evaluator", at=at)
    big = _challenge(house, owner, "Harvest without hands", at)
    ranked = _challenge(house, owner, "Cheaper grippers", at)
    for challenge, n_ideas, n_reviews in (
        (ranked, size.n_ranked_ideas, size.n_ranked_reviews),
        (big, size.n_ideas, size.n_reviews),
    ):
        _fill(challenge, owner, judges, n_ideas, n_reviews, rng, at)
    _settle(at)
    return Load(
        big=big.key,
        ranked=ranked.key,
        ranked_id=ranked.pk,
        owner=_cookie(owner),
        evaluators=[_cookie(judge) for judge in judges[: size.n_evaluators]],
    )


def _person(email, name, affiliation, at):
    """Return somebody who has proven their address and agreed to the notice."""
    from permea.people import services as people
    from permea.people.rules import PRIVACY_VERSION

    person = people.register_person(email=email, name=name, language="en", at=at)
    people.confirm_address(person=person)
    people.give_consent(person=person, purpose="privacy", version=PRIVACY_VERSION, at=at)
    about = {"affiliation": affiliation, "country": "DE", "language": "en", "time_zone": "Europe/Berlin"}
    return people.update_profile(person=person, name=name, **about)


def _challenge(house, owner, title, at):
    """Return a published challenge whose entries closed some weeks ago."""
    from permea.agreements.services import ensure_standard_terms
    from permea.challenges import services as challenges
    from permea.strategy import services as strategy

    opens_at = at - timedelta(days=CLOSED_DAYS_AGO + 28)
    ensure_standard_terms(organisation=house, at=at)
    goal = strategy.set_goal(
        organisation=house, title="Produce at lower cost", kind="process", metric="Cost per unit", unit="EUR",
        baseline=Decimal(200), target=Decimal(170), baseline_on=opens_at.date(),
        target_on=(opens_at + timedelta(days=700)).date(), owner=owner, actor=owner, at=opens_at,
    )  # fmt: skip
    challenge = challenges.draft_challenge(
        organisation=house, template="technical", title=title, goal=goal, actor=owner, at=opens_at, language="en"
    )
    challenges.save_brief(
        challenge_id=challenge.pk, actor=owner, at=opens_at, opens_at=opens_at,
        closes_at=opens_at + timedelta(days=28), decide_by=at + timedelta(days=30),
        answer_by=at + timedelta(days=40), prize_amount=Decimal(5000),
    )  # fmt: skip
    return challenges.publish_challenge(challenge_id=challenge.pk, actor=owner, at=opens_at)


def _fill(challenge, owner, judges, n_ideas, n_reviews, rng, at):
    """Give a challenge its entries, its panel, its reviews, its ranking, and one more review an entry to write."""
    from permea.evaluation import services as evaluation
    from permea.evaluation.models import Panelist
    from permea.ideas import services as ideas
    from permea.ideas.models import Idea

    told = {"challenge_id": challenge.pk, "actor": owner}
    ideas.import_ideas(**told, rows=[_row(number, n_ideas, rng) for number in range(n_ideas)], at=challenge.closes_at)
    wanted = -(-n_reviews // n_ideas) + 1
    evaluation.set_panel(
        **told, reviews_per_idea=wanted, minutes_per_review=10, n_shortlist=10, certainty_wanted=90, at=at
    )
    seats = evaluation.seat_members(**told, persons=judges, at=challenge.closes_at)
    Panelist.objects.filter(pk__in=[seat.pk for seat in seats]).update(minutes_per_week=MINUTES_A_WEEK)
    entries = list(Idea.objects.filter(challenge=challenge).order_by("pk").values_list("pk", flat=True))
    _review(challenge, entries, seats, n_reviews, rng)
    evaluation.deal_out(**told, at=at)
    evaluation.compute_ranking(challenge_id=challenge.pk, at=at)


def _row(number, n_ideas, rng):
    """Return one entry as a spreadsheet would bring it; eight entries share an author."""
    from permea.ideas.rules import ImportRow, clean_fields

    def text(n):
        return " ".join(rng.choices(WORDS, k=n)).capitalize() + "."

    author = number % max(1, n_ideas // 8)
    return ImportRow(
        line=number + 2,
        external_id=f"N{number}",
        author_name=f"Author {author}",
        fields=clean_fields({
            "title": f"{text(6)[:-1]} {number}", "summary": text(25),
            "body": "\n\n".join(text(60) for _ in range(4)), "affiliation": f"Workshop {author}",
            "source": ("customer", "supplier", "university", "startup")[number % 4],
            "country": ("DE", "NL", "FR", "PL")[number % 4], "language": ("en", "de")[number % 2],
            "asked_money": Decimal(rng.randrange(5, 80) * 1000), "asked_days": Decimal(rng.randrange(5, 120)),
        }),
    )  # fmt: skip


def _review(challenge, entries, seats, n_reviews, rng):
    """Store the reviews as handed in one by one over ten days: assignment done, review, a score on each criterion."""
    from permea.evaluation.models import Assignment, Panel, Review, Score

    criteria = list(challenge.criteria.order_by("position"))
    quality = {entry: rng.gauss(3, 0.6) for entry in entries}
    severity = {seat.pk: rng.gauss(0, 0.4) for seat in seats}
    reviews, assignments, scores = [], [], []
    steps = max(1, (len(seats) - 1) // -(-n_reviews // len(entries)))
    for number in range(n_reviews):
        entry = entries[number % len(entries)]
        place, turn = number % len(entries), number // len(entries)
        seat = seats[(place + turn * (1 + place // len(seats) % steps)) % len(seats)]
        told_at = challenge.closes_at + timedelta(days=1 + 10 * number / n_reviews)
        assignments.append(
            Assignment(panelist=seat, idea_id=entry, position=number + 1, status=Assignment.Status.DONE,
                       assigned_at=challenge.closes_at, ended_at=told_at)
        )  # fmt: skip
        review = Review(
            challenge=challenge, idea_id=entry, panelist=seat, recommendation=rng.choice(("yes", "maybe", "no")),
            reason=" ".join(rng.choices(WORDS, k=40)), private_note="", seconds_spent=rng.randrange(60, 900),
            submitted_at=told_at,
        )  # fmt: skip
        reviews.append(review)
        mean = quality[entry] + severity[seat.pk]
        scores += [
            Score(review=review, criterion=criterion, value=min(5, max(1, round(mean + rng.gauss(0, 0.7)))))
            for criterion in criteria
        ]
    Assignment.objects.bulk_create(assignments, batch_size=500)
    Review.objects.bulk_create(reviews, batch_size=500)
    Score.objects.bulk_create(scores, batch_size=1000)
    Panel.objects.filter(challenge=challenge).update(ranking_is_due=False)


def _settle(at):
    """Do what the clock and the outbox have waiting, so that the server starts with nothing to do."""
    from permea.foundation import duties, outbox, worker

    duties.run_duties(at)
    while outbox.due(at).exists():
        worker.work_once(at)
    worker.work_once(at)


def _cookie(person):
    """Return the cookie header of a browser in which the person is signed in."""
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
