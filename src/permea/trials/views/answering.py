"""Answering a concept test on a phone: begun by the link or by mail, one step a page, taken back until closing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.errors import csrf_failure
from permea.surface.pages import render
from permea.trials import queries, rules, services
from permea.trials.models import ConceptTest, Respondent
from permea.trials.views.shared import (
    address_of,
    code_of,
    data_file,
    is_foreign,
    is_number,
    new_slip,
    picture_of,
    secret,
    seed_in,
    status_of,
)

OTHER_STEP = "trials.other_step"


@require_http_methods(["GET", "POST"])
@csrf_exempt  # the form's slip stands in for cookies
def start(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show a test to anybody with the link, and let them begin."""
    test, at = queries.public_test(key), now()
    if request.method != "POST":
        return _start_page(request, test)
    if is_foreign(request):
        return csrf_failure(request)
    try:
        respondent = services.begin(test_id=test.pk, seed=seed_in(request, test, at), at=at)
    except RefusedError as error:
        return _start_page(request, test, error.refusal)
    return secret(redirect("trials:answer", rules.private_token(respondent)))


def _start_page(request: HttpRequest, test: ConceptTest, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with the first page of a test."""
    at = now()
    context = {
        "test": test,
        "slip": new_slip(test, at),
        "blocked": rules.why_not_begin(test, at=at),
        "verdict": queries.public_verdict(test, at),
        "refusal": refusal,
    }
    return render(request, "trials/start.html", context, status=status_of(refusal))


@require_GET
def start_code(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the address of a test as a code to scan."""
    del request
    return code_of(address_of("trials:start", queries.public_test(key).key))


@require_http_methods(["GET", "POST"])
@csrf_exempt  # the link is the only right there is; no cookie adds to it
def answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show somebody their next step, and take its answer."""
    respondent = queries.respondent_by_token(token)
    if request.method != "POST":
        return _answer_page(request, respondent, token)
    try:
        _do(request, respondent)
    except RefusedError as error:
        if error.refusal.code != OTHER_STEP:
            return _answer_page(request, queries.respondent_by_token(token), token, error.refusal)
    return secret(redirect("trials:answer", token))


def _do(request: HttpRequest, respondent: Respondent) -> None:
    """Do what was asked for on the page. Raises RefusedError as the services say."""
    action, own, at = request.POST.get("action"), respondent.pk, now()
    if action == "begin":
        services.begin_place(respondent_id=own, at=at)
    elif action == "stop":
        services.stop_here(respondent_id=own, at=at)
    elif action == "back":
        services.take_back(respondent_id=own, at=at)
    elif action in {"leave", "erase"} and respondent.member_id is not None:
        services.leave(member_id=respondent.member_id, at=at, with_texts=action == "erase")
    else:
        services.answer_step(respondent_id=own, said=_said(request), at=at)


def _said(request: HttpRequest) -> services.StepInput:
    """Return what a form answers; what is no number is no answer."""
    numbers = {name: int(value) for name, value in request.POST.items() if isinstance(value, str) and is_number(value)}
    return services.StepInput(
        step=numbers.get("step", -1),
        choice=request.POST.get("choice", ""),
        is_wanted={"yes": True, "no": False}.get(request.POST.get("wanted", "")),
        fit=numbers.get("fit"),
        points={int(name[1:]): value for name, value in numbers.items() if name[0] == "q" and is_number(name[1:])},
    )


def _answer_page(
    request: HttpRequest, respondent: Respondent, token: str, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """Answer with the page of a place in a test."""
    context = {
        "seen": queries.answering(respondent, now()),
        "token": token,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
        "member_link": rules.private_token(respondent.member) if respondent.member else "",
    }
    return secret(render(request, "trials/answer.html", context, status=status_of(refusal)))


@require_GET
def picture(request: HttpRequest, token: str, variant_key: str) -> HttpResponseBase:
    """Send the picture of a variant that is shown now to whoever has this link."""
    del request
    return picture_of(queries.own_variant(queries.respondent_by_token(token), variant_key, now()))


@require_GET
def data(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out everything that is held of a place."""
    del request
    return data_file(queries.place_data(queries.respondent_by_token(token)))
