"""Joining a customer panel, and the private page of a membership: no account, one link."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.errors import csrf_failure
from permea.surface.pages import render
from permea.trials import queries, rules, services
from permea.trials.forms import JoinForm
from permea.trials.models import CustomerPanel, PanelMember
from permea.trials.views.shared import (
    address_of,
    code_of,
    data_file,
    is_foreign,
    is_number,
    new_slip,
    secret,
    seed_in,
    status_of,
)


@require_http_methods(["GET", "POST"])
@csrf_exempt  # the form's slip stands in for cookies
def join(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show a panel to anybody, and let them have a private link on which they agree."""
    panel, at = queries.public_panel(key), now()
    if request.method != "POST":
        return _join_page(request, panel, JoinForm())
    if is_foreign(request):
        return csrf_failure(request)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _join_page(request, panel, form)
    said = {"name": form.cleaned_data["name"], "email": form.cleaned_data.get("email", "")}
    try:
        member = services.ask_to_join(panel_id=panel.pk, seed=seed_in(request, panel, at), at=at, **said)
    except RefusedError as error:
        return _join_page(request, panel, form, error.refusal)
    if said["email"]:
        return render(request, "trials/look.html", {"panel": panel})
    return secret(redirect("trials:private", rules.private_token(member)))


def _join_page(
    request: HttpRequest, panel: CustomerPanel, form: JoinForm, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """Answer with the page of a panel."""
    context = {
        "panel": panel,
        "text": queries.consent_of(panel),
        "form": form,
        "slip": new_slip(panel, now()),
        "refusal": refusal,
    }
    return render(request, "trials/join.html", context, status=status_of(refusal, is_invalid=bool(form.errors)))


@require_GET
def join_code(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the address of a panel as a code to scan."""
    del request
    return code_of(address_of("trials:join", queries.public_panel(key).key))


@require_http_methods(["GET", "POST"])
@csrf_exempt  # the link is the only right there is; no cookie adds to it
def private(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show somebody their membership: what they agree to, what they are asked, and the way out."""
    member = queries.member_by_token(token)
    if request.method != "POST":
        return _private_page(request, member, token)
    at, action = now(), request.POST.get("action")
    version = request.POST.get("version", "")
    try:
        if action == "agree":
            services.agree(member_id=member.pk, version=int(version) if is_number(version) else 0, at=at)
        elif action in {"leave", "erase"}:
            services.leave(member_id=member.pk, at=at, with_texts=action == "erase")
    except RefusedError as error:
        return _private_page(request, queries.member_by_token(token), token, error.refusal)
    return secret(redirect("trials:private", token))


def _private_page(
    request: HttpRequest, member: PanelMember, token: str, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """Answer with the private page of a membership."""
    own = queries.membership(member, now())
    context = {
        "own": own,
        "token": token,
        "refusal": refusal,
        "asked": [
            *((one.test.title, one.begun_at, address_of("trials:answer", rules.private_token(one)))
              for one in own.respondents),
            *((one.round.prototype.title, one.begun_at, address_of("trials:feedback", rules.private_token(one)))
              for one in own.participants),
        ],
        "link": "" if member.email and not settings.MAIL_IS_KEPT else address_of("trials:private", token),
    }  # fmt: skip
    return secret(render(request, "trials/private.html", context, status=status_of(refusal)))


@require_GET
def data(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out everything that is held of a membership."""
    del request
    return data_file(queries.member_data(queries.member_by_token(token)))
