"""Pages of notifications: the bell's list, a person's choices, unsubscribing, the mail server, webhooks, kept mails."""

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
from permea.notifications import queries, rules, services
from permea.notifications.forms import ChoicesForm, HookForm
from permea.notifications.models import Hook, HookDelivery, Mail, Notice
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


@member(Membership.Role.OWNER)
def hooks(request: MemberRequest) -> HttpResponse:
    """List the organisation's webhooks."""
    rows = queries.hooks_visible_to(request.user, request.organisation)
    page = Paginator(rows, PER_PAGE).get_page(page_number(request))
    return render(request, "notifications/hooks.html", {"page": page})


@never_cache
@member(Membership.Role.OWNER)
def new_hook(request: MemberRequest) -> HttpResponse:
    """Make a webhook; its secret is shown this once."""
    form, refusal = HookForm(request.POST or None, initial={"format": Hook.Format.PLAIN}), None
    if form.is_valid():
        said = services.HookInput(**form.cleaned_data)
        try:
            made = services.make_hook(organisation=request.organisation, role=request.role, said=said, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return render(request, "notifications/hook_made.html", {"hook": made})
    context = {"form": form, "refusal": refusal}
    return render(
        request, "notifications/new_hook.html", context, status=409 if refusal else 422 if form.errors else 200
    )


@never_cache
@member(Membership.Role.OWNER)
def hook(request: MemberRequest, key: str) -> HttpResponse:
    """Show a webhook and what was sent to it."""
    found = _hook(request, key)
    page = Paginator(queries.deliveries_of(found), PER_PAGE).get_page(page_number(request))
    context = {
        "hook": found,
        "page": page,
        "labels": {event: rules.event_label(event) for event in (*rules.EVENTS, rules.TEST)},
        "problems": rules.PROBLEMS,
        "replay_blocked": rules.why_not_replay(found, request.role),
    }
    return render(request, "notifications/hook.html", context)


@never_cache
@member(Membership.Role.OWNER)
def edit_hook(request: MemberRequest, key: str) -> HttpResponse:
    """Change a webhook's name, address, format and events."""
    found, refusal = _hook(request, key), None
    begin = {"label": found.label, "address": found.address, "format": found.format, "events": found.events}
    form = HookForm(request.POST or None, initial=begin)
    if form.is_valid():
        said = services.HookInput(**form.cleaned_data)
        try:
            services.change_hook(hook_id=found.pk, role=request.role, said=said, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Saved. Send a test message to see whether it arrives."))
            return HttpResponseRedirect(reverse("notifications:hook", args=[key]))
    blocked = rules.why_not_use(found, request.role)
    context = {"form": form, "refusal": refusal, "hook": found, "blocked": None if refusal else blocked}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "notifications/edit_hook.html", context, status=status)


@never_cache
@require_POST
@member(Membership.Role.OWNER)
def rotate_hook(request: MemberRequest, key: str) -> HttpResponse:
    """Give a webhook a new secret, and show it this once."""
    found, keeps_old = _hook(request, key), "ends_now" not in request.POST
    try:
        changed = services.rotate_secret(hook_id=found.pk, role=request.role, keeps_old=keeps_old, at=now())
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
        return HttpResponseRedirect(reverse("notifications:hook", args=[key]))
    return render(request, "notifications/hook_made.html", {"hook": changed})


def _hook(request: MemberRequest, key: str) -> Hook:
    """Return a webhook of the owner's organisation, or answer 404."""
    found: Hook = answer_or_404(queries.hooks_visible_to(request.user, request.organisation).filter(key=key).first())
    return found


def _change(request: MemberRequest, key: str, change: Callable[..., Hook], done: str) -> HttpResponse:
    """Change a webhook and go back to it, with what was done or why it was not."""
    found = _hook(request, key)
    try:
        change(hook_id=found.pk, role=request.role, at=now())
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("notifications:hook", args=[key]))


@require_POST
@member(Membership.Role.OWNER)
def pause_hook(request: MemberRequest, key: str) -> HttpResponse:
    """Send nothing to a webhook for now."""
    return _change(request, key, services.pause_hook, _("The webhook is paused. What happens meanwhile waits."))


@require_POST
@member(Membership.Role.OWNER)
def resume_hook(request: MemberRequest, key: str) -> HttpResponse:
    """Send to a webhook again."""
    return _change(request, key, services.resume_hook, _("The webhook works again. What waited is sent now."))


@require_POST
@member(Membership.Role.OWNER)
def end_hook(request: MemberRequest, key: str) -> HttpResponse:
    """End a webhook for good."""
    return _change(request, key, services.end_hook, _("The webhook has ended. Its log stays."))


@require_POST
@member(Membership.Role.OWNER)
def test_hook(request: MemberRequest, key: str) -> HttpResponse:
    """Send a test message now and say how it went."""
    found = _hook(request, key)
    try:
        sent = services.send_hook_test(hook_id=found.pk, role=request.role, at=now())
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
    else:
        say = messages.warning if sent.last_problem else messages.success
        say(request, rules.outcome_words(sent))
    return HttpResponseRedirect(reverse("notifications:hook", args=[key]))


@require_POST
@member(Membership.Role.OWNER)
def replay(request: MemberRequest, key: str, delivery_key: str) -> HttpResponse:
    """Have a message sent again."""
    rows = queries.deliveries_of(_hook(request, key))
    found: HookDelivery = answer_or_404(rows.filter(key=delivery_key).first())
    try:
        services.replay(delivery_id=found.pk, role=request.role, at=now())
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
    else:
        messages.success(request, _("The message is sent again, with the same id."))
    return HttpResponseRedirect(reverse("notifications:hook", args=[key]))
