"""The mails of an instance without a mail server, for its owner to read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from permea.foundation.clock import now
from permea.notifications import queries
from permea.notifications.models import Mail
from permea.people.models import Membership
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, answer_or_404, member, page_number

PER_PAGE = 50
View = Callable[..., HttpResponseBase]


def where_mails_are_kept(view: View) -> View:
    """Answer 404 where a mail server is set: mails are nobody's to read then."""

    @wraps(view)
    def gate(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.MAIL_IS_KEPT:
            raise Http404
        return view(request, *args, **kwargs)

    return gate


@where_mails_are_kept
@member(Membership.Role.OWNER)
def mails(request: MemberRequest) -> HttpResponse:
    """List the mails, newest first."""
    rows = queries.mails_visible_to(request.user, request.organisation, now())
    page = Paginator(rows, PER_PAGE).get_page(page_number(request))
    return render(request, "notifications/mails.html", {"page": page})


@where_mails_are_kept
@member(Membership.Role.OWNER)
def mail(request: MemberRequest, key: str) -> HttpResponse:
    """Show one mail as its reader would get it."""
    rows = queries.mails_visible_to(request.user, request.organisation, now())
    found: Mail = answer_or_404(rows.filter(key=key).first())
    return render(request, "notifications/mail.html", {"mail": found, "body": queries.body_of(found)})
