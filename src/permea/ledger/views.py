"""The ledger page, and the papers people take away: exports, receipts, the verifier, the public keys."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.ledger import queries, services, verifier
from permea.ledger.forms import FilterForm
from permea.ledger.models import Crossing
from permea.ledger.rules import QuarterBalance
from permea.ledger.verifier import Document
from permea.people.rules import MANAGING
from permea.surface.charts.shapes import Bar
from permea.surface.downloads import made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, PersonRequest, answer_or_404, member, page_number, signed_in


@require_safe
@member(*sorted(MANAGING))
def ledger(request: MemberRequest) -> HttpResponse:
    """Show the organisation's crossings and what they prove."""
    return _page(request)


def _page(request: MemberRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with the ledger page as it stands now."""
    filters = FilterForm(request.GET).filters()
    page = queries.ledger_page(
        request.user, request.organisation, filters=filters, number=page_number(request), at=now()
    )
    chosen = {"direction": filters.direction, "kind": filters.kind, "challenge": filters.challenge}
    context = {
        "ledger": page,
        "directions": Crossing.Direction.choices,
        "bars": [bar for quarter in page.balance for bar in _bars(quarter)],
        "page_base": "?" + urlencode({**{name: value for name, value in chosen.items() if value}, "page": ""}),
        "refusal": refusal,
    }
    return render(request, "ledger/list.html", context, status=409 if refusal else 200)


def _bars(quarter: QuarterBalance) -> tuple[Bar, Bar]:
    """Return a quarter's two bars."""
    period = {"quarter": quarter.quarter, "year": quarter.year}
    return (
        Bar(label=_("Q%(quarter)s %(year)s, in") % period, value=quarter.n_in, tone="accent"),
        Bar(label=_("Q%(quarter)s %(year)s, out") % period, value=quarter.n_out, tone="out"),
    )


@require_safe
@member(*sorted(MANAGING))
def export(request: MemberRequest) -> HttpResponse:
    """Give out the signed chain, or a challenge's part of it, as a file."""
    challenge_key = FilterForm(request.GET).filters().challenge
    crossings = queries.crossings_visible_to(request.user, request.organisation)
    if challenge_key:
        answer_or_404(crossings.filter(challenge_key=challenge_key).first())
    at = now()
    try:
        document = (
            services.export_challenge(organisation=request.organisation, challenge_key=challenge_key, at=at)
            if challenge_key
            else services.export_chain(organisation=request.organisation, at=at)
        )
    except RefusedError as error:
        return _page(request, error.refusal)
    return _file(document, f"ledger-{challenge_key or request.organisation.key}-{at:%Y-%m-%d}.json")


@require_safe
@signed_in
def receipt(request: PersonRequest, key: str) -> HttpResponse:
    """Give a person their receipt as a file."""
    found = answer_or_404(queries.receipt_for(request.user, key))
    return _file(queries.receipt_document(found), f"receipt-{found.key}.json")


@require_safe
def public_keys(request: HttpRequest) -> HttpResponse:
    """Tell anybody the public keys this instance signs with."""
    del request
    return JsonResponse({"keys": queries.key_documents()}, json_dumps_params={"indent": 1})


@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    """Tell anybody how long each ledger is and what its last hash is, signed, so that nothing can be rolled back."""
    del request
    return JsonResponse(queries.heads_document(), json_dumps_params={"indent": 1})


@require_safe
def program(request: HttpRequest) -> HttpResponse:
    """Give anybody the verifier, a program that stands alone."""
    del request
    return HttpResponse(
        Path(verifier.__file__).read_bytes(),
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="verifier.py"'},
    )


def _file(document: Document, name: str) -> HttpResponse:
    """Answer with a document to be kept as a file, readable by people too."""
    text = json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    return made_file(text, name, "application/json")
