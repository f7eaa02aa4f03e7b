"""Concept tests for those who manage: listed, written, opened, closed, read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.ideas.rules import why_not_photo
from permea.ideas.services import Photo
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number
from permea.trials import queries, rules, services
from permea.trials.forms import N_QUESTIONS, ConceptForm, VariantForm
from permea.trials.models import ConceptTest, Variant
from permea.trials.views.shared import MANAGING, address_of, picture_of, status_of

FIELDS = ("title", "intro", "language", "kind", "n_pairs", "takes_anyone")
USUAL_DAYS = 14


@require_GET
@member(*MANAGING)
def tests(request: MemberRequest) -> HttpResponse:
    """List the organisation's concept tests."""
    paged = queries.concepts_of(request.organisation, now(), page=page_number(request))
    return render(request, "trials/list.html", {"paged": paged})


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_test(request: MemberRequest) -> HttpResponse:
    """Begin a concept test."""
    begin = {
        "language": request.organisation.language,
        "kind": ConceptTest.Kind.PAIRS,
        "n_pairs": 10,
        "panel": request.GET.get("panel", ""),
        "closes_on": timezone.localdate(now() + timedelta(days=USUAL_DAYS)),
    }
    form = _form(request, begin)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form, None)
    try:
        made = services.draft_test(
            organisation=request.organisation, content=_content(form), actor=request.user, at=now()
        )
    except RefusedError as error:
        return _edit_page(request, form, None, error.refusal)
    return redirect("trials:test", made.key)


def _form(request: MemberRequest, begin: dict[str, Any]) -> ConceptForm:
    """Return the form of a test; questions that are not written yet offer usual words for their points."""
    usual = "\n".join((_("Not at all"), _("A little"), _("Half-way"), _("Largely"), _("Completely")))
    for number in range(1, N_QUESTIONS + 1):
        begin.setdefault(f"anchors_{number}", usual)
    panels = queries.own_panels(request.organisation)
    return ConceptForm(request.POST if request.method == "POST" else None, initial=begin, panels=panels)


def _content(form: ConceptForm) -> services.ConceptInput:
    """Return what a whole form says of a test. Raises RefusedError if a question lacks words."""
    is_scales = form.cleaned_data["kind"] == ConceptTest.Kind.SCALES
    questions = rules.questions_from(form.question_rows if is_scales else [])
    if isinstance(questions, Refusal):
        raise RefusedError(questions)
    said = {name: form.cleaned_data[name] for name in FIELDS}
    return services.ConceptInput(**said, panel=form.chosen_panel, closes_at=form.closes_at, questions=questions)


def _edit_page(
    request: MemberRequest, form: ConceptForm, found: ConceptTest | None, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """Answer with the form of a test."""
    context = {"form": form, "test": found, "refusal": refusal}
    return render(request, "trials/test_edit.html", context, status=status_of(refusal, is_invalid=bool(form.errors)))


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_test(request: MemberRequest, key: str) -> HttpResponse:
    """Change a draft."""
    found = queries.managed_test(request.user, key)
    begin = {name: getattr(found, name) for name in FIELDS}
    begin |= {"panel": found.panel.key if found.panel else "", "closes_on": timezone.localdate(found.closes_at)}
    for number, question in enumerate(found.questions.order_by("position"), start=1):
        begin |= {f"question_{number}": question.text, f"anchors_{number}": "\n".join(question.anchors)}
    form = _form(request, begin)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form, found, rules.why_not_change(found))
    try:
        services.change_test(test_id=found.pk, content=_content(form), actor=request.user)
    except RefusedError as error:
        return _edit_page(request, form, found, error.refusal)
    messages.success(request, _("Saved."))
    return redirect("trials:test", key)


@require_GET
@member(*MANAGING)
def test(request: MemberRequest, key: str) -> HttpResponse:
    """Show a test: its variants, how many answered, and the results once it is closed."""
    return _test_page(request, key, VariantForm())


