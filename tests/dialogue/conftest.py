"""A challenge about which questions are asked, answered and looked at."""

from __future__ import annotations

import pytest

from permea.dialogue import services
from permea.dialogue.models import Question

TEXT = "How wet may the fruit be when it is gripped?"


@pytest.fixture
def challenge(make_challenge):
    """Return an open challenge."""
    return make_challenge(title="Soft fruit picker")


@pytest.fixture
def asker(make_person, at):
    """Return Asta, known for long, who has no entry."""
    person = make_person("asta@lab.example", "Asta Asker", affiliation="Asta Lab")
    person.joined_at = at.replace(year=2025)
    person.save()
    return person


@pytest.fixture
def ask(challenge, asker, at):
    """Return a function that asks; by default Asta asks about wet fruit."""

    def make(text: str = TEXT, **given) -> Question:
        told = {"challenge_id": challenge.pk, "actor": asker, "language": "en", "at": at}
        return services.ask_question(text=text, **{**told, **given})

    return make


@pytest.fixture
def answer(owner, at):
    """Return a function that answers a question as Olga."""

    def make(question: Question, text: str = "It may drip.", **given):
        told = {"question_id": question.pk, "actor": owner, "changes_brief": False, "at": at}
        return services.answer_question(text=text, **{**told, **given})

    return make


@pytest.fixture
def held(ask):
    """Return a question that the rules hold: it has two links."""
    return ask("Buy cheap fruit at https://cheap.example/now and https://more.example/now today!")


@pytest.fixture
def hide(owner, at):
    """Return a function that hides a question as Olga."""

    def make(question: Question, reason: str = "off_topic", words: str = "This is about another machine.", **given):
        told = {"text": question, "actor": owner, "at": at}
        return services.hide_text(reason=reason, words=words, **{**told, **given})

    return make
