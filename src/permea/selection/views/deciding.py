"""Pages where entries are decided on and everybody is told."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.selection import queries, rules, services
from permea.selection.forms import DecisionForm, PaymentForm, TextForm
from permea.selection.models import Decision
from permea.selection.queries import DecisionsView
from permea.selection.services import DecisionInput
from permea.surface.pages import render, url
from permea.surface.requests import MemberRequest, member, page_number


@require_GET
@member("owner", "manager")
def decide(request: MemberRequest, key: str) -> HttpResponse:
    """Show every entry with what is suggested and decided."""
    return _page(request, queries.decisions_for(request.user, key, at=now(), page=page_number(request)), {})


def _page(
    request: MemberRequest, view: DecisionsView, wrong: dict[str, DecisionForm], *, status: int = 200
) -> HttpResponse:
    """Answer with the decision page."""
    context = {
        "view": view,
        "wrong": wrong,
        "outcomes": Decision.Outcome.choices,
        "reasons_of": {
            outcome: [(code, Decision.Reason(code).label) for code in codes]
            for outcome, codes in rules.REASONS_OF.items()
        },
        "at": now(),
    }
    return render(request, "selection/decide.html", context, status=status)


@require_POST
@member("owner", "manager")
def save(request: MemberRequest, key: str) -> HttpResponse:
    """Store the decisions that were filled in; those left empty stay open, wrong ones are shown again."""
    page = page_number(request)
    view = queries.decisions_for(request.user, key, at=now(), page=page)
    there = redirect(url("selection:decide", key, page=page))
    found, wrong = _filled_in(request)
    try:
        services.decide(challenge_id=view.challenge.pk, actor=request.user, decisions=found, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return there
    told = ngettext("%(n)s decision is stored.", "%(n)s decisions are stored.", len(found))
    messages.success(request, told % {"n": len(found)})
    if wrong:
        return _page(request, queries.decisions_for(request.user, key, at=now(), page=page), wrong, status=422)
    return there


def _filled_in(request: MemberRequest) -> tuple[dict[str, DecisionInput], dict[str, DecisionForm]]:
    """Return the decisions that were filled in, by entry: those to store, and the forms of those that are wrong."""
    found: dict[str, DecisionInput] = {}
    wrong: dict[str, DecisionForm] = {}
    for idea in [name.removeprefix("outcome-") for name in request.POST if name.startswith("outcome-")]:
        data = {name: request.POST.get(f"{name}-{idea}", "") for name in ("outcome", "reason", "words")}
        if not data["outcome"]:
            continue
        form = DecisionForm(data)
        refusal = rules.why_not_this_decision(data["outcome"], data["reason"], data["words"])
        if not form.is_valid() or refusal is not None:
            form.add_error(None, refusal.reason if refusal else _("Please look at this decision again."))
            wrong[idea] = form
        else:
            found[idea] = DecisionInput(**form.cleaned_data)
    return found, wrong


@require_POST
@member("owner", "manager")
def release(request: MemberRequest, key: str) -> HttpResponse:
    """Tell everybody at once."""
    view = queries.decisions_for(request.user, key, at=now())
    try:
        answers = services.release_answers(challenge_id=view.challenge.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return redirect("selection:decide", key)
    told = ngettext("%(n)s answer is on its way.", "%(n)s answers are on their way.", len(answers))
    messages.success(request, told % {"n": len(answers)})
    return redirect("selection:awards", key)


@require_POST
@member("owner", "manager")
def reply(request: MemberRequest, key: str, clarification_id: int) -> HttpResponse:
    """Reply to a contributor's question about an answer."""
    view = queries.decisions_for(request.user, key, at=now())
    if clarification_id not in {one.pk for one in view.clarifications}:
        raise Http404
    form = TextForm(request.POST)
    try:
        services.reply_clarification(
            clarification_id=clarification_id,
            actor=request.user,
            reply=form.cleaned_data["text"] if form.is_valid() else "",
            at=now(),
        )
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return redirect("selection:decide", key)


@require_GET
@member("owner", "manager")
def awards(request: MemberRequest, key: str) -> HttpResponse:
    """Show the awards: prize, rights, payment."""
    challenge, rows = queries.awards_for(request.user, key)
    context = {"challenge": challenge, "awards": rows, "credits": queries.credits_of(rows), "at": now()}
    return render(request, "selection/awards.html", context)


@require_POST
@member("owner", "manager")
def pay(request: MemberRequest, key: str, award_key: str) -> HttpResponse:
    """Record how far a prize's payment is."""
    _challenge, rows = queries.awards_for(request.user, key)
    found = [award for award in rows if award.key == award_key]
    if not found:
        raise Http404
    form = PaymentForm(request.POST)
    if form.is_valid():
        try:
            services.record_payment(award_id=found[0].pk, actor=request.user, at=now(), **form.cleaned_data)
        except RefusedError as error:
            messages.error(request, error.refusal.reason)
    else:
        messages.error(request, _("Nothing was changed: choose how far the payment is."))
    return redirect("selection:awards", key)
