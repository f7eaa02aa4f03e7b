"""Asking about a challenge: sign in with a mailed code, write, see what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.challenges.models import Challenge
from permea.dialogue import queries, rules, services
from permea.dialogue.forms import QuestionForm, WordsForm, began_token, read_began
from permea.dialogue.models import Question
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.people.models import Person
from permea.people.queries import role_in
from permea.surface.formats import language_name
from permea.surface.languages import language_of, offered_and
from permea.surface.pages import render
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.requests import PersonRequest, first_page, seat_of, signed_in

REFUSED, INVALID = 409, 422
HOUR = timedelta(hours=1)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponseBase:
    """Let somebody ask about a public challenge: sign in first, then write."""
    challenge = queries.public_challenge_row(key)
    first = first_page(request)
    if first is not None:
        return first
    person = cast("Person", request.user)
    form = QuestionForm(request.POST or None, languages=_languages(challenge))
    if request.method != "POST":
        return _page(request, challenge, person, form)
    if not form.is_valid():
        return _page(request, challenge, person, form, status=INVALID)
    try:
        question = _ask(request, challenge, person, form)
    except RefusedError as error:
        return _page(request, challenge, person, form, refusal=error.refusal, status=REFUSED)
    messages.success(request, _told(question))
    return redirect("dialogue:mine")


def _ask(request: HttpRequest, challenge: Challenge, person: Person, form: QuestionForm) -> Question:
    """Hand the question in. Raises RefusedError if the form looks filled in by a program, or as the service does."""
    at = now()
    demand(why_too_many(client_of(request), what="dialogue.ask", limit=30, per=HOUR))
    began_at = read_began(form.cleaned_data["began"], person.key)
    demand(rules.why_not_form(is_trap_filled=form.is_trap_filled, began_at=began_at, at=at))
    return services.ask_question(
        challenge_id=challenge.pk,
        actor=person,
        text=form.cleaned_data["text"],
        language=form.cleaned_data["language"] or _language_of(form.cleaned_data["text"], challenge, person),
        at=at,
    )


def _told(question: Question) -> str:
    """Return what an asker reads once the question has come in."""
    if question.status == Question.Status.HELD:
        return _("Thank you. Your question is kept and will be looked at before it goes on.")
    return _("Thank you. The answer is published for everybody, and you get it by mail. Who asked is shown to nobody.")


def _languages(challenge: Challenge) -> list[tuple[str, str]]:
    """Return the languages the challenge takes entries in, to choose from."""
    return [(code, language_name(code)) for code in challenge.entry_languages or [challenge.language]]


def _language_of(text: str, challenge: Challenge, person: Person) -> str:
    """Return which language of the challenge a question is in; where it does not show, the asker's or the first."""
    codes = [code for code, _name in _languages(challenge)]
    seen = language_of(text, offered_and(*codes))
    return next(code for code in (seen, person.language, codes[0]) if code in codes)


def _page(
    request: HttpRequest,
    challenge: Challenge,
    person: Person,
    form: QuestionForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form with a fresh note of the time, unless the one it carries will still do."""
    at = now()
    sent = form.data.get("began", "")
    is_fresh = rules.is_form_fresh(read_began(sent, person.key), at=at) if sent else False
    is_inside = role_in(person, challenge.organisation_id) is not None
    n_open = queries.open_questions_of(person, challenge).count()
    context = {
        "challenge": challenge,
        "form": form,
        "began": sent if is_fresh else began_token(person.key, at),
        "blocked": rules.why_not_ask(challenge, is_inside=is_inside, n_open=n_open, at=at),
        "refusal": refusal,
        "at": at,
    }
    return render(request, "dialogue/ask.html", context, status=status)


@require_GET
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    """List the signed-in person's own questions and what became of each."""
    layout = "layouts/inside.html" if seat_of(request) else "layouts/public.html"
    context = {"own": queries.own_questions(request.user), "at": now(), "layout": layout}
    return render(request, "dialogue/mine.html", context)


@require_POST
@signed_in
def withdraw(request: PersonRequest, key: str) -> HttpResponse:
    """Take an own question back."""
    question = queries.my_question(request.user, key)
    done = _("Your question is taken back, and its text is gone.")
    return _do(
        request,
        lambda: services.withdraw_question(question_id=question.pk, actor=request.user, at=now()),
        done,
    )


@require_POST
@signed_in
def appeal(request: PersonRequest, key: str) -> HttpResponse:
    """Object to the hiding of an own question."""
    question = queries.my_question(request.user, key)
    form = WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    return _do(
        request,
        lambda: services.appeal(text=question, actor=request.user, words=words, at=now()),
        _("Your objection is noted. You will hear how it is decided, and why."),
    )


def _do(request: HttpRequest, action: Callable[[], object], done: str) -> HttpResponse:
    """Act, say how it went, and go back to the list."""
    try:
        action()
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        messages.success(request, done)
    return redirect("dialogue:mine")
