"""Reading what a challenge keeps back: agreeing to it outside, seeing and ending it inside."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.challenges import queries, services
from permea.challenges.views.inside import ROLES
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, PersonRequest, member, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def confidential(request: PersonRequest, key: str) -> HttpResponse:
    """Show what one agrees to before reading on, and take the click."""
    at = now()
    page = queries.confidential_page(key, at)
    if queries.challenge_for_reader(key, request.user, at).standing != "public":
        return redirect("challenges:public", key)
    if request.method == "POST" and request.POST.get("agree") == "on":
        try:
            services.agree_to_confidentiality(challenge_key=key, person=request.user, at=at)
        except RefusedError as error:
            return render(request, "challenges/confidential.html", {"page": page, "refusal": error.refusal}, status=409)
        messages.success(request, _("You can read everything now. Keep it to yourself."))
        return redirect("challenges:public", key)
    context = {"page": page, "refusal": page.blocked, "is_missing": request.method == "POST"}
    return render(request, "challenges/confidential.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@member(*ROLES)
def readers(request: MemberRequest, key: str) -> HttpResponse:
    """Show who agreed to confidentiality, and when they last read."""
    challenge = queries.managed_challenge(request.user, key)
    rows = queries.confidential_readers(request.user, challenge, now())
    return render(request, "challenges/readers.html", {"challenge": challenge, "rows": rows})


@require_POST
@member(*ROLES)
def end_access(request: MemberRequest, key: str, agreement_key: str) -> HttpResponse:
    """Close the confidential texts to one reader."""
    challenge = queries.managed_challenge(request.user, key)
    services.end_confidential_access(
        challenge_id=challenge.pk, agreement_key=agreement_key, actor=request.user, at=now()
    )
    messages.success(request, _("The confidential texts are closed to them from now on."))
    return redirect("challenges:readers", key)
