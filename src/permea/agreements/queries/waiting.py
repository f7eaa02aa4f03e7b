"""What of agreements waits for a partner: texts to sign, and questions of the chooser to answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from permea.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementSignature,
    AgreementVersion,
    ChooserAnswers,
    ChooserRun,
)
from permea.people.queries import roles_of
from permea.people.rules import MANAGING
from permea.surface.registry import Stand, TodayItem, Waiting

Found = Mapping[str, Any]


def waiting(stand: Stand) -> Iterator[Waiting]:
    """Yield what a partner has to sign, for who may bind it, and what its people are asked by the chooser.

    The firm's own open texts stand on its list of agreements; Today shows it the deadlines.
    """
    if stand.is_firm:
        return
    firms = list(roles_of(stand.person))
    theirs = Q(person=stand.person) | Q(organisation__in=stand.ids(MANAGING))
    newest = AgreementVersion.objects.filter(agreement=OuterRef("pk")).order_by("-number").values("pk")[:1]
    signed = AgreementSignature.objects.filter(version=OuterRef(OuterRef("newest")), party=OuterRef("pk"))
    unsigned = AgreementParty.objects.filter(theirs, ~Exists(signed), agreement=OuterRef("pk"))
    offered = Agreement.objects.filter(status=Agreement.Status.OFFERED).exclude(organisation__in=firms)
    rows = offered.annotate(newest=Subquery(newest)).filter(Exists(unsigned), newest__isnull=False)
    found = JSONObject(key="key", title="title", firm="organisation__name")
    yield Waiting(rows.order_by("created_at", "pk").annotate(found=found), _text)
    handed_in = ChooserAnswers.objects.filter(
        run=OuterRef("pk"), round=OuterRef("round"), side=ChooserAnswers.Side.PARTNER, handed_in_at__isnull=False
    )
    runs = ChooserRun.objects.filter(~Exists(handed_in), partner__in=list(stand.roles), agreement__isnull=True)
    found = JSONObject(key="key", title="title", firm=F("organisation__name"))
    yield Waiting(runs.order_by("started_at", "pk").annotate(found=found), _run)


def _text(found: Found) -> TodayItem:
    """Return the item of a text to sign."""
    return TodayItem(
        title=found["title"],
        detail=_("%(firm)s offers this agreement to your side.") % {"firm": found["firm"]},
        url=reverse("agreements:guest", args=[found["key"]]),
        due_at=None,
        kind="agreement",
        action=_("Read and sign"),
    )


def _run(found: Found) -> TodayItem:
    """Return the item of a run of the chooser."""
    return TodayItem(
        title=found["title"],
        detail=_("%(firm)s asks for your answers, to find the agreement that fits.") % {"firm": found["firm"]},
        url=reverse("agreements:choose", args=[found["key"]]),
        due_at=None,
        kind="agreement",
        action=_("Answer"),
    )
