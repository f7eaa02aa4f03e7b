"""Reading renewals: what an agreement renews, what renews it, and how it could end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from permea.agreements import rules
from permea.agreements.models import Agreement, AgreementVersion, Renewal
from permea.foundation.refusals import Refusal


@dataclass(frozen=True, slots=True)
class RenewalPart:
    """What the page of an agreement shows of its end: what it renews or is renewed by, and when notice would end it."""

    of: Agreement | None
    by: Agreement | None
    renew_blocked: Refusal | None
    ends_by_notice: datetime
    goes_on: bool


def open_renewal_of(agreement: Agreement) -> Agreement | None:
    """Return the renewal of an agreement that is under negotiation, or None."""
    rows = Agreement.objects.filter(renewal__of=agreement, status=Agreement.Status.OFFERED)
    return rows.order_by("-pk").first()


def renewal_part(agreement: Agreement, newest: AgreementVersion, at: datetime) -> RenewalPart:
    """Return what the page of an agreement shows of its end."""
    own = Renewal.objects.select_related("of").filter(agreement=agreement).first()
    living = Agreement.objects.filter(renewal__of=agreement).exclude(status=Agreement.Status.DROPPED)
    by = living.order_by("-pk").first()
    has_open = by is not None and by.status == Agreement.Status.OFFERED
    return RenewalPart(
        of=own.of if own else None,
        by=by,
        renew_blocked=rules.why_not_renew(agreement, has_open=has_open, at=at),
        ends_by_notice=rules.end_of_notice(agreement, newest.options, at=at),
        goes_on=rules.goes_on(newest.options) and not (by and by.status == Agreement.Status.SIGNED),
    )


def agreements_to_prolong(at: datetime) -> list[int]:
    """Return the ids of agreements that may go on by themselves: near their end, without notice or a signed renewal."""
    renewed = Renewal.objects.filter(of=OuterRef("pk"), agreement__status=Agreement.Status.SIGNED)
    says_so = AgreementVersion.objects.filter(agreement=OuterRef("pk"), options__at_end="renews")
    rows = Agreement.objects.filter(
        Exists(says_so),
        ~Exists(renewed),
        status=Agreement.Status.SIGNED,
        ended_at__isnull=True,
        valid_until__lte=at + rules.A_DAY,
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))
