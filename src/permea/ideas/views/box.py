"""A box as the world uses it: its page, its code to scan, and the private page of what was put into it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import qrcode
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods
from qrcode.image.svg import SvgPathImage

from permea.foundation.clock import now
from permea.foundation.ids import new_key
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas import queries, rules, services
from permea.ideas.forms import AddressForm, PostingForm
from permea.ideas.models import IdeaBox, Posting
from permea.people.models import Person
from permea.surface.errors import csrf_failure
from permea.surface.languages import language_of, offered_and
from permea.surface.pages import render
from permea.surface.ratelimit import client_of, why_too_many

REFUSED, INVALID, TOO_MANY = 409, 422, 429
PAGE, EMBED = "page", "embed"
SEED_KEYS = 3  # keys of 69 bits each in a seed


@require_http_methods(["GET", "POST"])
@csrf_exempt
def box(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show a box to anybody, and take what they put into it; the form's slip stands in for cookies."""
    found = queries.public_box(key)
    if request.method != "POST":
        return form_page(request, found, way=PAGE)
    return csrf_failure(request) if is_foreign(request) else take(request, found, way=PAGE)


def is_foreign(request: HttpRequest) -> bool:
    """Say whether a form was sent from another site's page; browsers name the site with every form they send."""
    ours = {f"{request.scheme}://{request.get_host()}", settings.BASE_URL}
    return request.headers.get("Origin", "") not in ours


def form_page(
    request: HttpRequest,
    found: IdeaBox,
    *,
    way: str,
    form: PostingForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form of a box: a new one with a new slip, or the one that was sent with all that was typed."""
    at, given = now(), request.POST if form else request.GET
    context: dict[str, Any] = {
        "box": found,
        "form": form or PostingForm(box=found),
        "slip": _slip(found, way, request.POST.get("slip", ""), at),
        "place": rules.clean_place(given.get("at", "")),
        "via": given.get("via", "")[:10],
        "answer_by": at + timedelta(days=found.answer_days),
        "refusal": refusal,
        "layout": "ideas/_bare.html" if way == EMBED else "layouts/public.html",
        "is_embedded": way == EMBED,
    }
    return render(request, "ideas/box.html", context, status=status)


def _slip(found: IdeaBox, way: str, sent: str, at: datetime) -> str:
    """Return the slip that was sent if it can be sent again, else a new one."""
    if rules.why_not_sealed(rules.unsealed(sent), found, way=way, at=at + rules.SOONEST) is None:
        return sent
    return rules.sealed(found, way=way, seed="".join(new_key() for _number in range(SEED_KEYS)), at=at)


def take(request: HttpRequest, found: IdeaBox, *, way: str) -> HttpResponse:
    """Take what was put into the form of a box and answer with its private link; the same form twice is taken once."""
    at, form = now(), PostingForm(request.POST, request.FILES, box=found)
    refusal = why_too_many(client_of(request), what="ideas.post", limit=60, per=timedelta(hours=1))
    if refusal is not None:
        return form_page(request, found, way=way, form=form, refusal=refusal, status=TOO_MANY)
    seal, is_whole = rules.unsealed(request.POST.get("slip", "")), form.is_valid()
    try:
        demand(rules.why_not_sealed(seal, found, way=way, at=at) or _why_not_human(request))
        if not is_whole or seal is None:
            return form_page(request, found, way=way, form=form, status=INVALID)
        posting = _post(request, found, form, seal.seed, at, way)
    except RefusedError as error:
        return form_page(request, found, way=way, form=form, refusal=error.refusal, status=REFUSED)
    return _sent_page(request, posting, rules.private_token(seal.seed), is_embedded=way == EMBED)


def _why_not_human(request: HttpRequest) -> Refusal | None:
    """Return a refusal to who fills a field that people do not see."""
    if not request.POST.get("reference"):
        return None
    return Refusal("box.trap", _("Leave the field “Reference” empty, and send it once more."))


def _post(request: HttpRequest, found: IdeaBox, form: PostingForm, seed: str, at: datetime, way: str) -> Posting:
    """Put what the form says into the box. Raises RefusedError as `services.post` says."""
    said = form.cleaned_data
    channel = Posting.Channel.PAGE if not (said["at"] or said["via"] == "qr") else Posting.Channel.QR
    content = services.PostingInput(
        kind=said["kind"],
        text=said["text"],
        source=said.get("source", ""),
        channel=Posting.Channel.WIDGET if way == EMBED else channel,
        place=said["at"],
        language=language_of(said["text"], offered_and(found.language)) or translation.get_language() or found.language,
        is_anonymous=said["is_anonymous"] == "yes",
        name=said["name"],
        email=said.get("email", ""),
    )
    photo, sender = None, request.user if isinstance(request.user, Person) and way == PAGE else None
    if said["photo"]:
        demand(rules.why_not_photo(said["photo"].name, said["photo"].size))
        photo = services.Photo(name=said["photo"].name, content=said["photo"].read())
    return services.post(box_id=found.pk, content=content, seed=seed, at=at, sender=sender, photo=photo)


def _sent_page(request: HttpRequest, posting: Posting, token: str, *, is_embedded: bool) -> HttpResponse:
    """Show the private link, and until when there is an answer."""
    context = {
        "posting": posting,
        "address": f"{settings.BASE_URL}{reverse('ideas:private', args=[token])}",
        "is_embedded": is_embedded,
    }
    return _secret(render(request, "ideas/sent.html", context))


def _secret(response: HttpResponse) -> HttpResponse:
    """Keep an address that opens something out of referrers, indexes and caches."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@csrf_exempt  # the token in the address is the only right there is; no cookie adds to it
def private(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show its sender how a posting stands, let them leave an address or have it removed."""
    posting = queries.posting_by_token(token)
    if request.method != "POST":
        return _private_page(request, posting)
    form = AddressForm(request.POST)
    try:
        if request.POST.get("action") == "withdraw":
            services.withdraw_posting(posting_id=posting.pk, at=now())
        elif settings.MAIL_IS_KEPT or not form.is_valid():
            return _private_page(request, posting, form, status=INVALID)
        else:
            demand(why_too_many(posting.key, what="ideas.address", limit=5, per=timedelta(days=1)))
            services.leave_address(posting_id=posting.pk, email=form.cleaned_data["email"], token=token, at=now())
    except RefusedError as error:
        return _private_page(request, posting, form, error.refusal, REFUSED)
    return _secret(redirect("ideas:private", token))


def _private_page(
    request: HttpRequest,
    posting: Posting,
    form: AddressForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the private page of a posting."""
    context = {
        "state": queries.posting_state(posting, now()),
        "posting": posting,
        "form": form or AddressForm(),
        "refusal": refusal,
        "at": now(),
    }
    return _secret(render(request, "ideas/private.html", context, status=status))


@require_GET
def box_code(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the address of a box as a code to scan, with the place it hangs at if one is given."""
    found = queries.public_box(key)
    place = rules.clean_place(request.GET.get("at", ""))
    drawn = qrcode.make(box_address(found, place), image_factory=SvgPathImage, box_size=12, border=2)
    picture = io.BytesIO()
    drawn.save(picture)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def box_address(found: IdeaBox, place: str = "", *, is_code: bool = True) -> str:
    """Return the address of a box for people, or as it stands in a code: then it tells the place, or that it is one."""
    query = {"at": place} if place else {"via": "qr"} if is_code else None
    return f"{settings.BASE_URL}{reverse('ideas:box', args=[found.key], query=query)}"
