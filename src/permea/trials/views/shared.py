"""What pages for the world share: slips, secret answers, codes to scan, pictures, data to take away."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import qrcode
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from permea.foundation.ids import new_key
from permea.foundation.refusals import Refusal, demand
from permea.ideas.services import storage
from permea.people.models import Membership
from permea.surface.downloads import made_file
from permea.surface.ratelimit import client_of, why_too_many
from permea.trials import rules
from permea.trials.models import ConceptTest, CustomerPanel, PrototypeRound, Variant

MANAGING = (Membership.Role.OWNER, Membership.Role.MANAGER)
REFUSED, INVALID = 409, 422
MOST_DIGITS = 17
SEED_KEYS = 3  # keys of 69 bits each in a seed
SANDBOX = "sandbox; default-src 'none'"
Asked = CustomerPanel | ConceptTest | PrototypeRound


def is_foreign(request: HttpRequest) -> bool:
    """Say whether a form was sent from another site's page; browsers name the site with every form they send."""
    ours = {f"{request.scheme}://{request.get_host()}", settings.BASE_URL}
    return request.headers.get("Origin", "") not in ours


def new_slip(of: Asked, at: datetime) -> str:
    """Return a new slip for a public form."""
    return rules.sealed(of, seed="".join(new_key() for _number in range(SEED_KEYS)), at=at)


def seed_in(request: HttpRequest, of: Asked, at: datetime) -> str:
    """Return the seed of the form that was sent. Raises RefusedError if it is not to be taken."""
    demand(why_too_many(client_of(request), what="trials.begin", limit=60, per=timedelta(hours=1)))
    demand(rules.why_not_human(request.POST.get("reference", "")))
    seal = rules.unsealed(request.POST.get("slip", ""))
    demand(rules.why_not_sealed(seal, of, at=at))
    return seal.seed if seal else ""


def address_of(name: str, *args: str) -> str:
    """Return the whole address of a page of this instance."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def code_of(address: str) -> HttpResponse:
    """Draw an address as a code to scan."""
    picture = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, box_size=12, border=2).save(picture)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def secret(response: HttpResponse) -> HttpResponse:
    """Keep an address that opens something out of referrers, indexes and caches."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def data_file(data: Mapping[str, Any]) -> HttpResponse:
    """Hand out what is held of somebody, as JSON."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return secret(made_file(text, "my-data.json", "application/json; charset=utf-8"))


def picture_of(variant: Variant) -> HttpResponseBase:
    """Send the picture of a variant, which no browser takes for a page of ours. Raises Http404 if it is gone."""
    try:
        content = (storage.root() / variant.picture_path).open("rb")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
    response = FileResponse(content, content_type=variant.picture_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def is_number(text: str) -> bool:
    """Say whether a text is a whole number that can be the number of a row."""
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def status_of(refusal: Refusal | None, *, is_invalid: bool = False) -> int:
    """Return the status a form is answered with."""
    return REFUSED if refusal else INVALID if is_invalid else 200
