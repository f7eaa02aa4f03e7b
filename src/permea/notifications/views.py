"""Pages of notifications: the bell's list, a person's choices, unsubscribing, the mail server, kept mails."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.notifications import queries, services
from permea.notifications.forms import ChoicesForm
from permea.notifications.models import Mail, Notice
from permea.people.models import Membership
from permea.people.queries import organisation_of_instance
from permea.surface.pages import render, render_block
from permea.surface.requests import MemberRequest, PersonRequest, answer_or_404, member, page_number, signed_in

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


@never_cache
@signed_in
def notices(request: PersonRequest) -> HttpResponse:
    """List what the person should know, the newest first."""
    return _notices(request)


def _notices(request: PersonRequest) -> HttpResponse:
    """Answer with the list, or with its changed part."""
    at = now()
    page = Paginator(queries.notices_visible_to(request.user, at), PER_PAGE).get_page(page_number(request))
    rows = [queries.notice_row(notice) for notice in page.object_list]
    n_unread = queries.count_unread(request.user)
    context = {"page": page, "rows": rows, "n_hidden": queries.hidden_unread(request.user, at), "n_unread": n_unread}
    return render_block(request, "notifications/notices.html", "list", context)


@require_POST
@signed_in
def read_notice(request: PersonRequest, key: str) -> HttpResponse:
    """Mark a notice as read."""
    notice: Notice = answer_or_404(queries.my_notice(request.user, key, now()))
    services.read_notice(notice_id=notice.pk, actor=request.user, at=now())
    return _after_reading(request)


@require_POST
@signed_in
def read_all(request: PersonRequest) -> HttpResponse:
    """Mark all notices as read."""
    services.read_all_notices(actor=request.user, at=now())
    return _after_reading(request)


def _after_reading(request: PersonRequest) -> HttpResponse:
    """Answer with the list as it is now; a plain form goes back to it."""
    if getattr(request, "htmx", False):
        return _notices(request)
    return HttpResponseRedirect(reverse("notifications:notices", query={"page": page_number(request)}))


@never_cache
@signed_in
def choices(request: PersonRequest) -> HttpResponse:
    """Show and store how the person wants to hear of what."""
    shown = queries.choices_page(request.user)
    ways = {row.topic.key: row.way for row in shown.topics}
    topics = [row.topic for row in shown.topics]
    form = ChoicesForm(request.POST or None, topics=topics, ways=ways, rhythm=shown.rhythm)
    if form.is_valid():
        services.choose(person=request.user, ways=form.ways, rhythm=form.rhythm, at=now())
        messages.success(request, _("Your choices are stored."))
        return HttpResponseRedirect(reverse("notifications:choices"))
    context = {"form": form, "shown": shown}
    return render(request, "notifications/choices.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def try_again(request: PersonRequest) -> HttpResponse:
    """Have mail sent to the person's address again after it came back."""
    services.trust_address(email=request.user.email or "")
    messages.success(request, _("Mail goes to %(email)s again.") % {"email": request.user.email})
    return HttpResponseRedirect(reverse("notifications:choices"))


@csrf_exempt  # mail programs post here without cookies (RFC 8058); the signed address is the permission
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Switch one kind of mail off by the link in such a mail; only posting changes anything, once is enough."""
    person, topic = answer_or_404(queries.unsubscribe_target(token))
    if request.method == "POST":
        services.unsubscribe(person=person, topic=topic)
    context = {"topic": topic, "is_done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)


@never_cache
@member(Membership.Role.OWNER)
def mail_server(request: MemberRequest) -> HttpResponse:
    """Show how the mail server is set, send the owner a test message, and list addresses that take no mail."""
    is_theirs, trial, refusal = request.organisation == organisation_of_instance(), None, None
    if request.method == "POST":
        answer_or_404(is_theirs or None)
        try:
            trial = services.send_test(
                actor=request.user, organisation=request.organisation, role=request.role, at=now()
            )
        except RefusedError as error:
            refusal = error.refusal
    rows = queries.undeliverable_for(request.user, request.organisation)
    context = {
        "server": queries.mail_server() if is_theirs else None,
        "is_theirs": is_theirs,
        "trial": trial,
        "refusal": refusal,
        "page": Paginator(rows, PER_PAGE).get_page(page_number(request)),
    }
    return render(request, "notifications/mail_server.html", context, status=409 if refusal else 200)
