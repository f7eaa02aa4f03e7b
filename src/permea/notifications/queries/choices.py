"""How a person wants to hear of what: topics, rhythm of the digest, links to unsubscribe."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from permea.agreements.queries import is_party_to_something
from permea.evaluation.models import Panelist
from permea.notifications import rules
from permea.notifications.models import DigestRhythm, TopicChoice, Undeliverable
from permea.notifications.queries.servers import undeliverable_of
from permea.people.models import Person
from permea.people.queries import managed_organisation_ids

SALT = "permea.notifications.unsubscribe"


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic and how the person hears of it."""

    topic: rules.Topic
    way: str


@dataclass(frozen=True, slots=True)
class ChoicesPage:
    """What a person can choose, what is always sent, and whether their address takes mail."""

    topics: list[TopicRow]
    always: tuple[rules.Topic, ...]
    rhythm: rules.Rhythm
    undeliverable: Undeliverable | None


def ways_of(person: Person) -> dict[str, str]:
    """Return how a person wants to hear of each optional topic."""
    chosen = dict(TopicChoice.objects.filter(person=person).values_list("topic", "way"))
    return {topic.key: chosen.get(topic.key, rules.NOW) for topic in rules.TOPICS}


def way_for(person: Person, kind: str) -> str:
    """Return how this kind of mail reaches a person; what is always sent comes at once."""
    topic = rules.topic_of(kind)
    if topic is None:
        return rules.NOW
    choice = TopicChoice.objects.filter(person=person, topic=topic.key).first()
    return choice.way if choice else rules.NOW


def rhythm_of(person: Person) -> rules.Rhythm:
    """Return when a person wants the digest."""
    row = DigestRhythm.objects.filter(person=person).first()
    return rules.Rhythm(row.every, row.hour, row.weekday) if row else rules.DEFAULT_RHYTHM


def topics_for(person: Person) -> list[rules.Topic]:
    """Return the topics a person can get mail about: by what they manage, judge or take part in."""
    audiences = {rules.EVERYBODY}
    if managed_organisation_ids(person):
        audiences |= {rules.MANAGERS, rules.AGREEING}
    elif is_party_to_something(person):
        audiences.add(rules.AGREEING)
    if Panelist.objects.filter(person=person, left_at__isnull=True).exists():
        audiences.add(rules.JUDGES)
    return [topic for topic in rules.TOPICS if topic.audience in audiences]


def choices_page(person: Person) -> ChoicesPage:
    """Return what a person can choose and has chosen."""
    ways = ways_of(person)
    return ChoicesPage(
        topics=[TopicRow(topic, ways[topic.key]) for topic in topics_for(person)],
        always=rules.ALWAYS,
        rhythm=rhythm_of(person),
        undeliverable=undeliverable_of(person.email or ""),
    )


def unsubscribe_link(person: Person, topic: rules.Topic) -> str:
    """Return the address that switches a topic off for a person, without signing in; it works for good."""
    token = signing.Signer(salt=SALT).sign_object([person.key, topic.key])
    return f"{settings.BASE_URL}{reverse('notifications:unsubscribe', args=[token])}"


def unsubscribe_target(token: str) -> tuple[Person, rules.Topic] | None:
    """Return whom and what a link to unsubscribe is about, or None if it was not written here or they are gone."""
    try:
        key, topic_key = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    person = Person.objects.filter(key=key, erased_at__isnull=True).first()
    topic = rules.topic_named(topic_key)
    return (person, topic) if person is not None and topic is not None else None
