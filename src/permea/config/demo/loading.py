"""Loading the demo once, and the links that sign its cast in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation

from permea.config.demo.content import content
from permea.config.demo.story import told
from permea.people.models import Organisation
from permea.people.queries import person_by_email
from permea.people.services import sign_in_link

Tell = Callable[[int, int, str], None]
VALID = timedelta(days=30)
SHOWN = ("owner", "emil", "sam", "vera")


@dataclass(frozen=True, slots=True)
class SignIn:
    """A link that signs somebody of the cast in."""

    who: str
    path: str


def load_demo(*, languages: Iterable[str], at: datetime, tell: Tell) -> int:
    """Tell the story of each language's firm unless it is there already; return how many steps were told.

    A firm is told as a whole or not at all. `tell` hears (steps done, steps in all, what).
    """
    stories = [told(content(language), at) for language in languages if not _is_there(language)]
    total, done = sum(len(story.steps) for story in stories), 0
    for story in stories:
        with transaction.atomic(), translation.override(story.content.language):
            for when, action in story.steps:
                action(when)
                done += 1
                if done % 20 == 0 or done == total:
                    tell(done, total, story.content.words["firm"]["name"])
    return done


def _is_there(language: str) -> bool:
    """Say whether the firm of this language is loaded."""
    return Organisation.objects.filter(name=content(language).words["firm"]["name"], is_host=True).exists()


def sign_ins(*, at: datetime) -> list[SignIn]:
    """Return links of the cast that is loaded: owner, evaluator, contributor and partner in each language."""
    rows = []
    for language in ("en", "de"):
        words = content(language).words
        for name in SHOWN:
            person = person_by_email(content(language).email(name))
            if person is not None:
                role = words["people"][name]["role"] if name in words["people"] else words["partner_role"]
                who = f"{person.display_name} ({role}, {language})"
                rows.append(SignIn(who, sign_in_link(person=person, at=at, until=at + VALID)))
    return rows
