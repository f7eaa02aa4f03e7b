"""What triggers look at: ends of agreements, readers who are not covered, the share of one partner, reviews."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from permea.agreements.models import Agreement
from permea.disclosures.queries import uncovered
from permea.ledger.models import Crossing
from permea.people.models import Organisation
from permea.risks import rules
from permea.risks.models import Risk, Trigger

Kind = Trigger.Kind
EVERY = timedelta(days=1)
WINDOW = timedelta(days=365)
Found = dict[int, int | None]


def living_triggers() -> QuerySet[Trigger]:
    """Return what open risks are watched for."""
    return Trigger.objects.filter(ended_at__isnull=True).exclude(risk__state=Risk.State.CLOSED)


def houses_to_look_at(at: datetime) -> list[Organisation]:
    """Return the firms with a trigger nobody has looked at for a day."""
    waiting = living_triggers().filter(Q(looked_at__isnull=True) | Q(looked_at__lte=at - EVERY))
    return list(Organisation.objects.filter(pk__in=waiting.values("risk__organisation")).order_by("pk"))


def found_for(organisation: Organisation, triggers: Iterable[Trigger], at: datetime) -> Found:
    """Return what is found now for each trigger of a firm, by its number; None where it cannot be told."""
    watched = list(triggers)
    keys: dict[str, list[str]] = {}
    for one in watched:
        keys.setdefault(one.kind, []).append(one.about_key)
    ends = _ends(organisation, keys.get(Kind.AGREEMENT_ENDS, []))
    readers = _readers(organisation, keys.get(Kind.UNCOVERED_READERS, []), at)
    shares = _shares(organisation, at) if Kind.PARTNER_SHARE in keys else {}
    today, found = at.date(), Found()
    for one in watched:
        if one.kind == Kind.REVIEW_PASSED:
            found[one.pk] = rules.days_until(one.risk.review_on, today)
        elif one.kind == Kind.AGREEMENT_ENDS:
            found[one.pk] = rules.days_until(ends.get(one.about_key), today)
        elif one.kind == Kind.UNCOVERED_READERS:
            found[one.pk] = readers.get(one.about_key, 0)
        else:
            found[one.pk] = rules.share_of(shares.get(one.about_key, 0), sum(shares.values()))
    return found


def _ends(organisation: Organisation, keys: Iterable[str]) -> dict[str, date]:
    """Return on which day signed agreements end, by key; those without an end are left out."""
    rows = Agreement.objects.filter(organisation=organisation, key__in=keys, status=Agreement.Status.SIGNED)
    ends = {
        row.key: min((end for end in (row.valid_until, row.ended_at) if end is not None), default=None) for row in rows
    }
    return {key: end.date() for key, end in ends.items() if end is not None}


def _readers(organisation: Organisation, keys: Iterable[str], at: datetime) -> dict[str, int]:
    """Return how many people have read items and are not covered now, by the item's key."""
    rows = uncovered(organisation, at).filter(item__key__in=keys).order_by()
    return dict(rows.values_list("item__key").annotate(n=Count("reader", distinct=True)))


def _shares(organisation: Organisation, at: datetime) -> dict[str, int]:
    """Return how many crossings of the last year a firm had with each counterparty, by key."""
    rows = Crossing.objects.filter(
        organisation=organisation, direction__in=["in", "out"], crossed_at__gt=at - WINDOW, crossed_at__lte=at
    ).exclude(counterparty_key="")
    return dict(rows.order_by().values_list("counterparty_key").annotate(n=Count("pk")))
