"""My own pages: profile, ways of signing in, access tokens, my data, erasing me."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people import queries, rules, services
from permea.people.forms import EraseForm, ProfileForm, TokenForm
from permea.people.models import AccessToken
from permea.surface.downloads import made_file
from permea.surface.middleware import LANGUAGE_KEY
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, answer_or_404, signed_in


@signed_in
def me(request: PersonRequest) -> HttpResponse:
    """Show and store what the person says about themselves."""
    form = ProfileForm.of(request.user, request.POST or None)
    if form.is_valid():
        services.update_profile(person=request.user, **form.cleaned_data)
        request.session[LANGUAGE_KEY] = request.user.language
        messages.success(request, _("Your profile is stored."))
        return HttpResponseRedirect(reverse("people:me"))
    context = {"form": form, "factors": queries.second_factors_of(request.user)}
    return render(request, "people/me.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def sign_out_elsewhere(request: PersonRequest) -> HttpResponse:
    """End all other sessions of the person."""
    ended = services.sign_out_elsewhere(person=request.user, session_key=request.session.session_key)
    text = ngettext("%(count)d other session was ended.", "%(count)d other sessions were ended.", ended)
    messages.success(request, text % {"count": ended})
    return HttpResponseRedirect(reverse("people:me"))


@require_GET
@never_cache
@signed_in
def my_data(request: PersonRequest) -> HttpResponse:
    """Hand out everything the instance holds about the person, as JSON."""
    text = json.dumps(queries.personal_data_of(request.user), ensure_ascii=False, indent=2)
    return made_file(text, "my-data.json", "application/json; charset=utf-8")


@never_cache
@signed_in
def tokens(request: PersonRequest) -> HttpResponse:
    """Show the person's access tokens and make one; its secret is shown this once."""
    form, secret, refusal = TokenForm(request.POST or None), "", None
    if form.is_valid():
        try:
            _token, secret = services.issue_token(person=request.user, label=form.cleaned_data["label"], at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            form = TokenForm()
    context = {"form": form, "secret": secret, "refusal": refusal, "tokens": queries.tokens_of(request.user)}
    return render(request, "people/tokens.html", context, status=409 if refusal else 422 if form.errors else 200)


@require_POST
@signed_in
def revoke_token(request: PersonRequest, key: str) -> HttpResponse:
    """Stop one of the person's tokens from working."""
    token: AccessToken = answer_or_404(queries.tokens_of(request.user).filter(key=key).first())
    services.revoke_token(token_id=token.pk, actor=request.user, at=now())
    messages.success(request, _("The access token “%(label)s” no longer works.") % {"label": token.label})
    return HttpResponseRedirect(reverse("people:tokens"))


@never_cache
@signed_in
def erase(request: PersonRequest) -> HttpResponse:
    """Say exactly what goes and what stays, and erase the person if they are sure."""
    form = EraseForm(request.POST or None)
    refusal: Refusal | None = None
    if form.is_valid():
        try:
            with_texts = form.cleaned_data["texts"]
            services.erase_person(person=request.user, actor=request.user, at=now(), with_texts=with_texts)
        except RefusedError as error:
            refusal = error.refusal
        else:
            logout(request)
            return render(request, "people/erased.html")
    alone = queries.owned_alone(request.user)
    refusal = refusal or rules.why_not_erase(request.user, request.user, owned_alone=alone)
    lines = queries.erasure_lines_of(request.user)
    context = {"form": form, "refusal": refusal, "goes": lines.goes, "stays": lines.stays}
    return render(request, "people/erase.html", context, status=409 if refusal and request.POST else 200)
