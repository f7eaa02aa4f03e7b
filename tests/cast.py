"""The cast: the few people and organisations all tests play with. Lindenhof Robotics runs the instance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from permea.agreements.events import AgreementSigned
from permea.agreements.models import Agreement, Terms
from permea.agreements.queries import current_terms
from permea.agreements.rules import add_months
from permea.agreements.services import accept_terms, ensure_standard_terms
from permea.challenges import services as challenges
from permea.challenges.models import Challenge
from permea.foundation.events import publish
from permea.ideas import services as ideas
from permea.ideas.models import Attachment, Idea, IdeaBox, Posting
from permea.people import services
from permea.people.models import Membership, Organisation, Person
from permea.people.rules import PRIVACY_VERSION
from permea.strategy import services as strategy
from permea.strategy.models import Goal

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Role = Membership.Role
MakePerson = Callable[..., Person]
MakeGoal = Callable[..., Goal]
MakeTerms = Callable[..., Terms]
MakeChallenge = Callable[..., Challenge]
MakeIdea = Callable[..., Idea]
MakeAttachment = Callable[..., Attachment]
MakeBox = Callable[..., IdeaBox]
MakePosting = Callable[..., Posting]
DAY = timedelta(days=1)


def put_in_force(agreement: Agreement, *, months: int, at: datetime = AT) -> None:
    """Let an agreement be signed by all at this time and hold for so many months, without the codes by mail."""
    agreement.refresh_from_db()
    agreement.status, agreement.valid_from = Agreement.Status.SIGNED, at
    agreement.valid_until = add_months(at, months) if months else None
    with transaction.atomic():
        agreement.save()
        publish(AgreementSigned(agreement_id=agreement.pk, at=at))
    agreement.refresh_from_db()


def seat(organisation: Organisation, person: Person, role: str, *, actor: Person) -> Membership:
    """Make a person a member, by an invitation they accept."""
    _invitation, token = services.invite(
        organisation=organisation, email=str(person.email), role=role, actor=actor, at=AT, is_announced=False
    )
    return services.accept_invitation(token=token, person=person, at=AT)


@pytest.fixture
def at() -> datetime:
    """Return the present of all tests: a Monday morning."""
    return AT


@pytest.fixture
def make_person(db: None) -> MakePerson:
    """Return a factory of people who have proven their address and agreed to the privacy notice."""
    del db
    made = 0

    def make(email: str = "", name: str = "", **profile: Any) -> Person:
        nonlocal made
        made += 1
        person = services.register_person(
            email=email or f"person{made}@example.org", name=name or f"Person {made}", language="en", at=AT
        )
        services.confirm_address(person=person)
        services.give_consent(person=person, purpose="privacy", version=PRIVACY_VERSION, at=AT)
        about = {"affiliation": "", "country": "DE", "language": "en", "time_zone": "Europe/Berlin"}
        return services.update_profile(person=person, name=person.name, **{**about, **profile})

    return make


@pytest.fixture
def owner(make_person: MakePerson) -> Person:
    """Return Olga, who owns Lindenhof Robotics."""
    return make_person("olga@lindenhof.example", "Olga Owner", affiliation="Lindenhof Robotics GmbH")


@pytest.fixture
def organisation(owner: Person) -> Organisation:
    """Return Lindenhof Robotics, the firm that runs the instance."""
    return services.found_organisation(
        name="Lindenhof Robotics", kind="firm", country="DE", language="en", owner=owner, at=AT
    )


@pytest.fixture
def manager(make_person: MakePerson, organisation: Organisation, owner: Person) -> Person:
    """Return Mara, who manages challenges."""
    person = make_person("mara@lindenhof.example", "Mara Manager", affiliation="Lindenhof Robotics GmbH")
    seat(organisation, person, Role.MANAGER, actor=owner)
    return person


@pytest.fixture
def evaluator(make_person: MakePerson, organisation: Organisation, owner: Person) -> Person:
    """Return Emil, who judges."""
    person = make_person("emil@experts.example", "Emil Evaluator", affiliation="Emil Consulting")
    seat(organisation, person, Role.EVALUATOR, actor=owner)
    return person


@pytest.fixture
def evaluator_two(make_person: MakePerson, organisation: Organisation, owner: Person) -> Person:
    """Return Eva, who judges too."""
    person = make_person("eva@university.example", "Eva Evaluator", affiliation="University of Examples")
    seat(organisation, person, Role.EVALUATOR, actor=owner)
    return person


@pytest.fixture
def member(make_person: MakePerson, organisation: Organisation, owner: Person) -> Person:
    """Return Max, who works for the firm."""
    person = make_person("max@lindenhof.example", "Max Member", affiliation="Lindenhof Robotics GmbH")
    seat(organisation, person, Role.MEMBER, actor=owner)
    return person


@pytest.fixture
def solver(make_person: MakePerson) -> Person:
    """Return Sam, who answers challenges from outside."""
    return make_person("sam@workshop.example", "Sam Solver", affiliation="Solver Workshop")


@pytest.fixture
def solver_two(make_person: MakePerson) -> Person:
    """Return Sina, who answers challenges from outside too."""
    return make_person("sina@campus.example", "Sina Solver", affiliation="Campus Institute")


@pytest.fixture
def stranger(make_person: MakePerson) -> Person:
    """Return somebody signed in who has to do with nothing."""
    return make_person("nobody@elsewhere.example", "Stranger")


@pytest.fixture
def other_owner(make_person: MakePerson) -> Person:
    """Return Otto, who owns another firm on the same instance."""
    return make_person("otto@other.example", "Otto Other", affiliation="Other Works AG")


@pytest.fixture
def other_organisation(organisation: Organisation, other_owner: Person) -> Organisation:
    """Return another host organisation; it was founded after Lindenhof Robotics."""
    assert organisation.pk
    return services.found_organisation(
        name="Other Works", kind="firm", country="AT", language="de", owner=other_owner, at=AT
    )


@pytest.fixture
def client_of() -> Callable[[Person], Client]:
    """Return a factory of browsers in which a person is signed in."""

    def browser(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return browser


@pytest.fixture
def make_goal(organisation: Organisation, owner: Person) -> MakeGoal:
    """Return a factory of goals; by default Olga wants to cut the cost of production by 15 % in two years."""

    def make(**values: Any) -> Goal:
        ours = {
            "organisation": organisation,
            "title": "Produce at lower cost",
            "kind": "process",
            "metric": "Cost per unit",
            "unit": "EUR",
            "baseline": Decimal(200),
            "target": Decimal(170),
            "baseline_on": date(2026, 1, 1),
            "target_on": date(2028, 1, 1),
            "owner": owner,
            "actor": owner,
            "at": AT,
        }
        return strategy.set_goal(**{**ours, **values})

    return make


@pytest.fixture
def make_terms(organisation: Organisation) -> MakeTerms:
    """Return a function that gives the standard terms of a kind and language, in force."""

    def make(kind: str = "participation", language: str = "en", house: Organisation | None = None) -> Terms:
        ensure_standard_terms(organisation=house or organisation, at=AT)
        terms = current_terms(house or organisation, kind, language)
        assert terms is not None
        return terms

    return make


@pytest.fixture
def make_challenge(organisation: Organisation, owner: Person, make_goal: MakeGoal) -> MakeChallenge:
    """Return a factory of challenges, published an hour before the present unless `status="draft"`.

    Entries are open from then for 28 days; `closed=True` moves the whole timetable so that they closed a day ago
    (nobody has been told yet). Other keywords are fields of the brief; `actor` and `house` choose another firm.
    """

    def make(
        *, status: str = "published", closed: bool = False, template: str = "technical", **fields: Any
    ) -> Challenge:
        actor, house = fields.pop("actor", owner), fields.pop("house", organisation)
        goal = fields.pop("goal", None) or make_goal(organisation=house, owner=actor, actor=actor)
        opens_at = AT - 29 * DAY if closed else AT - timedelta(hours=1)
        dates = {
            "opens_at": opens_at,
            "closes_at": opens_at + 28 * DAY,
            "decide_by": opens_at + 56 * DAY,
            "answer_by": opens_at + 63 * DAY,
        }
        challenge = challenges.draft_challenge(
            organisation=house,
            template=template,
            title=fields.pop("title", ""),
            goal=goal,
            actor=actor,
            at=opens_at,
            language=fields.pop("language", "en"),
        )
        challenge = challenges.save_brief(challenge_id=challenge.pk, actor=actor, at=opens_at, **{**dates, **fields})
        if status == "published":
            challenge = challenges.publish_challenge(challenge_id=challenge.pk, actor=actor, at=opens_at)
        return challenge

    return make


def accept_all_terms(challenge: Challenge, person: Person, at: datetime) -> None:
    """Let a person accept the texts a challenge is held under."""
    for terms in (challenge.participation_terms, challenge.ip_terms):
        assert terms is not None
        accept_terms(terms=terms, person=person, subject_key=challenge.key, challenge_key=challenge.key, at=at)


@pytest.fixture
def make_idea(make_challenge: MakeChallenge, make_person: MakePerson) -> MakeIdea:
    """Return a factory of ideas, handed in ten minutes after the challenge opened unless `submitted=False`.

    Without an author somebody new had it; without a challenge an open one is made. Other keywords are its fields.
    """
    made = 0

    def make(
        *, challenge: Challenge | None = None, author: Person | None = None, submitted: bool = True, **fields: Any
    ) -> Idea:
        nonlocal made
        made += 1
        challenge, author = challenge or make_challenge(), author or make_person()
        assert challenge.opens_at is not None
        at = challenge.opens_at + timedelta(minutes=10)
        accept_all_terms(challenge, author, at)
        ours = {"title": f"Idea {made}", "summary": f"What idea {made} does.", "body": f"How idea {made} works."}
        idea = ideas.start_entry(challenge_id=challenge.pk, actor=author, at=at)
        saved = ideas.save_draft(idea_id=idea.pk, actor=author, at=at, **{**ours, **fields})
        return ideas.submit_idea(idea_id=idea.pk, actor=author, at=at) if submitted else saved.idea

    return make


@pytest.fixture
def make_attachment() -> MakeAttachment:
    """Return a function that attaches a small text file to a draft, by its author."""

    def make(
        idea: Idea, *, name: str = "notes.txt", content: bytes = b"Notes on the idea.", **values: Any
    ) -> Attachment:
        ours = {"actor": idea.author, "at": idea.saved_at}
        return ideas.attach_file(idea_id=idea.pk, name=name, chunks=[content], **{**ours, **values})

    return make


@pytest.fixture
def make_box(organisation: Organisation, owner: Person) -> MakeBox:
    """Return a factory of open idea boxes; other keywords say what the box says and takes."""

    def make(*, house: Organisation | None = None, actor: Person | None = None, **content: Any) -> IdeaBox:
        ours = {"title": "What slows you down?", **content}
        return ideas.create_box(
            organisation=house or organisation, content=ideas.BoxInput(**ours), actor=actor or owner, at=AT
        )

    return make


@pytest.fixture
def make_posting(make_box: MakeBox) -> MakePosting:
    """Return a factory of postings: each a need from a customer nobody knows, unless told otherwise."""
    made = 0

    def make(
        *,
        box: IdeaBox | None = None,
        seed: str = "",
        photo: Any = None,
        sender: Any = None,
        at: Any = AT,
        **content: Any,
    ) -> Posting:
        nonlocal made
        made += 1
        ours = {"kind": "need", "text": f"Need {made}: the belt stops twice a day.", "source": "customer", **content}
        return ideas.post(
            box_id=(box or make_box()).pk, content=ideas.PostingInput(**ours), seed=seed or f"seed {made}",
            sender=sender, photo=photo, at=at,
        )  # fmt: skip

    return make
