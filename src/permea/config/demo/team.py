"""The people of the demo's firm, and everybody else who plays a part in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from permea.people import services as people
from permea.people.models import Person
from permea.people.rules import PRIVACY_VERSION

if TYPE_CHECKING:
    from permea.config.demo.story import Story


def join_team(story: Story) -> None:
    """Found the firm and let its people in."""
    plan, words = story.content.plan, story.content.words

    def found(at: datetime) -> None:
        firm = words["firm"]
        story.persons["owner"] = person_of(story, "owner", at)
        story.firm = people.found_organisation(
            name=firm["name"],
            kind="firm",
            country="DE",
            language=story.content.language,
            about=firm["about"],
            owner=story.owner,
            at=at,
        )

    def join(name: str, role: str) -> Callable[[datetime], None]:
        def step(at: datetime) -> None:
            _invitation, token = people.invite(
                organisation=story.host, email=story.content.email(name), role=role, actor=story.owner, at=at
            )
            story.persons[name] = person_of(story, name, at)
            people.accept_invitation(token=token, person=story.persons[name], at=at)

        return step

    story.on(plan["founded"], found)
    for offset, (name, role) in enumerate(plan["team"].items(), start=1):
        story.on(plan["founded"] + offset / 4, join(name, role))


def person_of(story: Story, name: str, at: datetime) -> Person:
    """Return somebody of the cast, registered with a proven address and a recorded consent."""
    told_of = story.content.words["people"][name]
    person = people.register_person(
        email=story.content.email(name), name=told_of["name"], language=story.content.language, at=at
    )
    people.confirm_address(person=person)
    return people.welcome_person(
        person=person,
        name=told_of["name"],
        affiliation=told_of.get("affiliation", ""),
        country=told_of.get("country", "DE"),
        language=story.content.language,
        version=PRIVACY_VERSION,
        at=at,
    )
