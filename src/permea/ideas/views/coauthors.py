"""The people of an entry: asking others to write it, leaving it, sharing the credit."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas import queries, services
from permea.ideas.forms import InviteForm, SharesForm
from permea.ideas.models import CreditSplit, Idea
from permea.surface.pages import render
from permea.surface.ratelimit import why_too_many
from permea.surface.requests import PersonRequest, signed_in

REFUSED, INVALID = 409, 422


def _page(
    request: PersonRequest,
    idea: Idea,
    *,
    invite_form: InviteForm | None = None,
    shares_form: SharesForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show who writes an entry, who is asked to, and how the credit is shared."""
    at = now()
    page = queries.coauthors_page(request.user, idea, at)
    context = {
        "page": page,
        "idea": idea,
        "challenge": idea.challenge,
        "invite_form": invite_form or InviteForm(),
        "shares_form": shares_form or SharesForm(rows=page.credit.rows),
        "refusal": refusal,
        "at": at,
    }
    return render(request, "ideas/coauthors.html", context, status=status)


@require_GET
@signed_in
def coauthors(request: PersonRequest, key: str) -> HttpResponse:
    """Show the people of one of the person's own entries."""
    return _page(request, queries.my_idea(request.user, key))


@require_POST
@signed_in
def invite(request: PersonRequest, key: str) -> HttpResponseBase:
    """Ask an address to write the entry too."""
    idea, form = queries.my_idea(request.user, key), InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, idea, invite_form=form, status=INVALID)
    email = form.cleaned_data["email"]
    try:
        demand(why_too_many(request.user.key, what="ideas.invite", limit=20, per=timedelta(hours=1)))
        services.invite_coauthor(idea_id=idea.pk, actor=request.user, email=email, at=now())
    except RefusedError as error:
        return _page(request, idea, invite_form=form, refusal=error.refusal, status=REFUSED)
    messages.success(request, _("A link is on its way to %(email)s.") % {"email": email})
    return redirect("ideas:coauthors", key)


@require_POST
@signed_in
def take_back(request: PersonRequest, key: str, invitation_key: str) -> HttpResponseBase:
    """Take an invitation back."""
    idea = queries.my_idea(request.user, key)
    invitation = queries.my_invitation(request.user, idea, invitation_key)
    try:
        services.take_invitation_back(invitation_id=invitation.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _page(request, idea, refusal=error.refusal, status=REFUSED)
    messages.success(request, _("The invitation is taken back; its link does not work any more."))
    return redirect("ideas:coauthors", key)


@require_POST
@signed_in
def remove_coauthor(request: PersonRequest, key: str, person_key: str) -> HttpResponseBase:
    """Take a co-author out of a draft."""
    idea = queries.my_idea(request.user, key)
    person = queries.my_coauthor(request.user, idea, person_key)
    try:
        services.remove_coauthor(idea_id=idea.pk, person_id=person.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _page(request, idea, refusal=error.refusal, status=REFUSED)
    messages.success(request, _("%(name)s does not write this entry any more.") % {"name": person.display_name})
    return redirect("ideas:coauthors", key)


@require_POST
@signed_in
def leave(request: PersonRequest, key: str) -> HttpResponseBase:
    """Leave an entry that others write too."""
    idea = queries.my_idea(request.user, key)
    try:
        services.leave_entry(idea_id=idea.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _page(request, idea, refusal=error.refusal, status=REFUSED)
    messages.success(request, _("You have left this entry. The others go on with it."))
    return redirect("ideas:mine")


@require_POST
@signed_in
def propose(request: PersonRequest, key: str) -> HttpResponseBase:
    """Propose how the credit is shared."""
    idea = queries.my_idea(request.user, key)
    rows = queries.credit_of([idea.pk])[idea.pk].rows
    form = SharesForm(request.POST, rows=rows)
    if not form.is_valid():
        return _page(request, idea, shares_form=form, status=INVALID)
    try:
        split = services.propose_shares(idea_id=idea.pk, actor=request.user, per_cents=form.per_cents(), at=now())
    except RefusedError as error:
        return _page(request, idea, shares_form=form, refusal=error.refusal, status=REFUSED)
    messages.success(request, _told(split))
    return redirect("ideas:coauthors", key)


def _told(split: CreditSplit) -> str:
    """Return what is said after a proposal or an agreement."""
    if split.agreed_at is not None:
        return _("Everybody has agreed: these shares count now.")
    return _("Noted. The shares count once everybody has agreed.")


@require_POST
@signed_in
def answer_shares(request: PersonRequest, key: str, split_key: str) -> HttpResponseBase:
    """Agree to how the credit is shared, or refuse it."""
    idea = queries.my_idea(request.user, key)
    split, answer = queries.my_split(request.user, idea, split_key), request.POST.get("answer")
    agrees = answer == "agree"
    if not agrees and answer != "refuse":
        return _page(request, idea, status=INVALID)
    try:
        split = services.answer_shares(split_id=split.pk, actor=request.user, agrees=agrees, at=now())
    except RefusedError as error:
        return _page(request, idea, refusal=error.refusal, status=REFUSED)
    if agrees:
        messages.success(request, _told(split))
    else:
        messages.success(request, _("You do not agree, so the proposal is dropped. Its author is told."))
    return redirect("ideas:coauthors", key)
