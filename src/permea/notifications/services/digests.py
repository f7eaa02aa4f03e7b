"""Digests: built batch by batch, each person's once a period, nothing when there is nothing."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, cast

from django.db import transaction

from permea.foundation import outbox
from permea.notifications import queries, rules
from permea.notifications.models import Digest, Notice
from permea.notifications.services.letters import compose, link, when
from permea.notifications.services.mails import optional_parts, write_mail
from permea.people.models import Organisation, Person
from permea.people.queries import organisation_of_instance

BUILD = "digest.build"
BATCH = 50
SHOWN_AT_MOST = 40


class Due(NamedTuple):
    """A notice whose digest is due."""

    pk: int
    due_at: datetime
    kind: str


class Seen(NamedTuple):
    """What somebody is shown of what is due to them, and how much that they may see there is."""

    shown: list[Notice]
    n_notices: int


@transaction.atomic
def queue_digests(*, at: datetime) -> None:
    """Have digests built if some are due and nobody builds them yet."""
    if queries.has_due_digests(at) and not queries.is_building(BUILD):
        outbox.put(kind=BUILD, payload={"after": 0}, at=at)


@transaction.atomic
def build_digests(*, after: int, at: datetime) -> int | None:
    """Build the digests of the next people after the one with this id, and queue the batch that follows.

    Return where that begins, or None if this was the last one. Doing it twice builds nothing twice: what is built, the
    mark that it is, and the next batch are stored together.
    """
    people = queries.people_with_due_digest(after=after, at=at, limit=BATCH)
    due = _lock(people, at)
    late = queries.people_with_digest({person: max(row.due_at for row in rows) for person, rows in due.items()})
    dead = queries.undeliverable_among(person.email for person in people)
    organisation = organisation_of_instance()
    told = [person for person in people if person.pk in due and person.pk not in late]
    told = [person for person in told if (person.email or "").lower() not in dead]
    seen = _seen_of(told, due, at)
    built = []
    for person in people:
        if person.pk in late:
            _postpone(person, due[person.pk], at)
        elif person.pk in seen and organisation is not None:
            built += _build(person, organisation, seen[person.pk], due[person.pk], at)
    Digest.objects.bulk_create(built)
    done = [row.pk for person, rows in due.items() if person not in late for row in rows]
    Notice.objects.filter(pk__in=done).update(digest_at=None)
    if len(people) < BATCH:
        return None
    outbox.put(kind=BUILD, payload={"after": people[-1].pk}, at=at)
    return people[-1].pk


def _lock(people: list[Person], at: datetime) -> dict[int, list[Due]]:
    """Lock what is due to people and return it by person; what another worker holds is left out."""
    rows = Notice.objects.filter(person__in=people, digest_at__lte=at).select_for_update(skip_locked=True)
    due: dict[int, list[Due]] = {}
    for person_id, pk, digest_at, kind in rows.order_by("pk").values_list("person_id", "pk", "digest_at", "kind"):
        due.setdefault(person_id, []).append(Due(pk, cast("datetime", digest_at), kind))
    return due


def _postpone(person: Person, rows: list[Due], at: datetime) -> None:
    """Let what came too late for a digest that is out wait for the next one."""
    slot = rules.next_slot(queries.rhythm_of(person), zone=queries.zone_of(person), at=at)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(digest_at=slot)


def _seen_of(people: list[Person], due: dict[int, list[Due]], at: datetime) -> dict[int, Seen]:
    """Return what each of these people is shown of what is due, and how much it is: of most by one query for all."""
    few = [person for person in people if _is_plain(due[person.pk])]
    found = queries.due_of_many(few, at)
    seen = {person.pk: Seen(found.get(person.pk, []), len(found.get(person.pk, []))) for person in few}
    for person in people:
        if person.pk not in seen:
            rows = queries.notices_visible_to(person, at, kinds={row.kind for row in due[person.pk]})
            rows = rows.filter(digest_at__lte=at)
            shown = list(rows[: SHOWN_AT_MOST + 1])
            n_notices = rows.count() if len(shown) > SHOWN_AT_MOST else len(shown)
            seen[person.pk] = Seen(shown[:SHOWN_AT_MOST], n_notices)
    return seen


def _is_plain(rows: list[Due]) -> bool:
    """Say whether all of this can be shown, and none of it asks who manages what."""
    return len(rows) <= SHOWN_AT_MOST and rules.MANAGING.isdisjoint(row.kind for row in rows)


def _build(person: Person, organisation: Organisation, seen: Seen, rows: list[Due], at: datetime) -> list[Digest]:
    """Write one person's digest and return its row to store; nothing when they may no longer see any of it."""
    if not seen.shown:
        return []
    _write(person, organisation, seen.shown, seen.n_notices, at)
    return [Digest(person=person, ends_at=max(row.due_at for row in rows), n_notices=seen.n_notices, made_at=at)]


def _write(person: Person, organisation: Organisation, shown: list[Notice], n_notices: int, at: datetime) -> None:
    """Write the mail of a digest, in its reader's language."""
    context = {
        "organisation": organisation,
        "groups": queries.group_by_challenge(shown),
        "n_notices": n_notices,
        "n_more": n_notices - len(shown),
        "lines": _lines,
        **optional_parts(reader=person, kind=rules.DIGEST_KIND),
    }
    letter = compose(rules.DIGEST_KIND, reader=person, language=person.language, context=context)
    write_mail(
        to=person,
        kind=rules.DIGEST_KIND,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=letter.language,
        at=at,
    )


def _lines(group: queries.Group) -> list[tuple[str, str, str]]:
    """Return what happened in a challenge, each with its time and the address of its page."""
    return [
        (rules.headline(notice), when(notice.at), link(*filter(None, rules.place_of(notice))))
        for notice in group.notices
    ]
