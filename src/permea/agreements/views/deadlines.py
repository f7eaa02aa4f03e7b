"""Pages of what agreements ask by a day: the firm's overview, one agreement's list for both sides, and calendars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from permea.agreements import queries, services
from permea.agreements.forms import ObligationForm, SayForm
from permea.agreements.models import Obligation
from permea.agreements.views.signing import INSIDE, OUTSIDE
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.models import Membership
from permea.surface.calendars import CONTENT_TYPE, Day, calendar_of_days
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, PersonRequest, member, page_number, signed_in

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)
READING = (*MANAGING, Membership.Role.MEMBER.value)
A_PAGE = 50
LONGEST_SEARCH = 100
ACTIONS: dict[str, Callable[..., Obligation]] = {
    "done": services.say_done,
    "confirm": services.confirm_done,
    "deny": services.deny_done,
    "waive": services.waive_obligation,
}


@require_GET
@member(*READING)
def deadlines(request: MemberRequest) -> HttpResponse:
    """List what the firm's agreements ask by a day: the next 90 days and what is overdue, or as filtered."""
    at, asked = now(), request.GET
    text = asked.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    when = asked.get("when", "") if asked.get("when") in queries.WHENS else "next"
    side = asked.get("side", "") if asked.get("side") in queries.SIDES else ""
    found = queries.deadlines_of(request.organisation, when=when, side=side, text=text, at=at)
    paged = Paginator(found, A_PAGE).get_page(page_number(request))
    rows = [queries.obligation_row(one, at) for one in paged.object_list]
    context = {"rows": rows, "paged": paged, "when": when, "side": side, "text": text, "at": at}
    return render(request, "agreements/deadlines.html", context)


@require_GET
@signed_in
def my_deadlines(request: PersonRequest) -> HttpResponse:
    """List what is unsettled in the agreements somebody is a party to."""
    at = now()
    context = {"rows": queries.own_obligations(request.user, at), "at": at}
    return render(request, "agreements/my_deadlines.html", context)


@require_GET
@signed_in
def obligations(request: PersonRequest, key: str) -> HttpResponse:
    """List the obligations of one agreement to either side."""
    found, standing = queries.agreement_for(request.user, key)
    at = now()
    context = {
        "agreement": found,
        "standing": standing,
        "rows": queries.obligations_of(found, at),
        "at": at,
        "layout": INSIDE if standing.is_firm else OUTSIDE,
    }
    return render(request, "agreements/obligations.html", context)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_obligation(request: MemberRequest, key: str) -> HttpResponse:
    """Add an obligation by hand."""
    found = queries.managed_agreement(request.user, key)
    form, refusal = ObligationForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        said = services.ObligationInput(**form.content())
        try:
            services.add_obligation(agreement_id=found.pk, said=said, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Added. Who owes it got a mail."))
            return redirect("agreements:obligations", key)
    context = {"agreement": found, "form": form, "refusal": refusal}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "agreements/new_obligation.html", context, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def obligation(request: PersonRequest, key: str, obligation_key: str) -> HttpResponseBase:
    """Show an obligation to either side, and take what they say of it."""
    found, _standing = queries.obligation_for(request.user, key, obligation_key)
    form = SayForm(request.POST if request.method == "POST" else None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = {"obligation_id": found.pk, "note": form.cleaned_data["note"], "actor": request.user}
        try:
            ACTIONS[form.cleaned_data["action"]](**said, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Written down. The other side got a mail."))
            return redirect("agreements:obligation", key, obligation_key)
    at = now()
    shown = queries.obligation_page(request.user, key, obligation_key, at)
    layout = INSIDE if shown.standing.is_firm else OUTSIDE
    context = {"shown": shown, "form": form, "refusal": refusal, "at": at, "layout": layout}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "agreements/obligation.html", context, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def calendar_link(request: PersonRequest) -> HttpResponse:
    """Make the private address that a calendar fetches, shown this once, or stop it."""
    address = ""
    if request.method == "POST" and request.POST.get("action") == "stop":
        services.drop_calendar_link(person_id=request.user.pk)
        messages.success(request, _("Your calendar gets nothing any more."))
        return redirect("agreements:calendar_link")
    if request.method == "POST":
        token = services.make_calendar_link(person=request.user, at=now())
        address = f"{settings.BASE_URL}{reverse('agreements:calendar_feed', args=[token])}"
    context = {"address": address, "link": queries.calendar_link_of(request.user)}
    response = render(request, "agreements/calendar_link.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the days of somebody's agreements to their calendar, as far as they see them now."""
    del request
    person, found = queries.calendar_of(token)
    with translation.override(person.language):
        days = [_day(one, person.language) for one in found]
        content = calendar_of_days(days, name=_("Deadlines of agreements"))
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _day(found: Obligation, language: str) -> Day:
    """Return an obligation as a day of a calendar."""
    agreement = found.agreement
    row = queries.obligation_row(found, now())
    told = {"what": row.label, "title": agreement.title}
    page = reverse("agreements:obligation", args=[agreement.key, found.key])
    said = [agreement.organisation.name, *row.partners, row.clause]
    return Day(
        uid=f"obligation-{found.key}@permea",
        sequence=found.n_steps,  # type: ignore[attr-defined]  # counted by the query
        revised_at=found.created_at,
        on=found.due_on,  # type: ignore[arg-type]  # the query leaves out those without a day
        summary=_("%(what)s: %(title)s") % told,
        description="\n".join(text for text in (*said, f"{settings.BASE_URL}{page}") if text),
        address=f"{settings.BASE_URL}{page}",
        language=language,
    )
