"""What a person chooses about mails and digests; only what differs from the usual is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from permea.foundation.refusals import demand
from permea.notifications import queries, rules
from permea.notifications.models import Digest, DigestRhythm, Notice, TopicChoice, Undeliverable
from permea.people.models import Person


@transaction.atomic
def choose(*, person: Person, ways: Mapping[str, str], rhythm: rules.Rhythm, at: datetime) -> None:
    """Store how a person wants to hear of topics, and when the digest comes; what waits for it follows.

    Raises RefusedError as `rules.why_not_choose` says.
    """
    for topic_key, way in ways.items():
        demand(rules.why_not_choose(topic_key, way))
        _set_way(person, topic_key, way)
    if rhythm == rules.DEFAULT_RHYTHM:
        DigestRhythm.objects.filter(person=person).delete()
    else:
        told = {"every": rhythm.every, "hour": rhythm.hour, "weekday": rhythm.weekday}
        DigestRhythm.objects.update_or_create(person=person, defaults=told)
    slot = rules.next_slot(rhythm, zone=queries.zone_of(person), at=at)
    Notice.objects.filter(person=person, digest_at__gt=at).update(digest_at=slot)


@transaction.atomic
def unsubscribe(*, person: Person, topic: rules.Topic) -> None:
    """Switch the mails of a topic off; for the digest, all topics that come in it. Once is enough."""
    if topic.key != rules.DIGEST_KIND:
        _set_way(person, topic.key, rules.OFF)
        return
    for row in TopicChoice.objects.filter(person=person, way=rules.DIGEST):
        _set_way(person, row.topic, rules.OFF)


def _set_way(person: Person, topic_key: str, way: str) -> None:
    """Store how a person hears of a topic; what waits for a digest it is no longer part of does not wait any more."""
    if way == rules.NOW:
        TopicChoice.objects.filter(person=person, topic=topic_key).delete()
    else:
        TopicChoice.objects.update_or_create(person=person, topic=topic_key, defaults={"way": way})
    topic = rules.topic_named(topic_key)
    if topic is not None and way != rules.DIGEST:
        Notice.objects.filter(person=person, kind__in=topic.kinds, digest_at__isnull=False).update(digest_at=None)


@transaction.atomic
def forget_choices(*, person_id: int, email: str) -> None:
    """Delete the notices, choices and digests of a person, and what is known of their address."""
    for model in (Notice, TopicChoice, DigestRhythm, Digest):
        model.objects.filter(person_id=person_id).delete()
    Undeliverable.objects.filter(email=email.lower()).delete()
