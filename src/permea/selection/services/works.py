"""Writing the register of own work: a work, who is on it, what is said of what they had read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from permea.disclosures.models import Item
from permea.foundation.refusals import demand
from permea.ideas.models import Idea
from permea.ledger.services import record_crossing, record_export
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage
from permea.selection import queries, rules
from permea.selection.models import Settlement, Work, WorkPerson
from permea.selection.services.title import GONE


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementInput:
    """What somebody says of a thing that a person on a work had read: an entry or an item, one of the two."""

    person: Person
    idea: Idea | None = None
    item: Item | None = None
    kind: str
    words: str
    reference: str = ""


@transaction.atomic
def enter_work(
    *,
    organisation: Organisation,
    name: str,
    words: str,
    began_on: date,
    idea: Idea | None = None,
    actor: Person,
    at: datetime,
) -> Work:
    """Enter a piece of the firm's own work; the same sent twice is entered once.

    Raises RefusedError to non-managers and as `rules.why_not_enter_work` says.
    """
    demand(why_not_manage(role_in(actor, organisation.pk)))
    demand(rules.why_not_enter_work(name, words, began_on, today=at.date()))
    told = {"name": name.strip(), "words": words.strip(), "began_on": began_on, "idea": idea}
    again = queries.entered_just_now(organisation, actor, told, at)
    if again is not None:
        return again
    return Work.objects.create(organisation=organisation, entered_by=actor, entered_at=at, counted_at=at, **told)


@transaction.atomic
def put_on_work(*, work_id: int, person: Person, since: date, actor: Person, at: datetime) -> WorkPerson:
    """Put somebody of the firm on a work; the same sent twice is done once.

    Raises RefusedError to non-managers and as `rules.why_not_join` says.
    """
    work = _locked(work_id, actor)
    now_on_it = work.people.filter(person=person, until__isnull=True).first()
    if now_on_it is not None and queries.is_put_just_now(now_on_it, since, actor, at):
        return now_on_it
    role, is_on_it = role_in(person, work.organisation_id), now_on_it is not None
    demand(rules.why_not_join(work, role, since, is_on_it=is_on_it, today=at.date()))
    seat = WorkPerson.objects.create(work=work, person=person, since=since, added_by=actor, added_at=at)
    _count(work, at)
    return seat


@transaction.atomic
def take_off_work(*, seat_id: int, until: date, actor: Person, at: datetime) -> WorkPerson:
    """Say on which day somebody's time on a work ended; said twice it is said once.

    Raises RefusedError to non-managers and as `rules.why_not_leave` says.
    """
    seat = WorkPerson.objects.select_related("person").get(pk=seat_id)
    work = _locked(seat.work_id, actor)
    seat.refresh_from_db(fields=["until", "ended_by", "ended_at"])
    if seat.until == until and seat.ended_by_id == actor.pk:
        return seat
    demand(rules.why_not_leave(seat, until, today=at.date()))
    seat.until, seat.ended_by, seat.ended_at = until, actor, at
    seat.save(update_fields=["until", "ended_by", "ended_at"])
    _count(work, at)
    return seat


@transaction.atomic
def settle_matter(*, work_id: int, content: SettlementInput, actor: Person, at: datetime) -> Settlement:
    """Say of a thing that somebody on a work had read what it has to do with it; what was said before stays.

    The same sent twice is said once. Raises RefusedError to non-managers and as `rules.why_not_settle_matter` says.
    """
    work = _locked(work_id, actor)
    is_on_it = work.people.filter(person=content.person, until__isnull=True).exists()
    demand(rules.why_not_settle_matter(content.kind, content.words, content.reference, is_on_it=is_on_it))
    made = Settlement(
        work=work,
        person=content.person,
        idea=content.idea,
        item=content.item,
        kind=content.kind,
        words=content.words.strip(),
        reference=content.reference.strip(),
        settled_by=actor,
        settled_at=at,
    )
    again = queries.settled_just_now(made, at)
    if again is not None:
        return again
    made.save()
    _tell(made, at)
    _count(work, at)
    return made


def _locked(work_id: int, actor: Person) -> Work:
    """Return the locked work to who manages its firm. Raises RefusedError to others."""
    work = Work.objects.select_for_update(of=("self",)).select_related("organisation", "idea").get(pk=work_id)
    demand(why_not_manage(role_in(actor, work.organisation_id)))
    return work


def _tell(made: Settlement, at: datetime) -> None:
    """Append to the ledger how a matter was settled, and of whom and what, by keys alone.

    It names no challenge and no counterparty: what the firm says here is not told to who wrote the entry.
    """
    about = made.idea or made.item
    assert about is not None  # noqa: S101 - the table says so
    is_open = made.kind == Settlement.Kind.OPEN
    record_crossing(
        organisation=made.work.organisation,
        kind="work.opened" if is_open else "work.settled",
        direction="inside",
        depth="inside",
        subject_type="work",
        subject_key=made.work.key,
        actor=made.settled_by,
        at=at,
        facts={"about": about.key, "how": str(made.kind), "person": made.person.key, "settlement": made.key},
    )


def _count(work: Work, at: datetime) -> None:
    """Store how many matters of a work are open."""
    work.n_open, work.counted_at = rules.n_open(queries.matters_of(work, at)), at
    work.save(update_fields=["n_open", "counted_at"])


def count_open_matters(*, organisation: Organisation, at: datetime) -> int:
    """Count the open matters of each work of a firm anew, as its people read on; return how many works there are.

    Each is compared before anything is written, so that nobody who writes has to wait for it.
    """
    works = list(Work.objects.filter(organisation=organisation).select_related("organisation", "idea").order_by("pk"))
    for work in works:
        _count(work, at)
    return len(works)


@transaction.atomic
def export_work(*, work: Work, table: str, n_rows: int, actor: Person, at: datetime) -> bytes:
    """Hand what the register says of a work out as a file, and enter that in the ledger with the file's hash.

    Raises RefusedError to non-managers.
    """
    demand(why_not_manage(role_in(actor, work.organisation_id)))
    return record_export(
        organisation=work.organisation, kind="work.exported", table=table, n_rows=n_rows, actor=actor, at=at
    )


@transaction.atomic
def forget_settlement_words(*, person_id: int) -> int:
    """Empty what was written about an erased person, as reader or as author; return how many.

    That something was settled, how, when and by whom stays, and so does what speaks of papers alone.
    """
    said = queries.settlements_about(person_id).filter(kind__in=rules.ABOUT_PEOPLE).exclude(words=GONE)
    return said.update(words=GONE)
