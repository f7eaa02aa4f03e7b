"""Pages of the chain of title: what was chosen, one of it with its checklist, the same for a lawyer as a file."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.selection import queries, services
from permea.selection.models import TitleEvidence
from permea.selection.queries import TitlePage
from permea.surface.downloads import made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number


class EvidenceForm(forms.Form):
    """Something the firm has in hand."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=gettext_lazy("What you have"), choices=TitleEvidence.Kind.choices)
    person_key = forms.ChoiceField(label=gettext_lazy("About whom"), required=False)
    words = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What it says, of which day it is, and where it is kept."),
    )
    document_sha256 = forms.CharField(
        label=gettext_lazy("Fingerprint of the paper (SHA-256)"), required=False, max_length=64
    )

    def __init__(self, *args: Any, page: TitlePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(person.key, person.name) for person in page.line.people]
        self.fields["person_key"].choices = [("", _("The idea as a whole")), *people]  # type: ignore[attr-defined]


@require_GET
@member("owner", "manager")
def titles(request: MemberRequest) -> HttpResponse:
    """List what the firm chose, and how complete the title to each is."""
    found = queries.titles_page(request.organisation, page=page_number(request), at=now())
    return render(request, "selection/titles.html", {"found": found})


@require_http_methods(["GET", "POST"])
@member("owner", "manager")
def idea_title(request: MemberRequest, key: str) -> HttpResponse:
    """Show the checklist of one chosen idea, and record what the firm has in hand."""
    page, refusal = queries.title_page(request.organisation, key, at=now()), None
    form = EvidenceForm(request.POST if request.method == "POST" else None, page=page)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_title_evidence(idea_id=page.line.idea.pk, actor=request.user, at=now(), **form.cleaned_data)
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Recorded."))
            return redirect("selection:title", key)
    context = {"page": page, "form": form, "refusal": refusal}
    return render(request, "selection/title.html", context, status=409 if refusal else 422 if form.errors else 200)


@require_POST
@member("owner", "manager")
def export(request: MemberRequest, key: str) -> HttpResponse:
    """Hand the chain of title of one idea out as a file for a lawyer; the ledger says so."""
    at = now()
    page = queries.title_page(request.organisation, key, at=at)
    content = services.export_title(
        idea=page.line.idea,
        document=json.dumps(queries.title_document(page), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2),
        n_checks=len(page.line.checks),
        actor=request.user,
        at=at,
    )
    return made_file(content, f"title-{key}.json", "application/json; charset=utf-8")


@require_POST
@member("owner", "manager")
def strike(request: MemberRequest, key: str, evidence_key: str) -> HttpResponse:
    """Strike what was recorded by mistake."""
    evidence = queries.title_evidence_for(request.organisation, key, evidence_key)
    try:
        services.strike_title_evidence(evidence_id=evidence.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return redirect("selection:title", key)
