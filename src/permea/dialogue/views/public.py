"""What anybody may read, follow and report: questions with their answers."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.dialogue import queries, services
from permea.dialogue.forms import ReasonForm
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.people.models import Person
from permea.surface.pages import render
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.requests import PersonRequest, page_number, signed_in

REFUSED, INVALID = 409, 422


@require_GET
def questions(request: HttpRequest, key: str) -> HttpResponse:
    """Show anybody what was asked about a challenge and answered."""
    view = queries.questions_page(key, now(), page=page_number(request))
    is_known = request.user.is_authenticated
    follows = is_known and queries.is_following(cast("Person", request.user), view.challenge)
    return render(request, "dialogue/questions.html", {"view": view, "is_known": is_known, "follows": follows})


@require_POST
@signed_in
def follow(request: PersonRequest, key: str) -> HttpResponse:
    """Begin or stop mailing the signed-in person the answers about a challenge."""
    challenge = queries.public_challenge_row(key)
    is_wanted = request.POST.get("follow") == "yes"
    services.follow(challenge_id=challenge.pk, actor=request.user, is_wanted=is_wanted, at=now())
    done = _("You get the answers by mail from now on.") if is_wanted else _("You get no more answers by mail.")
    messages.success(request, done)
    return redirect("dialogue:questions", key)


@require_http_methods(["GET", "POST"])
@signed_in
def report(request: PersonRequest, key: str) -> HttpResponseBase:
    """Let a reader report a published question or its answer."""
    question = queries.answered_question(key)
    form = ReasonForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            demand(why_too_many(client_of(request), what="dialogue.report", limit=10, per=timedelta(hours=1)))
            services.report_text(text=question, actor=request.user, at=now(), **form.cleaned_data)
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Thank you. Somebody will look at it."))
            return redirect("dialogue:questions", question.challenge.key)
    context = {"question": question, "form": form, "refusal": refusal}
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "dialogue/report.html", context, status=status)
