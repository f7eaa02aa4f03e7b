"""Typed requests, and the two gates in front of pages that are not public."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from permea.people import queries as people
from permea.people import rules
from permea.people.models import Organisation, Person

CHOSEN = "organisation"
WITHOUT_CONSENT = ("people:welcome", "people:my_data", "people:erase")
LAST_PAGE = 100_000
P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request of somebody signed in."""

    user: Person


class MemberRequest(PersonRequest):
    """A request of a member of the organisation whose pages are shown."""

    organisation: Organisation
    role: str


def first_page(request: HttpRequest) -> HttpResponseBase | None:
    """Return the page somebody has to pass first: signing in, or agreeing to the privacy notice; None if they have.

    Who does not agree can still download and erase what is known about them.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if rules.UNWELCOMED not in request.session or request.path in map(reverse, WITHOUT_CONSENT):
        return None
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "", reverse("people:welcome"))


def signed_in(
    view: Callable[Concatenate[PersonRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Send visitors who are not signed in to the sign-in page and back again."""

    def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        first = first_page(request)
        if first is not None:
            return first
        return view(cast("PersonRequest", request), *args, **kwargs)

    update_wrapper(gate, view)
    return gate


def member(
    *roles: str,
) -> Callable[
    [Callable[Concatenate[MemberRequest, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]
]:
    """Let members of a host organisation with one of the roles in (any if none is named); 404 for everybody else."""

    def decorate(
        view: Callable[Concatenate[MemberRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            first = first_page(request)
            if first is not None:
                return first
            seat = seat_of(request)
            if seat is None or (roles and seat[1] not in roles):
                raise Http404
            seated = cast("MemberRequest", request)
            seated.organisation, seated.role = seat
            return view(seated, *args, **kwargs)

        update_wrapper(gate, view)
        return gate

    return decorate


def seat_of(request: HttpRequest) -> tuple[Organisation, str] | None:
    """Return the organisation whose pages this person sees now and their role in it, or None for an outsider."""
    if not request.user.is_authenticated:
        return None
    seats = people.seats_of(request.user)
    chosen = request.session.get(CHOSEN)
    for organisation, role in seats:
        if organisation.key == chosen:
            return organisation, role
    return seats[0] if seats else None


def choose_organisation(request: HttpRequest, organisation: Organisation) -> None:
    """Remember which organisation's pages this person wants to see."""
    request.session[CHOSEN] = organisation.key


def wanted_page(request: HttpRequest) -> str:
    """Return where the visitor wants to go afterwards if that is a page of this instance, else nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""


def page_number(request: HttpRequest) -> int:
    """Return the page asked for, 1 where the number makes no sense."""
    raw = request.GET.get("page", "1")
    return int(raw) if raw.isdecimal() and 1 <= int(raw) <= LAST_PAGE else 1


def answer_or_404(value: Any) -> Any:
    """Return the value, or answer 404 if there is none."""
    if value is None:
        raise Http404
    return value