def _test_page(
    request: MemberRequest, key: str, form: VariantForm, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """Answer with the page of a test."""
    context = {
        "shown": queries.concept_page(request.user, key, now()),
        "form": form,
        "refusal": refusal,
        "address": address_of("trials:start", key),
        "at": now(),
    }
    return render(request, "trials/test.html", context, status=status_of(refusal, is_invalid=bool(form.errors)))


@require_POST
@member(*MANAGING)
def add_variant(request: MemberRequest, key: str) -> HttpResponse:
    """Add a variant to a draft."""
    found, form = queries.managed_test(request.user, key), VariantForm(request.POST, request.FILES)
    if not form.is_valid():
        return _test_page(request, key, form)
    try:
        services.add_variant(test_id=found.pk, content=_variant_content(form), actor=request.user)
    except RefusedError as error:
        return _test_page(request, key, form, error.refusal)
    return redirect("trials:test", key)


def _variant_content(form: VariantForm) -> services.VariantInput:
    """Return what a whole form says of a variant. Raises RefusedError if its picture is not taken."""
    said, picture = dict(form.cleaned_data), None
    sent = said.pop("picture")
    if sent:
        refusal = why_not_photo(sent.name, sent.size)
        if refusal is not None:
            raise RefusedError(refusal)
        picture = Photo(name=sent.name, content=sent.read())
    return services.VariantInput(**said, picture=picture)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def variant(request: MemberRequest, key: str) -> HttpResponse:
    """Change a variant of a draft."""
    found = queries.managed_variant(request.user, key)
    begin = {"title": found.title, "text": found.text}
    is_sent = request.method == "POST"
    form = VariantForm(request.POST if is_sent else None, request.FILES if is_sent else None, initial=begin)
    if not is_sent or not form.is_valid():
        return _variant_page(request, form, found, rules.why_not_change(found.test))
    try:
        services.change_variant(variant_id=found.pk, content=_variant_content(form), actor=request.user)
    except RefusedError as error:
        return _variant_page(request, form, found, error.refusal)
    return redirect("trials:test", found.test.key)


def _variant_page(
    request: MemberRequest, form: VariantForm, found: Variant, refusal: Refusal | None
) -> HttpResponse:  # fmt: skip
    """Answer with the form of a variant."""
    context = {"form": form, "variant": found, "test": found.test, "refusal": refusal}
    return render(request, "trials/variant.html", context, status=status_of(refusal, is_invalid=bool(form.errors)))


@require_POST
@member(*MANAGING)
def remove_variant(request: MemberRequest, key: str) -> HttpResponse:
    """Take a variant out of a draft."""
    found = queries.managed_variant(request.user, key)
    try:
        services.remove_variant(variant_id=found.pk, actor=request.user)
    except RefusedError as error:
        return _test_page(request, found.test.key, VariantForm(), error.refusal)
    return redirect("trials:test", found.test.key)


@require_GET
@member(*MANAGING)
def picture(request: MemberRequest, key: str) -> HttpResponseBase:
    """Send the picture of a variant to who wrote it."""
    return picture_of(queries.managed_variant(request.user, key))


@require_POST
@member(*MANAGING)
def open_test(request: MemberRequest, key: str) -> HttpResponse:
    """Ask: the test opens and stays as it is."""
    found = queries.managed_test(request.user, key)
    try:
        services.open_test(test_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _test_page(request, key, VariantForm(), error.refusal)
    messages.success(request, _("It is open. Answers come in until it closes; then you see the results."))
    return redirect("trials:test", key)


@require_POST
@member(*MANAGING)
def close_test(request: MemberRequest, key: str) -> HttpResponse:
    """Close a test before its time."""
    found = queries.managed_test(request.user, key)
    try:
        services.close_test(test_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _test_page(request, key, VariantForm(), error.refusal)
    return redirect("trials:test", key)


@require_POST
@member(*MANAGING)
def publish(request: MemberRequest, key: str) -> HttpResponse:
    """Let everybody with the link read the result in a line, or not any more."""
    found, is_public = queries.managed_test(request.user, key), request.POST.get("action") == "show"
    try:
        services.set_result_public(test_id=found.pk, is_public=is_public, actor=request.user, at=now())
    except RefusedError as error:
        return _test_page(request, key, VariantForm(), error.refusal)
    return redirect("trials:test", key)


@require_POST
@member(*MANAGING)
def discard(request: MemberRequest, key: str) -> HttpResponse:
    """Delete a draft."""
    found = queries.managed_test(request.user, key)
    try:
        services.discard_test(test_id=found.pk, actor=request.user)
    except RefusedError as error:
        return _test_page(request, key, VariantForm(), error.refusal)
    messages.success(request, _("The draft is deleted."))
    return redirect("trials:list")


@require_GET
@member(*MANAGING)
def poster(request: MemberRequest, key: str) -> HttpResponse:
    """Show the poster of a test for print."""
    found = queries.managed_test(request.user, key)
    blocked = None if found.takes_anyone and not found.is_draft else _("Anybody can answer once it is open to all.")
    context = {
        "organisation": found.organisation,
        "title": found.title,
        "text": found.intro,
        "lang": found.language,
        "address": address_of("trials:start", key),
        "code": "trials:start_code",
        "key": key,
        "back": ("trials:test", found.title),
        "blocked": blocked,
    }
    return render(request, "trials/poster.html", context)
