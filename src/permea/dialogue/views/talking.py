"""The talk on an entry: read by its circle, written by people who sign in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.dialogue import queries, rules, services
from permea.dialogue.forms import CommentForm, ReasonForm, WordsForm, began_token, read_began
from permea.dialogue.models import Comment
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas.models import Idea
from permea.people.models import Person
from permea.surface.languages import language_of, offered_and
from permea.surface.pages import render
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.requests import PersonRequest, first_page, page_number, seat_of, signed_in

REFUSED, INVALID = 409, 422
HOUR = timedelta(hours=1)


@require_GET
def talk(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show the talk on an entry to those who may read it."""
    try:
        return _page(request, key, CommentForm())
    except Http404:
        return _gate(request, key)


def _gate(request: HttpRequest, key: str) -> HttpResponseBase:
    """Return the sign-in page to somebody unknown if people who sign in read the entry. Raises Http404 if not."""
    first = first_page(request)
    if first is None or not queries.is_talk_for_signed_in(key, now()):
        raise Http404
    return first


def _page(
    request: HttpRequest, key: str, form: CommentForm, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    """Show one page of the talk with the form; what is refused stays in it."""
    at, thread = now(), request.GET.get("thread", "")
    page = queries.talk_page(request.user, key, at, page=page_number(request), thread=thread)
    person = request.user if isinstance(request.user, Person) else None
    context = {
        "talk": page,
        "standing": page.standing,
        "idea": page.standing.idea,
        "form": form,
        "answering": form["answers"].value() or request.GET.get("answer", ""),
        "began": began_token(person.key, at) if person else "",
        "is_known": person is not None,
        "refusal": refusal,
    }
    return render(request, "dialogue/talk.html", context, status=status)


@require_POST
@signed_in
def say(request: PersonRequest, key: str) -> HttpResponseBase:
    """Comment on an entry, or answer a comment on it."""
    idea = queries.readable_idea(request.user, key, now())[0]
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, key, form, status=INVALID)
    try:
        comment = _say(request, idea, form)
    except RefusedError as error:
        return _page(request, key, form, refusal=error.refusal, status=REFUSED)
    if comment.status == Comment.Status.HELD:
        messages.success(request, _("Thank you. Your comment is kept and will be looked at before others read it."))
        return redirect("dialogue:my_comments")
    return redirect(_place_of(comment))


def _say(request: PersonRequest, idea: Idea, form: CommentForm) -> Comment:
    """Post the comment. Raises RefusedError if the form looks filled in by a program, or as the service does."""
    at, given = now(), form.cleaned_data
    demand(why_too_many(client_of(request), what="dialogue.say", limit=60, per=HOUR))
    began_at = read_began(given["began"], request.user.key)
    demand(rules.why_not_form(is_trap_filled=form.is_trap_filled, began_at=began_at, at=at))
    return services.post_comment(
        idea_id=idea.pk,
        actor=request.user,
        text=given["text"],
        language=language_of(given["text"], offered_and(idea.language, request.user.language)) or request.user.language,
        answers=queries.answered_comment(idea, given["answers"]),
        is_suggestion=given["is_suggestion"],
        at=at,
    )


def _place_of(comment: Comment) -> str:
    """Return the address of a comment inside its talk: of an answer the page of its thread."""
    address = reverse("dialogue:talk", args=[comment.idea.key])
    thread = f"?thread={comment.thread.key}" if comment.thread is not None else ""
    return f"{address}{thread}#c-{comment.key}"


@require_POST
@signed_in
def edit(request: PersonRequest, key: str) -> HttpResponseBase:
    """Change an own comment shortly after writing it."""
    comment = queries.my_comment(request.user, key)
    text = request.POST.get("text", "").replace("\x00", "")
    return _do(
        request,
        comment,
        lambda: services.edit_comment(comment_id=comment.pk, actor=request.user, text=text, at=now()),
        _("Changed."),
    )


