"""Which live agreements cover what somebody wants to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from permea.agreements import rules
from permea.agreements.models import Agreement, AgreementParty
from permea.people.models import Membership, Organisation, Person


@dataclass(frozen=True, slots=True)
class Coverage:
    """The live agreements between a firm and somebody, each with the keys of the subjects it names."""

    agreements: tuple[tuple[Agreement, frozenset[str]], ...]

    def agreement_for(self, subject_key: str, purpose: str) -> Agreement | None:
        """Return the oldest agreement that covers this subject for this purpose, or None."""
        found = (row for row, named in self.agreements if rules.covers(row, named, subject_key, purpose))
        return next(found, None)


NOTHING = Coverage(())


def live_for(reader: Person, organisation: Organisation, *, at: datetime) -> QuerySet[Agreement]:
    """Return the agreements of the firm that live and have the reader, or whom they belong to, as a party."""
    return live_with(reader, at=at).filter(organisation=organisation)


def live_with(reader: Person, *, at: datetime) -> QuerySet[Agreement]:
    """Return the agreements of every firm that live and have the reader, or whom they belong to, as a party."""
    seats = Membership.objects.filter(person=reader, ended_at__isnull=True)
    of_reader = AgreementParty.objects.filter(
        Q(person=reader) | Q(organisation__in=seats.values("organisation")), agreement=OuterRef("pk")
    )
    return Agreement.objects.filter(Exists(of_reader), living(at)).order_by("valid_from", "pk")


def living(at: datetime, way: str = "") -> Q:
    """Return the condition that an agreement lives; `way` leads to it, for example "agreement__"."""
    return Q(
        Q((f"{way}valid_until__isnull", True)) | Q((f"{way}valid_until__gt", at)),
        Q((f"{way}ended_at__isnull", True)) | Q((f"{way}ended_at__gt", at)),
        (f"{way}status", Agreement.Status.SIGNED),
        (f"{way}valid_from__lte", at),
    )


def coverage_of(reader: Person | AnonymousUser, organisation: Organisation, *, at: datetime) -> Coverage:
    """Return what is covered between the firm and a reader; nothing for who is not signed in."""
    if not isinstance(reader, Person):
        return NOTHING
    rows = live_for(reader, organisation, at=at).prefetch_related("subjects")
    return Coverage(tuple((row, frozenset(subject.subject_key for subject in row.subjects.all())) for row in rows))


def coverages_of(reader: Person | AnonymousUser, *, at: datetime) -> dict[int, Coverage]:
    """Return what is covered between each firm, by its number, and a reader; firms with nothing are left out."""
    if not isinstance(reader, Person):
        return {}
    found: dict[int, list[tuple[Agreement, frozenset[str]]]] = {}
    for row in live_with(reader, at=at).prefetch_related("subjects"):
        named = frozenset(subject.subject_key for subject in row.subjects.all())
        found.setdefault(row.organisation_id, []).append((row, named))
    return {pk: Coverage(tuple(rows)) for pk, rows in found.items()}


def agreed_by_click(organisation: Organisation, subject_key: str) -> list[tuple[Agreement, Person]]:
    """Return the agreements that people made by a click about one subject, live or over, the newest first."""
    parties = (
        AgreementParty.objects.filter(
            agreement__organisation=organisation,
            agreement__kind=Agreement.Kind.NDA_ONE_WAY,
            agreement__subjects__subject_key=subject_key,
            person__isnull=False,
        )
        .select_related("agreement", "person")
        .order_by("-agreement__created_at", "-pk")
    )
    return [(party.agreement, party.person) for party in parties if party.person is not None]
