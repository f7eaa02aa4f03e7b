"""Taking part in a round with a prototype: the figure before, the figure after, and what is said of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.errors import csrf_failure
from permea.surface.formats import typed
from permea.surface.pages import render
from permea.trials import queries, rules, services
from permea.trials.forms import BeforeForm, FeedbackForm
from permea.trials.models import Participant, PrototypeRound
from permea.trials.views.shared import address_of, code_of, data_file, is_foreign, new_slip, secret, seed_in, status_of


@require_http_methods(["GET", "POST"])
@csrf_exempt  # the form's slip stands in for cookies
def start(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show a round to anybody with the link, and let them take part."""
    round_, at = queries.public_round(key), now()
    if request.method != "POST":
        return _start_page(request, round_)
    if is_foreign(request):
        return csrf_failure(request)
    try:
        participant = services.begin_round(round_id=round_.pk, seed=seed_in(request, round_, at), at=at)
    except RefusedError as error:
        return _start_page(request, round_, error.refusal)
    return secret(redirect("trials:feedback", rules.private_token(participant)))


def _start_page(request: HttpRequest, round_: PrototypeRound, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with the first page of a round."""
    at = now()
    context = {
        "round": round_,
        "slip": new_slip(round_, at),
        "blocked": rules.why_not_begin(round_, at=at),
        "refusal": refusal,
    }
    return render(request, "trials/try.html", context, status=status_of(refusal))


@require_GET
def start_code(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the address of a round as a code to scan."""
    del request
    return code_of(address_of("trials:try", queries.public_round(key).key))


@require_http_methods(["GET", "POST"])
@csrf_exempt  # the link is the only right there is; no cookie adds to it
def feedback(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show somebody their place in a round, and take what they measured and say."""
    participant = queries.participant_by_token(token)
    if request.method != "POST":
        return _feedback_page(request, participant, token)
    form = _form(request, participant)
    if form is not None and not form.is_valid():
        return _feedback_page(request, participant, token, form=form)
    try:
        _do(request, participant, form)
    except RefusedError as error:
        return _feedback_page(request, queries.participant_by_token(token), token, refusal=error.refusal)
    return secret(redirect("trials:feedback", token))


def _form(request: HttpRequest, participant: Participant) -> BeforeForm | FeedbackForm | None:
    """Return the form that was sent, None for the other buttons."""
    action = request.POST.get("action")
    if action == "before":
        return BeforeForm(request.POST)
    return FeedbackForm(request.POST, member=participant.member) if action == "after" else None


def _do(request: HttpRequest, participant: Participant, form: BeforeForm | FeedbackForm | None) -> None:
    """Do what was asked for on the page. Raises RefusedError as the services say."""
    action, own, at = request.POST.get("action"), participant.pk, now()
    if isinstance(form, BeforeForm):
        services.save_before(participant_id=own, before=form.cleaned_data["before"], at=at)
    elif form is not None:
        services.give_feedback(participant_id=own, said=services.FeedbackInput(**form.cleaned_data), at=at)
    elif action == "back":
        services.take_back_feedback(participant_id=own, at=at)
    elif action in {"leave", "erase"} and participant.member_id is not None:
        services.leave(member_id=participant.member_id, at=at, with_texts=action == "erase")


def _feedback_page(
    request: HttpRequest,
    participant: Participant,
    token: str,
    *,
    form: BeforeForm | FeedbackForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Answer with the page of a place in a round."""
    context = {
        "seen": queries.participation(participant, now()),
        "token": token,
        "before": form if isinstance(form, BeforeForm) else BeforeForm(initial={"before": typed(participant.before)}),
        "after": form if isinstance(form, FeedbackForm) else FeedbackForm(member=participant.member),
        "refusal": refusal,
        "link": "" if participant.member or participant.cut_off_at else address_of("trials:feedback", token),
        "member_link": rules.private_token(participant.member) if participant.member else "",
    }
    return secret(
        render(request, "trials/feedback.html", context, status=status_of(refusal, is_invalid=form is not None))
    )  # fmt: skip


@require_GET
def data(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out everything that is held of a place."""
    del request
    return data_file(queries.participant_data(queries.participant_by_token(token)))
