"""Pages of terms: each version for the world, the list and the editor for who manages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.agreements import queries, services
from permea.agreements.forms import TermsForm
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.people.models import Membership
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)


@require_GET
def terms(request: HttpRequest, key: str) -> HttpResponse:
    """Show one version of a text to anybody."""
    return render(request, "agreements/terms.html", {"page": queries.terms_page(key)})


@require_GET
@member(*MANAGING)
def terms_list(request: MemberRequest) -> HttpResponse:
    """Show which texts are in force and which were before."""
    lines = queries.terms_lines(request.user, request.organisation)
    return render(request, "agreements/list.html", {"lines": lines})


@require_POST
@member(*MANAGING)
def standard(request: MemberRequest) -> HttpResponse:
    """Put the product's own texts in force where there are none."""
    added = services.ensure_standard_terms(organisation=request.organisation, at=now())
    messages.success(request, _("%(number)d texts are in force now.") % {"number": len(added)})
    return redirect("agreements:list")


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def revise(request: MemberRequest, key: str) -> HttpResponse:
    """Write the next version of a text and put it in force; the old ones stay readable."""
    base = queries.managed_terms(request.user, request.organisation, key)
    form = TermsForm(request.POST or None, initial={"title": base.title, "body": base.body})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            published = services.publish_terms(
                organisation=request.organisation,
                kind=base.kind,
                language=base.language,
                actor=request.user,
                at=now(),
                **form.cleaned_data,
            )
        except RefusedError as error:
            refusal = error.refusal
        else:
            text = _("Version %(version)d is in force from now on. Published challenges keep the version they named.")
            messages.success(request, text % {"version": published.version})
            return redirect("agreements:list")
    context = {"base": base, "next_version": base.version + 1, "form": form, "refusal": refusal}
    return render(request, "agreements/revise.html", context, status=409 if refusal else 422 if form.errors else 200)
