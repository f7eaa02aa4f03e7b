"""The inbox: what waits, one posting in full, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.forms import PostingAnswerForm, PostingMergeForm
from permea.ideas.models import Idea, Posting
from permea.ideas.views.saved import MANAGING, asked, chips
from permea.surface.downloads import SANDBOX
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number

REFUSED, INVALID = 409, 422
FILTERS = rules.VIEW_FILTERS["inbox"]


@require_GET
@member(*MANAGING)
def inbox(request: MemberRequest) -> HttpResponse:
    """List what came into the organisation's boxes: what waits first, or what the filters ask for."""
    at = now()
    saved = queries.saved_views(request.user, request.organisation, "inbox", at)
    said = asked(request, saved)
    filters = _filters(said)
    shown = queries.inbox(request.organisation, at, filters=filters, page=page_number(request))
    given = dict(zip(FILTERS, (filters.text, filters.state, filters.kind, filters.source, filters.box), strict=True))
    waiting = (queries.WAITING_FILTER, _("Waits for an answer"))
    context = {
        "inbox": shown,
        "filters": filters,
        "at": at,
        "states": [waiting, *Posting.Status.choices, ("all", _("Everything"))],
        "kinds": [("", "–"), *Posting.Kind.choices],
        "sources": [("", "–"), *Idea.Source.choices],
        "boxes": [("", "–"), *((box.key, box.title) for box in shown.boxes)],
        "page_base": f"?{urlencode(given)}&page=",
        "chips": chips(request, saved, said),
    }
    return render(request, "ideas/inbox.html", context)


def _filters(said: Mapping[str, str]) -> queries.InboxFilters:
    """Return what to look for; without a word about the state, what waits."""
    given = {name: said.get(name, "") for name in FILTERS}
    known = {queries.WAITING_FILTER, "all", *Posting.Status.values}
    state = given["state"] if given["state"] in known else queries.WAITING_FILTER
    return queries.InboxFilters(
        text=given["q"], state=state, kind=given["kind"], source=given["source"], box=given["box"]
    )


@require_GET
@member(*MANAGING)
def posting(request: MemberRequest, key: str) -> HttpResponse:
    """Show one posting, its log, and what can be done with it."""
    return _posting_page(request, key)


def _posting_page(
    request: MemberRequest,
    key: str,
    *,
    answer: PostingAnswerForm | None = None,
    merge: PostingMergeForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page of a posting as it stands now."""
    shown = queries.posting_page(request.user, key)
    is_drafted = shown.posting.became_challenge is not None
    begin = {"outcome": Posting.Status.TAKEN_UP} if is_drafted else {}
    context = {
        "shown": shown,
        "posting": shown.posting,
        "answer_form": answer or PostingAnswerForm(initial=begin),
        "merge_form": merge or PostingMergeForm(),
        "refusal": refusal,
        "at": now(),
    }
    return render(request, "ideas/posting.html", context, status=status)


def _done(request: MemberRequest, key: str, action: Callable[[Posting], object], said: str) -> HttpResponse:
    """Do something with a posting and go back to its page, or show there why not."""
    found = queries.posting_for(request.user, key)
    try:
        action(found)
    except RefusedError as error:
        return _posting_page(request, key, refusal=error.refusal, status=REFUSED)
    messages.success(request, said)
    return redirect("ideas:posting", key)


@require_POST
@member(*MANAGING)
def consider(request: MemberRequest, key: str) -> HttpResponse:
    """Let the sender see that somebody looks into it."""

    def action(found: Posting) -> object:
        return services.consider(posting_id=found.pk, actor=request.user, at=now())

    return _done(request, key, action, _("Its sender sees that you look into it."))


@require_POST
@member(*MANAGING)
def answer(request: MemberRequest, key: str) -> HttpResponse:
    """Answer a posting, for all that are merged into it."""
    found, form = queries.posting_for(request.user, key), PostingAnswerForm(request.POST)
    if not form.is_valid():
        return _posting_page(request, key, answer=form, status=INVALID)
    try:
        services.answer_posting(posting_id=found.pk, actor=request.user, at=now(), **form.cleaned_data)
    except RefusedError as error:
        return _posting_page(request, key, answer=form, refusal=error.refusal, status=REFUSED)
    messages.success(request, _("Answered: on the private page, and by mail to who left an address."))
    return redirect("ideas:inbox")


@require_POST
@member(*MANAGING)
def merge(request: MemberRequest, key: str) -> HttpResponse:
    """Merge a posting into another one."""
    found, form = queries.posting_for(request.user, key), PostingMergeForm(request.POST)
    if not form.is_valid():
        return _posting_page(request, key, merge=form, status=INVALID)
    main = queries.main_for(request.user, found, form.cleaned_data["main"])
    try:
        services.merge_posting(
            posting_id=found.pk,
            main_id=main.pk if main else None,
            why=form.cleaned_data["why"],
            actor=request.user,
            at=now(),
        )
    except RefusedError as error:
        return _posting_page(request, key, merge=form, refusal=error.refusal, status=REFUSED)
    messages.success(request, _("Merged. The answer to the other one reaches this sender too."))
    return redirect("ideas:posting", key)


@require_POST
@member(*MANAGING)
def unmerge(request: MemberRequest, key: str) -> HttpResponse:
    """Undo a merging."""

    def action(found: Posting) -> object:
        return services.unmerge_posting(posting_id=found.pk, actor=request.user, at=now())

    return _done(request, key, action, _("Undone. It waits for an answer of its own again."))


@require_POST
@member(*MANAGING)
def make_challenge(request: MemberRequest, key: str) -> HttpResponse:
    """Start a challenge from a need and go on writing it."""
    found = queries.posting_for(request.user, key)
    try:
        challenge = services.draft_challenge_of(posting_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _posting_page(request, key, refusal=error.refusal, status=REFUSED)
    messages.success(request, _("A draft with this problem. Nobody outside sees it until you publish it."))
    return redirect("challenges:edit", challenge.key, "brief")


@require_GET
@member(*MANAGING)
def photo(request: MemberRequest, key: str) -> HttpResponseBase:
    """Send the photo of a posting, never to be shown by the browser as a page of ours."""
    found = queries.posting_with_photo(request.user, key)
    try:
        content = (services.storage.root() / found.photo_path).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"photo-{found.key}.{found.photo_type.rpartition('/')[2]}"
    response = FileResponse(content, as_attachment=True, filename=name, content_type=found.photo_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