@require_POST
@signed_in
def take_back(request: PersonRequest, key: str) -> HttpResponseBase:
    """Take an own comment back."""
    comment = queries.my_comment(request.user, key)
    return _do(
        request,
        comment,
        lambda: services.take_back_comment(comment_id=comment.pk, actor=request.user, at=now()),
        _("Your comment is taken back, and its text is gone."),
    )


@require_POST
@signed_in
def settle(request: PersonRequest, key: str) -> HttpResponseBase:
    """Say as an author of the entry what became of a suggestion."""
    comment = queries.suggestion_for(request.user, key)
    outcome, words = (request.POST.get(name, "").replace("\x00", "") for name in ("outcome", "words"))
    try:
        services.settle_suggestion(comment_id=comment.pk, actor=request.user, outcome=outcome, words=words, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        messages.success(request, _("Everybody who reads the entry sees it."))
    return redirect(f"{reverse('ideas:entry', args=[comment.idea.key])}#suggestions")


@require_POST
@signed_in
def react(request: PersonRequest, key: str) -> HttpResponseBase:
    """Give a comment a reaction, or take it away again."""
    comment = queries.comment_for(request.user, key, now())
    kind, is_wanted = request.POST.get("kind", ""), request.POST.get("wanted") == "yes"
    return _do(
        request,
        comment,
        lambda: services.react(comment_id=comment.pk, actor=request.user, kind=kind, is_wanted=is_wanted, at=now()),
    )


def _do(request: PersonRequest, comment: Comment, action: Callable[[], object], done: str = "") -> HttpResponseBase:
    """Act on a comment, say how it went, and go back to where it stands."""
    try:
        action()
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        if done:
            messages.success(request, done)
    return redirect(_place_of(comment))


@require_POST
@signed_in
def follow(request: PersonRequest, key: str) -> HttpResponseBase:
    """Begin or stop telling the signed-in person of comments on an entry."""
    idea = queries.readable_idea(request.user, key, now())[0]
    is_wanted = request.POST.get("follow") == "yes"
    services.follow_entry(idea_id=idea.pk, actor=request.user, is_wanted=is_wanted, at=now())
    done = _("You hear of comments on this entry.") if is_wanted else _("You hear of comments on it no more.")
    messages.success(request, done)
    return redirect("dialogue:talk", key)


@require_POST
@signed_in
def name(request: PersonRequest, key: str) -> HttpResponseBase:
    """Choose under which name to talk about the challenge of an entry."""
    idea = queries.readable_idea(request.user, key, now())[0]
    wanted = request.POST.get("name", "").replace("\x00", "")
    try:
        services.choose_name(idea_id=idea.pk, actor=request.user, name=wanted, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        messages.success(request, _("Your comments on this challenge stand under that name now."))
    return redirect("dialogue:talk", key)


@require_http_methods(["GET", "POST"])
@signed_in
def report(request: PersonRequest, key: str) -> HttpResponseBase:
    """Let a reader report a comment."""
    comment = queries.comment_for(request.user, key, now())
    form = ReasonForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            demand(why_too_many(client_of(request), what="dialogue.report", limit=10, per=HOUR))
            services.report_text(text=comment, actor=request.user, at=now(), **form.cleaned_data)
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Thank you. Somebody will look at it."))
            return redirect(_place_of(comment))
    context = {"comment": comment, "back": _place_of(comment), "form": form, "refusal": refusal}
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "dialogue/report_comment.html", context, status=status)


@require_GET
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    """List the signed-in person's own comments and what became of each."""
    layout = "layouts/inside.html" if seat_of(request) else "layouts/public.html"
    return render(request, "dialogue/my_comments.html", {"own": queries.own_comments(request.user), "layout": layout})


@require_POST
@signed_in
def appeal(request: PersonRequest, key: str) -> HttpResponse:
    """Object to the hiding of an own comment."""
    comment = queries.my_comment(request.user, key)
    form = WordsForm(request.POST)
    words = cast("str", form.cleaned_data["words"]) if form.is_valid() else ""
    try:
        services.appeal(text=comment, actor=request.user, words=words, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        messages.success(request, _("Your objection is noted. You will hear how it is decided, and why."))
    return redirect("dialogue:my_comments")
