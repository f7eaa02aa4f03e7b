"""The team: who belongs to the organisation, in which role, and who is invited."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.people import queries, services
from permea.people.forms import InviteForm, RoleForm
from permea.people.models import Invitation, Membership
from permea.surface.pages import render
from permea.surface.ratelimit import why_too_many
from permea.surface.requests import MemberRequest, answer_or_404, member

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)


@member()
def team(request: MemberRequest) -> HttpResponse:
    """Show the team."""
    return _page(request, InviteForm(roles=queries.roles_to_invite_to(request.role)))


def _page(request: MemberRequest, form: InviteForm, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with the team page as it stands now."""
    page = queries.team_page(request.user, request.organisation, at=now())
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "people/team.html", {"page": page, "form": form, "refusal": refusal}, status=status)


def _done(text: str, request: MemberRequest) -> HttpResponse:
    """Go back to the team page and say what was done."""
    messages.success(request, text)
    return HttpResponseRedirect(reverse("people:team"))


@require_POST
@member(*MANAGING)
def invite(request: MemberRequest) -> HttpResponse:
    """Invite an address."""
    form = InviteForm(request.POST, roles=queries.roles_to_invite_to(request.role))
    if not form.is_valid():
        return _page(request, form)
    email = form.cleaned_data["email"]
    try:
        demand(why_too_many(request.user.key, what="invite", limit=60, per=timedelta(hours=1)))
        services.invite(
            organisation=request.organisation,
            email=email,
            role=form.cleaned_data["role"],
            actor=request.user,
            at=now(),
        )
    except RefusedError as error:
        return _page(request, form, error.refusal)
    return _done(_("An invitation is on its way to %(email)s.") % {"email": email}, request)


def _invitation(request: MemberRequest, key: str) -> Invitation:
    """Return an open invitation of this organisation, or answer 404."""
    found: Invitation = answer_or_404(queries.open_invitations_of(request.organisation).filter(key=key).first())
    return found


@require_POST
@member(*MANAGING)
def resend(request: MemberRequest, key: str) -> HttpResponse:
    """Send an invitation again."""
    found = _invitation(request, key)
    try:
        demand(why_too_many(request.user.key, what="invite", limit=60, per=timedelta(hours=1)))
        services.resend_invitation(invitation_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _page(request, InviteForm(roles=queries.roles_to_invite_to(request.role)), error.refusal)
    return _done(_("A new link is on its way to %(email)s; the old one has ended.") % {"email": found.email}, request)


@require_POST
@member(*MANAGING)
def withdraw(request: MemberRequest, key: str) -> HttpResponse:
    """Take an invitation back."""
    found = _invitation(request, key)
    try:
        services.withdraw_invitation(invitation_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _page(request, InviteForm(roles=queries.roles_to_invite_to(request.role)), error.refusal)
    return _done(_("The invitation to %(email)s is withdrawn.") % {"email": found.email}, request)


@require_POST
@member()
def change_role(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    seat: Membership = answer_or_404(queries.membership_for(request.user, request.organisation, membership_id))
    form = RoleForm(request.POST)
    blank = InviteForm(roles=queries.roles_to_invite_to(request.role))
    if not form.is_valid():
        return _page(request, blank)
    try:
        services.change_role(membership_id=seat.pk, role=form.cleaned_data["role"], actor=request.user, at=now())
    except RefusedError as error:
        return _page(request, blank, error.refusal)
    return _done(_("%(name)s has another role now.") % {"name": seat.person.display_name}, request)


@require_POST
@member()
def end(request: MemberRequest, membership_id: int) -> HttpResponse:
    """End a membership: an owner anybody's, everybody their own."""
    seat: Membership = answer_or_404(queries.membership_for(request.user, request.organisation, membership_id))
    try:
        services.end_membership(membership_id=seat.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _page(request, InviteForm(roles=queries.roles_to_invite_to(request.role)), error.refusal)
    if seat.person_id == request.user.pk:
        messages.success(request, _("You have left %(name)s.") % {"name": request.organisation.name})
        return HttpResponseRedirect(reverse("people:me"))
    return _done(_("%(name)s no longer belongs to the team.") % {"name": seat.person.display_name}, request)
